"""Where the scenes play: the printed sign-ins, their ward and clients, and how a stay begins."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from handoffs.parties import Ward
from handoffs.sample.answers import answers_for
from handoffs.sample.course import Course, Planner, at, planner_of
from handoffs.sample.houses import House, Houses
from handoffs.sample.people import HOME_TOWNS, People
from handoffs.sample.steps import Assess, PlanDischarge, Send
from handoffs.statement import Means, Result
from handoffs.stays.certification import CareNeedLevel
from handoffs.stays.stay import PlannedCertainty
from handoffs.tokyo import day_of, start_of
from rules import HandoffKind

_DAY = timedelta(days=1)


@dataclass
class Stage:
    """Where the scenes play, and what most of them begin with."""

    houses: Houses
    people: People
    rng: Random
    now: datetime

    def __post_init__(self) -> None:
        self.today = day_of(self.now)
        self.ward = self.houses.hospitals[0].wards[0]
        office, small = self.houses.offices[0], self.houses.small[0]
        center = self.houses.centers[0]
        self.own = planner_of(office, office.staff[0])
        self.colleague = planner_of(office, office.staff[1])
        self.untaken = planner_of(office, office.staff[0], is_named=False)
        self.delegated = planner_of(office, office.staff[0], via=center.organization)
        self.by_center = planner_of(center, center.staff[0])
        self.by_small = planner_of(small, small.staff[0])

    def enters(
        self,
        days_ago: int,
        level: CareNeedLevel,
        planner: Planner,
        *,
        house: House | None = None,
        ward: Ward | None = None,
        middle_aged: bool = False,
    ) -> Course:
        """Somebody who came some days ago: on the first ward unless said otherwise.

        Whoever came today was registered a quarter of an hour ago at the latest.
        """
        admitted_on = self.today - days_ago * _DAY
        person = self.people.middle_aged() if middle_aged else self.people.draw()
        certified = bool(level.group)
        # Just after midnight the hour of somebody who came "today" cannot have been 9:30.
        is_morning = self.now >= at(admitted_on, 11)
        return Course(
            hospital=house or self.houses.hospitals[0],
            ward=ward or self.ward,
            person=person,
            level=level,
            planner=planner,
            admitted_on=admitted_on,
            admitted_time=time(9, 30) if is_morning else None,
            registered_at=at(admitted_on, 10, 15)
            if is_morning
            else max(start_of(admitted_on), self.now - timedelta(minutes=15)),
            valid_until=date(admitted_on.year + 1, 3, 31) if certified else None,
            center=self.houses.centers[HOME_TOWNS.index(person.municipality)].organization,
        )

    def assess(self, course: Course) -> None:
        """The ward ticks the boxes on the afternoon of the first day."""
        ticked = answers_for(self.rng, course.level)
        course.then(at(course.admitted_on, 14, 20), Assess(course.nurse, ticked))

    def tell(self, course: Course) -> None:
        """The ward telephones the plan office on the first day."""
        course.then(
            at(course.admitted_on, 15, 5),
            Send(
                course.nurse,
                HandoffKind.ADMISSION_NOTICE,
                Means.TELEPHONE,
                Result.TALKED,
                counterpart=course.planner.entry.care_manager_name,
            ),
        )

    def plan(self, course: Course, *, days_ago: int, leaves_in: int) -> None:
        """The discharge office fixed a day, some days ago."""
        course.then(
            at(self.today - days_ago * _DAY, 11, 40),
            PlanDischarge(
                course.coordinator, self.today + leaves_in * _DAY, PlannedCertainty.FIXED
            ),
        )
