"""A region adds a block, a field or a whole sheet with files alone, and no code."""

from datetime import date
from pathlib import Path

import pytest

from forms import SheetError
from forms.catalogue import FOLDER, Catalogue, catalogue
from tests.forms.paper import printed, text

CODES = "codes: adl\nlabel: ADL\noptions: {independent: 自立, full_help: 全介助}\n"
NATIONAL = """\
sheet: slip
version: {day}
title: 見本票
sender: 病院
receiver: 事業所
sources: {{example: {{title: 見本の出典}}}}
unverified: {{why: 例}}
blocks:
  - id: head
    source: example
    lines:
      - {{id: case_code, label: 管理番号, kind: code}}
      - {{id: mobility, label: 移動, kind: choice, codes: adl}}
      - {{id: note, label: {label}, kind: long_text}}
"""
ADDED = """\
adds_to: slip
version: 2027-04-01
sources: {council: {title: 協議会}}
unverified: {why: 例, fields: [wish]}
blocks:
  - id: planning
    after: head
    title: 人生会議
    source: council
    lines: [{id: wish, label: 本人の希望, kind: long_text}]
lines:
  - at_end_of: head
    source: council
    lines: [{id: pharmacy, label: 薬局, kind: text}]
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with one code list and two versions of one sheet, for a region to add to."""
    for folder in ("codes", "definitions/slip", "regions/mihon/slip", "regions/mihon/own"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "codes/adl.yaml").write_text(CODES, encoding="utf-8")
    for day, label in (("2026-04-01", "前の欄"), ("2026-11-22", "今の欄")):
        file = tmp_path / f"definitions/slip/{day}.yaml"
        file.write_text(NATIONAL.format(day=day, label=label), encoding="utf-8")
    (tmp_path / "regions/mihon/slip/2027-04-01.yaml").write_text(ADDED, encoding="utf-8")
    own = NATIONAL.format(day="2026-11-22", label="欄").replace("sheet: slip", "sheet: own")
    (tmp_path / "regions/mihon/own/2026-11-22.yaml").write_text(own, encoding="utf-8")
    return tmp_path


def test_the_newest_version_is_used_and_the_old_one_stays_printable(shelf: Path) -> None:
    found = Catalogue.load(shelf)
    assert found.sheet("slip").by_id["note"].label == "今の欄"
    old = found.sheet("slip", version=date(2026, 4, 1))
    assert old.by_id["note"].label == "前の欄"
    with pytest.raises(SheetError, match="その版"):
        found.sheet("slip", version=date(2020, 1, 1))


def test_a_region_adds_a_block_and_a_field_and_changes_nothing_else(shelf: Path) -> None:
    found = Catalogue.load(shelf)
    national, ours = found.sheet("slip"), found.sheet("slip", region="mihon")
    assert [one.id for one in ours.fields()] == [
        "case_code",
        "mobility",
        "note",
        "pharmacy",
        "wish",
    ]
    assert [one.id for one in ours.fields() if one in tuple(national.fields())] == [
        one.id for one in national.fields()
    ]
    assert (ours.region, ours.addition) == ("mihon", date(2027, 4, 1))
    assert [one.id for one in ours.unverified_fields()] == ["wish"]
    assert found.sheet("slip", region="elsewhere") == national


def test_a_region_has_sheets_of_its_own(shelf: Path) -> None:
    found = Catalogue.load(shelf)
    assert found.names() == ("slip",)
    assert found.names("mihon") == ("slip", "own")
    assert found.sheet("own", region="mihon").region == "mihon"
    assert found.regions == ("mihon",)
    with pytest.raises(SheetError, match="あるのは slip です"):
        found.sheet("own")


def test_sheets_share_one_code_list(shelf: Path) -> None:
    found = Catalogue.load(shelf)
    assert found.sheet("slip").by_id["mobility"].options == found.codes["adl"]


def test_the_region_that_is_shipped_prints_what_it_added() -> None:
    shown = text(printed("admission_information", "full", "mihon"))
    for words in (
        "本人の希望",
        "話し合いの有無",
        "わたしの人生ファイルの保管場所",
        "かかりつけ薬局",
    ):
        assert words in shown
        assert words not in text(printed("admission_information", "full"))
    assert "地域の追加令和8年11月22日" in shown


def test_every_code_list_is_used_and_procedures_are_sixteen() -> None:
    shelf = catalogue()
    files = [*(FOLDER / "definitions").rglob("*.yaml"), *(FOLDER / "regions").rglob("*.yaml")]
    written = "".join(file.read_text(encoding="utf-8") for file in files)
    assert [name for name in shelf.codes if f"codes: {name}" not in written] == []
    assert len(shelf.codes["procedures"]) == 16
    for name in ("admission_information", "discharge_record", "discharge_coordination"):
        assert shelf.sheet(name).by_id["procedures"].options == shelf.codes["procedures"]


def test_every_field_of_the_admission_sheet_that_was_not_read_is_listed() -> None:
    definition = catalogue().sheet("admission_information")
    read = {
        one.id for block in definition.blocks if block.source == "read" for one in block.fields()
    }
    unverified = {one.id for one in definition.unverified_fields()}
    assert {one.id for one in definition.fields()} - unverified <= read
    assert {"paralysis", "mobility", "defecation"} & unverified == set()
    assert {"procedures", "mental", "pads"} <= unverified


@pytest.mark.parametrize("region", ["", "mihon"])
def test_each_name_in_a_list_says_alone_which_field_is_meant(region: str) -> None:
    for name in catalogue().names(region):
        labels = catalogue().sheet(name, region=region).labels
        assert len({*labels.values()}) == len(labels), name
        assert not {*labels.values()} & {*"①②③棟室朝昼夜", "TEL", "TEL2", "続柄", "申請", "方法"}
    record = catalogue().sheet("discharge_record").labels
    assert record["illness_1"] == "現在治療中の疾患①"
    assert catalogue().sheet("admission_information").labels["key_telephone"] == "キーパーソンのTEL"
