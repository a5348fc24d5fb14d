from datetime import date, time, timedelta

import pytest
from pydantic import ValidationError
from sqlmodel import select

from handoffs.database import Database
from handoffs.errors import BadEntry, NotPermitted
from handoffs.history import Act, Event
from handoffs.statement import (
    ATTEMPTED,
    REACHED,
    Means,
    Result,
    Side,
    StatementEntry,
    Topic,
    side_of,
    state_contact,
    statements_of,
)
from tests.conftest import MARK
from tests.factories import ADMITTED, make_statement, make_stay, talked
from tests.people import NOW, Cast


def test_a_contact_is_somebody_reached_and_never_an_absence_or_a_message() -> None:
    assert {Result.TALKED, Result.MET, Result.CONFERENCE, Result.RECEIVED} == REACHED
    assert {Result.ABSENT, Result.MESSAGE} == ATTEMPTED


def test_each_speaks_for_their_own_side(cast: Cast) -> None:
    assert side_of(cast.ward_nurse) is Side.HOSPITAL
    assert side_of(cast.social_worker) is Side.HOSPITAL
    assert side_of(cast.care_manager) is Side.PLAN_OFFICE
    assert side_of(cast.center_staff) is Side.PLAN_OFFICE


def test_both_claims_stand_side_by_side_and_the_events_carry_no_words(
    database: Database, cast: Cast
) -> None:
    words = f"{MARK}さんの件"
    with database.writing() as session:
        stay = make_stay(session, cast)
        said = talked(content=words, counterpart=words, happened_time=time(15, 30))
        state_contact(session, stay, said, topic=Topic.DISCHARGE, by=cast.ward_nurse, now=NOW)
        heard = talked(means=Means.NONE, result=Result.NOTHING_HEARD)
        state_contact(session, stay, heard, topic=Topic.DISCHARGE, by=cast.care_manager, now=NOW)
        kept = statements_of(session, stay.id)
        assert {(s.side, s.result) for s in kept} == {
            (Side.HOSPITAL, Result.TALKED),
            (Side.PLAN_OFFICE, Result.NOTHING_HEARD),
        }
        assert {s.content for s in kept} == {words, ""}
        events = session.exec(select(Event)).all()
        assert {event.act for event in events} == {Act.STATEMENT_MAKE}
        assert MARK not in str([event.model_dump() for event in events])


def test_statements_stand_in_the_order_in_which_things_took_place(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        for day, at in ((22, None), (21, time(9)), (21, time(8)), (23, time(0))):
            make_statement(
                session, stay, Side.HOSPITAL, Result.TALKED, on=date(2026, 11, day), at=at
            )
        days = [(s.happened_on.day, s.happened_time) for s in statements_of(session, stay.id)]
        assert days == [(21, time(8)), (21, time(9)), (22, None), (23, time(0))]


def test_written_down_on_monday_it_still_took_place_on_saturday(
    database: Database, cast: Cast
) -> None:
    monday = NOW + timedelta(days=3)
    with database.writing() as session:
        stay = make_stay(session, cast)
        saturday = ADMITTED + timedelta(days=1)
        kept = state_contact(
            session, stay, talked(saturday), topic=Topic.DISCHARGE, by=cast.ward_nurse, now=monday
        )
        assert (kept.happened_on, kept.recorded_at) == (saturday, monday)


@pytest.mark.parametrize("topic", [Topic.DISCHARGE, Topic.REFERRAL])
def test_what_lies_ahead_or_before_the_stay_did_not_take_place_in_it(
    database: Database, cast: Cast, topic: Topic
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        for day in (ADMITTED + timedelta(days=1), ADMITTED - timedelta(days=1)):
            with pytest.raises(BadEntry) as refused:
                state_contact(session, stay, talked(day), topic=topic, by=cast.ward_nurse, now=NOW)
            assert set(refused.value.fields) == {"happened_on"}
        assert statements_of(session, stay.id) == []


def test_an_admission_may_be_announced_before_it_happens(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        before = talked(ADMITTED - timedelta(days=5))
        kept = state_contact(
            session, stay, before, topic=Topic.ADMISSION, by=cast.ward_nurse, now=NOW
        )
        assert kept.happened_on < stay.admitted_on


@pytest.mark.parametrize(
    "changes",
    [{"result": "perhaps"}, {"means": "pigeon"}, {"content": "あ" * 2001}, {"side": "hospital"}],
)
def test_what_no_column_could_hold_is_refused_before_the_verb(changes: dict[str, str]) -> None:
    given = {"means": "telephone", "result": "talked", "happened_on": "2026-11-20"}
    with pytest.raises(ValidationError):
        StatementEntry.model_validate(given | changes)


def test_a_centre_that_only_gets_a_copy_has_no_say_about_the_discharge(
    database: Database, cast: Cast
) -> None:
    entry = StatementEntry(means=Means.NONE, result=Result.NOTHING_HEARD, happened_on=ADMITTED)
    with database.writing() as session:
        stay = make_stay(session, cast, center_id=cast.center_id)
        for topic in (Topic.DISCHARGE, Topic.ADMISSION):
            with pytest.raises(NotPermitted, match="計画作成担当"):
                state_contact(session, stay, entry, topic=topic, by=cast.center_staff, now=NOW)
        state_contact(session, stay, entry, topic=Topic.REFERRAL, by=cast.center_staff, now=NOW)
        assert [s.topic for s in statements_of(session, stay.id)] == [Topic.REFERRAL]
