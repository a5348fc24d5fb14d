"""One stay as one person sees it: everything that its page says, as frozen values.

Starts from `access.visible_stays`; whoever may not know of the stay gets
NotVisible, as if there were none. Read-only, reads no clock. The answer of the
rules is shown as it was stored, never decided again here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlmodel import Session, col, select

from handoffs.access import visible_stays
from handoffs.decision.circumstances import circumstances_of
from handoffs.decision.doubts import doubts_about
from handoffs.decision.reasons import DecisionShown, decision_shown
from handoffs.decision.recorded_facts import derived_facts
from handoffs.errors import NotVisible
from handoffs.handed_over import KeptShown, kept_sheets
from handoffs.history import Act, Event, events_of
from handoffs.parties import Actor, Staff, all_wards_of, organizations_by_id
from handoffs.rates.coordination import Contact
from handoffs.shown.account import (
    QUIET,
    EventShown,
    StatementShown,
    event_shown,
    statements_shown,
)
from handoffs.shown.dossier import Dossier, dossiers_of
from handoffs.shown.fact_labels import vocabulary_of
from handoffs.shown.known import (
    CertificationShown,
    ConsentShown,
    ContactShown,
    PlanShown,
    certification_shown,
    consent_shown,
    plan_shown,
)
from handoffs.shown.main_contact import (
    MainContact,
    contact_ids,
    hospital_contact,
    office_contact,
)
from handoffs.shown.task import Person, Task, person_of, tasks_of
from handoffs.shown.worklist import Relation, is_still_asked, relation_of
from handoffs.statement import Side
from handoffs.stays.contacts import contacts_of
from handoffs.stays.patients import Sex
from handoffs.stays.stay import Destination, PlannedCertainty, Stay
from handoffs.tokyo import day_of
from rules import Library


@dataclass(frozen=True)
class Overview:
    """Everything that the page of a stay says.

    Where the whereabouts are hidden (所在秘匿), nobody but the hospital gets address,
    municipality, telephone, centre and contacts.

    answers: the facts of the last decision. recorded: the ids of those that the record
    knows by itself, so that nobody is asked for them. doubts: where an answer and the
    record contradict each other, in words; for the hospital, whose earlier stays they name.
    """

    person: Person
    sex: Sex
    hospital_number: str
    municipality: str
    address: str
    telephone: str
    in_region: bool | None
    whereabouts_hidden: bool
    hospital: str
    hospital_telephone: str
    ward: str
    ward_telephone: str
    contact_staff: str
    contact_role: str
    hospital_contact: MainContact
    office_contact: MainContact
    center: str
    admitted_on: date
    admitted_time: time | None
    planned_on: date | None
    planned_certainty: PlannedCertainty
    discharged_on: date | None
    discharged_time: time | None
    destination: Destination | None
    next_hospital_id: int | None
    next_hospital: str
    next_telephone: str
    wants_no_contact: bool
    version: int
    certification: CertificationShown
    consent: ConsentShown | None
    contacts: tuple[ContactShown, ...]
    plan: PlanShown
    relation: Relation
    decision: DecisionShown | None
    answers: Mapping[str, str]
    recorded: frozenset[str]
    doubts: tuple[str, ...]
    tasks: tuple[Task, ...]
    contact: Contact
    statements: tuple[StatementShown, ...]
    kept: tuple[KeptShown, ...]
    events: tuple[EventShown, ...]

    @property
    def is_open(self) -> bool:
        """Whether the person is still in hospital."""
        return self.discharged_on is None

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """What has still to be passed on or confirmed."""
        return tuple(t for t in self.tasks if t.is_open and is_still_asked(self.destination, t))

    @property
    def past_tasks(self) -> tuple[Task, ...]:
        """What nobody is asked for any more since the person left; it can be written down."""
        asked = self.open_tasks
        return tuple(task for task in self.tasks if task.is_open and task not in asked)

    @property
    def done_tasks(self) -> tuple[Task, ...]:
        """What is confirmed or was not needed."""
        return tuple(task for task in self.tasks if not task.is_open)

    @property
    def planned_changes(self) -> tuple[EventShown, ...]:
        """How the planned discharge date moved, oldest first."""
        return tuple(event for event in self.events if event.act is Act.STAY_PLAN_DISCHARGE)

    def said_by(self, side: Side) -> tuple[StatementShown, ...]:
        """What one side says took place."""
        return tuple(said for said in self.statements if said.side is side)

    def task(self, handoff_id: int) -> Task:
        """Find one handoff that still stands; NotVisible for any other."""
        for task in self.tasks:
            if task.id == handoff_id:
                return task
        raise NotVisible


def overview_of(
    session: Session, actor: Actor, stay_id: int, *, library: Library, now: datetime
) -> Overview:
    """Gather what the page of a stay says. Raises NotVisible."""
    found = session.exec(visible_stays(actor).where(Stay.id == stay_id)).one_or_none()
    if found is None:
        raise NotVisible
    (dossier,) = dossiers_of(session, [found])
    events = [e for e in events_of(session, stay_id) if e.act not in QUIET]
    people = _staff(session, dossier, events)
    wards = {ward.id: ward.name for ward in all_wards_of(session, found.hospital_id)}
    organizations = organizations_by_id(
        session,
        {e.organization_id for e in events if e.organization_id is not None}
        | {key for key in (found.center_id, dossier.plan and dossier.plan.via_center_id) if key},
    )
    names = {key: organization.name for key, organization in organizations.items()}
    words = vocabulary_of(dossier, library)
    answers = dict(dossier.assessment.facts) if dossier.assessment else {}
    lead = people.get(found.contact_staff_id or 0)
    patient = dossier.patient
    tells = actor.is_hospital or not patient.whereabouts_hidden
    return Overview(
        person=person_of(dossier, day_of(now)),
        sex=patient.sex,
        hospital_number=patient.hospital_number or "",
        municipality=patient.municipality if tells else "",
        address=patient.address if tells else "",
        telephone=patient.telephone if tells else "",
        in_region=patient.in_region if tells else None,
        whereabouts_hidden=patient.whereabouts_hidden,
        hospital=dossier.hospital.name,
        hospital_telephone=dossier.hospital.telephone,
        ward=dossier.ward.name,
        ward_telephone=dossier.ward.telephone,
        contact_staff=lead.name if lead else "",
        contact_role=lead.role.label if lead else "",
        hospital_contact=hospital_contact(dossier, people),
        office_contact=office_contact(dossier, people),
        center=names.get(found.center_id or 0, "") if tells else "",
        admitted_on=found.admitted_on,
        admitted_time=found.admitted_time,
        planned_on=found.planned_discharge_on,
        planned_certainty=found.planned_certainty,
        discharged_on=found.discharged_on,
        discharged_time=found.discharged_time,
        destination=found.destination,
        next_hospital_id=found.next_hospital_id,
        next_hospital=dossier.next_hospital.name if dossier.next_hospital else "",
        next_telephone=dossier.next_hospital.telephone if dossier.next_hospital else "",
        wants_no_contact=found.wants_no_contact,
        version=found.version,
        certification=certification_shown(dossier.certification),
        consent=consent_shown(session, stay_id),
        contacts=tuple(
            ContactShown(c.role, c.name, c.relation, c.telephone)
            for c in (contacts_of(session, stay_id) if tells else ())
        ),
        plan=plan_shown(dossier, names),
        relation=relation_of(dossier, actor),
        decision=decision_shown(dossier, people, library, on=day_of(now), tells_home=tells),
        answers=answers,
        recorded=frozenset(derived_facts(found, circumstances_of(session, found))),
        doubts=doubts_about(session, actor, found, answers),
        tasks=tasks_of(dossier, actor=actor, library=library, now=now),
        contact=dossier.contact,
        statements=statements_shown(dossier, people, actor),
        kept=kept_sheets(session, stay_id),
        events=tuple(event_shown(e, dossier, people, names, words, wards=wards) for e in events),
    )


def _staff(session: Session, dossier: Dossier, events: Sequence[Event]) -> dict[int, Staff]:
    """Everybody whom the page names as the one who did something."""
    ids = {event.staff_id for event in events} | {s.staff_id for s in dossier.statements}
    named = (event.detail.get(key) for event in events for key in ("contact", "left_contact"))
    ids |= {key for key in named if isinstance(key, int)}
    ids |= contact_ids(dossier)
    if dossier.assessment is not None:
        ids.add(dossier.assessment.judged_by)
    found = session.exec(select(Staff).where(col(Staff.id).in_(ids - {None})))
    return {staff.id: staff for staff in found}
