"""What is kept of an office's client roster: digests under the office's own key, no name.

A roster is whole: the latest one counts and the one before it waits for an undo. Nobody can
search or list it, this office included, because there is nothing in it to be read. A digest is
no anonymity: whoever has the whole database can try names against the key beside it.
"""

import hashlib
import unicodedata
from datetime import date, datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.stays.patients import fold

HOLDS = timedelta(days=183)
"""How long a roster counts. Our own choice: half a year, because clients change each month."""

UNDO_FOR = timedelta(days=31)
"""How long the roster before the latest is kept, so that an import can be undone."""


class RosterKey(SQLModel, table=True):
    """The key of one office, under which its people are digested. Hexadecimal, 32 bytes."""

    __tablename__ = "roster_key"

    organization_id: int = Field(primary_key=True, foreign_key="organization.id")
    key: str = Field(max_length=64)


class Roster(SQLModel, table=True):
    """One import of a roster. The latest of an office is the one that counts."""

    __tablename__ = "roster"

    id: int = Field(default=None, primary_key=True)
    organization_id: int = Field(foreign_key="organization.id", index=True)
    imported_at: datetime
    imported_by: int = Field(foreign_key="staff.id")


class RosterEntry(SQLModel, table=True):
    """One client. `person` digests kana and birth date, `insured` the insured number, if any."""

    __tablename__ = "roster_entry"

    id: int = Field(default=None, primary_key=True)
    roster_id: int = Field(foreign_key="roster.id", index=True)
    person: str = Field(max_length=64, index=True)
    insured: str | None = Field(default=None, max_length=64)


class RosterLeftOut(SQLModel, table=True):
    """Somebody who does not want to be in the office's roster: no import brings them back."""

    __tablename__ = "roster_left_out"

    organization_id: int = Field(primary_key=True, foreign_key="organization.id")
    person: str = Field(primary_key=True, max_length=64)
    left_out_at: datetime
    left_out_by: int = Field(foreign_key="staff.id")


def person_digest(key: str, kana: str, birth_on: date) -> str:
    """Digest somebody by exact kana, however it is written, and birth date."""
    return _digest(key, f"{fold(kana)}|{birth_on.isoformat()}")


def insured_digest(key: str, number: str) -> str:
    """Digest an insured number."""
    return _digest(key, f"insured|{unicodedata.normalize('NFKC', number).strip().upper()}")


def _digest(key: str, text: str) -> str:
    return hashlib.blake2b(text.encode(), key=bytes.fromhex(key), digest_size=32).hexdigest()


def rosters_of(session: Session, organization_id: int) -> list[Roster]:
    """The rosters of an office that are still kept, the latest first."""
    return list(
        session.exec(
            select(Roster)
            .where(Roster.organization_id == organization_id)
            .order_by(col(Roster.id).desc())
        )
    )


def entries_of(session: Session, roster_id: int) -> set[tuple[str, str | None]]:
    """What stands in one roster, as pairs of person and insured number."""
    rows = session.exec(
        select(RosterEntry.person, RosterEntry.insured).where(RosterEntry.roster_id == roster_id)
    )
    return set(rows.all())


def left_out_of(session: Session, organization_id: int) -> set[str]:
    """Who asked not to be in the roster of an office."""
    return set(
        session.exec(
            select(RosterLeftOut.person).where(RosterLeftOut.organization_id == organization_id)
        )
    )
