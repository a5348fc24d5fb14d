"""On which day it became known when somebody leaves: the rules tell a sudden discharge by it.

Read from the history, where each planned day stands with the moment at which it was written
down. A day that the history does not tell of has no day of its news, and the rules then count
from the admission, because nobody in hospital has longer notice.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from handoffs.history import Act, Event
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of

_NEWS = (Act.STAY_ADMIT, Act.STAY_PLAN_DISCHARGE, Act.STAY_DISCHARGE)


class Told(NamedTuple):
    """What one event of a stay tells."""

    act: Act
    at: datetime
    detail: Mapping[str, str | int | bool | None]


def known_days(session: Session, stays: Sequence[Stay]) -> Mapping[int, date]:
    """The day of the news of several stays, by their ids; those without are absent."""
    awaited = {s.id: s for s in stays if _has_an_end(s)}
    if not awaited:
        return {}
    events = session.execute(
        sa.select(col(Event.stay_id), col(Event.act), col(Event.at), col(Event.detail))
        .where(col(Event.stay_id).in_(awaited), col(Event.act).in_(_NEWS))
        .order_by(col(Event.id))
    )
    told: dict[int, list[Told]] = {}
    for stay_id, act, at, detail in events:
        told.setdefault(stay_id or 0, []).append(Told(act, at, detail))
    days = {stay_id: news_of(awaited[stay_id], events) for stay_id, events in told.items()}
    return {stay_id: day for stay_id, day in days.items() if day is not None}


def _has_an_end(stay: Stay) -> bool:
    return stay.planned_discharge_on is not None or stay.discharged_on is not None


def news_of(stay: Stay, events: Sequence[Told]) -> date | None:
    """When the day that counts now was first told; being surer of the same day is no news.

    Where nothing was planned, the day on which the discharge itself was written down.
    """
    if not _has_an_end(stay):
        return None
    if stay.planned_discharge_on is None:
        left = [event for event in events if event.act is Act.STAY_DISCHARGE]
        return day_of(left[-1].at) if left else None
    planned = stay.planned_discharge_on.isoformat()
    for event in reversed(events):
        names = "to" if event.act is Act.STAY_PLAN_DISCHARGE else "planned"
        if event.detail.get(names) == planned and event.detail.get("from") != planned:
            return day_of(event.at)
    return None
