"""One figure month by month: closed months as they were frozen, open ones as they stand.

The six months of the trend, the months of a fiscal year, and months and years side by side. A
month that was frozen by another definition is counted by the one that is asked for, so that a
row of months is one series. Names no person.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from handoffs.rates.cases import Case, admitted_cases, discharged_cases
from handoffs.rates.choices import Asking, Over
from handoffs.rates.counts import Counts
from handoffs.rates.cuts import CutBy, Labels, labels_of, splits
from handoffs.rates.definition import Definition, Event
from handoffs.rates.figures import Cut, Figure, Measure, Row
from handoffs.rates.measured import added, cuts_of
from handoffs.rates.month_close import frozen_counts, frozen_figures
from handoffs.rates.month_count import kept_counts
from handoffs.rates.shelf import counted_definitions
from handoffs.rates.tally import Sorted, counts_of, figure_of
from handoffs.rates.yearly.fiscal_year import fiscal_year_of, months_of
from handoffs.stays.stay import Stay, is_registered
from handoffs.tokyo import first_of_month, months_before

TREND_MONTHS = 6
A_YEAR = 12


def trend_of(
    session: Session,
    region: str,
    definition: Definition,
    newest: tuple[date, Figure],
    now: datetime,
) -> tuple[tuple[date, Figure], ...]:
    """The six months of one figure up to the newest, which is known already."""
    *before, _ = months_before(newest[0], TREND_MONTHS)
    found = figures_of(session, region, definition, before, now)
    return (*((each, found[each]) for each in before), newest)


def figures_of(
    session: Session,
    region: str,
    definition: Definition,
    months: Sequence[date],
    now: datetime,
) -> dict[date, Figure]:
    """One figure of some months: as it was frozen, as it is kept, or counted."""
    found = frozen_figures(session, region, months, definition)
    for month in months:
        if month not in found:
            kept = _kept(session, region, definition, month, now)
            found[month] = (
                figure_of(definition, _cases(session, region, definition, month, now))
                if kept is None
                else kept.total
            )
    return found


def _kept(
    session: Session, region: str, definition: Definition, month: date, now: datetime
) -> Counts | None:
    kept = kept_counts(session, region, month, counted_definitions(region, month), now)
    one = kept.counts.get(definition.id) if kept is not None else None
    return one if one is not None and one.definition == definition.digest else None


def _cases(
    session: Session, region: str, definition: Definition, month: date, now: datetime
) -> list[Case]:
    ask = discharged_cases if definition.event is Event.DISCHARGES else admitted_cases
    return ask(session, region, month, now)


def side_by_side(
    session: Session, asking: Asking, definition: Definition, measure: Measure
) -> tuple[Cut, ...]:
    """The months and the years that are asked for, the month itself as it is shown."""
    found: list[Cut] = []
    oldest = _oldest(session, asking.region)
    if Over.MONTHS in asking.over:
        earliest = min(oldest, asking.month)
        months = [one for one in months_before(asking.month, A_YEAR) if one >= earliest]
        by_month = _counts(session, asking, definition, months)
        totals = {month: counts.total for month, counts in by_month.items()}
        totals[asking.month] = measure.total
        found.append(Cut("月", tuple(_row(month, totals[month]) for month in months), "month"))
        labels = labels_of(session, asking.region, months, named=asking.hospital_names)
        found += [
            _lines(by, by_month, measure, asking, labels) for by in splits(definition, asking.by)
        ]
    if Over.YEARS in asking.over:
        found.append(_years(session, asking, definition, measure.total, oldest))
    return tuple(found)


def _row(month: date, figure: Figure) -> Row:
    return Row(f"{month.year}年{month.month}月", figure, f"{month:%Y-%m}")


def _oldest(session: Session, region: str) -> date:
    """The first month with an admission on record."""
    first: date | None = session.exec(
        select(func.min(col(Stay.admitted_on))).where(is_registered(), Stay.region == region)
    ).one()
    return first_of_month(first) if first else date.max


def _counts(
    session: Session, asking: Asking, definition: Definition, months: Sequence[date]
) -> dict[date, Counts]:
    """What was counted of some months, with the splits that are asked for."""
    by = splits(definition, asking.by)
    wanted = {one.id for one in by}
    found = frozen_counts(session, asking.region, months, definition)
    for month in months:
        if month not in found or not wanted <= found[month].cuts.keys():
            kept = _kept(session, asking.region, definition, month, asking.now)
            found[month] = kept or counts_of(
                definition,
                Sorted(_cases(session, asking.region, definition, month, asking.now)),
                by,
            )
    return found


def _lines(
    by: CutBy,
    by_month: Mapping[date, Counts],
    measure: Measure,
    asking: Asking,
    labels: Mapping[date, Labels],
) -> Cut:
    """Every line of a split month by month."""
    shown: dict[date, Mapping[str, Row]] = {}
    notes: dict[str, list[str]] = {}
    for month, counts in by_month.items():
        cuts = (
            [one for one in measure.cuts if one.id == by.id]
            if month == asking.month
            else cuts_of(counts, (by,), labels[month])
        )
        shown[month] = {
            by.rest if by.rest and row.key == by.rest else row.label: row
            for cut in cuts
            for row in cut.rows
        }
        for note in {cut.note for cut in cuts if cut.note}:
            notes.setdefault(note, []).append(f"{month.month}月")
    lines = dict.fromkeys(label for month in sorted(shown, reverse=True) for label in shown[month])
    return Cut(
        f"{by.label}・月",
        tuple(
            Row(
                f"{shown[month][line].label}　{month.year}年{month.month}月",
                shown[month][line].figure,
                f"{month:%Y-%m}",
            )
            for line in lines
            for month in sorted(shown)
            if line in shown[month] and shown[month][line].figure.of
        ),
        f"{by.id}-month",
        "".join(f"{'・'.join(those)}は、{note}" for note, those in notes.items()),
    )


def _span(months: Sequence[date]) -> str:
    """Which months of a year there are, where it is not the whole year."""
    if len(months) == A_YEAR:
        return ""
    first, last = months[0].month, months[-1].month
    return f"（{first}月だけ）" if first == last else f"（{first}月から{last}月まで）"


def _years(
    session: Session, asking: Asking, definition: Definition, newest: Figure, oldest: date
) -> Cut:
    """Fiscal years up to the month that is asked for, each the sum of its months."""
    rows = []
    first = min(oldest, asking.month)
    for year in range(fiscal_year_of(first), fiscal_year_of(asking.month) + 1):
        months = [one for one in months_of(year) if first <= one <= asking.month]
        earlier = [one for one in months if one != asking.month]
        found = figures_of(session, asking.region, definition, earlier, asking.now)
        parts = [newest if one == asking.month else found[one] for one in months]
        rows.append(Row(f"{year}年度{_span(months)}", added(parts), str(year)))
    return Cut("年度", tuple(rows), "year")
