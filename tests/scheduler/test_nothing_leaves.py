"""A reminder by mail and by webhook, a link and a FAX that wait while somebody leaves or dies.

Whatever was queued before stays here, on every channel and with its reason; what was written down
by mistake, or ends, lets the reminders go on.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from exchange.fax_folder import FaxFolder
from exchange.mail import MailServer
from exchange.webhook import Signer
from handoffs.database import Database
from handoffs.handoff import Handoff
from handoffs.link.agreement import LinkAgreement
from handoffs.link.case_link import make_link
from handoffs.parties import Organization
from handoffs.sheets.reservation import ReceiverKind, SharingReservation
from handoffs.stays.consent import Consent, ConsentAnswer, ConsentGround
from handoffs.stays.leave import Leave, LeaveKind
from handoffs.stays.stay import Destination, Stay
from handoffs.telling.mailbox import Mailbox, Reach
from handoffs.telling.outbox import (
    Channel,
    Draft,
    Message,
    Outcome,
    Purpose,
    Reason,
    Recipient,
    enqueue,
)
from handoffs.telling.reminding import remind
from scheduler.delivery import Post, one_round, post_of
from tests.factories import ADMITTED, make_handoff, make_stay
from tests.people import NOW, Cast, settle
from tests.receivers import Letters, Posted, mail_server, web_server
from tests.scheduler.test_fax import asked

LINK = "https://tsunagi.example.jp/worklist"
LATER = NOW + timedelta(minutes=1)


@dataclass
class Outside:
    """Everything that a message could reach."""

    post: Post
    letters: Letters
    posted: list[Posted]
    folder: Path

    @property
    def reached(self) -> int:
        return len(self.letters.mails) + len(self.posted) + len(list(self.folder.glob("out/*")))


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Outside]:
    with mail_server() as (letters, port), web_server() as (posted, address):
        reach = Reach(mail=True, webhooks={"1870000001": f"{address}/in"}, fax=True)
        post = post_of(
            reach,
            MailServer("127.0.0.1", port, "tsunagi@example.jp", starttls=False, timeout=5),
            Signer("a secret of sixteen characters"),
            LINK,
            FaxFolder(tmp_path, lambda values: f"%PDF {values['code']}".encode()),
        )
        yield Outside(post, letters, posted, tmp_path)


def in_charge(session: Session, cast: Cast, due_on: date) -> tuple[Stay, Handoff]:
    """Somebody whose nurse has an address, and one handoff."""
    stay = make_stay(session, cast, contact_staff_id=cast.ward_nurse.staff_id)
    session.add(
        Mailbox(
            organization_id=cast.hospital_id,
            staff_id=cast.ward_nurse.staff_id,
            address="kango@example.jp",
            recorded_at=NOW,
        )
    )
    return stay, make_handoff(session, stay, due_on=due_on)


def queue(session: Session, cast: Cast) -> int:
    """One message of each channel, about one stay each; how many."""
    asked(session, cast)
    stay, handoff = in_charge(session, cast, date(2026, 12, 10))
    session.get_one(Organization, cast.office_id).number = "1870000001"
    session.add(
        LinkAgreement(
            hospital_id=cast.hospital_id,
            organization_id=cast.office_id,
            pin_hash="$argon2id$none",
            mail_address="jimusho@example.jp",
            telephone="0770-00-0001",
            counterpart="事務 たろう",
            agreed_on=ADMITTED,
            recorded_at=NOW,
            recorded_by=cast.ward_nurse.person_id,
        )
    )
    session.flush()
    week = timedelta(days=7)
    make_link(session, stay, handoff, lifetime=week, by=cast.ward_nurse, now=NOW, mailed=True)
    draft = Draft(
        to=Recipient(cast.hospital_id, cast.ward_nurse.staff_id),
        purpose=Purpose.REMINDER,
        key="test/mail",
        channel=Channel.MAIL,
        not_before=NOW,
        handoff_id=handoff.id,
    )
    office = Recipient(cast.office_id)
    enqueue(session, draft, now=NOW)
    enqueue(session, replace(draft, to=office, key="test/webhook"), now=NOW)
    return 4


def go(database: Database, outside: Outside, now: datetime = LATER) -> None:
    assert one_round(database, outside.post, lambda: now, lambda: False)


def outcomes(database: Database) -> list[tuple[Purpose, Outcome | None, Reason | None]]:
    with database.reading() as session:
        found = session.exec(select(Message).order_by(col(Message.id)))
        return [(one.purpose, one.outcome, one.reason) for one in found]


def test_all_of_them_leave_where_nothing_forbids_it(database: Database, outside: Outside) -> None:
    with database.writing() as session:
        count = queue(session, settle(session))

    go(database, outside)

    assert [o for _, o, _ in outcomes(database)][:count] == [Outcome.DELIVERED] * count
    assert (len(outside.letters.mails), len(outside.posted)) == (2, 1)
    assert len(list(outside.folder.glob("out/*.pdf"))) == 1


def on_leave(session: Session, stay: Stay) -> None:
    # The row alone: a duty that was opened while they are away bears no mark of its own.
    session.add(
        Leave(stay_id=stay.id, kind=LeaveKind.OVERNIGHT, left_on=NOW.date(), recorded_at=NOW)
    )


def died(_: Session, stay: Stay) -> None:
    stay.discharged_on, stay.destination = NOW.date(), Destination.DEATH


def cancelled(_: Session, stay: Stay) -> None:
    stay.cancelled_at = NOW


def refused(session: Session, stay: Stay) -> None:
    session.add(
        Consent(
            stay_id=stay.id,
            answer=ConsentAnswer.WITHHELD,
            ground=ConsentGround.ORAL,
            answered_on=NOW.date(),
            recorded_at=NOW,
        )
    )


def reserved(session: Session, stay: Stay) -> None:
    session.add(
        SharingReservation(
            stay_id=stay.id,
            receiver=ReceiverKind.CARE_MANAGER,
            reserved=True,
            recorded_at=NOW,
            organization_id=stay.hospital_id,
        )
    )


@pytest.mark.parametrize("what", [refused, reserved])
def test_a_consent_that_is_withdrawn_meanwhile_keeps_everything_from_other_organizations(
    database: Database, outside: Outside, what: Callable[[Session, Stay], None]
) -> None:
    with database.writing() as session:
        queue(session, settle(session))
        # It has been sent, so that the office's webhook tells the office of a receipt to confirm.
        for handoff in session.exec(select(Handoff)).all():
            handoff.sent_at = NOW
    with database.writing() as session:
        for stay in session.exec(select(Stay)).all():
            what(session, stay)

    go(database, outside)

    assert outside.reached == 0
    assert {(outcome, reason) for _, outcome, reason in outcomes(database)} == {
        (Outcome.CANCELLED, Reason.CONSENT_WITHHELD)
    }


@pytest.mark.parametrize(
    ("what", "why"),
    [(on_leave, Reason.ON_LEAVE), (died, Reason.DIED), (cancelled, Reason.CANCELLED_STAY)],
)
def test_nothing_that_waits_leaves_once_it_must_not_be_said(
    database: Database,
    outside: Outside,
    what: Callable[[Session, Stay], None],
    why: Reason,
) -> None:
    with database.writing() as session:
        count = queue(session, settle(session))
    with database.writing() as session:
        for stay in session.exec(select(Stay)).all():
            what(session, stay)

    go(database, outside)

    assert outside.reached == 0
    found = outcomes(database)
    assert len(found) == count
    assert {(outcome, reason) for _, outcome, reason in found} == {(Outcome.CANCELLED, why)}


def test_whoever_is_back_is_told_of_again(database: Database, outside: Outside) -> None:
    with database.writing() as session:
        stay, _ = in_charge(session, settle(session), NOW.date())
        stay_id = stay.id
    assert remind(database, NOW, outside.post.reach) == 1
    with database.writing() as session:
        on_leave(session, session.get_one(Stay, stay_id))
    go(database, outside)
    go(database, outside)
    assert outside.reached == 0

    with database.writing() as session:
        session.exec(select(Leave)).one().returned_on = NOW.date()
    go(database, outside)

    assert len(outside.letters.mails) == 1
    assert [(outcome, reason) for _, outcome, reason in outcomes(database)] == [
        (Outcome.CANCELLED, Reason.ON_LEAVE),
        (Outcome.DELIVERED, None),
    ]
