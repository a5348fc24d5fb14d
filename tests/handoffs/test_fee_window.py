"""The fee window of an office's own stays: the days are those of `rules.fees`."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from handoffs.database import Database
from handoffs.fee_window import NO_SUCH_FEE, FeeShown, fee_windows_of
from handoffs.parties import Actor, Organization
from handoffs.passing import confirm, send
from handoffs.plan_office import PlanArrangement, plan_office_of
from handoffs.retraction import retract
from handoffs.statement import Result
from handoffs.stays.certification import Application, CareNeedLevel, Certification, InsuredCategory
from handoffs.stays.stay import Stay
from rules import HandoffKind, Library
from tests.factories import admit_someone, handoff_of, make_stay, talked
from tests.people import NOW, Cast

WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:30-17:30")
TODAY = date(2026, 11, 20)


def opened(session: Session, cast: Cast, organization_id: int | None = None) -> None:
    session.get_one(Organization, organization_id or cast.office_id).hours = WEEK
    session.flush()


def certified(session: Session, stay: Stay, level: CareNeedLevel, application: Application) -> None:
    session.add(
        Certification(
            stay_id=stay.id,
            level=level,
            application=application,
            insured_category=InsuredCategory.FIRST,
            recorded_at=NOW,
        )
    )
    session.flush()


def shown(session: Session, actor: Actor, stay: Stay, today: date = TODAY) -> FeeShown:
    return fee_windows_of(session, actor, [stay.id], today=today)[stay.id]


def last_days(fee: FeeShown) -> list[tuple[date, date]]:
    assert fee.window is not None
    return [(tier.until, tier.outer) for tier in fee.window.tiers]


def test_an_admission_after_the_offices_own_closing_time_gives_a_day_more(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        opened(session, cast)
        late: dict[str, Any] = {"admitted_on": date(2026, 11, 19), "admitted_time": time(18, 10)}
        fee = shown(session, cast.care_manager, make_stay(session, cast, **late))
        # Day 3 is Saturday and the day after it Sunday: both closed, so the insurer is asked.
        assert last_days(fee) == [
            (date(2026, 11, 20), date(2026, 11, 20)),
            (date(2026, 11, 21), date(2026, 11, 22)),
        ]
        assert [day.is_open for day in fee.proof] == [True, True, False, False]
        assert [day.admission_is_day_1 for day in fee.proof] == [1, 2, 3, 4]
        assert fee.readings == ()


def test_a_time_that_is_not_known_shows_both_windows(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        opened(session, cast)
        stay = make_stay(session, cast, admitted_on=date(2026, 11, 17))
        fee = shown(session, cast.care_manager, stay)
        assert last_days(fee)[0] == (date(2026, 11, 17), date(2026, 11, 18))
        (_, in_hours), (_, late) = fee.readings
        assert [tier.until.day for tier in in_hours.tiers] == [17, 19]
        assert [tier.until.day for tier in late.tiers] == [18, 19]


def test_without_hours_nothing_is_counted(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        session.get_one(Organization, cast.office_id).hours = {}
        session.flush()
        fee = shown(session, cast.care_manager, make_stay(session, cast))
        assert fee.hours_missing
        assert (fee.window, fee.proof) == (None, ())


def test_hours_that_no_day_can_be_counted_by_are_as_good_as_none(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        session.get_one(Organization, cast.office_id).hours = {"mon": "whenever"}
        session.flush()
        assert shown(session, cast.care_manager, make_stay(session, cast)).hours_missing


@pytest.mark.parametrize(
    ("level", "application", "outside", "depends"),
    [
        (CareNeedLevel.CARE_1, Application.NONE, False, ""),
        (CareNeedLevel.SUPPORT_2, Application.NONE, True, ""),
        (CareNeedLevel.SUPPORT_2, Application.CHANGE, False, "申請中"),
        (CareNeedLevel.TARGET, Application.NONE, True, ""),
        (CareNeedLevel.NONE, Application.NEW, False, "申請中"),
        (CareNeedLevel.NONE, Application.NONE, True, ""),
        (CareNeedLevel.UNKNOWN, Application.UNKNOWN, False, "不明"),
    ],
)
def test_whom_the_fee_does_not_speak_of_is_told_why_and_unknown_is_never_no(
    database: Database,
    cast: Cast,
    level: CareNeedLevel,
    application: Application,
    outside: bool,  # noqa: FBT001 - a cell of a table.
    depends: str,
) -> None:
    with database.writing() as session:
        opened(session, cast)
        stay = make_stay(session, cast)
        certified(session, stay, level, application)
        fee = shown(session, cast.care_manager, stay)
        assert bool(fee.outside) is outside
        assert (fee.window is None) is outside
        assert depends in fee.depends


def test_offices_of_another_kind_are_told_that_they_have_no_such_fee(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        for actor in (cast.multifunctional, cast.center_staff):
            opened(session, cast, actor.organization_id)
            stay = make_stay(session, cast, organization_id=actor.organization_id)
            assert "対象外" in (outside := shown(session, actor, stay).outside) or (
                outside == NO_SUCH_FEE
            )
        stay = make_stay(session, cast)
        plan = plan_office_of(session, stay.id)
        assert plan is not None
        plan.arrangement = PlanArrangement.FACILITY
        session.flush()
        assert "施設" in shown(session, cast.care_manager, stay).outside


def test_only_the_plan_office_itself_is_ever_given_a_window(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        opened(session, cast)
        stay = make_stay(session, cast, via_center_id=cast.center_id)
        for name, actor in cast.people.items():
            given = fee_windows_of(session, actor, [stay.id], today=TODAY)
            assert bool(given) is (name in {"care_manager", "colleague"}), name
        taken = make_stay(session, cast, care_manager=cast.colleague)
        assert not fee_windows_of(session, cast.care_manager, [taken.id], today=TODAY)
        silent = make_stay(session, cast, wants_no_contact=True)
        assert not fee_windows_of(session, cast.care_manager, [silent.id], today=TODAY)


def test_a_year_whose_holidays_may_still_change_is_marked(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        opened(session, cast)
        stay = make_stay(session, cast, admitted_on=date(2028, 1, 4))
        assert shown(session, cast.care_manager, stay).provisional_years == (2028,)
        assert shown(session, cast.care_manager, stay, date(2027, 3, 1)).provisional_years == ()


def test_the_table_of_the_day_of_admission_counts(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        opened(session, cast)
        old = make_stay(session, cast, admitted_on=date(2024, 3, 29))
        fee = shown(session, cast.care_manager, old)
        assert fee.window is not None
        assert fee.window.table.in_force == date(2018, 4, 1)
        older = make_stay(session, cast, admitted_on=date(2011, 4, 1))
        none = shown(session, cast.care_manager, older)
        assert none.window is None
        assert "2012-04-01" in none.no_table


def test_the_day_of_giving_is_the_offices_own_record_and_what_was_taken_back_is_none(
    database: Database, library: Library, cast: Cast
) -> None:
    by = cast.care_manager
    with database.writing() as session:
        opened(session, cast)
        stay = admit_someone(session, library, cast)
        handoff = handoff_of(session, stay, HandoffKind.ADMISSION_INFORMATION)
        assert shown(session, by, stay).given is None
        entry = talked(result=Result.ABSENT)
        send(session, stay, handoff, entry, by=by, now=NOW)
        assert shown(session, by, stay).given is None, "nobody was reached"
        later = NOW + timedelta(days=5)
        said = send(session, stay, handoff, talked(TODAY + timedelta(days=5)), by=by, now=later)
        fee = shown(session, by, stay)
        assert fee.given is not None
        assert (fee.given.number, fee.given.covers, fee.given.received_on) == (6, (), None)
        assert fee.proof[-1].on == fee.given.on
        confirm(session, stay, handoff, received_on=fee.given.on, by=cast.ward_nurse, now=later)
        session.flush()
        received = shown(session, by, stay).given
        assert received is not None
        assert received.received_on == fee.given.on
        session.flush()
        retract(session, stay, said.id, library=library, by=by, now=later)
        assert shown(session, by, stay).given is None


def test_what_was_given_before_the_admission_has_no_number_and_counts_for_the_first_tier(
    database: Database, library: Library, cast: Cast
) -> None:
    by = cast.care_manager
    with database.writing() as session:
        opened(session, cast)
        stay = admit_someone(session, library, cast)
        handoff = handoff_of(session, stay, HandoffKind.ADMISSION_INFORMATION)
        send(session, stay, handoff, talked(TODAY - timedelta(days=1)), by=by, now=NOW)
        given = shown(session, by, stay).given
        assert given is not None
        assert given.is_before_admission
        assert [cover.tier.id for cover in given.covers] == ["I"]
