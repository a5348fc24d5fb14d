"""Living the courses through: every step in the order of time, and a sweep each midnight.

The same verbs run as on a real day, so rows, events and flags come out as they would
have then. All of it is one transaction.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

import sqlalchemy as sa
from sqlmodel import Session

from handoffs.missed import flag_overdue
from handoffs.sample.course import Course
from handoffs.sample.steps import Desk, Step
from handoffs.stays.admission import admit
from handoffs.stays.contacts import ContactPerson, ContactRole
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of, start_of

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_AFTER_MIDNIGHT = timedelta(minutes=1)


@dataclass(frozen=True)
class _Moment:
    at: datetime
    course: int
    number: int
    step: Step | None
    """None is the registration itself."""


def live_through(desk: Desk, courses: Sequence[Course], *, codes: Random, now: datetime) -> int:
    """Take every step up to `now`; say how many stays there were.

    `codes` draws the case codes, so that the same seed gives the same codes.
    """
    _hold_rows(desk.session)
    moments = sorted(_moments(courses, now), key=lambda m: (m.at, m.course, m.number))
    stays: dict[int, Stay] = {}
    taken: set[str] = set()
    if not moments:
        return 0
    midnight = start_of(day_of(moments[0].at)) + timedelta(days=1) + _AFTER_MIDNIGHT
    for moment in moments:
        while midnight <= moment.at:
            _sweep(desk, midnight)
            midnight += timedelta(days=1)
        if moment.step is None:
            stays[moment.course] = _register(
                desk, courses[moment.course], code=_new_code(codes, taken), now=moment.at
            )
        else:
            moment.step.take(desk, stays[moment.course], moment.at)
    while midnight <= now:
        _sweep(desk, midnight)
        midnight += timedelta(days=1)
    _sweep(desk, now)
    return len(stays)


def _hold_rows(session: Session) -> None:
    """Keep every row that was met in memory until the session goes.

    A session lets go of a row that nobody holds and builds it anew when it is asked for again;
    here the same stays come up again and again for half a year.
    """
    held: list[object] = []

    def hold(_session: object, row: object) -> None:
        held.append(row)

    sa.event.listen(session, "pending_to_persistent", hold)
    sa.event.listen(session, "loaded_as_persistent", hold)


def _moments(courses: Sequence[Course], now: datetime) -> list[_Moment]:
    moments = []
    for position, course in enumerate(courses):
        if course.registered_at > now:
            continue
        moments.append(_Moment(course.registered_at.astimezone(UTC), position, 0, None))
        numbers = count(1)
        moments += [
            _Moment(at.astimezone(UTC), position, next(numbers), step)
            for at, step in course.steps
            if at <= now
        ]
    return moments


def _register(desk: Desk, course: Course, *, code: str, now: datetime) -> Stay:
    """Admit, and add what the sheets print but the admission screen does not ask for."""
    session = desk.session
    stay = admit(session, course.entry(), library=desk.library, by=course.nurse, now=now)
    stay.code = code
    patient = session.get_one(Patient, stay.patient_id)
    patient.address = course.person.address
    if course.person.key_person is not None:
        name, relation = course.person.key_person
        session.add(
            ContactPerson(
                stay_id=stay.id,
                role=ContactRole.KEY_PERSON,
                name=name,
                relation=relation,
                telephone=f"000-0000-{9000 + stay.id % 1000}",
                recorded_at=now,
            )
        )
    return stay


def _sweep(desk: Desk, now: datetime) -> None:
    flag_overdue(lambda: nullcontext(desk.session), now)


def _new_code(codes: Random, taken: set[str]) -> str:
    while True:
        code = "".join(codes.choice(_LETTERS) for _ in range(6))
        if code not in taken:
            taken.add(code)
            return code
