"""Where somebody can be told that there is something to look at: mail addresses.

Of a person or of an organization as a whole. A message carries no personal data, so an address
is not verified; a wrong one tells a stranger a number and the address of a sign-in page.
Whoever has no address is told nothing and sees everything on the lists.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.errors import BadEntry
from handoffs.history import Act, record
from handoffs.parties import Actor, Organization, OrganizationKind
from handoffs.telling.outbox import Channel, Recipient

LONGEST = 254
_ADDRESS = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)+")
"""Plain ASCII addresses: no quotes, no comments, no line ends, so no header can be smuggled in."""


class Mailbox(SQLModel, table=True):
    """The mail address of a person, or of an organization where `staff_id` is None."""

    __tablename__ = "mailbox"
    __table_args__ = (
        sa.Index(
            "mailbox_of_organization",
            "organization_id",
            unique=True,
            sqlite_where=sa.text("staff_id IS NULL"),
            postgresql_where=sa.text("staff_id IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    organization_id: int = Field(foreign_key="organization.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id", unique=True)
    address: str = Field(max_length=LONGEST)
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="staff.id")


@dataclass(frozen=True)
class Reach:
    """By what this site can tell anybody anything; nothing unless it was switched on.

    webhooks: institution number to address. coordinator: the mail address of the region's
    coordinator, told only where the council adopted the steps beyond the office. fax: a FAX
    server takes sheets, to numbers that two people verified where fax_second_person.
    """

    mail: bool = False
    webhooks: Mapping[str, str] = field(default_factory=dict)
    beyond_office: bool = False
    coordinator: str = ""
    fax: bool = False
    fax_second_person: bool = False


def mailbox_of(session: Session, to: Recipient) -> Mailbox | None:
    """The mailbox of a recipient itself, without any fallback."""
    query = select(Mailbox)
    if to.staff_id is not None:
        query = query.where(Mailbox.staff_id == to.staff_id)
    else:
        query = query.where(
            Mailbox.organization_id == to.organization_id, col(Mailbox.staff_id).is_(None)
        )
    return session.exec(query).one_or_none()


def way_to(session: Session, to: Recipient, reach: Reach) -> tuple[Channel, str] | None:
    """By what and where a recipient can be told; None if nowhere.

    An organization with a webhook is told by it instead of by mail.
    """
    if to.staff_id is None:
        organization = session.get_one(Organization, to.organization_id)
        number = organization.number or ""
        if number in reach.webhooks:
            return Channel.WEBHOOK, reach.webhooks[number]
        if organization.kind is OrganizationKind.HEALTH_CENTER and reach.coordinator:
            return (Channel.MAIL, reach.coordinator) if reach.mail else None
    if not reach.mail:
        return None
    found = mailbox_of(session, to)
    return (Channel.MAIL, found.address) if found is not None else None


def is_address(text: str) -> bool:
    """Whether a text is a plain mail address that a header can carry."""
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None


def set_mailbox(
    session: Session, address: str, *, by: Actor, now: datetime, own: bool = True
) -> None:
    """Set the address of the person (`own`) or of their organization; an empty one ends it.

    Raises BadEntry where the text is no plain mail address.
    """
    address = address.strip()
    if address and not is_address(address):
        name = "own_address" if own else "office_address"
        raise BadEntry({name: "メールアドレスとして読めません。例のように半角で入力してください。"})
    to = Recipient(by.organization_id, by.person_id if own else None)
    found = mailbox_of(session, to)
    if (found.address if found else "") == address:
        return
    if not address and found is not None:
        session.delete(found)
    elif found is not None:
        found.address, found.recorded_at, found.recorded_by = address, now, by.staff_id
    else:
        session.add(
            Mailbox(
                organization_id=to.organization_id,
                staff_id=to.staff_id,
                address=address,
                recorded_at=now,
                recorded_by=by.staff_id,
            )
        )
    record(session, by, Act.MAILBOX_SET, now=now, detail={"own": own, "ended": not address})
