"""Everything that belongs to a stay, read at once: for the questions that pages ask.

Whoever asks has chosen the stays by `access.visible_stays`; this file asks for
the rows beside them and for nothing else. Read-only; a dossier stays inside this
package, and pages receive the frozen values that `board`, `worklist` and
`overview` make of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, select

from handoffs.conference import ConferenceSlot
from handoffs.decision.assessment import Assessment
from handoffs.decline import Decline
from handoffs.handoff import Handoff
from handoffs.parties import Organization, Ward, organizations_by_id
from handoffs.plan_office import PlanOffice
from handoffs.rates.coordination import Contact, contact_about_discharge
from handoffs.statement import Statement, standing, told_of_admission
from handoffs.stays.certification import Certification
from handoffs.stays.leave import Leave, ongoing
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Destination, Stay
from handoffs.stays.stay_rows import Row, grouped, in_chunks, latest_beside, rows_beside

ASKS_NOBODY = frozenset({Destination.DEATH, Destination.OTHER_HOSPITAL})
"""Whoever left for there, nobody has to hear of the discharge from this hospital."""


@dataclass(frozen=True)
class Dossier:
    """One stay with its rows; the latest of each where several were written down."""

    stay: Stay
    patient: Patient
    hospital: Organization
    ward: Ward
    certification: Certification | None = None
    plan: PlanOffice | None = None
    office: Organization | None = None
    next_hospital: Organization | None = None
    assessment: Assessment | None = None
    leave: Leave | None = None
    statements: Sequence[Statement] = ()
    handoffs: Sequence[Handoff] = ()
    declines: Sequence[Decline] = ()
    slots: Sequence[ConferenceSlot] = ()
    names: dict[int, str] = field(default_factory=dict)
    """The names of the organizations that its handoffs and their answers name."""

    @property
    def has_plan_office(self) -> bool:
        """Whether somebody plans this person's care, or did until the contract was paused."""
        return self.plan is not None and self.plan.status.has_planner

    @property
    def told_of_admission(self) -> bool:
        """Whether the plan office knows of the admission from the hospital."""
        return told_of_admission(self.statements)

    @property
    def contact(self) -> Contact:
        """What both sides say about a contact on the discharge."""
        return contact_about_discharge(self.stay, self.statements)

    @property
    def asks_for_contact(self) -> bool:
        """Whether somebody plans the care who has to hear of the discharge.

        A death, a transfer, a stay that the agreement excludes and a person who wants
        no contact ask for none.
        """
        gone = self.stay.destination in ASKS_NOBODY
        excluded = self.assessment is not None and self.assessment.excluded
        return self.has_plan_office and not gone and not excluded and not self.stay.wants_no_contact


def dossiers_of(session: Session, stays: Sequence[Stay]) -> list[Dossier]:
    """Read the dossiers of some stays, in the order of the stays."""
    return [dossier for some in in_chunks(stays) for dossier in _chunk(session, some)]


def _chunk(session: Session, stays: Sequence[Stay]) -> list[Dossier]:
    ids = [stay.id for stay in stays]
    certifications = latest_beside(session, Certification, ids)
    plans = {
        plan.stay_id: plan for plan in rows_beside(session, PlanOffice, ids) if not plan.superseded
    }
    assessments = latest_beside(session, Assessment, ids)
    leaves = grouped(rows_beside(session, Leave, ids))
    statements = grouped(standing(rows_beside(session, Statement, ids)))
    handoffs = grouped(rows_beside(session, Handoff, ids))
    declines = grouped(rows_beside(session, Decline, ids))
    slots = grouped(rows_beside(session, ConferenceSlot, ids))
    wards = _by_id(session, Ward, {stay.ward_id for stay in stays})
    patients = _by_id(session, Patient, {stay.patient_id for stay in stays})
    named = {plan.organization_id for plan in plans.values()}
    named |= {handoff.receiver_id for group in handoffs.values() for handoff in group}
    for group in declines.values():
        named |= {key for answer in group for key in (answer.organization_id, answer.suggested_id)}
    organizations = organizations_by_id(
        session,
        {stay.hospital_id for stay in stays}
        | {key for stay in stays if (key := stay.next_hospital_id) is not None}
        | {key for key in named if key is not None},
    )
    names = {key: organization.name for key, organization in organizations.items()}
    dossiers = []
    for stay in stays:
        plan = plans.get(stay.id)
        dossiers.append(
            Dossier(
                stay=stay,
                patient=patients[stay.patient_id],
                hospital=organizations[stay.hospital_id],
                ward=wards[stay.ward_id],
                certification=certifications.get(stay.id),
                plan=plan,
                office=organizations.get(plan.organization_id or 0) if plan else None,
                next_hospital=organizations.get(stay.next_hospital_id or 0),
                assessment=assessments.get(stay.id),
                leave=ongoing(stay, leaves[stay.id]),
                statements=statements[stay.id],
                handoffs=handoffs[stay.id],
                declines=declines[stay.id],
                slots=slots[stay.id],
                names=names,
            )
        )
    return dossiers


def _by_id(session: Session, table: type[Row], ids: set[int]) -> dict[int, Row]:
    key = table.__table__.c.id  # type: ignore[attr-defined]
    found = session.exec(select(table).where(key.in_(ids)))
    return {row.id: row for row in found}  # type: ignore[attr-defined]
