"""What happens in the course of one stay, step by step, once its fate is dealt.

The steps come in the order in which people take them: assess, tell of the admission,
receive the care manager's information, plan the discharge, be in contact about it (or
not), let the person go. Whoever is missed leaves at short notice, as in life.
"""

from datetime import datetime, time, timedelta
from random import Random

from handoffs.sample.answers import HALF_ASKED, INDEPENDENT, SHORT_EXAMINATION, answers_for
from handoffs.sample.course import Course, at, some_time
from handoffs.sample.fate import Fate, Kind, Said
from handoffs.sample.steps import Assess, Confirm, Leave, PlanDischarge, Say, Send, TakeCharge
from handoffs.statement import Means, Result
from handoffs.stays.certification import CareNeedLevel, InsuredCategory, age_on
from handoffs.stays.stay import PlannedCertainty
from handoffs.tokyo import day_of
from rules import HandoffKind, Party

_DAY = timedelta(days=1)
_ASSESSED_SELDOM, _ASSESSED = 0.6, 0.93
_TOLD_WHEN_INFORMED, _TOLD = 0.97, 0.5


def tell(fate: Fate, rng: Random) -> None:
    """Write the steps of a stay into its course."""
    course = fate.course
    _take_charge(course, rng)
    _assess(fate, rng)
    if fate.kind.has_plan_office and fate.kind is not Kind.NO_CONTACT:
        _pass_on_admission(fate, rng)
    if fate.kind is Kind.WITHOUT_OFFICE and fate.is_advised:
        _advise(fate, rng)
    if fate.kind is not Kind.DEATH:
        _plan(fate, rng)
    contacted, contacted_on = None, None
    if fate.kind in {Kind.COUNTED, Kind.TRANSFER}:
        contacted, contacted_on = _be_in_contact(fate, rng)
    _leave(fate, rng, contacted=contacted, contacted_on=contacted_on)


def _take_charge(course: Course, rng: Random) -> None:
    planner = course.planner
    if planner.actor is None or planner.house is None or planner.entry.care_manager_name:
        return
    day = day_of(course.registered_at) + _DAY
    taken_on = planner.house.calendar(day).next_open(day)
    course.then(some_time(rng, taken_on, 9, 11), TakeCharge(planner.actor))


def _assess(fate: Fate, rng: Random) -> None:
    course = fate.course
    light = fate.said is Said.MISSED
    if fate.kind.has_plan_office and rng.random() > (_ASSESSED_SELDOM if light else _ASSESSED):
        return
    ticked = _answers(fate, rng)
    moment = course.registered_at + timedelta(minutes=rng.randint(15, 26 * 60))
    if not 8 <= moment.astimezone(at(fate.leaves_on, 0).tzinfo).hour <= 18:  # noqa: PLR2004
        moment = course.registered_at + timedelta(minutes=rng.randint(10, 60))
    by = course.nurse if rng.random() < 0.7 else course.coordinator  # noqa: PLR2004
    course.then(min(moment, at(fate.leaves_on, 8, 30)), Assess(by, ticked))


def _answers(fate: Fate, rng: Random) -> dict[str, str]:
    fixed = {
        Kind.SHORT: SHORT_EXAMINATION,
        Kind.NOT_REQUIRED: INDEPENDENT,
        Kind.UNASSESSED: HALF_ASKED,
    }
    if fate.kind in fixed:
        return dict(fixed[fate.kind])
    if fate.kind is not Kind.WITHOUT_OFFICE:
        return answers_for(rng, fate.course.level)
    ticked = answers_for(rng, CareNeedLevel.CARE_1) | {"ward_judgement": "needed"}
    if fate.course.insured_category is InsuredCategory.SECOND:
        ticked["specified_disease"] = rng.choice(("cerebrovascular", "none"))
    return ticked


def _pass_on_admission(fate: Fate, rng: Random) -> None:
    """Tell the plan office of the admission, and take in what it knows of the person."""
    course = fate.course
    actor = course.planner.actor
    told_at = course.registered_at + _DAY
    if rng.random() < (_TOLD_WHEN_INFORMED if fate.is_informed else _TOLD):
        told_at = _tell_of_admission(fate, rng)
    if not fate.is_informed:
        return
    kind = HandoffKind.ADMISSION_INFORMATION
    late = rng.random() < 0.12  # noqa: PLR2004
    day = day_of(told_at) + rng.randint(*((7, 9) if late else (0, 3))) * _DAY
    if course.planner.house is not None:
        day = course.planner.house.calendar(day).next_open(day)
    sent_at = max(some_time(rng, day), told_at + timedelta(minutes=40))
    sent_at = min(sent_at, at(fate.leaves_on, 9, 10))
    if actor is not None:
        means = rng.choice((Means.FAX, Means.FAX, Means.TSUNAGI, Means.IN_PERSON))
        course.then(
            sent_at,
            Send(actor, kind, means, Result.SENT, counterpart=course.coordinator.name),
        )
    if actor is None or rng.random() < 0.93:  # noqa: PLR2004
        read_at = sent_at + timedelta(minutes=rng.randint(30, 24 * 60))
        course.then(min(read_at, at(fate.leaves_on, 9, 40)), Confirm(course.coordinator, kind))


