"""Stays that lie in every way to some organizations, with a row of each table about each.

Written past every verb and key, as the owner: the tests ask what the database itself shows, so
a row needs nothing but whose it is. How a stay lies is said in `LIES`, in plain words.
"""

import datetime as dt
import json
from typing import Any

import sqlalchemy as sa

from handoffs.schema import METADATA

A, B, OFFICE, OUTSIDER, CENTER = 1, 2, 3, 4, 5
EVERYBODY = (A, B, OFFICE, OUTSIDER, CENTER)
DAY = dt.datetime(2026, 11, 20, 1, 0, tzinfo=dt.UTC)

LIES: dict[str, tuple[dict[str, Any], dict[str, Any], set[int]]] = {
    "of A alone": ({"hospital_id": A}, {}, {A}),
    "planned and copied": (
        {"hospital_id": A},
        {"organization_id": OFFICE, "via_center_id": CENTER},
        {A, OFFICE, CENTER},
    ),
    "planned by another": ({"hospital_id": B}, {"organization_id": OUTSIDER}, {B, OUTSIDER}),
    "planned before": (
        {"hospital_id": A},
        {"organization_id": OFFICE, "superseded": True},
        {A},
    ),
    "cancelled": ({"hospital_id": A, "cancelled_at": DAY}, {"organization_id": OFFICE}, {A}),
    "no contact": ({"hospital_id": A, "wants_no_contact": True}, {"organization_id": OFFICE}, {A}),
    "announced": (
        {
            "hospital_id": B,
            "next_hospital_id": A,
            "destination": "other_hospital",
            "discharged_on": DAY.date(),
        },
        {},
        {A, B},
    ),
    "told": ({"hospital_id": B}, {}, {B, CENTER}),
    "days of offices over": (
        {"hospital_id": A, "offices_ended_at": DAY},
        {"organization_id": OFFICE, "via_center_id": CENTER},
        {A},
    ),
    "announced and erased": (
        {
            "hospital_id": B,
            "next_hospital_id": A,
            "destination": "other_hospital",
            "discharged_on": DAY.date(),
            "erased_at": DAY,
        },
        {"organization_id": OFFICE},
        {B},
    ),
}
"""What its row of `stay` says, what that of `plan_office` says, and who then reaches it."""

_UP = {
    "acknowledgement": "handoff_id",
    "case_link_secret": "link_id",
    "overdue_flag": "handoff_id",
    "roster_entry": "roster_id",
    "sheet_answer": "draft_id",
}
_SAMPLES: dict[type, object] = {
    sa.Boolean: False,
    sa.DateTime: DAY,
    sa.Date: DAY.date(),
    sa.Time: dt.time(12),
    sa.JSON: {},
    sa.LargeBinary: b"x",
}
_NEEDED: dict[str, dict[str, Any]] = {
    "conference_slot": {"starts_at": dt.time(12), "ends_at": dt.time(13)},
    "plan_office": {"status": "assigned"},
    "stay": {"planned_certainty": "undecided"},
}
OF_A_HOUSE = {
    "leak": "organization_id",
    "long_work": "organization_id",
    "roster": "organization_id",
    "roster_entry": "roster_id",
    "roster_key": "organization_id",
    "roster_left_out": "organization_id",
    "shadow_line": "hospital_id",
}
OF_A_PERSON = "draft"
OF_THE_HOSPITAL = {"keeping_hold"}
"""What stands by a stay and is its hospital's alone."""

NOT_WALLED = {"message", "reminder"}
"""The queue towards others: moments, kinds and ids. Whoever sends writes rows of the receiver."""


def about_stays() -> set[str]:
    """Every table from which keys lead to a stay or a patient, however many tables between."""
    found = {"stay", "patient"}
    while True:
        more = {
            table.name
            for table in METADATA.tables.values()
            if table.name not in found
            and any(key.column.table.name in found for key in table.foreign_keys)
        }
        # Through a table of the queue leads no person: what it points at does.
        if not more:
            return found - NOT_WALLED
        found |= more


def fill(connection: sa.Connection) -> dict[str, dict[str, set[int]]]:
    """Write the rows. Returns, by table, each row as text and which organizations may see it."""
    connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
    made: dict[str, dict[str, set[int]]] = {}
    for number, (stay, plan, reached) in enumerate(LIES.values(), start=1):
        for table in sorted(about_stays()):
            given: dict[str, Any] = {"stay_id": number} | _NEEDED.get(table, {})
            given["organization_id"] = given["hospital_id"] = stay["hospital_id"]
            may = {stay["hospital_id"]} if table in OF_THE_HOSPITAL else reached
            if table == "stay":
                given |= {"patient_id": number} | stay
            if table == "plan_office":
                given |= {"organization_id": None} | plan
            if table == "handoff" and CENTER in reached and not plan:
                given |= {"receiver": "community_support_center", "receiver_id": CENTER}
                given |= {"sent_at": DAY}
            given[_UP.get(table, "stay_id")] = number
            row = _row(METADATA.tables[table], number, given)
            made.setdefault(table, {})[_insert(connection, table, row)] = may
    for house in EVERYBODY:
        for table, column in OF_A_HOUSE.items():
            row = _row(METADATA.tables[table], house, {column: house})
            made.setdefault(table, {})[_insert(connection, table, row)] = {house}
        row = _row(METADATA.tables[OF_A_PERSON], house, {"staff_id": house})
        made.setdefault(OF_A_PERSON, {})[_insert(connection, OF_A_PERSON, row)] = {house}
    return made


def _row(table: sa.Table, number: int, given: dict[str, Any]) -> dict[str, Any]:
    """A row with what it must have, and with what is said of it."""
    row = {}
    for column in table.columns:
        if column.name in given:
            row[column.name] = given[column.name]
        elif column.primary_key or not column.nullable:
            row[column.name] = _sample(column, number)
    return row


def _sample(column: sa.Column[Any], number: int) -> object:
    kind = getattr(column.type, "impl_instance", column.type)
    if isinstance(kind, sa.Enum):
        return kind.enums[0]
    if isinstance(kind, sa.Integer):
        return number
    return next((one for known, one in _SAMPLES.items() if isinstance(kind, known)), f"x{number}")


def _insert(connection: sa.Connection, table: str, row: dict[str, Any]) -> str:
    rows = METADATA.tables[table]
    plain = sa.table(table, *(sa.column(name, _type(rows.c[name])) for name in row))
    made: sa.CursorResult[Any] = connection.execute(
        plain.insert().values(row).returning(sa.literal_column(f"to_jsonb({table})"))
    )
    return _text(made.scalar_one())


def _type(column: sa.Column[Any]) -> Any:  # noqa: ANN401
    return sa.String() if isinstance(column.type, sa.Enum) else column.type


def seen(connection: sa.Connection, table: str) -> set[str]:
    """Every row of a table that whoever asks is shown, asked for without any condition."""
    row: sa.ColumnElement[Any] = sa.literal_column(f"to_jsonb({table})")
    return {_text(one) for one in connection.scalars(sa.select(row).select_from(sa.table(table)))}


def _text(row: object) -> str:
    return json.dumps(row, sort_keys=True)
