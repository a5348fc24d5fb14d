"""Those whose handoff nobody has confirmed: in hospital with something late, or gone without word.

What stands on the red list of the day, beside whoever leaves by tomorrow (`board`). Read-only.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col

from handoffs.access import visible_stays
from handoffs.miss_reason import MissCause, causes_of
from handoffs.parties import Actor
from handoffs.rates.coordination import Contact
from handoffs.shown.board import LOOK_BACK
from handoffs.shown.dossier import Dossier, dossiers_of
from handoffs.shown.task import Person, Task, person_of, tasks_of
from handoffs.statement import side_of
from handoffs.stays.stay import Destination, Stay
from handoffs.tokyo import day_of
from rules import Library


@dataclass(frozen=True)
class Unsettled:
    """Somebody whose handoff nobody has confirmed: still in hospital, or gone."""

    person: Person
    ward: str
    planned_on: date | None
    left_on: date | None
    destination: Destination | None
    contact: Contact
    tasks: tuple[Task, ...]
    office: str
    telephone: str
    """Of the plan office."""
    cause: MissCause | None = None
    """What the reader's own side said stood in the way."""


def unsettled_of(
    session: Session,
    actor: Actor,
    *,
    library: Library,
    now: datetime,
    ward_id: int | None = None,
) -> tuple[Unsettled, ...]:
    """List those about whom a handoff is late, or who left without a known contact.

    Whoever left is listed for 31 days. Those in hospital stand first.
    """
    today = day_of(now)
    open_or_recent = col(Stay.discharged_on).is_(None) | (
        col(Stay.discharged_on) >= today - LOOK_BACK
    )
    query = visible_stays(actor).where(open_or_recent)
    if ward_id is not None:
        query = query.where(Stay.ward_id == ward_id)
    stays = session.exec(query).all()
    found = [
        unsettled
        for dossier in dossiers_of(session, stays)
        if (unsettled := _unsettled(dossier, actor=actor, library=library, now=now)) is not None
    ]
    found.sort(key=lambda u: (u.left_on is not None, u.left_on or today, u.person.kana))
    causes = causes_of(session, [u.person.stay_id for u in found], side_of(actor))
    return tuple(replace(u, cause=causes.get(u.person.stay_id)) for u in found)


def _unsettled(
    dossier: Dossier, *, actor: Actor, library: Library, now: datetime
) -> Unsettled | None:
    stay = dossier.stay
    tasks = tasks_of(dossier, actor=actor, library=library, now=now)
    late = tuple(task for task in tasks if task.is_late and stay.is_open)
    left_alone = not stay.is_open and dossier.asks_for_contact and not dossier.contact.took_place
    if not late and not left_alone:
        return None
    return Unsettled(
        person=person_of(dossier, day_of(now)),
        ward=dossier.ward.name,
        planned_on=stay.planned_discharge_on,
        left_on=stay.discharged_on,
        destination=stay.destination,
        contact=dossier.contact,
        tasks=late,
        office=dossier.office.name if dossier.office else "",
        telephone=dossier.office.telephone if dossier.office else "",
    )
