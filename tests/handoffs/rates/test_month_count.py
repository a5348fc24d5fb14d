"""Kept counts are what counting anew would give, after every act, or they are not used."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from handoffs.database import Database
from handoffs.handoff import Handoff
from handoffs.history import Act, record
from handoffs.plan_office import PlanOffice
from handoffs.rates import MonthlyRates, month_count, of_month
from handoffs.rates.cuts import CUTS
from handoffs.rates.keep_counts import keep_counts
from handoffs.rates.month_count import MonthCount, is_fresh
from handoffs.rates.shelf import counted_definitions
from handoffs.rates.survey.settling import settle_surveys
from handoffs.rates.survey.survey import Survey
from handoffs.statement import Result, Side
from handoffs.stays.certification import CareNeedLevel, Certification
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Destination, Stay
from rules import HandoffKind, Party, Standing
from tests.factories import make_statement, make_stay
from tests.people import REGION, Cast

OCTOBER = date(2026, 10, 1)
NOW = datetime(2026, 11, 12, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def stay(database: Database, cast: Cast) -> Stay:
    """Somebody who left in October, and somebody who came then and is still there."""
    with database.writing() as session:
        left = make_stay(
            session, cast, admitted_on=date(2026, 9, 20), discharged_on=date(2026, 10, 20),
            destination=Destination.HOME, in_region=True,
        )  # fmt: skip
        make_statement(session, left, Side.HOSPITAL, Result.NOT_CONTACTED, on=date(2026, 10, 20))
        make_stay(session, cast, admitted_on=date(2026, 10, 30))
        record(session, None, Act.STAY_DISCHARGE, now=NOW - timedelta(days=20), stay_id=left.id)
    keep_counts(database, REGION, NOW)
    return left


def counted(database: Database, now: datetime, cut: str = "care_group") -> MonthlyRates:
    with database.reading() as session:
        return of_month(
            session, REGION, OCTOBER, region_name="", hospital_names=True,
            by=(CUTS[cut],), now=now,
        )  # fmt: skip


def anew(database: Database, now: datetime, cut: str = "care_group") -> MonthlyRates:
    """The same from the record alone."""
    with database.writing() as session:
        kept = session.get(MonthCount, (REGION, OCTOBER))
        if kept is not None:
            session.delete(kept)
    return counted(database, now, cut)


def holds(database: Database, now: datetime) -> bool:
    with database.reading() as session:
        return is_fresh(session, REGION, OCTOBER, counted_definitions(REGION, OCTOBER), now)


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.usefixtures("stay")
def test_what_is_kept_is_what_counting_anew_gives(database: Database, cut: str) -> None:
    assert holds(database, LATER)
    kept = counted(database, LATER, cut)
    assert kept.measures[0].total.of == 1
    assert kept == anew(database, LATER, cut)


def _statement(session: Session, stay: Stay) -> None:
    make_statement(session, stay, Side.PLAN_OFFICE, Result.TALKED, on=date(2026, 10, 15))


def _level(session: Session, stay: Stay) -> None:
    old = session.exec(select(Certification).where(Certification.stay_id == stay.id)).first()
    assert old is not None
    session.add(
        Certification(**(old.model_dump() | {"id": None, "level": CareNeedLevel.SUPPORT_1}))
    )


def _residence(session: Session, stay: Stay) -> None:
    patient = session.get_one(Patient, stay.patient_id)
    patient.in_region = False
    session.add(patient)


def _gone(session: Session, stay: Stay) -> None:
    stay = session.get_one(Stay, stay.id)
    stay.discharged_on = date(2026, 11, 1)
    session.add(stay)


def _office(session: Session, stay: Stay) -> None:
    office = session.exec(select(PlanOffice).where(PlanOffice.stay_id == stay.id)).one()
    office.superseded = True
    session.add(office)


ACTS: dict[Act, Callable[[Session, Stay], None]] = {
    Act.STATEMENT_MAKE: _statement,
    Act.STAY_CERTIFY: _level,
    Act.STAY_RESIDENCE: _residence,
    Act.STAY_DISCHARGE: _gone,
    Act.STAY_PLAN_OFFICE: _office,
}


@pytest.mark.parametrize("act", ACTS)
def test_after_every_act_the_page_is_what_the_record_says(
    database: Database, stay: Stay, act: Act
) -> None:
    before = counted(database, LATER, "area")
    with database.writing() as session:
        ACTS[act](session, stay)
        record(session, None, act, now=LATER, stay_id=stay.id)
    assert not holds(database, LATER)
    shown = counted(database, LATER, "area")
    assert shown == anew(database, LATER, "area")
    assert shown != before or act is Act.STAY_CERTIFY
    after = LATER + timedelta(minutes=5)
    assert OCTOBER in keep_counts(database, REGION, after)
    assert holds(database, after)
    assert counted(database, after, "area") == anew(database, after, "area")


def test_an_act_at_another_stay_of_the_same_person_counts(
    database: Database, cast: Cast, stay: Stay
) -> None:
    with database.writing() as session:
        again = make_stay(session, cast, admitted_on=date(2026, 11, 5))
        again.patient_id = stay.patient_id
        session.add(again)
        _residence(session, stay)
        record(session, None, Act.STAY_RESIDENCE, now=LATER, stay_id=again.id)
    assert not holds(database, LATER)


def test_reading_and_acts_on_others_change_nothing(
    database: Database, cast: Cast, stay: Stay
) -> None:
    with database.writing() as session:
        other = make_stay(session, cast, admitted_on=date(2026, 11, 5))
        record(session, None, Act.STAY_ADMIT, now=LATER, stay_id=other.id)
        record(session, None, Act.STAY_READ, now=LATER, stay_id=stay.id)
    assert holds(database, LATER)


def test_what_was_written_while_it_was_counted_is_looked_at_again(
    database: Database, stay: Stay
) -> None:
    with database.writing() as session:
        record(session, None, Act.STATEMENT_MAKE, now=NOW, stay_id=stay.id)
    keep_counts(database, REGION, NOW + timedelta(seconds=30))
    assert not holds(database, NOW + timedelta(seconds=31))


def test_kept_counts_hold_until_a_last_day_passes(database: Database, stay: Stay) -> None:
    due = LATER + timedelta(hours=2)
    with database.writing() as session:
        waiting = session.exec(select(Stay).where(Stay.admitted_on == date(2026, 10, 30))).one()
        session.add(
            Handoff(
                stay_id=waiting.id, rule_id="x", kind=HandoffKind.ADMISSION_INFORMATION,
                sender=Party.CARE_MANAGER, receiver=Party.HOSPITAL, standing=Standing.REQUIRED,
                text="x", source="x", counting="x", due_on=date(2026, 11, 11), due_at=due,
                opened_at=NOW,
            )
        )  # fmt: skip
    del stay
    keep_counts(database, REGION, LATER, anew=True)
    assert holds(database, due - timedelta(seconds=1))
    assert not holds(database, due)


@pytest.mark.usefixtures("stay")
def test_kept_counts_hold_until_the_survey_of_the_month_is_settled(database: Database) -> None:
    with database.writing() as session:
        survey = Survey(region=REGION, month=OCTOBER, answers_until=OCTOBER, opened_at=NOW)
        session.add(survey)
    keep_counts(database, REGION, LATER, anew=True)
    assert holds(database, LATER)
    over = LATER + timedelta(minutes=5)
    with database.writing() as session:
        assert settle_surveys(session, REGION, over) == (OCTOBER,)
        assert settle_surveys(session, REGION, over) == ()
    assert not holds(database, over)
    keep_counts(database, REGION, over)
    assert holds(database, over)


def test_a_large_month_is_shown_as_it_was_some_minutes_ago_and_says_so(
    database: Database, stay: Stay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(month_count, "LARGE", 1)
    with database.writing() as session:
        _statement(session, stay)
        record(session, None, Act.STATEMENT_MAKE, now=LATER, stay_id=stay.id)
    before = counted(database, NOW + timedelta(seconds=599))
    assert before.as_of == NOW
    assert before.measures[0].total.counted == 1
    after = counted(database, NOW + timedelta(seconds=601))
    assert after.as_of == NOW + timedelta(seconds=601)
    assert after.measures[0].total.counted == 0
