"""Who plans the person's care this month (計画作成担当), and who that tells.

"No care manager" is three things: nobody yet, a contract that rests during a
long stay, and not known. Rows are added when it changes; the latest one counts,
so a care manager of an earlier month no longer sees the stay.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from handoffs.parties import Organization, Staff
from rules.kinds import Labelled


class PlanStatus(Labelled):
    """Whether somebody plans. The codes are those of the fact `care_manager`."""

    UNKNOWN = "unknown", "不明"
    ASSIGNED = "assigned", "決まっている"
    UNASSIGNED = "unassigned", "決まっていない"
    PAUSED = "paused", "契約を休止中"

    @property
    def has_planner(self) -> bool:
        """Whether somebody plans, or did until the contract was paused."""
        return self in {PlanStatus.ASSIGNED, PlanStatus.PAUSED}


class PlanArrangement(Labelled):
    """By which arrangement an organization plans."""

    OFFICE = "office", "居宅介護支援事業所"
    CENTER = "center", "地域包括支援センター（直営）"
    DELEGATED = "delegated", "委託先の居宅介護支援事業所"
    DESIGNATED = "designated", "介護予防支援の指定を受けた居宅介護支援事業所"
    SMALL_MULTIFUNCTIONAL = "small_multifunctional", "小規模多機能・看護小規模多機能"
    FACILITY = "facility", "施設の介護支援専門員"
    SELF = "self", "セルフプラン"


class PlanOffice(SQLModel, table=True):
    """Who planned from some moment on. `via_center_id` gets a copy (委託)."""

    __tablename__ = "plan_office"
    __table_args__ = (
        sa.CheckConstraint(
            "status IN ('assigned', 'paused') OR organization_id IS NULL",
            name="plan_office_status",
        ),
        sa.Index(
            "plan_office_current",
            "stay_id",
            unique=True,
            sqlite_where=sa.text("NOT superseded"),
            postgresql_where=sa.text("NOT superseded"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    status: PlanStatus = Field(sa_type=coded(PlanStatus, "plan_status"))
    arrangement: PlanArrangement | None = Field(
        default=None, sa_type=coded(PlanArrangement, "plan_arrangement"), nullable=True
    )
    organization_id: int | None = Field(default=None, foreign_key="organization.id", index=True)
    care_manager_id: int | None = Field(default=None, foreign_key="staff.id")
    care_manager_name: str = Field(default="", max_length=60)
    via_center_id: int | None = Field(default=None, foreign_key="organization.id")
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="staff.id")
    superseded: bool = Field(default=False)
    """Whether a later row counts instead; kept so that a query can find the current one."""


_CURRENT = select(PlanOffice).where(
    col(PlanOffice.stay_id) == sa.bindparam("stay_id"), col(PlanOffice.superseded).is_(False)
)
# Built once, because every verb asks it: building a question costs as much as asking it.


def plan_office_of(session: Session, stay_id: int) -> PlanOffice | None:
    """Who plans now, as far as is known."""
    return session.exec(_CURRENT, params={"stay_id": stay_id}).one_or_none()


def replace_plan_office(session: Session, row: PlanOffice) -> PlanOffice:
    """Let a new row count from now on."""
    current = plan_office_of(session, row.stay_id)
    if current is not None:
        current.superseded = True
        session.flush()  # The database allows one current row for each stay.
    session.add(row)
    return row


_WORKING_FOR = select(Staff.id, Staff.name).where(
    col(Staff.organization_id) == sa.bindparam("organization_id"), col(Staff.active).is_(True)
)


def care_manager_named(session: Session, organization_id: int, name: str) -> int | None:
    """Find a care manager of an office by the exact name, spaces aside."""
    wanted = "".join(name.split())
    if not wanted:
        return None
    staff = session.exec(_WORKING_FOR, params={"organization_id": organization_id})
    found = [id_ for id_, name in staff if "".join(name.split()) == wanted]
    return found[0] if len(found) == 1 else None


def arrangement_for(
    organization: Organization, *, support_level: bool, via_center_id: int | None
) -> PlanArrangement:
    """A first guess of the arrangement; the hospital may say otherwise."""
    kind = organization.kind.value
    if kind == "small_multifunctional":
        return PlanArrangement.SMALL_MULTIFUNCTIONAL
    if kind == "community_support_center":
        return PlanArrangement.CENTER
    if via_center_id is not None:
        return PlanArrangement.DELEGATED
    return PlanArrangement.DESIGNATED if support_level else PlanArrangement.OFFICE
