import itertools
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from handoffs.database import Database
from handoffs.errors import BadEntry, NotPermitted, Overtaken
from handoffs.handoff import PASSED_ON, SOON, TOPICS, Handoff, State, handoffs_of, state, withdraw
from handoffs.history import Act, Event, events_of
from handoffs.passing import confirm, note_delivered, send
from handoffs.sides import speaks_for
from handoffs.statement import Means, Result, Statement, Topic
from handoffs.tokyo import TOKYO, late_from
from handoffs.waiving import waive
from rules import HandoffKind, Party, Standing
from tests.factories import ADMITTED, make_handoff, make_stay, talked
from tests.people import NOW, Cast

DUE = date(2026, 11, 26)
LATE = late_from(DUE)


def _row(
    *,
    withdrawn: bool = False,
    waived: bool = False,
    confirmed: bool = False,
    declined: bool = False,
    delivered: bool = False,
    sent: bool = False,
    undetermined: bool = False,
    before_notice: bool = False,
    short_notice: bool = False,
    due: date | None = DUE,
) -> Handoff:
    return Handoff(
        stay_id=1,
        rule_id="r",
        kind=HandoffKind.DISCHARGE_NOTICE,
        sender=Party.HOSPITAL,
        receiver=Party.CARE_MANAGER,
        standing=Standing.UNDETERMINED if undetermined else Standing.REQUIRED,
        text="",
        source="",
        due_on=due,
        due_at=late_from(due) if due else None,
        short_notice=short_notice,
        opened_at=NOW,
        before_notice=before_notice,
        sent_at=NOW if sent or delivered else None,
        delivered_at=NOW if delivered else None,
        declined_at=NOW if declined else None,
        confirmed_at=NOW if confirmed else None,
        waived_at=NOW if waived else None,
        withdrawn_at=NOW if withdrawn else None,
    )


MOMENTS = {
    "early": LATE - SOON - timedelta(seconds=1),
    "soon": LATE - SOON,
    "in time": LATE - timedelta(seconds=1),
    "late": LATE,
}


FLAGS = (
    "withdrawn",
    "waived",
    "confirmed",
    "declined",
    "delivered",
    "sent",
    "undetermined",
    "before_notice",
    "short_notice",
)
FIRST = dict(
    zip(
        FLAGS,
        (
            State.WITHDRAWN,
            State.WAIVED,
            State.CONFIRMED,
            State.DECLINED,
            State.DELIVERED,
            State.SENT,
            State.UNDETERMINED,
            State.BEFORE_NOTICE,
            State.AT_ONCE,
        ),
        strict=True,
    )
)
BY_CLOCK = {
    "early": State.WAITING,
    "soon": State.DUE_SOON,
    "in time": State.DUE_SOON,
    "late": State.MISSED,
}


def test_where_a_handoff_stands_is_the_first_of_the_answers_that_holds() -> None:
    for cells in itertools.product([False, True], repeat=len(FLAGS)):
        flags: dict[str, Any] = dict(zip(FLAGS, cells, strict=True))
        happened = next((FIRST[flag] for flag in FLAGS if flags[flag]), None)
        for when, moment in MOMENTS.items():
            assert state(_row(**flags), moment) is (happened or BY_CLOCK[when]), (flags, when)
            assert state(_row(**flags, due=None), moment) is (happened or State.WAITING)


@pytest.mark.parametrize(
    ("tokyo", "expected"),
    [
        (datetime(2026, 11, 24, 23, 59, 59, tzinfo=TOKYO), State.WAITING),
        (datetime(2026, 11, 25, 0, 0, 0, tzinfo=TOKYO), State.DUE_SOON),
        (datetime(2026, 11, 26, 23, 59, 59, tzinfo=TOKYO), State.DUE_SOON),
        (datetime(2026, 11, 27, 0, 0, 0, tzinfo=TOKYO), State.MISSED),
    ],
)
def test_the_last_permitted_day_is_in_time_to_its_last_second_in_tokyo(
    tokyo: datetime, expected: State
) -> None:
    assert state(_row(), tokyo) is expected


def test_only_what_nobody_has_to_touch_again_is_done() -> None:
    assert {s for s in State if s.is_done} == {State.WITHDRAWN, State.WAIVED, State.CONFIRMED}


