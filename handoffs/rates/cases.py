"""Stays as the rates see them: codes only, no person.

A case is what is left of a stay when everything that could name somebody is
taken away. Rates are counted from cases and from nothing else.

A region's month is thousands of stays: each table is asked once, for the columns that are
counted and no others, and no row becomes an object of the session.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlmodel import Session, col

from handoffs.miss_reason import MissCause
from handoffs.parties import WardKind
from handoffs.plan_office import PlanStatus
from handoffs.rates.case_rows import (
    NOTHING_TOLD,
    Column,
    Statements,
    Told,
    causes_of_stays,
    information_of_stays,
    reflected_of_stays,
    statements_of_stays,
    stays_asked,
)
from handoffs.rates.coordination import DENIALS, Contact, contact_of, said
from handoffs.statement import REACHED, TOLD, Result, Side, Topic
from handoffs.stays.certification import Application, CareNeedLevel, group_of
from handoffs.stays.stay import Destination, Stay, is_registered, left_before
from handoffs.tokyo import next_month
from rules import Coordination

_ADVISED = REACHED | {Result.ADVISED}

_PASSED_ON = REACHED | {Result.SENT}


class Case(NamedTuple):
    """One stay in codes. `group` is 要介護, 要支援 or nothing.

    untraceable: transferred to a hospital that does not take part (追跡不能).
    stay_days: from admission to leaving, 0 for the same day; None while in hospital.
    said_by_office, said_by_hospital: what each side says of a contact about the discharge.
    contacted_late: reached only after the person had left.
    notice_days: from the hospital's first word about the discharge to leaving.
    information_in_time: None where no rule names a last day for it.
    information_days: from admission to the admission information.
    """

    hospital_id: int
    group: str
    plan: PlanStatus
    destination: Destination | None
    in_region: bool | None
    coordination: Coordination
    excluded: bool
    wants_no_contact: bool
    contact: Contact
    advised: bool
    informed: bool
    information_may_come: bool
    told_of_admission: bool
    untraceable: bool = False
    care_level: CareNeedLevel = CareNeedLevel.UNKNOWN
    ward_kind: WardKind = WardKind.GENERAL
    office_id: int | None = None
    municipality: str = ""
    stay_days: int | None = None
    weekday: int | None = None
    edition: str = ""
    miss_cause: MissCause | None = None
    said_by_office: bool | None = None
    said_by_hospital: bool | None = None
    through_family: bool = False
    contacted_late: bool = False
    known_to_office: bool = False
    conference: bool = False
    discharge_information: bool = False
    notice_days: int | None = None
    information_in_time: bool | None = None
    information_confirmed: bool = False
    information_days: int | None = None
    heard_from_family: bool = False
    sheets_reflected: bool | None = None


def discharged_cases(session: Session, region: str, month: date, now: datetime) -> list[Case]:
    """The stays of a region's hospitals that ended in the month that starts on `month`."""
    return _cases(session, region, col(Stay.discharged_on), month, now)


def admitted_cases(session: Session, region: str, month: date, now: datetime) -> list[Case]:
    """The stays of a region's hospitals that began in the month that starts on `month`."""
    return _cases(session, region, col(Stay.admitted_on), month, now)


_Said = tuple[str, str, str, bool]
"""Side, topic, result, and whether the person was still there."""