def _tell_of_admission(fate: Fate, rng: Random) -> datetime:
    course, kind = fate.course, HandoffKind.ADMISSION_NOTICE
    late = rng.random() < 0.1  # noqa: PLR2004
    day = day_of(course.registered_at) + (rng.randint(4, 6) if late else rng.randint(0, 1)) * _DAY
    told_at = max(some_time(rng, day), course.registered_at + timedelta(minutes=10))
    told_at = min(told_at, at(fate.leaves_on, 8, 40))
    counterpart = course.planner.entry.care_manager_name
    if rng.random() < 0.08:  # noqa: PLR2004
        course.then(
            told_at - timedelta(minutes=50),
            Send(course.nurse, kind, Means.TELEPHONE, Result.ABSENT),
        )
    means, result = rng.choice(
        (
            (Means.TELEPHONE, Result.TALKED),
            (Means.TELEPHONE, Result.TALKED),
            (Means.FAX, Result.SENT),
            (Means.TSUNAGI, Result.SENT),
        )
    )
    course.then(told_at, Send(course.nurse, kind, means, result, counterpart=counterpart))
    if course.planner.actor is not None and rng.random() < 0.5:  # noqa: PLR2004
        seen_at = told_at + timedelta(minutes=rng.randint(20, 300))
        course.then(min(seen_at, at(fate.leaves_on, 9)), Confirm(course.planner.actor, kind))
    return told_at


def _advise(fate: Fate, rng: Random) -> None:
    """Advise the person or the family; tell the centre where it is known and they agree."""
    course, kind = fate.course, HandoffKind.REFERRAL
    day = max(day_of(course.registered_at) + _DAY, fate.leaves_on - rng.randint(2, 9) * _DAY)
    advised_at = min(some_time(rng, day, 10, 15), at(fate.leaves_on, 9, 30))
    assessed_at = max(moment for moment, _ in course.steps)
    advised_at = max(advised_at, assessed_at + timedelta(minutes=10))
    course.then(
        advised_at,
        Send(
            course.coordinator,
            kind,
            Means.IN_PERSON,
            Result.ADVISED,
            receiver=Party.PERSON_OR_FAMILY,
        ),
    )
    referable = course.level in {CareNeedLevel.NONE, CareNeedLevel.SUPPORT_1}
    is_old = age_on(course.person.birth_on, course.admitted_on) >= 65  # noqa: PLR2004
    if not (referable and is_old) or course.center is None:
        return
    receiver = Party.COMMUNITY_SUPPORT_CENTER
    course.then(
        advised_at + timedelta(minutes=30),
        Send(course.coordinator, kind, Means.TELEPHONE, Result.TALKED, receiver=receiver),
    )


def _plan(fate: Fate, rng: Random) -> None:
    """Fix the day, early for those who are looked after and late for those who are missed."""
    course = fate.course
    lead = rng.randint(1, 4) if fate.said is Said.MISSED else rng.randint(5, 14)
    moment = some_time(rng, fate.leaves_on - lead * _DAY, 10, 13)
    moment = max(moment, course.registered_at + timedelta(hours=1))
    if moment > at(fate.leaves_on, 8, 50):
        return
    by = course.coordinator
    room = moment + 5 * _DAY < at(fate.leaves_on, 0)
    moved = room and rng.random() < 0.2  # noqa: PLR2004
    if moved:
        first = fate.leaves_on + rng.choice((-2, 2, 3)) * _DAY
        course.then(moment, PlanDischarge(by, first, PlannedCertainty.FIXED))
        moment = max(moment + 2 * _DAY, at(day_of(moment) + 2 * _DAY, 10))
    course.then(moment, PlanDischarge(by, fate.leaves_on, PlannedCertainty.FIXED))


def _be_in_contact(fate: Fate, rng: Random) -> tuple[bool | None, datetime | None]:
    """Talk about the discharge or not; hand back what the hospital answers as the person leaves."""
    course = fate.course
    said = fate.said
    if course.planner.actor is None and said in {Said.AGREED, Said.OFFICE}:
        said = Said.HOSPITAL  # Nobody who takes part could agree.
    if said is Said.MISSED:
        return _miss(fate, rng), None
    if said is Said.UNKNOWN:
        return _leave_unknown(fate, rng), None
    moment = _notice_moment(fate, rng)
    if said is Said.HOSPITAL and rng.random() < 0.3:  # noqa: PLR2004
        return True, moment  # They talked, and only the question at discharge says so.
    kind = HandoffKind.DISCHARGE_NOTICE
    talked = said is not Said.OFFICE
    course.then(
        moment,
        Send(
            course.coordinator,
            kind,
            Means.TELEPHONE if talked else Means.FAX,
            Result.TALKED if talked else Result.SENT,
            content="退院の見通しと、自宅での過ごし方を相談した。" if talked else "",
            counterpart=course.planner.entry.care_manager_name,
        ),
    )
    if said is not Said.HOSPITAL and course.planner.actor is not None:
        seen_at = min(moment + timedelta(minutes=rng.randint(20, 20 * 60)), at(fate.leaves_on, 10))
        course.then(seen_at, Confirm(course.planner.actor, kind))
    _confer_and_inform(fate, rng, moment, is_agreed=said is Said.AGREED)
    return (True, moment) if talked and rng.random() < 0.5 else (None, None)  # noqa: PLR2004


