"""The months of the sample region: how many leave in each, and what becomes of each of them.

Shares are dealt out exactly and not drawn one by one, so that a month of a hundred
people shows the proportions that it should. Reads no clock.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from random import Random

from handoffs.sample import proportions as p
from handoffs.sample.circumstances import Circumstances
from handoffs.sample.course import Course
from handoffs.sample.fate import Fate, Kind, Said
from handoffs.sample.houses import Houses
from handoffs.sample.people import People
from handoffs.sample.story import tell
from handoffs.tokyo import day_of, first_of_month, months_before, next_month

MONTHS = 6
"""How many whole months have passed before the one of the load."""

_AHEAD = 60
_AHEAD_A_DAY = 1.6
"""Of how many people who leave on each of the coming days it is asked whether they have come."""

_WEEKDAYS = (10, 9, 9, 9, 11, 8, 3)
"""How often people leave on each weekday, Monday first."""


def courses_of(houses: Houses, people: People, rng: Random, *, now: datetime) -> list[Course]:
    """Plan every stay that ends in the six months before this one, in this one, or soon."""
    today = day_of(now)
    circumstances = Circumstances(houses, rng, people)
    fates: list[Fate] = []
    this_month = first_of_month(today)
    for number, month in enumerate(months_before(this_month, MONTHS + 1)):
        length = (next_month(month) - month).days
        passed = today.day if month == this_month else length
        days = [month + timedelta(days=n) for n in range(passed)]
        total = rng.randint(*p.DISCHARGES) * passed // length
        fates += _leaving(circumstances, rng, days, total=total, month=number)
    ahead = [today + timedelta(days=n) for n in range(1, _AHEAD)]
    fates += _leaving(
        circumstances, rng, ahead, total=round(len(ahead) * _AHEAD_A_DAY), month=MONTHS
    )
    begun = [fate for fate in fates if fate.course.registered_at <= now]
    _deal_information(begun, rng, this_month)
    for fate in begun:
        tell(fate, rng)
    return [fate.course for fate in begun]


def _leaving(
    circumstances: Circumstances, rng: Random, days: Sequence[date], *, total: int, month: int
) -> list[Fate]:
    """Plan `total` stays that end on some of these days; `month` 0 is the oldest."""
    kinds = p.spread(total, p.KINDS, "counted")
    rng.shuffle(kinds)
    # The error is carried along, so that 要介護 has its share in every month, to the person.
    fates, carried = [], 0.0
    for kind in map(Kind, kinds):
        group = p.CARE
        if kind.has_plan_office:
            carried += p.CARE_SHARE
            group = p.CARE if carried >= 1 else p.SUPPORT
            carried -= group == p.CARE
        weights = [_WEEKDAYS[day.weekday()] for day in days]
        leaves_on = rng.choices(days, weights=weights)[0]
        fates.append(circumstances.of_stay(kind, group, leaves_on))
    _deal_contacts([fate for fate in fates if fate.kind is Kind.COUNTED], rng, month)
    without = [fate for fate in fates if fate.kind is Kind.WITHOUT_OFFICE]
    for fate in without[: round(p.share(p.ADVISED, month) * len(without))]:
        fate.is_advised = True
    return fates


def _deal_contacts(fates: Sequence[Fate], rng: Random, month: int) -> None:
    """Say of whom nobody heard, and who says so of the others."""
    for group in (p.CARE, p.SUPPORT):
        rest = [fate for fate in fates if fate.group == group]
        risks = [_risk(fate) for fate in rest]
        missed = round(p.share(p.MISSED[group], month) * len(rest))
        _mark(p.picked(rng, rest, risks, missed), Said.MISSED)
        rest = [fate for fate in rest if fate.said is not Said.MISSED]
        rng.shuffle(rest)
        unknown = round(p.UNKNOWN_CONTACT * len(rest))
        _mark(rest[:unknown], Said.UNKNOWN)
        said = p.spread(len(rest) - unknown, p.CONTACTS, "hospital")
        for fate, word in zip(rest[unknown:], said, strict=True):
            fate.said = Said(word)


def _deal_information(fates: Iterable[Fate], rng: Random, this_month: date) -> None:
    """Say of whom the care manager's information came, by the month of admission."""
    months = months_before(this_month, MONTHS + 1)
    groups: dict[tuple[date, str], list[Fate]] = defaultdict(list)
    for fate in fates:
        if fate.kind.has_plan_office and fate.kind is not Kind.NO_CONTACT:
            groups[first_of_month(fate.course.admitted_on), fate.group].append(fate)
    for (month, group), members in groups.items():
        number = months.index(month) if month in months else 0
        count = round(p.share(p.INFORMED[group], number) * len(members))
        for fate in rng.sample(members, count):
            fate.is_informed = True


def _risk(fate: Fate) -> float:
    lightness = p.LIGHTNESS.get(fate.course.level.value, 1)
    return lightness * p.HOSPITAL_MISSES[fate.hospital]


def _mark(fates: Iterable[Fate], said: Said) -> None:
    for fate in fates:
        fate.said = said
