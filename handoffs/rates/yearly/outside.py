"""A figure that somebody else counted, typed in or imported: checked, sourced, dated.

Rows are added and never changed: the newest of a key stands, an empty value takes it back, and
what stood before stays readable with its day. Counts of a region only, nobody's data.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Entry
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from handoffs.errors import BadEntry
from handoffs.history import Act, Detail, record
from handoffs.parties import Actor
from handoffs.rates.yearly.fiscal_year import fiscal_year_of
from handoffs.rates.yearly.indicators import UNITS, FigureKind, Unit, name_label, names_of
from handoffs.tokyo import day_of

LONGEST_SOURCE, LONGEST_DEFINITION, LONGEST_PLACE = 200, 400, 40
_NUMBER = re.compile(r"\d{1,9}(\.\d{1,4})?")
_YEAR = re.compile(r"(19|20)\d\d")
_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
_WHOLE = Decimal(100)


class OutsideFigure(SQLModel, table=True):
    """One figure of one period. `place` is empty for the region itself, else another area's name.

    period: a fiscal year as 2025, or a month as 2026-10. value: as it was typed, a decimal
    number; empty where the figure was taken back. source_on: the day of the source.
    """

    __tablename__ = "outside_figure"
    __table_args__ = (
        sa.Index("outside_figure_key", "region", "kind", "name", "place", "period"),
        sa.CheckConstraint("value = '' OR source <> ''", name="outside_figure_sourced"),
    )

    id: int = Field(default=None, primary_key=True)
    region: str = Field(max_length=40)
    kind: FigureKind = Field(sa_type=coded(FigureKind, "outside_figure_kind"))
    name: str = Field(max_length=60)
    place: str = Field(default="", max_length=LONGEST_PLACE)
    period: str = Field(max_length=7)
    value: str = Field(default="", max_length=16)
    unit: Unit = Field(sa_type=coded(Unit, "outside_figure_unit"))
    source: str = Field(default="", max_length=LONGEST_SOURCE)
    source_on: date | None = None
    definition: str = Field(default="", max_length=LONGEST_DEFINITION)
    recorded_at: datetime
    staff_id: int | None = Field(default=None, foreign_key="staff.id")

    @property
    def label(self) -> str:
        """What it is called."""
        return name_label(self.kind, self.name)

    @property
    def is_month(self) -> bool:
        """Whether it is of one month, not of a year."""
        return "-" in self.period


Key = tuple[FigureKind, str, str, str]


class FigureEntry(BaseModel):
    """A figure as it was typed, not yet checked."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    kind: FigureKind
    name: str
    place: str = ""
    period: str
    value: str = Entry(default="")
    unit: Unit | None = None
    source: str = ""
    source_on: date | None = None
    definition: str = ""


def key_of(row: OutsideFigure) -> Key:
    """By what a row replaces an older one."""
    return row.kind, row.name, row.place, row.period


def enter(
    session: Session, region: str, entry: FigureEntry, *, by: Actor | None, now: datetime
) -> OutsideFigure | None:
    """Write a figure down; None where the very same stands already.

    Raises BadEntry, a message for each field that cannot be taken.
    """
    row = checked(region, entry, by=by, now=now)
    known = standing(session, region, kind=row.kind).get(key_of(row))
    if known is not None and _says_the_same(known, row):
        return None
    session.add(row)
    session.flush()
    detail: Detail = {
        "figure": row.id,
        "kind": row.kind.value,
        "name": row.name,
        "period": row.period,
    }
    record(session, by, Act.FIGURE_ENTER, now=now, detail=detail)
    return row


def take_back(
    session: Session, region: str, figure_id: int, *, by: Actor | None, now: datetime
) -> bool:
    """Take a standing figure back; False where it no longer stands. The old rows stay."""
    row = session.get(OutsideFigure, figure_id)
    if row is None or row.region != region:
        return False
    known = standing(session, region, kind=row.kind).get(key_of(row))
    if known is None or known.id != row.id:
        return False
    gone = OutsideFigure(
        region=region, kind=row.kind, name=row.name, place=row.place, period=row.period,
        unit=row.unit, recorded_at=now, staff_id=by.staff_id if by else None,
    )  # fmt: skip
    session.add(gone)
    session.flush()
    detail: Detail = {
        "figure": row.id,
        "kind": row.kind.value,
        "name": row.name,
        "period": row.period,
    }
    record(session, by, Act.FIGURE_TAKE_BACK, now=now, detail=detail)
    return True


def _detail(row: OutsideFigure) -> Detail:
    return {"figure": row.id, "kind": row.kind.value, "name": row.name, "period": row.period}