def _notice_moment(fate: Fate, rng: Random) -> datetime:
    """When they first talk: mostly as soon as the day is fixed, always before the last morning."""
    course = fate.course
    day = fate.leaves_on - rng.choice((3, 5, 7, 8, 8, 9, 10, 11)) * _DAY
    moment = max(some_time(rng, day, 13, 16), course.registered_at + timedelta(hours=2))
    return min(moment, at(fate.leaves_on, 9, 15))


def _confer_and_inform(fate: Fate, rng: Random, notice: datetime, *, is_agreed: bool) -> None:
    course = fate.course
    if is_agreed and rng.random() < 0.45:  # noqa: PLR2004
        kind = HandoffKind.DISCHARGE_CONFERENCE
        met_at = min(notice + rng.randint(1, 4) * _DAY, at(fate.leaves_on, 10, 10))
        course.then(met_at, Send(course.coordinator, kind, Means.IN_PERSON, Result.CONFERENCE))
        if course.planner.actor is not None:
            course.then(met_at + timedelta(minutes=30), Confirm(course.planner.actor, kind))
    if rng.random() > 0.8:  # noqa: PLR2004
        return
    kind = HandoffKind.DISCHARGE_INFORMATION
    sent_at = some_time(rng, fate.leaves_on, 10, 10)
    means = rng.choice((Means.FAX, Means.TSUNAGI))
    course.then(sent_at, Send(course.coordinator, kind, means, Result.SENT))
    if course.planner.house is not None and course.planner.actor is not None:
        # After the person has left, so that it says nothing about a contact before.
        day = course.planner.house.calendar(fate.leaves_on).next_open(fate.leaves_on + _DAY)
        if rng.random() < 0.7:  # noqa: PLR2004
            course.then(some_time(rng, day), Confirm(course.planner.actor, kind))


def _miss(fate: Fate, rng: Random) -> bool | None:
    """Nobody hears of the discharge; say how it becomes known that nobody did."""
    course = fate.course
    actor = course.planner.actor
    drawn = rng.random()
    if drawn < 0.14:  # noqa: PLR2004
        said_at = some_time(rng, fate.leaves_on + rng.randint(1, 5) * _DAY)
        by = actor or course.nurse
        course.then(said_at, Say(by, Result.THROUGH_FAMILY, Means.NONE, on=fate.leaves_on))
        return None
    if drawn < 0.4 and actor is not None:  # noqa: PLR2004
        said_at = some_time(rng, fate.leaves_on + rng.randint(1, 8) * _DAY)
        course.then(said_at, Say(actor, Result.NOTHING_HEARD, Means.NONE, on=fate.leaves_on))
        return None
    if drawn < 0.52:  # noqa: PLR2004
        course.then(
            at(fate.leaves_on, 9, 5),
            Send(course.nurse, HandoffKind.DISCHARGE_NOTICE, Means.TELEPHONE, Result.ABSENT),
        )
        return None
    return False


def _leave_unknown(fate: Fate, rng: Random) -> bool | None:
    """Leave it open: the sides contradict each other, or nobody wrote anything down."""
    actor = fate.course.planner.actor
    if actor is None or rng.random() < 0.5:  # noqa: PLR2004
        return None
    said_at = some_time(rng, fate.leaves_on + rng.randint(1, 4) * _DAY)
    fate.course.then(said_at, Say(actor, Result.NOTHING_HEARD, Means.NONE, on=fate.leaves_on))
    return True


def _leave(
    fate: Fate, rng: Random, *, contacted: bool | None, contacted_on: datetime | None
) -> None:
    course = fate.course
    later = rng.random() < 0.12  # noqa: PLR2004 - written down the next morning.
    moment = (
        some_time(rng, fate.leaves_on + _DAY, 8, 9)
        if later
        else some_time(rng, fate.leaves_on, 13, 17)
    )
    course.then(
        moment,
        Leave(
            course.nurse,
            on=fate.leaves_on,
            at=time(11, rng.choice((0, 15, 30))) if rng.random() < 0.7 else None,  # noqa: PLR2004
            destination=fate.destination,
            contacted=contacted,
            contacted_on=day_of(contacted_on) if contacted_on else None,
        ),
    )
