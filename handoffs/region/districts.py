"""圏域表: which community support centre is in charge of which part of a municipality.

Kept by the region as lines of municipality, part (町名) and centre; the whole table is replaced at
once and what stood before is kept with its days. Where a municipality is not in the table and has
one centre only, that one is in charge. Answers for words that somebody types; keeps no address.
Never commits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.access import Permission, require
from handoffs.errors import BadEntry
from handoffs.history import Act, record
from handoffs.parties import Actor, Organization, centers, organizations_by_id
from handoffs.stays.patients import fold

MOST_LINES = 3000
"""How many lines one table has: a prefecture's largest city has under two thousand 町名."""

MOST_TOLD = 5
"""How many wrong lines are told at once."""

_COLUMNS = 3
_LONGEST = 40, 60
"""Letters of a municipality and of a town."""


class DistrictPart(SQLModel, table=True):
    """One line. An empty `town` stands for all of the municipality that no other line names."""

    __tablename__ = "district_part"

    id: int = Field(default=None, primary_key=True)
    region: str = Field(max_length=40, index=True)
    municipality: str = Field(max_length=_LONGEST[0])
    town: str = Field(default="", max_length=_LONGEST[1])
    center_id: int = Field(foreign_key="organization.id")
    set_at: datetime
    set_by: int = Field(foreign_key="staff.id")
    ended_at: datetime | None = None


@dataclass(frozen=True)
class InCharge:
    """Which centre is in charge, and of which part; `place` is never a person's address."""

    place: str
    center: Organization


def parts_of(session: Session, region: str) -> list[DistrictPart]:
    """The lines that stand, in the order in which they were written."""
    return list(
        session.exec(
            select(DistrictPart)
            .where(DistrictPart.region == region, col(DistrictPart.ended_at).is_(None))
            .order_by(col(DistrictPart.id))
        )
    )


def as_text(session: Session, region: str) -> str:
    """The table as it is typed: one line each, with the centre by its number or name."""
    parts = parts_of(session, region)
    named = organizations_by_id(session, {one.center_id for one in parts})
    return "\n".join(
        f"{one.municipality},{one.town},{named[one.center_id].number or named[one.center_id].name}"
        for one in parts
    )


def in_charge_of(session: Session, region: str, words: str) -> tuple[InCharge, ...]:
    """Who is in charge of what the words name: the longest part that stands in them.

    The words of an address, in any writing. A municipality alone names every part of it; nothing
    is answered for words that name no municipality of the region.
    """
    asked = fold(words)
    if not asked:
        return ()
    known = {center.id: center for center in centers(session, region)}
    parts = [one for one in parts_of(session, region) if one.center_id in known]
    there = [one for one in parts if fold(one.municipality) in asked]
    meant = [one for one in there if one.town and fold(one.town) in asked]
    if meant:
        longest = max(len(fold(one.town)) for one in meant)
        there = [one for one in meant if len(fold(one.town)) == longest]
    elif any(one.town == "" for one in there) and _says_more(asked, there):
        there = [one for one in there if one.town == ""]
    if there:
        return tuple(
            InCharge(f"{one.municipality}{one.town}", known[one.center_id]) for one in there
        )
    listed = {fold(one.municipality) for one in parts}
    alone = [
        center
        for center in known.values()
        if (place := fold(center.municipality)) and place in asked and place not in listed
    ]
    return (InCharge(alone[0].municipality, alone[0]),) if len(alone) == 1 else ()


def _says_more(asked: str, parts: Sequence[DistrictPart]) -> bool:
    """Whether more than the name of the municipality was typed."""
    return all(asked != fold(one.municipality) for one in parts)


def replace_parts(session: Session, text: str, *, by: Actor, now: datetime) -> int:
    """Let these lines be the table from now on; how many they are.

    Raises NotPermitted, or BadEntry that names the lines which cannot be read.
    """
    require(by, Permission.REGION_SET)
    lines = _read(session, text, by.region)
    if text.strip() == as_text(session, by.region):
        return len(lines)
    for old in parts_of(session, by.region):
        old.ended_at = now
    for municipality, town, center_id in lines:
        session.add(
            DistrictPart(
                region=by.region,
                municipality=municipality,
                town=town,
                center_id=center_id,
                set_at=now,
                set_by=by.person_id,
            )
        )
    record(session, by, Act.REGION_DISTRICTS, now=now, detail={"lines": len(lines)})
    return len(lines)


def _read(session: Session, text: str, region: str) -> list[tuple[str, str, int]]:
    """Read the lines; commas of either width or tabs stand between the columns."""
    by_word = {}
    for center in centers(session, region):
        by_word[fold(center.name)] = center.id
        if center.number:
            by_word[fold(center.number)] = center.id
    lines: dict[tuple[str, str], int] = {}
    wrong: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        cells = [one.strip() for one in line.translate(_COMMAS).split(",")]
        complaint = _complaint(cells, by_word)
        if complaint is None and (cells[0], cells[1]) in lines:
            complaint = "の町名は、前の行にもあります。"
        if complaint is None:
            lines[cells[0], cells[1]] = by_word[fold(cells[2])]
        else:
            wrong.append(f"{number}行目{complaint}")
    if len(lines) > MOST_LINES:
        wrong.append(f"{MOST_LINES}行までです。")
    if wrong:
        more = len(wrong) - MOST_TOLD
        told = wrong[:MOST_TOLD] + ([f"ほかに{more}行あります。"] if more > 0 else [])
        raise BadEntry({"lines": "".join(told)})
    return [(*place, center_id) for place, center_id in lines.items()]


def _complaint(cells: Sequence[str], by_word: Mapping[str, int]) -> str | None:
    """What cannot be read of a line, to follow its number; None where it can."""
    if len(cells) != _COLUMNS or not cells[0]:
        return "は「市町村,町名,センター」の三つの欄で書いてください。"
    if len(cells[0]) > _LONGEST[0] or len(cells[1]) > _LONGEST[1]:
        return f"は、市町村を{_LONGEST[0]}文字、町名を{_LONGEST[1]}文字までで書いてください。"
    if fold(cells[2]) not in by_word:
        return "のセンターが、この地域の登録にありません。"
    return None


_COMMAS = str.maketrans({"\t": ",", "，": ",", "、": ","})
