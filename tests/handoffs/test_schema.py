import datetime as dt
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import SQLModel

from handoffs.database import Database, open_database
from handoffs.missed import flag_overdue
from handoffs.schema import METADATA, downgrade, is_current, upgrade
from rules import Library
from tests.factories import admit_someone
from tests.people import NOW, Cast, settle


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    """A database without any table."""
    opened = open_database(database_url)
    yield opened
    opened.close()


def _tables(database: Database) -> set[str]:
    return set(sa.inspect(database.engine).get_table_names()) - {"alembic_version"}


def _shape(database: Database) -> dict[str, Any]:
    look = sa.inspect(database.engine)
    return {
        table: (
            sorted(str(c) for c in look.get_columns(table)),
            sorted((i["name"], i["column_names"], i["unique"]) for i in look.get_indexes(table)),
            sorted(str(u) for u in look.get_unique_constraints(table)),
            sorted(str(k) for k in look.get_foreign_keys(table)),
            sorted(str(c["name"]) for c in look.get_check_constraints(table)),
        )
        for table in sorted(_tables(database))
    }


def test_the_tables_can_be_made_taken_away_and_made_again(empty: Database) -> None:
    assert not is_current(empty)
    upgrade(empty)
    assert is_current(empty)
    downgrade(empty, "0001")
    assert not is_current(empty)
    upgrade(empty)
    first = _shape(empty)
    assert set(first) == set(METADATA.tables)
    downgrade(empty, "base")
    assert _tables(empty) == set()
    upgrade(empty)
    assert _shape(empty) == first


def test_going_up_again_changes_nothing_and_keeps_every_row(
    empty: Database, library: Library
) -> None:
    upgrade(empty)
    with empty.writing() as session:
        admit_someone(session, library, settle(session))
    rows = _rows(empty)
    upgrade(empty)
    assert _rows(empty) == rows


def _rows(database: Database) -> dict[str, list[str]]:
    with database.reading() as session:
        return {
            name: sorted(str(row) for row in session.connection().execute(table.select()))
            for name, table in METADATA.tables.items()
        }


def test_tables_full_of_rows_can_be_taken_away_and_made_again(
    empty: Database, library: Library
) -> None:
    upgrade(empty)
    with empty.writing() as session:
        admit_someone(session, library, settle(session))
    flag_overdue(empty.writing, NOW + dt.timedelta(days=30))
    downgrade(empty, "base")
    upgrade(empty)
    assert not any(_rows(empty).values())


def test_the_tables_are_what_the_classes_say(either: tuple[Database, Cast]) -> None:
    database, _ = either
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def _constraint_names(kind: type[sa.Constraint]) -> set[str]:
    return {
        str(constraint.name)
        for table in METADATA.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, kind) and constraint.name is not None
    }


def test_the_check_constraints_of_the_tables_are_those_of_the_classes(
    either: tuple[Database, Cast],
) -> None:
    database, _ = either
    look = sa.inspect(database.engine)
    found = {
        str(check["name"])
        for table in METADATA.tables
        for check in look.get_check_constraints(table)
    }
    assert found == _constraint_names(sa.CheckConstraint)


def _closed_lists() -> list[tuple[str, str, list[str]]]:
    return [
        (table.name, column.name, list(column.type.enums))
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.Enum) and column.type.create_constraint
    ]


def _value(column: sa.Column[Any]) -> object:
    """Something that a column takes, for a row that is about another one."""
    kind = getattr(column.type, "impl_instance", column.type)
    if isinstance(kind, sa.Enum):
        return kind.enums[0]
    samples: list[tuple[type[sa.types.TypeEngine[Any]], object]] = [
        (sa.Boolean, False),
        (sa.DateTime, NOW),
        (sa.Date, dt.date(2026, 11, 20)),
        (sa.Time, dt.time(12)),
        (sa.Integer, 1),
        (sa.JSON, {}),
    ]
    return next((sample for known, sample in samples if isinstance(kind, known)), "x")


def _row(table: sa.Table, changes: dict[str, object]) -> dict[str, object]:
    row = {
        column.name: _value(column)
        for column in table.columns
        if not column.nullable and column.name != "id"
    }
    return row | changes


