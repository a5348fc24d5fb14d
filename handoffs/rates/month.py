"""The figures of one region and month, each with its definition in words.

Counted as docs/decisions/0005 and the definitions say: cases, not persons. Nobody's name can
be reached from here. Months that are closed stand in the trend as they were frozen.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session

from handoffs.calendars import calendar_of
from handoffs.rates.cases import Case, admitted_cases, discharged_cases
from handoffs.rates.cuts import CutBy, Labels, labels_of, unasked_cuts
from handoffs.rates.definition import Definition, Event
from handoffs.rates.figures import Figure, Measure, MonthlyRates
from handoffs.rates.month_close import frozen_figures
from handoffs.rates.shelf import ORDER, shelf
from handoffs.rates.tally import Sorted, count, figure_of
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
    """Count the figures of a region for the month that starts on `month`.

    With `hospital_names` false the hospitals are shown as 病院A, 病院B …: a
    comparison by name is for the region's council to decide. `closes_on` is the
    day of the next month on which this one closes, None for its last open day.
    `definition` asks for one figure by its name, also another region's, and `by` for ways to
    split instead of those that stand unasked. Raises NoDefinition.
    """
    month = month.replace(day=1)
    every = shelf().of_region(region, month)
    one = shelf().called(definition, region, month) if definition else None
    cases = cases_of(session, region, month, now)
    labels = labels_of(session, region, named=hospital_names)
    first = (one,) if one else tuple(each for each in every if each.id in ORDER)
    rest = () if one else tuple(each for each in every if each.id not in ORDER)
    trended = one if one and one.event is Event.DISCHARGES else every[0]
    return MonthlyRates(
        region=region,
        region_name=region_name,
        month=month,
        as_of=now,
        provisional=day_of(now) <= closing_day(month, closes_on),
        measures=tuple(
            count(each, cases[each.event], by or unasked_cuts(each), labels) for each in first
        ),
        trend=_trend(session, region, month, trended, cases[Event.DISCHARGES].cases, now),
        others=tuple(count(each, cases[each.event], by, labels) for each in rest),
        trend_label=trended.label,
    )


def whole_month(
    session: Session,
    region: str,
    month: date,
    *,
    cuts: Sequence[CutBy],
    labels: Labels | None = None,
    now: datetime,
) -> tuple[Measure, ...]:
    """Every figure of a region's month in every given cut: what is frozen and published."""
    cases = cases_of(session, region, month, now)
    return tuple(
        count(each, cases[each.event], cuts, labels or Labels())
        for each in shelf().of_region(region, month)
    )


def cases_of(session: Session, region: str, month: date, now: datetime) -> Cases:
    """The discharges and the admissions of a month."""
    return {
        Event.DISCHARGES: Sorted(discharged_cases(session, region, month, now)),
        Event.ADMISSIONS: Sorted(admitted_cases(session, region, month, now)),
    }


def _trend(
    session: Session,
    region: str,
    month: date,
    definition: Definition,
    cases: Sequence[Case],
    now: datetime,
) -> tuple[tuple[date, Figure], ...]:
    """The six months of one figure up to this one; closed ones as they were frozen."""
    months = months_before(month, TREND_MONTHS)
    frozen = frozen_figures(session, region, months[:-1], definition)
    return tuple(
        (each, frozen[each])
        if each in frozen
        else (
            each,
            figure_of(
                definition,
                cases if each == month else discharged_cases(session, region, each, now),
            ),
        )
        for each in months
    )


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
