"""Stays as the rates see them: codes only, no person.

A case is what is left of a stay when everything that could name somebody is
taken away. Rates are counted from cases and from nothing else.

A region's month is thousands of stays: each table is asked once, for the columns that are
counted and no others, and no row becomes an object of the session.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
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
from handoffs.rates.coordination import Contact
from handoffs.rates.heard import heard_of
from handoffs.statement import REACHED, Result, Side, Topic
from handoffs.stays.certification import Application, CareNeedLevel, group_of
from handoffs.stays.stay import Destination, Stay, is_registered, left_before
from handoffs.tokyo import next_month
from rules import Coordination

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

    @property
    def both_told(self) -> bool:
        """Whether both sides have a word about the discharge on record, whichever it is."""
        if self.contact in {Contact.AGREED, Contact.CONTRADICTED}:
            return True
        return self.said_by_office is not None and self.said_by_hospital is not None


def discharged_cases(session: Session, region: str, month: date, now: datetime) -> list[Case]:
    """The stays of a region's hospitals that ended in the month that starts on `month`."""
    return cases_among(session, (col(Stay.region) == region, *_in(_LEFT, month)), now)


def admitted_cases(session: Session, region: str, month: date, now: datetime) -> list[Case]:
    """The stays of a region's hospitals that began in the month that starts on `month`."""
    among = (col(Stay.region) == region, *_in(_CAME, month))
    return [_as_of(*one, one[1].admitted_on) for one in _made(session, among, now)]


def cases_of_month(
    session: Session, region: str, month: date, now: datetime
) -> tuple[list[Case], list[Case]]:
    """Both of these, each table asked once for both."""
    in_month = sa.or_(sa.and_(*_in(_LEFT, month)), sa.and_(*_in(_CAME, month)))
    left, came, end = [], [], next_month(month)
    for case, days in _made(session, (col(Stay.region) == region, in_month), now):
        if days.discharged_on is not None and month <= days.discharged_on < end:
            left.append(case)
        if month <= days.admitted_on < end:
            came.append(_as_of(case, days, days.admitted_on))
    return left, came


def cases_among(session: Session, among: Sequence[Any], now: datetime) -> list[Case]:
    """The stays that some conditions choose, each as on the day of leaving."""
    return [case for case, _ in _made(session, among, now)]


_LEFT, _CAME = col(Stay.discharged_on), col(Stay.admitted_on)


def _in(day: Column, month: date) -> tuple[Column, Column]:
    return day >= month, day < next_month(month)


class _Days(NamedTuple):
    """What a case is read from again as of another day."""

    admitted_on: date
    discharged_on: date | None
    level: str | None
    application: str | None
    valid_until: date | None

    def group(self, on: date) -> str:
        """要介護, 要支援 or nothing on a day."""
        if self.level is None:
            return ""
        return group_of(
            _LEVELS[self.level], _APPLICATIONS[self.application or ""], self.valid_until, on
        )


def _as_of(case: Case, days: _Days, on: date) -> Case:
    """The same case on another day: its certification may have been valid then and not now."""
    return case if days.valid_until is None else case._replace(group=days.group(on))


def _made(session: Session, among: Sequence[Any], now: datetime) -> Iterator[tuple[Case, _Days]]:
    """Make the cases of the stays that some conditions choose, each as on the day of leaving."""
    among = (is_registered(), *among)
    statements = statements_of_stays(session, among)
    handoffs = information_of_stays(session, among, now)
    causes = causes_of_stays(session, among)
    reflected = reflected_of_stays(session, among)
    for row in session.connection().execute(stays_asked(among)).all():
        days = _Days(row[_ADMITTED], row[_DISCHARGED], *row[_CERTIFIED])
        case = _case(
            row,
            statements.get(row[0], ()),
            handoffs.get(row[0], NOTHING_TOLD),
            causes.get(row[0]),
            reflected=reflected.get(row[0]),
            group=days.group(days.discharged_on or days.admitted_on),
        )
        yield case, days


_ADMITTED, _DISCHARGED, _CERTIFIED = 5, 6, slice(11, 14)


def _case(
    row: Sequence[Any],
    statements: Statements,
    told: Told,
    cause: MissCause | None,
    *,
    reflected: bool | None,
    group: str,
) -> Case:
    (
        _, hospital_id, destination, wants_no_contact, next_hospital_id, admitted_on, left_on,
        left_at, ward_kind, in_region, municipality, level, _, _, plan,
        office_id, coordination, excluded, edition,
    ) = row  # fmt: skip
    gone = [left_before(left_on, left_at, row[4], row[5]) for row in statements]
    heard = heard_of(
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
        group=group,
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


_DISCHARGE, _HOSPITAL = Topic.DISCHARGE.value, Side.HOSPITAL.value

_DESTINATIONS: Mapping[str, Destination] = {d.value: d for d in Destination}

_LEVELS: Mapping[str, CareNeedLevel] = {level.value: level for level in CareNeedLevel}

_APPLICATIONS: Mapping[str, Application] = {a.value: a for a in Application}

_PLANS: Mapping[str, PlanStatus] = {p.value: p for p in PlanStatus}

_COORDINATIONS: Mapping[str, Coordination] = {c.value: c for c in Coordination}

_WARDS: Mapping[str, WardKind] = {w.value: w for w in WardKind}
