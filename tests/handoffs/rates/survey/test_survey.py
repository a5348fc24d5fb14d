"""The yearly survey: filled in from the events, corrected by the office, set beside the record."""

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from handoffs.database import Database
from handoffs.errors import BadEntry, NotVisible
from handoffs.parties import Actor
from handoffs.plan_office import PlanStatus
from handoffs.rates import of_month
from handoffs.rates.month_company import settle_companies
from handoffs.rates.office_lines import NOT_SETTLED, OTHERS
from handoffs.rates.survey.asked import asked_of
from handoffs.rates.survey.compared import Direction, compared, compared_csv
from handoffs.rates.survey.office_form import form_csv, office_form
from handoffs.rates.survey.settling import settle_surveys
from handoffs.rates.survey.survey import (
    Question,
    Survey,
    SurveyAnswer,
    Unlisted,
    Word,
    answer,
    open_survey,
)
from handoffs.statement import Result, Side, Statement
from handoffs.stays.stay import Destination
from rules import HandoffKind, Party
from tests.conftest import MARK
from tests.factories import make_handoff, make_statement, make_stay
from tests.people import NOW, REGION, Cast

OCTOBER, UNTIL = date(2026, 10, 1), date(2026, 12, 18)
IN_OCTOBER, OVER = NOW.replace(month=10), NOW.replace(month=12, day=19)
SAID: tuple[tuple[Result | None, Result | None, Word], ...] = (
    (Result.TALKED, Result.TALKED, Word.YES),
    (Result.TALKED, None, Word.YES),
    (Result.NOT_CONTACTED, Result.NOTHING_HEARD, Word.NO),
    (None, Result.THROUGH_FAMILY, Word.FAMILY),
    (Result.TALKED, Result.NOTHING_HEARD, Word.UNKNOWN),
    (None, None, Word.UNKNOWN),
)
"""What both sides recorded about a discharge, and what the form must have ticked."""


@pytest.fixture
def stays(database: Database, cast: Cast) -> list[int]:
    """Six of the office who left in October, one of another office, and four not asked about."""
    with database.writing() as session:
        ids = []
        for hospital, office, _ in SAID:
            stay = make_stay(
                session, cast, admitted_on=OCTOBER, discharged_on=date(2026, 10, 20),
                destination=Destination.HOME, care_manager=cast.care_manager,
            )  # fmt: skip
            for side, result in ((Side.HOSPITAL, hospital), (Side.PLAN_OFFICE, office)):
                if result is not None:
                    make_statement(session, stay, side, result, on=date(2026, 10, 15))
            ids.append(stay.id)
        make_handoff(
            session, stay,
            kind=HandoffKind.ADMISSION_INFORMATION, sender=Party.CARE_MANAGER,
            receiver=Party.HOSPITAL, sent_at=NOW, passed_on=OCTOBER,
        )  # fmt: skip
        common: dict[str, Any] = {
            "admitted_on": date(2026, 9, 1),
            "discharged_on": date(2026, 10, 20),
        }
        for other_office, manager in (
            (cast.outsider_office_id, cast.outsider),
            (cast.multifunctional_id, cast.multifunctional),
        ):
            make_stay(
                session, cast, organization_id=other_office, destination=Destination.HOME,
                care_manager=manager, **common,
            )  # fmt: skip
        others: tuple[dict[str, Any], ...] = (
            {"destination": Destination.DEATH},
            {"destination": Destination.OTHER_HOSPITAL},
            {"destination": Destination.HOME, "wants_no_contact": True},
            {"destination": Destination.HOME, "plan": PlanStatus.UNASSIGNED},
        )
        for changes in others:
            make_stay(session, cast, **(common | changes))
    return ids


@pytest.fixture
def survey(database: Database, cast: Cast) -> Survey:
    with database.writing() as session:
        settle_companies(session, REGION, IN_OCTOBER)
        settle_companies(session, REGION, NOW)
        return open_survey(session, OCTOBER, UNTIL, by=cast.health_officer, now=NOW)


def test_the_form_is_filled_in_from_what_both_sides_recorded(
    database: Database, cast: Cast, stays: list[int], survey: Survey
) -> None:
    with database.reading() as session:
        form = office_form(session, cast.care_manager, OCTOBER)
    by_stay = {one.asked.stay_id: one.word for one in form.of(Question.COORDINATION)}
    assert [by_stay[id_] for id_ in stays] == [word for _, _, word in SAID]
    informed = [one.word for one in form.of(Question.INFORMATION)]
    assert sorted(informed) == sorted([Word.NO] * 5 + [Word.YES])
    assert {one.word for one in form.of(Question.REFLECTED)} == {Word.UNKNOWN}
    assert form.survey.id == survey.id


