"""People who are in hospital as the sample is loaded, so that every page has something to show.

Most belong to the accounts whose sign-ins are printed: the ward of the nurse, the
clients of the care manager, of a colleague, of the centre and of the 小規模多機能.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from handoffs.parties import Ward
from handoffs.plan_office import PlanStatus
from handoffs.sample.answers import HALF_ASKED, answers_for
from handoffs.sample.course import NOBODY, NOT_KNOWN, Course, Planner, at, planner_of
from handoffs.sample.houses import House, Houses
from handoffs.sample.people import HOME_TOWNS, People
from handoffs.sample.steps import Assess, Confirm, PlanDischarge, Send
from handoffs.statement import Means, Result
from handoffs.stays.certification import Application, CareNeedLevel, InsuredCategory
from handoffs.stays.consent import ConsentAnswer
from handoffs.stays.stay import PlannedCertainty
from handoffs.tokyo import day_of, start_of
from rules import HandoffKind, Party

_DAY = timedelta(days=1)


def scenes_of(houses: Houses, people: People, rng: Random, *, now: datetime) -> list[Course]:
    """Plan the stays that are open at `now`; those that have only just begun come first."""
    stage = _Stage(houses, people, rng, now)
    return [
        *_just_come(stage),
        *_information(stage),
        *_leaving(stage),
        *_without_office(stage),
        *_others(stage),
    ]


@dataclass
class _Stage:
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


def _just_come(stage: _Stage) -> list[Course]:
    today = stage.enters(0, CareNeedLevel.CARE_2, stage.own)
    today_new = stage.enters(0, CareNeedLevel.UNKNOWN, NOT_KNOWN)
    today_new.application, today_new.consent = Application.UNKNOWN, None
    yesterday = stage.enters(1, CareNeedLevel.SUPPORT_2, stage.delegated)
    night = stage.enters(1, CareNeedLevel.CARE_1, stage.untaken)
    night.admitted_time = None
    half_asked = stage.enters(2, CareNeedLevel.NONE, NOBODY)
    half_asked.consent = None
    half_asked.then(at(half_asked.admitted_on, 16), Assess(half_asked.nurse, dict(HALF_ASKED)))
    return [today, today_new, yesterday, night, half_asked]


def _information(stage: _Stage) -> list[Course]:
    """Admission information: due tomorrow, late, and sent but not yet confirmed."""
    due_soon = stage.enters(5, CareNeedLevel.CARE_3, stage.own)
    late = stage.enters(9, CareNeedLevel.SUPPORT_1, stage.own)
    not_told = stage.enters(6, CareNeedLevel.CARE_1, stage.own)
    sent = stage.enters(4, CareNeedLevel.CARE_4, stage.own)
    sent_by_small = stage.enters(3, CareNeedLevel.CARE_3, stage.by_small)
    for course in (due_soon, late, sent, sent_by_small):
        stage.assess(course)
        stage.tell(course)
    for course in (sent, sent_by_small):
        sender = course.planner.actor
        if sender is not None:
            kind = HandoffKind.ADMISSION_INFORMATION
            moment = at(course.admitted_on + _DAY, 10, 30)
            course.then(moment, Send(sender, kind, Means.TSUNAGI, Result.SENT))
    return [due_soon, late, not_told, sent, sent_by_small]


def _leaving(stage: _Stage) -> list[Course]:
    """Discharges tomorrow with and without a contact, at short notice, and further on."""
    silent = stage.enters(12, CareNeedLevel.CARE_1, stage.colleague)
    stage.plan(silent, days_ago=9, leaves_in=1)
    talked = stage.enters(16, CareNeedLevel.CARE_2, stage.own)
    stage.plan(talked, days_ago=10, leaves_in=1)
    sudden = stage.enters(7, CareNeedLevel.SUPPORT_2, stage.delegated)
    stage.plan(sudden, days_ago=1, leaves_in=2)
    soon = stage.enters(10, CareNeedLevel.CARE_4, stage.own)
    stage.plan(soon, days_ago=2, leaves_in=9)
    moved = stage.enters(20, CareNeedLevel.CARE_5, stage.colleague)
    stage.plan(moved, days_ago=8, leaves_in=3)
    stage.plan(moved, days_ago=2, leaves_in=12)
    courses = [silent, talked, sudden, soon, moved]
    for course in courses:
        stage.assess(course)
        stage.tell(course)
    kind = HandoffKind.DISCHARGE_NOTICE
    moment = at(stage.today - 8 * _DAY, 14)
    talked.then(moment, Send(talked.coordinator, kind, Means.TELEPHONE, Result.TALKED))
    if talked.planner.actor is not None:
        talked.then(moment + timedelta(hours=2), Confirm(talked.planner.actor, kind))
    return courses


def _without_office(stage: _Stage) -> list[Course]:
    """Nobody plans yet: a referral to the centre that waits, and advice still to be given."""
    referred = stage.enters(8, CareNeedLevel.SUPPORT_1, NOBODY)
    referred.center = stage.houses.centers[0].organization
    new = stage.enters(6, CareNeedLevel.NONE, NOBODY)
    new.application = Application.NEW
    second = stage.enters(5, CareNeedLevel.NONE, NOBODY, middle_aged=True)
    second.insured_category = InsuredCategory.SECOND
    ticked = answers_for(stage.rng, CareNeedLevel.CARE_2) | {
        "specified_disease": "cerebrovascular",
        "ward_judgement": "needed",
    }
    second.then(at(second.admitted_on, 14), Assess(second.nurse, ticked))
    for course in (referred, new):
        stage.assess(course)
    for receiver, means, result in (
        (Party.PERSON_OR_FAMILY, Means.IN_PERSON, Result.ADVISED),
        (Party.COMMUNITY_SUPPORT_CENTER, Means.TELEPHONE, Result.TALKED),
    ):
        referred.then(
            at(stage.today - 2 * _DAY, 13, 30),
            Send(referred.coordinator, HandoffKind.REFERRAL, means, result, receiver=receiver),
        )
    return [referred, new, second]


def _others(stage: _Stage) -> list[Course]:
    """The centre's own client, a paused contract, a changed level, no contact wanted."""
    center = stage.enters(4, CareNeedLevel.SUPPORT_2, stage.by_center)
    stage.assess(center)
    stage.tell(center)
    paused = stage.enters(
        40,
        CareNeedLevel.CARE_4,
        replace(
            stage.colleague,
            entry=stage.colleague.entry.model_copy(update={"status": PlanStatus.PAUSED}),
        ),
        ward=stage.houses.hospitals[0].wards[2],
    )
    stage.tell(paused)
    changing = stage.enters(11, CareNeedLevel.CARE_1, stage.own)
    changing.application = Application.CHANGE
    stage.assess(changing)
    silent = stage.enters(3, CareNeedLevel.CARE_2, stage.own)
    silent.wants_no_contact, silent.consent = True, ConsentAnswer.WITHHELD
    last = stage.houses.hospitals[2]
    psychiatric = stage.enters(
        15, CareNeedLevel.CARE_1, stage.by_small, house=last, ward=last.wards[2]
    )
    stage.assess(psychiatric)
    return [center, paused, changing, silent, psychiatric]
