"""Fee evidence: a list of what the own record holds, with flags, for the own house alone."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from handoffs.database import Database
from handoffs.rates.evidence.hospital import hospital_evidence
from handoffs.rates.evidence.office import Counted, office_evidence
from handoffs.statement import Means, Result, Side, Statement, Topic
from handoffs.stays.stay import Stay
from rules import HandoffKind, Party
from tests.factories import make_handoff, make_stay
from tests.people import NOW, Cast

YEAR = 2026


def say(
    stay: Stay,
    side: Side,
    result: Result,
    on: date,
    *,
    organization_id: int,
    means: Means = Means.IN_PERSON,
    topic: Topic = Topic.DISCHARGE,
    handoff_id: int | None = None,
) -> Statement:
    return Statement(
        stay_id=stay.id, side=side, topic=topic, means=means, result=result, happened_on=on,
        counterpart="見本の相手", organization_id=organization_id, recorded_at=NOW,
        handoff_id=handoff_id,
    )  # fmt: skip


@pytest.fixture
def made(database: Database, cast: Cast) -> None:
    """One stay with three days of meeting (one on both sides' word), one with a telephone call."""
    with database.writing() as session:
        one = make_stay(session, cast, admitted_on=date(2026, 5, 1))
        two = make_stay(
            session, cast, admitted_on=date(2026, 6, 1), organization_id=cast.outsider_office_id
        )
        hospital: dict[str, Any] = {"organization_id": cast.hospital_id}
        office: dict[str, Any] = {"organization_id": cast.office_id}
        session.add_all(
            [
                say(one, Side.HOSPITAL, Result.MET, date(2026, 5, 8), **hospital),
                say(one, Side.PLAN_OFFICE, Result.MET, date(2026, 5, 8), **office),
                say(one, Side.HOSPITAL, Result.CONFERENCE, date(2026, 5, 20), **hospital),
                say(
                    one, Side.HOSPITAL, Result.CONFERENCE, date(2026, 5, 28),
                    means=Means.NETWORK, **hospital,
                ),
                say(one, Side.HOSPITAL, Result.CONFERENCE, date(2025, 3, 31), **hospital),
                say(two, Side.HOSPITAL, Result.TALKED, date(2026, 6, 9), **hospital),
                say(
                    two, Side.HOSPITAL, Result.CONFERENCE, date(2026, 6, 10),
                    means=Means.TELEPHONE, **hospital,
                ),
            ]
        )  # fmt: skip


@pytest.mark.usefixtures("made")
def test_a_hospital_sees_days_of_meeting_by_partner_and_two_of_a_stay_at_most(
    database: Database, cast: Cast
) -> None:
    with database.reading() as session:
        found = hospital_evidence(session, cast.social_worker, YEAR)
    (partner,) = found.partners
    assert (partner.name, partner.days, partner.often_enough) == ("見本ケアプランセンター", 3, True)
    assert [meeting.both_sides for meeting in partner.meetings] == [True, False, False]
    assert found.enough == 1
    assert found.guidance_count == 2
    assert [len(one.meetings) for one in found.guidance] == [3]


@pytest.mark.usefixtures("made")
def test_what_was_taken_back_in_a_later_year_is_no_evidence(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        day = date(2026, 5, 28)
        said = session.exec(select(Statement).where(Statement.happened_on == day)).one()
        back = Statement(**(said.model_dump(exclude={"id"}) | {"happened_on": date(2027, 5, 1)}))
        back.retracts_id = said.id
        session.add(back)
    with database.reading() as session:
        (partner,) = hospital_evidence(session, cast.social_worker, YEAR).partners
    assert partner.days == 2


@pytest.mark.usefixtures("made")
def test_nobody_else_is_shown_any_of_it(database: Database, cast: Cast) -> None:
    with database.reading() as session:
        for actor in (cast.health_officer, cast.other_nurse, cast.care_manager):
            found = hospital_evidence(session, actor, YEAR)
            assert (found.partners, found.guidance) == ((), ())
        for actor in (cast.health_officer, cast.ward_nurse, cast.outsider):
            assert office_evidence(session, actor, YEAR).pieces == ()


def test_an_office_counts_its_sendings_once_a_stay_and_its_hearings_once_a_day(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast, admitted_on=date(2026, 5, 1))
        sent = make_handoff(
            session, stay, kind=HandoffKind.ADMISSION_INFORMATION, sender=Party.CARE_MANAGER,
            receiver=Party.HOSPITAL, sent_at=NOW, passed_on=date(2026, 5, 2),
        )  # fmt: skip
        office: dict[str, Any] = {"organization_id": cast.office_id}
        for result, on in (
            (Result.TALKED, date(2026, 5, 9)),
            (Result.CONFERENCE, date(2026, 5, 9)),
            (Result.RECEIVED, date(2026, 5, 20)),
            (Result.ABSENT, date(2026, 5, 21)),
            (Result.TALKED, date(2027, 4, 1)),
        ):
            session.add(say(stay, Side.PLAN_OFFICE, result, on, **office))
        for on in (date(2026, 5, 2), date(2026, 5, 3)):
            session.add(
                say(
                    stay, Side.PLAN_OFFICE, Result.SENT, on, topic=Topic.ADMISSION,
                    handoff_id=sent.id, **office,
                )
            )  # fmt: skip
    with database.reading() as session:
        found = office_evidence(session, cast.care_manager, YEAR)
    assert [found.count(kind) for kind in Counted] == [1, 2, 1]
    assert found.count(Counted.HEARD, date(2026, 5, 1)) == 2
    assert found.count(Counted.HEARD, date(2026, 6, 1)) == 0
    assert all(piece.code == stay.code for piece in found.pieces)