class _Heard(NamedTuple):
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
def _heard(said_of_stay: tuple[_Said, ...]) -> _Heard:
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
    return _Heard(
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


def _cases(session: Session, region: str, moment: Column, month: date, now: datetime) -> list[Case]:
    """Make the cases of the stays whose `moment`, a column of the stay, lies in a month."""
    among = (
        is_registered(),
        col(Stay.region) == region,
        moment >= month,
        moment < next_month(month),
    )
    statements = statements_of_stays(session, among)
    handoffs = information_of_stays(session, among, now)
    causes = causes_of_stays(session, among)
    reflected = reflected_of_stays(session, among)
    return [
        _case(
            row,
            statements.get(row[0], ()),
            handoffs.get(row[0], NOTHING_TOLD),
            causes.get(row[0]),
            reflected=reflected.get(row[0]),
            on=row[_ADMITTED] if moment.key == "admitted_on" else row[_DISCHARGED],
        )
        for row in session.connection().execute(stays_asked(among)).all()
    ]


_ADMITTED, _DISCHARGED = 5, 6


def _case(
    row: Sequence[Any],
    statements: Statements,
    told: Told,
    cause: MissCause | None,
    *,
    reflected: bool | None,
    on: date,
) -> Case:
    (
        _, hospital_id, destination, wants_no_contact, next_hospital_id, admitted_on, left_on,
        left_at, ward_kind, in_region, municipality, level, application, valid_until, plan,
        office_id, coordination, excluded, edition,
    ) = row  # fmt: skip
    gone = [left_before(left_on, left_at, row[4], row[5]) for row in statements]
    heard = _heard(
        tuple(
            (row[1], row[2], row[3], not left) for row, left in zip(statements, gone, strict=True)
        )
    )
    first_word = min(
        (
            row[4]
            for row, left in zip(statements, gone, strict=True)
            if not left and row[2] == _DISCHARGE and row[1] == _HOSPITAL and row[3] in _PASSED_ON
        ),
        default=None,
    )
    goes = None if destination is None else _DESTINATIONS[destination]
    return Case(
        hospital_id=hospital_id,
        group="" if level is None else group_of(
            _LEVELS[level], _APPLICATIONS[application], valid_until, on
        ),
        plan=PlanStatus.UNKNOWN if plan is None else _PLANS[plan],
        destination=goes,
        in_region=in_region,
        coordination=(
            Coordination.UNDETERMINED if coordination is None else _COORDINATIONS[coordination]
        ),
        excluded=bool(excluded),
        wants_no_contact=wants_no_contact,
        contact=heard.contact,
        advised=heard.advised,
        informed=told.informed,
        information_may_come=left_on is None and not told.is_late,
        told_of_admission=heard.told_of_admission,
        untraceable=goes is Destination.OTHER_HOSPITAL and next_hospital_id is None,
        care_level=CareNeedLevel.UNKNOWN if level is None else _LEVELS[level],
        ward_kind=_WARDS[ward_kind],
        office_id=office_id,
        municipality=municipality,
        stay_days=None if left_on is None else (left_on - admitted_on).days,
        weekday=None if left_on is None else left_on.weekday(),
        edition=edition or "",
        miss_cause=cause,
        said_by_office=heard.said_by_office,
        said_by_hospital=heard.said_by_hospital,
        through_family=heard.through_family,
        contacted_late=heard.contacted_late,
        known_to_office=heard.known_to_office,
        conference=heard.conference,
        discharge_information=told.at_discharge is not None
        and (left_on is None or told.at_discharge <= left_on),
        notice_days=(left_on - first_word).days if left_on and first_word else None,
        information_in_time=told.in_time,
        information_confirmed=told.confirmed,
        information_days=(
            None if told.passed_on is None else max((told.passed_on - admitted_on).days, 0)
        ),
        heard_from_family=heard.heard_from_family,
        sheets_reflected=reflected,
    )  # fmt: skip


_RECEIVED = frozenset({Result.RECEIVED})

_DISCHARGE, _HOSPITAL = Topic.DISCHARGE.value, Side.HOSPITAL.value

_DESTINATIONS: Mapping[str, Destination] = {d.value: d for d in Destination}

_LEVELS: Mapping[str, CareNeedLevel] = {level.value: level for level in CareNeedLevel}

_APPLICATIONS: Mapping[str, Application] = {a.value: a for a in Application}

_PLANS: Mapping[str, PlanStatus] = {p.value: p for p in PlanStatus}

_COORDINATIONS: Mapping[str, Coordination] = {c.value: c for c in Coordination}

_WARDS: Mapping[str, WardKind] = {w.value: w for w in WardKind}

_SIDES: Mapping[str, Side] = {s.value: s for s in Side}

_TOPICS: Mapping[str, Topic] = {t.value: t for t in Topic}

_RESULTS: Mapping[str, Result] = {r.value: r for r in Result}
