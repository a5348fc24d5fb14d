"""Every shipped definition on one made month: each counts what was planted for it, by hand."""

from datetime import date, timedelta

import pytest

from handoffs.database import Database
from handoffs.plan_office import PlanStatus
from handoffs.rates.definition import SeenBy
from handoffs.rates.month import cases_of
from handoffs.rates.month_company import settle_companies
from handoffs.rates.shelf import shelf
from handoffs.rates.survey.survey import Question, SurveyAnswer, Word, open_survey
from handoffs.rates.tally import counts_of
from handoffs.statement import Result, Side, Topic
from handoffs.stays.certification import CareNeedLevel
from handoffs.stays.stay import Destination
from rules import HandoffKind, Party
from tests.factories import make_handoff, make_statement, make_stay
from tests.people import NOW, REGION, Cast

OCTOBER, LEFT = date(2026, 10, 1), date(2026, 10, 20)

EXPECTED = {
    "missed_coordination": (3, 8, 2),
    "referral": (1, 2, 1),
    "admission_information": (3, 9, 0),
    "admission_information_in_time": (1, 3, 0),
    "admission_information_confirmed": (1, 9, 0),
    "admission_information_fee": (3, 9, 0),
    "discharge_information": (2, 8, 1),
    "conference_share": (1, 8, 1),
    "days_to_information": (3, 9, 0),
    "days_of_notice": (4, 8, 0),
    "heard_of_admission": (2, 9, 0),
    "sheets_reflected": (1, 2, 0),
    "both_sides_disagreement": (1, 5, 0),
    "kenchu_coordination": (2, 8, 2),
    "tokushima_contact": (2, 6, 0),
    "tottori_tobu_coordination": (2, 8, 2),
    "tottori_tobu_information": (3, 9, 0),
    "fukui_admission_information": (3, 9, 0),
    "fukui_discharge_information": (2, 8, 1),
}
"""Counted, of, unknown, added up below from what is planted. Every shipped name stands here."""


@pytest.fixture
def made(database: Database, cast: Cast) -> Database:
    """Eight who left with an office, one dead, and two without an office to be advised."""
    said = (
        (Result.TALKED, Result.TALKED),  # a contact on both sides' word
        (Result.CONFERENCE, Result.CONFERENCE),  # a conference
        (Result.TALKED, None),  # the hospital's word alone
        (Result.NOT_CONTACTED, Result.NOTHING_HEARD),  # missed
        (Result.NOT_CONTACTED, Result.THROUGH_FAMILY),  # missed: news through the family
        (Result.TALKED, Result.NOTHING_HEARD),  # contradicted
        (None, None),  # nothing known
        (Result.RECEIVED, Result.RECEIVED),  # told and confirmed, to a facility, and missed below
    )
    with database.writing() as session:
        stays = []
        for number, (hospital, office) in enumerate(said):
            stay = make_stay(
                session, cast, admitted_on=OCTOBER, discharged_on=LEFT,
                destination=Destination.NURSING_HOME if number == 7 else Destination.HOME,
            )  # fmt: skip
            stays.append(stay)
            days = LEFT + timedelta(days=1) if number == 7 else date(2026, 10, 15)
            for side, result in ((Side.HOSPITAL, hospital), (Side.PLAN_OFFICE, office)):
                if result is not None:
                    make_statement(session, stay, side, result, on=days)
        # The last was reached only after leaving; the hospital says that it was late.
        make_statement(session, stays[7], Side.HOSPITAL, Result.NOT_CONTACTED, on=LEFT)
        make_statement(session, stays[7], Side.PLAN_OFFICE, Result.NOTHING_HEARD, on=LEFT)
        for result, stay in ((Result.RECEIVED, stays[0]), (Result.THROUGH_FAMILY, stays[1])):
            make_statement(
                session, stay, Side.PLAN_OFFICE, result, on=OCTOBER, topic=Topic.ADMISSION
            )
        passed = {"sender": Party.CARE_MANAGER, "receiver": Party.HOSPITAL, "sent_at": NOW}
        kind = HandoffKind.ADMISSION_INFORMATION
        for number, (due, on, confirmed) in enumerate(((3, 2, NOW), (3, 9, None), (None, 5, None))):
            make_handoff(
                session, stays[number], kind=kind, confirmed_at=confirmed,
                due_on=None if due is None else OCTOBER + timedelta(days=due),
                passed_on=OCTOBER + timedelta(days=on), **passed,
            )  # fmt: skip
        make_handoff(
            session, stays[3], kind=kind, sender=Party.CARE_MANAGER, receiver=Party.HOSPITAL,
            due_on=OCTOBER + timedelta(days=3),
        )  # fmt: skip
        make_handoff(
            session, stays[0], kind=HandoffKind.DISCHARGE_INFORMATION, sent_at=NOW,
            passed_on=date(2026, 10, 19),
        )  # fmt: skip
        make_stay(
            session, cast, admitted_on=OCTOBER, discharged_on=LEFT, destination=Destination.DEATH
        )
        for result in (Result.ADVISED, None):
            stay = make_stay(
                session, cast, admitted_on=date(2026, 9, 1), discharged_on=LEFT,
                destination=Destination.HOME, level=CareNeedLevel.NONE, plan=PlanStatus.UNASSIGNED,
            )  # fmt: skip
            if result is not None:
                make_statement(session, stay, Side.HOSPITAL, result, on=LEFT, topic=Topic.REFERRAL)
        survey = open_survey(session, OCTOBER, date(2026, 12, 1), by=cast.health_officer, now=NOW)
        # Its answers count once it is over and settled.
        settle_companies(session, REGION, NOW.replace(month=10))
        settle_companies(session, REGION, NOW)
        survey.told, survey.told_at = [cast.office_id], NOW
        for stay, word in ((stays[0], Word.YES), (stays[1], Word.NO), (stays[5], Word.YES)):
            session.add(
                SurveyAnswer(
                    survey_id=survey.id, organization_id=cast.office_id, stay_id=stay.id,
                    question=Question.REFLECTED, word=word, recorded_at=NOW,
                )
            )  # fmt: skip
    return database


def test_every_shipped_definition_has_a_planted_count() -> None:
    assert {one.id for one in shelf().every} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_definition_counts_what_was_planted_for_it(made: Database, name: str) -> None:
    definition = next(one for one in shelf().every if one.id == name)
    with made.reading() as session:
        cases = cases_of(session, REGION, OCTOBER, NOW)[definition.event]
        total = counts_of(definition, cases, ()).total
    assert (total.counted, total.of, total.unknown) == EXPECTED[name]


def test_the_fee_window_alone_is_for_nobody_but_its_office() -> None:
    own = {one.id for one in shelf().every if one.seen_by is SeenBy.OWN_OFFICE}
    assert own == {"admission_information_fee"}
