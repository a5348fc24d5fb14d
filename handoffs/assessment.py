"""A decision that was made for a stay: facts, edition and outcome, never edited.

The one place where the record meets the rules. The edition of the day of
admission governs the whole stay; when a date or a fact changes, the same
edition is asked again and a new row is added.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.calendars import calendars_for
from handoffs.certification import certification_of
from handoffs.consent import consent_of
from handoffs.database import coded
from handoffs.duties import follow
from handoffs.errors import Overtaken
from handoffs.history import Act, record
from handoffs.parties import Actor, Organization, Ward
from handoffs.patients import Patient
from handoffs.plan_office import PlanOffice, plan_office_of
from handoffs.stay import Destination, Stay
from handoffs.tokyo import day_of
from rules import Coordination, Decision, Edition, Facts, Library, Moments, Party, decide
from rules.kinds import Labelled

_WENT_TO: dict[Destination | None, str] = {
    Destination.HOME: "home",
    Destination.SPECIFIED_FACILITY: "facility",
    Destination.GROUP_HOME: "facility",
    Destination.NURSING_HOME: "facility",
    Destination.HEALTH_FACILITY: "facility",
    Destination.MEDICAL_FACILITY: "facility",
    Destination.DISABILITY_FACILITY: "facility",
    Destination.OTHER_HOSPITAL: "other_hospital",
}
"""The fact `destination` for those who have left; who left for elsewhere leaves it open."""


class Occasion(Labelled):
    """Why a decision was made."""

    ADMISSION = "admission", "入院の登録"
    ASSESSMENT = "assessment", "判定項目の入力"
    CHANGE = "change", "記録の変更"


class Assessment(SQLModel, table=True):
    """One decision. `facts` are the coded facts as given, `outcome` is what the rules said.

    `judged_by` and `made_at` are the who and when of every human judgement among
    the facts.
    """

    __tablename__ = "assessment"

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    occasion: Occasion = Field(sa_type=coded(Occasion, "assessment_occasion"))
    region: str = Field(max_length=40)
    edition_in_force: str = Field(max_length=10)
    edition_digest: str = Field(max_length=64)
    facts: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    coordination: Coordination = Field(sa_type=coded(Coordination, "coordination"))
    excluded: bool = Field(default=False)
    outcome: dict[str, object] = Field(default_factory=dict, sa_type=sa.JSON)
    made_at: datetime
    judged_by: int | None = Field(default=None, foreign_key="staff.id")


@dataclass(frozen=True)
class Standpoint:
    """What a decision about a stay is made from."""

    edition: Edition
    facts: Facts
    moments: Moments


def assessment_of(session: Session, stay_id: int) -> Assessment | None:
    """The latest decision of a stay."""
    return session.exec(
        select(Assessment)
        .where(Assessment.stay_id == stay_id)
        .order_by(col(Assessment.id).desc())
        .limit(1)
    ).first()


def assess(
    session: Session,
    stay: Stay,
    ticked: Mapping[str, str],
    *,
    library: Library,
    by: Actor | None,
    now: datetime,
    occasion: Occasion = Occasion.ASSESSMENT,
    version: int | None = None,
) -> Decision:
    """Decide about a stay, keep the decision, and bring its handoffs in line.

    `ticked` are the answers of the assessment page; what the record itself knows
    (level, application, insured category, plan office, consent) is added and
    wins. `version` is that of the stay as the screen showed it; Overtaken is raised
    if it changed since. Raises FactError for a word that the edition does not know and NoEdition
    where no agreement was in force on the day of admission.
    """
    if version is not None and version != stay.version:
        raise Overtaken
    if occasion is Occasion.ASSESSMENT:
        stay.version += 1
    session.flush()  # Once, so that none of the questions below has to look for changes.
    with session.no_autoflush:
        plan = plan_office_of(session, stay.id)
        here = standpoint(session, stay, ticked, plan=plan, library=library, now=now)
        hospital = session.get_one(Organization, stay.hospital_id)
        office = (
            session.get(Organization, plan.organization_id)
            if plan is not None and plan.organization_id is not None
            else None
        )
        decision = decide(
            here.edition,
            here.facts,
            here.moments,
            calendars_for(hospital, office, stay.admitted_on, _last_day(here.moments)),
        )
        session.add(_row(stay, here, decision, occasion=occasion, by=by, now=now))
        record(
            session,
            by,
            Act.STAY_ASSESS,
            now=now,
            stay_id=stay.id,
            detail={
                "occasion": occasion.value,
                "coordination": decision.coordination.value,
                "edition": here.edition.digest,
            },
        )
        stopped = stay.wants_no_contact or stay.destination is Destination.DEATH
        follow(
            session,
            stay,
            () if stopped else decision.handoffs,
            receivers=_receivers(stay, plan),
            by=by,
            now=now,
        )
    return decision


def reassess(
    session: Session, stay: Stay, *, library: Library, by: Actor | None, now: datetime
) -> Decision:
    """Ask the same edition again after something in the record changed."""
    last = assessment_of(session, stay.id)
    known = library.in_force(stay.region, stay.admitted_on).vocabulary
    return assess(
        session,
        stay,
        {key: value for key, value in last.facts.items() if key in known} if last else {},
        library=library,
        by=by,
        now=now,
        occasion=Occasion.CHANGE,
    )


def standpoint(
    session: Session,
    stay: Stay,
    ticked: Mapping[str, str],
    *,
    plan: PlanOffice | None,
    library: Library,
    now: datetime,
) -> Standpoint:
    """Put together edition, facts and moments of a stay."""
    edition = library.in_force(stay.region, stay.admitted_on)
    derived = derived_facts(session, stay, plan)
    return Standpoint(
        edition=edition,
        facts=Facts.of({**ticked, **derived}, edition.vocabulary),
        moments=Moments(
            admitted_on=stay.admitted_on,
            admitted_time=stay.admitted_time,
            planned_discharge_on=stay.planned_discharge_on,
            discharged_on=stay.discharged_on,
            need_seen_on=_need_seen_on(session, stay, now),
        ),
    )


def _need_seen_on(session: Session, stay: Stay, now: datetime) -> date:
    """The day on which the need was first decided; asking again does not move it."""
    first = session.exec(
        select(Assessment.made_at)
        .where(Assessment.stay_id == stay.id, Assessment.coordination == Coordination.REQUIRED)
        .order_by(col(Assessment.id))
        .limit(1)
    ).first()
    return day_of(first or now)


def _last_day(moments: Moments) -> date:
    """The latest day from which something may be counted; stays can last for years."""
    days = (moments.planned_discharge_on, moments.discharged_on, moments.need_seen_on)
    return max(moments.admitted_on, *(day for day in days if day is not None))


def derived_facts(session: Session, stay: Stay, plan: PlanOffice | None) -> dict[str, str]:
    """The facts that the record knows by itself; the person is not among them."""
    certification = certification_of(session, stay.id)
    consent = consent_of(session, stay.id)
    facts = {
        "care_manager": plan.status.value if plan else "unknown",
        "consent_to_contact": consent.answer.value if consent else "unknown",
    }
    if stay.wants_no_contact:
        facts["consent_to_contact"] = "withheld"
    if certification is not None:
        facts |= {
            "care_level": certification.level.value,
            "application": certification.application.value,
            "insured_category": certification.insured_category.value,
        }
    return facts | _whereabouts(session, stay)


def _whereabouts(session: Session, stay: Stay) -> dict[str, str]:
    """What the record knows of the ward, the home and the way out; what it does not is asked."""
    ward = session.get_one(Ward, stay.ward_id)
    home = session.get_one(Patient, stay.patient_id).in_region
    facts = {"ward_kind": ward.kind.value, "hospital_area": "in_area"}
    if home is not None:
        facts["home_area"] = "in_area" if home else "out_of_area"
    if stay.destination in _WENT_TO:
        facts["destination"] = _WENT_TO[stay.destination]
    return facts


def _receivers(stay: Stay, plan: PlanOffice | None) -> dict[Party, int]:
    receivers = {Party.HOSPITAL: stay.hospital_id}
    if plan is not None and plan.organization_id is not None:
        receivers[Party.CARE_MANAGER] = plan.organization_id
    if stay.center_id is not None:
        receivers[Party.COMMUNITY_SUPPORT_CENTER] = stay.center_id
    return receivers


def _row(
    stay: Stay,
    here: Standpoint,
    decision: Decision,
    *,
    occasion: Occasion,
    by: Actor | None,
    now: datetime,
) -> Assessment:
    return Assessment(
        stay_id=stay.id,
        occasion=occasion,
        region=here.edition.region,
        edition_in_force=str(here.edition.in_force),
        edition_digest=here.edition.digest,
        facts=dict(here.facts.given),
        coordination=decision.coordination,
        excluded=bool(decision.excluded_by) and decision.coordination is Coordination.NOT_REQUIRED,
        outcome=decision.as_json(),
        made_at=now,
        judged_by=by.staff_id if by else None,
    )
