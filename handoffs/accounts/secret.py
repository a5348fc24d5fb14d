"""Secrets of authenticator apps, encrypted with a key that stands outside the database.

A secret has to be read to be compared, so no digest will do. Whoever has the database alone, or a
backup of it, reads none. A database that was opened without keys keeps them as they are.
"""

from sqlmodel import Session

from handoffs.database import keys_of
from handoffs.keys import KEY_IS_MISSING, RingError, is_locked

_PURPOSE = "totp"

LOCKED_LENGTH = 200
"""Letters of a secret as it is stored; encrypted it takes 137."""


def kept(session: Session, secret: str) -> str:
    """A secret as it is stored."""
    keys = keys_of(session)
    return secret if keys is None else keys.lock(_PURPOSE, secret)


def plain(session: Session, stored: str) -> str:
    """A secret as the app has it. Raises RingError where the key is missing."""
    keys = keys_of(session)
    if keys is None:
        if is_locked(stored):
            raise RingError(KEY_IS_MISSING)
        return stored
    return keys.unlock(_PURPOSE, stored)


def is_newest(session: Session, stored: str) -> bool:
    """Whether a secret is locked with the key of now, or there is no key."""
    keys = keys_of(session)
    return keys is None or keys.is_newest(stored)
