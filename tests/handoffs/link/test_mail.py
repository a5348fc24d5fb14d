"""A mail that brings a link: its secret is made when it leaves, and it names nobody."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from exchange.mail import compose
from handoffs.database import Database
from handoffs.link.agreement import LinkAgreement, end_agreement
from handoffs.link.case_link import CaseLink, CaseLinkSecret, make_link, revoke_link, secret_digest
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from handoffs.telling.despatch import Answer, Nothing, Parcel, mark, next_parcel
from handoffs.telling.mailbox import Mailbox, Reach
from handoffs.telling.outbox import Channel, Message, Outcome, Reason
from handoffs.telling.undelivered import undelivered_of
from tests.conftest import MARK
from tests.factories import ADMITTED, make_handoff, make_stay
from tests.people import NOW, Cast

SITE = "https://tsunagi.example.jp/worklist"


def mailed(session: Session, cast: Cast, address: str = "jimusho@example.jp") -> int:
    """A link in the outbox for the cast's office."""
    session.add(
        LinkAgreement(
            hospital_id=cast.hospital_id,
            organization_id=cast.office_id,
            pin_hash="$argon2id$none",
            mail_address=address,
            telephone="0770-00-0001",
            counterpart="事務 たろう",
            agreed_on=ADMITTED,
            recorded_at=NOW,
            recorded_by=cast.ward_nurse.person_id,
        )
    )
    stay = make_stay(session, cast)
    handoff = make_handoff(session, stay)
    week = timedelta(days=7)
    link, secret = make_link(
        session, stay, handoff, lifetime=week, by=cast.ward_nurse, now=NOW, mailed=True
    )
    assert secret == ""
    return link.id


def taken(database: Database, *, mail: bool = True) -> Parcel | Nothing | None:
    with database.writing() as session:
        return next_parcel(session, by="here", now=NOW, reach=Reach(mail=mail), link=SITE)


def outcome(database: Database) -> tuple[Outcome | None, Reason | None]:
    with database.reading() as session:
        message = session.exec(select(Message)).one()
        return message.outcome, message.reason


def test_a_mail_bears_a_link_that_works_and_nothing_of_a_person(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        link_id = mailed(session, cast)
    parcel = taken(database)
    assert isinstance(parcel, Parcel)
    assert (parcel.channel, parcel.address) == (Channel.MAIL, "jimusho@example.jp")
    assert parcel.link.startswith("https://tsunagi.example.jp/l/")
    with database.reading() as session:
        secret = session.get_one(CaseLinkSecret, secret_digest(parcel.link.rpartition("/")[2]))
        code = session.exec(select(Stay.code)).one()
    assert secret.link_id == link_id
    text = compose(parcel, "tsunagi@example.jp", NOW).get_content()
    assert parcel.link in text
    assert "11月27日10時00分まで" in text
    assert "サインインはいりません" in text
    for word in (MARK, code, "要介護"):
        assert word not in text + parcel.letter.subject


def test_a_mail_that_is_tried_again_bears_a_new_secret_of_the_same_link(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        link_id = mailed(session, cast)
    first = taken(database)
    assert isinstance(first, Parcel)
    with database.writing() as session:
        mark(session, first.message_id, Answer(Reason.BUSY), by="here", now=NOW)
        session.exec(select(Message)).one().next_try_at = NOW
    second = taken(database)
    assert isinstance(second, Parcel)
    assert second.key == first.key
    assert second.link != first.link
    with database.reading() as session:
        kept = session.exec(select(CaseLinkSecret.link_id)).all()
        assert kept == [link_id, link_id]


def test_the_offices_own_address_stands_in(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        session.add(
            Mailbox(organization_id=cast.office_id, address="own@example.jp", recorded_at=NOW)
        )
        mailed(session, cast, address="")
    parcel = taken(database)
    assert isinstance(parcel, Parcel)
    assert parcel.address == "own@example.jp"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("revoked", (Outcome.CANCELLED, Reason.NOTHING_LEFT)),
        ("locked", (Outcome.REFUSED, Reason.CHANNEL_OFF)),
        ("no_mail", (Outcome.REFUSED, Reason.CHANNEL_OFF)),
        ("no_address", (Outcome.REFUSED, Reason.NO_ADDRESS)),
        ("hidden", (Outcome.CANCELLED, Reason.NOTHING_LEFT)),
        ("no_contact", (Outcome.CANCELLED, Reason.NO_CONTACT)),
    ],
)
def test_what_must_not_leave_any_more_does_not(
    database: Database, cast: Cast, change: str, expected: tuple[Outcome, Reason]
) -> None:
    with database.writing() as session:
        link_id = mailed(session, cast)
    with database.writing() as session:
        link = session.get_one(CaseLink, link_id)
        stay = session.get_one(Stay, link.stay_id)
        if change == "revoked":
            revoke_link(session, link_id, by=cast.ward_nurse, now=NOW)
        elif change == "locked":
            end_agreement(session, cast.office_id, by=cast.ward_nurse, now=NOW)
        elif change == "no_address":
            session.exec(select(LinkAgreement)).one().mail_address = ""
        elif change == "hidden":
            session.get_one(Patient, stay.patient_id).whereabouts_hidden = True
        elif change == "no_contact":
            stay.wants_no_contact = True
    assert isinstance(taken(database, mail=change != "no_mail"), Nothing)
    assert outcome(database) == expected
    with database.reading() as session:
        lost = undelivered_of(session, cast.ward_nurse)
        assert len(lost) == (expected[0] is Outcome.REFUSED)
        assert session.exec(select(CaseLinkSecret)).all() == []
