"""Inviting a colleague, and letting somebody in again who lost the telephone or the password.

The keeper of an organization's accounts makes a code; whoever brings it chooses a password of
their own and sets up an app, both at once, before anything else opens. A code works once, for
three days, and a newer one puts the older out of use. Handing somebody a code for an account that
is in use changes nothing until it is used; then everything that guarded the account is replaced
and every session of it ends.

A sign-in name gets three letters drawn at random, so that inviting tells nobody which names other
organizations have.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Entry
from sqlmodel import Field, Session, SQLModel, col, delete, select

from handoffs.accounts.account import Account, account_of, require_keeper
from handoffs.accounts.digests import digest
from handoffs.accounts.passkey import Passkey
from handoffs.accounts.password import UNUSABLE
from handoffs.accounts.second_factor import new_recovery_codes, random_code, set_totp
from handoffs.accounts.secret import LOCKED_LENGTH, is_newest, kept, plain
from handoffs.accounts.signed_in import end_sessions
from handoffs.accounts.totp import new_secret, plain_code
from handoffs.database import writes
from handoffs.errors import BadEntry, NotVisible
from handoffs.history import Act, record
from handoffs.parties import (
    HOSPITAL_ROLES,
    Actor,
    OrganizationKind,
    Role,
    Staff,
    actor_of,
    ward_or_none,
)

LIFETIME = timedelta(days=3)
LONGEST_NAME = 60
_LONGEST_SIGN_IN_NAME = 40
_SUFFIX_LETTERS = 3
_SIGN_IN_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")

ROLES: dict[OrganizationKind, tuple[Role, ...]] = {
    OrganizationKind.HOSPITAL: HOSPITAL_ROLES,
    OrganizationKind.CARE_SUPPORT_OFFICE: (Role.CARE_MANAGER,),
    OrganizationKind.SMALL_MULTIFUNCTIONAL: (Role.CARE_MANAGER,),
    OrganizationKind.COMMUNITY_SUPPORT_CENTER: (Role.CENTER_STAFF,),
    OrganizationKind.HEALTH_CENTER: (Role.HEALTH_OFFICER,),
}
"""Which roles an organization has; nobody is invited to another."""


class Invitation(SQLModel, table=True):
    """One code for one account. `totp_secret` is what the app is given while it is being set up."""

    __tablename__ = "invitation"

    id: int = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    code_digest: str = Field(max_length=64, unique=True)
    totp_secret: str = Field(max_length=LOCKED_LENGTH)
    made_by: int | None = Field(default=None, foreign_key="staff.id")
    """None: at the machine itself, where there was no keeper yet."""
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class Newcomer(BaseModel):
    """Whom to invite, as it was typed."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: str = Entry(max_length=LONGEST_NAME)
    sign_in_name: str = Entry(max_length=_LONGEST_SIGN_IN_NAME)
    role: Role
    ward_id: int | None = None


def invite(session: Session, newcomer: Newcomer, *, by: Actor, now: datetime) -> tuple[Staff, str]:
    """Make an account that nobody can use yet, and the code that opens it, shown once.

    Raises NotPermitted, or BadEntry for a field that cannot be taken.
    """
    require_keeper(session, by)
    staff = open_account(session, newcomer, by.organization_id, by.kind)
    return staff, _make(session, staff.id, by, now)


def open_account(
    session: Session, newcomer: Newcomer, organization_id: int, kind: OrganizationKind
) -> Staff:
    """Add somebody to an organization, without a password. Raises BadEntry."""
    wrong = {}
    if not newcomer.name:
        wrong["name"] = "氏名を入力してください。"
    wish = newcomer.sign_in_name.lower()
    if not _SIGN_IN_NAME.fullmatch(wish):
        wrong["sign_in_name"] = "半角の英小文字・数字・ハイフンで入力してください。例 yamada"
    if newcomer.role not in ROLES[kind]:
        wrong["role"] = "この所属先にある職種から選んでください。"
    ward_id = newcomer.ward_id
    if ward_id is not None and ward_or_none(session, organization_id, ward_id) is None:
        wrong["ward"] = "一覧から選び直してください。"
    if wrong:
        raise BadEntry(wrong)
    staff = Staff(
        organization_id=organization_id,
        ward_id=ward_id,
        role=newcomer.role,
        name=newcomer.name,
        sign_in_name=f"{wish}-{random_code(_SUFFIX_LETTERS).lower()}",
        password_hash=UNUSABLE,
    )
    session.add(staff)
    session.flush()  # The account names its id.
    account_of(session, staff.id)
    return staff


def invite_again(session: Session, staff_id: int, *, by: Actor, now: datetime) -> tuple[Staff, str]:
    """Make a new code for a colleague whose code ran out, or who cannot sign in any more.

    Raises NotPermitted, or NotVisible for anybody else's colleague.
    """
    require_keeper(session, by)
    staff = colleague(session, staff_id, by)
    return staff, _make(session, staff.id, by, now)


