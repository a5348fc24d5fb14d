from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session

from handoffs.database import Database
from handoffs.duties import follow
from handoffs.handoff import Handoff, State, handoffs_of, state
from handoffs.history import Act, events_of
from handoffs.missed import flag_overdue, flags_of
from handoffs.passing import confirm, send
from handoffs.stays.discharge import (
    DischargeEntry,
    PlannedDischargeEntry,
    discharge,
    plan_discharge,
)
from handoffs.stays.stay import Destination, PlannedCertainty, Stay
from handoffs.tokyo import late_from
from handoffs.waiving import waive
from rules import Duty, HandoffKind, Library, Party, Standing
from tests.factories import ADMITTED, admit_someone, handoff_of, make_stay, talked
from tests.people import NOW, Cast

DUTY = Duty(
    rule_id="notice",
    kind=HandoffKind.DISCHARGE_NOTICE,
    sender=Party.HOSPITAL,
    receiver=Party.CARE_MANAGER,
    standing=Standing.REQUIRED,
    due=date(2026, 12, 3),
    window_from=date(2026, 11, 20),
    preferred=None,
    waits_for=(),
    text="知らせる",
    source="見本 9頁",
    counting="退院予定日の7日前まで",
)


def _follow(
    session: Session,
    stay: Stay,
    *duties: Duty,
    now: datetime = NOW,
    cast: Cast,
    because: tuple[str, ...] = (),
) -> list[Handoff]:
    follow(
        session,
        stay,
        duties,
        handoffs_of(session, stay.id),
        receivers={Party.CARE_MANAGER: cast.office_id},
        because=because,
        by=cast.ward_nurse,
        now=now,
    )
    session.flush()
    return handoffs_of(session, stay.id)


def _acts(session: Session, stay: Stay) -> list[Act]:
    session.flush()
    return [event.act for event in events_of(session, stay.id)]


def _plan(
    session: Session, library: Library, cast: Cast, stay: Stay, on: date | None, now: datetime
) -> None:
    certainty = PlannedCertainty.ABOUT if on else PlannedCertainty.UNDECIDED
    entry = PlannedDischargeEntry(
        planned_discharge_on=on, planned_certainty=certainty, version=stay.version
    )
    plan_discharge(session, stay, entry, library=library, by=cast.ward_nurse, now=now)


