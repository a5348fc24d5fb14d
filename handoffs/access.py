"""Who may see and do what, decided from the one table in `handoffs.policy`.

A permission says what kind of act somebody may do at all. Which stays they may
do it with is a second question, and every query for a person's data asks it by
taking the actor: `visible_stays(actor)` is the only way in.
"""

from collections.abc import Callable

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from handoffs.database import writes
from handoffs.errors import NotPermitted, NotVisible
from handoffs.handoff import Handoff
from handoffs.parties import Actor
from handoffs.plan_office import PlanOffice
from handoffs.policy import (
    PERMISSIONS,
    SOCIAL_WORKERS,
    UNTOLD,
    Permission,
    Relation,
    reach_for,
    reach_of,
)
from handoffs.sheets.reservation import RECEIVER_OF, SharingReservation
from handoffs.stays.concern import Concern
from handoffs.stays.consent import Consent, ConsentAnswer
from handoffs.stays.stay import Stay, is_registered
from rules import Party

__all__ = [
    "PERMISSIONS",
    "SOCIAL_WORKERS",
    "Permission",
    "find_handoff",
    "find_stay",
    "kept_from",
    "may",
    "may_note_concern",
    "require",
    "visible_concerns",
    "visible_stays",
]


def may(actor: Actor, permission: Permission) -> bool:
    """Whether the person's role allows this kind of act."""
    return permission in PERMISSIONS[actor.role]


def require(actor: Actor, permission: Permission) -> None:
    """Refuse an act that the person's role does not allow.

    Raises NotPermitted.
    """
    if not may(actor, permission):
        raise NotPermitted("この操作は、あなたの職種ではできません。担当の方に依頼してください。")


def visible_stays(actor: Actor) -> SelectOfScalar[Stay]:
    """Start a query over the stays that this person may know of.

    A hospital sees its own stays. An office or centre sees those that it plans
    for now, or gets a copy of, or was sent a handoff about — the person's own
    clients and those that nobody has taken yet, and a colleague's only while the
    logged switch is on. Somebody who wants no contact or withdrew their consent is
    shown to no office, and to none of a kind that they do not want told.
    Once the region's time after a discharge is over, no office sees it any more.
    Everybody else sees none, and nobody a stay that was cancelled or erased.
    """
    query = _reached(actor)
    return query if UNTOLD[actor.role] else query.where(*_wished(actor))


def kept_from(actor: Actor) -> SelectOfScalar[Stay]:
    """Start a query over the stays that only the person's own answers keep from somebody.

    To be counted and never shown.
    """
    unwished = sa.false() if UNTOLD[actor.role] else sa.not_(sa.and_(*_wished(actor)))
    return _reached(actor).where(unwished)


def _reached(actor: Actor) -> SelectOfScalar[Stay]:
    query = select(Stay).where(is_registered(), col(Stay.erased_at).is_(None))
    reach = reach_of(actor.role, with_colleagues=actor.with_colleagues)
    if not may(actor, Permission.STAY_READ) or not reach:
        return query.where(sa.false())
    if not UNTOLD[actor.role]:
        query = query.where(
            col(Stay.wants_no_contact).is_(False), col(Stay.offices_ended_at).is_(None)
        )
    return query.where(sa.or_(*_stands(actor, reach)))


