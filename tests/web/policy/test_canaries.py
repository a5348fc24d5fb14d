"""Acceptance rows 2, 3 and 6: a text of one organization never stands in what another is shown.

Twenty organizations, in pairs of a hospital and an office. Every text about a person, in every
table that can name one, carries the mark of its pair. Somebody then opens every address there
is, with their own ids and with another pair's.
"""

from collections.abc import Iterator
from dataclasses import replace
from inspect import signature
from pathlib import Path

import pytest
from flask import Flask

from handoffs.access import visible_stays
from handoffs.database import open_database
from handoffs.keeping.export import write_tables
from handoffs.keeping.export_rows import asker_of
from handoffs.parties import (
    Organization,
)
from handoffs.policy.fields import FIELDS, Readers
from handoffs.policy.formats import PERSONAL, SHOWN, Form, Receiver, may_show
from handoffs.telling.letter import letter_of
from rules import Library
from tests.people import Cast
from tests.web.conftest import _settings
from tests.web.policy.columns import COLUMNS, text_columns
from tests.web.policy.town import Town, columns_in, crawl, pair_of
from web.context import EXTENSION

PAIRS = 10


@pytest.fixture(scope="module")
def town(
    put_together: Flask,
    settled: tuple[Path, Cast],
    library: Library,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Town]:
    """Twenty organizations beside the cast, and a health centre."""
    settings = _settings(settled[0], tmp_path_factory.mktemp("canaries"))
    database = open_database(settings.database_url)
    before = put_together.extensions[EXTENSION]
    put_together.extensions[EXTENSION] = replace(before, database=database)
    with database.writing() as session:
        pairs = [pair_of(session, library, settled[1], number) for number in range(PAIRS)]
    yield Town(put_together, database, pairs, settled[1].health_officer)
    put_together.extensions[EXTENSION] = before
    database.close()


def test_every_column_of_words_says_who_may_read_it() -> None:
    said = [
        (table, column)
        for tables in FIELDS.values()
        for table, columns in tables.items()
        for column in columns.split()
    ]
    assert len(said) == len(set(said)), "a column stands twice"
    assert text_columns() - set(said) == set(), "say in handoffs/policy/fields.py who reads these"
    assert set(said) - text_columns() == set(), "these columns are gone"


def _walk(town: Town) -> list[str]:
    """Open everything once as three kinds of work; where a foreign mark stood."""
    if not town.walked:
        first, second = town.pairs[:2]
        leaks = crawl(town, first.nurse, first, second, papers=False)
        leaks += crawl(town, first.manager, first, second, papers=False)
        leaks += crawl(town, town.officer, None, first, papers=False)
        town.walked.extend(["walked", *leaks])
    return town.walked[1:]


def test_nobody_is_shown_a_mark_of_another_pair(town: Town) -> None:
    assert _walk(town) == []


def _readers_of(column: tuple[str, str]) -> Readers:
    table, name = column
    return next(
        readers for readers, tables in FIELDS.items() if name in tables.get(table, "").split()
    )


def _beyond(town: Town) -> list[tuple[Form, Receiver, str, str]]:
    """What was found where the table of forms does not let it stand."""
    return sorted(
        (form, receiver, table, column)
        for form, receiver, table, column in town.found
        if not may_show(form, receiver, _readers_of((table, column)), (table, column))
    )


def test_each_column_stands_in_no_form_and_for_nobody_but_as_the_table_says(
    town: Town, tmp_path: Path
) -> None:
    _walk(town)
    first = town.pairs[0]
    everybody = (first.nurse, first.manager, town.pairs[1].nurse, town.pairs[1].manager)
    whose = {one.organization_id: Receiver.STRANGER for one in everybody}
    whose[town.officer.organization_id] = Receiver.HEALTH_CENTER
    whose[first.nurse.organization_id] = Receiver.HOSPITAL
    whose[first.manager.organization_id] = Receiver.PLANNER
    with town.database.reading() as session:
        for number, receiver in whose.items():
            folder = tmp_path / str(number)
            write_tables(session, folder, asker_of(session.get_one(Organization, number)))
            words = "".join(one.read_text(encoding="utf-8-sig") for one in folder.iterdir())
            town.found.update(
                (Form.CSV, receiver, *column) for column in columns_in(words, first.mark)
            )
    assert _beyond(town) == []
    seen = {(form, receiver) for form, receiver, _, _ in town.found}
    both = (Receiver.HOSPITAL, Receiver.PLANNER)
    assert {(form, one) for form in (Form.PAGE, Form.CSV) for one in both} <= seen
    columns = {(table, column) for _, _, table, column in town.found}
    assert len(columns) >= len(COLUMNS) - 2, "too few columns were shown to anybody at all"


def test_the_table_of_forms_has_every_pair_and_gives_nobody_else_anything() -> None:
    assert set(SHOWN) == {(form, receiver) for form in Form for receiver in Receiver}
    assert all(readers <= PERSONAL for readers in SHOWN.values())
    given = {(form, receiver) for (form, receiver), readers in SHOWN.items() if readers}
    assert {receiver for _, receiver in given} == {Receiver.HOSPITAL, Receiver.PLANNER}
    assert not {form for form, _ in given} & {Form.MAIL, Form.LOG, Form.WORKBOOK}
    # A mail is made from counts, an address of a page and an organization: no person goes in.
    assert set(signature(letter_of).parameters) == {
        "purpose", "count", "link", "telephone", "arrived", "discharges", "expires"
    }  # fmt: skip


@pytest.mark.long
def test_nobody_of_twenty_organizations_is_shown_a_mark_of_another_printed_papers_too(
    town: Town,
) -> None:
    leaks = crawl(town, town.officer, None, town.pairs[0], papers=True)
    for number, pair in enumerate(town.pairs):
        other = town.pairs[(number + 1) % PAIRS]
        for who in (pair.nurse, pair.manager):
            leaks += crawl(town, who, pair, other, papers=number == 0)
    assert leaks == []
    assert _beyond(town) == []
    assert Form.PDF in {form for form, _, _, _ in town.found}


def test_a_search_finds_nobody_of_another_pair(town: Town) -> None:
    first, second = town.pairs[:2]
    with town.database.reading() as session:
        found = {stay.id for stay in session.exec(visible_stays(first.manager)).all()}
    assert found == {first.stay_id}
    assert second.stay_id not in found
