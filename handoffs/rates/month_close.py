"""The close of a month: its figures frozen with a digest, and what has changed since.

A month closes once, on the region's day. Opened again only with a reason; it then closes a
second time in a row of its own, and the first stays readable. Counts and ids only: what is
frozen names no person and no hospital.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.errors import BadEntry
from handoffs.history import Act, record
from handoffs.parties import Actor
from handoffs.rates.counts import Counts, counts_of_json
from handoffs.rates.definition import Definition, SeenBy
from handoffs.rates.figures import Figure, Measure
from handoffs.rates.in_words import in_words
from handoffs.tokyo import day_of

LONGEST_REASON = 200


class MonthClose(SQLModel, table=True):
    """One close of one month. `figures` are counts by measure, cut and line.

    Only `reopened_*` is ever written afterwards, once.
    """

    __tablename__ = "month_close"
    __table_args__ = (
        sa.CheckConstraint(
            "(reopened_at IS NULL) = (reason = '')", name="month_close_reopened_with_reason"
        ),
        sa.Index(
            "month_close_once",
            "region",
            "month",
            unique=True,
            sqlite_where=sa.text("reopened_at IS NULL"),
            postgresql_where=sa.text("reopened_at IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    region: str = Field(max_length=40)
    month: date
    closed_at: datetime
    digest: str = Field(max_length=64)
    figures: dict[str, object] = Field(default_factory=dict, sa_type=sa.JSON)
    reopened_at: datetime | None = None
    reopened_by: int | None = Field(default=None, foreign_key="staff.id")
    reason: str = Field(default="", max_length=LONGEST_REASON)


@dataclass(frozen=True)
class Changed:
    """One figure that is no longer what it was when its month closed."""

    label: str
    frozen: Figure
    now: Figure
    redefined: bool


def freeze(
    session: Session,
    region: str,
    month: date,
    counted: Sequence[tuple[Definition, Counts]],
    *,
    now: datetime,
) -> MonthClose | None:
    """Close a month with these counts; None where it is closed already."""
    if close_of(session, region, month) is not None:
        return None
    figures: dict[str, object] = {
        definition.id: _laid_out(definition, counts) for definition, counts in counted
    }
    row = MonthClose(
        region=region, month=month, closed_at=now, digest=digest_of(figures), figures=figures
    )
    session.add(row)
    session.flush()
    record(
        session,
        None,
        Act.MONTH_CLOSE,
        now=now,
        detail={"region": region, "month": month, "digest": row.digest},
    )
    return row


def reopen(
    session: Session, region: str, month: date, reason: str, *, by: Actor | None, now: datetime
) -> MonthClose | None:
    """Open a closed month again; None where it is open.

    Raises BadEntry without a reason, or where it is too long.
    """
    reason = reason.strip()
    if not reason:
        raise BadEntry({"reason": "もう一度開く理由を入力してください。"})
    if len(reason) > LONGEST_REASON:
        raise BadEntry({"reason": f"{LONGEST_REASON}文字までで入力してください。"})
    row = close_of(session, region, month)
    if row is None:
        return None
    row.reopened_at, row.reopened_by, row.reason = now, by.staff_id if by else None, reason
    session.add(row)
    session.flush()
    record(
        session,
        by,
        Act.MONTH_REOPEN,
        now=now,
        detail={"region": region, "month": month, "digest": row.digest},
    )
    return row


def close_of(session: Session, region: str, month: date) -> MonthClose | None:
    """The close of a month that stands."""
    return session.exec(
        select(MonthClose).where(
            MonthClose.region == region,
            MonthClose.month == month,
            col(MonthClose.reopened_at).is_(None),
        )
    ).one_or_none()


def closes_of(session: Session, region: str, months: Sequence[date]) -> dict[date, MonthClose]:
    """The closes of some months that stand, by month."""
    rows = session.exec(
        select(MonthClose).where(
            MonthClose.region == region,
            col(MonthClose.month).in_(months),
            col(MonthClose.reopened_at).is_(None),
        )
    )
    return {row.month: row for row in rows}


def without_splits(row: MonthClose) -> MonthClose:
    """The same totals in a row that is not the session's, to be read much faster."""
    figures: dict[str, object] = {
        name: {**kept, "cuts": {}} if isinstance(kept, dict) else kept
        for name, kept in row.figures.items()
    }
    return MonthClose(
        region=row.region, month=row.month, closed_at=row.closed_at, digest=row.digest,
        figures=figures,
    )  # fmt: skip


