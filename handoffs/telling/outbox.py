"""What is to be told to the outside: rows that are written with the act they tell of.

A verb adds a message in its own transaction and never sends anything. Whether it may still be
said is asked again when it is about to leave (`despatch`). A message says whom, why and about
what, and carries no text, no address and no person: the words are made at sending.

Exactly once cannot be promised to the outside. A message is told at least once, and every
repeat carries the same key, so that a receiver can tell it for a repeat.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded, insert_into
from rules.kinds import Labelled

BACKOFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440))
"""How long to wait after each failed try. One try more than that, and it is given up.

Short at first, because most mail servers that refuse are busy; two days in all, so that a
server that is repaired on Monday still gets what Friday failed to say.
"""

LEASE = timedelta(minutes=3)
"""How long a claimed message belongs to one process. Longer than a sending may take."""


class Purpose(Labelled):
    """Why something is told. The labels name the matter and nobody's fault."""

    REMINDER = "reminder", "期限・受領確認のお知らせ"
    DIGEST = "digest", "一日分のまとめ"
    CLOSED_DAYS = "closed_days", "休みの間に期限が来る引き継ぎ"
    BEYOND_OFFICE = "beyond_office", "事業所・病棟の外への相談"
    LINK = "link", "サインインなしで返事ができるリンク"
    FAX = "fax", "FAX"


class Channel(Labelled):
    """By what a message leaves."""

    MAIL = "mail", "メール"
    WEBHOOK = "webhook", "Webhook"
    FAX = "fax", "FAX"


class Outcome(Labelled):
    """How a message ended."""

    DELIVERED = "delivered", "送り先のサーバーが受け取った"
    REFUSED = "refused", "送り先のサーバーが断った"
    GAVE_UP = "gave_up", "何度か試して届かなかった"
    CANCELLED = "cancelled", "知らせる必要がなくなった"


class Reason(Labelled):
    """Why a message was cancelled, refused or given up. Never a server's own words."""

    NOTHING_LEFT = "nothing_left", "送付・確認・不要の記録がついた"
    WITHDRAWN = "withdrawn", "引き継ぎが不要になった"
    MOVED = "moved", "期限が変わった"
    DIED = "died", "亡くなられた"
    LEFT = "left", "退院したため聞く必要がなくなった"
    CANCELLED_STAY = "cancelled_stay", "入院の登録が取り消された"
    ERASED = "erased", "内容が消された"
    ON_LEAVE = "on_leave", "外泊中"
    NO_CONTACT = "no_contact", "本人が連絡を希望しない"
    CONSENT_WITHHELD = "consent_withheld", "本人の同意がない"
    ACKNOWLEDGED = "acknowledged", "対応中と記録された"
    OTHER_RECIPIENT = "other_recipient", "担当が変わった"
    STAFF_LEFT = "staff_left", "職員の登録が終わった"
    NO_ADDRESS = "no_address", "宛先が登録されていない"
    NOT_VERIFIED = "not_verified", "FAX番号が確かめられていない"
    CHANNEL_OFF = "channel_off", "この送り方は使わない設定"
    BAD_ADDRESS = "bad_address", "宛先に届けられないと断られた"
    NOT_ACCEPTED = "not_accepted", "内容を受け付けないと断られた"
    UNREACHABLE = "unreachable", "送り先につながらなかった"
    NOT_JUDGED = "not_judged", "記録が読めず、知らせてよいか判断できなかった"
    BUSY = "busy", "送り先が受け取れない状態だった"
    BOUNCED = "bounced", "受け取られたあとで、届けられないと戻ってきた"


