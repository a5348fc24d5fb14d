"""A definition is read strictly; what it cannot mean is refused with file and line."""

from datetime import date
from pathlib import Path

import pytest

from handoffs.rates.definition import SeenBy
from handoffs.rates.definition_file import DefinitionError, definition_of
from handoffs.rates.in_words import in_words
from handoffs.rates.references import references
from handoffs.rates.shelf import FOLDER, NoDefinition, read_shelf, shelf

GENERAL = FOLDER / "general"
MISSED = (GENERAL / "missed_coordination.yaml").read_text(encoding="utf-8")
REFERRAL = (GENERAL / "referral.yaml").read_text(encoding="utf-8")
OCTOBER = date(2026, 10, 1)


def _write(folder: Path, text: str, name: str = "x") -> Path:
    file = folder / f"{name}.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (MISSED.replace("counted ", "count "), 17, "使えません"),
        (MISSED + "formula: a / b\n", 22, "「formula」という項目はありません"),
        (MISSED.replace("counts: discharges", "counts: admissions"), 8, "退院の件数で数えます"),
        (REFERRAL + "through_family: counted\n", 15, "数え方は変わりません"),
        (MISSED + "region: fukui\n", 2, "region_name"),
        (MISSED + "in_force: 2026-04-02\n", 22, "月の途中"),
        (MISSED.replace("measure: missed_coordination", "measure: もれ率"), 2, "名前に使えません"),
        (MISSED.replace("written_on: 2026-11-22", "written_on: きのう"), 5, "日付として読めません"),
    ],
)
def test_a_mistake_is_answered_with_its_line(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    file = _write(tmp_path, text)
    with pytest.raises(DefinitionError) as refused:
        definition_of(file)
    assert f"{file}:{line}:" in str(refused.value)
    assert words in str(refused.value)


def test_a_figure_of_the_fee_window_is_for_its_office_alone(tmp_path: Path) -> None:
    fee = (GENERAL / "admission_information_fee.yaml").read_text(encoding="utf-8")
    assert definition_of(_write(tmp_path, fee)).seen_by is SeenBy.OWN_OFFICE
    with pytest.raises(DefinitionError, match="その事業所だけ"):
        definition_of(_write(tmp_path, fee.replace("seen_by: own_office\n", "")))
    assert "admission_information_fee" not in {d.id for d in shelf().of_region("mihon", OCTOBER)}
    with pytest.raises(NoDefinition, match="その事業所だけ"):
        shelf().called("admission_information_fee", "mihon", OCTOBER)


@pytest.mark.parametrize("seen_by", ["", "seen_by: health_center\n"])
def test_a_figure_of_pairs_is_for_them_and_the_health_centre(tmp_path: Path, seen_by: str) -> None:
    pairs = (GENERAL / "both_sides_disagreement.yaml").read_text(encoding="utf-8")
    assert definition_of(_write(tmp_path, pairs)).seen_by is SeenBy.BOTH_SIDES
    with pytest.raises(DefinitionError, match="その組だけが見ます"):
        definition_of(_write(tmp_path, pairs.replace("seen_by: both_sides\n", seen_by)))


def test_a_region_may_define_a_figure_anew_from_a_month_on(tmp_path: Path) -> None:
    for name in ("general", "kyoto"):
        (tmp_path / name).mkdir()
    _write(tmp_path / "general", MISSED)
    own = MISSED.replace("transfers: left_out", "transfers: counted ")
    _write(
        tmp_path / "kyoto", own + "region: kyoto\nregion_name: 試験の地域\nin_force: 2026-11-01\n"
    )
    here = read_shelf(tmp_path)
    (before,) = here.of_region("kyoto", OCTOBER)
    (after,) = here.of_region("kyoto", date(2026, 11, 1))
    assert (before.region, after.region) == ("", "kyoto")
    assert "転院" in "".join(in_words(before))
    assert "死亡、ルールの対象外" in "".join(in_words(after))


def test_two_definitions_of_one_name_and_month_are_refused(tmp_path: Path) -> None:
    (tmp_path / "general").mkdir()
    _write(tmp_path / "general", MISSED, "one")
    _write(tmp_path / "general", MISSED, "two")
    with pytest.raises(DefinitionError, match=r"one\.yaml"):
        read_shelf(tmp_path)


def test_every_shipped_definition_says_what_it_counts_and_what_it_could_not_read() -> None:
    for one in shelf().every:
        words = in_words(one)
        assert words[0].startswith("分母: ")
        assert not one.region or one.unverified, one.id
        assert all(each in words[-1] for each in one.unverified)


def test_another_regions_definition_can_be_asked_for_and_an_unknown_one_is_told_of() -> None:
    assert shelf().called("tokushima_contact", "mihon", OCTOBER).known_to_office_only
    with pytest.raises(NoDefinition, match="missed_coordination"):
        shelf().called("missed", "mihon", OCTOBER)


def test_each_published_figure_carries_its_definition_and_source() -> None:
    assert references()
    assert all(one.definition and one.source and one.unverified for one in references())
    assert {one.beside for one in references()} <= {one.id for one in shelf().every}
