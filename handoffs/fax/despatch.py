"""The moment at which a FAX goes to the server: whether it still may, to which number, with what.

And what the server says afterwards. The number is read anew here: one that was changed or locked
meanwhile gets nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, select

from handoffs.errors import NotPermitted
from handoffs.fax.channel import FaxSending, FaxState, note_report
from handoffs.fax.number import number_of
from handoffs.fax.values import fax_values
from handoffs.parties import Organization
from handoffs.region.policy import Policy, holds
from handoffs.telling.outbox import Message, Outcome, Purpose, Reason


@dataclass(frozen=True)
class FaxJob:
    """One FAX, ready to leave. `values` name a person and show themselves in no text."""

    number: str = field(repr=False)
    values: Mapping[str, object] = field(repr=False)


def fax_job(
    session: Session, message: Message, *, second_person: bool, now: datetime
) -> FaxJob | Reason:
    """Make a FAX ready, or say why it must not leave any more."""
    sending = session.exec(
        select(FaxSending).where(FaxSending.message_id == message.id)
    ).one_or_none()
    if sending is None or sending.state.is_answered or sending.state is FaxState.DELIVERED:
        return Reason.NOTHING_LEFT
    office = session.get_one(Organization, sending.organization_id)
    number = number_of(session, sending.hospital_id, office.id)
    asked = Policy.FAX_SECOND_PERSON
    second_person = holds(session, office.region, asked, configured=second_person)
    if (
        number is None
        or number.id != sending.number_id
        or not number.is_verified(office, second_person=second_person)
    ):
        return Reason.NOT_VERIFIED
    try:
        return FaxJob(number.number, fax_values(session, sending, now=now))
    except NotPermitted:
        return Reason.NOTHING_LEFT


def follow(session: Session, message: Message, *, now: datetime) -> None:
    """Let a sending follow how its message ended: taken by the server, or not."""
    if message.purpose is not Purpose.FAX or message.ended_at is None:
        return
    taken = message.outcome is Outcome.DELIVERED
    state = FaxState.SENT if taken else FaxState.FAILED
    sending = session.exec(
        select(FaxSending).where(FaxSending.message_id == message.id)
    ).one_or_none()
    if sending is not None and sending.state is FaxState.PREPARED:
        note_report(session, message.id, state, at=now, now=now)


def take_report(session: Session, code: str, to: FaxState, *, at: datetime, now: datetime) -> bool:
    """Take in what a FAX server reports of the job with this code; whether there is such a job."""
    message_id = session.exec(
        select(FaxSending.message_id).where(FaxSending.code == code)
    ).one_or_none()
    return message_id is not None and note_report(session, message_id, to, at=at, now=now)
