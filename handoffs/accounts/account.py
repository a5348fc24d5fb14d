"""What an account is beside the person's own row: its second factor, and what it may do to others.

An account without a second factor lets nobody in: nothing that stands here switches the second
factor off. Who keeps the accounts of an organization invites and closes them, and can do nothing
to a record that their role does not allow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.accounts.secret import LOCKED_LENGTH
from handoffs.errors import NotPermitted
from handoffs.parties import Actor, Organization, Staff


class Account(SQLModel, table=True):
    """The account of one person.

    `totp_secret` is base32; `totp_step` the step of the last code that was taken, so that no code
    is taken twice. `sample` marks an account of the sample region, whose secrets are printed and
    which is refused anywhere but at the machine itself. `ends_at` is set for an account that ends
    by itself: one that was opened in an emergency (see `emergency`).
    """

    __tablename__ = "account"

    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    keeps_accounts: bool = Field(default=False)
    sample: bool = Field(default=False)
    totp_secret: str | None = Field(default=None, max_length=LOCKED_LENGTH)
    totp_step: int | None = Field(default=None, sa_type=sa.BigInteger)
    totp_since: datetime | None = None
    password_set_at: datetime | None = None
    ends_at: datetime | None = None


class AccountRule(SQLModel, table=True):
    """What an organization asks of its own people; no row: the site's own rules, mixed passwords.

    The times can only shorten what the site allows.
    """

    __tablename__ = "account_rule"

    organization_id: int = Field(primary_key=True, foreign_key="organization.id")
    mixed_characters: bool = Field(default=True)
    idle_minutes: int | None = None
    absolute_hours: int | None = None


def account_of(session: Session, staff_id: int) -> Account:
    """The account of a person, made where there is none yet; in a reading session forgotten."""
    found = session.get(Account, staff_id)
    if found is None:
        found = Account(staff_id=staff_id)
        session.add(found)
        session.flush()
    return found


def keeps_accounts(session: Session, actor: Actor) -> bool:
    """Whether a person keeps the accounts of their organization."""
    if actor.staff_id is None:
        return False
    found = session.get(Account, actor.staff_id)
    return found is not None and found.keeps_accounts


def require_keeper(session: Session, actor: Actor) -> None:
    """Refuse whoever does not keep the accounts of their organization. Raises NotPermitted."""
    if not keeps_accounts(session, actor):
        raise NotPermitted(
            "アカウントの管理は、所属先のアカウント担当者だけができます。担当者に依頼してください。"
        )


def keepers_of(session: Session, organization_id: int) -> Sequence[Staff]:
    """Who keeps the accounts of an organization, in the order in which they came."""
    return session.exec(
        select(Staff)
        .join(Account, col(Account.staff_id) == col(Staff.id))
        .where(
            Staff.organization_id == organization_id,
            col(Staff.active).is_(True),
            col(Account.keeps_accounts).is_(True),
        )
        .order_by(col(Staff.id))
    ).all()


def rule_of(session: Session, organization_id: int) -> AccountRule:
    """The rule of an organization; the usual one where it set none. Changing it writes nothing."""
    found = session.get(AccountRule, organization_id)
    return found or AccountRule(organization_id=organization_id)


@dataclass(frozen=True)
class Standing:
    """What a session of somebody asks at every request.

    `idle` and `absolute` are how long it lasts unused, and at most; None: as the site says.
    """

    ends_at: datetime | None
    idle: timedelta | None
    absolute: timedelta | None


def standing_of(session: Session, staff_id: int) -> Standing:
    """How an account stands, in one query."""
    found = session.exec(
        select(Account.ends_at, AccountRule.idle_minutes, AccountRule.absolute_hours)
        .select_from(Staff)
        .outerjoin(Account, col(Account.staff_id) == col(Staff.id))
        .outerjoin(AccountRule, col(AccountRule.organization_id) == col(Staff.organization_id))
        .where(Staff.id == staff_id)
    ).one_or_none()
    ends_at, idle, absolute = found or (None, None, None)
    return Standing(
        ends_at,
        None if idle is None else timedelta(minutes=idle),
        None if absolute is None else timedelta(hours=absolute),
    )


def words_of(session: Session, staff: Staff) -> list[str]:
    """What nobody may build a password on: the person's own words and their organization's."""
    house = session.get_one(Organization, staff.organization_id)
    telephone = house.telephone.replace("-", "")
    own = [staff.name, staff.sign_in_name, house.name, house.kana, house.municipality, telephone]
    return [word for word in own if word]
