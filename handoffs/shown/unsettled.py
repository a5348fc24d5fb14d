"""Those whose handoff nobody has confirmed: in hospital with something late, or gone without word.

What stands on the red list of the day, beside whoever leaves by tomorrow (`board`). Read-only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session, col, select

from handoffs.miss_reason import MissCause, causes_of
from handoffs.parties import Actor
from handoffs.rates.coordination import Contact
from handoffs.shown.board import BoardRow
from handoffs.shown.dossier import Dossier, dossiers_of
from handoffs.shown.left_alone import left_alone
from handoffs.shown.task import Person, Task, person_of
from handoffs.statement import side_of
from handoffs.stays.stay import Destination, Stay

NAMED = 5
"""How many of the unsettled the board names."""


@dataclass(frozen=True)
class Unsettled:
    """Somebody whose handoff nobody has confirmed: still in hospital, or gone."""

    person: Person
    ward: str
    planned_on: date | None
    left_on: date | None
    destination: Destination | None
    contact: Contact | None
    """As on the board: None where nobody asks for one."""
    tasks: tuple[Task, ...]
    office: str
    telephone: str
    """Of the plan office."""
    cause: MissCause | None = None
    """What the reader's own side said stood in the way."""


@dataclass(frozen=True)
class Glance:
    """How many there are, and who the first of them are."""

    count: int
    first: tuple[Person, ...]


def unsettled_of(
    session: Session,
    actor: Actor,
    inside: Iterable[BoardRow],
    *,
    today: date,
    ward_id: int | None = None,
) -> tuple[Unsettled, ...]:
    """List those of the board about whom a handoff is late, and who left without a known contact.

    `inside` is everybody of the board. Whoever left is listed for 31 days.
    """
    gone = _dossiers(session, left_alone(session, actor, today=today, ward_id=ward_id))
    found = [_late(row) for row in _with_something_late(inside)]
    found += [_gone(dossier, today) for dossier in gone]
    causes = causes_of(session, [u.person.stay_id for u in found], side_of(actor))
    return tuple(replace(u, cause=causes.get(u.person.stay_id)) for u in found)


def unsettled_at_a_glance(
    session: Session,
    actor: Actor,
    inside: Iterable[BoardRow],
    *,
    today: date,
    ward_id: int | None = None,
) -> Glance:
    """Count the same people, and name the first of them."""
    late = [row.person for row in _with_something_late(inside)]
    gone = left_alone(session, actor, today=today, ward_id=ward_id)
    more = _dossiers(session, gone[: max(0, NAMED - len(late))])
    first = (late + [person_of(dossier, today) for dossier in more])[:NAMED]
    return Glance(len(late) + len(gone), tuple(first))


def _with_something_late(rows: Iterable[BoardRow]) -> list[BoardRow]:
    late = [row for row in rows if any(task.is_late for task in row.tasks)]
    return sorted(late, key=lambda row: row.person.kana)


def _dossiers(session: Session, stay_ids: Sequence[int]) -> list[Dossier]:
    """The dossiers of some stays, in the order of their numbers as given."""
    if not stay_ids:
        return []
    stays = {one.id: one for one in session.exec(select(Stay).where(col(Stay.id).in_(stay_ids)))}
    return dossiers_of(session, [stays[one] for one in stay_ids if one in stays])


def _late(row: BoardRow) -> Unsettled:
    return Unsettled(
        person=row.person,
        ward=row.ward,
        planned_on=row.planned_on,
        left_on=None,
        destination=None,
        contact=row.contact,
        tasks=tuple(task for task in row.tasks if task.is_late),
        office=row.office,
        telephone=row.telephone,
    )


def _gone(dossier: Dossier, today: date) -> Unsettled:
    return Unsettled(
        person=person_of(dossier, today),
        ward=dossier.ward.name,
        planned_on=dossier.stay.planned_discharge_on,
        left_on=dossier.stay.discharged_on,
        destination=dossier.stay.destination,
        contact=dossier.contact,
        tasks=(),
        office=dossier.office.name if dossier.office else "",
        telephone=dossier.office.telephone if dossier.office else "",
    )
