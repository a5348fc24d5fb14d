"""Who saw which patient between two moments: asked by whoever keeps an organization's accounts.

They are answered about the people of their own organization and no other's. Whom an act was about
and whom a page showed both count as seen. Ids only: names come from the record, to whoever may see
them there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from handoffs.accounts.account import require_keeper
from handoffs.history import Act, Event, names_of
from handoffs.parties import Actor

PAGE_OF_ROWS = 200


@dataclass(frozen=True)
class Asked:
    """Between `since` and before `until`; of one stay, of one person, or of all.

    `organization_id` None asks about everybody: at the machine only.
    """

    since: datetime
    until: datetime
    organization_id: int | None
    stay_id: int | None = None
    staff_id: int | None = None


@dataclass(frozen=True)
class Sight:
    """One act in which somebody saw somebody; `stays` in order, `patients` without a stay."""

    event_id: int
    at: datetime
    staff_id: int | None
    act: Act
    page: str | None
    stays: tuple[int, ...]
    patients: tuple[int, ...]


def of_house(
    session: Session,
    by: Actor,
    since: datetime,
    until: datetime,
    *,
    stay_id: int | None = None,
    staff_id: int | None = None,
) -> Asked:
    """Put a question about one's own organization. Raises NotPermitted."""
    require_keeper(session, by)
    return Asked(since, until, by.organization_id, stay_id, staff_id)


def sights(session: Session, asked: Asked, page: int = 1) -> tuple[int, list[Sight]]:
    """How many acts there were, and a page of them, the newest first."""
    where = _where(asked)
    count: int = session.execute(sa.select(sa.func.count(col(Event.id))).where(*where)).scalar_one()
    rows = session.execute(
        _columns()
        .where(*where)
        .order_by(col(Event.recorded_at).desc(), col(Event.id).desc())
        .limit(PAGE_OF_ROWS)
        .offset((page - 1) * PAGE_OF_ROWS)
    )
    return count, [_sight(row) for row in rows]


def stays_seen(session: Session, asked: Asked) -> tuple[list[int], list[int]]:
    """Every stay that was seen, and every patient without one, in order."""
    stays: set[int] = set()
    patients: set[int] = set()
    columns = sa.select(col(Event.stay_id), col(Event.shown)).where(*_where(asked)).distinct()
    for stay_id, shown in session.execute(columns):
        if stay_id is not None:
            stays.add(stay_id)
        listed, alone = names_of(shown)
        stays.update(listed)
        patients.update(alone)
    return sorted(stays), sorted(patients)


def _where(asked: Asked) -> Sequence[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = [
        col(Event.recorded_at) >= asked.since,
        col(Event.recorded_at) < asked.until,
    ]
    if asked.organization_id is not None:
        where.append(col(Event.organization_id) == asked.organization_id)
    if asked.staff_id is not None:
        where.append(col(Event.staff_id) == asked.staff_id)
    if asked.stay_id is None:
        where.append(sa.or_(col(Event.stay_id).is_not(None), col(Event.shown).is_not(None)))
    else:
        where.append(
            sa.or_(
                col(Event.stay_id) == asked.stay_id,
                col(Event.shown).like(f"%,{asked.stay_id},%"),
            )
        )
    return where


def _columns() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(
        col(Event.id),
        col(Event.recorded_at),
        col(Event.staff_id),
        col(Event.act),
        col(Event.page),
        col(Event.stay_id),
        col(Event.shown),
    )


def _sight(row: Any) -> Sight:  # noqa: ANN401 - a row of columns.
    stays, patients = names_of(row.shown)
    if row.stay_id is not None and row.stay_id not in stays:
        stays = [row.stay_id, *stays]
    return Sight(
        row.id, row.recorded_at, row.staff_id, Act(row.act), row.page, tuple(stays), tuple(patients)
    )
