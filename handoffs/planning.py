"""Saying who plans the person's care, and taking charge as a care manager.

When it changes in mid-stay, the duties move on: the new office sees the stay
and the earlier one no longer does.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from handoffs.access import Permission, require
from handoffs.decision.assessment import reassess
from handoffs.errors import BadEntry, NotPermitted
from handoffs.history import Act, record
from handoffs.notice import NoticeKind, tell_planner
from handoffs.parties import Actor, Organization, OrganizationKind
from handoffs.plan_office import (
    PlanArrangement,
    PlanOffice,
    PlanStatus,
    arrangement_for,
    care_manager_named,
    plan_office_of,
    replace_plan_office,
)
from handoffs.stays.certification import CareNeedLevel, certification_of
from handoffs.stays.stay import Stay
from rules import Library


class PlanEntry(BaseModel):
    """Who plans the person's care, as far as the ward knows."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    status: PlanStatus = PlanStatus.UNKNOWN
    organization_id: int | None = None
    care_manager_name: str = Field(default="", max_length=60)
    via_center_id: int | None = None
    arrangement: PlanArrangement | None = None


def set_plan_office(
    session: Session,
    stay: Stay,
    entry: PlanEntry,
    *,
    level: CareNeedLevel,
    by: Actor,
    now: datetime,
    is_first: bool = False,
) -> PlanOffice:
    """Write down who plans from now on; `is_first` where nobody was named for the stay before.

    Raises BadEntry for an organization that plans nobody's care.
    """
    organization = _planner(session, entry)
    row = PlanOffice(
        stay_id=stay.id,
        status=entry.status,
        arrangement=entry.arrangement,
        organization_id=None,
        care_manager_name=entry.care_manager_name,
        via_center_id=entry.via_center_id if entry.status.has_planner else None,
        recorded_at=now,
        recorded_by=by.staff_id,
    )
    if organization is not None:
        row.organization_id = organization.id
        row.care_manager_id = care_manager_named(session, organization.id, entry.care_manager_name)
        row.arrangement = entry.arrangement or arrangement_for(
            organization,
            support_level=level.group == "要支援",
            via_center_id=entry.via_center_id,
        )
    if is_first:
        session.add(row)
    else:
        replace_plan_office(session, row)
    record(
        session,
        by,
        Act.STAY_PLAN_OFFICE,
        now=now,
        stay_id=stay.id,
        detail={"status": row.status.value, "organization": row.organization_id},
    )
    return row


def _planner(session: Session, entry: PlanEntry) -> Organization | None:
    if not entry.status.has_planner:
        if entry.organization_id is not None:
            raise BadEntry(
                {
                    "plan_organization_id": "事業所を選んだときは、"
                    "担当を「決まっている」にしてください。"
                }
            )
        return None
    _check_center(session, entry.via_center_id)
    if entry.organization_id is None:
        return None
    organization = session.get(Organization, entry.organization_id)
    if organization is None or not organization.kind.plans_care:
        raise BadEntry({"plan_organization_id": "事業所を一覧から選び直してください。"})
    return organization


def _check_center(session: Session, center_id: int | None) -> None:
    """Whoever gets a copy sees the stay, so that it must be a centre and nobody else."""
    if center_id is None:
        return
    center = session.get(Organization, center_id)
    if center is None or center.kind is not OrganizationKind.COMMUNITY_SUPPORT_CENTER:
        raise BadEntry({"via_center_id": "地域包括支援センターを一覧から選び直してください。"})


def change_plan_office(
    session: Session,
    stay: Stay,
    entry: PlanEntry,
    *,
    library: Library,
    by: Actor,
    now: datetime,
    told_already: int | None = None,
) -> PlanOffice:
    """Let somebody else plan from now on, and decide again.

    Both are told, but for `told_already`: an office that knows in another way. Raises
    NotPermitted, or BadEntry for an organization that plans nobody's care.
    """
    require(by, Permission.STAY_EDIT)
    certification = certification_of(session, stay.id)
    level = certification.level if certification else CareNeedLevel.UNKNOWN
    before = plan_office_of(session, stay.id)
    row = set_plan_office(session, stay, entry, level=level, by=by, now=now)
    stay.version += 1
    if before is not None and before.organization_id not in {None, row.organization_id}:
        # Both are told: the earlier office no longer sees the stay.
        if before.organization_id != told_already:
            tell_planner(session, stay, NoticeKind.PLAN_OFFICE_ENDED, plan=before, now=now)
        tell_planner(session, stay, NoticeKind.PLAN_OFFICE_BEGUN, plan=row, now=now)
    reassess(session, stay, library=library, by=by, now=now)
    return row


def take_charge(session: Session, stay: Stay, *, by: Actor, now: datetime) -> None:
    """Become the care manager of a client whom nobody of the own office has taken yet.

    Raises NotPermitted if the office does not plan here or a colleague has taken it.
    """
    require(by, Permission.STAY_TAKE)
    plan = plan_office_of(session, stay.id)
    if plan is None or plan.organization_id != by.organization_id:
        raise NotPermitted("この方の計画作成担当は、あなたの事業所ではありません。")
    if plan.care_manager_id == by.staff_id:
        return
    if plan.care_manager_id is not None:
        raise NotPermitted("同じ事業所の別の方が、すでに担当になっています。")
    plan.care_manager_id = by.staff_id
    plan.care_manager_name = by.name
    record(session, by, Act.STAY_TAKE, now=now, stay_id=stay.id)
