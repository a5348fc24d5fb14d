"""Light cases that nobody of the discharge office has been involved in: where handoffs are missed.

要支援1 to 要介護2 leave straight from the ward, often after a few days, and their care manager
hears of it afterwards. They stand on the hospital's board, the shortest stays first.

"The discharge office is involved" (連携室が関わった) means: somebody of this hospital with the role
退院支援看護師, MSW or PSW wrote down a contact about the person, or did something with one of the
handoffs. Registering the admission or being named as the contact is no involvement: the office
types in twenty admissions at once. Read-only.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, select

from handoffs.access import visible_stays
from handoffs.history import Act, Event
from handoffs.parties import Actor, Role, Staff
from handoffs.shown.dossier import Dossier, dossiers_of
from handoffs.shown.task import Person, person_of
from handoffs.stays.certification import CareNeedLevel, Certification
from handoffs.stays.stay import PlannedCertainty, Stay
from handoffs.tokyo import day_of
from rules import Coordination

LIGHT = (
    CareNeedLevel.SUPPORT_1,
    CareNeedLevel.SUPPORT_2,
    CareNeedLevel.CARE_1,
    CareNeedLevel.CARE_2,
)

OFFICE_ROLES = (Role.DISCHARGE_NURSE, Role.SOCIAL_WORKER, Role.PSYCHIATRIC_SOCIAL_WORKER)
"""Who works in the discharge office (連携室)."""

INVOLVING = (
    Act.CONFERENCE_CHOOSE,
    Act.CONFERENCE_PROPOSE,
    Act.HANDOFF_ACKNOWLEDGE,
    Act.HANDOFF_CONFIRM,
    Act.HANDOFF_SEND,
    Act.HANDOFF_WAIVE,
    Act.STATEMENT_MAKE,
)
"""The acts by which somebody is involved."""

SHORT = timedelta(days=7)
"""A stay of up to so many days is marked as short."""


@dataclass(frozen=True)
class LightCase:
    """One person. stay_day: the day of admission counts as 1."""

    person: Person
    ward: str
    care_level: CareNeedLevel
    stay_day: int
    planned_on: date | None
    planned_certainty: PlannedCertainty
    is_short: bool


def light_cases_of(
    session: Session, actor: Actor, *, now: datetime, ward_id: int | None = None
) -> tuple[LightCase, ...]:
    """List the light cases of a hospital without its discharge office, short stays first.

    Whoever wants no contact, and whom the rule leaves out, is not listed. Nothing for an office.
    """
    if not actor.is_hospital:
        return ()
    latest = (
        select(func.max(Certification.id))
        .where(Certification.stay_id == Stay.id)
        .correlate(Stay)
        .scalar_subquery()
    )
    involved = (
        select(Event.id)
        .join(Staff, col(Staff.id) == col(Event.staff_id))
        .where(
            Event.stay_id == Stay.id,
            col(Event.act).in_(INVOLVING),
            col(Staff.role).in_(OFFICE_ROLES),
            Staff.organization_id == actor.organization_id,
        )
    )
    query = (
        visible_stays(actor)
        .join(Certification, col(Certification.id) == latest)
        .where(
            col(Stay.discharged_on).is_(None),
            col(Stay.wants_no_contact).is_(False),
            col(Certification.level).in_(LIGHT),
            ~involved.exists(),
        )
    )
    if ward_id is not None:
        query = query.where(Stay.ward_id == ward_id)
    dossiers = dossiers_of(session, session.exec(query).all())
    today = day_of(now)
    found = [dossier for dossier in dossiers if _is_in_question(dossier)]
    found.sort(key=lambda dossier: (_length(dossier, today), dossier.patient.kana))
    return tuple(_case(dossier, today) for dossier in found)


def _is_in_question(dossier: Dossier) -> bool:
    made = dossier.assessment
    return made is None or made.coordination is not Coordination.NOT_REQUIRED


def _length(dossier: Dossier, today: date) -> timedelta:
    """How long the stay is planned to be; as long as it is by now where nothing is planned."""
    stay = dossier.stay
    return (stay.planned_discharge_on or today) - stay.admitted_on


def _case(dossier: Dossier, today: date) -> LightCase:
    stay = dossier.stay
    level = dossier.certification.level if dossier.certification else CareNeedLevel.UNKNOWN
    return LightCase(
        person=person_of(dossier, today),
        ward=dossier.ward.name,
        care_level=level,
        stay_day=(today - stay.admitted_on).days + 1,
        planned_on=stay.planned_discharge_on,
        planned_certainty=stay.planned_certainty,
        is_short=_length(dossier, today) <= SHORT,
    )
