"""One line of a shadow month: the hospital's own sign for a person, facts, days, what paper did.

The sign is whatever the hospital can find again and nobody else (a number of its list), never
a name. Rows are added; the newest of a sign counts, and one that was taken back is none.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.history import Act, Detail, record
from handoffs.parties import Actor

SIGN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}")
"""Half-width letters and digits: nobody's name can be written with them by habit."""

MOST_OF_A_MONTH = 2_000


class ShadowLine(SQLModel, table=True):
    """What one line says. Days of paper are empty where paper told nobody."""

    __tablename__ = "shadow_line"
    __table_args__ = (sa.Index("shadow_line_key", "hospital_id", "month", "code"),)

    id: int = Field(default=None, primary_key=True)
    region: str = Field(max_length=40)
    hospital_id: int = Field(foreign_key="organization.id")
    month: date
    code: str = Field(max_length=20)
    admitted_on: date | None = None
    planned_on: date | None = None
    discharged_on: date | None = None
    facts: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    paper_admission_on: date | None = None
    paper_discharge_on: date | None = None
    taken_back: bool = Field(default=False)
    recorded_at: datetime
    staff_id: int | None = Field(default=None, foreign_key="staff.id")


@dataclass(frozen=True)
class LineEntry:
    """A line as it was read and checked. admitted_on: None for whom the tool knows nothing."""

    code: str
    admitted_on: date
    planned_on: date | None = None
    discharged_on: date | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    paper_admission_on: date | None = None
    paper_discharge_on: date | None = None


_SAID = (
    "admitted_on",
    "planned_on",
    "discharged_on",
    "facts",
    "paper_admission_on",
    "paper_discharge_on",
)


def keep_lines(
    session: Session,
    month: date,
    entries: Sequence[LineEntry],
    *,
    by: Actor | None,
    hospital_id: int,
    region: str,
    now: datetime,
) -> int:
    """Write lines down; how many of them say something new."""
    known = {line.code: line for line in lines_of(session, hospital_id, month)}
    new = 0
    for entry in entries:
        before = known.get(entry.code)
        if before and all(_plain(before, name) == _plain(entry, name) for name in _SAID):
            continue
        new += 1
        session.add(
            ShadowLine(
                region=region, hospital_id=hospital_id, month=month, code=entry.code,
                admitted_on=entry.admitted_on, planned_on=entry.planned_on,
                discharged_on=entry.discharged_on, facts=dict(entry.facts),
                paper_admission_on=entry.paper_admission_on,
                paper_discharge_on=entry.paper_discharge_on,
                recorded_at=now, staff_id=by.staff_id if by else None,
            )
        )  # fmt: skip
    session.flush()
    record(session, by, Act.SHADOW_LINES, now=now, detail={"month": month, "lines": new})
    return new


def tick_paper(
    session: Session,
    month: date,
    ticked: Mapping[str, tuple[date | None, date | None]],
    *,
    by: Actor,
    now: datetime,
) -> int:
    """Take in what paper told and when, by sign; how many lines changed."""
    known = {line.code: line for line in lines_of(session, by.organization_id, month)}
    entries = [
        LineEntry(
            code=code,
            admitted_on=known[code].admitted_on or month,
            planned_on=known[code].planned_on,
            discharged_on=known[code].discharged_on,
            facts=known[code].facts,
            paper_admission_on=admission,
            paper_discharge_on=leaving,
        )
        for code, (admission, leaving) in ticked.items()
        if code in known
    ]
    return keep_lines(
        session, month, entries, by=by, hospital_id=by.organization_id, region=by.region, now=now
    )


def take_month_back(session: Session, month: date, *, by: Actor, now: datetime) -> int:
    """Empty a shadow month, to begin anew; how many lines went."""
    lines = lines_of(session, by.organization_id, month)
    for line in lines:
        session.add(
            ShadowLine(
                region=by.region, hospital_id=by.organization_id, month=month, code=line.code,
                taken_back=True, recorded_at=now, staff_id=by.staff_id,
            )
        )  # fmt: skip
    session.flush()
    if lines:
        detail: Detail = {"month": month, "lines": -len(lines)}
        record(session, by, Act.SHADOW_LINES, now=now, detail=detail)
    return len(lines)


def lines_of(session: Session, hospital_id: int, month: date) -> list[ShadowLine]:
    """The lines of a hospital's shadow month as they stand, by their signs."""
    rows = session.exec(
        select(ShadowLine)
        .where(ShadowLine.hospital_id == hospital_id, ShadowLine.month == month)
        .order_by(col(ShadowLine.id))
    )
    newest = {row.code: row for row in rows}
    return [row for _, row in sorted(newest.items()) if not row.taken_back]


def _plain(row: ShadowLine | LineEntry, name: str) -> object:
    value = getattr(row, name)
    return dict(value) if isinstance(value, Mapping) else value


def months_with_lines(session: Session, hospital_id: int) -> list[date]:
    """The months in which a hospital kept lines, the newest first."""
    rows = session.exec(
        select(col(ShadowLine.month))
        .where(ShadowLine.hospital_id == hospital_id)
        .distinct()
        .order_by(col(ShadowLine.month).desc())
    )
    return [month for month in rows if lines_of(session, hospital_id, month)]