class Message(SQLModel, table=True):
    """One thing to be told to one recipient by one channel.

    Either `staff_id` or the organization alone is the recipient. `sender_id` is whose work it
    becomes when it does not arrive. `handled_at`: somebody told the recipient otherwise.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.Index(
            "message_waiting",
            "next_try_at",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index(
            "message_undelivered",
            "sender_id",
            sqlite_where=sa.text("outcome IN ('refused', 'gave_up') AND handled_at IS NULL"),
            postgresql_where=sa.text("outcome IN ('refused', 'gave_up') AND handled_at IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    key: str = Field(max_length=80, unique=True)
    purpose: Purpose = Field(sa_type=coded(Purpose, "message_purpose", checked=False))
    channel: Channel = Field(sa_type=coded(Channel, "message_channel", checked=False))
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    organization_id: int = Field(foreign_key="organization.id")
    sender_id: int | None = Field(default=None, foreign_key="organization.id")
    stay_id: int | None = Field(default=None, foreign_key="stay.id")
    handoff_id: int | None = Field(default=None, foreign_key="handoff.id")
    not_before: datetime
    created_at: datetime
    next_try_at: datetime
    tries: int = Field(default=0)
    claimed_by: str = Field(default="", max_length=60)
    lease_until: datetime | None = None
    ended_at: datetime | None = None
    outcome: Outcome | None = Field(
        default=None, sa_type=coded(Outcome, "message_outcome"), nullable=True
    )
    reason: Reason | None = Field(
        default=None, sa_type=coded(Reason, "message_reason", checked=False), nullable=True
    )
    handled_at: datetime | None = None
    handled_by: int | None = Field(default=None, foreign_key="staff.id")


@dataclass(frozen=True)
class Recipient:
    """Somebody who is told something: a person, or an organization as a whole."""

    organization_id: int
    staff_id: int | None = None

    @property
    def code(self) -> str:
        """How keys and unique rows name the recipient."""
        if self.staff_id is not None:
            return f"staff:{self.staff_id}"
        return f"organization:{self.organization_id}"


@dataclass(frozen=True)
class Draft:
    """A message to be added. `key` names it for ever; `sender_id` is whose work a failure is."""

    to: Recipient
    purpose: Purpose
    key: str
    channel: Channel
    not_before: datetime
    sender_id: int | None = None
    stay_id: int | None = None
    handoff_id: int | None = None


def mail_digest(key: str) -> str:
    """What stands for a message's key in the Message-ID of its mail. It names no recipient."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def enqueue(session: Session, draft: Draft, *, now: datetime) -> int | None:
    """Add a message to the outbox; its id, or None if one with this key is there already.

    Two that add the same key at once make one: the database takes a key once.
    """
    done = session.exec(
        insert_into(session, Message)
        .values(
            key=draft.key,
            purpose=draft.purpose,
            channel=draft.channel,
            staff_id=draft.to.staff_id,
            organization_id=draft.to.organization_id,
            sender_id=draft.sender_id,
            stay_id=draft.stay_id,
            handoff_id=draft.handoff_id,
            not_before=draft.not_before,
            created_at=now,
            next_try_at=draft.not_before,
            tries=0,
            claimed_by="",
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(col(Message.id))
    ).all()
    return done[0][0] if done else None


def claim(session: Session, *, by: str, now: datetime) -> Message | None:
    """Take the next message that is due, for one process and a limited time.

    A message whose process died is free again when its lease is over. None: nothing is due.
    """
    waiting = session.exec(
        select(Message)
        .where(
            col(Message.ended_at).is_(None),
            col(Message.next_try_at) <= now,
            sa.or_(col(Message.lease_until).is_(None), col(Message.lease_until) <= now),
        )
        .order_by(col(Message.next_try_at), col(Message.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if waiting is None:
        return None
    waiting.claimed_by, waiting.lease_until = by, now + LEASE
    waiting.tries += 1
    return waiting


def end(message: Message, outcome: Outcome, reason: Reason | None, *, now: datetime) -> None:
    """Write down how a message ended. What has ended stays as it ended."""
    if message.ended_at is not None:
        return
    message.ended_at, message.outcome, message.reason = now, outcome, reason
    message.claimed_by, message.lease_until = "", None


def put_off(message: Message, reason: Reason, *, by: str, now: datetime) -> None:
    """Let a message wait after a failed try, longer each time; give up after the last.

    Somebody who lost the lease meanwhile changes nothing: the new holder tells how it went.
    """
    if message.ended_at is not None or message.claimed_by != by:
        return
    if message.tries > len(BACKOFF):
        end(message, Outcome.GAVE_UP, reason, now=now)
        return
    message.next_try_at = now + BACKOFF[message.tries - 1]
    message.reason = reason
    message.claimed_by, message.lease_until = "", None


def delay(message: Message, until: datetime) -> None:
    """Give a claimed message back until a later moment. It was no try."""
    message.next_try_at = until
    message.tries -= 1
    message.claimed_by, message.lease_until = "", None
