"""Who comes to hospital and under which circumstances: one person after the other, drawn.

What is dealt out exactly, month by month, is in `months`. Reads no clock.
"""

from datetime import date, time, timedelta
from random import Random

from handoffs.parties import Organization
from handoffs.plan_office import PlanArrangement
from handoffs.sample import proportions as p
from handoffs.sample.course import (
    NOBODY,
    NOT_KNOWN,
    Course,
    Planner,
    outside_planner,
    planner_of,
    registered,
)
from handoffs.sample.fate import Fate, Kind
from handoffs.sample.houses import Houses
from handoffs.sample.people import HOME_TOWNS, People, Person, worker
from handoffs.stays.certification import Application, CareNeedLevel, InsuredCategory, age_on
from handoffs.stays.stay import Destination, PlannedCertainty
from handoffs.tokyo import first_of_month

_MIDDLE, _OLD = 40, 65
_NEW_MIDDLE_AGED, _NEW_YOUNG = 0.15, 0.2


class Circumstances:
    """Draws people with their ward, certification, plan office and way home."""

    def __init__(self, houses: Houses, rng: Random, people: People) -> None:
        """Draw with `rng` among the houses of the region."""
        self._houses = houses
        self._rng = rng
        self._people = people
        self._outsiders = 0

    def of_stay(self, kind: Kind, group: str, leaves_on: date) -> Fate:
        """Draw one stay of a kind that ends on a day; `group` is 要介護 or 要支援."""
        rng = self._rng
        hospital = rng.choices(range(len(p.HOSPITALS)), weights=p.HOSPITALS)[0]
        house = self._houses.hospitals[hospital]
        ward = rng.choices(house.wards, weights=[p.WARDS[w.kind.value] for w in house.wards])[0]
        nights = rng.randint(*(p.SHORT_STAY if kind is Kind.SHORT else p.LENGTHS[ward.kind.value]))
        admitted_on = leaves_on - timedelta(days=nights)
        known = rng.random() >= p.TIME_UNKNOWN
        arrived = time(rng.randint(7, 20), rng.choice((0, 10, 15, 30, 45))) if known else None
        person = self._person(kind)
        course = Course(
            hospital=house,
            ward=ward,
            person=person,
            level=self._level(kind, group, is_old=age_on(person.birth_on, admitted_on) >= _OLD),
            planner=NOBODY,
            admitted_on=admitted_on,
            admitted_time=arrived,
            registered_at=registered(rng, admitted_on, arrived),
            center=self._center(person),
            wants_no_contact=kind is Kind.NO_CONTACT,
        )
        course.planner = self._planner(kind, course)
        self._certify(course, leaves_on)
        if rng.random() < 0.4:  # noqa: PLR2004
            about = max(admitted_on, leaves_on + timedelta(days=rng.randint(-4, 4)))
            course.planned = (about, PlannedCertainty.ABOUT)
        return Fate(
            kind=kind,
            course=course,
            hospital=hospital,
            leaves_on=leaves_on,
            destination=self._destination(kind),
        )

    def _person(self, kind: Kind) -> Person:
        in_region: bool | None = self._rng.random() >= p.OUTSIDE_SHARE
        if kind is Kind.WITHOUT_OFFICE:
            drawn = self._rng.random()
            if drawn < _NEW_MIDDLE_AGED:
                return self._people.middle_aged()
            if drawn < _NEW_YOUNG:
                return self._people.young()
        if kind is Kind.UNASSESSED and self._rng.random() < 0.3:  # noqa: PLR2004
            in_region = None
        return self._people.draw(in_region=in_region)

    def _center(self, person: Person) -> Organization | None:
        if person.municipality not in HOME_TOWNS:
            return None
        return self._houses.centers[HOME_TOWNS.index(person.municipality)].organization

    def _level(self, kind: Kind, group: str, *, is_old: bool) -> CareNeedLevel:
        if kind.has_plan_office:
            return CareNeedLevel(p.drawn(self._rng, p.LEVELS[group]))
        if kind is Kind.UNASSESSED:
            return self._rng.choice((CareNeedLevel.UNKNOWN, CareNeedLevel.NONE))
        if kind is Kind.WITHOUT_OFFICE and is_old:
            return CareNeedLevel(p.drawn(self._rng, p.LEVELS_WITHOUT_OFFICE))
        return CareNeedLevel.NONE

    def _certify(self, course: Course, leaves_on: date) -> None:
        rng = self._rng
        if _MIDDLE <= age_on(course.person.birth_on, course.admitted_on) < _OLD:
            course.insured_category = InsuredCategory.SECOND
        if course.level is CareNeedLevel.UNKNOWN:
            course.application = Application.UNKNOWN
            return
        if course.level is CareNeedLevel.NONE:
            course.application = Application.NEW if rng.random() < 0.2 else Application.NONE  # noqa: PLR2004
            return
        until = first_of_month(leaves_on + timedelta(days=rng.randint(60, 900)))
        course.valid_until = until - timedelta(days=1)
        if course.valid_until < leaves_on + timedelta(days=60):
            course.application = Application.RENEWAL
        elif rng.random() < 0.05:  # noqa: PLR2004
            course.application = Application.CHANGE

    def _planner(self, kind: Kind, course: Course) -> Planner:
        rng, houses = self._rng, self._houses
        if not kind.has_plan_office:
            unknown = kind is Kind.UNASSESSED and rng.random() < 0.5  # noqa: PLR2004
            return NOT_KNOWN if unknown else NOBODY
        if course.person.in_region is False and rng.random() < 0.6:  # noqa: PLR2004
            self._outsiders += 1
            return outside_planner(worker(self._outsiders + 100), PlanArrangement.OFFICE)
        drawn = rng.random()
        if course.level.group == p.SUPPORT:
            return self._support_planner(course, drawn)
        if drawn < 0.06:  # noqa: PLR2004
            return planner_of(houses.small[0], houses.small[0].staff[0])
        if drawn < 0.09:  # noqa: PLR2004
            return outside_planner("", PlanArrangement.SELF)
        house = rng.choice(houses.offices)
        return planner_of(house, rng.choice(house.staff), is_named=rng.random() > 0.08)  # noqa: PLR2004

    def _support_planner(self, course: Course, drawn: float) -> Planner:
        """The centre itself, an office that works for it, or an office designated directly."""
        rng, houses = self._rng, self._houses
        delegating = houses.centers[0]
        if course.center is delegating.organization and drawn < 0.6:  # noqa: PLR2004
            house = rng.choice(houses.delegated)
            return planner_of(house, rng.choice(house.staff), via=delegating.organization)
        if course.center is None or drawn > 0.8:  # noqa: PLR2004
            house = rng.choice(houses.offices)
            return planner_of(house, rng.choice(house.staff))
        house = next(h for h in houses.centers if h.organization is course.center)
        return planner_of(house, rng.choice(house.staff))

    def _destination(self, kind: Kind) -> Destination:
        if kind is Kind.DEATH:
            return Destination.DEATH
        if kind is Kind.TRANSFER:
            return Destination.OTHER_HOSPITAL
        if kind in {Kind.SHORT, Kind.NOT_REQUIRED}:
            return Destination.HOME
        return Destination(p.drawn(self._rng, p.DESTINATIONS))
