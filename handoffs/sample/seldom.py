"""What happens seldom, once each: so that every state of a handoff can be seen on a page.

Declined, arrived but not confirmed, resting during a leave, not needed, fallen away, passed on
late, and a move to another ward. All of people who are in hospital, so that no rate moves.
"""

from datetime import timedelta

from handoffs.decline import DeclineReason
from handoffs.sample.answers import SHORT_EXAMINATION
from handoffs.sample.course import Course, at
from handoffs.sample.seldom_steps import Decline, Deliver, GoOnLeave, MoveWard, Waive
from handoffs.sample.stage import Stage
from handoffs.sample.steps import Assess, Confirm, Send
from handoffs.statement import Means, Result
from handoffs.stays.certification import CareNeedLevel
from rules import HandoffKind

_DAY = timedelta(days=1)
_NOTICE = HandoffKind.ADMISSION_NOTICE
_INFORMATION = HandoffKind.ADMISSION_INFORMATION


def seldom_of(stage: Stage) -> list[Course]:
    """Plan one stay for each."""
    return [
        _declined(stage),
        _arrived(stage),
        _away(stage),
        _not_needed(stage),
        _fallen_away(stage),
        _late(stage),
        _moved(stage),
    ]


def _declined(stage: Stage) -> Course:
    """The office that the ward was told of says that the person is no client of theirs."""
    course = stage.enters(3, CareNeedLevel.CARE_2, stage.own)
    stage.assess(course)
    moment = at(course.admitted_on, 15)
    course.then(moment, Send(course.nurse, _NOTICE, Means.TSUNAGI, Result.SENT))
    if course.planner.actor is not None:
        course.then(
            moment + _DAY,
            Decline(
                course.planner.actor,
                _NOTICE,
                DeclineReason.CHANGED_OFFICE,
                suggested_id=stage.houses.small[0].organization.id,
            ),
        )
    return course


def _arrived(stage: Stage) -> Course:
    """A FAX that the machine reports as delivered; nobody has confirmed it."""
    course = stage.enters(2, CareNeedLevel.CARE_1, stage.own)
    stage.assess(course)
    moment = at(course.admitted_on, 16)
    course.then(moment, Send(course.nurse, _NOTICE, Means.FAX, Result.SENT))
    course.then(moment + timedelta(minutes=6), Deliver(course.nurse, _NOTICE))
    return course


def _away(stage: Stage) -> Course:
    """Two nights at home: nothing falls due until the return."""
    course = stage.enters(6, CareNeedLevel.CARE_3, stage.own)
    stage.assess(course)
    left_on = stage.today - _DAY
    course.then(
        at(left_on, 10, 5), GoOnLeave(course.nurse, left_on, back_on=stage.today + 2 * _DAY)
    )
    return course


def _not_needed(stage: Stage) -> Course:
    """The care manager happened to be there as the person came."""
    course = stage.enters(4, CareNeedLevel.CARE_2, stage.own)
    stage.assess(course)
    course.then(
        at(course.admitted_on, 16, 20),
        Waive(course.nurse, _NOTICE, "入院に付き添われ、その場で話した"),
    )
    return course


def _fallen_away(stage: Stage) -> Course:
    """Thought to stay longer, then an examination of two days: the agreement excludes it."""
    course = stage.enters(1, CareNeedLevel.SUPPORT_1, stage.own)
    stage.assess(course)
    course.then(at(course.admitted_on, 17), Assess(course.nurse, dict(SHORT_EXAMINATION)))
    return course


def _late(stage: Stage) -> Course:
    """The information came after its last day, and was needed all the same."""
    course = stage.enters(14, CareNeedLevel.CARE_3, stage.own)
    stage.assess(course)
    stage.tell(course)
    if course.planner.actor is not None:
        moment = at(course.admitted_on + 10 * _DAY, 11)
        course.then(moment, Send(course.planner.actor, _INFORMATION, Means.TSUNAGI, Result.SENT))
        course.then(moment + timedelta(hours=3), Confirm(course.coordinator, _INFORMATION))
    return course


def _moved(stage: Stage) -> Course:
    """Moved to another ward yesterday: the care manager has not yet said that they read it."""
    course = stage.enters(9, CareNeedLevel.CARE_4, stage.own)
    stage.assess(course)
    stage.tell(course)
    wards = stage.houses.hospitals[0].wards
    course.then(at(stage.today - _DAY, 11, 30), MoveWard(course.coordinator, wards[1].id))
    return course
