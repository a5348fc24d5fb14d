from datetime import date, time, timedelta
from typing import Any

import pytest

from handoffs.database import Database
from handoffs.decision.assessment import Assessment, Occasion
from handoffs.plan_office import PlanStatus
from handoffs.rates.cases import Case, admitted_cases, discharged_cases
from handoffs.rates.coordination import Contact
from handoffs.statement import Result, Side, Topic
from handoffs.stays.certification import CareNeedLevel, certification_of
from handoffs.stays.stay import Destination
from handoffs.tokyo import start_of
from rules import Coordination, HandoffKind, Party
from tests.conftest import MARK
from tests.factories import make_handoff, make_statement, make_stay
from tests.people import NOW, REGION, Cast

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
LEFT: dict[str, Any] = {"discharged_on": date(2026, 11, 25), "destination": Destination.HOME}


def _only(database: Database, *, admitted: bool = False, now: date = DECEMBER) -> Case:
    count = admitted_cases if admitted else discharged_cases
    with database.reading() as session:
        (case,) = count(session, REGION, NOVEMBER, start_of(now))
        return case


def test_a_case_is_codes_and_nothing_that_names_anybody(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        make_stay(session, cast, **LEFT)
    case = _only(database)
    assert MARK not in str(case)
    assert "シメイヒ" not in str(case)
    assert case == Case(
        stay_days=5,
        weekday=2,
        office_id=cast.office_id,
        care_level=CareNeedLevel.CARE_2,
        hospital_id=cast.hospital_id,
        group="要介護",
        plan=PlanStatus.ASSIGNED,
        destination=Destination.HOME,
        in_region=None,
        coordination=Coordination.UNDETERMINED,
        excluded=False,
        wants_no_contact=False,
        contact=Contact.UNKNOWN,
        advised=False,
        informed=False,
        information_may_come=False,
        told_of_admission=False,
    )


@pytest.mark.parametrize(
    ("day", "counted"),
    [
        (date(2026, 10, 31), False),
        (date(2026, 11, 1), True),
        (date(2026, 11, 30), True),
        (date(2026, 12, 1), False),
    ],
)
def test_a_month_is_its_own_days_and_no_others(
    database: Database,
    cast: Cast,
    day: date,
    counted: bool,  # noqa: FBT001 - a cell of a table.
) -> None:
    with database.writing() as session:
        make_stay(session, cast, admitted_on=day, discharged_on=day, destination=Destination.HOME)
    with database.reading() as session:
        for count in (discharged_cases, admitted_cases):
            assert len(count(session, REGION, NOVEMBER, NOW)) == counted
            assert count(session, "elsewhere", NOVEMBER, NOW) == []


def test_who_is_still_in_hospital_was_admitted_but_has_not_left(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        make_stay(session, cast)
    with database.reading() as session:
        assert discharged_cases(session, REGION, NOVEMBER, NOW) == []
        assert len(admitted_cases(session, REGION, NOVEMBER, NOW)) == 1


def test_the_latest_of_each_kind_of_row_counts(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast, in_region=True, level=CareNeedLevel.SUPPORT_1, **LEFT)
        for coordination, excluded in (
            (Coordination.REQUIRED, False),
            (Coordination.NOT_REQUIRED, True),
        ):
            session.add(
                Assessment(
                    stay_id=stay.id,
                    occasion=Occasion.CHANGE,
                    region=REGION,
                    edition_in_force="2024-04-01",
                    edition_digest="",
                    coordination=coordination,
                    excluded=excluded,
                    made_at=NOW,
                )
            )
            session.flush()
    case = _only(database)
    assert (case.group, case.in_region) == ("要支援", True)
    assert (case.coordination, case.excluded) == (Coordination.NOT_REQUIRED, True)


@pytest.mark.parametrize(
    ("result", "on", "advised"),
    [
        (Result.ADVISED, date(2026, 11, 25), True),
        (Result.TALKED, date(2026, 11, 24), True),
        (Result.RECEIVED, date(2026, 11, 24), True),
        (Result.SENT, date(2026, 11, 24), False),
        (Result.ABSENT, date(2026, 11, 24), False),
        (Result.ADVISED, date(2026, 11, 26), False),
    ],
)
def test_advice_counts_when_it_was_given_before_leaving(
    database: Database,
    cast: Cast,
    result: Result,
    on: date,
    advised: bool,  # noqa: FBT001 - a cell of a table.
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast, plan=PlanStatus.UNASSIGNED, **LEFT)
        make_statement(session, stay, Side.HOSPITAL, result, on=on, topic=Topic.REFERRAL)
    assert _only(database).advised is advised


def test_information_may_still_come_while_its_last_day_is_not_over(
    database: Database, cast: Cast
) -> None:
    due = date(2026, 11, 26)
    with database.writing() as session:
        stay = make_stay(session, cast)
        information = make_handoff(
            session,
            stay,
            kind=HandoffKind.ADMISSION_INFORMATION,
            sender=Party.CARE_MANAGER,
            receiver=Party.HOSPITAL,
            due_on=due,
        )
    assert _only(database, admitted=True, now=due).information_may_come
    assert not _only(database, admitted=True, now=due + timedelta(days=1)).information_may_come
    with database.writing() as session:
        session.merge(information).sent_at = NOW
    assert _only(database, admitted=True).informed


def test_information_that_was_withdrawn_informs_nobody(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        make_handoff(
            session,
            make_stay(session, cast),
            kind=HandoffKind.ADMISSION_INFORMATION,
            sent_at=NOW,
            withdrawn_at=NOW,
        )
    assert not _only(database, admitted=True).informed


@pytest.mark.parametrize(
    ("side", "result", "told"),
    [
        (Side.HOSPITAL, Result.SENT, True),
        (Side.HOSPITAL, Result.TALKED, True),
        (Side.HOSPITAL, Result.MESSAGE, False),
        (Side.PLAN_OFFICE, Result.TALKED, False),
        (Side.PLAN_OFFICE, Result.RECEIVED, True),
    ],
)
def test_an_office_was_told_when_the_hospital_says_so(
    database: Database,
    cast: Cast,
    side: Side,
    result: Result,
    told: bool,  # noqa: FBT001 - a cell of a table.
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        make_statement(session, stay, side, result, topic=Topic.ADMISSION)
    assert _only(database, admitted=True).told_of_admission is told


def test_each_month_asks_whether_the_certification_was_valid_on_its_own_day(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast, discharged_time=time(10), **LEFT)
        certification = certification_of(session, stay.id)
        assert certification is not None
        certification.valid_until = date(2026, 11, 24)
    assert _only(database).group == ""
    assert _only(database, admitted=True).group == "要介護"


def test_a_stay_of_which_nothing_was_written_down_is_unknown_and_not_lost(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast, **LEFT)
        for table in ("certification", "plan_office"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - fixed names.
        assert stay.id
    case = _only(database)
    assert (case.group, case.plan) == ("", PlanStatus.UNKNOWN)
