"""Whoever left lately without a known contact, found by a few columns of many stays.

The board counts them at every look, so nothing is read of them but what decides: the same
questions as `Dossier.asks_for_contact` and `Dossier.contact` answer of one stay, which a test
holds against this. Read-only.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from handoffs.access import visible_stays
from handoffs.decision.assessment import Assessment
from handoffs.parties import Actor
from handoffs.plan_office import PlanOffice, PlanStatus
from handoffs.rates.coordination import DENIALS, Claim, contact_of
from handoffs.shown.dossier import ASKS_NOBODY
from handoffs.statement import Statement, Topic
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay, left_before
from handoffs.stays.stay_rows import in_chunks

LOOK_BACK = timedelta(days=31)
"""How long after leaving somebody without a known contact is still listed."""

Left = tuple[date | None, time | None]
"""On which day somebody left, and when."""

_PLANNED = [status for status in PlanStatus if status.has_planner]


def left_alone(
    session: Session, actor: Actor, *, today: date, ward_id: int | None = None
) -> tuple[int, ...]:
    """The stays, by their numbers; those who left first stand first, then by kana."""
    gone = session.execute(
        _asking(actor, today, ward_id)
        .join(Patient, col(Patient.id) == col(Stay.patient_id))
        .with_only_columns(col(Stay.id), col(Stay.discharged_on), col(Stay.discharged_time))
        .order_by(col(Stay.discharged_on), col(Patient.kana), col(Stay.id))
    )
    left = {stay_id: (day, at) for stay_id, day, at in gone}
    claims = _claims(session, left)
    return tuple(one for one in left if not contact_of(tuple(claims[one])).took_place)


def _asking(actor: Actor, today: date, ward_id: int | None) -> SelectOfScalar[Stay]:
    """Whoever left lately and has a planner who has to hear of it."""
    planned = sa.exists().where(
        col(PlanOffice.stay_id) == col(Stay.id),
        col(PlanOffice.superseded).is_(False),
        col(PlanOffice.status).in_(_PLANNED),
    )
    excluded = (
        select(Assessment.excluded)
        .where(col(Assessment.stay_id) == col(Stay.id))
        .order_by(col(Assessment.id).desc())
        .limit(1)
        .correlate(Stay)
        .scalar_subquery()
    )
    query = visible_stays(actor).where(
        col(Stay.discharged_on) >= today - LOOK_BACK,
        sa.or_(col(Stay.destination).is_(None), col(Stay.destination).not_in(ASKS_NOBODY)),
        col(Stay.wants_no_contact).is_(False),
        planned,
        sa.or_(excluded.is_(None), excluded.is_(False)),
    )
    return query if ward_id is None else query.where(col(Stay.ward_id) == ward_id)


def _claims(session: Session, left: Mapping[int, Left]) -> dict[int, list[Claim]]:
    """What both sides say about the discharge of each, in the order in which it was written."""
    taken_back = aliased(Statement)
    query = (
        sa.select(
            col(Statement.stay_id),
            col(Statement.side),
            col(Statement.result),
            col(Statement.happened_on),
            col(Statement.happened_time),
        )
        .where(
            col(Statement.topic) == Topic.DISCHARGE,
            col(Statement.retracts_id).is_(None),
            ~sa.exists().where(col(taken_back.retracts_id) == col(Statement.id)),
        )
        .order_by(col(Statement.id))
    )
    claims: dict[int, list[Claim]] = defaultdict(list)
    for some in in_chunks(tuple(left)):
        for stay_id, side, result, day, at in session.execute(
            query.where(col(Statement.stay_id).in_(some))
        ):
            if result in DENIALS or not left_before(*left[stay_id], day, at):
                claims[stay_id].append((side, result))
    return claims
