"""Which step of the ladder holds at a moment: a decision without a database and without a clock."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.handoff import Handoff
from handoffs.stays.stay import Destination, Stay
from handoffs.telling.ladder import LADDER, STALE, Anchor, Step
from handoffs.telling.outbox import Reason
from handoffs.telling.reminder import due_now, silence
from handoffs.telling.working_hours import Hours, hours_of
from handoffs.tokyo import TOKYO, late_from
from rules import HandoffKind, Party, Standing

FRIDAY = date(2026, 11, 20)
HOURS = hours_of(None, FRIDAY)


def owed(due_on: date | None = FRIDAY, **columns: Any) -> Handoff:  # noqa: ANN401 - a row.
    given: dict[str, Any] = {
        "stay_id": 1,
        "rule_id": "rule",
        "kind": HandoffKind.DISCHARGE_NOTICE,
        "sender": Party.HOSPITAL,
        "receiver": Party.CARE_MANAGER,
        "standing": Standing.REQUIRED,
        "text": "退院の連絡",
        "source": "見本",
        "due_on": due_on,
        "due_at": late_from(due_on) if due_on else None,
        "opened_at": datetime(2026, 11, 10, tzinfo=UTC),
    }
    return Handoff(**(given | columns))


def tokyo(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TOKYO)


def step(handoff: Handoff, now: datetime, *, beyond: bool = False) -> Step | None:
    due = due_now(handoff, now=now, hours=HOURS, beyond_office=beyond)
    return due.rung.step if due else None


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (tokyo(18, 23, 59), None),
        (tokyo(19, 0), Step.DUE_SOON),
        (tokyo(19, 23, 59), Step.DUE_SOON),
        (tokyo(20, 0), Step.LAST_DAY),
        (tokyo(21, 0), Step.OVERDUE),
        (tokyo(23, 12), Step.OVERDUE),  # Monday is 勤労感謝の日: no open day has passed yet.
        (tokyo(24, 17), Step.OVERDUE),  # On Tuesday the person is told.
        (tokyo(25, 9), Step.OVERDUE_OFFICE),
        (tokyo(30, 9), Step.OVERDUE_OFFICE),
        (late_from(FRIDAY) + STALE, None),
    ],
)
def test_the_ladder_of_what_is_due_on_a_friday(now: datetime, told: Step | None) -> None:
    assert step(owed(), now) is told


def test_beyond_the_office_only_where_the_council_switched_it_on() -> None:
    assert step(owed(), tokyo(26, 9)) is Step.OVERDUE_OFFICE
    assert step(owed(), tokyo(26, 9), beyond=True) is Step.OVERDUE_LEAD
    assert step(owed(), tokyo(30, 9), beyond=True) is Step.OVERDUE_REGION
    assert {r.step for r in LADDER if r.by_council} == {Step.OVERDUE_LEAD, Step.OVERDUE_REGION}


def test_what_was_sent_waits_for_the_receiver_alone() -> None:
    sent = owed(sent_at=tokyo(19, 14))

    assert step(sent, tokyo(19, 14)) is Step.ARRIVED
    assert step(sent, tokyo(20, 9)) is Step.ARRIVED_AGAIN
    assert step(sent, tokyo(24, 9)) is Step.ARRIVED_OFFICE


@pytest.mark.parametrize(
    "columns",
    [
        {"confirmed_at": tokyo(19, 1), "sent_at": tokyo(19, 1)},
        {"waived_at": tokyo(19, 1)},
        {"withdrawn_at": tokyo(19, 1)},
        {"paused_at": tokyo(19, 1)},
        {"before_notice": True},
        {"standing": Standing.UNDETERMINED},
        {"due_on": None, "due_at": None},
    ],
)
def test_nothing_is_said_where_nobody_omits_anything(columns: dict[str, Any]) -> None:
    handoff = owed(**columns)

    assert {step(handoff, tokyo(day, 12), beyond=True) for day in range(10, 30)} == {None}


def test_short_notice_is_told_at_once_and_never_as_late() -> None:
    at_once = owed(short_notice=True, opened_at=tokyo(20, 15))

    assert step(at_once, tokyo(20, 14)) is None
    assert step(at_once, tokyo(20, 15)) is Step.AT_ONCE
    assert step(at_once, tokyo(27, 15), beyond=True) is Step.AT_ONCE


def test_a_declined_handoff_is_its_senders_turn_again() -> None:
    declined = owed(sent_at=tokyo(19, 14), declined_at=tokyo(20, 10))

    assert step(declined, tokyo(20, 10)) is Step.DECLINED


def test_an_acknowledgement_pauses_and_expires() -> None:
    until = tokyo(25, 9)

    def told(now: datetime) -> Step | None:
        due = due_now(owed(), now=now, hours=HOURS, acknowledged_until=until)
        return due.rung.step if due else None

    assert told(until - timedelta(seconds=1)) is None
    assert told(until) is Step.TAKEN_UP_OVER


@pytest.mark.parametrize(
    ("stay", "handoff", "withheld", "why"),
    [
        ({"destination": Destination.DEATH, "discharged_on": FRIDAY}, {}, False, Reason.DIED),
        ({"cancelled_at": tokyo(20, 1)}, {}, False, Reason.CANCELLED_STAY),
        ({"wants_no_contact": True}, {}, False, Reason.NO_CONTACT),
        ({}, {}, True, Reason.CONSENT_WITHHELD),
        ({}, {"paused_at": tokyo(20, 1)}, False, Reason.ON_LEAVE),
        ({}, {"withdrawn_at": tokyo(20, 1)}, False, Reason.WITHDRAWN),
        ({}, {"waived_at": tokyo(20, 1)}, False, Reason.NOTHING_LEFT),
        (
            {"destination": Destination.HOME, "discharged_on": FRIDAY},
            {"kind": HandoffKind.ADMISSION_INFORMATION},
            False,
            Reason.LEFT,
        ),
        ({"destination": Destination.HOME, "discharged_on": FRIDAY}, {}, False, None),
        ({}, {}, False, None),
    ],
)
def test_what_silences_every_reminder(
    *, stay: dict[str, Any], handoff: dict[str, Any], withheld: bool, why: Reason | None
) -> None:
    given: dict[str, Any] = {"admitted_on": FRIDAY, "wants_no_contact": False}

    assert silence(Stay(**(given | stay)), owed(**handoff), consent_withheld=withheld) is why


@given(
    due_in=st.integers(-20, 20),
    minutes=st.integers(0, 60 * 24 * 40),
    sent=st.booleans(),
    beyond=st.booleans(),
)
def test_no_step_is_told_early_and_none_after_it_is_stale(
    *, due_in: int, minutes: int, sent: bool, beyond: bool
) -> None:
    handoff = owed(FRIDAY + timedelta(days=due_in))
    if sent:
        handoff.sent_at = late_from(FRIDAY + timedelta(days=due_in)) - timedelta(days=1)
    now = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    due = due_now(handoff, now=now, hours=HOURS, beyond_office=beyond)

    if due is not None:
        assert due.rung.reached(due.moment, HOURS) <= now < due.moment + STALE
        assert due.rung.earliest <= now - due.moment
        assert beyond or not due.rung.by_council
        assert (due.rung.anchor is Anchor.SENT) == sent


@given(moment=st.datetimes(datetime(2025, 1, 1), datetime(2029, 1, 1)))  # noqa: DTZ001
def test_whoever_is_told_is_at_work(moment: datetime) -> None:
    hours: Hours = hours_of(None, moment.date())
    aware = moment.replace(tzinfo=TOKYO)

    at = hours.next_open(aware)

    assert at >= aware
    assert hours.calendar.is_open(at.date())
    assert 9 <= at.hour < 17
    assert hours.next_open(at) == at


def test_golden_week_is_told_of_on_its_eve_and_a_weekend_is_not() -> None:
    hours = hours_of(None, date(2026, 5, 1))

    assert hours.reopens_after(date(2026, 5, 1)) == date(2026, 5, 7)
    assert hours.reopens_after(date(2026, 5, 2)) is None  # A Saturday: nobody is there to be told.
    assert hours_of(None, FRIDAY).reopens_after(FRIDAY) == date(2026, 11, 24)
    assert hours_of(None, FRIDAY).reopens_after(date(2026, 11, 27)) is None
