"""Work that takes too long for a page: a row that somebody asked for, done by one child.

The row is the only state. A child of the scheduler claims it for a while (a lease); a child
that is killed claims nothing any more, and when its lease is over another takes the work up
again, at most three times. What ends, ends once: with a result, or with a failure in words.

Holds no person: parameters are codes, days and the text of a draft edition; a result names
stays by their codes. Both go when `KEPT` is over. Reads no clock and knows no process.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import defer
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from handoffs.errors import BadEntry, NotVisible
from handoffs.history import Act, record
from handoffs.parties import Actor
from handoffs.work_failure import WorkFailure
from rules.kinds import Labelled

MOST_TRIES = 3
"""Work whose child was killed so often is at fault itself; it ends with words."""

LONGEST = timedelta(minutes=4)
"""How long one try may take by the clock."""

LEASE = timedelta(minutes=5)
"""How long a claim holds. Longer than `LONGEST`, so that no living child loses its work."""

KEPT = timedelta(days=30)
"""How long a row stays: a month is time enough to read a result to a council's meeting, and
a list of stays by their codes should lie about no longer than it is read."""

MOST_WAITING = 3
"""How much one organization may have waiting: one machine does one at a time, for everybody."""

MOST_CHARACTERS = 70_000
"""Of all parameters together. The longest edition that is shipped has 11,000."""

CLOCK_TOLERANCE = timedelta(minutes=1)
"""How far in the future a claim may lie before the clock is taken to have been set back."""

SHOWN = 20
"""How many of an organization's works a list shows, newest first."""


class WorkKind(Labelled):
    """What can be asked for."""

    BACKTEST = "backtest", "ルールの案を過去の入院で試す"
    DOWNTIME_KIT = "downtime_kit", "停止時用紙一式を作る"
    RECOUNT = "recount", "入院中の方の期限を数え直す"


class WorkState(Labelled):
    """How far work is, computed from its row and the moment of looking."""

    WAITING = "waiting", "順番を待っています"
    RUNNING = "running", "計算しています"
    FAILED = "failed", "計算できませんでした"
    DONE = "done", "計算が終わりました"


