"""When what belongs to signing in goes: drafts, taken forms, sessions, codes, browsers.

A draft holds what somebody typed about a patient and goes first. The history (`handoffs.history`)
keeps who signed in when; these rows are only the machinery of it.
"""

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, Delete
from sqlmodel import Session, col, delete, or_

from handoffs.accounts.draft import Draft
from handoffs.accounts.emergency import close_ended
from handoffs.accounts.invitation import Invitation
from handoffs.accounts.passkey import CHALLENGE_LIFETIME, PasskeyChallenge
from handoffs.accounts.posted_form import PostedForm
from handoffs.accounts.signed_in import SignedIn
from handoffs.accounts.tries import LONG_WAIT, KnownBrowser, SignInTry

DRAFTS = timedelta(hours=24)
"""The longest session that a site can set: nothing older is ever handed back."""

POSTED_FORMS = timedelta(days=30)
"""A tab that stayed open that long is not posted again; it is signed out long before."""

SESSIONS = timedelta(days=400)
"""A year and a month: for asking who was at which session when something came to light."""

INVITATIONS = timedelta(days=400)
BROWSERS = timedelta(days=400)


def forget_old(session: Session, now: datetime) -> dict[str, int]:
    """Delete what is over, and close the emergency accounts that ended; rows by table."""
    over: dict[str, Delete] = {
        "draft": delete(Draft).where(col(Draft.kept_at) < now - DRAFTS),
        "posted_form": delete(PostedForm).where(col(PostedForm.posted_at) < now - POSTED_FORMS),
        "sign_in_try": delete(SignInTry).where(col(SignInTry.last_at) < now - LONG_WAIT),
        "passkey_challenge": delete(PasskeyChallenge).where(
            col(PasskeyChallenge.made_at) < now - CHALLENGE_LIFETIME
        ),
        "invitation": delete(Invitation).where(col(Invitation.expires_at) < now - INVITATIONS),
        "known_browser": delete(KnownBrowser).where(col(KnownBrowser.seen_at) < now - BROWSERS),
        "signed_in": delete(SignedIn).where(
            or_(
                col(SignedIn.seen_at) < now - SESSIONS,
                col(SignedIn.ended_at) < now - SESSIONS,
            )
        ),
    }
    gone = {name: _delete(session, statement) for name, statement in over.items()}
    gone["emergency_account"] = close_ended(session, now)
    return {name: count for name, count in gone.items() if count}


def _delete(session: Session, statement: Delete) -> int:
    result: CursorResult[object] = session.connection().execute(statement)
    return result.rowcount
