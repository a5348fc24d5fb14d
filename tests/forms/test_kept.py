import json

import pytest

from forms import FilledSheet, Mask, SheetError
from forms.catalogue import catalogue
from forms.kept import as_content, from_content
from forms.samples import AMOUNTS
from tests.forms.paper import filled

SHEETS = [(name, "") for name in catalogue().names()]
SHEETS += [("admission_information", "mihon"), ("pharmacy_slip", "mihon")]


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize(("name", "region"), SHEETS)
def test_what_was_laid_out_and_stored_as_json_is_the_same_sheet_again(
    name: str, region: str, amount: str
) -> None:
    sheet = filled(name, amount, region)
    stored = json.loads(json.dumps(as_content(sheet), ensure_ascii=False))
    assert from_content(stored) == sheet


def test_version_revision_and_mask_are_kept() -> None:
    full = filled("admission_information", region="mihon")
    sheet = FilledSheet(
        definition=full.definition, answers=full.answers, mask=Mask.INITIALS, revision=3
    )
    again = from_content(as_content(sheet))
    assert (again.mask, again.revision) == (Mask.INITIALS, 3)
    assert again.definition.addition == full.definition.addition


def test_what_is_hidden_later_is_hidden_on_what_was_kept() -> None:
    sheet = from_content(as_content(filled("admission_information")), hidden=True)
    assert sheet.whereabouts_hidden
    assert sheet.told(sheet.definition.by_id["address"]) == "記載を控えます"


@pytest.mark.parametrize(
    "broken",
    [
        {"revision": "old"},
        {"answers": {"nowhere": "x"}},
        {"answers": {"sex": "gift"}},
        {"version": "2001-01-01"},
        {"sheet": "letter"},
        {"more": 1},
    ],
)
def test_what_is_no_such_sheet_is_refused_without_quoting_it(broken: dict[str, object]) -> None:
    full = filled("admission_information")
    with pytest.raises(SheetError) as refused:
        from_content(as_content(full) | broken)
    assert str(full.answers["patient_name"]) not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None