@pytest.mark.usefixtures("stays", "survey")
def test_an_office_is_asked_about_its_own_people_alone(database: Database, cast: Cast) -> None:
    with database.reading() as session:
        mine = office_form(session, cast.care_manager, OCTOBER)
        colleague = office_form(session, cast.colleague, OCTOBER)
        theirs = office_form(session, cast.outsider, OCTOBER)
        with pytest.raises(NotVisible):
            office_form(session, cast.ward_nurse, OCTOBER)
        with pytest.raises(NotVisible):
            office_form(session, cast.care_manager, date(2026, 9, 1))
    assert (len(mine.lines), mine.elsewhere) == (18, 0)
    assert (len(colleague.lines), colleague.elsewhere) == (0, 18)
    assert len(theirs.lines) == 2
    assert not {one.asked.stay_id for one in mine.lines} & {
        one.asked.stay_id for one in theirs.lines
    }


@pytest.mark.usefixtures("stays")
def test_what_the_record_counts_in_the_survey_is_the_figure_of_the_month(
    database: Database,
) -> None:
    with database.reading() as session:
        rates = of_month(session, REGION, OCTOBER, region_name="", hospital_names=True, now=NOW)
        asked = [
            one
            for one in asked_of(session, REGION, OCTOBER)
            if one.question is Question.COORDINATION
        ]
    total = rates.measures[0].total
    missed = sum(one.met is False for one in asked)
    unknown = sum(one.met is None for one in asked)
    assert (missed, len(asked), unknown) == (total.counted, total.of, total.unknown)


def _answer(
    database: Database,
    cast: Cast,
    survey: Survey,
    changed: dict[int, Word],
    by: Actor | None = None,
    /,
    **unlisted: int,
) -> None:
    who = by or cast.care_manager
    with database.writing() as session:
        form = office_form(session, who, OCTOBER)
        words = {
            (one.asked.stay_id, one.asked.question): (
                one.asked.filled,
                changed.get(one.asked.stay_id, one.word)
                if one.asked.question is Question.COORDINATION
                else one.word,
            )
            for one in form.lines
        }
        standing = session.get_one(Survey, survey.id)
        answer(session, standing, words, Unlisted(**unlisted), by=who, now=NOW)


def test_only_what_differs_is_written_and_the_record_stays_as_it_was(
    database: Database, cast: Cast, stays: list[int], survey: Survey
) -> None:
    with database.reading() as session:
        before = len(session.exec(select(Statement)).all())
    _answer(database, cast, survey, {stays[4]: Word.YES, stays[0]: Word.YES})
    _answer(database, cast, survey, {stays[4]: Word.YES})
    with database.reading() as session:
        rows = session.exec(select(SurveyAnswer)).all()
        assert [(row.stay_id, row.word) for row in rows] == [(stays[4], Word.YES)]
        assert len(session.exec(select(Statement)).all()) == before


@pytest.mark.parametrize(
    ("changed", "unlisted", "direction"),
    [
        ({}, {}, Direction.AGREES),
        ({2: Word.YES}, {}, Direction.HIGHER),
        ({0: Word.LATE}, {}, Direction.LOWER),
        ({}, {"unlisted_not_met": 3}, Direction.LOWER),
        ({}, {"unlisted_met": 3}, Direction.HIGHER),
    ],
)
def test_the_survey_lies_higher_lower_or_agrees(
    database: Database,
    cast: Cast,
    stays: list[int],
    survey: Survey,
    changed: dict[int, Word],
    unlisted: dict[str, int],
    direction: Direction,
) -> None:
    _answer(database, cast, survey, {stays[n]: word for n, word in changed.items()}, **unlisted)
    with database.reading() as session:
        found = compared(session, survey)
    total = found.totals[Question.COORDINATION]
    assert total.direction is direction
    assert (total.system.counted, total.system.of, total.system.unknown) == (2, 6, 2)
    rows = {row.label: row for row in found.offices[Question.COORDINATION]}
    assert rows["事業所A"].direction is direction
    waiting = [row for row in rows.values() if row.survey is None]
    assert [row.direction for row in waiting] == [Direction.WAITING]
    assert set(found.waiting) == {"となり町ケアプラン", "小規模多機能みほん"}
    assert found.returned == 1