def reopened_before(session: Session, region: str, month: date) -> list[MonthClose]:
    """The closes of a month that no longer stand, oldest first."""
    return list(
        session.exec(
            select(MonthClose)
            .where(
                MonthClose.region == region,
                MonthClose.month == month,
                col(MonthClose.reopened_at).is_not(None),
            )
            .order_by(col(MonthClose.id))
        )
    )


def closed_months(session: Session, region: str) -> frozenset[date]:
    """The months of a region whose close stands."""
    return frozenset(
        session.exec(
            select(col(MonthClose.month)).where(
                MonthClose.region == region, col(MonthClose.reopened_at).is_(None)
            )
        )
    )


def reopened_months(session: Session, region: str) -> dict[date, date]:
    """The months of a region that were opened again, with the last day on which somebody did."""
    rows = session.exec(
        select(MonthClose)
        .where(MonthClose.region == region, col(MonthClose.reopened_at).is_not(None))
        .order_by(col(MonthClose.id))
    )
    return {row.month: day_of(row.reopened_at) for row in rows if row.reopened_at}


def is_whole(row: MonthClose) -> bool:
    """Whether the frozen figures are those that the digest was made of."""
    return digest_of(row.figures) == row.digest


def changed_since(row: MonthClose, measures: Sequence[Measure]) -> tuple[Changed, ...]:
    """Which totals differ now from what was frozen."""
    changed = []
    for measure in measures:
        frozen = _frozen(row.figures, measure.id)
        if frozen is None:
            continue
        total, digest = frozen
        redefined = digest != measure.digest
        if total != measure.total or redefined:
            changed.append(Changed(measure.label, total, measure.total, redefined))
    return tuple(changed)


def frozen_figures(
    session: Session, region: str, months: Sequence[date], definition: Definition
) -> dict[date, Figure]:
    """What one figure was in closed months, where it was counted by the same definition."""
    # Only the total is taken out of what was frozen: the cuts of six months are long.
    figure = sa.type_coerce(col(MonthClose.figures), sa.JSON())[definition.id]
    rows = session.execute(
        sa.select(col(MonthClose.month), figure["total"], figure["definition"]).where(
            col(MonthClose.region) == region,
            col(MonthClose.month).in_(months),
            col(MonthClose.reopened_at).is_(None),
        )
    )
    return {
        month: Figure(*total)
        for month, total, digest in rows
        if digest == definition.digest and total is not None
    }


def frozen_counts(
    session: Session, region: str, months: Sequence[date], definition: Definition
) -> dict[date, Counts]:
    """The same with every split that was frozen."""
    figure = sa.type_coerce(col(MonthClose.figures), sa.JSON())[definition.id]
    rows = session.execute(
        sa.select(col(MonthClose.month), figure).where(
            col(MonthClose.region) == region,
            col(MonthClose.month).in_(months),
            col(MonthClose.reopened_at).is_(None),
        )
    )
    return {
        month: counts_of_json(kept)
        for month, kept in rows
        if kept is not None and kept["definition"] == definition.digest
    }


def _frozen(figures: Mapping[str, object], name: str) -> tuple[Figure, str] | None:
    kept = figures.get(name)
    if not isinstance(kept, dict):
        return None
    return Figure(*kept["total"]), str(kept["definition"])


def _laid_out(definition: Definition, counts: Counts) -> dict[str, object]:
    """The counts by the keys of their lines, with the words that they were counted by."""
    return {
        **counts.laid_out(),
        "label": definition.label,
        "complement": definition.complement,
        "event": definition.event.value,
        "inside": definition.seen_by is SeenBy.BOTH_SIDES,
        "words": list(in_words(definition)),
    }


def digest_of(figures: Mapping[str, object]) -> str:
    """The digest of frozen figures, however the database gives their keys back."""
    text = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
