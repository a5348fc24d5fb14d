"""Taking an office's roster in, taking the import back, and leaving out who does not want it.

What is compared with a new file is the office's own former roster and never the record of a
hospital, so that no file tells whether somebody is in hospital. Never commits.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from handoffs.access import Permission, require
from handoffs.errors import HandoffError
from handoffs.history import Act, record
from handoffs.parties import Actor, Organization, Staff
from handoffs.roster.kept import (
    HOLDS,
    UNDO_FOR,
    Roster,
    RosterEntry,
    RosterKey,
    RosterLeftOut,
    entries_of,
    insured_digest,
    left_out_of,
    person_digest,
    rosters_of,
)
from rules.kinds import Labelled


class NothingToUndo(HandoffError):
    """The office has no roster, or a newer one came meanwhile."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("この取り込みは、もう最新の名簿ではありません。画面を開き直してください。")


class Compared(Labelled):
    """How one line of a file stands to the roster that counts now."""

    NEW = "new", "新しく入る方"
    MATCHED = "matched", "いまの名簿にもある方"
    LEFT_OUT = "left_out", "名簿に入れない方"


@dataclass(frozen=True, repr=False)
class RosterPerson:
    """One line of a roster as the office wrote it. Lives no longer than the request."""

    kana: str
    birth_on: date
    insured_number: str | None = None


@dataclass(frozen=True)
class Comparison:
    """What an import would do. `lines`: one word for each person; `gone`: how many drop out."""

    lines: tuple[Compared, ...]
    gone: int

    def count(self, what: Compared) -> int:
        """How many lines stand like this."""
        return sum(one is what for one in self.lines)


@dataclass(frozen=True)
class RosterShown:
    """What the office sees of its own roster: counts and days, no people.

    `id` is 0 where there is none. `until`: when it stops counting. `before`: when the roster was
    taken in to which an undo leads back, None where it leads to none.
    """

    id: int
    people: int
    at: datetime | None
    by: str
    until: datetime | None
    before: datetime | None
    left_out: int


def roster_shown(session: Session, actor: Actor, now: datetime) -> RosterShown:
    """The own roster as it counts now. Raises NotPermitted."""
    require(actor, Permission.ROSTER_KEEP)
    kept = _standing(session, actor.organization_id, now)
    left_out = len(left_out_of(session, actor.organization_id))
    if not kept:
        return RosterShown(0, 0, None, "", None, None, left_out)
    latest = kept[0]
    people = session.exec(
        select(func.count()).select_from(RosterEntry).where(RosterEntry.roster_id == latest.id)
    ).one()
    return RosterShown(
        id=latest.id,
        people=people,
        at=latest.imported_at,
        by=session.get_one(Staff, latest.imported_by).name,
        until=latest.imported_at + HOLDS,
        before=kept[1].imported_at if len(kept) > 1 else None,
        left_out=left_out,
    )


def compare(
    session: Session, people: Sequence[RosterPerson], *, by: Actor, now: datetime
) -> Comparison:
    """Say what an import would do. Stores nothing. Raises NotPermitted."""
    require(by, Permission.ROSTER_KEEP)
    row = session.get(RosterKey, by.organization_id)
    if row is None:
        return Comparison(tuple(Compared.NEW for _ in people), 0)
    kept = _standing(session, by.organization_id, now)
    there = entries_of(session, kept[0].id) if kept else set()
    out = left_out_of(session, by.organization_id)
    own = [_entry(row.key, person) for person in people]
    known = {person for person, _ in there}
    lines = tuple(_standing_of(person, known, out) for person, _ in own)
    return Comparison(lines, len(known - {person for person, _ in own}))


def take_in_roster(
    session: Session, people: Sequence[RosterPerson], *, by: Actor, now: datetime, digest: str
) -> Comparison:
    """Let this roster count from now on; `digest` is that of the file. Raises NotPermitted."""
    compared = compare(session, people, by=by, now=now)
    # Two imports of one office wait for each other, and find the key that the first made.
    session.exec(
        select(Organization).where(Organization.id == by.organization_id).with_for_update()
    ).one()
    key = _key_of(session, by.organization_id)
    out = left_out_of(session, by.organization_id)
    roster = Roster(organization_id=by.organization_id, imported_at=now, imported_by=by.person_id)
    session.add(roster)
    session.flush()
    entries = {_entry(key, person) for person in people}
    rows = [
        {"roster_id": roster.id, "person": person, "insured": insured}
        for person, insured in sorted(entries, key=str)
        if person not in out
    ]
    if rows:
        session.execute(sa.insert(RosterEntry), rows)
    _forget(session, rosters_of(session, by.organization_id)[2:])
    record(
        session,
        by,
        Act.ROSTER_IMPORT,
        now=now,
        detail={
            "roster": roster.id,
            "file": digest,
            "new": compared.count(Compared.NEW),
            "matched": compared.count(Compared.MATCHED),
            "left_out": compared.count(Compared.LEFT_OUT),
            "gone": compared.gone,
        },
    )
    return compared


