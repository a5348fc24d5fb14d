"""The figures of one region and month, each with its definition in words.

Counted as docs/decisions/0005 and the definitions say: cases, not persons. Nobody's name can
be reached from here. Months that are closed stand in the trend as they were frozen.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session

from handoffs.calendars import calendar_of
from handoffs.rates.cases import admitted_cases, discharged_cases
from handoffs.rates.counts import Counts
from handoffs.rates.cuts import CUTS, CutBy, labels_of, unasked_cuts
from handoffs.rates.definition import Definition, Event
from handoffs.rates.figures import Figure, MonthlyRates
from handoffs.rates.measured import measured
from handoffs.rates.month_close import frozen_figures
from handoffs.rates.month_count import kept_counts
from handoffs.rates.shelf import ORDER, shelf
from handoffs.rates.tally import Sorted, counts_of, figure_of
from handoffs.tokyo import day_of, months_before, next_month

TREND_MONTHS = 6

Cases = Mapping[Event, Sorted]


def of_month(  # noqa: PLR0913 - each is a choice of the reader or of the council.
    session: Session,
    region: str,
    month: date,
    *,
    region_name: str,
    hospital_names: bool,
    closes_on: int | None = None,
    definition: str = "",
    by: Sequence[CutBy] = (),
    now: datetime,
) -> MonthlyRates:
    """Count the figures of a region for the month that starts on `month`, as they stand now.

    With `hospital_names` false the hospitals are shown as 病院A, 病院B …: a
    comparison by name is for the region's council to decide. `closes_on` is the
    day of the next month on which this one closes, None for its last open day.
    `definition` asks for one figure by its name, also another region's, and `by` for ways to
    split instead of those that stand unasked. Raises NoDefinition.
    """
    month = month.replace(day=1)
    every = shelf().of_region(region, month)
    one = shelf().called(definition, region, month) if definition else None
    first = (one,) if one else tuple(each for each in every if each.id in ORDER)
    rest = () if one else tuple(each for each in every if each.id not in ORDER)
    trended = one if one and one.event is Event.DISCHARGES else every[0]
    wanted = {each.id: tuple(by) or unasked_cuts(each) for each in first}
    wanted |= {each.id: tuple(by) for each in rest}
    wanted.setdefault(trended.id, ())
    counts = _counts(session, region, month, (*first, *rest, trended), wanted, now)
    labels = labels_of(session, region, named=hospital_names)
    return MonthlyRates(
        region=region,
        region_name=region_name,
        month=month,
        as_of=now,
        provisional=day_of(now) <= closing_day(month, closes_on),
        measures=tuple(measured(each, counts[each.id], wanted[each.id], labels) for each in first),
        trend=trend_of(session, region, month, trended, counts[trended.id].total, now),
        others=tuple(measured(each, counts[each.id], wanted[each.id], labels) for each in rest),
        trend_label=trended.label,
    )


def counted_definitions(region: str, month: date) -> tuple[Definition, ...]:
    """Every figure that a page of the region may be asked for: its own, and other regions'."""
    return (*shelf().of_region(region, month), *shelf().elsewhere(region))


def whole_month(
    session: Session,
    region: str,
    month: date,
    definitions: Sequence[Definition],
    *,
    now: datetime,
) -> tuple[tuple[Definition, Counts], ...]:
    """Count a region's month anew, in every split: what is frozen at its close and kept."""
    cases = cases_of(session, region, month, now)
    every = tuple(CUTS.values())
    return tuple((each, counts_of(each, cases[each.event], every)) for each in definitions)


def cases_of(session: Session, region: str, month: date, now: datetime) -> Cases:
    """The discharges and the admissions of a month."""
    return {
        Event.DISCHARGES: Sorted(discharged_cases(session, region, month, now)),
        Event.ADMISSIONS: Sorted(admitted_cases(session, region, month, now)),
    }


def _counts(
    session: Session,
    region: str,
    month: date,
    definitions: Sequence[Definition],
    wanted: Mapping[str, Sequence[CutBy]],
    now: datetime,
) -> Mapping[str, Counts]:
    """The counts by the name of the figure: the kept ones while they hold, or counted anew."""
    kept = kept_counts(session, region, month, counted_definitions(region, month), now)
    if kept is not None:
        return kept
    cases = cases_of(session, region, month, now)
    return {each.id: counts_of(each, cases[each.event], wanted[each.id]) for each in definitions}


def trend_of(
    session: Session,
    region: str,
    month: date,
    definition: Definition,
    figure: Figure,
    now: datetime,
) -> tuple[tuple[date, Figure], ...]:
    """The six months of one figure up to this one's; closed ones as they were frozen."""
    months = months_before(month, TREND_MONTHS)
    frozen = frozen_figures(session, region, months[:-1], definition)
    return tuple(
        (each, figure if each == month else _earlier(session, region, each, definition, now))
        if each not in frozen
        else (each, frozen[each])
        for each in months
    )


def _earlier(
    session: Session, region: str, month: date, definition: Definition, now: datetime
) -> Figure:
    """One figure of a month that is not closed."""
    kept = kept_counts(session, region, month, counted_definitions(region, month), now)
    if kept is not None and kept[definition.id].definition == definition.digest:
        return kept[definition.id].total
    return figure_of(definition, discharged_cases(session, region, month, now))


def closing_day(month: date, closes_on: int | None = None) -> date:
    """The day until which a month's figures are provisional; it lies in the next month.

    The last open day unless the region chose another (1 to 28): care managers bill
    until the 10th and write down late.
    """
    if closes_on is not None:
        return next_month(month).replace(day=closes_on)
    day = next_month(next_month(month)) - timedelta(days=1)
    calendar = calendar_of(None, day)
    while not calendar.is_open(day):
        day -= timedelta(days=1)
    return day
