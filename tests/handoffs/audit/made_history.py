"""A history that is sealed and chained, to be tampered with as somebody with the database could."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from handoffs.audit.anchor import Anchor, anchor_of
from handoffs.audit.chain import chain_more
from handoffs.audit.verify import Verified, verify
from handoffs.database import Database
from handoffs.history import Act, record
from handoffs.keys import KeyRing
from tests.people import NOW, Cast

KEYS = KeyRing((b"k" * 32,))
LATER = timedelta(minutes=5)


def write(database: Database, cast: Cast, count: int, at: datetime = NOW) -> None:
    """Write some acts, readings among them."""
    with database.writing() as session:
        for number in range(count):
            record(
                session,
                cast.ward_nurse if number % 2 else cast.care_manager,
                Act.STAY_LIST if number % 3 else Act.SIGN_IN,
                now=at + timedelta(seconds=number),
                detail={"rows": number},
                shown=f",{number},{number + 7}," if number % 3 else None,
                page="stay_pages.show" if number % 3 else None,
            )


def chain(database: Database, at: datetime = NOW + LATER) -> int:
    """Chain everything that has settled."""
    with database.writing() as session:
        return chain_more(session, KEYS, at)


def end_of(database: Database) -> Anchor:
    """What the scheduler would write down outside."""
    with database.reading() as session:
        anchor = anchor_of(session, NOW)
    assert anchor is not None
    return anchor


def look_through(database: Database, anchors: Sequence[Anchor] = ()) -> Verified:
    """What `audit verify` finds."""
    with database.reading() as session:
        return verify(session, KEYS, anchors)


def without_triggers(database: Database) -> None:
    """Take the triggers away, as the owner of the tables can."""
    with database.engine.begin() as connection:
        if database.engine.dialect.name == "postgresql":
            for table in ("event", "audit_block"):
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            return
        names = connection.execute(
            sa.text(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' "
                "AND tbl_name IN ('event', 'audit_block')"
            )
        ).scalars()
        for name in list(names):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
