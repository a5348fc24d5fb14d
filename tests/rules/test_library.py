"""For any day there is one edition or none, and a file out of place is refused."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import EditionError, Library, NoEdition
from tests.rules.editions import written

FIRST = ("in_force: 2024-04-01", "in_force: 2024-04-01")
SECOND = ("in_force: 2024-04-01", "in_force: 2026-04-01")
ABOLISHED = ("in_force: 2024-04-01", "in_force: 2024-04-01\nends: 2026-03-30")
SHIPPED = Library.load()


def two_editions(tmp_path: Path, first: tuple[str, str] = FIRST) -> Path:
    written(tmp_path / "hinagata", "2024-04-01.yaml", first)
    written(tmp_path / "hinagata", "2026-04-01.yaml", SECOND)
    return tmp_path


def test_an_edition_ends_the_day_before_the_next_one_begins(tmp_path: Path) -> None:
    library = Library.load(two_editions(tmp_path))
    assert library.regions == ("hinagata",)
    assert library.in_force("hinagata", date(2024, 4, 1)).in_force == date(2024, 4, 1)
    assert library.in_force("hinagata", date(2026, 3, 31)).in_force == date(2024, 4, 1)
    assert library.in_force("hinagata", date(2026, 4, 1)).in_force == date(2026, 4, 1)
    assert library.in_force("hinagata", date(9999, 12, 31)).in_force == date(2026, 4, 1)


def test_a_rule_that_was_abolished_leaves_days_without_an_edition(tmp_path: Path) -> None:
    library = Library.load(two_editions(tmp_path, ABOLISHED))
    assert library.in_force("hinagata", date(2026, 3, 30)).ends == date(2026, 3, 30)
    with pytest.raises(NoEdition) as refused:
        library.in_force("hinagata", date(2026, 3, 31))
    assert str(refused.value) == (
        "ひな形には、2026-03-31に有効な版がありません"
        "(施行日: 2024-04-01、2026-04-01)。日付を確かめてください。"
    )


def test_dates_that_overlap_are_refused(tmp_path: Path) -> None:
    late = ("in_force: 2024-04-01", "in_force: 2024-04-01\nends: 2026-04-01")
    with pytest.raises(EditionError) as refused:
        Library.load(two_editions(tmp_path, late))
    assert refused.value.file == tmp_path / "hinagata" / "2024-04-01.yaml"
    assert refused.value.found == (
        "終わりの日(ends 2026-04-01)が、次の版の施行日(2026-04-01)と重なります。"
    )
    assert (
        refused.value.instead
        == "ends を前の日までにするか、消してください(次の版の前日に終わります)。"
    )


@pytest.mark.parametrize(
    ("folder", "name", "change", "words"),
    [
        (
            "hinagta",
            "2024-04-01.yaml",
            FIRST,
            "フォルダーは「hinagta」ですが、region は「hinagata」です。 どちらかに揃えてください。",
        ),
        (
            "hinagata",
            "2024-04-10.yaml",
            FIRST,
            (
                "ファイル名は「2024-04-10.yaml」ですが、in_force は「2024-04-01」です。 "
                "ファイル名を 2024-04-01.yaml にするか、in_force を直してください。"
            ),
        ),
        (
            "hinagata",
            "2024-04-01.yaml",
            ("in_force: 2024-04-01\n", ""),
            (
                "ファイル名は「2024-04-01.yaml」ですが、in_force は書かれていません。 "
                "ファイル名を undated.yaml にするか、in_force を直してください。"
            ),
        ),
        (
            "hinagata",
            "2024-04-01.yml",
            FIRST,
            "版のファイルではありません。 2024-04-01.yaml のような名前にしてください。",
        ),
    ],
)
def test_a_file_out_of_place_is_refused(
    tmp_path: Path, folder: str, name: str, change: tuple[str, str], words: str
) -> None:
    file = written(tmp_path / folder, name, change)
    with pytest.raises(EditionError) as refused:
        Library.load(tmp_path)
    assert refused.value.file == file
    assert f"{refused.value.found} {refused.value.instead}" == words


def test_an_edition_that_fails_its_examples_is_not_loaded(tmp_path: Path) -> None:
    wrong = ("because: [help-to-walk]", "because: [care-manager-assigned]")
    written(tmp_path / "hinagata", "2024-04-01.yaml", wrong)
    with pytest.raises(EditionError, match="例「歩行に介助が要れば要」が成り立ちません"):
        Library.load(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EditionError, match="フォルダーがありません"):
        Library.load(tmp_path / "nowhere")


def test_a_note_for_authors_and_hidden_files_are_left_alone(tmp_path: Path) -> None:
    two_editions(tmp_path)
    (tmp_path / "hinagata" / "README.md").write_text("覚え書き", encoding="utf-8")
    (tmp_path / "hinagata" / ".2024-04-01.yaml.swp").write_bytes(b"\0")
    assert len(Library.load(tmp_path).editions) == 2


def test_a_reference_edition_without_a_day_is_never_in_force(tmp_path: Path) -> None:
    two_editions(tmp_path)
    written(
        tmp_path / "sankou",
        "undated.yaml",
        ("region: hinagata", "region: sankou"),
        ("in_force: 2024-04-01\n", ""),
    )
    library = Library.load(tmp_path)
    assert library.regions == ("hinagata",)
    assert [edition.region for edition in library.editions] == ["hinagata", "hinagata", "sankou"]
    with pytest.raises(NoEdition, match="施行日の分からない参考の版しかありません"):
        library.in_force("sankou", date(2026, 11, 20))


def test_an_unknown_region_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(NoEdition) as refused:
        SHIPPED.in_force("mihom", date(2026, 11, 20))
    assert str(refused.value) == "「mihom」という地域の版はありません。「mihon」ではありませんか。"


def test_an_edition_is_found_again_by_the_day_that_a_record_keeps() -> None:
    day = date(2024, 4, 1)
    edition = SHIPPED.edition("mihon", day)
    assert edition.ref.in_force == day
    assert edition.ref.region == "mihon"
    assert len(edition.ref.digest) == 64
    with pytest.raises(NoEdition, match="「mihon」に2024-04-02施行の版はありません。"):
        SHIPPED.edition("mihon", date(2024, 4, 2))


@given(st.sampled_from(SHIPPED.regions), st.dates())
def test_any_day_has_one_edition_or_none(region: str, day: date) -> None:
    first_days = [edition.in_force for edition in SHIPPED.of_region(region) if edition.in_force]
    begun = [first for first in first_days if first <= day]
    if not begun:
        with pytest.raises(NoEdition):
            SHIPPED.in_force(region, day)
        return
    assert SHIPPED.in_force(region, day).in_force == max(begun)
    if day + timedelta(days=1) in first_days:
        following = SHIPPED.in_force(region, day + timedelta(days=1))
        assert following is not SHIPPED.in_force(region, day)