def test_only_what_is_about_the_discharge_is_counted_as_about_the_discharge() -> None:
    about_discharge = {kind for kind, topic in TOPICS.items() if topic is Topic.DISCHARGE}
    assert about_discharge == {
        HandoffKind.DISCHARGE_NOTICE,
        HandoffKind.DISCHARGE_CONFERENCE,
        HandoffKind.DISCHARGE_INFORMATION,
        HandoffKind.DISCHARGE_DATE,
    }
    for kind in set(HandoffKind) - set(TOPICS):
        assert _row().model_copy(update={"kind": kind}).topic is Topic.OTHER


def test_the_handoffs_of_a_stay_stand_by_the_clock_those_without_a_day_last(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    with database.writing() as session:
        stay = make_stay(session, cast)
        days = [None, date(2026, 12, 2), date(2026, 11, 30)]
        ids = [make_handoff(session, stay, due_on=day).id for day in days]
        assert [h.id for h in handoffs_of(session, stay.id)] == [ids[2], ids[1], ids[0]]


def test_a_handoff_that_was_passed_on_says_who_when_and_how(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        entry = talked(counterpart="計画 そうた", content="来週退院の見込み")
        send(session, stay, handoff, entry, by=cast.ward_nurse, now=NOW)
        session.flush()
        assert (handoff.sent_at, handoff.sent_by) == (NOW, cast.ward_nurse.staff_id)
        assert (handoff.confirmed_at, handoff.version) == (None, 2)
        said = session.exec(select(Statement)).one()
        assert (said.handoff_id, said.topic, said.counterpart) == (
            handoff.id,
            Topic.DISCHARGE,
            "計画 そうた",
        )
        acts = [event.act for event in events_of(session, stay.id)]
        assert acts == [Act.STATEMENT_MAKE, Act.HANDOFF_SEND]


@pytest.mark.parametrize("result", sorted(set(Result) - PASSED_ON))
def test_an_attempt_or_a_denial_is_kept_and_leaves_the_handoff_open(
    database: Database, cast: Cast, result: Result
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        send(session, stay, handoff, talked(result=result), by=cast.ward_nurse, now=NOW)
        session.flush()
        assert (handoff.sent_at, handoff.version) == (None, 1)
        assert session.exec(select(Statement)).one().result is result
        assert [e.act for e in session.exec(select(Event))] == [Act.STATEMENT_MAKE]


@pytest.mark.parametrize("result", sorted(PASSED_ON))
def test_what_was_said_met_or_sent_passes_it_on(
    database: Database, cast: Cast, result: Result
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        send(session, stay, handoff, talked(result=result), by=cast.ward_nurse, now=NOW)
        assert handoff.sent_at == NOW


def test_sending_again_keeps_the_first_moment_and_adds_the_second_contact(
    database: Database, cast: Cast
) -> None:
    later = NOW + timedelta(days=1)
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        send(session, stay, handoff, talked(), by=cast.ward_nurse, now=NOW)
        send(session, stay, handoff, talked(), by=cast.discharge_nurse, now=later)
        assert (handoff.sent_at, handoff.sent_by) == (NOW, cast.ward_nurse.staff_id)
        assert len(session.exec(select(Statement)).all()) == 2


def test_advice_to_the_family_is_done_when_it_is_given(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        advice = make_handoff(
            session, stay, kind=HandoffKind.REFERRAL, receiver=Party.PERSON_OR_FAMILY
        )
        entry = talked(means=Means.IN_PERSON, result=Result.ADVISED)
        send(session, stay, advice, entry, by=cast.ward_nurse, now=NOW)
        assert state(advice, NOW) is State.CONFIRMED
        assert advice.confirmed_by == cast.ward_nurse.staff_id


def test_a_contact_before_the_admission_is_another_stays_unless_it_announced_the_admission(
    database: Database, cast: Cast
) -> None:
    before = ADMITTED - timedelta(days=1)
    with database.writing() as session:
        stay = make_stay(session, cast)
        notice = make_handoff(session, stay, kind=HandoffKind.ADMISSION_NOTICE)
        send(session, stay, notice, talked(before), by=cast.ward_nurse, now=NOW)
        discharge = make_handoff(session, stay)
        with pytest.raises(BadEntry) as refused:
            send(session, stay, discharge, talked(before), by=cast.ward_nurse, now=NOW)
        assert set(refused.value.fields) == {"happened_on"}
        with pytest.raises(BadEntry):
            confirm(session, stay, discharge, received_on=before, by=cast.care_manager, now=NOW)
        assert discharge.sent_at is None


def test_nothing_can_be_passed_on_or_received_tomorrow(database: Database, cast: Cast) -> None:
    tomorrow = ADMITTED + timedelta(days=1)
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        with pytest.raises(BadEntry):
            send(session, stay, handoff, talked(tomorrow), by=cast.ward_nurse, now=NOW)
        with pytest.raises(BadEntry):
            confirm(session, stay, handoff, received_on=tomorrow, by=cast.care_manager, now=NOW)
        assert (handoff.sent_at, handoff.confirmed_at, handoff.version) == (None, None, 1)


def test_a_receipt_is_confirmed_once_and_a_second_time_changes_nothing(
    database: Database, cast: Cast
) -> None:
    later = NOW + timedelta(hours=1)
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        send(session, stay, handoff, talked(), by=cast.ward_nurse, now=NOW)
        confirm(session, stay, handoff, received_on=ADMITTED, by=cast.care_manager, now=NOW)
        once = handoff.model_dump()
        events = len(events_of(session, stay.id))
        confirm(session, stay, handoff, received_on=ADMITTED, by=cast.colleague, now=later)
        assert handoff.model_dump() == once
        assert len(events_of(session, stay.id)) == events
        assert handoff.confirmed_by == cast.care_manager.staff_id


def test_what_arrived_without_being_written_down_counts_as_sent(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        confirm(session, stay, handoff, received_on=ADMITTED, by=cast.care_manager, now=NOW)
        assert (handoff.sent_at, handoff.sent_by) == (NOW, None)
        assert state(handoff, NOW) is State.CONFIRMED
        assert session.exec(select(Statement)).one().result is Result.RECEIVED


@pytest.mark.parametrize(
    ("sender", "receiver", "may_send", "may_confirm"),
    [
        (Party.HOSPITAL, Party.CARE_MANAGER, {"ward_nurse"}, {"care_manager", "colleague"}),
        (Party.CARE_MANAGER, Party.HOSPITAL, {"care_manager", "colleague"}, {"ward_nurse"}),
        (
            Party.HOSPITAL,
            Party.COMMUNITY_SUPPORT_CENTER,
            {"ward_nurse"},
            {"care_manager", "colleague", "center_staff"},
        ),
        (Party.HOSPITAL, Party.PERSON_OR_FAMILY, {"ward_nurse"}, set()),
        (Party.MUNICIPALITY, Party.NEXT_HOSPITAL, set(), set()),
    ],
)
def test_each_act_belongs_to_one_side(
    database: Database,
    cast: Cast,
    sender: Party,
    receiver: Party,
    may_send: set[str],
    may_confirm: set[str],
) -> None:
    people = ["ward_nurse", "care_manager", "colleague", "center_staff", "outsider"]
    people += ["other_center_staff", "health_officer"]
    with database.writing() as session:
        stay = make_stay(
            session, cast, center_id=cast.center_id, via_center_id=cast.other_center_id
        )
        for name in people:
            by = cast.people[name]
            handoff = make_handoff(session, stay, sender=sender, receiver=receiver)
            assert speaks_for(session, by, stay, sender) == (name in may_send), name
            assert speaks_for(session, by, stay, receiver) == (name in may_confirm), name
            if name not in may_send:
                with pytest.raises(NotPermitted, match="送る側"):
                    send(session, stay, handoff, talked(), by=by, now=NOW)
                with pytest.raises(NotPermitted, match="送る側"):
                    waive(session, handoff, reason="不要", by=by, now=NOW)
            if name not in may_confirm:
                with pytest.raises(NotPermitted, match="受け取る側"):
                    confirm(session, stay, handoff, received_on=ADMITTED, by=by, now=NOW)
            assert handoff.version == 1
        assert session.exec(select(Statement)).all() == []


def test_somebody_for_whom_nobody_plans_has_no_plan_office_that_could_speak(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        stay_without = stay.model_copy(update={"id": 999_999})
        assert not speaks_for(session, cast.care_manager, stay_without, Party.CARE_MANAGER)


@pytest.mark.parametrize("reason", ["", "   ", "　", "長" * 201])
def test_a_handoff_is_waived_only_for_a_reason_that_fits(
    database: Database, cast: Cast, reason: str
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        with pytest.raises(BadEntry) as refused:
            waive(session, handoff, reason=reason, by=cast.ward_nurse, now=NOW)
        assert set(refused.value.fields) == {"reason"}
        assert handoff.waived_at is None


def test_a_waived_handoff_keeps_its_reason_and_can_no_longer_be_passed_on(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        waive(session, handoff, reason=" 同じ日に面会した ", by=cast.ward_nurse, now=NOW)
        assert (handoff.waived_reason, handoff.version) == ("同じ日に面会した", 2)
        session.flush()
        assert "面会" not in str([e.detail for e in events_of(session, stay.id)])
        nurse, manager = cast.ward_nurse, cast.care_manager
        with pytest.raises(NotPermitted, match="最新の画面"):
            send(session, stay, handoff, talked(), by=nurse, now=NOW)
        with pytest.raises(NotPermitted, match="最新の画面"):
            confirm(session, stay, handoff, received_on=ADMITTED, by=manager, now=NOW)
        with pytest.raises(NotPermitted, match="最新の画面"):
            waive(session, handoff, reason="再度", by=nurse, now=NOW)
        assert handoff.version == 2


def test_a_withdrawn_handoff_stays_and_can_no_longer_be_passed_on(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        withdraw(session, handoff, by=None, now=NOW)
        with pytest.raises(NotPermitted):
            send(session, stay, handoff, talked(), by=cast.ward_nurse, now=NOW)
        assert handoffs_of(session, stay.id) == [handoff]
        assert [e.act for e in events_of(session, stay.id)] == [Act.HANDOFF_WITHDRAW]


@pytest.mark.parametrize(
    ("days", "late"), [(-1, False), (0, False), (1, True)], ids=["before", "last day", "after"]
)
def test_what_was_passed_on_after_the_last_day_is_done_late_and_still_done(
    database: Database, cast: Cast, days: int, *, late: bool
) -> None:
    later = NOW + timedelta(days=30)
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        assert handoff.due_on is not None
        day = handoff.due_on + timedelta(days=days)
        send(session, stay, handoff, talked(day), by=cast.ward_nurse, now=later)
        confirm(session, stay, handoff, received_on=day, by=cast.care_manager, now=later)
        assert (handoff.passed_on, handoff.is_done_late) == (day, late)
        assert state(handoff, later) is State.CONFIRMED


def test_a_receipt_on_an_earlier_day_than_the_record_of_sending_counts(
    database: Database, cast: Cast
) -> None:
    later = NOW + timedelta(days=30)
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        assert handoff.due_on is not None
        after = handoff.due_on + timedelta(days=2)
        send(session, stay, handoff, talked(after), by=cast.ward_nurse, now=later)
        confirm(session, stay, handoff, received_on=ADMITTED, by=cast.care_manager, now=later)
        assert (handoff.passed_on, handoff.is_done_late) == (ADMITTED, False)


@pytest.mark.parametrize("flag", ["short_notice", "before_notice"])
def test_what_nobody_could_know_in_time_is_never_done_late(flag: str) -> None:
    row = _row(sent=True, short_notice=flag == "short_notice", before_notice=flag != "short_notice")
    row.passed_on = DUE + timedelta(days=9)
    assert not row.is_done_late


def test_a_second_tab_that_saw_an_earlier_state_sends_nothing(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        send(session, stay, handoff, talked(), by=cast.ward_nurse, now=NOW, version=1)
        with pytest.raises(Overtaken):
            send(session, stay, handoff, talked(), by=cast.ward_nurse, now=NOW, version=1)
        assert len(session.exec(select(Statement)).all()) == 1


def test_only_what_was_sent_can_be_reported_as_delivered_and_only_once(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        note_delivered(session, handoff, at=NOW, now=NOW)
        assert handoff.delivered_at is None
        send(session, stay, handoff, talked(result=Result.SENT), by=cast.ward_nurse, now=NOW)
        for minutes in (1, 2):
            at = NOW + timedelta(minutes=minutes)
            note_delivered(session, handoff, at=at, now=at)
        assert handoff.delivered_at == NOW + timedelta(minutes=1)
        assert state(handoff, NOW) is State.DELIVERED
        session.flush()
        acts = [event.act for event in events_of(session, stay.id)]
        assert acts.count(Act.HANDOFF_DELIVER) == 1