def colleague(session: Session, staff_id: int, by: Actor) -> Staff:
    """Somebody of one's own organization. Raises NotVisible for anybody else.

    An emergency account is nobody's colleague: it gets no code and keeps no accounts.
    """
    staff, account = session.get(Staff, staff_id), session.get(Account, staff_id)
    if staff is None or staff.organization_id != by.organization_id:
        raise NotVisible
    if account is not None and account.ends_at is not None:
        raise NotVisible
    return staff


def everybody_of(session: Session, organization_id: int) -> Sequence[Staff]:
    """Everybody who has or had an account of an organization, those who have one first.

    Emergency accounts are left out: they end by themselves and are looked through elsewhere.
    """
    return session.exec(
        select(Staff)
        .outerjoin(Account, col(Account.staff_id) == col(Staff.id))
        .where(Staff.organization_id == organization_id, col(Account.ends_at).is_(None))
        .order_by(col(Staff.active).desc(), col(Staff.id))
    ).all()


def invite_first(session: Session, staff: Staff, now: datetime) -> str:
    """Make a code for the first keeper of an organization: done at the machine itself."""
    account_of(session, staff.id).keeps_accounts = True
    return _make(session, staff.id, None, now)


def open_invitation(session: Session, typed: str, now: datetime) -> Invitation | None:
    """The invitation of a code, if it can still be used; one answer for all that cannot."""
    query = (
        select(Invitation)
        .join(Staff, col(Staff.id) == col(Invitation.staff_id))
        .where(Invitation.code_digest == digest(plain_code(typed).upper()))
        .where(col(Staff.active).is_(True))
    )
    if writes(session):  # Of two who bring one code at once, the second waits here and is late.
        query = query.with_for_update(of=Invitation)
    found = session.exec(query).one_or_none()
    if found is None or found.used_at is not None or now >= found.expires_at:
        return None
    return found


def secret_of(session: Session, invitation: Invitation) -> str:
    """What the app is given while it is being set up. Raises RingError."""
    return plain(session, invitation.totp_secret)


def lock_secrets_again(session: Session) -> int:
    """Lock every secret of an app with the newest key; how many were not."""
    accounts = session.exec(select(Account).where(col(Account.totp_secret).is_not(None))).all()
    rows: list[Account | Invitation] = [*accounts, *session.exec(select(Invitation)).all()]
    old = [row for row in rows if row.totp_secret and not is_newest(session, row.totp_secret)]
    for row in old:
        row.totp_secret = kept(session, plain(session, row.totp_secret or ""))
    return len(old)


def redeem(
    session: Session, invitation: Invitation, *, password_hash: str, step: int, now: datetime
) -> tuple[Staff, list[str]]:
    """Give an account its own password and app, and a fresh sheet of recovery codes.

    `step` is that of the code by which the app was proved. Whatever guarded the account before is
    gone, and so is every session.
    """
    staff = session.get_one(Staff, invitation.staff_id)
    person = actor_of(session, staff.id)
    invitation.used_at = now
    staff.password_hash = password_hash
    account_of(session, staff.id).password_set_at = now
    end_sessions(session, staff.id, now, by=person)
    session.exec(delete(Passkey).where(col(Passkey.staff_id) == staff.id))
    record(session, person, Act.INVITATION_REDEEM, now=now)
    set_totp(session, staff.id, secret_of(session, invitation), step, now)
    return staff, new_recovery_codes(session, staff.id, now)


def open_invitations(session: Session, organization_id: int, now: datetime) -> Sequence[Invitation]:
    """The codes of an organization that can still be used."""
    return session.exec(
        select(Invitation)
        .join(Staff, col(Staff.id) == col(Invitation.staff_id))
        .where(
            Staff.organization_id == organization_id,
            col(Invitation.used_at).is_(None),
            Invitation.expires_at > now,
        )
    ).all()


def expire_invitations(session: Session, staff_id: int, now: datetime) -> None:
    """Let no code that was made for an account before be used any more."""
    older = session.exec(
        select(Invitation).where(
            Invitation.staff_id == staff_id,
            col(Invitation.used_at).is_(None),
            Invitation.expires_at > now,
        )
    )
    for one in older:
        one.expires_at = now


def _make(session: Session, staff_id: int, by: Actor | None, now: datetime) -> str:
    expire_invitations(session, staff_id, now)
    code = random_code()
    session.add(
        Invitation(
            staff_id=staff_id,
            code_digest=digest(plain_code(code)),
            totp_secret=kept(session, new_secret()),
            made_by=by.staff_id if by else None,
            made_at=now,
            expires_at=now + LIFETIME,
        )
    )
    record(session, by, Act.INVITATION_MAKE, now=now, detail={"whose": staff_id})
    return code
