"""Everything that belongs to a stay, read at once: for the questions that pages ask.

Whoever asks has chosen the stays by `access.visible_stays`; this file asks for
the rows beside them and for nothing else. Read-only; a dossier stays inside this
package, and pages receive the frozen values that `board`, `worklist` and
`overview` make of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlmodel import Session, SQLModel, select

from handoffs.assessment import Assessment
from handoffs.certification import Certification
from handoffs.coordination import Contact, contact_about_discharge
from handoffs.handoff import Handoff
from handoffs.parties import Organization, Ward, organizations_by_id
from handoffs.patients import Patient
from handoffs.plan_office import PlanOffice, PlanStatus
from handoffs.statement import REACHED, Result, Side, Statement, Topic
from handoffs.stay import Destination, Stay

_CHUNK = 500
_TOLD = REACHED | {Result.SENT}
Row = TypeVar("Row", bound=SQLModel)


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
    assessment: Assessment | None = None
    statements: Sequence[Statement] = ()
    handoffs: Sequence[Handoff] = ()
    names: dict[int, str] = field(default_factory=dict)
    """The names of the organizations that its handoffs name as receivers."""

    @property
    def has_plan_office(self) -> bool:
        """Whether somebody plans this person's care, or did until the contract was paused."""
        return self.plan is not None and self.plan.status in {
            PlanStatus.ASSIGNED,
            PlanStatus.PAUSED,
        }

    @property
    def told_of_admission(self) -> bool:
        """Whether the hospital says that it told the plan office of the admission."""
        return any(
            s.side is Side.HOSPITAL and s.topic is Topic.ADMISSION and s.result in _TOLD
            for s in self.statements
        )

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
        gone = self.stay.destination in {Destination.DEATH, Destination.OTHER_HOSPITAL}
        excluded = self.assessment is not None and self.assessment.excluded
        return self.has_plan_office and not gone and not excluded and not self.stay.wants_no_contact


def dossiers_of(session: Session, stays: Sequence[Stay]) -> list[Dossier]:
    """Read the dossiers of some stays, in the order of the stays."""
    dossiers = []
    for start in range(0, len(stays), _CHUNK):
        dossiers += _chunk(session, stays[start : start + _CHUNK])
    return dossiers


def _chunk(session: Session, stays: Sequence[Stay]) -> list[Dossier]:
    ids = [stay.id for stay in stays]
    certifications = _latest(_rows(session, Certification, ids))
    plans = {plan.stay_id: plan for plan in _rows(session, PlanOffice, ids) if not plan.superseded}
    assessments = _latest(_rows(session, Assessment, ids))
    statements = _grouped(_rows(session, Statement, ids))
    handoffs = _grouped(_rows(session, Handoff, ids))
    wards = _by_id(session, Ward, {stay.ward_id for stay in stays})
    patients = _by_id(session, Patient, {stay.patient_id for stay in stays})
    named = {plan.organization_id for plan in plans.values()}
    named |= {handoff.receiver_id for group in handoffs.values() for handoff in group}
    organizations = organizations_by_id(
        session, {stay.hospital_id for stay in stays} | {key for key in named if key is not None}
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
                assessment=assessments.get(stay.id),
                statements=statements[stay.id],
                handoffs=handoffs[stay.id],
                names=names,
            )
        )
    return dossiers


def _rows(session: Session, table: type[Row], stay_ids: list[int]) -> Sequence[Row]:
    stay_id = table.__table__.c.stay_id  # type: ignore[attr-defined]
    order = table.__table__.c.id  # type: ignore[attr-defined]
    return session.exec(select(table).where(stay_id.in_(stay_ids)).order_by(order)).all()


def _by_id(session: Session, table: type[Row], ids: set[int]) -> dict[int, Row]:
    key = table.__table__.c.id  # type: ignore[attr-defined]
    found = session.exec(select(table).where(key.in_(ids)))
    return {row.id: row for row in found}  # type: ignore[attr-defined]


def _latest(rows: Iterable[Row]) -> dict[int, Row]:
    return {row.stay_id: row for row in rows}  # type: ignore[attr-defined]


def _grouped(rows: Iterable[Row]) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.stay_id].append(row)  # type: ignore[attr-defined]
    return groups