BROKEN: list[tuple[str, str, dict[str, object]]] = [
    ("patient", "patient_name", {"name": "", "kana": "x"}),
    ("patient", "patient_kana", {"kana": ""}),
    (
        "certification",
        "certification_validity",
        {"valid_from": dt.date(2026, 2, 1), "valid_until": dt.date(2026, 1, 31)},
    ),
    ("plan_office", "plan_office_status", {"status": "unassigned", "organization_id": 1}),
    ("month_close", "month_close_reopened_with_reason", {"reason": "x"}),
    ("outside_figure", "outside_figure_sourced", {"value": "1", "source": ""}),
    (
        "stay",
        "stay_order",
        {"discharged_on": dt.date(2026, 11, 19), "destination": "home"},
    ),
    (
        "stay",
        "stay_planned_order",
        {"planned_discharge_on": dt.date(2026, 11, 19), "planned_certainty": "about"},
    ),
    ("stay", "stay_planned_certainty", {"planned_certainty": "fixed"}),
    (
        "stay",
        "stay_planned_certainty",
        {"planned_discharge_on": dt.date(2026, 11, 30), "planned_certainty": "undecided"},
    ),
    ("stay", "stay_destination_known", {"discharged_on": dt.date(2026, 11, 21)}),
    ("stay", "stay_destination_known", {"destination": "home"}),
    ("handoff", "handoff_due", {"due_on": dt.date(2026, 11, 21)}),
    ("handoff", "handoff_due", {"due_at": NOW}),
    ("handoff", "handoff_confirmed_after_sent", {"confirmed_at": NOW}),
    (
        "conference_slot",
        "conference_slot_order",
        {"starts_at": dt.time(14), "ends_at": dt.time(14)},
    ),
    (
        "conference_slot",
        "conference_slot_closed",
        {"starts_at": dt.time(14), "ends_at": dt.time(15), "closed_at": NOW},
    ),
    ("leave", "leave_order", {"returned_on": dt.date(2026, 11, 19)}),
    ("leave", "leave_planned_order", {"back_planned_on": dt.date(2026, 11, 19)}),
    ("long_work", "long_work_lease_has_claimant", {"claimant": "x"}),
    ("long_work", "long_work_failure_ends", {"failure": "broken"}),
]


def test_each_named_constraint_refuses_what_it_is_named_for(
    either: tuple[Database, Cast],
) -> None:
    database, _ = either
    for table, constraint, changes in BROKEN:
        rows = METADATA.tables[table]
        with pytest.raises(IntegrityError, match=constraint), database.writing() as session:
            session.connection().execute(_plain(rows).insert().values(_row(rows, changes)))


def _plain(table: sa.Table) -> sa.Table:
    """The same columns without the closed lists, so that only the database checks them."""
    columns = [
        sa.Column(c.name, sa.String() if isinstance(c.type, sa.Enum) else c.type)
        for c in table.columns
    ]
    return sa.Table(table.name, sa.MetaData(), *columns)


def test_every_named_constraint_has_a_row_that_it_refuses() -> None:
    lists = {
        column.type.name
        for table in METADATA.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.Enum)
    }
    assert _constraint_names(sa.CheckConstraint) - lists == {name for _, name, _ in BROKEN}


def test_every_closed_list_refuses_a_word_that_it_does_not_have(
    either: tuple[Database, Cast],
) -> None:
    database, _ = either
    lists = _closed_lists()
    assert len(lists) >= 20
    for table, column, words in lists:
        rows = METADATA.tables[table]
        for wrong in ("", "gift", words[0].upper()):
            with pytest.raises(DBAPIError, match=r"(?i)check"), database.writing() as session:
                session.connection().execute(
                    _plain(rows).insert().values(_row(rows, {column: wrong}))
                )


def test_every_closed_list_is_stored_by_its_code_and_none_is_too_long() -> None:
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, sa.Enum):
                enum = column.type.enum_class
                assert enum is not None
                assert issubclass(enum, StrEnum)
                assert list(column.type.enums) == [member.value for member in enum]
                assert max(map(len, column.type.enums)) <= 40


def test_an_open_stay_and_a_standing_rule_exist_once(either: tuple[Database, Cast]) -> None:
    database, _ = either
    look = sa.inspect(database.engine)
    unique = {
        str(index["name"])
        for table in METADATA.tables
        for index in look.get_indexes(table)
        if index["unique"]
    }
    assert {"stay_open_once", "handoff_rule_once", "plan_office_current"} <= unique
