"""The eve of a long closure: discharges that are planned for it, whether or not anything is due."""

from datetime import date, datetime

from sqlmodel import Session

from handoffs.database import Database
from handoffs.stays.consent import Consent, ConsentAnswer, ConsentGround
from handoffs.stays.leave import Leave, LeaveKind
from handoffs.stays.stay import PlannedCertainty, Stay
from handoffs.telling.closure import remind_before_closure
from handoffs.telling.despatch import Answer, Nothing, Parcel, mark, next_parcel
from handoffs.telling.outbox import Outcome, Purpose, Reason
from handoffs.telling.saying import PUSHES_A_DAY
from handoffs.telling.undelivered import settle_undelivered, undelivered_of
from tests.conftest import MARK
from tests.handoffs.notices import (
    LINK,
    MAIL,
    give_address,
    messages,
    owe,
    run,
    stay_in_charge,
    tokyo,
)
from tests.people import Cast

# 21 to 23 November 2026 is Saturday, Sunday and a public holiday; on the 24th work goes on.
EVE = tokyo(20, 9)


def planned(session: Session, cast: Cast, day: int, **columns: object) -> Stay:
    return stay_in_charge(
        session,
        cast,
        planned_discharge_on=date(2026, 11, day),
        planned_certainty=PlannedCertainty.FIXED,
        **columns,
    )


def taken(database: Database, now: datetime = EVE) -> Parcel | Nothing | None:
    with database.writing() as session:
        return next_parcel(session, by="here", now=now, reach=MAIL, link=LINK)


def eve(database: Database, now: datetime = EVE) -> int:
    return remind_before_closure(database, now, MAIL)


def test_discharges_in_the_closed_days_are_told_once_though_nothing_is_due(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    with database.writing() as session:
        give_address(session, cast.ward_nurse)
        for day in (20, 21, 23, 24):
            planned(session, cast, day)

    assert eve(database, tokyo(19, 10)) == 0
    assert eve(database, tokyo(20, 7)) == 0
    assert eve(database) == 1
    assert eve(database, tokyo(20, 10)) == 0
    parcel = taken(database)

    assert isinstance(parcel, Parcel)
    assert parcel.letter.subject == "【つなぎ】お休みの間の退院予定が2件あります"
    assert MARK not in parcel.letter.subject + parcel.letter.body


def test_what_falls_due_and_who_is_discharged_stand_in_one_message(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        give_address(session, cast.ward_nurse)
        owe(session, planned(session, cast, 22), due_on=date(2026, 11, 21))

    assert eve(database) == 1
    parcel = taken(database)

    assert isinstance(parcel, Parcel)
    assert parcel.count == 2
    assert "引き継ぎが1件あります。お休みの間の退院予定が1件あります" in parcel.letter.body
    assert taken(database) is None


def test_both_sides_are_told_and_the_office_only_where_it_may_be(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        give_address(session, cast.ward_nurse)
        give_address(session, cast.care_manager)
        planned(session, cast, 22)
        planned(session, cast, 22, wants_no_contact=True)
        withheld = planned(session, cast, 22)
        session.add(
            Consent(
                stay_id=withheld.id,
                answer=ConsentAnswer.WITHHELD,
                ground=ConsentGround.ORAL,
                answered_on=EVE.date(),
                recorded_at=EVE,
            )
        )
        away = planned(session, cast, 22)
        session.add(
            Leave(stay_id=away.id, kind=LeaveKind.OVERNIGHT, left_on=EVE.date(), recorded_at=EVE)
        )

    assert eve(database) == 2
    found = [taken(database), taken(database)]

    counts = {one.address: one.count for one in found if isinstance(one, Parcel)}
    assert counts == {
        f"person{cast.ward_nurse.staff_id}@example.jp": 3,
        f"person{cast.care_manager.staff_id}@example.jp": 1,
    }


def test_a_date_that_moved_meanwhile_is_not_told(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        give_address(session, cast.ward_nurse)
        stay_id = planned(session, cast, 22).id
    assert eve(database) == 1
    with database.writing() as session:
        session.get_one(Stay, stay_id).planned_discharge_on = date(2026, 11, 25)

    assert isinstance(taken(database), Nothing)

    with database.reading() as session:
        (message,) = messages(session)
    assert (message.outcome, message.reason) == (Outcome.CANCELLED, Reason.NOTHING_LEFT)


def test_after_five_messages_it_stands_in_the_digest(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        give_address(session, cast.ward_nurse)
        planned(session, cast, 22)
    for minute in range(PUSHES_A_DAY):
        # Each is written in a minute of its own, so that none waits for another to join it.
        with database.writing() as session:
            owe(session, stay_in_charge(session, cast))
        assert run(database, tokyo(20, 9, minute)) == 1

    assert eve(database, tokyo(20, 10)) == 1

    with database.reading() as session:
        purposes = [one.purpose for one in messages(session)]
    assert purposes == [Purpose.REMINDER] * PUSHES_A_DAY + [Purpose.DIGEST]
    parcel = taken(database, tokyo(20, 16))
    while isinstance(parcel, Parcel) and parcel.purpose != Purpose.DIGEST:
        parcel = taken(database, tokyo(20, 16))
    assert isinstance(parcel, Parcel)
    assert "退院予定が1件" in parcel.letter.body


def test_one_that_did_not_arrive_is_work_until_it_is_settled(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        give_address(session, cast.ward_nurse)
        planned(session, cast, 22)
    eve(database)
    parcel = taken(database)
    assert isinstance(parcel, Parcel)
    with database.writing() as session:
        answer = Answer(Reason.BAD_ADDRESS, final=True)
        mark(session, parcel.message_id, answer, by="here", now=EVE)

    with database.writing() as session:
        (lost,) = undelivered_of(session, cast.discharge_nurse)
        assert lost.may_settle
        settle_undelivered(session, lost.message_id, by=cast.discharge_nurse, now=EVE)
        assert undelivered_of(session, cast.discharge_nurse) == ()
