"""The rows that an export takes, as queries: all of a site, or what one organization reaches.

A stay whose person wants this kind of organization not told, or whose whereabouts are hidden
(所在秘匿), stays out of the export of anybody but its hospital; how many they are is told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, func, select

from handoffs.access import kept_from, visible_stays
from handoffs.keeping.export_plan import SCOPES, Scope, left_out
from handoffs.parties import Actor, Organization, OrganizationKind, Role
from handoffs.sheets.access import OWN as OWN_SHEETS
from handoffs.sheets.reservation import ReceiverKind, SharingReservation
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay

_TABLES = SQLModel.metadata.tables
Condition = sa.ColumnElement[bool]

_WORK = {
    OrganizationKind.HOSPITAL: Role.WARD_NURSE,
    OrganizationKind.CARE_SUPPORT_OFFICE: Role.CARE_MANAGER,
    OrganizationKind.SMALL_MULTIFUNCTIONAL: Role.CARE_MANAGER,
    OrganizationKind.COMMUNITY_SUPPORT_CENTER: Role.CENTER_STAFF,
    OrganizationKind.HEALTH_CENTER: Role.HEALTH_OFFICER,
}
_RESERVED = {
    OrganizationKind.CARE_SUPPORT_OFFICE: ReceiverKind.CARE_MANAGER,
    OrganizationKind.SMALL_MULTIFUNCTIONAL: ReceiverKind.CARE_MANAGER,
    OrganizationKind.COMMUNITY_SUPPORT_CENTER: ReceiverKind.CENTER,
}


@dataclass(frozen=True)
class Asker:
    """Who gets the export: an organization that sees all of its own clients, or the whole site."""

    actor: Actor | None
    """None for the whole site."""

    @property
    def name(self) -> str:
        """What a file calls it."""
        return "site" if self.actor is None else f"organization-{self.actor.organization_id}"


def asker_of(organization: Organization | None) -> Asker:
    """Make the asker: the organization as a whole, as the policy table lets its people see."""
    if organization is None:
        return Asker(None)
    actor = Actor(
        staff_id=None,
        name="",
        role=_WORK[organization.kind],
        organization_id=organization.id,
        organization=organization.name,
        kind=organization.kind,
        region=organization.region,
    )
    return Asker(replace(actor, with_colleagues=True))


def rows_of(table: str, asker: Asker) -> sa.Select[Any] | None:
    """The rows and columns of a table that the asker gets, in order; None where it gets none."""
    scope = SCOPES.get(table, Scope.NOT_AT_ALL)
    found = _TABLES[table]
    columns: list[Any] = [c for c in found.columns if c.name not in left_out(table)]
    if scope is Scope.NOT_AT_ALL:
        return None
    query = sa.select(*columns)
    if asker.actor is not None:
        condition = _condition(table, scope, asker.actor)
        if condition is None:
            return None
        if table == "statement":
            columns = [_as_told(column, asker.actor) for column in columns]
            query = sa.select(*columns)
        if table == "patient" and not asker.actor.is_hospital:
            # The hospital's own number for the person: no screen of an office shows it either.
            unsaid = {"hospital_number": sa.null().label("hospital_number")}
            query = sa.select(*(unsaid.get(c.name, c) for c in columns))
        query = query.where(condition)
    return query.order_by(*found.primary_key.columns)


def kept_back(session: Session, asker: Asker) -> int:
    """How many stays that the organization reaches stay out, because the person wished so."""
    if asker.actor is None:
        return 0
    every = visible_stays(asker.actor).with_only_columns(col(Stay.id)).subquery()
    kept = kept_from(asker.actor).with_only_columns(col(Stay.id)).subquery()
    told = _stays(asker.actor).subquery()
    return (
        session.exec(select(func.count()).select_from(every)).one()
        + session.exec(select(func.count()).select_from(kept)).one()
        - session.exec(select(func.count()).select_from(told)).one()
    )


def _stays(actor: Actor) -> sa.Select[Any]:
    """The ids of the stays that go into the export of an organization."""
    query = visible_stays(actor).with_only_columns(col(Stay.id))
    kind = _RESERVED.get(actor.kind)
    if kind is None:
        return query
    said = SharingReservation
    latest = (
        select(func.max(said.id))
        .where(said.receiver == kind)
        .group_by(col(said.stay_id))
        .scalar_subquery()
    )
    reserved = select(said.stay_id).where(col(said.id).in_(latest), col(said.reserved))
    hidden = select(Patient.id).where(col(Patient.whereabouts_hidden))
    return query.where(col(Stay.id).not_in(reserved), col(Stay.patient_id).not_in(hidden))


def _condition(table: str, scope: Scope, actor: Actor) -> Condition | None:
    """Which rows of a table; None where an organization gets none of them."""
    columns, own = _TABLES[table].columns, actor.organization_id
    if scope is Scope.SITE:
        return None
    if scope in {Scope.REGION, Scope.HEALTH_CENTER}:
        return _of_region(table, scope, actor)
    if scope is Scope.HOUSE:
        return _of_house(table, actor)
    mine = _MINE[table](columns, own) if scope is Scope.OWN else sa.true()
    if table == "patient":
        return columns.id.in_(
            select(Stay.patient_id).where(col(Stay.id).in_(_stays(actor))).distinct()
        )
    if table == "sheet_version":
        mine = sa.or_(columns.sheet.not_in(sorted(OWN_SHEETS)), columns.organization_id == own)
    return sa.and_(_of_stay(table, _stays(actor)), mine)


def _of_stay(table: str, stays: sa.Select[Any]) -> Condition:
    columns = _TABLES[table].columns
    if table == "stay":
        return columns.id.in_(stays)
    if "stay_id" in columns:
        found = columns.stay_id.in_(stays)
        return sa.or_(found, columns.stay_id.is_(None)) if columns.stay_id.nullable else found
    through = "sheet_draft" if "draft_id" in columns else "handoff"
    key = columns.draft_id if "draft_id" in columns else columns.handoff_id
    other = _TABLES[through].columns
    return key.in_(sa.select(other.id).where(other.stay_id.in_(stays)))


def _of_region(table: str, scope: Scope, actor: Actor) -> Condition | None:
    if scope is Scope.HEALTH_CENTER and actor.kind is not OrganizationKind.HEALTH_CENTER:
        return None
    columns = _TABLES[table].columns
    if "region" in columns:
        return columns.region == actor.region
    there = select(Organization.id).where(Organization.region == actor.region)
    return columns.hospital_id.in_(there)


def _of_house(table: str, actor: Actor) -> Condition:
    columns, own = _TABLES[table].columns, actor.organization_id
    for name in ("hospital_id", "organization_id"):
        if name in columns:
            return columns[name] == own
    if table == "delegation":
        return sa.or_(columns.center_id == own, columns.office_id == own)
    staff = _TABLES["staff"].columns
    return columns.staff_id.in_(sa.select(staff.id).where(staff.organization_id == own))


def _drafted(columns: Any, own: int) -> Condition:  # noqa: ANN401 - columns of a table.
    draft = _TABLES["sheet_draft"].columns
    return columns.draft_id.in_(sa.select(draft.id).where(draft.organization_id == own))  # type: ignore[no-any-return]


def _attached(columns: Any, own: int) -> Condition:  # noqa: ANN401 - columns of a table.
    """An own PDF, or one that went along with a sheet that was handed over."""
    version = _TABLES["sheet_version"].columns
    went = sa.select(version.attachment_id).where(
        version.handed_over_id.is_not(None), version.attachment_id.is_not(None)
    )
    return sa.or_(columns.organization_id == own, columns.id.in_(went))


def _by(*names: str) -> Callable[[Any, int], Condition]:
    return lambda columns, own: sa.or_(*(columns[name] == own for name in names))


_MINE: Mapping[str, Callable[[Any, int], Condition]] = {
    "acknowledgement": _by("organization_id"),
    "case_link": _by("hospital_id"),
    "fax_sending": _by("hospital_id"),
    "message": _by("organization_id", "sender_id"),
    "notice": _by("organization_id"),
    "sheet_answer": _drafted,
    "sheet_attachment": _attached,
    "sheet_draft": _by("organization_id"),
    "survey_answer": _by("organization_id"),
}


def _as_told(column: sa.Column[Any], actor: Actor) -> sa.ColumnElement[Any]:
    """A column of a statement, empty where only the side that made it reads it."""
    said, handoff = _TABLES["statement"].columns, _TABLES["handoff"].columns
    own = said.organization_id == actor.organization_id
    side = sa.and_(own, (said.side == "hospital") == sa.literal(actor.is_hospital))
    received = sa.select(handoff.id).where(handoff.receiver_id == actor.organization_id)
    outcomes = received.where(handoff.kind == "outcome")
    to_us = sa.or_(
        sa.and_(said.side == "hospital", said.handoff_id.in_(received)),
        sa.and_(said.side != "hospital", said.handoff_id.in_(outcomes)),
    )
    if column.name == "counterpart":
        return sa.case((side, column), else_="").label(column.name)
    if column.name == "content":
        return sa.case((sa.or_(side, to_us), column), else_="").label(column.name)
    if column.name == "happened_time":
        return sa.case((sa.or_(side, to_us), column), else_=None).label(column.name)
    return column
