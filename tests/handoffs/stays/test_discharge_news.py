from datetime import date, timedelta

from sqlmodel import Session

from handoffs.database import Database
from handoffs.decision.assessment import assessment_of
from handoffs.stays.discharge import (
    DischargeEntry,
    PlannedDischargeEntry,
    discharge,
    plan_discharge,
)
from handoffs.stays.discharge_news import known_days
from handoffs.stays.stay import Destination, PlannedCertainty, Stay
from rules import Library
from tests.factories import ADMITTED, admit_someone, make_stay
from tests.people import NOW, Cast

PLANNED = date(2026, 12, 10)


def news(session: Session, stay: Stay) -> date | None:
    return known_days(session, [stay]).get(stay.id)


def test_the_news_is_of_the_day_on_which_the_planned_day_was_written_down(
    database: Database, library: Library, cast: Cast
) -> None:
    about, fixed = PlannedCertainty.ABOUT, PlannedCertainty.FIXED
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        assert news(session, stay) is None
        for days, certainty, planned in (
            (1, about, PLANNED),
            (3, fixed, PLANNED),
            (5, fixed, PLANNED + timedelta(days=7)),
            (6, fixed, PLANNED),
        ):
            entry = PlannedDischargeEntry(
                planned_discharge_on=planned, planned_certainty=certainty, version=stay.version
            )
            now = NOW + timedelta(days=days)
            plan_discharge(session, stay, entry, library=library, by=cast.ward_nurse, now=now)
            # Being surer of the same day is no news; another day is.
            told = {1: 1, 3: 1, 5: 5, 6: 6}[days]
            assert news(session, stay) == ADMITTED + timedelta(days=told)
        made = assessment_of(session, stay.id)
        assert made is not None
        moments = made.outcome["moments"]
        assert isinstance(moments, dict)
        assert moments["discharge_known_on"] == "2026-11-26"


def test_a_day_that_was_planned_at_admission_is_known_since_then(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(
            session,
            library,
            cast,
            planned_discharge_on=PLANNED,
            planned_certainty=PlannedCertainty.ABOUT,
            now=NOW + timedelta(days=2),
        )
        assert news(session, stay) == ADMITTED + timedelta(days=2)


def test_a_discharge_that_nobody_planned_is_known_when_it_is_written_down(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        entry = DischargeEntry(
            discharged_on=ADMITTED, destination=Destination.HOME, version=stay.version
        )
        now = NOW + timedelta(days=2)
        discharge(session, stay, entry, library=library, by=cast.ward_nurse, now=now)
        assert news(session, stay) == ADMITTED + timedelta(days=2)


def test_of_a_day_that_the_history_does_not_tell_of_nothing_is_said(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast, planned_discharge_on=PLANNED, planned_certainty="about")
        assert known_days(session, [stay]) == {}
