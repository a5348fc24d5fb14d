"""Rows and entries with sensible defaults, so that a test states only what it is about.

`admission` and `admit_someone` go through the verbs; `make_*` put single rows down where a test
needs a state that verbs take many steps to reach. Every invented patient carries the privacy
guard's mark.
"""

import itertools
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session

from handoffs.handoff import Handoff, handoffs_of
from handoffs.parties import Actor
from handoffs.plan_office import PlanArrangement, PlanOffice, PlanStatus
from handoffs.planning import PlanEntry
from handoffs.statement import Means, Result, Side, Statement, StatementEntry, Topic
from handoffs.stays.admission import AdmissionEntry, admit
from handoffs.stays.certification import (
    Application,
    CareNeedLevel,
    Certification,
    InsuredCategory,
)
from handoffs.stays.discharge import DischargeEntry, discharge
from handoffs.stays.patients import Patient, folded_names
from handoffs.stays.stay import Destination, Stay
from handoffs.tokyo import late_from
from rules import HandoffKind, Library, Party, Standing
from tests.conftest import MARK
from tests.people import NAMES, NOW, REGION, Cast

ADMITTED = date(2026, 11, 20)
KANA = "シメイヒ ハナコ"
BORN = date(1940, 5, 3)

_numbers = itertools.count(1)


def admission(cast: Cast, **changes: Any) -> AdmissionEntry:  # noqa: ANN401 - fields of an entry.
    """An admission today of somebody with 要介護2 whose care manager is the cast's."""
    given: dict[str, Any] = {
        "name": f"{MARK} 花子",
        "kana": KANA,
        "birth_on": BORN,
        "admitted_on": ADMITTED,
        "ward_id": cast.ward_id,
        "care_level": CareNeedLevel.CARE_2,
        "application": Application.NONE,
        "plan": PlanEntry(
            status=PlanStatus.ASSIGNED,
            organization_id=cast.office_id,
            care_manager_name=NAMES["care_manager"],
        ),
    }
    return AdmissionEntry(**(given | changes))


def admit_someone(
    session: Session,
    library: Library,
    cast: Cast,
    *,
    by: Actor | None = None,
    now: datetime = NOW,
    **changes: Any,  # noqa: ANN401
) -> Stay:
    """Register the admission of `admission`, somebody new each time unless a kana is given."""
    number = next(_numbers)
    changes.setdefault("kana", f"シメイヒ {chr(ord('ア') + number % 80)}{number}")
    entry = admission(cast, **changes)
    return admit(session, entry, library=library, by=by or cast.ward_nurse, now=now)


def handoff_of(session: Session, stay: Stay, kind: HandoffKind) -> Handoff:
    """The one handoff of a kind that stands for a stay."""
    (found,) = [
        h for h in handoffs_of(session, stay.id) if h.kind is kind and h.withdrawn_at is None
    ]
    return found


def talked(on: date = ADMITTED, **changes: Any) -> StatementEntry:  # noqa: ANN401
    """A telephone call in which somebody was reached."""
    given: dict[str, Any] = {
        "means": Means.TELEPHONE,
        "result": Result.TALKED,
        "happened_on": on,
    }
    return StatementEntry(**(given | changes))


def leave(
    session: Session,
    library: Library,
    cast: Cast,
    stay: Stay,
    *,
    now: datetime,
    **changes: Any,  # noqa: ANN401
) -> None:
    """Discharge somebody home today, without an answer about a contact."""
    given: dict[str, Any] = {
        "discharged_on": now.astimezone().date(),
        "destination": Destination.HOME,
        "version": stay.version,
    }
    entry = DischargeEntry(**(given | changes))
    discharge(session, stay, entry, library=library, by=cast.ward_nurse, now=now)


def make_stay(
    session: Session,
    cast: Cast,
    *,
    admitted_on: date = ADMITTED,
    level: CareNeedLevel = CareNeedLevel.CARE_2,
    plan: PlanStatus = PlanStatus.ASSIGNED,
    organization_id: int | None = None,
    care_manager: Actor | None = None,
    via_center_id: int | None = None,
    in_region: bool | None = None,
    **columns: Any,  # noqa: ANN401
) -> Stay:
    """A stay with its patient, certification and plan office, but without any decision."""
    number = next(_numbers)
    hospital_id = columns.pop("hospital_id", cast.hospital_id)
    name, kana = f"{MARK} {number}", f"シメイヒ {number}"
    patient = Patient(
        hospital_id=hospital_id,
        name=name,
        kana=kana,
        folded=folded_names(name, kana),
        birth_on=BORN,
        in_region=in_region,
        created_at=NOW,
    )
    session.add(patient)
    session.flush()
    given: dict[str, Any] = {
        "code": f"T{number:05d}",
        "patient_id": patient.id,
        "hospital_id": hospital_id,
        "region": REGION,
        "ward_id": cast.ward_id if hospital_id == cast.hospital_id else cast.foreign_ward_id,
        "admitted_on": admitted_on,
        "registered_at": NOW,
    }
    stay = Stay(**(given | columns))
    session.add(stay)
    session.flush()
    session.add(
        Certification(
            stay_id=stay.id,
            level=level,
            application=Application.NONE,
            insured_category=InsuredCategory.FIRST,
            recorded_at=NOW,
        )
    )
    planned = plan in {PlanStatus.ASSIGNED, PlanStatus.PAUSED}
    session.add(
        PlanOffice(
            stay_id=stay.id,
            status=plan,
            arrangement=PlanArrangement.OFFICE if planned else None,
            organization_id=(organization_id or cast.office_id) if planned else None,
            care_manager_id=care_manager.staff_id if care_manager else None,
            care_manager_name=care_manager.name if care_manager else "",
            via_center_id=via_center_id,
            recorded_at=NOW,
        )
    )
    session.flush()
    return stay


def make_handoff(session: Session, stay: Stay, **columns: Any) -> Handoff:  # noqa: ANN401
    """A discharge notice from the hospital to the plan office, due in a week."""
    due = columns.pop("due_on", stay.admitted_on + timedelta(days=7))
    given: dict[str, Any] = {
        "stay_id": stay.id,
        "rule_id": f"rule-{next(_numbers)}",
        "kind": HandoffKind.DISCHARGE_NOTICE,
        "sender": Party.HOSPITAL,
        "receiver": Party.CARE_MANAGER,
        "standing": Standing.REQUIRED,
        "text": "退院の連絡をする",
        "source": "見本 1頁",
        "due_on": due,
        "due_at": late_from(due) if due else None,
        "opened_at": NOW,
    }
    handoff = Handoff(**(given | columns))
    session.add(handoff)
    session.flush()
    return handoff


def make_statement(
    session: Session,
    stay: Stay,
    side: Side,
    result: Result,
    *,
    on: date | None = None,
    at: time | None = None,
    topic: Topic = Topic.DISCHARGE,
) -> Statement:
    """One claim of one side, on the day of admission unless another is given."""
    statement = Statement(
        stay_id=stay.id,
        side=side,
        topic=topic,
        means=Means.TELEPHONE,
        result=result,
        happened_on=on or stay.admitted_on,
        happened_time=at,
        organization_id=stay.hospital_id,
        recorded_at=NOW,
    )
    session.add(statement)
    session.flush()
    return statement
