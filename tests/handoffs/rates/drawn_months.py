"""Months of people who can be, drawn by chance: for tests of what may be published together."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from random import Random

from handoffs.miss_reason import MissCause
from handoffs.parties import WardKind
from handoffs.plan_office import PlanStatus
from handoffs.rates.cases import Case
from handoffs.rates.coordination import Contact
from handoffs.rates.cuts import unasked_cuts
from handoffs.rates.definition import Event
from handoffs.rates.figures import Figure, MonthlyRates
from handoffs.rates.measured import count
from handoffs.rates.shelf import ORDER, shelf
from handoffs.rates.tally import Sorted
from handoffs.stays.certification import CareNeedLevel
from handoffs.stays.stay import Destination
from rules import Coordination
from tests.handoffs.rates.reader import Reader, labels_for

HOSPITALS = 4
MONTHS = (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))
DEFINITIONS = shelf().of_region("mihon", MONTHS[0])
Cases = dict[Event, list[Case]]


def draw_case(random: Random, event: Event, even: float = 0.5) -> Case:
    """Somebody who can be. `even` near 1 makes the rare things rare."""

    def rare() -> bool:
        return random.random() > even

    left = event is Event.DISCHARGES or rare()
    contact = random.choice(list(Contact)) if rare() else Contact.AGREED
    said_by_office = {Contact.AGREED: True, Contact.OFFICE_ONLY: True}.get(contact)
    informed = not rare()
    to_information = random.randrange(20) if informed else None
    group = "" if rare() else random.choice(("要介護", "要介護", "要支援"))
    return Case(
        hospital_id=1 if not rare() else random.randint(1, HOSPITALS),
        group=group,
        plan=random.choice(list(PlanStatus)) if rare() else PlanStatus.ASSIGNED,
        destination=None
        if not left
        else random.choice(list(Destination))
        if rare()
        else Destination.HOME,
        in_region=random.choice((True, False, None)) if rare() else True,
        coordination=random.choice(list(Coordination)),
        excluded=random.random() < 0.05,
        wants_no_contact=random.random() < 0.05,
        contact=contact,
        advised=rare(),
        informed=informed,
        information_may_come=not left and rare(),
        told_of_admission=not rare(),
        care_level=CareNeedLevel.CARE_2,
        ward_kind=random.choice(list(WardKind)),
        municipality=random.choice("甲乙"),
        stay_days=9 if left else None,
        weekday=random.randrange(7) if left else None,
        miss_cause=random.choice(list(MissCause)) if rare() else None,
        said_by_office=said_by_office,
        said_by_hospital=contact in {Contact.AGREED, Contact.HOSPITAL_ONLY} or None,
        through_family=contact is Contact.THROUGH_FAMILY,
        known_to_office=not rare(),
        conference=contact.took_place and rare(),
        discharge_information=not rare(),
        # What the hospital sent is a word about the discharge, and no contact yet.
        notice_days=random.randrange(20) if contact.took_place != rare() else None,
        information_in_time=None if rare() else informed and not rare(),
        information_confirmed=informed and rare(),
        information_days=to_information,
        heard_from_family=rare(),
    )


@cache
def reader() -> Reader:
    """Somebody who knows every kind of case that there can be."""
    random = Random(7)
    return Reader(
        DEFINITIONS, {event: [draw_case(random, event) for _ in range(1500)] for event in Event}
    )


def month_of(cases: Cases, month: date, trend: Sequence[tuple[date, Figure]]) -> MonthlyRates:
    labels = labels_for(HOSPITALS)
    counted = {
        d.id: count(d, Sorted(cases[d.event]), unasked_cuts(d) if d.id in ORDER else (), labels)
        for d in DEFINITIONS
    }
    first = tuple(counted[name] for name in ORDER)
    return MonthlyRates(
        "mihon", "見本", month, datetime(2026, 11, 2, tzinfo=UTC), provisional=False,
        measures=first, others=tuple(m for n, m in counted.items() if n not in ORDER),
        trend=(*trend, (month, first[0].total)),
    )  # fmt: skip


def drawn(
    seed: int, size: int, even: float, months: Sequence[date] = MONTHS
) -> list[tuple[Cases, MonthlyRates]]:
    """Some months, the later ones with the earlier in their trend."""
    random, made = Random(seed), []
    trend: list[tuple[date, Figure]] = []
    for month in months:
        cases = {event: [draw_case(random, event, even) for _ in range(size)] for event in Event}
        rates = month_of(cases, month, trend)
        trend.append((month, rates.measures[0].total))
        made.append((cases, rates))
    return made
