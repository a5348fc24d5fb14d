"""A FAX from the number that is verified to the slip that comes back."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from handoffs.database import Database
from handoffs.decline import DeclineEntry, DeclineReason, decline, decline_of
from handoffs.errors import BadEntry, NotPermitted, NotVisible
from handoffs.fax.channel import (
    FaxSending,
    FaxState,
    Gateway,
    alike,
    find_sending,
    note_report,
    note_state,
    prepare,
)
from handoffs.fax.code import ALPHABET, check_character, is_fax_code
from handoffs.fax.number import (
    CallEntry,
    FaxNumber,
    NumberEntry,
    note_call,
    note_test,
    number_of,
    second,
    set_number,
)
from handoffs.fax.shown import BY_SERVER, fax_troubles_of, sendings_of, settle_fax
from handoffs.fax.slip import SlipAnswer, take_slip
from handoffs.fax.values import fax_values, trial_values
from handoffs.handoff import Handoff
from handoffs.history import Act, events_of
from handoffs.parties import Organization, OrganizationKind
from handoffs.plan_office import plan_office_of
from handoffs.statement import Means, Result, Side, statements_of
from handoffs.stays.consent import Consent, ConsentAnswer, ConsentGround
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from handoffs.telling.outbox import Channel, Message
from tests.conftest import MARK
from tests.factories import ADMITTED, make_handoff, make_stay
from tests.people import NOW, Cast

NUMBER = "0770-00-0002"
TYPED = NumberEntry(number=NUMBER, again="０７７０（００）０００２")
CALL = CallEntry(telephone="0770-00-0001", counterpart="事務 たろう", called_on=ADMITTED)
LATER = NOW + timedelta(hours=1)


def verified(session: Session, cast: Cast, *, seconded: bool = False) -> FaxNumber:
    """A number of the cast's office that may be sent to."""
    number = set_number(session, cast.office_id, TYPED, by=cast.ward_nurse, now=NOW)
    session.flush()
    note_call(session, cast.office_id, CALL, by=cast.ward_nurse, now=NOW)
    note_test(session, cast.office_id, number.test_code.lower(), by=cast.ward_nurse, now=NOW)
    if seconded:
        second(session, cast.office_id, by=cast.social_worker, now=NOW)
    return number


def prepared(
    session: Session, cast: Cast, *, gateway: bool = False
) -> tuple[FaxSending, Stay, Handoff]:
    """A FAX to the cast's office about a discharge notice."""
    if number_of(session, cast.hospital_id, cast.office_id) is None:
        verified(session, cast)
    stay = make_stay(session, cast)
    handoff = make_handoff(session, stay)
    sending = prepare(
        session,
        stay,
        handoff,
        seen_alike=True,
        gateway=Gateway(is_on=gateway),
        by=cast.ward_nurse,
        now=NOW,
    )
    session.flush()
    return sending, stay, handoff


