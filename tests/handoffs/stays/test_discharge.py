from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from handoffs.database import Database
from handoffs.errors import BadEntry, NotPermitted, Overtaken
from handoffs.handoff import handoffs_of
from handoffs.history import Act, Event, events_of
from handoffs.passing import send
from handoffs.rates.coordination import Contact, contact_about_discharge
from handoffs.statement import Means, Result, statements_of
from handoffs.stays.discharge import (
    DischargeEntry,
    PlannedDischargeEntry,
    discharge,
    plan_discharge,
)
from handoffs.stays.stay import Destination, PlannedCertainty, Stay
from rules import HandoffKind, Library
from tests.factories import ADMITTED, admit_someone, handoff_of, leave, make_stay, talked
from tests.people import NOW, Cast

LATER = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 27)


def _planned(on: date | None, version: int = 1) -> PlannedDischargeEntry:
    certainty = PlannedCertainty.ABOUT if on else PlannedCertainty.UNDECIDED
    return PlannedDischargeEntry(
        planned_discharge_on=on, planned_certainty=certainty, version=version
    )


def _left(**changes: Any) -> DischargeEntry:  # noqa: ANN401 - columns of a row.
    given: dict[str, Any] = {
        "discharged_on": TODAY,
        "destination": Destination.HOME,
        "version": 1,
    }
    return DischargeEntry(**(given | changes))


def test_each_change_of_the_planned_date_stays_in_the_history(
    database: Database, library: Library, cast: Cast
) -> None:
    first, second = date(2026, 12, 10), date(2026, 12, 17)
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        for on in (first, second, None):
            entry = _planned(on, stay.version)
            plan_discharge(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)
        session.flush()
        moves = [
            (event.detail["from"], event.detail["to"], event.detail["certainty"])
            for event in events_of(session, stay.id)
            if event.act is Act.STAY_PLAN_DISCHARGE
        ]
        assert moves == [
            (None, "2026-12-10", "about"),
            ("2026-12-10", "2026-12-17", "about"),
            ("2026-12-17", None, "undecided"),
        ]
        assert stay.version == 4


def test_the_same_date_again_changes_nothing(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        events = len(events_of(session, stay.id))
        plan_discharge(session, stay, _planned(None), library=library, by=cast.ward_nurse, now=NOW)
        assert stay.version == 1
        assert len(events_of(session, stay.id)) == events


def test_about_that_day_and_decided_for_that_day_are_two_things(
    database: Database, library: Library, cast: Cast
) -> None:
    on = date(2026, 12, 10)
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        plan_discharge(session, stay, _planned(on), library=library, by=cast.ward_nurse, now=NOW)
        fixed = PlannedDischargeEntry(
            planned_discharge_on=on, planned_certainty=PlannedCertainty.FIXED, version=2
        )
        plan_discharge(session, stay, fixed, library=library, by=cast.ward_nurse, now=NOW)
        assert (stay.planned_certainty, stay.version) == (PlannedCertainty.FIXED, 3)


@pytest.mark.parametrize("on", [date(2026, 11, 19), date(2062, 12, 10), date.max])
def test_a_planned_date_before_the_admission_or_decades_ahead_is_asked_back(
    database: Database, library: Library, cast: Cast, on: date
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        with pytest.raises(BadEntry) as refused:
            plan_discharge(
                session, stay, _planned(on), library=library, by=cast.ward_nurse, now=NOW
            )
        assert set(refused.value.fields) == {"planned_discharge_on"}
        assert stay.planned_discharge_on is None


def test_a_screen_that_was_overtaken_overwrites_nothing(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        on = date(2026, 12, 10)
        plan_discharge(session, stay, _planned(on), library=library, by=cast.ward_nurse, now=NOW)
        with pytest.raises(Overtaken, match="残っています"):
            plan_discharge(
                session, stay, _planned(None), library=library, by=cast.social_worker, now=NOW
            )
        with pytest.raises(Overtaken):
            discharge(
                session,
                stay,
                _left(discharged_on=ADMITTED),
                library=library,
                by=cast.social_worker,
                now=NOW,
            )
        assert stay.planned_discharge_on == on
        assert stay.is_open


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"discharged_on": date(2026, 11, 19)}, "discharged_on", "入院日より前"),
    ({"discharged_on": date(2026, 11, 28)}, "discharged_on", "今日より後"),
    (
        {"discharged_on": ADMITTED, "discharged_time": time(8, 59)},
        "discharged_time",
        "入院の時刻より前",
    ),
    ({"contacted": True, "contacted_on": date(2026, 11, 28)}, "contacted_on", "退院より後"),
    ({"contacted": True, "contacted_on": date(2026, 11, 19)}, "contacted_on", "入院日より前"),
]


