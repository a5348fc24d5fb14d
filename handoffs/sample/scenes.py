"""People who are in hospital as the sample is loaded, so that every page has something to show.

Most belong to the accounts whose sign-ins are printed: the ward of the nurse, the
clients of the care manager, of a colleague, of the centre and of the 小規模多機能.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from handoffs.plan_office import PlanStatus
from handoffs.sample.answers import HALF_ASKED, answers_for
from handoffs.sample.course import NOBODY, NOT_KNOWN, Course, at
from handoffs.sample.houses import Houses
from handoffs.sample.people import NEXT_DOOR, People
from handoffs.sample.seldom import seldom_of
from handoffs.sample.stage import Stage
from handoffs.sample.steps import Assess, Confirm, Send
from handoffs.statement import Means, Result
from handoffs.stays.certification import Application, CareNeedLevel, InsuredCategory
from handoffs.stays.consent import ConsentAnswer
from rules import HandoffKind, Party

_DAY = timedelta(days=1)


def scenes_of(houses: Houses, people: People, rng: Random, *, now: datetime) -> list[Course]:
    """Plan the stays that are open at `now`; those that have only just begun come first."""
    stage = Stage(houses, people, rng, now)
    return [
        *_just_come(stage),
        *_information(stage),
        *_leaving(stage),
        *_without_office(stage),
        *_others(stage),
        *_from_next_door(stage),
        *seldom_of(stage),
    ]


def _just_come(stage: Stage) -> list[Course]:
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


def _information(stage: Stage) -> list[Course]:
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


def _leaving(stage: Stage) -> list[Course]:
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


def _without_office(stage: Stage) -> list[Course]:
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


def _others(stage: Stage) -> list[Course]:
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


def _from_next_door(stage: Stage) -> list[Course]:
    """Somebody from the next region, which has a rule of its own: two rules for one stay."""
    course = stage.enters(2, CareNeedLevel.CARE_2, stage.own)
    course.person = replace(
        course.person,
        municipality=NEXT_DOOR,
        address=f"{NEXT_DOOR}架空町1-0-0",
        in_region=False,
    )
    course.center = None
    stage.assess(course)
    stage.tell(course)
    stage.plan(course, days_ago=1, leaves_in=14)
    return [course]
