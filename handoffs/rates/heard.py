"""What all the statements of one stay come down to, for the rates: codes only, nobody's words."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from handoffs.rates.coordination import DENIALS, Contact, contact_of, said
from handoffs.statement import REACHED, TOLD, Result, Side, Topic

_ADVISED = REACHED | {Result.ADVISED}

_RECEIVED = frozenset({Result.RECEIVED})

_SIDES: Mapping[str, Side] = {s.value: s for s in Side}

_TOPICS: Mapping[str, Topic] = {t.value: t for t in Topic}

_RESULTS: Mapping[str, Result] = {r.value: r for r in Result}

Said = tuple[str, str, str, bool]
"""Side, topic, result, and whether the person was still there."""


class Heard(NamedTuple):
    """What all the statements of one stay come down to."""

    contact: Contact
    advised: bool
    told_of_admission: bool
    said_by_office: bool | None
    said_by_hospital: bool | None
    through_family: bool
    contacted_late: bool
    known_to_office: bool
    conference: bool
    heard_from_family: bool


@lru_cache(maxsize=8192)
def heard_of(said_of_stay: tuple[Said, ...]) -> Heard:
    """Read the statements of one stay. Stays are many and their statements alike: made once."""
    rows = [
        (_SIDES[side], _TOPICS[topic], _RESULTS[result], before)
        for side, topic, result, before in said_of_stay
    ]
    about = [
        (side, result, before) for side, topic, result, before in rows if topic is Topic.DISCHARGE
    ]
    # A denial is said of the whole stay, so its day may lie after leaving.
    claims = tuple((side, result) for side, result, before in about if before or result in DENIALS)
    return Heard(
        contact=contact_of(claims),
        advised=any(
            topic is Topic.REFERRAL and result in _ADVISED and before
            for _, topic, result, before in rows
        ),
        told_of_admission=any(
            topic is Topic.ADMISSION and result in (TOLD if side is Side.HOSPITAL else _RECEIVED)
            for side, topic, result, _ in rows
        ),
        said_by_office=said(claims, Side.PLAN_OFFICE),
        said_by_hospital=said(claims, Side.HOSPITAL),
        through_family=any(
            result is Result.THROUGH_FAMILY and before for _, result, before in about
        ),
        contacted_late=any(result in REACHED and not before for _, result, before in about),
        known_to_office=any(side is Side.PLAN_OFFICE for side, _, _, _ in rows),
        conference=any(result is Result.CONFERENCE and before for _, result, before in about),
        heard_from_family=any(
            topic is Topic.ADMISSION and result is Result.THROUGH_FAMILY
            for _, topic, result, _ in rows
        ),
    )
