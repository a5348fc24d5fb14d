"""Rows of long work: taken by one at a time, taken up again, ended once, and forgotten."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from handoffs import long_work
from handoffs.database import Database
from handoffs.errors import BadEntry, NotVisible
from handoffs.history import Act, Event
from handoffs.long_work import (
    KEPT,
    LEASE,
    LONGEST,
    MOST_CHARACTERS,
    MOST_TRIES,
    MOST_WAITING,
    LongWork,
    WorkKind,
    WorkState,
)
from handoffs.work_failure import WorkFailure
from tests.people import NOW, Cast

KIND = WorkKind.BACKTEST
A_MINUTE = timedelta(minutes=1)


def asked(database: Database, cast: Cast, count: int = 1) -> list[int]:
    with database.writing() as session:
        return [
            long_work.ask(session, KIND, {"from": "2026-05"}, by=cast.discharge_nurse, now=NOW).id
            for _ in range(count)
        ]


def taken(database: Database, claimant: str = "here:1", now: timedelta = A_MINUTE) -> LongWork:
    with database.writing() as session:
        work = long_work.claim(session, claimant, NOW + now)
    assert work is not None
    return work


def row(database: Database, work_id: int) -> LongWork:
    with database.reading() as session:
        return session.get_one(LongWork, work_id)


def test_asking_is_on_record_with_the_number_and_the_kind(database: Database, cast: Cast) -> None:
    (work_id,) = asked(database, cast)
    with database.reading() as session:
        (event,) = session.exec(select(Event).where(Event.act == Act.LONG_WORK_ASK)).all()
    assert event.detail == {"work": work_id, "kind": "backtest"}
    assert event.staff_id == cast.discharge_nurse.staff_id


def test_work_is_taken_oldest_first_and_then_there_is_none(database: Database, cast: Cast) -> None:
    ids = asked(database, cast, 2)
    assert [taken(database).id, taken(database).id] == ids
    with database.writing() as session:
        assert long_work.claim(session, "here:2", NOW + A_MINUTE) is None


def test_claimers_at_once_never_get_the_same(either: tuple[Database, Cast]) -> None:
    database, cast = either
    ids = asked(database, cast, 3)
    start, got = threading.Barrier(6), []

    def claim(number: int) -> None:
        start.wait()
        with database.writing() as session:
            work = long_work.claim(session, f"here:{number}", NOW)
        if work is not None:
            got.append(work.id)

    threads = [threading.Thread(target=claim, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == ids


def test_a_lease_that_is_over_is_taken_up_again_and_the_first_claim_is_worth_nothing(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    asked(database, cast)
    first = taken(database)
    with database.writing() as session:
        assert long_work.claim(session, "here:2", NOW + LEASE) is None
    second = taken(database, "here:2", now=A_MINUTE + LEASE)
    assert second.tries == 2
    late = NOW + 2 * LEASE
    with database.writing() as session:
        assert not long_work.finish(session, first, {"by": "first"}, now=late)
        assert not long_work.fail(session, first, WorkFailure.BROKEN, now=late)
        assert long_work.finish(session, second, {"by": "second"}, now=late)
        assert not long_work.finish(session, second, {"by": "second, again"}, now=late)
    done = row(database, first.id)
    assert (done.result, done.failure) == ({"by": "second"}, None)
    assert long_work.state_of(done, late) is WorkState.DONE


def test_no_living_child_loses_its_work() -> None:
    assert LONGEST < LEASE


def test_after_three_tries_it_ends_with_words_and_the_next_is_taken(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    worn, next_one = asked(database, cast, 2)
    for number in range(MOST_TRIES):
        assert taken(database, now=number * LEASE).id == worn
    assert taken(database, now=MOST_TRIES * LEASE).id == next_one
    ended = row(database, worn)
    assert ended.failure is WorkFailure.GAVE_UP
    assert long_work.state_of(ended, NOW) is WorkState.FAILED


def test_what_a_dead_process_had_is_free_at_once(database: Database, cast: Cast) -> None:
    asked(database, cast)
    taken(database, "here:7")
    for at_fault, tries in ((True, 1), (False, 1)):
        with database.writing() as session:
            assert long_work.give_back(session, "here:8", at_fault=at_fault) == 0
            assert long_work.give_back(session, "here:7", at_fault=at_fault) == 1
        with database.reading() as session:
            assert long_work.waits(session, NOW + A_MINUTE)
            assert session.exec(select(LongWork.tries)).one() == tries
        taken(database, "here:7")


def test_a_clock_that_was_set_back_does_not_keep_work_waiting_for_years(
    database: Database, cast: Cast
) -> None:
    asked(database, cast)
    taken(database, now=timedelta(days=3650))
    with database.reading() as session:
        assert long_work.waits(session, NOW)
    assert taken(database).tries == 2


def test_one_organization_cannot_fill_the_queue(database: Database, cast: Cast) -> None:
    asked(database, cast, MOST_WAITING)
    with pytest.raises(BadEntry) as refused:
        asked(database, cast)
    assert "どれかが終わってから" in refused.value.fields["main"]
    with database.writing() as session:
        assert long_work.ask(session, KIND, {}, by=cast.health_officer, now=NOW).id
    with database.writing() as session, pytest.raises(ValueError, match="too long"):
        long_work.ask(
            session, KIND, {"draft": "x" * (MOST_CHARACTERS + 1)}, by=cast.other_nurse, now=NOW
        )


def test_only_the_organization_that_asked_sees_it(database: Database, cast: Cast) -> None:
    (work_id,) = asked(database, cast)
    with database.reading() as session:
        assert long_work.work_of(session, cast.ward_nurse, KIND, work_id).id == work_id
        assert [work.id for work in long_work.works_of(session, cast.ward_nurse, KIND)] == [work_id]
        for other in (cast.other_nurse, cast.health_officer, cast.care_manager):
            assert long_work.works_of(session, other, KIND) == []
            with pytest.raises(NotVisible):
                long_work.work_of(session, other, KIND, work_id)


def test_rows_and_results_are_gone_after_their_time(either: tuple[Database, Cast]) -> None:
    database, cast = either
    asked(database, cast)
    work = taken(database)
    with database.writing() as session:
        long_work.finish(session, work, {"stays": 3}, now=NOW)
    with database.writing() as session:
        assert not long_work.has_expired(session, NOW + KEPT)
        assert long_work.purge(session, NOW + KEPT) == 0
    later = NOW + KEPT + A_MINUTE
    with database.writing() as session:
        assert long_work.has_expired(session, later)
        assert long_work.purge(session, later) == 1
        assert session.exec(select(LongWork)).all() == []


def test_every_failure_says_what_to_do_next() -> None:
    for failure in WorkFailure:
        assert failure.label.endswith("ください。"), failure
