"""What somebody has to send or to confirm about people in hospital, by the clock.

At an office: own clients first, then those that nobody has taken yet, and a
colleague's only while the logged switch is on: `access.visible_stays` sees to
that. In a hospital: the own ward first. What is late stays on the list, because
the other side still needs it. Read-only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

import sqlalchemy as sa
from sqlmodel import Session, col

from handoffs.access import visible_stays
from handoffs.fee_window import fee_windows_of
from handoffs.handoff import TOPICS, Handoff, unsettled
from handoffs.miss_reason import MissCause, causes_of
from handoffs.parties import Actor, Staff
from handoffs.plan_office import PlanOffice
from handoffs.rates.coordination import DENIALS, Contact
from handoffs.shown.board import is_own
from handoffs.shown.dossier import Dossier, dossiers_of
from handoffs.shown.left_alone import LOOK_BACK
from handoffs.shown.main_contact import (
    MainContact,
    contact_ids,
    hospital_contact,
    office_contact,
    people_by_id,
)
from handoffs.shown.task import Person, Task, person_of, tasks_of
from handoffs.statement import Statement, Topic, side_of
from handoffs.stays.stay import Destination, PlannedCertainty, Stay
from handoffs.tokyo import day_of
from rules import HandoffKind, Library
from rules.kinds import Labelled

PAGE_CLIENTS = 20
"""How many people one page of the list names."""


_NOT_AFTERWARDS = (
    HandoffKind.DISCHARGE_CONFERENCE,
    *(kind for kind, topic in TOPICS.items() if topic is Topic.ADMISSION),
)
"""What nobody is asked for any more once the person has left."""


class Relation(Labelled):
    """Whose client somebody is, seen from the person at the screen."""

    OWN = "own", "自分の利用者"
    OWN_WARD = "own_ward", "自分の病棟の方"
    OTHER_WARD = "other_ward", "ほかの病棟の方"
    UNTAKEN = "untaken", "担当が決まっていない方"
    COLLEAGUE = "colleague", "同じ事業所の利用者"
    TOLD = "told", "病院から連絡のあった方"


@dataclass(frozen=True)
class ClientWork:
    """One client with what has to be done, the nearest first."""

    person: Person
    relation: Relation
    hospital: str
    ward: str
    telephone: str
    admitted_on: date
    planned_on: date | None
    planned_certainty: PlannedCertainty
    left_on: date | None
    next_hospital: str
    next_telephone: str
    care_manager: str
    contact: MainContact
    """Whom to ring on the other side."""
    tasks: tuple[Task, ...]
    fee_until: date | None = None
    """Until when the next tier of the office's own fee is open, while the sheet is not sent."""
    both: Contact | None = None
    """What both sides say of a contact about the discharge; None before there is one to ask for."""
    cause: MissCause | None = None
    """What the reader's own side said stood in the way."""

    @property
    def is_late(self) -> bool:
        """Whether the last day of something is over, so that what stood in the way can be said."""
        return any(task.is_late for task in self.tasks)

    @property
    def clock(self) -> tuple[int, date]:
        """When the nearest of the tasks or the fee's next tier ends; without a task at the end."""
        fee = [(0, self.fee_until)] if self.fee_until else []
        return min([task.clock for task in self.tasks] + fee, default=(4, date.max))

    @property
    def is_listed(self) -> bool:
        """Whether there is something to do: a task, a client to take charge of, a word to clear up.

        What the two sides say differently is cleared up by the two of them.
        """
        untaken = self.relation is Relation.UNTAKEN and self.left_on is None
        differs = self.both is Contact.CONTRADICTED and self.relation is not Relation.TOLD
        return bool(self.tasks) or untaken or differs


@dataclass(frozen=True)
class Worklist:
    """One page of the clients about whom something has to be done, in groups.

    count: how many tasks there are on all pages together. today: how many people have one that
    is due today or at once, the office's own fee included.
    """

    groups: tuple[tuple[Relation, tuple[ClientWork, ...]], ...]
    count: int
    today: int
    page: int
    pages: int


