"""A FAX as a channel that is followed: prepared, sent, arrived, busy, failed, answered.

Each sending has a short code on its cover and slip and a state of its own, which the person at the
machine writes down in one tap or a FAX server reports. That the machine says "delivered" makes the
handoff sent; only the slip that comes back confirms it (`fax_slip`). A sending holds no number and
no text: the number is read anew, and must still be verified, when it leaves.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.access import Permission, find_stay, require
from handoffs.database import coded
from handoffs.errors import BadEntry, HandoffError, NotPermitted, NotVisible
from handoffs.fax.code import new_fax_code
from handoffs.fax.number import number_of
from handoffs.fax.similar_names import similar_to
from handoffs.handoff import Handoff
from handoffs.history import Act, record
from handoffs.link.receiver import may_be_shown, receiver_of
from handoffs.parties import Actor, Organization, Staff
from handoffs.passing import note_delivered, send
from handoffs.statement import Means, Result, StatementEntry
from handoffs.stays.stay import Stay
from handoffs.telling.outbox import Channel, Draft, Purpose, Recipient, enqueue
from handoffs.tokyo import day_of
from rules import Party
from rules.kinds import Labelled


class FaxState(Labelled):
    """Where a sending stands."""

    PREPARED = "prepared", "準備"
    SENT = "sent", "送信（結果待ち）"
    DELIVERED = "delivered", "送達"
    BUSY = "busy", "話中"
    FAILED = "failed", "失敗"
    RECEIVED = "received", "受領確認"
    REPLIED = "replied", "返信あり"

    @property
    def is_answered(self) -> bool:
        """Whether a slip came back."""
        return self in {FaxState.RECEIVED, FaxState.REPLIED}

    @property
    def is_trouble(self) -> bool:
        """Whether the papers did not get through."""
        return self in {FaxState.BUSY, FaxState.FAILED}


BY_MACHINE = (FaxState.SENT, FaxState.DELIVERED, FaxState.BUSY, FaxState.FAILED)
"""What the machine's report says; the other states come from the slip."""


