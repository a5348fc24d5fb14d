"""Every column of words, rows of any table, and marks in what is about a person."""

import secrets

import sqlalchemy as sa
from sqlmodel import Session

from handoffs.schema import METADATA
from tests.people import NOW

MARKED: dict[str, str] = {
    "certification": "insurer_number insured_number",
    "contact_person": "name relation telephone",
    "correction": "old_text new_text",
    "decline": "words",
    "handoff": "waived_reason",
    "miss_reason": "words",
    "patient": "hospital_number municipality address telephone",
    "plan_office": "care_manager_name",
    "statement": "counterpart content",
    "waiving": "reason",
}
"""Table to its columns about a person in which a mark is put; the name has it from the start."""

COLUMNS = [(table, column) for table, columns in MARKED.items() for column in columns.split()]


def mark_of(mark: str, table: str, column: str) -> str:
    """The mark of one column: that of its pair, and the number of the column."""
    return f"{mark}{COLUMNS.index((table, column)):02d}"


def text_columns() -> set[tuple[str, str]]:
    """Every column of every table that can hold words."""
    found = set()
    for table in METADATA.sorted_tables:
        for column in table.columns:
            kind = column.type.impl if isinstance(column.type, sa.TypeDecorator) else column.type
            if isinstance(kind, sa.Enum):
                continue
            if column.name == "birth_on" or isinstance(kind, sa.String | sa.JSON | sa.LargeBinary):
                found.add((table.name, column.name))
    return found


def value_for(column: sa.Column[object], made: dict[str, int], words: str = "") -> object:  # noqa: PLR0911
    """A value that the column takes: a row made before where it points to one."""
    for key in column.foreign_keys:
        return made.get(key.column.table.name)
    kind = column.type.impl if isinstance(column.type, sa.TypeDecorator) else column.type
    if isinstance(kind, sa.Enum):
        return kind.enums[0] if kind.enum_class is None else next(iter(kind.enum_class))
    if isinstance(kind, sa.JSON):
        return {}
    if isinstance(kind, sa.DateTime):
        return NOW
    if isinstance(kind, sa.Date):
        return NOW.date()
    if isinstance(kind, sa.Time):
        return NOW.time()
    if isinstance(kind, sa.LargeBinary):
        return b"x"
    if isinstance(kind, sa.Boolean):
        return False
    return 1 if isinstance(kind, sa.Integer) else words or secrets.token_hex(8)


def make_row(connection: sa.Connection, name: str, made: dict[str, int], words: str = "") -> None:
    """Put down one row of a table as it is, and of those that it must point to."""
    if name in made:
        return
    table = METADATA.tables[name]
    for key in table.foreign_keys:
        if not key.parent.nullable:
            make_row(connection, key.column.table.name, made, words)
    values = {
        column.name: value_for(column, made)
        for column in table.columns
        if not column.primary_key and (not column.nullable or column.foreign_keys)
    }
    for column in MARKED.get(name, "").split() if words else ():
        values[column] = mark_of(words, name, column)
    made_key = connection.execute(sa.insert(table).values(values)).inserted_primary_key
    assert made_key is not None
    made[name] = made_key[0]


_PUT_DOWN = ("contact_person", "correction", "decline", "miss_reason", "statement", "waiving")
"""Tables of which a row is put down for every pair; the others have one from the admission."""


def planted(session: Session, mark: str, made: dict[str, int]) -> None:
    """Put a mark into every column of words about the person of a stay."""
    connection = session.connection()
    for name in _PUT_DOWN:
        make_row(connection, name, dict(made), mark)
    for name, columns in MARKED.items():
        table = METADATA.tables[name]
        if name not in _PUT_DOWN:
            here = (
                table.c.id == made["patient"]
                if name == "patient"
                else table.c.stay_id == made["stay"]
            )
            marks = {column: mark_of(mark, name, column) for column in columns.split()}
            connection.execute(sa.update(table).where(here).values(marks))
