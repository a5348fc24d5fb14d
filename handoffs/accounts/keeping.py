"""What the keeper of an organization's accounts does: close, open again, name keepers, set rules.

A closed account is out at the next request, and its codes are worth nothing. Nobody closes their
own, and an organization is never left without a keeper by its own hand.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Entry
from sqlmodel import Session, col, delete

from handoffs.accounts.account import AccountRule, account_of, keepers_of, require_keeper
from handoffs.accounts.invitation import colleague, expire_invitations
from handoffs.accounts.passkey import Passkey
from handoffs.accounts.password import UNUSABLE
from handoffs.accounts.signed_in import end_sessions
from handoffs.errors import NotPermitted
from handoffs.history import Act, record
from handoffs.parties import Actor, Staff

SHORTEST_IDLE, LONGEST_IDLE = 5, 240
SHORTEST_WHOLE, LONGEST_WHOLE = 1, 24


class RuleEntry(BaseModel):
    """The rules of an organization for its own accounts, as they were typed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mixed_characters: bool
    idle_minutes: int | None = Entry(default=None, ge=SHORTEST_IDLE, le=LONGEST_IDLE)
    absolute_hours: int | None = Entry(default=None, ge=SHORTEST_WHOLE, le=LONGEST_WHOLE)


def shut(session: Session, staff: Staff, *, by: Actor, now: datetime) -> None:
    """Put somebody out at once: no session, no passkey and no code of before lets them in again."""
    staff.active = False
    end_sessions(session, staff.id, now, by=by)
    session.exec(delete(Passkey).where(col(Passkey.staff_id) == staff.id))
    expire_invitations(session, staff.id, now)


def unlock(staff: Staff) -> None:
    """Open an account that was shut: it needs a new code, as its old password is gone."""
    staff.active, staff.password_hash = True, UNUSABLE


def close_account(session: Session, staff_id: int, *, by: Actor, now: datetime) -> None:
    """Close a colleague's account at once. Raises NotPermitted or NotVisible."""
    require_keeper(session, by)
    staff = colleague(session, staff_id, by)
    if staff.id == by.staff_id:
        raise NotPermitted("ご自分のアカウントは止められません。ほかの担当者に依頼してください。")
    if not staff.active:
        return
    shut(session, staff, by=by, now=now)
    record(session, by, Act.ACCOUNT_CLOSE, now=now, detail={"whose": staff.id})


def reopen_account(session: Session, staff_id: int, *, by: Actor, now: datetime) -> None:
    """Open a closed account again: it needs a new code, as its old password is gone.

    Raises NotPermitted or NotVisible.
    """
    require_keeper(session, by)
    staff = colleague(session, staff_id, by)
    if staff.active:
        return
    unlock(staff)
    record(session, by, Act.ACCOUNT_REOPEN, now=now, detail={"whose": staff.id})


def name_keeper(session: Session, staff_id: int, *, keeps: bool, by: Actor, now: datetime) -> None:
    """Let a colleague keep the accounts too, or no longer. Raises NotPermitted or NotVisible."""
    require_keeper(session, by)
    staff = colleague(session, staff_id, by)
    account = account_of(session, staff.id)
    if account.keeps_accounts == keeps:
        return
    if not keeps and len(keepers_of(session, by.organization_id)) == 1:
        raise NotPermitted("担当者がいなくなります。先に、ほかの方を担当者にしてください。")
    account.keeps_accounts = keeps
    detail = {"whose": staff.id, "keeps": keeps}
    record(session, by, Act.KEEPER_NAME, now=now, detail=detail)


def set_rule(session: Session, entry: RuleEntry, *, by: Actor, now: datetime) -> None:
    """Set what the organization asks of its own people. Raises NotPermitted."""
    require_keeper(session, by)
    rule = session.get(AccountRule, by.organization_id)
    if rule is None:
        rule = AccountRule(organization_id=by.organization_id)
        session.add(rule)
    for name, value in entry.model_dump().items():
        setattr(rule, name, value)
    record(session, by, Act.ACCOUNT_RULE, now=now, detail=entry.model_dump())
