import json
from dataclasses import replace

import pytest

from forms import Mask
from forms.catalogue import catalogue
from forms.export import exported
from tests.forms.paper import filled


def told(name: str, field: str, **changed: object) -> dict[str, object]:
    sheet = replace(filled(name), **changed)  # type: ignore[arg-type]
    found: list[dict[str, object]] = exported(sheet)["fields"]
    return next(one for one in found if one["id"] == field)


@pytest.mark.parametrize("name", catalogue().names())
def test_every_filled_field_is_exported_and_fits_into_json(name: str) -> None:
    sheet = filled(name)
    export = exported(sheet)
    assert {one["id"] for one in export["fields"]} == {one.id for one in sheet.definition.fields()}
    assert json.loads(json.dumps(export, ensure_ascii=False)) == export


def test_choices_have_their_words_and_dates_are_iso() -> None:
    assert told("admission_information", "admitted_on")["value"] == "2026-11-20"
    assert told("admission_information", "pressure_ulcer")["chosen"] == [
        {"id": "present", "label": "あり", "words": "仙骨部"}
    ]


def test_what_paper_withholds_is_not_exported_either() -> None:
    for field in ("address", "telephone", "key_name", "other_contacts"):
        one = told("admission_information", field, whereabouts_hidden=True)
        assert one["withheld"] == "記載を控えます"
        assert "value" not in one
        assert "rows" not in one
    assert told("admission_information", "patient_name", mask=Mask.INITIALS)["value"] == "M.Y."
    assert told("admission_information", "patient_kana", mask=Mask.INITIALS)["value"] == ""


def test_what_is_missing_is_listed() -> None:
    missing = exported(filled("admission_information", "half"))["missing"]
    assert missing == [{"id": "provided_on", "label": "情報提供日"}]