def checked(region: str, entry: FigureEntry, *, by: Actor | None, now: datetime) -> OutsideFigure:
    """Check every field of an entry. Raises BadEntry."""
    wrong: dict[str, str] = {}
    if entry.name not in names_of(entry.kind):
        wrong["name"] = "一覧にある数字の名前を選んでください。"
    unit = entry.unit or UNITS[entry.kind][0]
    if unit not in UNITS[entry.kind]:
        units = "・".join(one.label for one in UNITS[entry.kind])
        wrong["unit"] = f"この数字の単位は{units}から選んでください。"
    period = _plain(entry.period)
    wrong |= _wrong_period(entry.kind, period, day_of(now))
    value = _plain(entry.value).replace(",", "").removesuffix("%")
    wrong |= _wrong_value(entry.kind, value)
    if not entry.source:
        wrong["source"] = "出典（資料の名前と頁など）を入力してください。"
    for field, text, longest in (
        ("source", entry.source, LONGEST_SOURCE),
        ("definition", entry.definition, LONGEST_DEFINITION),
        ("place", entry.place, LONGEST_PLACE),
    ):
        if len(text) > longest:
            wrong[field] = f"{longest}文字までで入力してください。"
    if entry.source_on is None:
        wrong["source_on"] = "出典の日付（公表日か、見た日）を入力してください。"
    elif entry.source_on > day_of(now):
        wrong["source_on"] = "日付が今日より後です。公表日か、見た日を入力してください。"
    if entry.kind is not FigureKind.INDICATOR and not entry.definition:
        wrong["definition"] = "何をどう数えた数字かを入力してください（分母・除くもの・期間）。"
    if wrong:
        raise BadEntry(wrong)
    return OutsideFigure(
        region=region, kind=entry.kind, name=entry.name, place=entry.place, period=period,
        value=value, unit=unit, source=entry.source, source_on=entry.source_on,
        definition=entry.definition, recorded_at=now, staff_id=by.staff_id if by else None,
    )  # fmt: skip


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "")


def _wrong_period(kind: FigureKind, period: str, today: date) -> dict[str, str]:
    if _YEAR.fullmatch(period):
        future = int(period) > fiscal_year_of(today)
    elif _MONTH.fullmatch(period) and kind is not FigureKind.INDICATOR:
        future = date.fromisoformat(f"{period}-01") > today
    else:
        month = "、月なら 2026-10" if kind is not FigureKind.INDICATOR else ""
        return {"period": f"年度なら 2025{month} のように入力してください。"}
    if future:
        return {"period": "まだ来ていない期間です。期間を確かめてください。"}
    return {}


def _wrong_value(kind: FigureKind, value: str) -> dict[str, str]:
    if not _NUMBER.fullmatch(value):
        return {"value": "数字で入力してください。例 537 や 427.8。小数は4桁までです。"}
    if kind is FigureKind.COVERAGE and Decimal(value) != Decimal(value).to_integral_value():
        return {"value": "件数は整数で入力してください。"}
    if kind is FigureKind.BASELINE and Decimal(value) > _WHOLE:
        return {"value": "率は 0 から 100 までの％で入力してください。"}
    return {}


def _says_the_same(one: OutsideFigure, other: OutsideFigure) -> bool:
    fields = ("value", "unit", "source", "source_on", "definition")
    return all(getattr(one, name) == getattr(other, name) for name in fields)


def standing(
    session: Session, region: str, *, kind: FigureKind | None = None
) -> dict[Key, OutsideFigure]:
    """The newest row of each key that was not taken back, in the order of entering."""
    newest: dict[Key, OutsideFigure] = {}
    for row in _rows(session, region, kind):
        newest.pop(key_of(row), None)
        newest[key_of(row)] = row
    return {key: row for key, row in newest.items() if row.value}


def history_of(session: Session, region: str, figure_id: int) -> list[OutsideFigure]:
    """Everything that was ever written for the key of one row, newest first."""
    row = session.get(OutsideFigure, figure_id)
    if row is None or row.region != region:
        return []
    alike = (one for one in _rows(session, region, row.kind) if key_of(one) == key_of(row))
    return list(reversed(list(alike)))


def _rows(session: Session, region: str, kind: FigureKind | None) -> Iterable[OutsideFigure]:
    query = select(OutsideFigure).where(OutsideFigure.region == region)
    if kind is not None:
        query = query.where(OutsideFigure.kind == kind)
    found: Sequence[OutsideFigure] = session.exec(query.order_by(col(OutsideFigure.id))).all()
    return found