def test_what_a_decision_names_is_opened_once_with_its_own_words(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        _follow(session, stay, DUTY, cast=cast)
        (opened,) = _follow(session, stay, DUTY, cast=cast)
        assert (opened.text, opened.source, opened.counting) == (
            DUTY.text,
            DUTY.source,
            DUTY.counting,
        )
        assert (opened.due_on, opened.due_at) == (DUTY.due, late_from(date(2026, 12, 3)))
        assert (opened.receiver_id, opened.opened_at, opened.version) == (cast.office_id, NOW, 1)
        assert _acts(session, stay) == [Act.HANDOFF_OPEN]


def test_a_moved_day_moves_what_is_due_and_the_history_keeps_the_old_one(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        _follow(session, stay, DUTY, cast=cast)
        (moved,) = _follow(session, stay, replace(DUTY, due=date(2026, 12, 10)), cast=cast)
        assert (moved.due_on, moved.version) == (date(2026, 12, 10), 2)
        session.flush()
        event = events_of(session, stay.id)[-1]
        assert event.act is Act.HANDOFF_MOVE
        assert (event.detail["from"], event.detail["to"]) == ("2026-12-03", "2026-12-10")


def test_another_case_of_the_same_rule_gives_a_handoff_other_words(
    database: Database, cast: Cast
) -> None:
    short = replace(
        DUTY, text="急な退院のときは、前日までに", source="見本 10頁", counting="前日まで"
    )
    with database.writing() as session:
        stay = make_stay(session, cast)
        _follow(session, stay, DUTY, cast=cast)
        (reworded,) = _follow(session, stay, short, cast=cast, because=("planned_discharge_on",))
        assert (reworded.text, reworded.source, reworded.counting) == (
            short.text,
            short.source,
            short.counting,
        )
        assert (reworded.due_on, reworded.version) == (DUTY.due, 2)
        event = events_of(session, stay.id)[-1]
        assert event.act is Act.HANDOFF_REWORD
        assert event.detail["because"] == "planned_discharge_on"
        both = replace(DUTY, due=date(2026, 12, 10), preferred=date(2026, 12, 1))
        _follow(session, stay, both, cast=cast, because=("care_level", "mobility"))
        moved = events_of(session, stay.id)[-1]
        assert moved.act is Act.HANDOFF_MOVE
        assert moved.detail["reworded"] is True
        assert moved.detail["because"] == "care_level mobility"
        assert (moved.detail["preferred_from"], moved.detail["preferred_to"]) == (
            None,
            "2026-12-01",
        )


def test_the_same_words_and_days_leave_no_trace(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        _follow(session, stay, DUTY, cast=cast)
        (same,) = _follow(session, stay, DUTY, cast=cast, because=("eating",))
        assert same.version == 1
        assert _acts(session, stay) == [Act.HANDOFF_OPEN]


def test_a_sudden_discharge_for_which_the_paper_gives_no_day_is_work_for_at_once(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        _follow(session, stay, DUTY, cast=cast)
        at_once = replace(DUTY, due=None, short_notice=True)
        (handoff,) = _follow(session, stay, at_once, cast=cast, because=("planned_discharge_on",))
        assert state(handoff, NOW) is State.AT_ONCE
        in_time = replace(DUTY, short_notice=True)
        (handoff,) = _follow(session, stay, in_time, cast=cast, because=("planned_discharge_on",))
        assert not handoff.short_notice, "there is a day, and it is not over"


def test_a_day_that_becomes_open_again_is_due_on_no_day(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        _follow(session, stay, DUTY, cast=cast)
        (moved,) = _follow(session, stay, replace(DUTY, due=None), cast=cast)
        assert (moved.due_on, moved.due_at, moved.short_notice) == (None, None, False)


def test_what_waits_for_a_fact_and_then_does_not_is_the_same_handoff(
    database: Database, cast: Cast
) -> None:
    waiting = replace(DUTY, standing=Standing.UNDETERMINED, waits_for=("mobility", "eating"))
    with database.writing() as session:
        stay = make_stay(session, cast)
        (opened,) = _follow(session, stay, waiting, cast=cast)
        assert state(opened, NOW) is State.UNDETERMINED
        fewer = replace(waiting, waits_for=("eating",))
        (same,) = _follow(session, stay, fewer, cast=cast)
        assert (same.waits_for, same.version) == (["eating"], 1)
        (owed,) = _follow(session, stay, DUTY, cast=cast)
        assert owed.id == opened.id
        assert (owed.standing, owed.waits_for, owed.version) == (Standing.REQUIRED, [], 2)
        assert _acts(session, stay) == [Act.HANDOFF_OPEN, Act.HANDOFF_MOVE]


def test_what_no_longer_applies_is_withdrawn_and_opened_anew_when_it_applies_again(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        _follow(session, stay, DUTY, cast=cast)
        (gone,) = _follow(session, stay, cast=cast)
        assert gone.withdrawn_at == NOW
        both = _follow(session, stay, DUTY, cast=cast)
        assert [h.withdrawn_at for h in both] == [NOW, None]


def test_what_was_sent_is_left_alone_whatever_becomes_of_the_rule(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        (sent,) = _follow(session, stay, DUTY, cast=cast)
        send(session, stay, sent, talked(), by=cast.ward_nurse, now=NOW)
        kept = sent.model_dump()
        _follow(session, stay, replace(DUTY, due=date(2027, 1, 1)), cast=cast)
        _follow(session, stay, cast=cast)
        assert sent.model_dump() == kept


def test_what_was_waived_stays_waived_whatever_becomes_of_the_rule(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        (waived,) = _follow(session, stay, DUTY, cast=cast)
        waive(session, waived, reason="同じ日に面会した", by=cast.ward_nurse, now=NOW)
        kept = waived.model_dump()
        _follow(session, stay, replace(DUTY, due=date(2027, 1, 1)), cast=cast)
        _follow(session, stay, cast=cast)
        assert _follow(session, stay, DUTY, cast=cast) == [waived]
        assert waived.model_dump() == kept


def test_what_is_already_late_when_it_arises_is_work_for_at_once_and_never_a_miss(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        yesterday = ADMITTED - timedelta(days=1)
        (short,) = _follow(session, stay, replace(DUTY, due=yesterday), cast=cast)
        assert short.short_notice
        assert state(short, NOW + timedelta(days=9)) is State.AT_ONCE
        (today,) = _follow(session, stay, replace(DUTY, due=ADMITTED), cast=cast)
        assert not today.short_notice
        assert state(today, NOW) is State.DUE_SOON
    assert flag_overdue(database.writing, NOW) == 0


def test_what_arises_at_midnight_of_the_next_day_is_already_late(
    database: Database, cast: Cast
) -> None:
    midnight = late_from(ADMITTED)
    with database.writing() as session:
        one, other = make_stay(session, cast), make_stay(session, cast)
        due = replace(DUTY, due=ADMITTED)
        (before,) = _follow(session, one, due, now=midnight - timedelta(seconds=1), cast=cast)
        (after,) = _follow(session, other, due, now=midnight, cast=cast)
        assert (before.short_notice, after.short_notice) == (False, True)


def test_a_moved_discharge_date_moves_what_is_before_it_and_nothing_else(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        information = handoff_of(session, stay, HandoffKind.ADMISSION_INFORMATION).model_dump()
        _plan(session, library, cast, stay, date(2026, 12, 20), NOW)
        notice = handoff_of(session, stay, HandoffKind.DISCHARGE_NOTICE)
        # 13 December is a Sunday: the last open day before it is Friday the 11th.
        assert notice.due_on == date(2026, 12, 11)
        _plan(session, library, cast, stay, date(2026, 12, 27), NOW)
        assert notice.due_on == date(2026, 12, 18)
        assert handoff_of(session, stay, HandoffKind.DISCHARGE_INFORMATION).due_on == date(
            2026, 12, 27
        )
        unmoved = handoff_of(session, stay, HandoffKind.ADMISSION_INFORMATION)
        assert unmoved.model_dump() == information
        _plan(session, library, cast, stay, None, NOW)
        assert notice.due_on is None


def test_a_flag_for_a_day_that_moved_is_closed_and_stays(
    database: Database, library: Library, cast: Cast
) -> None:
    late = datetime(2026, 12, 4, 1, tzinfo=UTC)
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        _plan(session, library, cast, stay, date(2026, 12, 10), NOW)
        for kind in (HandoffKind.ADMISSION_NOTICE, HandoffKind.DISCHARGE_CONFERENCE):
            handoff = handoff_of(session, stay, kind)
            confirm(session, stay, handoff, received_on=ADMITTED, by=cast.care_manager, now=NOW)
        information = handoff_of(session, stay, HandoffKind.ADMISSION_INFORMATION)
        confirm(session, stay, information, received_on=ADMITTED, by=cast.ward_nurse, now=NOW)
    assert flag_overdue(database.writing, late) == 1
    with database.writing() as session:
        merged = session.merge(stay)
        _plan(session, library, cast, merged, date(2026, 12, 24), late)
        (flag,) = flags_of(session, stay.id)
        assert flag.due_at == late_from(date(2026, 12, 3))
        assert flag.closed_at == late
        assert Act.OVERDUE_CLOSE in _acts(session, stay)
    assert flag_overdue(database.writing, late) == 0
    again = datetime(2026, 12, 18, 1, tzinfo=UTC)
    assert flag_overdue(database.writing, again) == 1
    with database.reading() as session:
        assert [f.closed_at for f in flags_of(session, stay.id)] == [late, None]


def test_a_miss_is_not_undone_by_a_fact_that_is_forgotten_and_known_again(
    database: Database, cast: Cast
) -> None:
    late = late_from(date(2026, 12, 3))
    waiting = replace(DUTY, standing=Standing.UNDETERMINED, waits_for=("mobility",))
    with database.writing() as session:
        stay = make_stay(session, cast)
        _follow(session, stay, DUTY, cast=cast)
    assert flag_overdue(database.writing, late) == 1
    with database.writing() as session:
        merged = session.merge(stay)
        _follow(session, merged, waiting, now=late, cast=cast)
        (again,) = _follow(session, merged, DUTY, now=late, cast=cast)
        assert state(again, late) is State.MISSED
        assert [flag.closed_at for flag in flags_of(session, stay.id)] == [None]
    assert flag_overdue(database.writing, late) == 0


def test_what_becomes_certain_only_after_its_day_is_work_for_at_once(
    database: Database, cast: Cast
) -> None:
    late = late_from(date(2026, 12, 3))
    waiting = replace(DUTY, standing=Standing.UNDETERMINED, waits_for=("mobility",))
    with database.writing() as session:
        stay = make_stay(session, cast)
        _follow(session, stay, waiting, cast=cast)
        (owed,) = _follow(session, stay, DUTY, now=late, cast=cast)
        assert state(owed, late) is State.AT_ONCE
    assert flag_overdue(database.writing, late) == 0


def test_what_was_not_yet_due_when_somebody_left_is_never_a_miss(
    database: Database, library: Library, cast: Cast
) -> None:
    left = date(2026, 11, 21)
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        _plan(session, library, cast, stay, date(2026, 12, 25), NOW)
        entry = DischargeEntry(
            discharged_on=left, destination=Destination.HOME, version=stay.version
        )
        discharge(
            session, stay, entry, library=library, by=cast.ward_nurse, now=NOW + timedelta(days=1)
        )
        stay_id = stay.id
    flag_overdue(database.writing, NOW + timedelta(days=60))
    with database.reading() as session:
        flagged = {session.get_one(Handoff, f.handoff_id).kind for f in flags_of(session, stay_id)}
    # Due on the day of leaving itself, and not done: that one is late.
    assert flagged == {HandoffKind.DISCHARGE_INFORMATION}


def test_a_flag_is_closed_when_the_discharge_turns_out_to_have_come_first(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        due, notice_id, stay_id = notice.due_on, notice.id, stay.id
    assert due is not None
    flag_overdue(database.writing, late_from(due))
    with database.writing() as session:
        stay = session.get_one(Stay, stay_id)
        entry = DischargeEntry(
            discharged_on=ADMITTED + timedelta(days=1), destination=Destination.HOME, version=1
        )
        now = late_from(due) + timedelta(days=3)
        discharge(session, stay, entry, library=library, by=cast.ward_nurse, now=now)
    with database.reading() as session:
        (flag,) = (f for f in flags_of(session, stay_id) if f.handoff_id == notice_id)
        assert flag.closed_at == now
        assert state(session.get_one(Handoff, notice_id), now) is State.AT_ONCE


def test_a_contact_in_time_that_is_written_down_late_closes_the_flag_and_a_late_one_does_not(
    database: Database, cast: Cast
) -> None:
    for days, closed in ((1, True), (30, False)):
        with database.writing() as session:
            stay = make_stay(session, cast)
            (notice,) = _follow(session, stay, DUTY, cast=cast)
            notice_id = notice.id
        now = late_from(date(2026, 12, 3)) + timedelta(days=40)
        flag_overdue(database.writing, now)
        with database.writing() as session:
            stay = session.get_one(Stay, stay.id)
            entry = talked(ADMITTED + timedelta(days=days))
            send(
                session,
                stay,
                session.get_one(Handoff, notice_id),
                entry,
                by=cast.ward_nurse,
                now=now,
            )
        with database.reading() as session:
            (flag,) = flags_of(session, stay.id)
            assert (flag.closed_at is not None) is closed


def test_what_was_late_when_its_rule_ceased_is_as_late_when_the_rule_applies_again(
    database: Database, cast: Cast
) -> None:
    late = late_from(date(2026, 12, 3))
    with database.writing() as session:
        stay = make_stay(session, cast)
        _follow(session, stay, DUTY, cast=cast)
    assert flag_overdue(database.writing, late) == 1
    with database.writing() as session:
        merged = session.merge(stay)
        _follow(session, merged, now=late, cast=cast)
        (again,) = _follow(session, merged, DUTY, now=late + timedelta(days=1), cast=cast)
        assert (again.withdrawn_at, again.short_notice) == (None, False)
        assert state(again, late) is State.MISSED
        assert [flag.closed_at for flag in flags_of(session, stay.id)] == [None]
    assert flag_overdue(database.writing, late + timedelta(days=2)) == 0


def test_what_was_not_yet_late_when_its_rule_ceased_is_work_for_at_once_afterwards(
    database: Database, cast: Cast
) -> None:
    late = late_from(date(2026, 12, 3))
    with database.writing() as session:
        stay = make_stay(session, cast)
        _follow(session, stay, DUTY, cast=cast)
        _follow(session, stay, cast=cast)
        both = _follow(session, stay, DUTY, now=late, cast=cast)
        assert [state(h, late) for h in both] == [State.WITHDRAWN, State.AT_ONCE]


def test_an_information_that_nobody_asked_for_yet_is_never_missed(
    database: Database, library: Library, cast: Cast
) -> None:
    after = NOW + timedelta(days=30)
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        information = handoff_of(session, stay, HandoffKind.ADMISSION_INFORMATION)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        information_id, notice_id, stay_id = information.id, notice.id, stay.id
        assert state(information, after) is State.BEFORE_NOTICE
    flag_overdue(database.writing, after)
    with database.writing() as session:
        assert information_id not in {f.handoff_id for f in flags_of(session, stay_id)}
        stay = session.get_one(Stay, stay_id)
        notice = session.get_one(Handoff, notice_id)
        told = talked(ADMITTED + timedelta(days=29))
        send(session, stay, notice, told, by=cast.ward_nurse, now=after)
        information = session.get_one(Handoff, information_id)
        assert state(information, after) is State.AT_ONCE
    assert flag_overdue(database.writing, after + timedelta(days=9)) == 0


def test_the_rest_of_the_window_is_left_when_the_notice_comes_in_time(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        information = handoff_of(session, stay, HandoffKind.ADMISSION_INFORMATION)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        send(session, stay, notice, talked(), by=cast.ward_nurse, now=NOW)
        assert state(information, NOW) is State.WAITING
        assert state(information, NOW + timedelta(days=9)) is State.MISSED
        session.flush()
        assert _acts(session, stay).count(Act.HANDOFF_NOTICE) == 1
