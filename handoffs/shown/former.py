"""What was said of a stay before and does not stand any more: reasons, answers, statements.

A reason that was taken back, an answer that was withdrawn, a cause that another one followed:
each is kept in its own table, and here a page reads them beside what stands. Read-only. Whoever
asks has found the stay; answers and statements are given to the organization that made them, and
to the hospital what an office answered it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session, col, select

from handoffs.decline import Decline
from handoffs.handoff import Handoff, handoffs_of
from handoffs.miss_reason import MissReason
from handoffs.parties import Actor, Staff
from handoffs.sheets.wishes import title_of
from handoffs.statement import Statement, side_of, standing
from handoffs.stays.stay import Stay
from handoffs.waiving import Waiving


@dataclass(frozen=True)
class FormerLine:
    """One thing that was said. about: the kind of handoff, or what it concerns.

    what: the kind of saying; words: the reason or content, empty once it was erased. stands:
    whether it still counts.
    """

    what: str
    about: str
    words: str
    stands: bool
    by: str
    at: datetime


def former_lines(session: Session, actor: Actor, stay: Stay) -> tuple[FormerLine, ...]:
    """Everything of which there was more than what stands now, oldest first.

    A single reason or answer that stands is shown where it counts and left out here.
    """
    handoffs = {handoff.id: handoff for handoff in handoffs_of(session, stay.id)}
    found = [
        *_waivings(session, stay, handoffs),
        *_declines(session, actor, stay, handoffs),
        *_causes(session, actor, stay, handoffs),
        *_statements(session, actor, stay),
    ]
    people = _names(session, {staff_id for staff_id, _ in found if staff_id is not None})
    lines = [replace(line, by=people.get(staff_id or 0, "")) for staff_id, line in found]
    return tuple(sorted(lines, key=lambda line: line.at))


Told = tuple[int | None, FormerLine]
Answered = TypeVar("Answered", Waiving, Decline)


def _waivings(session: Session, stay: Stay, handoffs: Mapping[int, Handoff]) -> list[Told]:
    rows = session.exec(
        select(Waiving).where(Waiving.stay_id == stay.id).order_by(col(Waiving.id))
    ).all()
    told: list[Told] = []
    for key, of_one in _by_handoff(rows).items():
        of = handoffs[key]
        now_waived = of.waived_at is not None and of.withdrawn_at is None
        for place, row in enumerate(of_one, start=1):
            stands = now_waived and place == len(of_one)
            if not stands or len(of_one) > 1:
                told.append(_line(row, "不要とした理由", handoffs[key], row.reason, stands=stands))
    return told


def _declines(
    session: Session, actor: Actor, stay: Stay, handoffs: Mapping[int, Handoff]
) -> list[Told]:
    query = select(Decline).where(Decline.stay_id == stay.id).order_by(col(Decline.id))
    if not actor.is_hospital:
        query = query.where(Decline.organization_id == actor.organization_id)
    told: list[Told] = []
    for key, of_one in _by_handoff(session.exec(query).all()).items():
        open_still = handoffs[key].declined_at is not None
        for place, row in enumerate(of_one, start=1):
            stands = open_still and place == len(of_one)
            words = "　".join(part for part in (row.reason.label, row.words) if part)
            if not stands or len(of_one) > 1:
                told.append(_line(row, "担当ではないとの返事", handoffs[key], words, stands=stands))
    return told


def _causes(
    session: Session, actor: Actor, stay: Stay, handoffs: Mapping[int, Handoff]
) -> list[Told]:
    rows = session.exec(
        select(MissReason)
        .where(MissReason.stay_id == stay.id, MissReason.side == side_of(actor))
        .order_by(col(MissReason.id))
    ).all()
    if len(rows) <= 1:
        return []
    return [
        _line(
            row, "事情", handoffs.get(row.handoff_id or 0), row.cause.label, stands=row is rows[-1]
        )
        for row in rows
    ]


def _statements(session: Session, actor: Actor, stay: Stay) -> list[Told]:
    """What this organization said and took back, その後のようす included."""
    rows = session.exec(
        select(Statement).where(
            Statement.stay_id == stay.id, Statement.organization_id == actor.organization_id
        )
    ).all()
    counts = {row.id for row in standing(rows)}
    return [
        (
            row.staff_id,
            FormerLine(
                what="取り消した連絡の記録",
                about=row.topic.label,
                words="　".join(part for part in (row.result.label, row.content) if part),
                stands=False,
                by="",
                at=row.recorded_at,
            ),
        )
        for row in rows
        if row.retracts_id is None and row.id not in counts
    ]


def _line(
    row: Waiving | Decline | MissReason,
    what: str,
    handoff: Handoff | None,
    words: str,
    *,
    stands: bool,
) -> Told:
    about = title_of(handoff) if handoff is not None else ""
    return row.staff_id, FormerLine(what, about, words, stands, by="", at=row.recorded_at)


def _by_handoff(rows: Sequence[Answered]) -> dict[int, list[Answered]]:
    groups: dict[int, list[Answered]] = {}
    for row in rows:
        groups.setdefault(row.handoff_id, []).append(row)
    return groups


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    found = session.exec(select(Staff.id, Staff.name).where(col(Staff.id).in_(ids)))
    return dict(found.all()) if ids else {}
