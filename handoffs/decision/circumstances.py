"""What the record says of one stay at one moment: everything that a decision is made from.

Read at once by whoever decides and handed down, so that nothing on the way asks the database
again; `admission` knows it without asking. The last decision itself is not among it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from handoffs.history import Act, Event
from handoffs.parties import Organization, Ward
from handoffs.plan_office import PlanOffice
from handoffs.stays.certification import Certification
from handoffs.stays.consent import Consent, ConsentAnswer
from handoffs.stays.discharge_news import Told
from handoffs.stays.leave import Leave
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay

TELLING = (Act.STAY_ADMIT, Act.STAY_PLAN_DISCHARGE, Act.STAY_DISCHARGE, Act.STAY_WARD)
"""The acts of which a decision wants to know when they were told: days of leaving, wards."""


@dataclass(frozen=True)
class Circumstances:
    """One stay's rows, the latest of each. `told` are the events of `TELLING`, oldest first.

    `wards` are all in which the person was, the present one first. `consent` is None while
    nobody has asked, `in_region` while nobody knows where the person lives. `leave` is the one
    from which nobody came back. `municipality` finds the home's rule and is told to no rule.
    """

    hospital: Organization
    wards: Sequence[Ward]
    in_region: bool | None
    certification: Certification | None = None
    consent: ConsentAnswer | None = None
    plan: PlanOffice | None = None
    office: Organization | None = None
    leave: Leave | None = None
    told: Sequence[Told] = ()
    municipality: str = ""
    whereabouts_hidden: bool = False


def _newest(table: type[Certification] | type[Consent]) -> sa.ScalarSelect[Any]:
    """The id of a stay's latest row."""
    rows = aliased(table)
    return sa.select(sa.func.max(rows.id)).where(col(rows.stay_id) == Stay.id).scalar_subquery()


_Hospital, _Office = aliased(Organization), aliased(Organization)
_ROWS = (
    sa.select(_Hospital, Ward, col(Patient.in_region), Certification)
    .add_columns(col(Consent.answer), PlanOffice, _Office, Leave)
    .add_columns(col(Patient.municipality), col(Patient.whereabouts_hidden))
    .select_from(Stay)
    .join(_Hospital, col(_Hospital.id) == Stay.hospital_id)
    .join(Ward, col(Ward.id) == Stay.ward_id)
    .join(Patient, col(Patient.id) == Stay.patient_id)
    .join(Certification, col(Certification.id) == _newest(Certification), isouter=True)
    .join(Consent, col(Consent.id) == _newest(Consent), isouter=True)
    .join(
        PlanOffice,
        sa.and_(col(PlanOffice.stay_id) == Stay.id, col(PlanOffice.superseded).is_(False)),
        isouter=True,
    )
    .join(_Office, col(_Office.id) == PlanOffice.organization_id, isouter=True)
    .join(
        Leave,
        sa.and_(
            col(Leave.stay_id) == Stay.id,
            col(Leave.returned_on).is_(None),
            col(Leave.taken_back_at).is_(None),
        ),
        isouter=True,
    )
    .where(col(Stay.id) == sa.bindparam("stay_id"))
)
_TOLD = (
    sa.select(col(Event.act), col(Event.at), col(Event.detail))
    .where(col(Event.stay_id) == sa.bindparam("stay_id"), col(Event.act).in_(TELLING))
    .order_by(col(Event.id))
)
# Built once: every verb that decides asks them, and building a question costs as much.


def circumstances_of(session: Session, stay: Stay) -> Circumstances:
    """Read what the record says of a stay now. What was added or changed must be flushed."""
    asked = {"stay_id": stay.id}
    row = session.execute(_ROWS, asked).one()
    hospital, ward, in_region, certification, consent, plan, office, leave, town, hidden = row
    told = tuple(Told(*event) for event in session.execute(_TOLD, asked))
    left = [session.get_one(Ward, ward_id) for ward_id in _moved_through(told) - {ward.id}]
    return Circumstances(
        hospital=hospital,
        wards=(ward, *left),
        in_region=in_region,
        certification=certification,
        consent=consent,
        plan=plan,
        office=office,
        leave=leave,
        told=told,
        municipality=town,
        whereabouts_hidden=hidden,
    )


def _moved_through(told: Iterable[Told]) -> set[Any]:
    """The wards that the moves name: each the one that was left and the one that was moved to.

    A move that was a slip and was moved back still counts: that keeps somebody under the rule,
    where the other mistake would drop them from it unseen.
    """
    moves = [event.detail for event in told if event.act is Act.STAY_WARD]
    ids = {move.get(key) for move in moves for key in ("ward", "left_ward")}
    return ids - {None}
