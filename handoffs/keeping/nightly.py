"""What goes in the night: content whose years are over, and offices' way into finished stays.

Small transactions, so that nobody waits; each looks again whose time is over, so that a hold or
an admission of a moment ago counts.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select, update

from handoffs.database import Database
from handoffs.history import Act, record
from handoffs.keeping.erasing import PEOPLE_AT_ONCE, erase
from handoffs.keeping.errors import KeepingError
from handoffs.keeping.retention import Years, last_day_of, people_due
from handoffs.parties import Organization, OrganizationKind
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of

Writing = Callable[[], AbstractContextManager[Session]]

_AT_ONCE = 500


def erase_due(
    writing: Writing, years: Years, now: datetime, stop_asked: Callable[[], bool] = lambda: False
) -> int:
    """Erase whoever's time is over in the hospitals that decided; how many people."""
    gone = 0
    for number, after in sorted(years.items()):
        before = last_day_of(now, after)
        while not stop_asked():
            with writing() as session:
                some = _erase_some(session, number, before, now)
            gone += some
            if some < PEOPLE_AT_ONCE:
                break
    return gone


def _erase_some(session: Session, number: str, before: date, now: datetime) -> int:
    hospital = session.exec(
        select(Organization.id).where(
            Organization.number == number, Organization.kind == OrganizationKind.HOSPITAL
        )
    ).one_or_none()
    if hospital is None:
        return 0
    query = people_due(hospital, before).limit(PEOPLE_AT_ONCE)
    people = list(session.execute(query.with_for_update()).scalars())
    if people:
        erase(session, people, now)
    return len(people)


def end_access(writing: Writing, days: int, now: datetime) -> tuple[int, int]:
    """Close finished stays to offices, and open those again that are finished no longer.

    `days`: how many days after the discharge an office may still open a stay; 0 without end.
    Returns how many were closed and opened.
    """
    before = day_of(now) - timedelta(days=days)
    over = sa.and_(col(Stay.discharged_on).is_not(None), col(Stay.discharged_on) < before)
    ended = col(Stay.offices_ended_at)
    closing = sa.and_(over, ended.is_(None)) if days else sa.false()
    opening = sa.and_(sa.not_(over) if days else sa.true(), ended.is_not(None))
    closed = _mark(writing, closing, now, Act.ACCESS_END, now)
    opened = _mark(writing, opening, None, Act.ACCESS_RETURN, now)
    return closed, opened


def _mark(
    writing: Writing,
    which: sa.ColumnElement[bool],
    value: datetime | None,
    act: Act,
    now: datetime,
) -> int:
    count = 0
    while True:
        with writing() as session:
            found = session.exec(
                select(Stay.id).where(which).order_by(col(Stay.id)).limit(_AT_ONCE)
            )
            stays = list(found)
            session.exec(update(Stay).where(col(Stay.id).in_(stays)).values(offices_ended_at=value))
            for number in stays:
                record(session, None, act, now=now, stay_id=number)
        count += len(stays)
        if len(stays) < _AT_ONCE:
            return count


def refuse_walled(session: Session) -> None:
    """Refuse to work as a user of PostgreSQL to whom rows are hidden. Raises KeepingError."""
    if session.get_bind().dialect.name != "postgresql":
        return
    if session.connection().scalar(sa.text("SELECT row_security_active('patient')")):
        raise KeepingError(
            "このデータベースの利用者には、一部の行しか見えません。"
            "表の持ち主のアドレスを DATABASE_URL で指定して実行してください。"
        )


def log_left(database: Database) -> list[str]:
    """Empty the database's own log, and say in words if somebody who reads kept it from that."""
    if database.write_back():
        return []
    return [
        (
            "画面を開いている方がいて、データベースの作業用ファイル(-wal)に前の内容が残っています。"
            "画面の少ない時間に、もう一度 retention run を実行してください。"
        )
    ]