def worklist_of(
    session: Session,
    actor: Actor,
    *,
    library: Library,
    now: datetime,
    ward_id: int | None = None,
    page: int = 1,
) -> Worklist:
    """List what this person has to send or to confirm, sorted by the clock in each group.

    Untaken clients are listed even where nothing is due, so that somebody takes
    them. Whoever left hospital more than 31 days ago is left out.
    """
    work = clients_of(session, actor, library=library, now=now, ward_id=ward_id)
    pages = max(1, -(-len(work) // PAGE_CLIENTS))
    page = min(max(page, 1), pages)
    shown = work[(page - 1) * PAGE_CLIENTS : page * PAGE_CLIENTS]
    late = [client.person.stay_id for client in shown if client.is_late]
    causes = causes_of(session, late, side_of(actor)) if late else {}
    shown = [replace(client, cause=causes.get(client.person.stay_id)) for client in shown]
    return Worklist(
        groups=tuple((relation, tuple(ones)) for relation, ones in groupby(shown, _relation)),
        count=sum(len(client.tasks) for client in work),
        today=sum(client.clock <= (0, day_of(now)) for client in work),
        page=page,
        pages=pages,
    )


def clients_of(
    session: Session,
    actor: Actor,
    *,
    library: Library,
    now: datetime,
    ward_id: int | None = None,
) -> list[ClientWork]:
    """Everybody of the list, in its order; without what stood in the way."""
    query = visible_stays(actor).where(
        col(Stay.discharged_on).is_(None) | (col(Stay.discharged_on) >= day_of(now) - LOOK_BACK),
        sa.or_(*_may_ask(actor)),
    )
    if ward_id is not None:
        query = query.where(Stay.ward_id == ward_id)
    dossiers = dossiers_of(session, session.exec(query).all())
    people = people_by_id(session, {key for one in dossiers for key in contact_ids(one)})
    work = [
        client
        for dossier in dossiers
        if (client := _client(dossier, people, actor=actor, library=library, now=now)).is_listed
    ]
    until = _fees_until(session, actor, work, day_of(now))
    work = [replace(one, fee_until=until.get(one.person.stay_id)) for one in work]
    groups = list(Relation)
    work.sort(key=lambda one: (groups.index(one.relation), one.clock, one.person.kana))
    return work


def _may_ask(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """Without one of these a stay asks nobody for anything, and nothing more is read of it."""
    handoff = sa.exists().where(
        col(Handoff.stay_id) == col(Stay.id),
        *unsettled(),
        col(Stay.discharged_on).is_(None) | col(Handoff.kind).not_in(_NOT_AFTERWARDS),
    )
    denial = sa.exists().where(
        col(Statement.stay_id) == col(Stay.id), col(Statement.result).in_(DENIALS)
    )
    untaken = sa.exists().where(
        col(PlanOffice.stay_id) == col(Stay.id),
        col(PlanOffice.organization_id) == actor.organization_id,
        col(PlanOffice.superseded).is_(False),
        col(PlanOffice.care_manager_id).is_(None),
        col(Stay.discharged_on).is_(None),
    )
    return [handoff, denial, *([untaken] if actor.plans_care else [])]


def _fees_until(
    session: Session, actor: Actor, work: Sequence[ClientWork], today: date
) -> Mapping[int, date]:
    """Until when the next tier is open, of those whose sheet the actor's office has to send."""
    to_send = [
        client.person.stay_id
        for client in work
        if any(
            task.kind is HandoffKind.ADMISSION_INFORMATION and task.may_send
            for task in client.tasks
        )
    ]
    fees = fee_windows_of(session, actor, to_send, today=today)
    ends = {
        stay_id: [tier.until for tier in fee.window.tiers if tier.until >= today]
        for stay_id, fee in fees.items()
        if fee.window is not None and fee.given is None
    }
    return {stay_id: min(days) for stay_id, days in ends.items() if days}


def _relation(client: ClientWork) -> Relation:
    return client.relation


def relation_of(dossier: Dossier, actor: Actor) -> Relation:
    """Say whose client somebody is, seen from this person."""
    plan = dossier.plan
    if actor.is_hospital:
        return Relation.OWN_WARD if is_own(dossier, actor) else Relation.OTHER_WARD
    if is_own(dossier, actor):
        return Relation.OWN
    if plan is None or plan.organization_id != actor.organization_id:
        return Relation.TOLD
    return Relation.UNTAKEN if plan.care_manager_id is None else Relation.COLLEAGUE


def is_still_asked(destination: Destination | None, task: Task) -> bool:
    """Whether anybody may still be asked for it: nothing after a death.

    `destination` is None while the person is in hospital.

    Once somebody has left, nobody needs news of the admission and no conference can be
    held before they leave; what took place can still be written down on the stay's page.
    """
    if destination is None:
        return True
    return destination is not Destination.DEATH and task.kind not in _NOT_AFTERWARDS


def _client(
    dossier: Dossier,
    people: Mapping[int, Staff],
    *,
    actor: Actor,
    library: Library,
    now: datetime,
) -> ClientWork:
    stay = dossier.stay
    tasks = tasks_of(dossier, actor=actor, library=library, now=now)
    turns = [task for task in tasks if task.is_turn and is_still_asked(stay.destination, task)]
    return ClientWork(
        person=person_of(dossier, day_of(now)),
        relation=relation_of(dossier, actor),
        hospital=dossier.hospital.name,
        ward=dossier.ward.name,
        telephone=dossier.ward.telephone or dossier.hospital.telephone,
        admitted_on=stay.admitted_on,
        planned_on=stay.planned_discharge_on,
        planned_certainty=stay.planned_certainty,
        left_on=stay.discharged_on,
        next_hospital=dossier.next_hospital.name if dossier.next_hospital else "",
        next_telephone=dossier.next_hospital.telephone if dossier.next_hospital else "",
        care_manager=dossier.plan.care_manager_name if dossier.plan else "",
        contact=(office_contact if actor.is_hospital else hospital_contact)(dossier, people),
        tasks=tuple(sorted(turns, key=lambda task: task.clock)),
        both=_both(dossier),
    )


def _both(dossier: Dossier) -> Contact | None:
    """What both sides say, once somebody said something, or a day of leaving is named."""
    if not dossier.asks_for_contact:
        return None
    leaves = dossier.stay.planned_discharge_on or dossier.stay.discharged_on
    said = dossier.contact
    return None if said is Contact.UNKNOWN and leaves is None else said