class FaxSending(SQLModel, table=True):
    """One FAX about one handoff. `settled_at`: it failed, and the matter was told otherwise."""

    __tablename__ = "fax_sending"
    __table_args__ = (
        sa.Index(
            "fax_sending_troubled",
            "hospital_id",
            sqlite_where=sa.text("state IN ('busy', 'failed') AND settled_at IS NULL"),
            postgresql_where=sa.text("state IN ('busy', 'failed') AND settled_at IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    handoff_id: int = Field(foreign_key="handoff.id", index=True)
    hospital_id: int = Field(foreign_key="organization.id")
    organization_id: int = Field(foreign_key="organization.id")
    number_id: int = Field(foreign_key="fax_number.id")
    code: str = Field(max_length=6, unique=True)
    state: FaxState = Field(default=FaxState.PREPARED, sa_type=coded(FaxState, "fax_state"))
    state_at: datetime
    state_by: int | None = Field(default=None, foreign_key="staff.id")
    message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    made_at: datetime
    made_by: int = Field(foreign_key="staff.id")
    settled_at: datetime | None = None
    settled_by: int | None = Field(default=None, foreign_key="staff.id")


@dataclass(frozen=True)
class Gateway:
    """Whether a FAX server takes sheets, and whether a number needs a second person."""

    is_on: bool = False
    second_person: bool = False


def alike(session: Session, organization: Organization) -> tuple[Organization, ...]:
    """Institutions, of any region, that could be mistaken for this one."""
    everybody = session.exec(select(Organization).order_by(col(Organization.id)))
    return similar_to(organization, everybody)


def prepare(
    session: Session,
    stay: Stay,
    handoff: Handoff,
    *,
    seen_alike: bool,
    gateway: Gateway,
    by: Actor,
    now: datetime,
) -> FaxSending:
    """Prepare a FAX to the receiver of a handoff; with a FAX server, put it into the outbox.

    `seen_alike`: the person has looked at the institutions with similar names. Raises
    NotPermitted where nothing may be told or the number is not verified, BadEntry without a look.
    """
    require(by, Permission.HANDOFF_SEND)
    receiver = receiver_of(session, stay, handoff)
    if not by.is_hospital or handoff.sender is not Party.HOSPITAL or receiver is None:
        raise NotPermitted("FAXは、事業所・センターに渡す引き継ぎで、病院の方が準備します。")
    if handoff.declined_at is not None or not may_be_shown(session, stay, handoff):
        raise NotPermitted("この引き継ぎはFAXで送れません。電話で直接伝えてください。")
    number = number_of(session, by.organization_id, receiver.id)
    if number is None or not number.is_verified(receiver, second_person=gateway.second_person):
        raise NotPermitted("FAX番号が確かめられていません。先に番号を確かめてください。")
    if alike(session, receiver) and not seen_alike:
        raise BadEntry({"seen_alike": "似た名前の機関があります。あて先を確かめて選んでください。"})
    sending = FaxSending(
        stay_id=stay.id,
        handoff_id=handoff.id,
        hospital_id=by.organization_id,
        organization_id=receiver.id,
        number_id=number.id,
        code=_unused_code(session),
        state_at=now,
        state_by=by.staff_id,
        made_at=now,
        made_by=by.person_id,
    )
    session.add(sending)
    session.flush()  # The message's key and the event name its id.
    record(
        session,
        by,
        Act.FAX_PREPARE,
        now=now,
        stay_id=stay.id,
        handoff_id=handoff.id,
        detail={"kind": handoff.kind.value, "to": receiver.id, "fax": sending.id},
    )
    if gateway.is_on:
        draft = Draft(
            to=Recipient(receiver.id),
            purpose=Purpose.FAX,
            key=f"fax/{sending.code}",
            channel=Channel.FAX,
            not_before=now,
            sender_id=by.organization_id,
            stay_id=stay.id,
            handoff_id=handoff.id,
        )
        sending.message_id = enqueue(session, draft, now=now)
    return sending


def find_sending(session: Session, actor: Actor, sending_id: int) -> FaxSending:
    """Find a sending of this person's own hospital, its stay locked. Raises NotVisible."""
    query = select(FaxSending).where(
        FaxSending.id == sending_id, FaxSending.hospital_id == actor.organization_id
    )
    found = session.exec(query).one_or_none()
    if found is None or not actor.is_hospital:
        raise NotVisible
    find_stay(session, actor, found.stay_id)
    session.refresh(found)
    return found


def note_state(
    session: Session, sending: FaxSending, to: FaxState, *, by: Actor, now: datetime
) -> None:
    """Write down what the machine said. The same word a second time changes nothing.

    Raises NotPermitted once a slip came back, and for what only a slip can say.
    """
    require(by, Permission.HANDOFF_SEND)
    if to not in BY_MACHINE:
        raise NotPermitted("受領の確認は、返信のコードを入力して記録します。")
    if sending.state.is_answered:
        raise NotPermitted("この送信には、すでに返信があります。")
    _move(session, sending, to, by=by, now=now)


def note_report(
    session: Session, message_id: int, to: FaxState, *, at: datetime, now: datetime
) -> bool:
    """Write down what a FAX server reports; whether there is such a sending.

    It is written down for whoever prepared it. After a slip came back no report counts any more.
    """
    sending = session.exec(
        select(FaxSending).where(FaxSending.message_id == message_id).with_for_update()
    ).one_or_none()
    if sending is None or to not in BY_MACHINE:
        return False
    if not sending.state.is_answered:
        _move(session, sending, to, by=None, now=now, at=min(at, now))
    return True


def sending_with_code(session: Session, code: str) -> FaxSending | None:
    """Find a sending by its code."""
    return session.exec(select(FaxSending).where(FaxSending.code == code)).one_or_none()


def _move(
    session: Session,
    sending: FaxSending,
    to: FaxState,
    *,
    by: Actor | None,
    now: datetime,
    at: datetime | None = None,
) -> None:
    if sending.state is to:
        return
    sending.state, sending.state_at, sending.state_by = to, at or now, by.staff_id if by else None
    sending.settled_at = None
    record(
        session,
        by,
        Act.FAX_STATE,
        now=now,
        at=at,
        stay_id=sending.stay_id,
        handoff_id=sending.handoff_id,
        detail={"fax_state": to.value, "fax": sending.id},
    )
    if to is FaxState.DELIVERED:
        _delivered(session, sending, by or author_of(session, sending), at=at or now, now=now)


def author_of(session: Session, sending: FaxSending) -> Actor:
    """Whoever prepared a sending, also when they have left since: it is their act."""
    staff = session.get_one(Staff, sending.made_by)
    hospital = session.get_one(Organization, sending.hospital_id)
    return Actor(
        staff_id=staff.id,
        name=staff.name,
        role=staff.role,
        organization_id=hospital.id,
        organization=hospital.name,
        kind=hospital.kind,
        region=hospital.region,
    )


def _delivered(
    session: Session, sending: FaxSending, by: Actor, *, at: datetime, now: datetime
) -> None:
    """Let the handoff count as sent, and as arrived as far as the machine can tell."""
    handoff = session.get_one(Handoff, sending.handoff_id)
    stay = session.get_one(Stay, sending.stay_id)
    if handoff.sent_at is None:
        entry = StatementEntry(means=Means.FAX, result=Result.SENT, happened_on=day_of(at))
        try:
            send(session, stay, handoff, entry, by=by, now=now)
        except HandoffError:
            return  # Withdrawn or waived meanwhile: the papers arrived all the same.
    note_delivered(session, handoff, at=at, now=now)


def _unused_code(session: Session) -> str:
    while True:
        code = new_fax_code()
        if sending_with_code(session, code) is None:
            return code
