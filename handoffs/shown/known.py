"""What is known of a person in hospital, as frozen values for the page of a stay.

Certification, consent, contacts and who plans: what the record says, never worked out anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from handoffs.parties import OrganizationKind
from handoffs.plan_office import PlanArrangement, PlanStatus
from handoffs.shown.dossier import Dossier
from handoffs.stays.certification import Application, CareNeedLevel, Certification, InsuredCategory
from handoffs.stays.consent import ConsentAnswer, ConsentGround, consent_of
from handoffs.stays.contacts import ContactRole


@dataclass(frozen=True)
class CertificationShown:
    """What the care insurance says of the person, as it was last written down."""

    level: CareNeedLevel = CareNeedLevel.UNKNOWN
    application: Application = Application.UNKNOWN
    insured_category: InsuredCategory = InsuredCategory.UNKNOWN
    valid_from: date | None = None
    valid_until: date | None = None
    insured_number: str = ""


@dataclass(frozen=True)
class ConsentShown:
    """The latest answer, its ground and its day."""

    answer: ConsentAnswer
    ground: ConsentGround
    answered_on: date


@dataclass(frozen=True)
class ContactShown:
    """One person to talk to."""

    role: ContactRole
    name: str
    relation: str
    telephone: str


@dataclass(frozen=True)
class PlanShown:
    """Who plans the person's care, as far as is known."""

    status: PlanStatus
    arrangement: PlanArrangement | None
    organization_id: int | None
    office: str
    kind: OrganizationKind | None
    telephone: str
    fax: str
    care_manager: str
    is_taken: bool
    via_center: str
    via_center_id: int | None


def certification_shown(row: Certification | None) -> CertificationShown:
    """What was last written down of the certification."""
    if row is None:
        return CertificationShown()
    return CertificationShown(
        level=row.level,
        application=row.application,
        insured_category=row.insured_category,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        insured_number=row.insured_number or "",
    )


def consent_shown(session: Session, stay_id: int) -> ConsentShown | None:
    """The latest answer; None where nobody asked."""
    row = consent_of(session, stay_id)
    return ConsentShown(row.answer, row.ground, row.answered_on) if row else None


def plan_shown(dossier: Dossier, names: Mapping[int, str]) -> PlanShown:
    """Who plans; `names` holds those of the centres that get a copy."""
    plan, office = dossier.plan, dossier.office
    return PlanShown(
        status=plan.status if plan else PlanStatus.UNKNOWN,
        arrangement=plan.arrangement if plan else None,
        organization_id=plan.organization_id if plan else None,
        office=office.name if office else "",
        kind=office.kind if office else None,
        telephone=office.telephone if office else "",
        fax=office.fax if office else "",
        care_manager=plan.care_manager_name if plan else "",
        is_taken=plan is not None and plan.care_manager_id is not None,
        via_center=names.get(plan.via_center_id or 0, "") if plan else "",
        via_center_id=plan.via_center_id if plan else None,
    )
