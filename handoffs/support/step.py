"""One step of 入退院支援加算 that the hospital says it took, on a day, with one tap.

Rows are only added: what was written down by mistake is taken back by a row of its own. The
earliest day of a step that stands is the day that is shown. It changes no handoff and no figure.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.access import Permission, require
from handoffs.database import coded
from handoffs.errors import BadEntry, NotVisible
from handoffs.history import Act, record
from handoffs.parties import Actor
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from rules.kinds import Labelled


class SupportKind(Labelled):
    """The steps that the fee's tables count days for; the value begins the id of their clock."""

    FOUND = "find-patients", "退院困難な要因の確認"
    INTERVIEW = "interview", "患者・家族との話し合い"
    PLAN = "plan", "退院支援計画の着手"
    CONFERENCE = "conference", "多職種カンファレンス"


class SupportStep(SQLModel, table=True):
    """A step on a day, or the taking back of one (`retracts_id`)."""

    __tablename__ = "support_step"
    __table_args__ = (sa.Index("support_step_retracted_once", "retracts_id", unique=True),)

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    kind: SupportKind = Field(sa_type=coded(SupportKind, "support_kind"))
    happened_on: date
    organization_id: int = Field(foreign_key="organization.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    recorded_at: datetime
    retracts_id: int | None = Field(default=None, foreign_key="support_step.id")


def note_step(
    session: Session, stay: Stay, kind: SupportKind, on: date, *, by: Actor, now: datetime
) -> SupportStep:
    """Write down that a step was taken. Raises NotPermitted; BadEntry for a day outside the stay.

    Written down twice for one day, it stands once.
    """
    require(by, Permission.STAY_ASSESS)
    if on > day_of(now):
        raise BadEntry({"support_on": "今日より後の日です。行った日を入力してください。"})
    if on < stay.admitted_on or (stay.discharged_on is not None and on > stay.discharged_on):
        raise BadEntry({"support_on": "入院から退院までの日を入力してください。"})
    for row in steps_of(session, [stay.id])[stay.id]:
        if row.kind is kind and row.happened_on == on:
            return row
    return _add(session, stay, kind, on, by=by, now=now, act=Act.SUPPORT_NOTE)


def take_back_step(
    session: Session, stay: Stay, step_id: int, *, by: Actor, now: datetime
) -> SupportStep:
    """Take back a step. Raises NotPermitted; NotVisible for one that does not stand here."""
    require(by, Permission.STAY_ASSESS)
    for row in steps_of(session, [stay.id])[stay.id]:
        if row.id == step_id:
            act = Act.SUPPORT_TAKE_BACK
            return _add(
                session, stay, row.kind, row.happened_on, by=by, now=now, act=act, retracts=row.id
            )
    raise NotVisible


def steps_of(session: Session, stay_ids: Collection[int]) -> defaultdict[int, list[SupportStep]]:
    """The steps that stand, by stay, the earliest day first."""
    rows = session.exec(
        select(SupportStep)
        .where(col(SupportStep.stay_id).in_(stay_ids))
        .order_by(col(SupportStep.happened_on), col(SupportStep.id))
    ).all()
    taken_back = {row.retracts_id for row in rows}
    found: defaultdict[int, list[SupportStep]] = defaultdict(list)
    for row in rows:
        if row.retracts_id is None and row.id not in taken_back:
            found[row.stay_id].append(row)
    return found


def _add(
    session: Session,
    stay: Stay,
    kind: SupportKind,
    on: date,
    *,
    by: Actor,
    now: datetime,
    act: Act,
    retracts: int | None = None,
) -> SupportStep:
    row = SupportStep(
        stay_id=stay.id,
        kind=kind,
        happened_on=on,
        organization_id=by.organization_id,
        staff_id=by.staff_id,
        recorded_at=now,
        retracts_id=retracts,
    )
    session.add(row)
    record(session, by, act, now=now, stay_id=stay.id, detail={"support": kind.value, "on": on})
    return row