def _wished(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """That the latest answers of the person do not forbid that this organization is told."""
    answer = (
        select(Consent.answer)
        .where(Consent.stay_id == Stay.id)
        .order_by(col(Consent.id).desc())
        .limit(1)
        .correlate(Stay)
        .scalar_subquery()
    )
    said = SharingReservation
    reserved = (
        select(said.reserved)
        .where(said.stay_id == Stay.id, said.receiver == RECEIVER_OF.get(actor.kind))
        .order_by(col(said.id).desc())
        .limit(1)
        .correlate(Stay)
        .scalar_subquery()
    )
    return [
        sa.or_(answer.is_(None), answer != ConsentAnswer.WITHHELD),
        sa.or_(reserved.is_(None), reserved.is_(False)),
    ]


def _stands(actor: Actor, reach: frozenset[Relation]) -> list[sa.ColumnElement[bool]]:
    """The conditions on a stay, one of which must hold, for somebody to reach it."""
    office = actor.organization_id
    ways: list[sa.ColumnElement[bool]] = []
    if Relation.HOUSE in reach:
        ways.append(col(Stay.hospital_id) == office)
    planning = [_PLANNING[relation](actor) for relation in sorted(reach & _PLANNING.keys())]
    found = []
    if planning:
        found.append(select(PlanOffice.stay_id).where(sa.or_(*planning)))
    if Relation.TOLD in reach:
        told = select(Handoff.stay_id).where(
            Handoff.receiver == Party.COMMUNITY_SUPPORT_CENTER,
            Handoff.receiver_id == office,
            col(Handoff.sent_at).is_not(None),
            col(Handoff.withdrawn_at).is_(None),
        )
        found.append(told)
    if found:
        # One list, not one or the other: PostgreSQL would look at every stay there is.
        ways.append(col(Stay.id).in_(sa.union_all(*found)))
    return ways


def _plans(actor: Actor, *more: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.and_(
        col(PlanOffice.superseded).is_(False),
        col(PlanOffice.organization_id) == actor.organization_id,
        *more,
    )


_PLANNING: dict[Relation, Callable[[Actor], sa.ColumnElement[bool]]] = {
    Relation.CLIENT: lambda actor: _plans(actor, col(PlanOffice.care_manager_id) == actor.staff_id),
    Relation.UNTAKEN: lambda actor: _plans(actor, col(PlanOffice.care_manager_id).is_(None)),
    Relation.COLLEAGUES: _plans,
    Relation.COPIED: lambda actor: sa.and_(
        col(PlanOffice.superseded).is_(False),
        col(PlanOffice.via_center_id) == actor.organization_id,
    ),
    Relation.FORMER: lambda actor: sa.and_(
        col(PlanOffice.superseded).is_(True),
        col(PlanOffice.organization_id) == actor.organization_id,
    ),
}
"""What a row of the plan offices must say for each relation."""


def find_stay(session: Session, actor: Actor, stay_id: int) -> Stay:
    """Find a stay that the person may know of, locked if the session writes.

    Raises NotVisible; a stay that exists elsewhere looks like one that does not.
    """
    query = visible_stays(actor).where(Stay.id == stay_id)
    if writes(session):
        query = query.with_for_update(of=Stay)
    stay = session.exec(query).one_or_none()
    if stay is None:
        raise NotVisible
    return stay


def find_handoff(session: Session, actor: Actor, handoff_id: int) -> tuple[Stay, Handoff]:
    """Find a handoff together with its stay.

    Raises NotVisible, as `find_stay` does.
    """
    of_stay = select(Handoff.stay_id).where(Handoff.id == handoff_id)
    stay_id = session.exec(of_stay).one_or_none()
    if stay_id is None:
        raise NotVisible
    stay = find_stay(session, actor, stay_id)
    # Read only now: whoever held the lock on the stay may just have changed the handoff.
    return stay, session.get_one(Handoff, handoff_id, populate_existing=True)


def may_note_concern(session: Session, actor: Actor, stay: Stay) -> bool:
    """Whether somebody could be named by a record of 虐待の疑い of this stay.

    A social worker of its hospital, or the client's own care manager: not their colleagues,
    whatever they switched on, and nobody where the client was not taken charge of.
    """
    reach = reach_for(actor.role, Permission.CONCERN_NOTE)
    if not may(actor, Permission.CONCERN_NOTE) or actor.staff_id is None:
        return False
    if Relation.HOUSE in reach:
        return stay.hospital_id == actor.organization_id
    if Relation.CLIENT not in reach:
        return False
    in_charge = select(PlanOffice.id).where(
        PlanOffice.stay_id == stay.id,
        col(PlanOffice.superseded).is_(False),
        PlanOffice.organization_id == actor.organization_id,
        PlanOffice.care_manager_id == actor.staff_id,
    )
    return not stay.wants_no_contact and session.exec(in_charge).first() is not None


def visible_concerns(actor: Actor, stay: Stay) -> SelectOfScalar[Concern]:
    """Start a query over the records of 虐待の疑い of a stay that name this person.

    The only way in. A care manager who is no longer in charge reads none.
    """
    query = select(Concern).where(Concern.stay_id == stay.id, col(Concern.ended_at).is_(None))
    if not may(actor, Permission.CONCERN_NOTE) or actor.staff_id is None:
        return query.where(sa.false())
    if actor.is_hospital:
        return query.where(
            Concern.social_worker_id == actor.staff_id,
            sa.literal(stay.hospital_id) == actor.organization_id,
        )
    in_charge = select(PlanOffice.id).where(
        PlanOffice.stay_id == Concern.stay_id,
        col(PlanOffice.superseded).is_(False),
        PlanOffice.organization_id == actor.organization_id,
        PlanOffice.care_manager_id == actor.staff_id,
    )
    return query.where(
        Concern.care_manager_id == actor.staff_id,
        in_charge.exists(),
        sa.literal(stay.wants_no_contact).is_(False),
    )
