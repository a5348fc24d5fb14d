"""The region's own goals of a year: what it wants, what it does, what came of it, what next.

The wheel of plan, do, check, act, in the council's own words. Rows are added; the newest of a
goal stands, and what it said before stays readable with its day.
"""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.errors import BadEntry
from handoffs.history import Act, record
from handoffs.parties import Actor

LONGEST_GOAL, LONGEST_TARGET, LONGEST_TEXT = 200, 100, 600
MOST_GOALS = 12
_LONGEST = {
    "goal": LONGEST_GOAL,
    "target": LONGEST_TARGET,
    "measures": LONGEST_TEXT,
    "result": LONGEST_TEXT,
    "next_step": LONGEST_TEXT,
}


class RegionalGoal(SQLModel, table=True):
    """One wording of one goal of a fiscal year. An empty `goal` takes it back."""

    __tablename__ = "regional_goal"
    __table_args__ = (sa.Index("regional_goal_key", "region", "year", "number"),)

    id: int = Field(default=None, primary_key=True)
    region: str = Field(max_length=40)
    year: int
    number: int
    goal: str = Field(default="", max_length=LONGEST_GOAL)
    target: str = Field(default="", max_length=LONGEST_TARGET)
    measures: str = Field(default="", max_length=LONGEST_TEXT)
    result: str = Field(default="", max_length=LONGEST_TEXT)
    next_step: str = Field(default="", max_length=LONGEST_TEXT)
    recorded_at: datetime
    staff_id: int | None = Field(default=None, foreign_key="staff.id")


class GoalEntry(BaseModel):
    """A goal as it was typed."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    goal: str = ""
    target: str = ""
    measures: str = ""
    result: str = ""
    next_step: str = ""


def write_goal(
    session: Session,
    region: str,
    year: int,
    number: int | None,
    entry: GoalEntry,
    *,
    by: Actor,
    now: datetime,
) -> RegionalGoal | None:
    """Write a goal down; None where it says just that already. number: None for a new one.

    Raises BadEntry for one without words, too long, or one too many.
    """
    known = goals_of(session, region, year)
    if number is None:
        number = max((one.number for one in _rows(session, region, year)), default=0) + 1
        if len(known) >= MOST_GOALS:
            raise BadEntry({"goal": f"目標は一年に{MOST_GOALS}件までです。"})
    wrong = {
        name: f"{longest}文字までで入力してください。"
        for name, longest in _LONGEST.items()
        if len(getattr(entry, name)) > longest
    }
    if not entry.goal:
        wrong["goal"] = "目標を入力してください。"
    if wrong:
        raise BadEntry(wrong)
    before = next((one for one in known if one.number == number), None)
    if before is not None and all(getattr(before, n) == getattr(entry, n) for n in _LONGEST):
        return None
    return _add(session, region, year, number, entry, by=by, now=now)


def take_back_goal(
    session: Session, region: str, year: int, number: int, *, by: Actor, now: datetime
) -> bool:
    """Take a goal back; False where there is none. What it said stays readable."""
    if all(one.number != number for one in goals_of(session, region, year)):
        return False
    _add(session, region, year, number, GoalEntry(), by=by, now=now)
    return True


def _add(
    session: Session,
    region: str,
    year: int,
    number: int,
    entry: GoalEntry,
    *,
    by: Actor,
    now: datetime,
) -> RegionalGoal:
    row = RegionalGoal(
        region=region, year=year, number=number, recorded_at=now, staff_id=by.staff_id,
        **entry.model_dump(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, by, Act.GOAL_WRITE, now=now, detail={"goal": row.id, "year": year})
    return row


def goals_of(session: Session, region: str, year: int) -> tuple[RegionalGoal, ...]:
    """The goals of a year as they stand, in their order."""
    newest = {row.number: row for row in _rows(session, region, year)}
    return tuple(row for _, row in sorted(newest.items()) if row.goal)


def wordings_of(session: Session, region: str, year: int, number: int) -> tuple[RegionalGoal, ...]:
    """Everything that one goal ever said, newest first."""
    rows = [row for row in _rows(session, region, year) if row.number == number]
    return tuple(reversed(rows))


def _rows(session: Session, region: str, year: int) -> Iterable[RegionalGoal]:
    return session.exec(
        select(RegionalGoal)
        .where(RegionalGoal.region == region, RegionalGoal.year == year)
        .order_by(col(RegionalGoal.id))
    ).all()
