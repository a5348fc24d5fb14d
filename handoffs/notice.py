"""A line on somebody's list about a stay, until it is acknowledged: news without a duty.

For what asks for nothing: a registration that was cancelled, a death, another plan office. The
words are those of the kind and never a person's own. Whoever may no longer see the stay still
reads the line, because they knew of it; nobody else is told.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from handoffs.errors import NotVisible
from handoffs.history import Act, record
from handoffs.parties import Actor, Organization
from handoffs.plan_office import PlanOffice, plan_office_of
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from rules.kinds import Labelled


class NoticeKind(Labelled):
    """What the line says."""

    CANCELLED = "cancelled", "入院の登録が取り消されました。引き継ぎは要りません。"
    DEATH = "death", "ご逝去により入院が終わりました。この後のお知らせはありません。"
    DISCHARGE_CORRECTED = "discharge_corrected", "退院の登録内容が直されました。"
    DISCHARGE_UNDONE = "discharge_undone", "退院の登録が取り消されました。入院が続いています。"
    PLAN_OFFICE_ENDED = "plan_office_ended", "計画作成担当が変わりました。引き継ぎは要りません。"
    PLAN_OFFICE_BEGUN = "plan_office_begun", "計画作成担当として登録されました。"
    REINSTATED = "reinstated", "取り消された入院の登録が、元に戻りました。"
    # Only of older rows: a move to another ward is a handoff (`handoffs.stays.moved_on`).
    WARD_MOVED = "ward_moved", "転棟しました。病院の窓口を確かめてください。"


class Notice(SQLModel, table=True):
    """One line for one organization, or for one of its people."""

    __tablename__ = "notice"
    __table_args__ = (
        sa.Index(
            "notice_waiting",
            "organization_id",
            sqlite_where=sa.text("acknowledged_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("acknowledged_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    organization_id: int = Field(foreign_key="organization.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    """Whose client it was; None for everybody of the organization."""
    kind: NoticeKind = Field(sa_type=coded(NoticeKind, "notice_kind"))
    made_at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: int | None = Field(default=None, foreign_key="staff.id")
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class NoticeShown:
    """One line as a list shows it. `name` is empty where the person wants no contact."""

    id: int
    kind: NoticeKind
    name: str
    code: str
    hospital: str
    made_at: datetime


def tell(
    session: Session,
    stay: Stay,
    kind: NoticeKind,
    organization_id: int,
    *,
    staff_id: int | None = None,
    now: datetime,
) -> None:
    """Put a line on the list of an organization."""
    session.add(
        Notice(
            stay_id=stay.id,
            organization_id=organization_id,
            staff_id=staff_id,
            kind=kind,
            made_at=now,
        )
    )


def tell_planner(
    session: Session,
    stay: Stay,
    kind: NoticeKind,
    *,
    plan: PlanOffice | None = None,
    now: datetime,
) -> None:
    """Tell whoever plans the person's care; nobody where the person wants no contact."""
    plan = plan or plan_office_of(session, stay.id)
    if plan is None or plan.organization_id is None or stay.wants_no_contact:
        return
    tell(session, stay, kind, plan.organization_id, staff_id=plan.care_manager_id, now=now)


def take_back(session: Session, stay_id: int, kind: NoticeKind, *, now: datetime) -> None:
    """Take a line off every list on which nobody has acknowledged it yet."""
    for notice in session.exec(
        select(Notice).where(
            Notice.stay_id == stay_id,
            Notice.kind == kind,
            col(Notice.acknowledged_at).is_(None),
            col(Notice.withdrawn_at).is_(None),
        )
    ):
        notice.withdrawn_at = now


def notices_of(session: Session, actor: Actor) -> tuple[NoticeShown, ...]:
    """The lines that wait for this person, the oldest first."""
    waiting = (
        select(Notice, Stay, Patient, Organization)
        .join(Stay, col(Stay.id) == col(Notice.stay_id))
        .join(Patient, col(Patient.id) == col(Stay.patient_id))
        .join(Organization, col(Organization.id) == col(Stay.hospital_id))
        .where(*_waits_for(actor))
        .order_by(col(Notice.id))
    )
    return tuple(
        NoticeShown(
            id=notice.id,
            kind=notice.kind,
            name="" if stay.wants_no_contact and not actor.is_hospital else patient.name,
            code=stay.code,
            hospital=hospital.name,
            made_at=notice.made_at,
        )
        for notice, stay, patient, hospital in session.exec(waiting)
    )


def acknowledge(session: Session, notice_id: int, *, by: Actor, now: datetime) -> None:
    """Take a line off the list. Raises NotVisible for a line that waits for somebody else."""
    notice = session.exec(
        select(Notice).where(Notice.id == notice_id, *_waits_for(by)).with_for_update()
    ).one_or_none()
    if notice is None:
        raise NotVisible
    notice.acknowledged_at, notice.acknowledged_by = now, by.staff_id
    record(
        session,
        by,
        Act.NOTICE_ACKNOWLEDGE,
        now=now,
        stay_id=notice.stay_id,
        detail={"notice": notice.kind.value},
    )


def _waits_for(actor: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    own = col(Notice.staff_id).is_(None) | (col(Notice.staff_id) == actor.staff_id)
    return (
        col(Notice.organization_id) == actor.organization_id,
        sa.true() if actor.with_colleagues else own,
        col(Notice.acknowledged_at).is_(None),
        col(Notice.withdrawn_at).is_(None),
    )
