"""How much of the region the record sees: our own count of cases beside one from outside.

A rate over a small and keen part of a region is not sold as the region's. The outside count is
typed in with its definition (KDB, hospital statistics); without one nothing is guessed. Above
100 % is shown as it is: then the two count different things.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from handoffs.rates.case_rows import newest
from handoffs.rates.yearly.fiscal_year import months_over
from handoffs.rates.yearly.indicators import FigureKind, OutsideCount
from handoffs.rates.yearly.outside import OutsideFigure, standing
from handoffs.stays.certification import Certification, group_of
from handoffs.stays.stay import Destination, Stay, is_registered
from handoffs.tokyo import day_of, next_month

OWN_WORDS = {
    OutsideCount.CERTIFIED_DISCHARGES: (
        "つなぎの件数: その期間に退院し、退院日に有効な要介護・要支援の認定の記録がある方"
        "（死亡を除く）。"
    ),
    OutsideCount.DISCHARGES: (
        "つなぎの件数: その期間に退院の登録がある方（死亡を除く）。"
        "病棟が候補と確かめた方だけが登録されるため、病院の全退院より少なくなります。"
    ),
}


@dataclass(frozen=True)
class Coverage:
    """One outside count with ours of the same period. own: None while the period runs."""

    outside: OutsideFigure
    own: int | None

    @property
    def count(self) -> OutsideCount:
        """What both count."""
        return OutsideCount(self.outside.name)

    @property
    def share(self) -> float | None:
        """Ours of theirs, 0 and up; None where one of them is nothing."""
        whole = int(float(self.outside.value))
        return None if self.own is None or not whole else self.own / whole

    @property
    def words(self) -> str:
        """What the share says, for a reader."""
        if self.own is None:
            return "この期間はまだ終わっていません。"
        if self.share is None:
            return "外の件数が0件のため、割合はありません。"
        if self.share > 1:
            return "外の件数より多くなっています。数え方の違いを確かめてください。"
        return ""


def coverage_of(session: Session, region: str, *, now: datetime) -> tuple[Coverage, ...]:
    """Every outside count that stands, with ours beside it, the newest period first."""
    rows = standing(session, region, kind=FigureKind.COVERAGE).values()
    found = []
    for row in sorted((one for one in rows if not one.place), key=lambda one: one.name):
        months = _months(row.period, day_of(now))
        own = None if months is None else sum(_own(session, region, row.name, m) for m in months)
        found.append(Coverage(row, own))
    return tuple(sorted(found, key=lambda one: one.outside.period, reverse=True))


def coverage_beside(session: Session, region: str, month: date) -> str:
    """One sentence for beside a month's rate; empty where nobody typed in an outside count."""
    rows = standing(session, region, kind=FigureKind.COVERAGE)
    for count in OutsideCount:
        row = rows.get((FigureKind.COVERAGE, count.value, "", f"{month:%Y-%m}"))
        if row is None:
            continue
        own = _own(session, region, count.value, month)
        one = Coverage(row, own)
        share = "" if one.share is None else f"（{one.share:.1%}）"
        return f"外の統計では{count.label} {int(float(row.value))}件。つなぎでは{own}件{share}。"
    return ""


def _months(period: str, today: date) -> Sequence[date] | None:
    """The months of a period; None while it is not over."""
    if "-" in period:
        month = date.fromisoformat(f"{period}-01")
        return (month,) if next_month(month) <= today else None
    months = months_over(int(period), today)
    return months if len(months) == 12 else None  # noqa: PLR2004 - months of a year.


def _own(session: Session, region: str, name: str, month: date) -> int:
    """Our number of discharges of a month, those who died left out."""
    rows = session.execute(
        sa.select(
            col(Stay.discharged_on),
            col(Certification.level),
            col(Certification.application),
            col(Certification.valid_until),
        )
        .outerjoin(Certification, col(Certification.id) == newest(Certification))
        .where(
            is_registered(),
            col(Stay.region) == region,
            col(Stay.discharged_on) >= month,
            col(Stay.discharged_on) < next_month(month),
            col(Stay.destination).is_distinct_from(Destination.DEATH),
        )
    ).all()
    if name != OutsideCount.CERTIFIED_DISCHARGES:
        return len(rows)
    return sum(
        bool(group_of(level, application, until, left))
        for left, level, application, until in rows
        if level is not None
    )
