"""The ward's board: who is in hospital, what is due about whom, and who may be overlooked.

Light cases stand first within what is due: they are the ones that leave straight
from the ward and are missed. The same rows serve an office as the list of its
clients. Read-only; every question takes the actor.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col
from sqlmodel.sql.expression import SelectOfScalar

from handoffs.access import visible_stays
from handoffs.decision.assessment import Assessment
from handoffs.finding.voicing import has_twins, stands_in
from handoffs.parties import Actor
from handoffs.plan_office import PlanStatus
from handoffs.rates.coordination import Contact
from handoffs.shown.dossier import Dossier, dossiers_of
from handoffs.shown.task import Person, Task, person_of, tasks_of
from handoffs.stays.certification import CareNeedLevel
from handoffs.stays.patients import Patient, fold
from handoffs.stays.stay import PlannedCertainty, Stay
from handoffs.tokyo import day_of
from rules import Coordination, Library

PAGE_ROWS = 40
"""How many people one page of the board names."""

SHORT = timedelta(days=7)
"""A stay of up to so many days is marked as short."""

_LIGHT = {
    CareNeedLevel.SUPPORT_1,
    CareNeedLevel.SUPPORT_2,
    CareNeedLevel.CARE_1,
    CareNeedLevel.CARE_2,
}


@dataclass(frozen=True)
class BoardRow:
    """One person in hospital. `tasks` are those that are still open.

    stay_day: the day of admission counts as 1. missing: how many facts could still
    change the answer. leaves_unconfirmed: the planned day is tomorrow or nearer, and no
    contact about the discharge is known. is_own: the person's own ward, or own client.
    is_untaken: nobody of the office has taken charge yet. telephone: of the plan office.
    contact: what both sides say about a contact on the discharge; None where nobody asks for one.
    """

    person: Person
    hospital: str
    ward_id: int
    ward: str
    is_own: bool
    is_untaken: bool
    admitted_on: date
    stay_day: int
    away_since: date | None
    planned_on: date | None
    planned_certainty: PlannedCertainty
    care_level: CareNeedLevel
    is_light: bool
    plan_status: PlanStatus
    office: str
    telephone: str
    care_manager: str
    coordination: Coordination
    missing: int
    leaves_unconfirmed: bool
    contact: Contact | None
    tasks: tuple[Task, ...]

    @property
    def turns(self) -> tuple[Task, ...]:
        """What this person has to do, the nearest first."""
        return tuple(sorted((t for t in self.tasks if t.is_turn), key=lambda t: t.clock))

    @property
    def dated(self) -> tuple[Task, ...]:
        """Of what this person has to do, that which has a day or has arrived."""
        return tuple(t for t in self.turns if t.due_on is not None or t.sent_at is not None)

    @property
    def is_pressing(self) -> bool:
        """Whether something has to be done today or tomorrow."""
        return self.leaves_unconfirmed or any(task.is_pressing for task in self.turns)

    @property
    def length(self) -> timedelta:
        """How long the stay is planned to be; as long as it is by now where nothing is planned."""
        if self.planned_on is None:
            return timedelta(days=self.stay_day - 1)
        return self.planned_on - self.admitted_on

    @property
    def is_short(self) -> bool:
        """Whether the stay is planned to be so short that the discharge office may miss it."""
        return self.length <= SHORT

    @property
    def clock(self) -> date:
        """The nearest day by which something has to be done."""
        return min((t.due_on or date.max for t in self.turns), default=date.max)


@dataclass(frozen=True)
class Board:
    """One page of rows, and everybody of all pages.

    loosely: nobody was found but by passing over 濁点.
    """

    rows: tuple[BoardRow, ...]
    everybody: tuple[BoardRow, ...]
    page: int
    pages: int
    loosely: bool = False

    @property
    def count(self) -> int:
        """How many there are on all pages together."""
        return len(self.everybody)

    @property
    def leaving(self) -> tuple[BoardRow, ...]:
        """Whoever leaves tomorrow or sooner without a known contact, on whichever page."""
        return tuple(row for row in self.everybody if row.leaves_unconfirmed)


def board_of(
    session: Session,
    actor: Actor,
    *,
    library: Library,
    now: datetime,
    ward_id: int | None = None,
    search: str = "",
    page: int = 1,
) -> Board:
    """List the people in hospital that this person may know of, one page at a time.

    `search` finds parts of names and kana, however they are written, and passes over 濁点 where
    nobody is found otherwise. Own ward or own clients first, then what presses, then light cases,
    then the nearest day.
    """
    query = _in_hospital(actor, ward_id)
    name, loosely = fold(search), False
    if name:
        query = query.join(Patient, col(Patient.id) == col(Stay.patient_id))
        called = query.where(col(Patient.folded).contains(name, autoescape=True))
        loosely = has_twins(name) and session.exec(called.limit(1)).first() is None
        query = query.where(stands_in(session, col(Patient.folded), name)) if loosely else called
    rows = _rows(session, query, actor=actor, library=library, now=now)
    pages = max(1, -(-len(rows) // PAGE_ROWS))
    page = min(max(page, 1), pages)
    start = (page - 1) * PAGE_ROWS
    shown = tuple(rows[start : start + PAGE_ROWS])
    return Board(shown, tuple(rows), page, pages, loosely=loosely and bool(rows))


def whole_board_of(
    session: Session,
    actor: Actor,
    *,
    library: Library,
    now: datetime,
    ward_id: int | None = None,
) -> list[BoardRow]:
    """Everybody of the board, in its order."""
    return _rows(session, _in_hospital(actor, ward_id), actor=actor, library=library, now=now)


def _in_hospital(actor: Actor, ward_id: int | None) -> SelectOfScalar[Stay]:
    query = visible_stays(actor).where(col(Stay.discharged_on).is_(None))
    return query if ward_id is None else query.where(Stay.ward_id == ward_id)


def _rows(
    session: Session, query: SelectOfScalar[Stay], *, actor: Actor, library: Library, now: datetime
) -> list[BoardRow]:
    rows = [
        _row(dossier, actor=actor, library=library, now=now)
        for dossier in dossiers_of(session, session.exec(query).all())
    ]
    rows.sort(key=_order)
    return rows


def rows_of(
    session: Session, actor: Actor, stay_ids: Collection[int], *, library: Library, now: datetime
) -> tuple[BoardRow, ...]:
    """The rows of some stays, of those that this person may know of, by their ids."""
    stays = session.exec(
        visible_stays(actor).where(col(Stay.id).in_(stay_ids)).order_by(col(Stay.id))
    ).all()
    return tuple(
        _row(dossier, actor=actor, library=library, now=now)
        for dossier in dossiers_of(session, stays)
    )


def _row(dossier: Dossier, *, actor: Actor, library: Library, now: datetime) -> BoardRow:
    stay, plan, made = dossier.stay, dossier.plan, dossier.assessment
    today = day_of(now)
    level = dossier.certification.level if dossier.certification else CareNeedLevel.UNKNOWN
    tasks = tasks_of(dossier, actor=actor, library=library, now=now)
    leaving = stay.planned_discharge_on
    return BoardRow(
        person=person_of(dossier, today),
        hospital=dossier.hospital.name,
        ward_id=stay.ward_id,
        ward=dossier.ward.name,
        is_own=is_own(dossier, actor),
        is_untaken=plan is not None
        and plan.organization_id == actor.organization_id
        and plan.care_manager_id is None,
        admitted_on=stay.admitted_on,
        stay_day=(today - stay.admitted_on).days + 1,
        away_since=dossier.leave.left_on if dossier.leave else None,
        planned_on=leaving,
        planned_certainty=stay.planned_certainty,
        care_level=level,
        is_light=level in _LIGHT,
        plan_status=plan.status if plan else PlanStatus.UNKNOWN,
        office=dossier.office.name if dossier.office else "",
        telephone=dossier.office.telephone if dossier.office else "",
        care_manager=plan.care_manager_name if plan else "",
        coordination=made.coordination if made else Coordination.UNDETERMINED,
        missing=_missing(made),
        leaves_unconfirmed=leaving is not None
        and dossier.leave is None
        and leaving <= today + timedelta(days=1)
        and dossier.asks_for_contact
        and not dossier.contact.took_place,
        contact=dossier.contact if dossier.asks_for_contact else None,
        tasks=tuple(task for task in tasks if task.is_open),
    )


def is_own(dossier: Dossier, actor: Actor) -> bool:
    """Whether a stay is on the nurse's own ward, or a client of this very person."""
    if actor.is_hospital:
        return actor.ward_id is None or dossier.stay.ward_id == actor.ward_id
    return dossier.plan is not None and dossier.plan.care_manager_id == actor.staff_id


def _missing(made: Assessment | None) -> int:
    missing = made.outcome.get("missing") if made else None
    return len(missing) if isinstance(missing, list) else 0


def _order(row: BoardRow) -> tuple[bool, bool, bool, date, str]:
    return (not row.is_own, not row.is_pressing, not row.is_light, row.clock, row.person.kana)
