"""The eve of three or more closed days: what falls due in them, and who is to be discharged then.

On the last open day before, from its opening on, each person in charge is told how many handoffs
fall due until work goes on, and how many discharges are planned for the days between: for a
discharge nobody may owe anything any more, and it still happens while nobody is there to ask.
Whatever is planned later on that day is told by the handoffs that it brings.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlmodel import Session, col, select

from handoffs.database import Database
from handoffs.handoff import Handoff
from handoffs.parties import Organization
from handoffs.plan_office import plan_office_of
from handoffs.stays.stay import Stay, is_registered
from handoffs.telling.ladder import Step, Whom
from handoffs.telling.mailbox import Reach
from handoffs.telling.outbox import Purpose, Recipient
from handoffs.telling.quiet import is_away, may_not_be_told, quiet
from handoffs.telling.recipients import in_charge_at, recipient_of, side_of_handoff
from handoffs.telling.reminded import Reminder
from handoffs.telling.saying import Saying, announce, tell
from handoffs.telling.working_hours import Hours, hours_of
from handoffs.tokyo import day_of, late_from, start_of
from rules import Standing

Closing = Mapping[int, tuple[Hours, date]]
"""The organizations that are about to close: their hours, and the day on which work goes on."""


def remind_before_closure(database: Database, now: datetime, reach: Reach) -> int:
    """Write what is to be told of before a long closure; how many steps and messages were new."""
    with database.reading() as session:
        closing = _closing(session.exec(select(Organization)).all(), now)
    if not closing:
        return 0
    with database.writing() as session:
        sayings = (
            _saying(session, one, closing, now, reach) for one in _due(session, closing, now)
        )
        new = tell(session, (s for s in sayings if s is not None), now=now, reach=reach)
        leaving = _discharges(session, closing, now, reach)
        for to in sorted(leaving, key=lambda one: one.code):
            hours, _ = closing[to.organization_id]
            new += announce(session, to, Purpose.CLOSED_DAYS, hours=hours, now=now, reach=reach)
        return new


def discharges_meanwhile(session: Session, to: Recipient, *, now: datetime, reach: Reach) -> int:
    """How many discharges of a recipient are planned for a closure that begins after today."""
    organization = session.get(Organization, to.organization_id)
    closing = _closing([organization] if organization is not None else [], now)
    return _discharges(session, closing, now, reach)[to] if closing else 0


def _closing(organizations: Iterable[Organization], now: datetime) -> Closing:
    """Those of some organizations that are open now and close for long after today."""
    return {
        organization.id: (hours, reopens)
        for organization in organizations
        if (hours := _hours_now(organization, now)) is not None
        and (reopens := hours.reopens_after(day_of(now))) is not None
    }


def _hours_now(organization: Organization, now: datetime) -> Hours | None:
    """The hours of an organization that is open now; None for one that is not.

    Hours that cannot be read tell of no closure; the reminders about its handoffs say so aloud.
    """
    try:
        hours = hours_of(organization, day_of(now))
    except ValueError:
        return None
    return hours if hours.next_open(now) == now else None


def _due(session: Session, closing: Closing, now: datetime) -> list[Handoff]:
    """What falls due until the last of them is back, and was not told of yet."""
    latest = max(reopens for _, reopens in closing.values())
    told = select(Reminder.id).where(
        Reminder.handoff_id == Handoff.id,
        Reminder.moment == Handoff.due_at,
        Reminder.step == Step.CLOSED_DAYS,
        col(Reminder.redirected).is_(False),
    )
    return list(
        session.exec(
            select(Handoff)
            .where(
                col(Handoff.due_at) > late_from(day_of(now)),
                col(Handoff.due_at) <= start_of(latest),
                col(Handoff.sent_at).is_(None),
                col(Handoff.waived_at).is_(None),
                col(Handoff.withdrawn_at).is_(None),
                col(Handoff.before_notice).is_(False),
                Handoff.standing == Standing.REQUIRED,
                ~told.exists(),
            )
            .order_by(col(Handoff.id))
        )
    )


def _saying(
    session: Session, handoff: Handoff, closing: Closing, now: datetime, reach: Reach
) -> Saying | None:
    stay = session.get_one(Stay, handoff.stay_id)
    side = side_of_handoff(session, stay, handoff, handoff.sender)
    if side is None or side not in closing or handoff.due_at is None:
        return None
    if quiet(session, stay, handoff) is not None:
        return None
    hours, reopens = closing[side]
    if handoff.due_at > start_of(reopens):
        return None
    to = recipient_of(session, stay, handoff, Whom.PERSON, reach=reach, today=day_of(now))
    return Saying(
        handoff_id=handoff.id,
        moment=handoff.due_at,
        step=Step.CLOSED_DAYS,
        to=to,
        purpose=Purpose.CLOSED_DAYS,
        sender_id=side,
        hours=hours,
    )


def _discharges(
    session: Session, closing: Closing, now: datetime, reach: Reach
) -> Counter[Recipient]:
    """How many discharges each person in charge has in the days between.

    On both sides; the plan office only where the person has nothing against its being told.
    """
    found: Counter[Recipient] = Counter()
    latest = max(reopens for _, reopens in closing.values())
    stays = session.exec(
        select(Stay)
        .where(
            col(Stay.planned_discharge_on) > day_of(now),
            col(Stay.planned_discharge_on) < latest,
            col(Stay.discharged_on).is_(None),
            is_registered(),
        )
        .order_by(col(Stay.id))
    )
    for stay in stays:
        if is_away(session, stay):
            continue
        for side in _sides(session, stay) & closing.keys():
            _, reopens = closing[side]
            if stay.planned_discharge_on is None or stay.planned_discharge_on >= reopens:
                continue
            to = in_charge_at(session, stay, side, reach=reach, today=day_of(now))
            if to is not None:
                found[to] += 1
    return found


def _sides(session: Session, stay: Stay) -> set[int]:
    plan = plan_office_of(session, stay.id)
    if plan is None or plan.organization_id is None:
        return {stay.hospital_id}
    if stay.wants_no_contact or may_not_be_told(session, stay, plan.organization_id):
        return {stay.hospital_id}
    return {stay.hospital_id, plan.organization_id}