@pytest.mark.parametrize(("changes", "field", "message"), WRONG)
def test_an_impossible_discharge_is_refused_beside_its_field(
    database: Database,
    library: Library,
    cast: Cast,
    changes: dict[str, Any],
    field: str,
    message: str,
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast, admitted_time=time(9, 0))
        with pytest.raises(BadEntry) as refused:
            discharge(
                session, stay, _left(**changes), library=library, by=cast.ward_nurse, now=LATER
            )
        assert message in refused.value.fields[field]
        assert (stay.is_open, stay.version) == (True, 1)
        assert statements_of(session, stay.id) == []


@pytest.mark.parametrize(
    ("came", "left"), [(None, time(8)), (time(9), None), (time(9), time(9)), (None, None)]
)
def test_somebody_may_leave_on_the_day_they_came(
    database: Database, library: Library, cast: Cast, came: time | None, left: time | None
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast, admitted_time=came)
        entry = _left(discharged_on=ADMITTED, discharged_time=left)
        discharge(session, stay, entry, library=library, by=cast.ward_nurse, now=LATER)
        assert stay.discharged_on == ADMITTED


def test_today_in_tokyo_is_today_although_it_is_still_yesterday_in_utc(
    database: Database, library: Library, cast: Cast
) -> None:
    half_past_midnight = datetime(2026, 11, 26, 15, 30, tzinfo=UTC)
    with database.writing() as session:
        stay = make_stay(session, cast)
        discharge(
            session, stay, _left(), library=library, by=cast.ward_nurse, now=half_past_midnight
        )
        assert stay.discharged_on == TODAY


def test_who_has_left_leaves_once_and_has_no_planned_date_any_more(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        discharge(session, stay, _left(), library=library, by=cast.ward_nurse, now=LATER)
        assert stay.version == 2
        with pytest.raises(NotPermitted, match="すでに退院"):
            discharge(
                session, stay, _left(version=2), library=library, by=cast.ward_nurse, now=LATER
            )
        with pytest.raises(NotPermitted, match="退院済み"):
            plan_discharge(
                session,
                stay,
                _planned(date(2026, 12, 1), 2),
                library=library,
                by=cast.ward_nurse,
                now=LATER,
            )


def test_only_the_hospital_plans_and_registers_a_discharge(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        for by in (cast.care_manager, cast.center_staff, cast.health_officer):
            with pytest.raises(NotPermitted):
                discharge(session, stay, _left(), library=library, by=by, now=LATER)
            with pytest.raises(NotPermitted):
                plan_discharge(session, stay, _planned(None), library=library, by=by, now=LATER)


@pytest.mark.parametrize(
    ("answer", "contact"),
    [
        ({"contacted": None}, Contact.UNKNOWN),
        ({"contacted": False}, Contact.NONE),
        ({"contacted": True}, Contact.HOSPITAL_ONLY),
        ({"contacted": True, "contacted_on": date(2026, 11, 25)}, Contact.HOSPITAL_ONLY),
        (
            {
                "contacted": True,
                "contact_means": Means.IN_PERSON,
                "contact_result": Result.CONFERENCE,
            },
            Contact.HOSPITAL_ONLY,
        ),
        ({"contacted": True, "contact_result": Result.MESSAGE}, Contact.NONE),
        ({"contacted": True, "contact_result": Result.THROUGH_FAMILY}, Contact.THROUGH_FAMILY),
    ],
)
def test_what_the_hospital_answers_on_leaving_is_its_own_statement(
    database: Database, library: Library, cast: Cast, answer: dict[str, Any], contact: Contact
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        discharge(session, stay, _left(**answer), library=library, by=cast.ward_nurse, now=LATER)
        assert contact_about_discharge(stay, statements_of(session, stay.id)) is contact


def test_a_death_takes_back_everything_that_waits_and_asks_nobody_about_a_contact(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        send(session, stay, notice, talked(), by=cast.ward_nurse, now=NOW)
        said = len(statements_of(session, stay.id))
        discharge(
            session,
            stay,
            _left(destination=Destination.DEATH, contacted=False),
            library=library,
            by=cast.ward_nurse,
            now=LATER,
        )
        waiting = [h for h in handoffs_of(session, stay.id) if h.id != notice.id]
        assert waiting
        assert all(h.withdrawn_at == LATER for h in waiting)
        assert notice.withdrawn_at is None
        assert len(statements_of(session, stay.id)) == said


def test_leaving_alive_moves_what_was_due_before_leaving_to_the_real_day(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        on = date(2026, 12, 10)
        plan_discharge(session, stay, _planned(on), library=library, by=cast.ward_nurse, now=NOW)
        leave(session, library, cast, stay, now=LATER)
        information = handoff_of(session, stay, HandoffKind.DISCHARGE_INFORMATION)
        assert information.due_on == TODAY


def test_the_event_of_a_discharge_carries_a_day_and_a_code(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        discharge(session, stay, _left(), library=library, by=cast.ward_nurse, now=LATER)
        session.flush()
        (event,) = [e for e in events_of(session, stay.id) if e.act is Act.STAY_DISCHARGE]
        assert isinstance(event, Event)
        assert event.detail == {"on": "2026-11-27", "destination": "home"}
        assert isinstance(session.get(Stay, stay.id), Stay)
        assert timedelta(0) == LATER - event.at
