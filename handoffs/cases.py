"""Stays as the rates see them: codes only, no person.

A case is what is left of a stay when everything that could name somebody is
taken away. Rates are counted from cases and from nothing else.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlmodel import Session, SQLModel, col, select

from handoffs.assessment import Assessment
from handoffs.certification import Certification
from handoffs.coordination import Contact, contact_about_discharge
from handoffs.handoff import Handoff
from handoffs.patients import Patient
from handoffs.plan_office import PlanOffice, PlanStatus
from handoffs.statement import REACHED, Result, Side, Statement, Topic
from handoffs.stay import Destination, Stay
from handoffs.tokyo import next_month
from rules import Coordination, HandoffKind

_ADVISED = REACHED | {Result.ADVISED}
_TOLD = REACHED | {Result.SENT}
_CHUNK = 500
Row = TypeVar("Row", bound=SQLModel)


@dataclass(frozen=True)
class Case:
    """One stay in codes. `group` is 要介護, 要支援 or nothing."""

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


def discharged_cases(session: Session, region: str, month: date, now: datetime) -> list[Case]:
    """The stays of a region's hospitals that ended in the month that starts on `month`."""
    stays = session.exec(
        select(Stay).where(
            Stay.region == region,
            col(Stay.discharged_on) >= month,
            col(Stay.discharged_on) < next_month(month),
        )
    ).all()
    return _cases(session, stays, now, {s.id: s.discharged_on or s.admitted_on for s in stays})


def admitted_cases(session: Session, region: str, month: date, now: datetime) -> list[Case]:
    """The stays of a region's hospitals that began in the month that starts on `month`."""
    stays = session.exec(
        select(Stay).where(
            Stay.region == region,
            Stay.admitted_on >= month,
            Stay.admitted_on < next_month(month),
        )
    ).all()
    return _cases(session, stays, now, {s.id: s.admitted_on for s in stays})


def _cases(
    session: Session, stays: Sequence[Stay], now: datetime, days: Mapping[int, date]
) -> list[Case]:
    """Make the cases; `days` says on which day each certification has to be valid."""
    cases = []
    for start in range(0, len(stays), _CHUNK):
        chunk = stays[start : start + _CHUNK]
        ids = [stay.id for stay in chunk]
        certifications = _latest(_rows(session, Certification, ids))
        plans = {p.stay_id: p for p in _rows(session, PlanOffice, ids) if not p.superseded}
        assessments = _latest(_rows(session, Assessment, ids))
        statements = _grouped(_rows(session, Statement, ids))
        handoffs = _grouped(_rows(session, Handoff, ids))
        patients = _regions(session, [stay.patient_id for stay in chunk])
        cases += [
            _case(
                stay,
                _group(certifications.get(stay.id), days[stay.id]),
                plans.get(stay.id),
                assessments.get(stay.id),
                statements[stay.id],
                handoffs[stay.id],
                in_region=patients.get(stay.patient_id),
                now=now,
            )
            for stay in chunk
        ]
    return cases


def _case(
    stay: Stay,
    group: str,
    plan: PlanOffice | None,
    assessment: Assessment | None,
    statements: Sequence[Statement],
    handoffs: Sequence[Handoff],
    *,
    in_region: bool | None,
    now: datetime,
) -> Case:
    before = [s for s in statements if not stay.left_before(s.happened_on, s.happened_time)]
    information = [
        h
        for h in handoffs
        if h.kind is HandoffKind.ADMISSION_INFORMATION and h.withdrawn_at is None
    ]
    return Case(
        hospital_id=stay.hospital_id,
        group=group,
        plan=plan.status if plan else PlanStatus.UNKNOWN,
        destination=stay.destination,
        in_region=in_region,
        coordination=assessment.coordination if assessment else Coordination.UNDETERMINED,
        excluded=assessment.excluded if assessment else False,
        wants_no_contact=stay.wants_no_contact,
        contact=contact_about_discharge(stay, statements),
        advised=any(s.topic is Topic.REFERRAL and s.result in _ADVISED for s in before),
        informed=any(h.sent_at is not None for h in information),
        information_may_come=stay.is_open
        and not any(h.due_at is not None and h.due_at <= now for h in information),
        told_of_admission=any(
            s.side is Side.HOSPITAL and s.topic is Topic.ADMISSION and s.result in _TOLD
            for s in statements
        ),
    )


def _group(certification: Certification | None, day: date) -> str:
    return "" if certification is None else certification.group_on(day)


def _rows(session: Session, table: type[Row], stay_ids: list[int]) -> Iterable[Row]:
    stay_id = table.__table__.c.stay_id  # type: ignore[attr-defined]
    order = table.__table__.c.id  # type: ignore[attr-defined]
    return session.exec(select(table).where(stay_id.in_(stay_ids)).order_by(order)).all()


def _latest(rows: Iterable[Row]) -> dict[int, Row]:
    return {row.stay_id: row for row in rows}  # type: ignore[attr-defined]


def _grouped(rows: Iterable[Row]) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.stay_id].append(row)  # type: ignore[attr-defined]
    return groups


def _regions(session: Session, patient_ids: list[int]) -> dict[int, bool | None]:
    rows = session.exec(
        select(Patient.id, Patient.in_region).where(col(Patient.id).in_(patient_ids))
    )
    return {patient_id or 0: in_region for patient_id, in_region in rows}
