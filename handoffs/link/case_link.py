"""A link to one handoff that an office answers without signing in: made, mailed, revoked.

For whoever has no account, or only a telephone at hand. The link holds a random secret of 140
bits and nothing else; only its digest is kept, so neither a stolen database nor a log opens it.
It works for one handoff, until a day, five wrong PINs long, once (`link_opening`, `link_answer`),
and only while the PIN stands that the office agreed by call-back (`link_agreement`).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.access import Permission, find_stay, require
from handoffs.accounts import digest
from handoffs.database import coded
from handoffs.errors import BadEntry, NotPermitted, NotVisible
from handoffs.handoff import Handoff
from handoffs.history import Act, record
from handoffs.link.agreement import LinkAgreement, agreement_with
from handoffs.link.receiver import may_be_shown, receiver_of
from handoffs.parties import Actor, Organization
from handoffs.stays.stay import Stay
from handoffs.telling.mailbox import mailbox_of
from handoffs.telling.outbox import Channel, Draft, Purpose, Recipient, enqueue
from rules import Party
from rules.kinds import Labelled

MOST_TRIES = 5
"""So many wrong PINs close a link for good."""

LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""What a secret is written in: no i, l, o, u, so that one read from paper has one reading."""

_SECRET_LENGTH = 28
_GROUP = 4
_READ_AS = str.maketrans({"i": "1", "l": "1", "o": "0", "-": None, " ": None})


class LinkPurpose(Labelled):
    """What a link is for. One link, one purpose."""

    RECEIPT = "receipt", "受け取りの返事"


class LinkAnswer(Labelled):
    """What was answered through a link."""

    CONFIRMED = "confirmed", "受領を確認"
    DECLINED = "declined", "担当ではないとの返事"


class CaseLink(SQLModel, table=True):
    """One link. `tries` counts wrong PINs; at the most of them it is closed for good.

    `opening_digest` and `opening_until`: the browser that entered the right PIN, and how long it
    needs no second one. `settled_at`: the sender says that they asked by telephone.
    """

    __tablename__ = "case_link"

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    handoff_id: int = Field(foreign_key="handoff.id", index=True)
    hospital_id: int = Field(foreign_key="organization.id", index=True)
    organization_id: int = Field(foreign_key="organization.id")
    purpose: LinkPurpose = Field(sa_type=coded(LinkPurpose, "link_purpose", checked=False))
    message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    made_at: datetime
    made_by: int = Field(foreign_key="staff.id")
    expires_at: datetime
    tries: int = Field(default=0)
    tried_at: datetime | None = None
    opening_digest: str | None = Field(default=None, max_length=64)
    opening_until: datetime | None = None
    opened_at: datetime | None = None
    used_at: datetime | None = None
    answer: LinkAnswer | None = Field(
        default=None, sa_type=coded(LinkAnswer, "link_answer"), nullable=True
    )
    answered_by: str = Field(default="", max_length=60)
    revoked_at: datetime | None = None
    revoked_by: int | None = Field(default=None, foreign_key="staff.id")
    settled_at: datetime | None = None
    settled_by: int | None = Field(default=None, foreign_key="staff.id")

    @property
    def is_closed(self) -> bool:
        """Whether too many wrong PINs were entered."""
        return self.tries >= MOST_TRIES

    def works(self, now: datetime) -> bool:
        """Whether it can still be opened, as far as the link itself knows."""
        return self.revoked_at is None and not self.is_closed and now < self.expires_at


class CaseLinkSecret(SQLModel, table=True):
    """The digest of one secret of a link. A mail that is tried again bears a new one."""

    __tablename__ = "case_link_secret"

    digest: str = Field(primary_key=True, max_length=64)
    link_id: int = Field(foreign_key="case_link.id", index=True)


@dataclass(frozen=True)
class LinkShown:
    """One link as its sender sees it. `sent`: it left, or was to leave, by mail."""

    id: int
    to: str
    sent: bool
    made_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    used_at: datetime | None
    answer: LinkAnswer | None
    answered_by: str
    is_closed: bool
    is_revoked: bool
    works: bool


def find_own(session: Session, actor: Actor, link_id: int) -> CaseLink:
    """Find a link of this person's own hospital, locked. Raises NotVisible."""
    found = session.exec(
        select(CaseLink)
        .where(CaseLink.id == link_id, CaseLink.hospital_id == actor.organization_id)
        .with_for_update()
    ).one_or_none()
    if found is None or not actor.is_hospital:
        raise NotVisible
    find_stay(session, actor, found.stay_id)
    return found


