"""What the clock writes into the outbox: once, to the right person, grouped, five a day."""

from datetime import date, time, timedelta

import pytest
from sqlmodel import select

from handoffs.conference import SlotEntry, choose, propose
from handoffs.database import Database
from handoffs.handoff import Handoff
from handoffs.parties import Organization, Staff
from handoffs.stays.stay import Destination, Stay
from handoffs.telling.absence import be_away
from handoffs.telling.acknowledgement import acknowledge
from handoffs.telling.closure import remind_before_closure
from handoffs.telling.duty_person import Post, name_holder
from handoffs.telling.ladder import Step
from handoffs.telling.mailbox import Reach
from handoffs.telling.outbox import Channel, Message, Outcome, Purpose, end
from handoffs.telling.reminded import NOBODY
from rules import HandoffKind
from tests.handoffs.notices import (
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


def owed(database: Database, cast: Cast, count: int = 1, **columns: object) -> list[int]:
    """Handoffs of as many stays; the ward nurse has an address."""
    with database.writing() as session:
        give_address(session, cast.ward_nurse)
        return [owe(session, stay_in_charge(session, cast), **columns).id for _ in range(count)]


def test_running_twice_is_running_once(either: tuple[Database, Cast]) -> None:
    database, cast = either
    owed(database, cast, 3)

    assert run(database, tokyo(19, 10)) == 3
    assert run(database, tokyo(19, 10)) == 0
    assert run(database, tokyo(19, 18)) == 0

    with database.reading() as session:
        (message,) = messages(session)
        told = reminders(session)
    assert (message.staff_id, message.purpose) == (cast.ward_nurse.staff_id, Purpose.REMINDER)
    assert message.not_before == tokyo(19, 10)
    assert {one.message_id for one in told} == {message.id}
    assert {one.step for one in told} == {Step.DUE_SOON}


def test_outside_the_hours_it_waits_for_the_next_morning_and_gathers(
    database: Database, cast: Cast
) -> None:
    owed(database, cast, 1)
    assert run(database, tokyo(19, 0, 1)) == 1
    with database.writing() as session:
        owe(session, stay_in_charge(session, cast))
    assert run(database, tokyo(19, 3)) == 1

    with database.reading() as session:
        (message,) = messages(session)
        assert {one.message_id for one in reminders(session)} == {message.id}
    assert message.not_before == tokyo(19, 8, 30)


def test_five_pushes_a_day_and_the_rest_in_one_digest(either: tuple[Database, Cast]) -> None:
    database, cast = either
    owed(database, cast, 0)
    for number in range(9):
        with database.writing() as session:
            owe(session, stay_in_charge(session, cast))
        assert run(database, tokyo(19, 9, number)) == 1

    with database.reading() as session:
        written = messages(session)
        told = reminders(session)
    assert [m.purpose for m in written] == [Purpose.REMINDER] * 5 + [Purpose.DIGEST]
    assert written[-1].not_before == tokyo(19, 16)
    assert [one.message_id for one in told][-4:] == [written[-1].id] * 4


def test_after_the_digest_has_left_the_rest_waits_for_the_next_open_day(
    database: Database, cast: Cast
) -> None:
    owed(database, cast, 0)
    for number in range(7):
        with database.writing() as session:
            owe(session, stay_in_charge(session, cast))
            if number == 6:
                for message in session.exec(select(Message)):
                    end(message, Outcome.DELIVERED, None, now=tokyo(20, 16))
        run(database, tokyo(20, 9, number))

    with database.reading() as session:
        last = messages(session)[-1]
    assert last.purpose is Purpose.DIGEST
    assert last.not_before == tokyo(24, 16)  # Monday is a public holiday.


def test_an_unsent_one_climbs_from_the_person_to_the_duty_person(
    database: Database, cast: Cast
) -> None:
    owed(database, cast)
    with database.writing() as session:
        give_address(session, cast.discharge_nurse)
        name_holder(
            session,
            Post.ON_DUTY,
            cast.discharge_nurse.staff_id,
            by=cast.ward_nurse,
            now=tokyo(1, 9),
        )
    for day in range(18, 31):
        run(database, tokyo(day, 10))

    with database.reading() as session:
        told = [(one.step, one.recipient) for one in reminders(session)]
    nurse, duty = f"staff:{cast.ward_nurse.staff_id}", f"staff:{cast.discharge_nurse.staff_id}"
    assert told == [
        (Step.DUE_SOON, nurse),
        (Step.LAST_DAY, nurse),
        (Step.OVERDUE, nurse),
        (Step.OVERDUE_OFFICE, duty),
    ]


def test_beyond_the_office_lead_and_coordinator_are_told(database: Database, cast: Cast) -> None:
    owed(database, cast)
    with database.writing() as session:
        give_address(session, cast.discharge_nurse)
        lead = cast.discharge_nurse.staff_id
        name_holder(session, Post.LEAD, lead, by=cast.ward_nurse, now=tokyo(1, 9))
    reach = Reach(mail=True, beyond_office=True, coordinator="kencho@example.jp")
    for day in range(26, 31):
        run(database, tokyo(day, 10), reach)

    with database.reading() as session:
        told = [(one.step, one.recipient) for one in reminders(session)]
        purposes = {message.purpose for message in messages(session)}
    assert told == [
        (Step.OVERDUE_LEAD, f"staff:{lead}"),
        (Step.OVERDUE_REGION, f"organization:{cast.health_center_id}"),
    ]
    assert purposes == {Purpose.BEYOND_OFFICE}


def test_whoever_is_away_is_stood_in_for(database: Database, cast: Cast) -> None:
    owed(database, cast)
    with database.writing() as session:
        give_address(session, cast.social_worker)
        substitute = cast.social_worker.staff_id
        be_away(
            session,
            date(2026, 11, 18),
            date(2026, 11, 25),
            substitute,
            by=cast.ward_nurse,
            now=tokyo(17, 9),
        )
    run(database, tokyo(19, 10))

    with database.reading() as session:
        (told,) = reminders(session)
    assert told.recipient == f"staff:{substitute}"


def test_a_person_without_an_address_is_stood_in_for_by_the_office(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        give_address(session, cast.ward_nurse, office=True)
        owe(session, stay_in_charge(session, cast))
    run(database, tokyo(19, 10))

    with database.reading() as session:
        (told,) = reminders(session)
    assert told.recipient == f"organization:{cast.hospital_id}"


def test_where_nobody_has_an_address_it_is_written_down_and_no_message_is_made(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        owe(session, stay_in_charge(session, cast))
    assert run(database, tokyo(19, 10)) == 1
    assert run(database, tokyo(19, 10)) == 0

    with database.reading() as session:
        (told,) = reminders(session)
        assert messages(session) == []
    assert (told.recipient, told.message_id) == (NOBODY, None)


def test_an_organization_with_a_webhook_is_told_by_it(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        number = session.get_one(Organization, cast.hospital_id).number or ""
        owe(session, stay_in_charge(session, cast, contact_staff_id=None))
    run(database, tokyo(19, 10), Reach(webhooks={number: "https://hospital.example.jp/in"}))

    with database.reading() as session:
        (message,) = messages(session)
    assert (message.channel, message.staff_id) == (Channel.WEBHOOK, None)


def test_what_was_sent_is_told_to_the_receiver(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        give_address(session, cast.care_manager)
        owe(session, stay_in_charge(session, cast), sent_at=tokyo(18, 14))
    run(database, tokyo(18, 14, 1))

    with database.reading() as session:
        (message,) = messages(session)
        (told,) = reminders(session)
    assert (told.step, message.staff_id) == (Step.ARRIVED, cast.care_manager.staff_id)
    assert message.sender_id == cast.hospital_id


def test_times_for_a_conference_are_told_to_whoever_chooses_until_they_are_answered(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    slot = SlotEntry(day=date(2026, 11, 27), starts_at=time(10), ends_at=time(11))
    with database.writing() as session:
        for actor in (cast.care_manager, cast.ward_nurse):
            give_address(session, actor)
        stay = stay_in_charge(session, cast)
        handoff = owe(session, stay, kind=HandoffKind.DISCHARGE_CONFERENCE)
        (offered,) = propose(session, stay, handoff, [slot], by=cast.ward_nurse, now=tokyo(19, 14))
        session.flush()
        ids = stay.id, handoff.id, offered.id
    run(database, tokyo(19, 14, 1))
    run(database, tokyo(20, 9))
    with database.reading() as session:
        told = [(one.step, one.recipient) for one in reminders(session)]
        to = {message.staff_id for message in messages(session)}
    assert [step for step, _ in told] == [Step.PROPOSED, Step.PROPOSED_AGAIN]
    assert to == {cast.care_manager.staff_id}, "the ward waits for the answer"

    with database.writing() as session:
        stay, handoff = session.get_one(Stay, ids[0]), session.get_one(Handoff, ids[1])
        choose(session, stay, handoff, ids[2], by=cast.care_manager, now=tokyo(20, 10))
    run(database, tokyo(20, 11))
    with database.reading() as session:
        latest = reminders(session)[-1]
        (message,) = [m for m in messages(session) if m.id == latest.message_id]
    assert message.staff_id == cast.ward_nurse.staff_id, "the ladder of the conference goes on"


def test_times_that_nobody_answers_do_not_silence_the_due_day(
    database: Database, cast: Cast
) -> None:
    slot = SlotEntry(day=date(2026, 11, 19), starts_at=time(18), ends_at=time(19))
    with database.writing() as session:
        for actor in (cast.care_manager, cast.ward_nurse):
            give_address(session, actor)
        stay = stay_in_charge(session, cast)
        handoff = owe(session, stay, kind=HandoffKind.DISCHARGE_CONFERENCE)
        assert handoff.due_at is not None
        due_at = handoff.due_at
        propose(session, stay, handoff, [slot], by=cast.ward_nurse, now=tokyo(16, 14))
    run(database, tokyo(16, 14, 1))
    run(database, due_at + timedelta(days=3))
    with database.reading() as session:
        latest = reminders(session)[-1]
        (message,) = [m for m in messages(session) if m.id == latest.message_id]
    assert latest.step not in {Step.PROPOSED, Step.PROPOSED_AGAIN, Step.PROPOSED_OFFICE}
    assert message.staff_id in {cast.ward_nurse.staff_id, None}


def test_an_acknowledgement_pauses_the_ladder_and_then_asks_again(
    database: Database, cast: Cast
) -> None:
    (handoff_id,) = owed(database, cast)
    run(database, tokyo(19, 10))
    with database.writing() as session:
        handoff = session.get_one(Handoff, handoff_id)
        stay = session.get_one(Stay, handoff.stay_id)
        made = acknowledge(session, stay, handoff, by=cast.ward_nurse, now=tokyo(19, 11))
    assert made.until == tokyo(24, 8, 30)
    for hour in range(24 * 4):
        assert run(database, tokyo(19, 12) + timedelta(hours=hour)) == 0
    assert run(database, made.until) == 1

    with database.reading() as session:
        assert [one.step for one in reminders(session)] == [Step.DUE_SOON, Step.TAKEN_UP_OVER]


@pytest.mark.parametrize(
    "columns",
    [
        {"wants_no_contact": True},
        {"cancelled_at": tokyo(2, 1)},
        {"destination": Destination.DEATH, "discharged_on": date(2026, 11, 18)},
    ],
)
def test_death_cancellation_and_a_wish_for_no_contact_silence_everything(
    database: Database, cast: Cast, columns: dict[str, object]
) -> None:
    with database.writing() as session:
        give_address(session, cast.ward_nurse)
        owe(session, stay_in_charge(session, cast, **columns))
    for day in range(10, 30):
        assert run(database, tokyo(day, 10)) == 0


def test_what_is_weeks_old_is_not_poured_out_when_mail_is_switched_on(
    database: Database, cast: Cast
) -> None:
    owed(database, cast, 3, due_on=date(2026, 10, 1))

    assert run(database, tokyo(19, 10)) == 0


def test_the_eve_of_a_long_closure_tells_what_falls_due_in_it(
    database: Database, cast: Cast
) -> None:
    # 21 to 23 November is Saturday, Sunday and a public holiday.
    with database.writing() as session:
        give_address(session, cast.ward_nurse)
        for day in (20, 21, 23, 24):
            owe(session, stay_in_charge(session, cast), due_on=date(2026, 11, day))

    def eve(day: int, hour: int) -> int:
        return remind_before_closure(database, tokyo(day, hour), MAIL)

    assert eve(19, 10) == 0
    assert eve(20, 7) == 0
    assert eve(20, 9) == 2
    assert eve(20, 10) == 0
    with database.reading() as session:
        (message,) = messages(session)
    assert message.purpose is Purpose.CLOSED_DAYS


def test_staff_who_left_are_not_told(database: Database, cast: Cast) -> None:
    owed(database, cast)
    with database.writing() as session:
        session.get_one(Staff, cast.ward_nurse.staff_id).active = False
        give_address(session, cast.discharge_nurse, office=True)
    run(database, tokyo(19, 10))

    with database.reading() as session:
        (told,) = reminders(session)
    assert told.recipient == f"organization:{cast.hospital_id}"


def test_a_record_that_cannot_be_read_keeps_nobody_else_from_being_told(
    database: Database, cast: Cast
) -> None:
    owed(database, cast)
    with database.writing() as session:
        session.get_one(Organization, cast.other_hospital_id).closed_days = ["no day"]
        give_address(session, cast.other_nurse)
        stay = stay_in_charge(session, cast, hospital_id=cast.other_hospital_id)
        stay.contact_staff_id = cast.other_nurse.staff_id
        owe(session, stay)

    with pytest.raises(ExceptionGroup, match="判定できない"):
        run(database, tokyo(19, 10))

    with database.reading() as session:
        (told,) = reminders(session)
    assert told.recipient == f"staff:{cast.ward_nurse.staff_id}"
    assert remind_before_closure(database, tokyo(20, 10), MAIL) == 0
