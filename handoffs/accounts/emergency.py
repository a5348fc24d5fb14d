"""Accounts for an emergency: opened at the machine for one person, ended by themselves, audited.

When nobody of an organization can sign in (telephones lost in a disaster, the keeper away), whoever
runs the site opens an account for one named person and says why. It has a password and a sheet of
recovery codes, which are two factors of different kinds, and it ends after a day at the latest.
Every page says that it is in use. Afterwards a keeper looks through everything it did and signs for
that; the list asks for it until it is done.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, func, select

from handoffs.accounts.account import account_of, require_keeper
from handoffs.accounts.invitation import Newcomer, open_account
from handoffs.accounts.second_factor import new_recovery_codes
from handoffs.accounts.signed_in import end_sessions
from handoffs.errors import NotVisible
from handoffs.history import Act, Detail, Event, record
from handoffs.parties import Actor, Organization, Staff

LONGEST = timedelta(hours=24)
LONGEST_REASON = 200


class EmergencyAccount(SQLModel, table=True):
    """That an account was opened in an emergency: why, until when, and who looked through it."""

    __tablename__ = "emergency_account"

    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    reason: str = Field(max_length=LONGEST_REASON)
    opened_at: datetime
    closed_at: datetime | None = None
    reviewed_at: datetime | None = None
    reviewed_by: int | None = Field(default=None, foreign_key="staff.id")


@dataclass(frozen=True)
class EmergencyUse:
    """One emergency account with what was done in it: how often which act, at how many stays."""

    opened: EmergencyAccount
    staff: Staff
    ends_at: datetime
    acts: tuple[tuple[Act, int], ...]
    stays: tuple[int, ...]


_OPENED = select(EmergencyAccount, Staff).join(
    Staff, col(Staff.id) == col(EmergencyAccount.staff_id)
)


def open_in_emergency(
    session: Session,
    newcomer: Newcomer,
    organization: Organization,
    *,
    password_hash: str,
    reason: str,
    lasts: timedelta,
    now: datetime,
) -> tuple[Staff, list[str]]:
    """Open an account for one person until `now + lasts`, a day at most; its recovery codes.

    Raises BadEntry for a field that cannot be taken.
    """
    staff = open_account(session, newcomer, organization.id, organization.kind)
    staff.password_hash = password_hash
    account = account_of(session, staff.id)
    account.password_set_at, account.ends_at = now, now + min(lasts, LONGEST)
    opened = EmergencyAccount(staff_id=staff.id, reason=reason[:LONGEST_REASON], opened_at=now)
    session.add(opened)
    detail: Detail = {
        "whose": staff.id,
        "organization": organization.id,
        "ends_at": account.ends_at,
    }
    record(session, None, Act.EMERGENCY_OPEN, now=now, detail=detail)
    return staff, new_recovery_codes(session, staff.id, now)


def close_ended(session: Session, now: datetime) -> int:
    """Close every emergency account whose time is over; how many there were."""
    found = _OPENED.where(col(EmergencyAccount.closed_at).is_(None))
    ended = [(one, staff) for one, staff in session.exec(found) if _ends(session, one) <= now]
    for one, staff in ended:
        one.closed_at, staff.active = now, False
        end_sessions(session, staff.id, now, by=None)
        record(session, None, Act.EMERGENCY_CLOSE, now=now, detail={"whose": staff.id})
    return len(ended)


def close_emergency(session: Session, staff_id: int, *, by: Actor, now: datetime) -> None:
    """Close an emergency account before its time. Raises NotPermitted or NotVisible."""
    one, staff = _of_house(session, staff_id, by)
    if one.closed_at is None:
        account_of(session, staff.id).ends_at = now
        one.closed_at, staff.active = now, False
        end_sessions(session, staff.id, now, by=by)
        record(session, by, Act.EMERGENCY_CLOSE, now=now, detail={"whose": staff.id})


def emergency_uses(session: Session, by: Actor) -> Sequence[EmergencyUse]:
    """The emergency accounts of one's organization, newest first. Raises NotPermitted."""
    require_keeper(session, by)
    found = _OPENED.where(Staff.organization_id == by.organization_id)
    rows = session.exec(found.order_by(col(EmergencyAccount.opened_at).desc())).all()
    return [_use(session, one, staff) for one, staff in rows]


def awaiting_review(session: Session, organization_id: int) -> int:
    """How many emergency accounts of an organization nobody has looked through yet."""
    return session.exec(
        select(func.count())
        .select_from(EmergencyAccount)
        .join(Staff, col(Staff.id) == col(EmergencyAccount.staff_id))
        .where(
            Staff.organization_id == organization_id,
            col(EmergencyAccount.reviewed_at).is_(None),
        )
    ).one()


def review(session: Session, staff_id: int, *, by: Actor, now: datetime) -> None:
    """Sign for having looked through what an emergency account did, once it is closed.

    Raises NotPermitted or NotVisible.
    """
    one, _ = _of_house(session, staff_id, by)
    if one.closed_at is None:
        raise NotVisible
    if one.reviewed_at is None:
        one.reviewed_at, one.reviewed_by = now, by.staff_id
        record(session, by, Act.EMERGENCY_REVIEW, now=now, detail={"whose": staff_id})


def _of_house(session: Session, staff_id: int, by: Actor) -> tuple[EmergencyAccount, Staff]:
    require_keeper(session, by)
    mine = _OPENED.where(Staff.id == staff_id, Staff.organization_id == by.organization_id)
    found = session.exec(mine).one_or_none()
    if found is None:
        raise NotVisible
    return found


def _use(session: Session, one: EmergencyAccount, staff: Staff) -> EmergencyUse:
    events = session.exec(select(Event.act, Event.stay_id).where(Event.staff_id == staff.id)).all()
    acts = Counter(Act(act) for act, _ in events)
    stays = sorted({stay_id for _, stay_id in events if stay_id is not None})
    return EmergencyUse(one, staff, _ends(session, one), tuple(acts.most_common()), tuple(stays))


def _ends(session: Session, one: EmergencyAccount) -> datetime:
    ends_at = account_of(session, one.staff_id).ends_at
    return one.opened_at if ends_at is None else ends_at