def make_link(
    session: Session,
    stay: Stay,
    handoff: Handoff,
    *,
    lifetime: timedelta,
    by: Actor,
    now: datetime,
    mailed: bool,
) -> tuple[CaseLink, str]:
    """Make a link for the receiver of a handoff; the link, and its secret where it is shown.

    A mailed one gets its secret when it leaves, and "" is returned. Earlier links to the same
    handoff end. Raises NotPermitted where nothing may be shown, and BadEntry without an
    agreement, or without an address to mail to.
    """
    require(by, Permission.HANDOFF_SEND)
    receiver = receiver_of(session, stay, handoff)
    if not by.is_hospital or handoff.sender is not Party.HOSPITAL or receiver is None:
        raise NotPermitted("リンクは、事業所・センターに渡す引き継ぎで、病院の方が作ります。")
    if handoff.declined_at is not None or not may_be_shown(session, stay, handoff):
        raise NotPermitted("この引き継ぎのリンクは作れません。電話で直接伝えてください。")
    agreement = agreement_with(session, by.organization_id, receiver.id)
    if agreement is None:
        raise BadEntry({"way": "先に、電話で合い言葉を決めてください。"})
    for earlier in session.exec(select(CaseLink).where(CaseLink.handoff_id == handoff.id)):
        if earlier.used_at is None and earlier.revoked_at is None:
            earlier.revoked_at, earlier.revoked_by = now, by.staff_id
    link = CaseLink(
        stay_id=stay.id,
        handoff_id=handoff.id,
        hospital_id=by.organization_id,
        organization_id=receiver.id,
        purpose=LinkPurpose.RECEIPT,
        made_at=now,
        made_by=by.person_id,
        expires_at=now + lifetime,
    )
    session.add(link)
    session.flush()  # The message's key and the secret name its id.
    record(
        session,
        by,
        Act.LINK_MAKE,
        now=now,
        stay_id=stay.id,
        handoff_id=handoff.id,
        detail={"kind": handoff.kind.value, "to": receiver.id, "mailed": mailed},
    )
    if not mailed:
        return link, new_secret(session, link.id)
    if not address_of(session, agreement):
        raise BadEntry({"way": "メールアドレスが登録されていません。電話で確かめてください。"})
    draft = Draft(
        to=Recipient(receiver.id),
        purpose=Purpose.LINK,
        key=f"link/{link.id}",
        channel=Channel.MAIL,
        not_before=now,
        sender_id=by.organization_id,
        stay_id=stay.id,
        handoff_id=handoff.id,
    )
    link.message_id = enqueue(session, draft, now=now)
    return link, ""


def new_secret(session: Session, link_id: int) -> str:
    """Draw a secret for a link. It is returned, in groups, and kept nowhere."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(_SECRET_LENGTH))
    session.add(CaseLinkSecret(digest=digest(letters), link_id=link_id))
    return "-".join(letters[at : at + _GROUP] for at in range(0, _SECRET_LENGTH, _GROUP))


def secret_digest(typed: str) -> str:
    """The digest of a secret as somebody copied it: case, hyphens and look-alikes do not count."""
    return digest(typed.lower().translate(_READ_AS))


def address_of(session: Session, agreement: LinkAgreement) -> str:
    """Where links are mailed: the address settled on the telephone, else the office's own; ""."""
    if agreement.mail_address:
        return agreement.mail_address
    own = mailbox_of(session, Recipient(agreement.organization_id))
    return own.address if own is not None else ""


def revoke_link(session: Session, link_id: int, *, by: Actor, now: datetime) -> CaseLink:
    """Take a link back before it was used. A second time changes nothing. Raises NotVisible."""
    link = find_own(session, by, link_id)
    if link.revoked_at is None and link.used_at is None:
        link.revoked_at, link.revoked_by = now, by.staff_id
        link.opening_digest = None
        record(
            session,
            by,
            Act.LINK_REVOKE,
            now=now,
            stay_id=link.stay_id,
            handoff_id=link.handoff_id,
        )
    return link


def links_of(session: Session, handoff_id: int, now: datetime) -> tuple[LinkShown, ...]:
    """Every link to a handoff, the newest first."""
    found = session.exec(
        select(CaseLink, Organization.name)
        .join(Organization, col(Organization.id) == col(CaseLink.organization_id))
        .where(CaseLink.handoff_id == handoff_id)
        .order_by(col(CaseLink.id).desc())
    )
    return tuple(
        LinkShown(
            id=link.id,
            to=name,
            sent=link.message_id is not None,
            made_at=link.made_at,
            expires_at=link.expires_at,
            opened_at=link.opened_at,
            used_at=link.used_at,
            answer=link.answer,
            answered_by=link.answered_by,
            is_closed=link.is_closed,
            is_revoked=link.revoked_at is not None,
            works=link.works(now) and link.used_at is None,
        )
        for link, name in found
    )