def test_a_number_is_typed_twice_called_and_tested_before_anything_is_sent(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        office = session.get_one(Organization, cast.office_id)
        number = set_number(session, cast.office_id, TYPED, by=cast.ward_nurse, now=NOW)
        assert number.number == NUMBER
        assert not number.is_verified(office, second_person=False)
        note_call(session, cast.office_id, CALL, by=cast.ward_nurse, now=NOW)
        assert not number.is_verified(office, second_person=False)
        wrong = "3" * 6
        with pytest.raises(BadEntry) as bad:
            note_test(session, cast.office_id, wrong, by=cast.ward_nurse, now=NOW)
        assert set(bad.value.fields) == {"test_code"}
        note_test(session, cast.office_id, number.test_code, by=cast.ward_nurse, now=NOW)
        assert number.is_verified(office, second_person=False)
        assert (number.called_by, number.tested_by) == (cast.ward_nurse.staff_id,) * 2


def test_the_second_person_is_another_one_where_the_region_asks_for_one(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        office = session.get_one(Organization, cast.office_id)
        number = verified(session, cast)
        assert not number.is_verified(office, second_person=True)
        with pytest.raises(NotPermitted, match="別の方"):
            second(session, cast.office_id, by=cast.ward_nurse, now=NOW)
        second(session, cast.office_id, by=cast.social_worker, now=NOW)
        assert number.is_verified(office, second_person=True)


@pytest.mark.parametrize(
    ("number", "again", "field"),
    [
        ("FAX", "FAX", "number"),
        ("12345", "12345", "number"),
        (NUMBER, "0770-00-0003", "again"),
        ("0770-00-0001", "0770-00-0001", "number"),
    ],
)
def test_a_number_that_was_mistyped_is_refused(
    database: Database, cast: Cast, number: str, again: str, field: str
) -> None:
    entry = NumberEntry(number=number, again=again)
    with database.writing() as session, pytest.raises(BadEntry) as bad:
        set_number(session, cast.office_id, entry, by=cast.ward_nurse, now=NOW)
    assert set(bad.value.fields) == {field}


def test_the_call_goes_to_another_number_than_the_machines(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        set_number(session, cast.office_id, TYPED, by=cast.ward_nurse, now=NOW)
        call = CALL.model_copy(update={"telephone": "0770 00 0002"})
        with pytest.raises(BadEntry) as bad:
            note_call(session, cast.office_id, call, by=cast.ward_nurse, now=NOW)
    assert "FAX番号と同じ" in bad.value.fields["telephone"]


def test_a_changed_number_is_locked_until_it_is_verified(database: Database, cast: Cast) -> None:
    other = NumberEntry(number="0770-00-0009", again="0770-00-0009")
    with database.writing() as session:
        office = session.get_one(Organization, cast.office_id)
        first = verified(session, cast)
        assert set_number(session, cast.office_id, TYPED, by=cast.ward_nurse, now=NOW) is first
        changed = set_number(session, cast.office_id, other, by=cast.ward_nurse, now=NOW)
        assert first.ended_at == NOW
        assert not changed.is_verified(office, second_person=False)
        with pytest.raises(NotPermitted, match="確かめられていません"):
            prepared(session, cast)


def test_a_number_that_changed_in_the_directory_locks_the_old_one(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        number = verified(session, cast)
        session.get_one(Organization, cast.office_id).fax = "0770-00-0099"
        assert number.is_overtaken(session.get_one(Organization, cast.office_id))
        with pytest.raises(NotPermitted, match="確かめられていません"):
            prepared(session, cast)


def test_only_a_hospital_verifies_and_for_itself(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        verified(session, cast)
        assert number_of(session, cast.other_hospital_id, cast.office_id) is None
        with pytest.raises(NotPermitted):
            set_number(session, cast.office_id, TYPED, by=cast.care_manager, now=NOW)
        with pytest.raises(NotVisible):
            set_number(session, cast.hospital_id, TYPED, by=cast.ward_nurse, now=NOW)


def test_institutions_with_similar_names_are_looked_at_first(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        verified(session, cast)
        assert alike(session, session.get_one(Organization, cast.office_id)) == ()
        session.add(
            Organization(
                kind=OrganizationKind.CARE_SUPPORT_OFFICE,
                region="tonari",
                name="見本ケアプランセンター",
                municipality="となり町",
            )
        )
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        with pytest.raises(BadEntry) as bad:
            prepare(
                session,
                stay,
                handoff,
                seen_alike=False,
                gateway=Gateway(),
                by=cast.ward_nurse,
                now=NOW,
            )
        assert set(bad.value.fields) == {"seen_alike"}
        prepared(session, cast)


def test_nothing_is_prepared_for_what_must_not_be_told(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        verified(session, cast)
        hidden, withheld, wish = (make_stay(session, cast) for _ in range(3))
        session.get_one(Patient, hidden.patient_id).whereabouts_hidden = True
        wish.wants_no_contact = True
        session.add(
            Consent(
                stay_id=withheld.id,
                answer=ConsentAnswer.WITHHELD,
                ground=ConsentGround.ORAL,
                answered_on=ADMITTED,
                recorded_at=NOW,
            )
        )
        for stay in (hidden, withheld, wish):
            handoff = make_handoff(session, stay)
            with pytest.raises(NotPermitted, match="電話で"):
                prepare(
                    session,
                    stay,
                    handoff,
                    seen_alike=True,
                    gateway=Gateway(),
                    by=cast.ward_nurse,
                    now=NOW,
                )


def test_each_sending_has_a_code_of_its_own_and_the_values_of_its_papers(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        first, stay, _ = prepared(session, cast)
        other, _, _ = prepared(session, cast)
        assert is_fax_code(first.code)
        assert first.code != other.code
        values = fax_values(session, first, now=NOW)
        assert (values["code"], values["to_number"]) == (first.code, NUMBER)
        assert MARK in str(values["name"])
        number = session.get_one(FaxNumber, first.number_id)
        assert MARK not in str(trial_values(session, number, now=NOW))
        stay.wants_no_contact = True
        with pytest.raises(NotPermitted):
            fax_values(session, first, now=NOW)


def test_what_the_machine_says_is_written_down_and_only_delivery_makes_the_handoff_sent(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        sending, stay, handoff = prepared(session, cast)
        for state in (FaxState.SENT, FaxState.BUSY, FaxState.BUSY, FaxState.FAILED):
            note_state(session, sending, state, by=cast.ward_nurse, now=NOW)
        assert session.get_one(Handoff, handoff.id).sent_at is None
        note_state(session, sending, FaxState.DELIVERED, by=cast.ward_nurse, now=LATER)
        assert (handoff.sent_at, handoff.delivered_at) == (LATER, LATER)
        assert handoff.confirmed_at is None
        (said,) = statements_of(session, stay.id)
        assert (said.side, said.means, said.result) == (Side.HOSPITAL, Means.FAX, Result.SENT)
        acts = [
            e.detail["fax_state"] for e in events_of(session, stay.id) if e.act is Act.FAX_STATE
        ]
        assert acts == ["sent", "busy", "failed", "delivered"]
        with pytest.raises(NotPermitted, match="コード"):
            note_state(session, sending, FaxState.RECEIVED, by=cast.ward_nurse, now=NOW)


def test_busy_and_failed_are_work_until_told_otherwise_or_sent_again(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        sending, stay, handoff = prepared(session, cast)
        assert fax_troubles_of(session, cast.ward_nurse) == ()
        note_state(session, sending, FaxState.BUSY, by=cast.ward_nurse, now=NOW)
        session.flush()
        (one,) = fax_troubles_of(session, cast.discharge_nurse)
        assert (one.case_code, one.state, one.number) == (stay.code, FaxState.BUSY, NUMBER)
        assert fax_troubles_of(session, cast.other_nurse) == ()
        assert fax_troubles_of(session, cast.care_manager) == ()
        with pytest.raises(NotVisible):
            settle_fax(session, sending.id, by=cast.other_nurse, now=NOW)
        settle_fax(session, sending.id, by=cast.ward_nurse, now=NOW)
        session.flush()
        assert fax_troubles_of(session, cast.ward_nurse) == ()
        note_state(session, sending, FaxState.FAILED, by=cast.ward_nurse, now=NOW)
        session.flush()
        assert len(fax_troubles_of(session, cast.ward_nurse)) == 1
        again = prepare(
            session,
            stay,
            handoff,
            seen_alike=True,
            gateway=Gateway(),
            by=cast.ward_nurse,
            now=LATER,
        )
        session.flush()
        assert fax_troubles_of(session, cast.ward_nurse) == ()
        assert [one.id for one in sendings_of(session, handoff.id)] == [again.id, sending.id]


def test_the_code_of_a_slip_confirms_the_handoff_once_with_fax_as_its_means(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        sending, stay, handoff = prepared(session, cast)
        code, typist = sending.code, cast.social_worker
        for _ in range(2):
            taken = take_slip(
                session,
                f" {code.lower()} ",
                SlipAnswer.RECEIVED,
                received_on=ADMITTED,
                by=typist,
                now=NOW,
            )
            session.flush()
        assert (taken.state, taken.state_by) == (FaxState.RECEIVED, typist.staff_id)
        assert (handoff.confirmed_at, handoff.confirmed_by) == (NOW, typist.staff_id)
        (said,) = statements_of(session, stay.id)
        assert (said.side, said.means, said.result, said.staff_id) == (
            Side.HOSPITAL,
            Means.FAX,
            Result.RECEIVED,
            typist.staff_id,
        )
        acts = [e.act for e in events_of(session, stay.id)]
        assert acts.count(Act.HANDOFF_CONFIRM) == acts.count(Act.FAX_SLIP) == 1
        with pytest.raises(NotPermitted, match="返信"):
            note_state(session, sending, FaxState.FAILED, by=cast.ward_nurse, now=NOW)


def test_a_slip_that_says_something_else_leaves_the_handoff_to_a_person(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        sending, _, handoff = prepared(session, cast)
        take_slip(
            session,
            sending.code,
            SlipAnswer.REPLIED,
            received_on=ADMITTED,
            by=cast.ward_nurse,
            now=NOW,
        )
        assert sending.state is FaxState.REPLIED
        assert handoff.confirmed_at is None


def test_a_slip_that_says_another_office_is_in_charge_declines_for_that_office(
    database: Database, cast: Cast
) -> None:
    entry = DeclineEntry(reason=DeclineReason.CHANGED_OFFICE)
    with database.writing() as session:
        sending, stay, handoff = prepared(session, cast)
        code, typist = sending.code, cast.social_worker

        def take(declined: DeclineEntry | None) -> None:
            take_slip(
                session,
                code,
                SlipAnswer.DECLINED,
                received_on=ADMITTED,
                by=typist,
                now=NOW,
                declined=declined,
            )
            session.flush()

        with pytest.raises(BadEntry) as bad:
            take(None)
        assert set(bad.value.fields) == {"reason"}
        assert handoff.declined_at is None
        for _ in range(2):
            take(entry)
        answer = decline_of(session, handoff.id)
        assert answer is not None
        assert (answer.organization_id, answer.staff_id) == (cast.office_id, typist.staff_id)
        assert (sending.state, handoff.confirmed_at) == (FaxState.REPLIED, None)
        acts = [e.act for e in events_of(session, stay.id)]
        assert acts.count(Act.HANDOFF_DECLINE) == acts.count(Act.FAX_SLIP) == 1


def test_a_slip_of_an_office_that_is_asked_no_more_declines_nothing(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        sending, stay, handoff = prepared(session, cast)
        plan = plan_office_of(session, stay.id)
        assert plan is not None
        plan.organization_id = cast.outsider_office_id
        with pytest.raises(NotPermitted, match="もう変わっています"):
            take_slip(
                session,
                sending.code,
                SlipAnswer.DECLINED,
                received_on=ADMITTED,
                by=cast.ward_nurse,
                now=NOW,
                declined=DeclineEntry(reason=DeclineReason.NOT_A_CLIENT),
            )
        assert handoff.declined_at is None


def test_a_mistyped_a_foreign_and_an_unknown_code_close_nothing(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        sending, _, handoff = prepared(session, cast)
        session.flush()
        first = ALPHABET[(ALPHABET.index(sending.code[0]) + 1) % len(ALPHABET)]
        mistyped = first + sending.code[1:]
        unknown = mistyped[:-1] + check_character(mistyped[:-1])
        for code, by, words in (
            (mistyped, cast.ward_nurse, "一つ違うか"),
            (unknown, cast.ward_nurse, "ありません"),
            (sending.code, cast.other_nurse, "ありません"),
        ):
            with pytest.raises(BadEntry) as bad:
                take_slip(session, code, SlipAnswer.RECEIVED, received_on=ADMITTED, by=by, now=NOW)
            assert words in bad.value.fields["code"]
        assert handoff.confirmed_at is None
        with pytest.raises(NotVisible):
            find_sending(session, cast.care_manager, sending.id)


def test_a_slip_does_not_overrule_that_the_office_declined(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        sending, stay, handoff = prepared(session, cast)
        entry = DeclineEntry(reason=DeclineReason.NOT_A_CLIENT)
        decline(session, stay, handoff, entry, by=cast.care_manager, now=NOW)
        with pytest.raises(NotPermitted, match="担当ではない"):
            take_slip(
                session,
                sending.code,
                SlipAnswer.RECEIVED,
                received_on=ADMITTED,
                by=cast.ward_nurse,
                now=NOW,
            )


def test_with_a_server_a_sending_is_a_message_and_its_reports_are_the_authors_act(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        sending, stay, handoff = prepared(session, cast, gateway=True)
        message = session.exec(select(Message)).one()
        assert (message.id, message.channel) == (sending.message_id, Channel.FAX)
        assert message.key == f"fax/{sending.code}"
        for _ in range(2):
            assert note_report(session, message.id, FaxState.DELIVERED, at=NOW, now=LATER)
        assert not note_report(session, message.id, FaxState.RECEIVED, at=NOW, now=LATER)
        assert (handoff.sent_by, handoff.delivered_at) == (cast.ward_nurse.staff_id, NOW)
        (shown,) = sendings_of(session, handoff.id)
        assert (shown.state_by, shown.by_gateway) == (BY_SERVER, True)
        assert len(statements_of(session, stay.id)) == 1


def test_the_same_holds_on_postgresql(either: tuple[Database, Cast]) -> None:
    database, cast = either
    with database.writing() as session:
        sending, _, handoff = prepared(session, cast)
        note_state(session, sending, FaxState.FAILED, by=cast.ward_nurse, now=NOW)
    with database.writing() as session:
        assert len(fax_troubles_of(session, cast.ward_nurse)) == 1
        assert len(sendings_of(session, handoff.id)) == 1
        take_slip(
            session,
            sending.code,
            SlipAnswer.RECEIVED,
            received_on=ADMITTED,
            by=cast.ward_nurse,
            now=NOW,
        )
    with database.reading() as session:
        assert session.get_one(Handoff, handoff.id).confirmed_at == NOW
