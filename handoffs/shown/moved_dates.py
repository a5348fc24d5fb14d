"""Whose planned discharge a hospital has moved, until the reader says that they have seen it.

A care manager who learns of a moved date on the day itself comes too late. The latest change of
each client in hospital stands on the office's list with the day before and the day after; one tap
writes down that it was seen, and the hospital reads that in the history. It is the tap of one
person: a colleague who steps in takes no news away from whoever plans. A day that is named for the
first time, one that went and came back, and what moved before the office planned is no change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from handoffs.access import visible_stays
from handoffs.errors import NotPermitted
from handoffs.history import Act, Event, record
from handoffs.parties import Actor, organizations_by_id
from handoffs.plan_office import PlanOffice
from handoffs.shown.dossier import dossiers_of
from handoffs.shown.task import Person, person_of
from handoffs.stays.stay import PlannedCertainty, Stay
from handoffs.tokyo import day_of

SHOWN_FOR = timedelta(days=14)
"""A change that nobody looked at for so long is no news any more; the date itself stays."""


@dataclass(frozen=True)
class MovedDate:
    """One change: from which planned day to which, and when the hospital wrote it down."""

    person: Person
    hospital: str
    ward: str
    before: date | None
    planned_on: date | None
    planned_certainty: PlannedCertainty
    moved_at: datetime


def moved_dates_of(session: Session, actor: Actor, now: datetime) -> tuple[MovedDate, ...]:
    """The changes that the actor has not seen yet, the nearest discharge first."""
    if not actor.plans_care:
        return ()
    stays = session.exec(visible_stays(actor).where(col(Stay.discharged_on).is_(None))).all()
    moved = _unseen(session, actor, stays, now)
    dossiers = dossiers_of(session, [stay for stay in stays if stay.id in moved])
    hospitals = organizations_by_id(session, {one.stay.hospital_id for one in dossiers})
    found = [
        MovedDate(
            person=person_of(one, day_of(now)),
            hospital=hospitals[one.stay.hospital_id].name,
            ward=one.ward.name,
            before=moved[one.stay.id].before,
            planned_on=one.stay.planned_discharge_on,
            planned_certainty=one.stay.planned_certainty,
            moved_at=moved[one.stay.id].at,
        )
        for one in dossiers
    ]
    return tuple(sorted(found, key=lambda one: (one.planned_on or date.max, one.person.kana)))


def see_moved_date(session: Session, stay: Stay, *, by: Actor, now: datetime) -> None:
    """Write down that the actor has seen the planned discharge as it stands.

    Raises NotPermitted for whoever does not plan care.
    """
    if not by.plans_care:
        raise NotPermitted("退院予定日の変更を確かめるのは、計画作成担当の方です。")
    if _unseen(session, by, [stay], now):
        detail = {"to": stay.planned_discharge_on}
        record(session, by, Act.STAY_DATE_SEEN, now=now, stay_id=stay.id, detail=detail)


@dataclass(frozen=True)
class _Moved:
    """From which day the reader knew, and when the last of the changes was written down."""

    before: date | None
    at: datetime


def _unseen(
    session: Session, actor: Actor, stays: Sequence[Stay], now: datetime
) -> Mapping[int, _Moved]:
    """The stays whose planned day is another than the actor knew of, and since when."""
    stay_ids = [stay.id for stay in stays]
    began = _began(session, actor, stay_ids)
    events = session.exec(
        select(Event)
        .where(
            col(Event.stay_id).in_(stay_ids),
            col(Event.act).in_({Act.STAY_PLAN_DISCHARGE, Act.STAY_DATE_SEEN}),
            col(Event.recorded_at) >= now - SHOWN_FOR,
        )
        .order_by(col(Event.id))
    )
    unseen: dict[int, list[Event]] = {}
    for event in events:
        stay_id = event.stay_id or 0
        if event.act is Act.STAY_DATE_SEEN:
            if event.staff_id == actor.staff_id:
                unseen.pop(stay_id, None)
        elif stay_id not in began or event.recorded_at >= began[stay_id]:
            unseen.setdefault(stay_id, []).append(event)
    moved = {}
    for stay in stays:
        changes = unseen.get(stay.id, [])
        # Moved several times unseen: they know the day before the first that had one.
        before = next((day for one in changes if (day := _day(one.detail.get("from")))), None)
        if before is not None and before != stay.planned_discharge_on:
            moved[stay.id] = _Moved(before, changes[-1].recorded_at)
    return moved


def _began(session: Session, actor: Actor, stay_ids: Sequence[int]) -> Mapping[int, datetime]:
    """Since when the actor's office plans, of the stays for which it does."""
    rows = session.exec(
        select(PlanOffice).where(col(PlanOffice.stay_id).in_(stay_ids)).order_by(col(PlanOffice.id))
    )
    began: dict[int, datetime] = {}
    for row in rows:
        if actor.organization_id in {row.organization_id, row.via_center_id}:
            began.setdefault(row.stay_id, row.recorded_at)
        else:
            began.pop(row.stay_id, None)
    return began


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
