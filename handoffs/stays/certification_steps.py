"""認定までの歩み: what a community support centre states on the way from application to planner.

Application, survey, certification, planner decided: dated events, each stated by a centre and
taken back by that centre alone, so that the hospital need not ring to ask how far it is. The
record's own certification stays what the hospital wrote: a step changes no decision. Rows are never
deleted. Never commits.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.access import Permission, require
from handoffs.database import coded
from handoffs.errors import BadEntry, NotVisible
from handoffs.history import Act, record
from handoffs.parties import Actor, Organization, Staff, organizations_by_id
from handoffs.stays.certification import CareNeedLevel
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from rules.kinds import Labelled


class Step(Labelled):
    """One step on the way, in the order in which they usually come."""

    APPLIED = "applied", "申請"
    SURVEYED = "surveyed", "調査"
    CERTIFIED = "certified", "認定"
    ASSIGNED = "assigned", "担当決定"

    @property
    def words(self) -> str:
        """What has happened once the step is there."""
        return _WORDS[self.value]


_WORDS = {
    "applied": "認定を申請した",
    "surveyed": "認定調査が済んだ",
    "certified": "認定の結果が出た",
    "assigned": "担当の事業所が決まった",
}


class CertificationStep(SQLModel, table=True):
    """One statement. `level` goes with CERTIFIED, `office_id` with ASSIGNED; both may be open."""

    __tablename__ = "certification_step"

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    organization_id: int = Field(foreign_key="organization.id")
    step: Step = Field(sa_type=coded(Step, "certification_step_kind"))
    happened_on: date
    level: CareNeedLevel | None = Field(
        default=None, sa_type=coded(CareNeedLevel, "certification_step_level"), nullable=True
    )
    office_id: int | None = Field(default=None, foreign_key="organization.id")
    stated_at: datetime
    stated_by: int = Field(foreign_key="staff.id")
    retracted_at: datetime | None = None
    retracted_by: int | None = Field(default=None, foreign_key="staff.id")


@dataclass(frozen=True)
class StepEntry:
    """What somebody states: which step, on which day, and what came of it."""

    step: Step
    happened_on: date
    level: CareNeedLevel | None = None
    office_id: int | None = None


@dataclass(frozen=True)
class StepShown:
    """One step of the four as a page shows it; `id` is 0 where nobody has stated it."""

    step: Step
    id: int = 0
    on: date | None = None
    level: CareNeedLevel | None = None
    office: str = ""
    by: str = ""
    center: str = ""
    at: datetime | None = None
    may_retract: bool = False


def state_step(
    session: Session, stay: Stay, entry: StepEntry, *, by: Actor, now: datetime
) -> CertificationStep:
    """Write a step down; what the own centre said of it before is taken back by it.

    What another centre said of the same step stays: the latest that stands is shown.
    Raises NotPermitted, or BadEntry with a message for each field.
    """
    require(by, Permission.STEP_STATE)
    wrong = {}
    if entry.happened_on > day_of(now):
        wrong["happened_on"] = (
            "今日までの日付を入力してください。まだのときは、済んでからにします。"
        )
    office = session.get(Organization, entry.office_id) if entry.office_id else None
    if entry.office_id and (office is None or not office.kind.plans_care):
        wrong["office_id"] = "事業所を一覧から選び直してください。"
    if wrong:
        raise BadEntry(wrong)
    for former in _standing(session, stay.id):
        if former.step is entry.step and former.organization_id == by.organization_id:
            _take_back(session, former, by, now)
    row = CertificationStep(
        stay_id=stay.id,
        organization_id=by.organization_id,
        step=entry.step,
        happened_on=entry.happened_on,
        level=entry.level if entry.step is Step.CERTIFIED else None,
        office_id=entry.office_id if entry.step is Step.ASSIGNED else None,
        stated_at=now,
        stated_by=by.person_id,
    )
    session.add(row)
    session.flush()
    record(
        session,
        by,
        Act.STEP_STATE,
        now=now,
        stay_id=stay.id,
        detail={"step": entry.step.value, "on": entry.happened_on, "statement": row.id},
    )
    return row


def retract_step(session: Session, stay: Stay, step_id: int, *, by: Actor, now: datetime) -> None:
    """Take a step of the own centre back. Raises NotPermitted or NotVisible."""
    require(by, Permission.STEP_STATE)
    row = session.get(CertificationStep, step_id)
    if row is None or row.stay_id != stay.id or row.organization_id != by.organization_id:
        raise NotVisible
    if row.retracted_at is None:
        _take_back(session, row, by, now)


def steps_shown(session: Session, actor: Actor, stay_id: int) -> tuple[StepShown, ...]:
    """The four steps of a stay that the caller may see, stated or not, in their usual order."""
    return steps_of(session, actor, (stay_id,))[stay_id]


def steps_of(
    session: Session, actor: Actor, stay_ids: tuple[int, ...]
) -> dict[int, tuple[StepShown, ...]]:
    """The four steps of several stays, as `steps_shown`."""
    rows = session.exec(
        select(CertificationStep, Staff.name)
        .join(Staff, col(Staff.id) == col(CertificationStep.stated_by))
        .where(
            col(CertificationStep.stay_id).in_(stay_ids),
            col(CertificationStep.retracted_at).is_(None),
        )
        .order_by(col(CertificationStep.id))
    ).all()
    named = organizations_by_id(
        session, {key for row, _ in rows for key in (row.organization_id, row.office_id) if key}
    )
    found = {
        (row.stay_id, row.step): StepShown(
            step=row.step,
            id=row.id,
            on=row.happened_on,
            level=row.level,
            office=named[row.office_id].name if row.office_id else "",
            by=name,
            center=named[row.organization_id].name,
            at=row.stated_at,
            may_retract=row.organization_id == actor.organization_id,
        )
        for row, name in rows
    }
    return {
        stay_id: tuple(found.get((stay_id, step), StepShown(step)) for step in Step)
        for stay_id in stay_ids
    }


def _standing(session: Session, stay_id: int) -> list[CertificationStep]:
    return list(
        session.exec(
            select(CertificationStep).where(
                CertificationStep.stay_id == stay_id,
                col(CertificationStep.retracted_at).is_(None),
            )
        )
    )


def _take_back(session: Session, row: CertificationStep, by: Actor, now: datetime) -> None:
    row.retracted_at, row.retracted_by = now, by.staff_id
    record(
        session,
        by,
        Act.STEP_RETRACT,
        now=now,
        stay_id=row.stay_id,
        detail={"step": row.step.value, "on": row.happened_on, "statement": row.id},
    )