@pytest.mark.usefixtures("stays")
def test_an_office_of_one_person_has_no_line_of_its_own_and_is_told_when_all_is_over(
    database: Database, cast: Cast, survey: Survey
) -> None:
    def lines(now: datetime = NOW) -> tuple[list[tuple[str, int, bool]], int, int]:
        with database.reading() as session:
            settle_surveys(session, REGION, now)
            found = compared(session, session.get_one(Survey, survey.id))
        rows = [
            (row.label, row.system.of, row.survey is not None)
            for row in found.offices[Question.COORDINATION]
        ]
        return rows, found.totals[Question.COORDINATION].system.of, found.reflected.of

    waiting = [("事業所A", 6, False), (OTHERS, 2, False)]
    assert lines() == (waiting, 0, 0)
    _answer(database, cast, survey, {}, cast.outsider)
    assert lines(OVER) == (waiting, 0, 0)
    _answer(database, cast, survey, {}, cast.multifunctional)
    # Each of the two readings less the one before would be what one office answered.
    assert lines() == (waiting, 0, 0)
    assert lines(OVER) == ([("事業所A", 6, False), (OTHERS, 2, True)], 2, 2)
    _answer(database, cast, survey, {})
    assert lines() == ([("事業所A", 6, True), (OTHERS, 2, False)], 6, 6)
    assert lines(OVER) == ([("事業所A", 6, True), (OTHERS, 2, True)], 8, 8)


@pytest.mark.usefixtures("stays")
def test_there_are_no_lines_before_the_month_is_settled(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        survey = open_survey(session, OCTOBER, UNTIL, by=cast.health_officer, now=NOW)
        found = compared(session, survey)
    assert found.offices[Question.COORDINATION] == ()
    assert set(found.notes.values()) == {NOT_SETTLED}


def test_a_survey_that_is_over_is_not_begun_again(
    database: Database, cast: Cast, survey: Survey
) -> None:
    with database.writing() as session:
        later = UNTIL + timedelta(days=7)
        open_survey(session, OCTOBER, later, by=cast.health_officer, now=OVER - timedelta(days=1))
        with pytest.raises(BadEntry) as refused:
            open_survey(
                session, OCTOBER, later + timedelta(days=30), by=cast.health_officer,
                now=OVER + timedelta(days=7),
            )  # fmt: skip
        assert "延ばせるのは" in refused.value.fields["answers_until"]
        assert session.get_one(Survey, survey.id).answers_until == later


def test_what_leaves_has_directions_and_no_count_and_the_own_file_no_name(
    database: Database, cast: Cast, stays: list[int], survey: Survey
) -> None:
    _answer(database, cast, survey, {stays[2]: Word.YES})
    with database.reading() as session:
        text = compared_csv(compared(session, survey), "見本医療圏").decode("utf-8-sig")
        own = form_csv(office_form(session, cast.care_manager, OCTOBER)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["調査と記録"] for row in rows} <= {one.label for one in Direction}
    assert not any(cell.isdigit() for row in rows for cell in row.values())
    assert MARK not in own
    assert len(own.splitlines()) == 19


def test_a_form_is_refused_after_its_day_for_a_strange_region_and_with_odd_counts(
    database: Database, cast: Cast, survey: Survey
) -> None:
    late = NOW.replace(month=12, day=20)
    with database.writing() as session:
        row = session.get_one(Survey, survey.id)
        with pytest.raises(BadEntry):
            answer(session, row, {}, Unlisted(), by=cast.care_manager, now=late)
        with pytest.raises(NotVisible):
            answer(session, row, {}, Unlisted(), by=cast.ward_nurse, now=NOW)
        with pytest.raises(BadEntry) as refused:
            answer(session, row, {}, Unlisted(unlisted_met=1000), by=cast.care_manager, now=NOW)
        assert list(refused.value.fields) == ["unlisted_met"]
        for month, until, field in (
            (date(2026, 11, 1), UNTIL, "month"),
            (OCTOBER, date(2026, 11, 1), "answers_until"),
        ):
            with pytest.raises(BadEntry) as wrong:
                open_survey(session, month, until, by=cast.health_officer, now=NOW)
            assert list(wrong.value.fields) == [field]
