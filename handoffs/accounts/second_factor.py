"""The second factor: a code of the app, each once, or one of the recovery codes, each once.

There is no way in that skips it. A recovery code stands in for a lost telephone, not for the
password. Kept are digests of the recovery codes: they are long and drawn at random, so a plain
digest is as good as a slow one.
"""

import secrets
from datetime import datetime

from sqlalchemy import CursorResult
from sqlmodel import Field, Session, SQLModel, col, delete, func, or_, select, update

from handoffs.accounts.account import Account, account_of
from handoffs.accounts.digests import digest
from handoffs.accounts.secret import kept, plain
from handoffs.accounts.totp import plain_code, step_of
from handoffs.history import Act, record
from handoffs.parties import actor_of

RECOVERY_CODES = 10

_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Without what is mistaken for something else on paper: I, L, O, U, 0, 1."""

_CODE_LETTERS = 16
"""78 bits."""


class RecoveryCode(SQLModel, table=True):
    """One code on the sheet that a person keeps for the day on which the telephone is lost."""

    __tablename__ = "recovery_code"

    id: int = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    code_digest: str = Field(max_length=64)
    made_at: datetime
    used_at: datetime | None = None


def random_code(letters: int = _CODE_LETTERS) -> str:
    """Draw a code that a person can type, in groups of four."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(letters))
    return "-".join(drawn[start : start + 4] for start in range(0, letters, 4))


def set_totp(session: Session, staff_id: int, secret: str, step: int, now: datetime) -> None:
    """Give an account a new secret. `step` is that of the code that proved it: taken, therefore."""
    account = account_of(session, staff_id)
    account.totp_secret, account.totp_step, account.totp_since = kept(session, secret), step, now
    record(session, actor_of(session, staff_id), Act.FACTOR_SET, now=now)


def new_recovery_codes(session: Session, staff_id: int, now: datetime) -> list[str]:
    """Replace a person's recovery codes and return the new ones, which are kept nowhere."""
    codes = [random_code() for _ in range(RECOVERY_CODES)]
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.staff_id) == staff_id))
    for code in codes:
        made = RecoveryCode(staff_id=staff_id, code_digest=_kept(code), made_at=now)
        session.add(made)
    record(session, actor_of(session, staff_id), Act.RECOVERY_MAKE, now=now)
    return codes


def recovery_codes_left(session: Session, staff_id: int) -> int:
    """How many recovery codes a person has not used yet."""
    unused = select(func.count()).where(
        RecoveryCode.staff_id == staff_id, col(RecoveryCode.used_at).is_(None)
    )
    return session.exec(unused).one()


def take_second_factor(session: Session, staff_id: int, typed: str, now: datetime) -> bool:
    """Take what somebody typed as their second factor; false for a wrong one and for a used one.

    The row itself decides who is first, so that two requests with one code never both pass.
    """
    account = session.get(Account, staff_id)
    if account is None or (account.ends_at is not None and account.ends_at <= now):
        return False  # Of an account that ended no code is used up.
    secret = None if account.totp_secret is None else plain(session, account.totp_secret)
    step = None if secret is None else step_of(secret, typed, now)
    if step is not None:
        unused = or_(col(Account.totp_step).is_(None), col(Account.totp_step) < step)
        this = update(Account).where(col(Account.staff_id) == staff_id, unused)
        return _changed(session, this.values(totp_step=step))
    one = update(RecoveryCode).where(
        col(RecoveryCode.staff_id) == staff_id,
        col(RecoveryCode.code_digest) == _kept(typed),
        col(RecoveryCode.used_at).is_(None),
    )
    taken = _changed(session, one.values(used_at=now))
    if taken:
        record(session, actor_of(session, staff_id), Act.RECOVERY_USE, now=now)
    return taken


def _kept(code: str) -> str:
    return digest(plain_code(code).upper())


def _changed(session: Session, statement: object) -> bool:
    result: CursorResult[object] = session.connection().execute(statement)  # type: ignore[call-overload]
    return bool(result.rowcount)
