"""記録の確認: a question to the ward alone, and nothing about what is ordinary."""

import inspect
from datetime import date, datetime, time, timedelta

import pytest

from handoffs.database import Database
from handoffs.decision.assessment import Assessment, Occasion
from handoffs.rates import record_check
from handoffs.rates.record_check import Pattern, questions_of, tail
from handoffs.statement import Means, Result, Side, Statement, Topic
from handoffs.stays.stay import Destination
from rules import Coordination
from tests.factories import make_stay
from tests.people import NOW, REGION, Cast

OCTOBER = date(2026, 10, 1)


def _assess(
    database: Database, cast: Cast, ward_id: int, on: date, stays: int, excluded: int
) -> None:
    with database.writing() as session:
        for number in range(stays):
            stay = make_stay(session, cast, admitted_on=on, ward_id=ward_id)
            session.add(
                Assessment(
                    stay_id=stay.id, occasion=Occasion.ASSESSMENT, region=REGION,
                    edition_in_force="2024-04-01", edition_digest="",
                    coordination=Coordination.NOT_REQUIRED, excluded=number < excluded,
                    made_at=NOW,
                )
            )  # fmt: skip


def _months(database: Database, cast: Cast, usual: int, now: int) -> None:
    """Twelve admissions a month before, thirty in October."""
    for month in range(4, 10):
        _assess(database, cast, cast.ward_id, date(2026, month, 3), 12, usual)
    _assess(database, cast, cast.ward_id, OCTOBER, 30, now)


def _asked(database: Database, cast: Cast, who: str = "ward_nurse") -> list[Pattern]:
    with database.reading() as session:
        return [one.pattern for one in questions_of(session, cast.people[who], OCTOBER)]


def test_exclusions_that_jump_in_one_ward_are_a_question_to_that_ward_alone(
    database: Database, cast: Cast
) -> None:
    _months(database, cast, usual=1, now=12)
    assert _asked(database, cast) == [Pattern.EXCLUSIONS]
    for other in ("other_nurse", "discharge_nurse", "care_manager", "health_officer"):
        assert _asked(database, cast, other) == []
    with database.reading() as session:
        (one,) = questions_of(session, cast.ward_nurse, OCTOBER)
    assert (one.counted, one.whole, one.before) == (12, 30, (6, 72))


@pytest.mark.parametrize(("usual", "now"), [(1, 4), (4, 12), (0, 0), (2, 8)])
def test_a_month_as_usual_or_a_small_rise_asks_nothing(
    database: Database, cast: Cast, usual: int, now: int
) -> None:
    _months(database, cast, usual, now)
    assert _asked(database, cast) == []


def test_a_new_ward_without_months_before_is_asked_nothing(database: Database, cast: Cast) -> None:
    _assess(database, cast, cast.ward_id, OCTOBER, 20, 20)
    assert _asked(database, cast) == []


def _leave(
    database: Database,
    cast: Cast,
    said: list[tuple[date, time | None]],
    *,
    recorded_at: datetime = NOW,
) -> None:
    """One person of the ward leaves on each October day at ten, with one contact said of it."""
    with database.writing() as session:
        for number, (on, at) in enumerate(said):
            stay = make_stay(
                session, cast, admitted_on=date(2026, 9, 1),
                discharged_on=date(2026, 10, 5 + number), discharged_time=time(10, 0),
                destination=Destination.HOME,
            )  # fmt: skip
            session.add(
                Statement(
                    stay_id=stay.id, side=Side.HOSPITAL, topic=Topic.DISCHARGE,
                    means=Means.TELEPHONE, result=Result.TALKED, happened_on=on,
                    happened_time=at, organization_id=cast.hospital_id, recorded_at=recorded_at,
                )
            )  # fmt: skip


def _on_the_day(number: int) -> date:
    return date(2026, 10, 5 + number)


def test_contacts_that_are_all_of_the_minute_of_leaving_are_a_question(
    database: Database, cast: Cast
) -> None:
    _leave(database, cast, [(_on_the_day(n), time(10, 0)) for n in range(6)])
    assert _asked(database, cast) == [Pattern.IN_THE_MINUTE]
    assert _asked(database, cast, "other_nurse") == []
    assert _asked(database, cast, "discharge_nurse") == []


def test_one_contact_at_another_time_or_too_few_ask_nothing(database: Database, cast: Cast) -> None:
    _leave(database, cast, [(_on_the_day(n), time(10, 0)) for n in range(4)])
    assert _asked(database, cast) == []
    _leave(
        database,
        cast,
        [(date(2026, 10, 1), time(15, 0)), *[(_on_the_day(n), time(10, 0)) for n in range(1, 5)]],
    )
    assert _asked(database, cast) == []


def test_a_batch_at_the_end_of_a_shift_is_ordinary(database: Database, cast: Cast) -> None:
    evening = NOW.replace(hour=8, minute=14)
    said: list[tuple[date, time | None]] = [
        (_on_the_day(n) - timedelta(days=2), time(9 + n, 30)) for n in range(8)
    ]
    _leave(database, cast, said, recorded_at=evening)
    assert _asked(database, cast) == []


def test_monday_s_entries_for_the_weekend_are_ordinary(database: Database, cast: Cast) -> None:
    monday = datetime(2026, 10, 18, 23, 30, tzinfo=NOW.tzinfo)
    said: list[tuple[date, time | None]] = [(_on_the_day(n), None) for n in range(8)]
    _leave(database, cast, said, recorded_at=monday)
    assert _asked(database, cast) == []


def test_nobody_of_the_staff_is_looked_at() -> None:
    source = inspect.getsource(record_check)
    for column in ("staff_id", "judged_by", "recorded_at", "made_at"):
        assert column not in source.replace("actor.staff_id", "")


def test_the_chance_of_so_many_is_the_binomial_one() -> None:
    assert tail(0, 5, 0.3) == pytest.approx(1)
    assert tail(2, 2, 0.5) == pytest.approx(0.25)
    assert tail(1, 2, 0.5) == pytest.approx(0.75)
