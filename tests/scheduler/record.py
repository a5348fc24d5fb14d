"""A small record for the clock's tests: one stay, and as many handoffs as a test needs."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, select

from handoffs.handoff import Handoff
from handoffs.history import Act, Event
from handoffs.overdue_flag import OverdueFlag
from handoffs.parties import (
    Actor,
    Organization,
    OrganizationKind,
    Role,
    Staff,
    Ward,
    WardKind,
    actor_of,
)
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry
from handoffs.stays.admission import AdmissionEntry, admit
from handoffs.stays.certification import CareNeedLevel
from handoffs.stays.stay import PlannedCertainty, Stay
from handoffs.tokyo import TOKYO, late_from
from rules import HandoffKind, Library, Party, Standing
from tests.conftest import MARK

NOW = datetime(2026, 11, 20, 10, tzinfo=TOKYO)
DUE = date(2026, 11, 18)
AN_HOUR = timedelta(hours=1)


def nurse(session: Session) -> tuple[Actor, Ward, Organization]:
    """A hospital with one ward, its nurse, and an office."""
    hospital = Organization(kind=OrganizationKind.HOSPITAL, region="mihon", name="見本病院")
    office = Organization(
        kind=OrganizationKind.CARE_SUPPORT_OFFICE, region="mihon", name="見本居宅"
    )
    session.add_all([hospital, office])
    session.flush()
    ward = Ward(hospital_id=hospital.id, name="3東", kind=WardKind.GENERAL)
    staff = Staff(
        organization_id=hospital.id,
        role=Role.WARD_NURSE,
        name=f"見本 {MARK}",
        sign_in_name="nurse",
        password_hash="x",
    )
    session.add_all([ward, staff])
    session.flush()
    actor = actor_of(session, staff.id)
    assert actor is not None
    return actor, ward, office


def admitted(
    session: Session, library: Library, *, planned: date | None, now: datetime = NOW
) -> tuple[Actor, Stay]:
    """Somebody with a care manager, admitted on the day of `now`."""
    actor, ward, office = nurse(session)
    entry = AdmissionEntry(
        name=f"見本 {MARK}",
        kana="ミホン シメイヒ",
        birth_on=date(1940, 1, 1),
        admitted_on=now.date(),
        ward_id=ward.id,
        care_level=CareNeedLevel.CARE_2,
        plan=PlanEntry(status=PlanStatus.ASSIGNED, organization_id=office.id),
        planned_discharge_on=planned,
        planned_certainty=PlannedCertainty.FIXED if planned else PlannedCertainty.UNDECIDED,
    )
    return actor, admit(session, entry, library=library, by=actor, now=now)


def stay_without_handoffs(session: Session, library: Library) -> Stay:
    """A stay whose own handoffs are taken back, so that a test counts only its own."""
    _, stay = admitted(session, library, planned=None)
    for handoff in session.exec(select(Handoff)):
        handoff.withdrawn_at = NOW
    return stay


def owe(
    session: Session,
    stay: Stay,
    count: int = 1,
    *,
    due_on: date | None = DUE,
    standing: Standing = Standing.REQUIRED,
    short_notice: bool = False,
    sent_at: datetime | None = None,
    waived_at: datetime | None = None,
    withdrawn_at: datetime | None = None,
) -> list[Handoff]:
    """Open handoffs that were due on a day."""
    already = session.exec(select(func.count(col(Handoff.id)))).one()
    handoffs = [
        Handoff(
            stay_id=stay.id,
            rule_id=f"rule-{already + number}",
            kind=HandoffKind.DISCHARGE_NOTICE,
            sender=Party.HOSPITAL,
            receiver=Party.CARE_MANAGER,
            standing=standing,
            text="退院の連絡",
            source="見本",
            due_on=due_on,
            due_at=late_from(due_on) if due_on else None,
            short_notice=short_notice,
            opened_at=NOW,
            sent_at=sent_at,
            waived_at=waived_at,
            withdrawn_at=withdrawn_at,
        )
        for number in range(count)
    ]
    session.add_all(handoffs)
    session.flush()
    return handoffs


def flags(session: Session) -> Sequence[OverdueFlag]:
    """Every flag, in the order in which they were set."""
    return session.exec(select(OverdueFlag).order_by(col(OverdueFlag.id))).all()


def events(session: Session, act: Act) -> Sequence[Event]:
    """Every event of one kind, oldest first."""
    return session.exec(select(Event).where(Event.act == act).order_by(col(Event.id))).all()
