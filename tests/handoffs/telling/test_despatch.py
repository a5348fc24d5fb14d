"""The moment of sending: looked at once more, claimed for one, retried, and visible if it fails."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from handoffs.database import Database
from handoffs.errors import NotVisible
from handoffs.handoff import Handoff
from handoffs.parties import Organization, Staff
from handoffs.plan_office import PlanOffice
from handoffs.stays.consent import Consent, ConsentAnswer, ConsentGround
from handoffs.stays.stay import Destination, Stay
from handoffs.telling.absence import be_away
from handoffs.telling.acknowledgement import acknowledge
from handoffs.telling.despatch import Answer, Nothing, Parcel, mark, next_parcel
from handoffs.telling.mailbox import Mailbox, Reach
from handoffs.telling.outbox import (
    BACKOFF,
    LEASE,
    Channel,
    Draft,
    Message,
    Outcome,
    Purpose,
    Reason,
    Recipient,
    enqueue,
)
from handoffs.telling.undelivered import settle_undelivered, undelivered_of
from handoffs.tokyo import late_from
from tests.conftest import MARK
from tests.handoffs.notices import (
    LINK,
    MAIL,
    give_address,
    messages,
    owe,
    reminders,
    run,
    stay_in_charge,
    tokyo,
)
from tests.people import Cast

AT = tokyo(19, 10)


def take(
    database: Database, now: datetime = AT, *, by: str = "one", reach: Reach = MAIL
) -> Parcel | Nothing | None:
    with database.writing() as session:
        return next_parcel(session, by=by, now=now, reach=reach, link=LINK)


def parcel_of(database: Database, now: datetime = AT, *, by: str = "one") -> Parcel:
    parcel = take(database, now, by=by)
    assert isinstance(parcel, Parcel)
    return parcel


def told(database: Database, cast: Cast, *, sent: bool = False) -> int:
    """A handoff of which a message tells: the nurse, or where it was sent the care manager."""
    with database.writing() as session:
        give_address(session, cast.care_manager if sent else cast.ward_nurse)
        moment = tokyo(19, 9, 30) if sent else None
        handoff_id = owe(session, stay_in_charge(session, cast), sent_at=moment).id
    run(database, AT)
    return handoff_id


def test_the_words_name_how_many_where_and_whom_to_call_and_nobody(
    database: Database, cast: Cast
) -> None:
    told(database, cast, sent=True)

    parcel = parcel_of(database)

    assert (parcel.channel, parcel.count) == (Channel.MAIL, 1)
    assert parcel.letter.subject == "【つなぎ】未確認の連絡が1件あります"
    assert LINK in parcel.letter.body
    assert "見本中央病院" in parcel.letter.body
    with database.reading() as session:
        codes = session.exec(select(Stay.code)).all()
    text = parcel.letter.subject + parcel.letter.body
    assert MARK not in text
    assert not [code for code in codes if code in text]


def test_a_claimed_message_belongs_to_one_until_the_lease_ends(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    told(database, cast)

    first = parcel_of(database, by="one")
    assert take(database, by="two") is None
    again = parcel_of(database, AT + LEASE, by="two")

    assert again.key == first.key
    with database.writing() as session:
        mark(session, first.message_id, Answer(Reason.UNREACHABLE), by="one", now=AT + LEASE)
    with database.reading() as session:
        assert messages(session)[0].claimed_by == "two"


def test_what_arrived_has_arrived_whoever_holds_the_lease(database: Database, cast: Cast) -> None:
    told(database, cast)
    first = parcel_of(database, by="one")
    parcel_of(database, AT + LEASE, by="two")
    with database.writing() as session:
        mark(session, first.message_id, Answer(), by="one", now=AT + LEASE)
        mark(session, first.message_id, Answer(Reason.BUSY), by="two", now=AT + LEASE)

    with database.reading() as session:
        (message,) = messages(session)
    assert message.outcome is Outcome.DELIVERED
    assert take(database, AT + timedelta(days=9)) is None


def test_a_failed_try_waits_longer_each_time_and_is_given_up_visibly(
    database: Database, cast: Cast
) -> None:
    told(database, cast, sent=True)
    with database.writing() as session:
        # Later moments would silence it; the handoff stays as it is.
        (message,) = session.exec(select(Message))
        message.purpose = Purpose.REMINDER
    now, keys, waits = AT, set(), []
    for _ in range(len(BACKOFF) + 1):
        parcel = take(database, now)
        while isinstance(parcel, Nothing):
            with database.reading() as session:
                now = messages(session)[0].next_try_at
            parcel = take(database, now)
        assert isinstance(parcel, Parcel)
        keys.add(parcel.key)
        with database.writing() as session:
            mark(session, parcel.message_id, Answer(Reason.BUSY), by="one", now=now)
        with database.reading() as session:
            (message,) = messages(session)
        waits.append(message.next_try_at - now)
        now = message.next_try_at
    assert tuple(waits[:-1]) == BACKOFF
    assert len(keys) == 1
    assert (message.outcome, message.reason) == (Outcome.GAVE_UP, Reason.BUSY)
    with database.reading() as session:
        (lost,) = undelivered_of(session, cast.discharge_nurse)
        assert undelivered_of(session, cast.care_manager) == ()
    assert "見本ケアプランセンター" in lost.to
    with database.writing() as session:
        with pytest.raises(NotVisible):
            settle_undelivered(session, lost.message_id, by=cast.outsider, now=now)
        settle_undelivered(session, lost.message_id, by=cast.discharge_nurse, now=now)
        settle_undelivered(session, lost.message_id, by=cast.discharge_nurse, now=now)
    with database.reading() as session:
        assert undelivered_of(session, cast.discharge_nurse) == ()


def test_a_refusal_for_good_is_not_tried_again(database: Database, cast: Cast) -> None:
    told(database, cast)
    parcel = parcel_of(database)
    with database.writing() as session:
        answer = Answer(Reason.BAD_ADDRESS, final=True)
        mark(session, parcel.message_id, answer, by="one", now=AT)

    assert take(database, AT + timedelta(days=3)) is None
    with database.reading() as session:
        (lost,) = undelivered_of(session, cast.ward_nurse)
    assert lost.reason is Reason.BAD_ADDRESS


def test_a_lost_message_is_no_work_once_its_handoff_is_done(database: Database, cast: Cast) -> None:
    handoff_id = told(database, cast)
    parcel = parcel_of(database)
    with database.writing() as session:
        answer = Answer(Reason.BAD_ADDRESS, final=True)
        mark(session, parcel.message_id, answer, by="one", now=AT)
        session.get_one(Handoff, handoff_id).waived_at = AT

    with database.reading() as session:
        assert undelivered_of(session, cast.ward_nurse) == ()


def test_out_of_hours_a_message_waits_and_that_is_no_try(database: Database, cast: Cast) -> None:
    told(database, cast)

    assert isinstance(take(database, tokyo(19, 22)), Nothing)

    with database.reading() as session:
        (message,) = messages(session)
    assert message.next_try_at == tokyo(20, 8, 30)
    assert (message.tries, message.lease_until) == (0, None)


def confirmed(_: Session, handoff: Handoff, __: Stay, ___: Cast) -> None:
    handoff.sent_at = handoff.confirmed_at = AT


def sent(_: Session, handoff: Handoff, __: Stay, ___: Cast) -> None:
    handoff.sent_at = AT


def withdrawn(_: Session, handoff: Handoff, __: Stay, ___: Cast) -> None:
    handoff.withdrawn_at = AT


def resting(_: Session, handoff: Handoff, __: Stay, ___: Cast) -> None:
    handoff.paused_at = AT


def moved(_: Session, handoff: Handoff, __: Stay, ___: Cast) -> None:
    handoff.due_on = handoff.opened_at.date() + timedelta(days=30)
    handoff.due_at = late_from(handoff.due_on)


def died(_: Session, __: Handoff, stay: Stay, ___: Cast) -> None:
    stay.discharged_on, stay.destination = AT.date(), Destination.DEATH


def cancelled(_: Session, __: Handoff, stay: Stay, ___: Cast) -> None:
    stay.cancelled_at = AT


def wish(_: Session, __: Handoff, stay: Stay, ___: Cast) -> None:
    stay.wants_no_contact = True


def taken_up(session: Session, handoff: Handoff, stay: Stay, cast: Cast) -> None:
    acknowledge(session, stay, handoff, by=cast.discharge_nurse, now=AT)


def left(session: Session, _: Handoff, __: Stay, cast: Cast) -> None:
    session.get_one(Staff, cast.ward_nurse.staff_id).active = False


def other_contact(_: Session, __: Handoff, stay: Stay, cast: Cast) -> None:
    stay.contact_staff_id = cast.discharge_nurse.staff_id


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (confirmed, Reason.NOTHING_LEFT),
        (sent, Reason.NOTHING_LEFT),
        (withdrawn, Reason.WITHDRAWN),
        (resting, Reason.ON_LEAVE),
        (moved, Reason.MOVED),
        (died, Reason.DIED),
        (cancelled, Reason.CANCELLED_STAY),
        (wish, Reason.NO_CONTACT),
        (taken_up, Reason.ACKNOWLEDGED),
        (left, Reason.STAFF_LEFT),
        (other_contact, Reason.OTHER_RECIPIENT),
    ],
)
def test_what_changed_meanwhile_cancels_the_message_with_its_reason(
    database: Database,
    cast: Cast,
    change: Callable[[Session, Handoff, Stay, Cast], None],
    why: Reason,
) -> None:
    handoff_id = told(database, cast)
    with database.writing() as session:
        handoff = session.get_one(Handoff, handoff_id)
        change(session, handoff, session.get_one(Stay, handoff.stay_id), cast)

    assert isinstance(take(database), Nothing)

    with database.reading() as session:
        (message,) = messages(session)
        assert undelivered_of(session, cast.ward_nurse) == ()
    assert (message.outcome, message.reason) == (Outcome.CANCELLED, why)


def test_a_withheld_consent_keeps_the_other_side_from_being_told(
    database: Database, cast: Cast
) -> None:
    handoff_id = told(database, cast, sent=True)
    with database.writing() as session:
        session.add(
            Consent(
                stay_id=session.get_one(Handoff, handoff_id).stay_id,
                answer=ConsentAnswer.WITHHELD,
                ground=ConsentGround.ORAL,
                answered_on=AT.date(),
                recorded_at=AT,
            )
        )

    assert isinstance(take(database), Nothing)

    with database.reading() as session:
        assert messages(session)[0].reason is Reason.CONSENT_WITHHELD


def test_another_plan_office_is_told_instead_of_the_one_before(
    database: Database, cast: Cast
) -> None:
    told(database, cast, sent=True)
    with database.writing() as session:
        plan = session.exec(select(PlanOffice)).one()
        plan.organization_id = cast.outsider_office_id
        plan.care_manager_id = cast.outsider.staff_id
        give_address(session, cast.outsider)

    assert isinstance(take(database), Nothing)
    assert run(database, AT) == 1
    parcel = parcel_of(database)

    assert parcel.address == f"person{cast.outsider.staff_id}@example.jp"
    with database.reading() as session:
        first, second = reminders(session)
    assert (first.redirected, second.redirected) == (True, False)


def test_an_absence_written_down_meanwhile_sends_it_to_the_substitute(
    database: Database, cast: Cast
) -> None:
    told(database, cast)
    with database.writing() as session:
        give_address(session, cast.social_worker)
        day = AT.date()
        be_away(session, day, day, cast.social_worker.staff_id, by=cast.ward_nurse, now=AT)

    assert isinstance(take(database), Nothing)
    run(database, AT)

    assert parcel_of(database).address == f"person{cast.social_worker.staff_id}@example.jp"


def test_the_address_is_the_one_at_the_moment_of_sending(database: Database, cast: Cast) -> None:
    told(database, cast)
    with database.writing() as session:
        session.exec(select(Mailbox)).one().address = "atarashii@example.jp"

    assert parcel_of(database).address == "atarashii@example.jp"


def test_of_several_handoffs_those_that_still_stand_are_counted(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        give_address(session, cast.ward_nurse)
        made = [owe(session, stay_in_charge(session, cast)).id for _ in range(3)]
    run(database, AT)
    with database.writing() as session:
        session.get_one(Handoff, made[1]).waived_at = AT

    assert parcel_of(database).count == 2


def test_a_message_about_one_handoff_may_be_added_by_any_verb(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    with database.writing() as session:
        give_address(session, cast.care_manager)
        handoff = owe(session, stay_in_charge(session, cast))
        draft = Draft(
            to=Recipient(cast.office_id, cast.care_manager.staff_id),
            purpose=Purpose.REMINDER,
            key="test/1",
            channel=Channel.MAIL,
            not_before=AT,
            sender_id=cast.hospital_id,
            stay_id=handoff.stay_id,
            handoff_id=handoff.id,
        )
        assert enqueue(session, draft, now=AT) is not None
        assert enqueue(session, draft, now=AT) is None

    assert take(database, AT - timedelta(seconds=1)) is None
    assert parcel_of(database).key == "test/1"
    with database.reading() as session:
        assert session.exec(select(col(Message.id))).all() == [1]


def test_a_message_that_is_rolled_back_with_its_act_never_was(
    database: Database, cast: Cast
) -> None:
    draft = Draft(
        to=Recipient(cast.office_id),
        purpose=Purpose.REMINDER,
        key="test/2",
        channel=Channel.MAIL,
        not_before=AT,
    )

    def act_that_fails() -> None:
        with database.writing() as session:
            enqueue(session, draft, now=AT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act_that_fails()

    assert take(database) is None


def test_a_message_that_cannot_be_judged_keeps_no_other_from_leaving(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        give_address(session, cast.care_manager)
        give_address(session, cast.outsider)
        for number, who in enumerate((cast.outsider, cast.care_manager)):
            handoff = owe(session, stay_in_charge(session, cast))
            draft = Draft(
                to=Recipient(who.organization_id, who.staff_id),
                purpose=Purpose.REMINDER,
                key=f"test/{number}",
                channel=Channel.MAIL,
                not_before=AT,
                handoff_id=handoff.id,
            )
            enqueue(session, draft, now=AT)
        session.get_one(Organization, cast.outsider_office_id).closed_days = ["no day"]

    assert isinstance(take(database), Nothing)
    assert parcel_of(database).key == "test/1"

    with database.reading() as session:
        first, _ = messages(session)
    assert (first.reason, first.tries, first.next_try_at) == (
        Reason.NOT_JUDGED,
        1,
        AT + BACKOFF[0],
    )