class LongWork(SQLModel, table=True):
    """One piece of work. `tries` counts claims; `claimant` is the process that has it.

    `result` is erasable; it and `failure` are empty until `finished_at`.
    """

    __tablename__ = "long_work"
    __table_args__ = (
        sa.CheckConstraint(
            "(claimant IS NULL) = (lease_until IS NULL)", name="long_work_lease_has_claimant"
        ),
        sa.CheckConstraint(
            "failure IS NULL OR finished_at IS NOT NULL", name="long_work_failure_ends"
        ),
        sa.Index("long_work_asked", "organization_id", "asked_at"),
        sa.Index(
            "long_work_open",
            "asked_at",
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    kind: WorkKind = Field(sa_type=coded(WorkKind, "work_kind", checked=False))
    staff_id: int = Field(foreign_key="staff.id")
    organization_id: int = Field(foreign_key="organization.id")
    parameters: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    asked_at: datetime
    tries: int = Field(default=0)
    claimed_at: datetime | None = None
    claimant: str | None = Field(default=None, max_length=100)
    lease_until: datetime | None = None
    finished_at: datetime | None = None
    result: dict[str, object] | None = Field(
        default=None,
        sa_type=sa.JSON(none_as_null=True),
        nullable=True,
    )
    failure: WorkFailure | None = Field(
        default=None, sa_type=coded(WorkFailure, "work_failure", checked=False), nullable=True
    )


def ask(
    session: Session, kind: WorkKind, parameters: Mapping[str, str], *, by: Actor, now: datetime
) -> LongWork:
    """Put work into the queue.

    Raises BadEntry while the organization has too much waiting, ValueError for parameters
    that the page should have refused. A recount follows from a decision, which nothing that waits
    may hold up.
    """
    if sum(map(len, parameters.values())) > MOST_CHARACTERS:
        raise ValueError("The parameters of a piece of work are too long.")
    open_ones = session.exec(
        select(LongWork.kind).where(
            LongWork.organization_id == by.organization_id, col(LongWork.finished_at).is_(None)
        )
    ).all()
    if len(open_ones) >= MOST_WAITING and kind is not WorkKind.RECOUNT:
        counts = Counter(map(WorkKind, open_ones))
        named = "、".join(f"「{kind.label}」が{count}件" for kind, count in counts.items())
        message = f"{named}、まだ終わっていません。どれかが終わってから、お試しください。"
        raise BadEntry({"main": message})
    work = LongWork(
        kind=kind,
        staff_id=by.person_id,
        organization_id=by.organization_id,
        parameters=dict(parameters),
        asked_at=now,
    )
    session.add(work)
    session.flush()
    record(
        session, by, Act.LONG_WORK_ASK, now=now, detail={"work": work.id, "kind": work.kind.value}
    )
    return work


def waits(session: Session, now: datetime) -> bool:
    """Whether there is work that a child could claim."""
    return session.exec(select(LongWork.id).where(_free(now)).limit(1)).first() is not None


def claim(session: Session, claimant: str, now: datetime) -> LongWork | None:
    """Take the oldest work that nobody has; None where there is none.

    A recount comes first, because days are wrong until it is done; then what somebody waits for,
    then the night's kits. Work that was taken up too often is
    ended here with words. Two that claim at once never get the same: SQLite lets one write at a
    time, PostgreSQL skips a row that is locked.
    """
    while True:
        order = [
            col(LongWork.kind) != WorkKind.RECOUNT,
            col(LongWork.kind) == WorkKind.DOWNTIME_KIT,
            col(LongWork.id),
        ]
        query = select(LongWork).where(_free(now)).order_by(*order).limit(1)
        work = session.exec(query.with_for_update(skip_locked=True)).first()
        if work is None:
            return None
        if work.tries < MOST_TRIES:
            break
        _end(work, now)
        work.failure = WorkFailure.GAVE_UP
        session.flush()
    work.tries += 1
    work.claimed_at, work.claimant, work.lease_until = now, claimant, now + LEASE
    return work


def finish(
    session: Session, work: LongWork, result: Mapping[str, object], *, now: datetime
) -> bool:
    """Keep the result; False where the claim was lost meanwhile, and somebody else has it."""
    mine = _still_mine(session, work)
    if mine is None:
        return False
    _end(mine, now)
    mine.result = dict(result)
    return True


def fail(session: Session, work: LongWork, failure: WorkFailure, *, now: datetime) -> bool:
    """Keep why there is no result; False as `finish`."""
    mine = _still_mine(session, work)
    if mine is None:
        return False
    _end(mine, now)
    mine.failure = failure
    return True


def give_back(session: Session, claimant: str, *, at_fault: bool) -> int:
    """Free what a process has that is known to be dead; say how many.

    at_fault: whether the try counts. A process that was told to stop is not at fault.
    """
    query = select(LongWork).where(
        LongWork.claimant == claimant, col(LongWork.finished_at).is_(None)
    )
    held = session.exec(query.with_for_update()).all()
    for work in held:
        work.claimant = work.lease_until = None
        work.tries -= not at_fault
    return len(held)


def has_expired(session: Session, now: datetime) -> bool:
    """Whether there are rows whose time is over."""
    query = select(LongWork.id).where(col(LongWork.asked_at) < now - KEPT).limit(1)
    return session.exec(query).first() is not None


def purge(session: Session, now: datetime) -> int:
    """Delete the rows whose time is over, with parameters and result; say how many."""
    done = session.exec(sa.delete(LongWork).where(col(LongWork.asked_at) < now - KEPT))
    return int(done.rowcount)


def work_of(session: Session, actor: Actor, kind: WorkKind, work_id: int) -> LongWork:
    """Find work of a kind that the person's own organization asked for; NotVisible otherwise."""
    work = session.exec(
        select(LongWork).where(
            LongWork.id == work_id,
            LongWork.kind == kind,
            LongWork.organization_id == actor.organization_id,
        )
    ).one_or_none()
    if work is None:
        raise NotVisible
    return work


def works_of(session: Session, actor: Actor, kind: WorkKind) -> list[LongWork]:
    """List what the person's own organization asked for, newest first, without results."""
    return list(
        session.exec(
            select(LongWork)
            .where(LongWork.organization_id == actor.organization_id, LongWork.kind == kind)
            .order_by(col(LongWork.id).desc())
            .limit(SHOWN)
            .options(defer(LongWork.result, raiseload=True))  # type: ignore[arg-type]
        )
    )


def state_of(work: LongWork, now: datetime) -> WorkState:
    """How far work is at `now`."""
    if work.finished_at is not None:
        return WorkState.DONE if work.failure is None else WorkState.FAILED
    running = work.lease_until is not None and work.lease_until > now
    return WorkState.RUNNING if running else WorkState.WAITING


def _free(now: datetime) -> sa.ColumnElement[bool]:
    """Unfinished work that nobody has: never claimed, given back, or the lease is over.

    A claim from the future is left over from before the clock was set back.
    """
    return sa.and_(
        col(LongWork.finished_at).is_(None),
        sa.or_(
            col(LongWork.lease_until).is_(None),
            col(LongWork.lease_until) <= now,
            col(LongWork.claimed_at) > now + CLOCK_TOLERANCE,
        ),
    )


def _still_mine(session: Session, work: LongWork) -> LongWork | None:
    """Read the row again, locked, if the claim under which `work` was read still stands."""
    return session.exec(
        select(LongWork)
        .where(
            LongWork.id == work.id,
            LongWork.claimant == work.claimant,
            LongWork.tries == work.tries,
            col(LongWork.finished_at).is_(None),
        )
        .with_for_update()
    ).one_or_none()


def _end(work: LongWork, now: datetime) -> None:
    work.finished_at, work.claimant, work.lease_until = now, None, None
