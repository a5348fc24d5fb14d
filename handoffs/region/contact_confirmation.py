"""The yearly confirmation that an organization's line of the 窓口一覧 is still right.

An organization confirms its own line and no other. What it confirmed is kept as a digest: when
the line changes afterwards, the confirmation no longer speaks of it and is asked for again.
"""

import hashlib
import json
from datetime import date, datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, func, select

from handoffs.access import Permission, require
from handoffs.errors import Overtaken
from handoffs.history import Act, record
from handoffs.parties import Actor, Organization
from handoffs.tokyo import day_of
from rules.kinds import Labelled

HOLDS = timedelta(days=365)
"""How long a confirmation stands. A year, because handbooks print the list once a year."""


class Confirmed(Labelled):
    """How one line of the list stands."""

    YES = "yes", "確認済み"
    CHANGED = "changed", "確認のあとに変更あり"
    OVERDUE = "overdue", "確認から1年以上"
    NEVER = "never", "まだ確認なし"


class ContactConfirmation(SQLModel, table=True):
    """One confirmation of one organization. Rows are added and never changed."""

    __tablename__ = "contact_confirmation"

    id: int = Field(default=None, primary_key=True)
    organization_id: int = Field(foreign_key="organization.id", index=True)
    confirmed_at: datetime
    confirmed_by: int = Field(foreign_key="staff.id")
    digest: str = Field(max_length=64)


def digest_of(organization: Organization) -> str:
    """The digest of what others ring and send to by the list."""
    content = json.dumps(
        [
            organization.name,
            organization.municipality,
            organization.telephone,
            organization.fax,
            organization.hours,
        ],
        ensure_ascii=False,
        sort_keys=True,
    )
    return hashlib.sha256(content.encode()).hexdigest()


def confirm_contacts(session: Session, seen: str, *, by: Actor, now: datetime) -> None:
    """Confirm the line of the actor's own organization, as `seen` (a digest) showed it.

    Raises NotPermitted, or Overtaken where the line is another by now.
    """
    require(by, Permission.CONTACTS_CONFIRM)
    own = session.exec(
        select(Organization).where(Organization.id == by.organization_id).with_for_update()
    ).one()
    if seen != digest_of(own):
        raise Overtaken
    session.add(
        ContactConfirmation(
            organization_id=own.id, confirmed_at=now, confirmed_by=by.person_id, digest=seen
        )
    )
    record(session, by, Act.CONTACTS_CONFIRM, now=now)


def latest_confirmations(session: Session, region: str) -> dict[int, ContactConfirmation]:
    """The last confirmation of each organization of a region that ever confirmed."""
    last = (
        select(func.max(col(ContactConfirmation.id)))
        .join(Organization, col(Organization.id) == col(ContactConfirmation.organization_id))
        .where(Organization.region == region)
        .group_by(col(ContactConfirmation.organization_id))
    )
    rows = session.exec(select(ContactConfirmation).where(col(ContactConfirmation.id).in_(last)))
    return {row.organization_id: row for row in rows}


def standing_of(
    confirmation: ContactConfirmation | None, organization: Organization, today: date
) -> Confirmed:
    """How the line of an organization stands on a day."""
    if confirmation is None:
        return Confirmed.NEVER
    if confirmation.digest != digest_of(organization):
        return Confirmed.CHANGED
    if today - day_of(confirmation.confirmed_at) > HOLDS:
        return Confirmed.OVERDUE
    return Confirmed.YES
