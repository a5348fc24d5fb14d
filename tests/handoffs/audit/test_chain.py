import random
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from handoffs.audit.block import AuditBlock
from handoffs.audit.chain import chain_more
from handoffs.audit.verify import Broken, Finding, verify
from handoffs.database import Database
from handoffs.history import SEALED, Act, Event, record
from handoffs.keys import KeyRing, RingError
from tests.handoffs.audit.made_history import (
    KEYS,
    LATER,
    chain,
    end_of,
    look_through,
    without_triggers,
    write,
)
from tests.people import NOW, Cast


@pytest.fixture
def sealing(
    either: tuple[Database, Cast], monkeypatch: pytest.MonkeyPatch
) -> tuple[Database, Cast]:
    """A database of either kind that seals what it writes."""
    monkeypatch.setattr(either[0], "keys", KEYS)
    return either


@pytest.fixture
def sealed(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The SQLite database with the cast, sealing what it writes."""
    monkeypatch.setattr(database, "keys", KEYS)
    return database


def test_what_was_written_is_chained_once_it_has_settled_and_found_whole(
    sealing: tuple[Database, Cast],
) -> None:
    database, cast = sealing
    write(database, cast, 30)
    assert chain(database, NOW + timedelta(minutes=1)) == 0
    assert look_through(database).waiting == 30
    assert chain(database) == 30
    assert chain(database) == 0
    write(database, cast, 5, NOW + LATER)
    chain(database, NOW + 2 * LATER)
    found = look_through(database, [end_of(database)])
    assert (found.events, found.blocks, found.waiting, found.findings) == (35, 2, 0, ())


def test_the_database_refuses_to_change_or_take_away_what_was_written(
    sealing: tuple[Database, Cast],
) -> None:
    database, cast = sealing
    write(database, cast, 3)
    chain(database)
    for statement in (
        "UPDATE event SET shown = NULL",
        "UPDATE event SET seal = NULL",
        "UPDATE event SET page = 'x'",
        "UPDATE event SET staff_id = 1",
        "DELETE FROM event",
        "UPDATE audit_block SET events = ''",
        "DELETE FROM audit_block",
    ):
        with pytest.raises(DBAPIError), database.engine.begin() as connection:
            connection.exec_driver_sql(statement)


def test_what_came_before_the_first_seal_is_taken_over_and_later_unsealed_rows_are_named(
    sealing: tuple[Database, Cast],
) -> None:
    database, cast = sealing
    database.keys = None
    write(database, cast, 2)
    database.keys = KEYS
    write(database, cast, 2)
    chain(database)
    assert look_through(database).findings == ()
    database.keys = None
    write(database, cast, 1, NOW + LATER)
    chain(database, NOW + 2 * LATER)
    assert look_through(database).findings == (Finding(Broken.UNSEALED, 5),)


def test_an_older_key_still_opens_what_it_sealed_and_a_lost_one_says_so(
    sealing: tuple[Database, Cast],
) -> None:
    database, cast = sealing
    write(database, cast, 2)
    chain(database)
    other = KeyRing((b"n" * 32,))
    with database.reading() as session, pytest.raises(RingError):
        verify(session, other)
    database.keys = KeyRing((*other.keys, *KEYS.keys))
    write(database, cast, 1, NOW + LATER)
    with database.writing() as session:
        assert chain_more(session, database.keys, NOW + 2 * LATER) == 1
        assert verify(session, database.keys).findings == ()


def test_a_row_of_a_long_transaction_is_chained_when_it_comes(
    sealing: tuple[Database, Cast],
) -> None:
    database, cast = sealing
    if database.engine.dialect.name == "sqlite":
        return  # One write at a time: nothing comes late.
    with database.writing() as slow:
        record(slow, cast.ward_nurse, Act.STAY_LIST, now=NOW)
        slow.flush()
        write(database, cast, 3)
        assert chain(database) == 3
    assert look_through(database).waiting == 1
    assert chain(database) == 1
    assert look_through(database).findings == ()


def _event(connection: sa.Connection, drawn: random.Random) -> int:
    ids = connection.execute(sa.select(col(Event.id)).order_by(col(Event.id))).scalars().all()
    return drawn.choice(ids)


def _change(connection: sa.Connection, drawn: random.Random) -> Broken:
    changes = (
        "staff_id = coalesce(staff_id, 0) + 1",
        "shown = ',999,'",
        "page = 'elsewhere'",
        "detail = '{}'",
        "detail = 'nothing that JSON knows'",
        "recorded_at = '2026-11-19 00:00:00.000000'",
        "act = 'stay:nothing'",
        "stay_id = NULL, organization_id = NULL",
    )
    number = _event(connection, drawn)
    connection.exec_driver_sql(
        f"UPDATE event SET {drawn.choice(changes)} WHERE id = ?",  # noqa: S608
        (number,),
    )
    return Broken.CHANGED


def _delete(connection: sa.Connection, drawn: random.Random) -> Broken:
    connection.exec_driver_sql("DELETE FROM event WHERE id = ?", (_event(connection, drawn),))
    return Broken.DELETED


def _put_in(connection: sa.Connection, drawn: random.Random) -> Broken:
    """A copy of a row with all its values, its seal included, or with a seal that was made up."""
    connection.exec_driver_sql("DROP INDEX ix_event_seal")
    seal = drawn.choice(("seal", "NULL", "replace(seal, '0', '1')"))
    columns = ", ".join(SEALED)
    connection.exec_driver_sql(
        f"INSERT INTO event ({columns}, seal) SELECT {columns}, {seal} FROM event "  # noqa: S608
        "WHERE id = ?",
        (_event(connection, drawn),),
    )
    return Broken.PUT_IN


def _exchange(connection: sa.Connection, drawn: random.Random) -> Broken:
    """Two rows with each other's content, seals included."""
    one, other = 0, 0
    while one == other:
        one, other = _event(connection, drawn), _event(connection, drawn)
    for number, to in ((one, -1), (other, one), (-1, other)):
        connection.exec_driver_sql("UPDATE event SET id = ? WHERE id = ?", (to, number))
    return Broken.CHANGED


def _cut(connection: sa.Connection, drawn: random.Random) -> Broken:
    """The last blocks with all their events."""
    last = drawn.randint(1, 3)
    up_to = connection.execute(
        sa.select(col(AuditBlock.up_to)).where(col(AuditBlock.number) == last)
    ).scalar_one()
    connection.exec_driver_sql("DELETE FROM event WHERE id > ?", (up_to,))
    connection.exec_driver_sql("DELETE FROM audit_block WHERE number > ?", (last,))
    return Broken.CUT


def _break_block(connection: sa.Connection, drawn: random.Random) -> Broken:
    number = drawn.randint(1, 4)
    change = drawn.choice(
        (
            "UPDATE audit_block SET events = replace(events, '+', '-') WHERE number = ?",
            "UPDATE audit_block SET digest = replace(digest, '1', '2') WHERE number = ?",
            "UPDATE audit_block SET key_name = 'other' WHERE number = ?",
            "UPDATE audit_block SET events = 'x' WHERE number = ?",
            "UPDATE audit_block SET count = count - 1 WHERE number = ?",
        )
    )
    connection.exec_driver_sql(change, (number,))
    return Broken.BLOCK


WAYS: dict[str, Callable[[sa.Connection, random.Random], Broken]] = {
    "changed": _change,
    "deleted": _delete,
    "put in": _put_in,
    "exchanged": _exchange,
    "cut": _cut,
    "block": _break_block,
}


def _tamper(database: Database, cast: Cast, times: int) -> None:
    """Tamper at random and be found every time, by what was done."""
    for part in range(4):
        write(database, cast, 8, NOW + part * 2 * LATER)
        chain(database, NOW + part * 2 * LATER + LATER)
    anchor = end_of(database)
    without_triggers(database)
    assert look_through(database, [anchor]).findings == ()
    drawn = random.Random(20261122)
    ways = set()
    for _ in range(times):
        way = drawn.choice(sorted(WAYS))
        with database.engine.connect() as connection:
            expected = WAYS[way](connection, drawn)
            with Session(connection) as session:
                found = verify(session, KEYS, [anchor]).findings
            connection.rollback()
        assert expected in {one.what for one in found}, (way, found)
        ways.add(way)
    assert ways == set(WAYS)
    assert look_through(database, [anchor]).findings == ()


def test_sixty_random_tamperings_are_all_found(sealed: Database, cast: Cast) -> None:
    _tamper(sealed, cast, 60)


@pytest.mark.long
def test_a_thousand_random_tamperings_are_all_found(sealed: Database, cast: Cast) -> None:
    _tamper(sealed, cast, 1000)
