"""One tick: what it flags, what it leaves alone, and what it says of itself."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import select

from handoffs import missed
from handoffs.access import find_stay
from handoffs.database import Database
from handoffs.handoff import Handoff, State, state
from handoffs.heartbeat import age_of
from handoffs.history import Act
from handoffs.parties import actor_of
from handoffs.stays.discharge import PlannedDischargeEntry, plan_discharge
from handoffs.stays.stay import PlannedCertainty
from handoffs.tokyo import TOKYO, late_from
from rules import HandoffKind, Library, Standing
from scheduler.jobs import PROCESS, close_month, sweep, tick
from tests.scheduler.record import (
    AN_HOUR,
    DUE,
    NOW,
    admitted,
    events,
    flags,
    owe,
    stay_without_handoffs,
)

FIXED = PlannedCertainty.FIXED


def test_running_twice_is_running_once(database: Database, library: Library) -> None:
    with database.writing() as session:
        owe(session, stay_without_handoffs(session, library), 3)

    assert sweep(database, NOW)
    assert sweep(database, NOW)
    assert sweep(database, NOW + AN_HOUR)

    with database.reading() as session:
        assert len(flags(session)) == 3
        assert len(events(session, Act.HANDOFF_OVERDUE)) == 3


def test_a_flag_and_its_event_are_stamped_with_the_moment_it_became_late(
    database: Database, library: Library
) -> None:
    with database.writing() as session:
        owe(session, stay_without_handoffs(session, library))

    sweep(database, NOW)

    with database.reading() as session:
        (flag,) = flags(session)
        (event,) = events(session, Act.HANDOFF_OVERDUE)
    midnight = datetime(2026, 11, 19, tzinfo=TOKYO)
    assert flag.due_at == event.at == midnight
    assert flag.noticed_at == event.recorded_at == NOW
    assert event.staff_id is None


def test_the_whole_of_the_last_day_is_in_time(database: Database, library: Library) -> None:
    with database.writing() as session:
        owe(session, stay_without_handoffs(session, library))
    midnight = late_from(DUE)

    sweep(database, midnight - timedelta(microseconds=1))
    with database.reading() as session:
        assert flags(session) == []

    sweep(database, midnight)
    with database.reading() as session:
        assert len(flags(session)) == 1


def test_only_what_is_owed_late_and_undone_is_flagged(database: Database, library: Library) -> None:
    with database.writing() as session:
        stay = stay_without_handoffs(session, library)
        owe(session, stay, short_notice=True)
        owe(session, stay, standing=Standing.UNDETERMINED)
        owe(session, stay, sent_at=NOW)
        owe(session, stay, waived_at=NOW)
        owe(session, stay, withdrawn_at=NOW)
        owe(session, stay, due_on=None)
        owe(session, stay, due_on=NOW.date())
        (late,) = owe(session, stay)

    assert sweep(database, NOW)

    with database.reading() as session:
        assert [flag.handoff_id for flag in flags(session)] == [late.id]


def notice(database: Database) -> Handoff:
    with database.reading() as session:
        return session.exec(
            select(Handoff).where(Handoff.kind == HandoffKind.DISCHARGE_NOTICE)
        ).one()


def move(database: Database, library: Library, stay_id: int, to: date, now: datetime) -> None:

    with database.writing() as session:
        actor = actor_of(session, 1)
        assert actor is not None
        stay = find_stay(session, actor, stay_id)
        entry = PlannedDischargeEntry(
            planned_discharge_on=to, planned_certainty=FIXED, version=stay.version
        )
        plan_discharge(session, stay, entry, library=library, by=actor, now=now)


def test_a_moved_date_closes_the_old_flag_and_the_new_day_is_flagged_in_its_turn(
    database: Database, library: Library
) -> None:
    with database.writing() as session:
        _, stay = admitted(session, library, planned=date(2026, 12, 10))
    first = notice(database)
    assert first.due_at is not None
    sweep(database, first.due_at)

    move(database, library, stay.id, date(2026, 12, 28), first.due_at + AN_HOUR)
    sweep(database, first.due_at + AN_HOUR)

    with database.reading() as session:
        (closed,) = [flag for flag in flags(session) if flag.handoff_id == first.id]
        (closing,) = [e for e in events(session, Act.OVERDUE_CLOSE) if e.handoff_id == first.id]
    assert closed.closed_at == closing.at == first.due_at + AN_HOUR
    second = notice(database)
    assert second.id == first.id
    assert second.due_at is not None
    assert second.due_at > first.due_at
    sweep(database, second.due_at)
    with database.reading() as session:
        both = [flag for flag in flags(session) if flag.handoff_id == first.id]
    assert [(flag.due_at, flag.closed_at is None) for flag in both] == [
        (first.due_at, False),
        (second.due_at, True),
    ]


def test_what_was_late_before_it_was_known_is_never_flagged(
    database: Database, library: Library
) -> None:
    with database.writing() as session:
        _, stay = admitted(session, library, planned=date(2026, 12, 28))
    move(database, library, stay.id, NOW.date() + timedelta(days=1), NOW)
    sudden = notice(database)
    assert sudden.short_notice

    for days in range(1, 40):
        sweep(database, NOW + timedelta(days=days))

    with database.reading() as session:
        assert sudden.id not in {flag.handoff_id for flag in flags(session)}


def test_a_clock_set_back_loses_nothing_and_doubles_nothing(
    database: Database, library: Library
) -> None:
    with database.writing() as session:
        stay = stay_without_handoffs(session, library)
        owe(session, stay, 2)
        owe(session, stay, due_on=NOW.date())
    midnight = late_from(NOW.date())

    for now in (midnight, midnight - AN_HOUR, NOW, midnight, midnight + AN_HOUR, NOW):
        assert sweep(database, now)

    with database.reading() as session:
        assert [flag.due_at for flag in flags(session)] == [late_from(DUE)] * 2 + [midnight]
        assert len(events(session, Act.HANDOFF_OVERDUE)) == 3


def test_after_a_long_standstill_everything_is_flagged_in_bounded_batches(
    database: Database, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed, "BATCH", 50)
    with database.writing() as session:
        owe(session, stay_without_handoffs(session, library), 420)
    inserted: list[int] = []

    @sa.event.listens_for(database.engine, "commit")
    def _count(connection: sa.Connection) -> None:
        inserted.append(connection.scalar(sa.text("SELECT count(*) FROM overdue_flag")) or 0)

    assert sweep(database, NOW)
    sa.event.remove(database.engine, "commit", _count)

    steps = [after - before for before, after in zip([0, *inserted], inserted, strict=False)]
    assert sum(steps) == 420
    assert max(steps) <= missed.BATCH


def test_the_heartbeat_is_as_old_as_the_last_sweep_that_went_through(
    database: Database, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        owe(session, stay_without_handoffs(session, library))
    sweep(database, NOW)

    def broken(*_arguments: object) -> int:
        raise sa.exc.OperationalError("SELECT secret", {}, Exception("secret"))

    with monkeypatch.context() as patch:
        patch.setattr("scheduler.jobs.flag_overdue", broken)
        for minutes in (1, 2, 3, 4):
            assert not sweep(database, NOW + timedelta(minutes=minutes))
    with database.reading() as session:
        assert age_of(session, PROCESS, NOW + timedelta(minutes=4)) == timedelta(minutes=4)

    assert sweep(database, NOW + timedelta(minutes=5))
    with database.reading() as session:
        assert age_of(session, PROCESS, NOW + timedelta(minutes=5)) == timedelta(0)


def test_one_row_that_cannot_be_judged_stops_no_other_but_is_told(
    database: Database,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with database.writing() as session:
        bad, *good = owe(session, stay_without_handoffs(session, library), 3)

    def judge_all_but_one(handoff: Handoff, now: datetime) -> State:
        if handoff.id == bad.id:
            raise ValueError("secret")
        return state(handoff, now)

    monkeypatch.setattr(missed, "state", judge_all_but_one)
    assert not sweep(database, NOW)

    with database.reading() as session:
        assert [flag.handoff_id for flag in flags(session)] == [one.id for one in good]
        assert age_of(session, PROCESS, NOW) is None
    (line,) = [json.loads(record.message) for record in caplog.records]
    assert line["error"] == "ValueError"
    assert "secret" not in caplog.text


def test_each_sweep_logs_one_line_with_counts_and_no_person(
    database: Database, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    with database.writing() as session:
        owe(session, stay_without_handoffs(session, library), 2)

    sweep(database, NOW)

    (line,) = [json.loads(record.message) for record in caplog.records]
    assert line.pop("ms") >= 0
    assert line == {"at": NOW.isoformat(), "job": "flag_overdue", "flagged": 2}


def test_a_stop_is_heard_between_two_batches(
    database: Database, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed, "BATCH", 10)
    with database.writing() as session:
        owe(session, stay_without_handoffs(session, library), 50)
    batches = iter([False, False, True])

    assert not sweep(database, NOW, lambda: next(batches))

    with database.reading() as session:
        assert len(flags(session)) == 20
        assert age_of(session, PROCESS, NOW) is None
    assert sweep(database, NOW)
    with database.reading() as session:
        assert len(flags(session)) == 50


def test_a_tick_reads_the_clock(database: Database, library: Library) -> None:
    with database.writing() as session:
        owe(session, stay_without_handoffs(session, library))

    with time_machine.travel(late_from(DUE) - AN_HOUR, tick=False):
        assert tick(database)
    with time_machine.travel(late_from(DUE), tick=False):
        assert tick(database)

    with database.reading() as session:
        (flag,) = flags(session)
        assert age_of(session, PROCESS, late_from(DUE)) == timedelta(0)
    assert flag.noticed_at == late_from(DUE).astimezone(UTC)


@time_machine.travel(datetime(2027, 2, 1, 3, tzinfo=UTC), tick=False)
def test_months_whose_day_has_passed_are_closed_once_and_said(
    database: Database, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    with database.writing() as session:
        region = stay_without_handoffs(session, library).region
    with caplog.at_level("INFO"):
        assert close_month(database, region)
        assert close_month(database, region)
    (line,) = [json.loads(r.getMessage()) for r in caplog.records if "close_month" in r.message]
    assert line["closed"] == ["2026-11", "2026-12"]
    with database.reading() as session:
        assert len(events(session, Act.MONTH_CLOSE)) == 2


UNUSUAL = [
    date(2028, 2, 28),
    date(2028, 2, 29),
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2027, 5, 2),
    date(2027, 5, 5),
]
"""Before and on the leap day, the end of a year, and both ends of the holidays in May."""


@pytest.mark.parametrize("day", UNUSUAL, ids=str)
def test_unusual_days_are_in_time_to_their_last_moment(
    database: Database, library: Library, day: date
) -> None:
    with database.writing() as session:
        owe(session, stay_without_handoffs(session, library), due_on=day)
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), TOKYO)

    sweep(database, midnight - timedelta(microseconds=1))
    with database.reading() as session:
        assert flags(session) == []
    sweep(database, midnight)

    with database.reading() as session:
        (flag,) = flags(session)
    assert flag.due_at == midnight


@pytest.mark.parametrize(
    "away", [timedelta(minutes=10), timedelta(days=1), timedelta(hours=-1)], ids=str
)
def test_a_machine_that_slept_or_whose_clock_was_set_flags_once_and_never_early(
    database: Database, library: Library, away: timedelta
) -> None:
    midnight = late_from(NOW.date())
    with database.writing() as session:
        stay = stay_without_handoffs(session, library)
        (today,) = owe(session, stay, due_on=NOW.date())
        (later,) = owe(session, stay, due_on=NOW.date() + timedelta(days=9))
    before = midnight - timedelta(minutes=5)
    ticks = [before, before + away]
    ticks += [ticks[-1] + timedelta(minutes=one) for one in range(1, 90)]

    for now in ticks:
        assert sweep(database, now)
        with database.reading() as session:
            set_so_far = [flag.handoff_id for flag in flags(session)]
        assert set_so_far == ([today.id] if max(ticks[: ticks.index(now) + 1]) >= midnight else [])

    assert later.id not in set_so_far
    assert set_so_far == [today.id]
