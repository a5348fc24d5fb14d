"""The figures of one region and month, each with its definition in words.

Counted as docs/decisions/0005 and the definitions say: cases, not persons. Nobody's name can
be reached from here. Months that are closed stand in the trend as they were frozen.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Unpack

from sqlmodel import Session

from handoffs.calendars import calendar_of
from handoffs.rates.cases import cases_of_month
from handoffs.rates.choices import Asking, Choices
from handoffs.rates.counts import Counts
from handoffs.rates.cuts import CutBy, every_cut, labels_of, splits, unasked_cuts
from handoffs.rates.definition import Definition, Event
from handoffs.rates.figures import MonthlyRates
from handoffs.rates.measured import measured
from handoffs.rates.month_count import kept_counts
from handoffs.rates.over_time import trend_of
from handoffs.rates.shelf import ORDER, counted_definitions, shelf
from handoffs.rates.tally import Sorted, counts_of
from handoffs.tokyo import day_of, next_month

Cases = Mapping[Event, Sorted]


def of_month(
    session: Session, region: str, month: date, **choices: Unpack[Choices]
) -> MonthlyRates:
    """Count the figures of a region for the month that starts on `month`, as they stand now.

    `handoffs.rates.choices` says what can be chosen. Raises NoDefinition.
    """
    return count_month(session, Asking(region, month.replace(day=1), **choices))


def count_month(session: Session, asking: Asking) -> MonthlyRates:
    """The same for choices that are made already; months and years are not in it."""
    region, month, now = asking.region, asking.month, asking.now
    every = shelf().of_region(region, month)
    one = shelf().called(asking.definition, region, month) if asking.definition else None
    first = (one,) if one else tuple(each for each in every if each.id in ORDER)
    rest = () if one else tuple(each for each in every if each.id not in ORDER)
    trended = one if one and one.event is Event.DISCHARGES else every[0]
    wanted = {each.id: splits(each, asking.by) or unasked_cuts(each) for each in first}
    wanted |= {each.id: splits(each, asking.by) for each in rest}
    wanted.setdefault(trended.id, ())
    counts, as_of = _counts(session, region, month, (*first, *rest, trended), wanted, now)
    labels = labels_of(session, region, [month], named=asking.hospital_names)[month]
    newest = (month, counts[trended.id].total)
    return MonthlyRates(
        region=region,
        region_name=asking.region_name,
        month=month,
        as_of=as_of,
        provisional=day_of(now) <= closing_day(month, asking.closes_on),
        measures=tuple(measured(each, counts[each.id], wanted[each.id], labels) for each in first),
        trend=trend_of(session, region, trended, newest, now),
        others=tuple(measured(each, counts[each.id], wanted[each.id], labels) for each in rest),
        trend_label=trended.label,
    )


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
    return tuple(
        (each, counts_of(each, cases[each.event], every_cut(each))) for each in definitions
    )


def cases_of(session: Session, region: str, month: date, now: datetime) -> Cases:
    """The discharges and the admissions of a month."""
    left, came = cases_of_month(session, region, month, now)
    return {Event.DISCHARGES: Sorted(left), Event.ADMISSIONS: Sorted(came)}


def _counts(
    session: Session,
    region: str,
    month: date,
    definitions: Sequence[Definition],
    wanted: Mapping[str, Sequence[CutBy]],
    now: datetime,
) -> tuple[Mapping[str, Counts], datetime]:
    """The counts by the name of the figure, kept or counted anew, and of when they are."""
    kept = kept_counts(session, region, month, counted_definitions(region, month), now)
    if kept is not None:
        return kept.counts, kept.as_of
    cases = cases_of(session, region, month, now)
    counted = {each.id: counts_of(each, cases[each.event], wanted[each.id]) for each in definitions}
    return counted, now


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