def undo_roster(session: Session, roster_id: int, *, by: Actor, now: datetime) -> None:
    """Erase the latest roster; the one before it counts again, where it is still kept.

    Raises NotPermitted or NothingToUndo.
    """
    require(by, Permission.ROSTER_KEEP)
    kept = rosters_of(session, by.organization_id)
    if not kept or kept[0].id != roster_id:
        raise NothingToUndo
    _forget(session, kept[:1])
    record(session, by, Act.ROSTER_UNDO, now=now, detail={"roster": roster_id})


def leave_out(session: Session, person: RosterPerson, *, by: Actor, now: datetime) -> None:
    """Take somebody out of every roster of the office for good, as they wished.

    An undo does not bring them back, and neither does a later file. Raises NotPermitted.
    """
    require(by, Permission.ROSTER_KEEP)
    digest = person_digest(_key_of(session, by.organization_id), person.kana, person.birth_on)
    own = select(Roster.id).where(Roster.organization_id == by.organization_id)
    session.execute(
        sa.delete(RosterEntry).where(
            col(RosterEntry.person) == digest, col(RosterEntry.roster_id).in_(own)
        )
    )
    if session.get(RosterLeftOut, (by.organization_id, digest)) is None:
        session.add(
            RosterLeftOut(
                organization_id=by.organization_id,
                person=digest,
                left_out_at=now,
                left_out_by=by.person_id,
            )
        )
    record(session, by, Act.ROSTER_LEAVE_OUT, now=now)


def let_in_again(session: Session, person: RosterPerson, *, by: Actor, now: datetime) -> None:
    """Let a later file bring somebody back in. Raises NotPermitted."""
    require(by, Permission.ROSTER_KEEP)
    digest = person_digest(_key_of(session, by.organization_id), person.kana, person.birth_on)
    found = session.get(RosterLeftOut, (by.organization_id, digest))
    if found is not None:
        session.delete(found)
    record(session, by, Act.ROSTER_LET_IN, now=now)


def has_old_rosters(session: Session, now: datetime) -> bool:
    """Whether anything is kept longer than it may be."""
    return bool(_old(session, now))


def purge_rosters(session: Session, now: datetime) -> int:
    """Erase what no longer counts and what no undo may lead back to; return how many rosters."""
    old = _old(session, now)
    _forget(session, old)
    return len(old)


def _old(session: Session, now: datetime) -> list[Roster]:
    kept = session.exec(select(Roster).order_by(col(Roster.id).desc())).all()
    latest: dict[int, Roster] = {}
    old = []
    for roster in kept:
        newest = latest.setdefault(roster.organization_id, roster)
        superseded = roster is not newest and now - newest.imported_at > UNDO_FOR
        if superseded or now - roster.imported_at > HOLDS:
            old.append(roster)
    return old


def _standing(session: Session, organization_id: int, now: datetime) -> list[Roster]:
    """The rosters that still count or can come back, the latest first."""
    kept = rosters_of(session, organization_id)
    return [roster for roster in kept if now - roster.imported_at <= HOLDS]


def _forget(session: Session, rosters: Sequence[Roster]) -> None:
    ids = [roster.id for roster in rosters]
    if ids:
        session.execute(sa.delete(RosterEntry).where(col(RosterEntry.roster_id).in_(ids)))
        session.execute(sa.delete(Roster).where(col(Roster.id).in_(ids)))


def _key_of(session: Session, organization_id: int) -> str:
    row = session.get(RosterKey, organization_id)
    if row is None:
        row = RosterKey(organization_id=organization_id, key=secrets.token_hex(32))
        session.add(row)
        session.flush()
    return row.key


def _entry(key: str, person: RosterPerson) -> tuple[str, str | None]:
    number = person.insured_number
    return (
        person_digest(key, person.kana, person.birth_on),
        insured_digest(key, number) if number else None,
    )


def _standing_of(person: str, known: set[str], out: set[str]) -> Compared:
    if person in out:
        return Compared.LEFT_OUT
    return Compared.MATCHED if person in known else Compared.NEW
