"""Who may see and do what. The whole of it stands here.

A permission says what kind of act somebody may do at all. Which stays they may
do it with is a second question, and every query for a person's data asks it by
taking the actor: `visible_stays(actor)` is the only way in.
"""

from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from handoffs.database import writes
from handoffs.errors import NotPermitted, NotVisible
from handoffs.handoff import Handoff
from handoffs.parties import HOSPITAL_ROLES, PLANNING_ROLES, Actor, Role
from handoffs.plan_office import PlanOffice
from handoffs.stays.concern import Concern
from handoffs.stays.stay import Stay, is_registered
from rules import Party


class Permission(StrEnum):
    """What somebody may do. `<subject>:<action>`; the list is alphabetical."""

    ACCOUNT_OWN = "account:own"
    BACKTEST_RUN = "backtest:run"
    COLLEAGUES_SHOW = "colleagues:show"
    CONCERN_NOTE = "concern:note"
    CONTACTS_CONFIRM = "contacts:confirm"
    EVIDENCE_READ = "evidence:read"
    FIGURES_WRITE = "figures:write"
    HANDOFF_CONFIRM = "handoff:confirm"
    HANDOFF_SEND = "handoff:send"
    HANDOFF_SHEET = "handoff:sheet"
    HANDOFF_WAIVE = "handoff:waive"
    HOURS_EDIT = "hours:edit"
    RATES_READ = "rates:read"
    RECORD_CHECK_READ = "record_check:read"
    REGION_READ = "region:read"
    REGION_SET = "region:set"
    ROSTER_KEEP = "roster:keep"
    RULES_TRY = "rules:try"
    SHADOW_KEEP = "shadow:keep"
    SHEET_WRITE = "sheet:write"
    STATEMENT_MAKE = "statement:make"
    STAY_ADMIT = "stay:admit"
    STAY_ASSESS = "stay:assess"
    STAY_DISCHARGE = "stay:discharge"
    STAY_EDIT = "stay:edit"
    STAY_READ = "stay:read"
    STAY_TAKE = "stay:take"
    STEP_STATE = "step:state"
    SURVEY_ANSWER = "survey:answer"
    SURVEY_OPEN = "survey:open"


_EVERYBODY = frozenset(
    {Permission.ACCOUNT_OWN, Permission.CONTACTS_CONFIRM, Permission.REGION_READ}
)
_HANDOFFS = _EVERYBODY | frozenset(
    {
        Permission.EVIDENCE_READ,
        Permission.HANDOFF_CONFIRM,
        Permission.HANDOFF_SEND,
        Permission.HANDOFF_SHEET,
        Permission.HANDOFF_WAIVE,
        Permission.HOURS_EDIT,
        Permission.RULES_TRY,
        Permission.SHEET_WRITE,
        Permission.STATEMENT_MAKE,
        Permission.STAY_READ,
    }
)
_HOSPITAL = _HANDOFFS | {
    Permission.BACKTEST_RUN,
    Permission.RECORD_CHECK_READ,
    Permission.SHADOW_KEEP,
    Permission.STAY_ADMIT,
    Permission.STAY_ASSESS,
    Permission.STAY_DISCHARGE,
    Permission.STAY_EDIT,
}
_PLANNING = _HANDOFFS | {
    Permission.COLLEAGUES_SHOW,
    Permission.CONCERN_NOTE,
    Permission.ROSTER_KEEP,
    Permission.STAY_TAKE,
    Permission.SURVEY_ANSWER,
}
SOCIAL_WORKERS = (Role.SOCIAL_WORKER, Role.PSYCHIATRIC_SOCIAL_WORKER)
"""Whom a record of 虐待の疑い can name in a hospital."""

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    **dict.fromkeys(HOSPITAL_ROLES, _HOSPITAL),
    **dict.fromkeys(SOCIAL_WORKERS, _HOSPITAL | {Permission.CONCERN_NOTE}),
    **dict.fromkeys(PLANNING_ROLES, _PLANNING),
    Role.CENTER_STAFF: _PLANNING | {Permission.STEP_STATE},
    Role.HEALTH_OFFICER: _EVERYBODY
    | frozenset(
        {
            Permission.BACKTEST_RUN,
            Permission.FIGURES_WRITE,
            Permission.RATES_READ,
            Permission.REGION_SET,
            Permission.RULES_TRY,
            Permission.SURVEY_OPEN,
        }
    ),
}
"""The whole table. A health centre works with counts and reaches no stay at all."""


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
    logged switch is on. Somebody who wants no contact is shown to no office.
    Everybody else sees none, and nobody a stay whose registration was cancelled.
    """
    query = select(Stay).where(is_registered())
    if not may(actor, Permission.STAY_READ):
        return query.where(sa.false())
    if actor.is_hospital:
        return query.where(Stay.hospital_id == actor.organization_id)
    office = actor.organization_id
    planning = col(PlanOffice.organization_id) == office
    mine = sa.or_(
        col(PlanOffice.care_manager_id).is_(None),
        col(PlanOffice.care_manager_id) == actor.staff_id,
    )
    plans = select(PlanOffice.stay_id).where(
        col(PlanOffice.superseded).is_(False),
        sa.or_(
            planning if actor.with_colleagues else sa.and_(planning, mine),
            col(PlanOffice.via_center_id) == office,
        ),
    )
    told = select(Handoff.stay_id).where(
        Handoff.receiver == Party.COMMUNITY_SUPPORT_CENTER,
        Handoff.receiver_id == office,
        col(Handoff.sent_at).is_not(None),
        col(Handoff.withdrawn_at).is_(None),
    )
    return query.where(
        col(Stay.wants_no_contact).is_(False),
        sa.or_(col(Stay.id).in_(plans), col(Stay.id).in_(told)),
    )


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
    if not may(actor, Permission.CONCERN_NOTE) or actor.staff_id is None:
        return False
    if actor.is_hospital:
        return stay.hospital_id == actor.organization_id
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
