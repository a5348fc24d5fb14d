"""The coded extract: the linter reads it, and there is nobody in it."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest

from handoffs.backtest import extract as coded_extract
from handoffs.database import Database
from rules import Edition, Library, NoEdition, edition_of
from rules.lint import lint
from rules.lint.finding import Fault
from tests.conftest import MARK
from tests.handoffs.made_record import library_of, write_down
from tests.handoffs.made_year import DRAFT, FIRST, LAST, REGION, MadeYear, made_year
from tests.people import Cast

DAY = date(2026, 11, 20)


@pytest.fixture
def year(database: Database, cast: Cast) -> MadeYear:
    """A made year, in the record, with nobody of one kind: none that the walk criterion meets."""
    whole = made_year(20261123, stays=120)
    kept = [each for each in whole.stays if each.kind.facts.get("mobility") == "independent"]
    year = MadeYear()
    for stay in kept:
        year.plant(stay)
    with database.writing() as session:
        write_down(session, cast, year)
    return year


def written(database: Database, library: Library, draft: Edition | None = None) -> str:
    lines = list(
        coded_extract.extract(database.reading, REGION, (FIRST, LAST), library=library, draft=draft)
    )
    text = StringIO()
    coded_extract.write(lines, text)
    return text.getvalue()


def test_the_linter_reads_it_and_names_the_clause_that_never_fired(
    database: Database, year: MadeYear, tmp_path: Path
) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(DRAFT, encoding="utf-8")
    history = tmp_path / "history.csv"
    text = written(database, library_of(tmp_path))
    assert len(text.splitlines()) == year.inside + 1
    history.write_text(text, encoding="utf-8")

    found = lint(edition_of(draft), DAY, history)

    never = [each for each in found if each.fault is Fault.NEVER_FIRED]
    assert [each.clause for each in never] == ["help-to-walk"]


def test_there_is_one_line_for_each_stay_that_ended_in_the_months_and_no_person_in_it(
    database: Database, year: MadeYear, tmp_path: Path
) -> None:
    text = written(database, library_of(tmp_path))
    rows = list(csv.DictReader(StringIO(text)))
    assert len(rows) == year.inside > 10
    assert MARK not in text
    assert not any(stay.code in text for stay in year.stays)
    facts = {fact for stay in year.stays for fact in stay.kind.facts}
    assert set(rows[0]) == {"region", "admitted_on", *facts}
    days = {(day := row["admitted_on"]) and date.fromisoformat(day) for row in rows}
    assert days <= {stay.admitted_on for stay in year.stays}


def test_the_order_of_the_lines_says_nothing(
    database: Database, year: MadeYear, tmp_path: Path
) -> None:
    lines = written(database, library_of(tmp_path)).splitlines()[1:]
    assert lines == sorted(lines)
    assert year.inside == len(lines)


def test_with_a_draft_only_the_words_of_the_draft_are_written(
    database: Database, year: MadeYear, tmp_path: Path
) -> None:
    file = tmp_path / "draft.yaml"
    file.write_text(DRAFT, encoding="utf-8")
    text = written(database, library_of(tmp_path), edition_of(file))
    assert len(text.splitlines()) == year.inside + 1


def test_a_region_without_an_edition_is_refused(database: Database, tmp_path: Path) -> None:
    library = library_of(tmp_path)
    with pytest.raises(NoEdition, match="地域の版はありません"):
        list(coded_extract.extract(database.reading, "nowhere", (FIRST, LAST), library=library))
