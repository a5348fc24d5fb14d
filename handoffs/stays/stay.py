"""One stay in hospital, from admission to discharge.

Not "admission", which is only its first moment. Day surgery and observation in
the emergency room are no stays.
"""

from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from rules.kinds import Labelled

PLANNED_AHEAD = timedelta(days=3 * 365)
"""How far ahead a discharge can be planned; a day beyond is a slip of the year."""


class PlannedCertainty(Labelled):
    """How sure the planned discharge date is."""

    UNDECIDED = "undecided", "未定"
    ABOUT = "about", "およそ"
    FIXED = "fixed", "決定"


class Destination(Labelled):
    """Where somebody went when they left."""

    HOME = "home", "自宅（住宅型有料老人ホーム・サ高住を含む）"
    SPECIFIED_FACILITY = "specified_facility", "特定施設"
    GROUP_HOME = "group_home", "グループホーム"
    NURSING_HOME = "nursing_home", "特別養護老人ホーム"
    HEALTH_FACILITY = "health_facility", "介護老人保健施設"
    MEDICAL_FACILITY = "medical_facility", "介護医療院"
    DISABILITY_FACILITY = "disability_facility", "障害者施設"
    OTHER_HOSPITAL = "other_hospital", "他の病院（転院）"
    DEATH = "death", "死亡"
    SELF_DISCHARGE = "self_discharge", "自己退院"
    UNKNOWN = "unknown", "不明"


class Stay(SQLModel, table=True):
    """A stay. Days are days in Tokyo; a time that is not known is None.

    `code` is printed on sheets in place of a name. `version` grows with every
    change, so that two screens cannot overwrite each other unnoticed.
    """

    __tablename__ = "stay"
    __table_args__ = (
        sa.CheckConstraint(
            "discharged_on IS NULL OR discharged_on >= admitted_on", name="stay_order"
        ),
        sa.CheckConstraint(
            "planned_discharge_on IS NULL OR planned_discharge_on >= admitted_on",
            name="stay_planned_order",
        ),
        sa.CheckConstraint(
            "(planned_certainty = 'undecided') = (planned_discharge_on IS NULL)",
            name="stay_planned_certainty",
        ),
        sa.CheckConstraint(
            "(discharged_on IS NULL) = (destination IS NULL)", name="stay_destination_known"
        ),
        sa.Index("stay_discharged", "region", "discharged_on"),
        sa.Index("stay_admitted", "region", "admitted_on"),
        sa.Index(
            "stay_to_leave",
            "planned_discharge_on",
            sqlite_where=sa.text("discharged_on IS NULL"),
            postgresql_where=sa.text("discharged_on IS NULL"),
        ),
        sa.Index(
            "stay_open_once",
            "patient_id",
            unique=True,
            sqlite_where=sa.text("discharged_on IS NULL AND cancelled_at IS NULL"),
            postgresql_where=sa.text("discharged_on IS NULL AND cancelled_at IS NULL"),
        ),
        sa.Index(
            "stay_continued_once",
            "continues_id",
            unique=True,
            sqlite_where=sa.text("cancelled_at IS NULL"),
            postgresql_where=sa.text("cancelled_at IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    code: str = Field(max_length=6, unique=True)
    patient_id: int = Field(foreign_key="patient.id", index=True)
    hospital_id: int = Field(foreign_key="organization.id", index=True)
    region: str = Field(max_length=40)
    ward_id: int = Field(foreign_key="ward.id")
    admitted_on: date
    admitted_time: time | None = None
    planned_discharge_on: date | None = None
    planned_certainty: PlannedCertainty = Field(
        default=PlannedCertainty.UNDECIDED, sa_type=coded(PlannedCertainty, "planned_certainty")
    )
    discharged_on: date | None = None
    discharged_time: time | None = None
    destination: Destination | None = Field(
        default=None, sa_type=coded(Destination, "destination"), nullable=True
    )
    wants_no_contact: bool = Field(default=False)
    center_id: int | None = Field(default=None, foreign_key="organization.id")
    """The community support centre for where the person lives (圏域), if known."""
    contact_staff_id: int | None = Field(default=None, foreign_key="staff.id")
    """The hospital's main contact for this case."""
    registered_at: datetime
    version: int = Field(default=1)
    next_hospital_id: int | None = Field(default=None, foreign_key="organization.id")
    """Where a transfer went; None for a hospital that does not take part (追跡不能)."""
    continues_id: int | None = Field(default=None, foreign_key="stay.id")
    """The stay in the earlier hospital that this one goes on with: one episode, two stays."""
    cancelled_at: datetime | None = None
    """When it was found that the stay never was; from then on only its history tells of it."""
    erased_at: datetime | None = None
    """When what names the person was erased; from then on nobody opens it and it only counts."""
    offices_ended_at: datetime | None = None
    """When the time was over in which offices may open it after the discharge."""

    @property
    def is_open(self) -> bool:
        """Whether the person is still in hospital."""
        return self.discharged_on is None

    @property
    def is_untraceable(self) -> bool:
        """Whether the person went on to a hospital that does not take part (追跡不能)."""
        return self.destination is Destination.OTHER_HOSPITAL and self.next_hospital_id is None

    def left_before(self, day: date, at: time | None) -> bool:
        """Whether the person had left before a day and time.

        On the day of discharge itself, a time that is missing on either side
        counts as before leaving: people write down the day and forget the hour.
        """
        return left_before(self.discharged_on, self.discharged_time, day, at)


def left_before(left_on: date | None, left_at: time | None, day: date, at: time | None) -> bool:
    """Whether somebody who left on a day, at a time if it is known, was gone by another."""
    if left_on is None or day < left_on:
        return False
    if day > left_on:
        return True
    return at is not None and left_at is not None and at > left_at


def is_registered() -> sa.ColumnElement[bool]:
    """Ask only for stays that were: every list, count and rate begins with this condition."""
    return col(Stay.cancelled_at).is_(None)


def overlapping(
    session: Session,
    patient_id: int,
    admitted_on: date,
    discharged_on: date | None,
    *,
    but: int | None = None,
) -> Stay | None:
    """Find a stay of the same person during these days, other than `but`.

    Whoever leaves and comes back on one day has two stays that only touch.
    """
    query = select(Stay).where(
        is_registered(),
        Stay.patient_id == patient_id,
        col(Stay.discharged_on).is_(None) | (col(Stay.discharged_on) > admitted_on),
    )
    if discharged_on is not None:
        query = query.where(Stay.admitted_on < discharged_on)
    if but is not None:
        query = query.where(Stay.id != but)
    return session.exec(query.order_by(col(Stay.id)).limit(1)).first()


def wrong_planned_day(
    planned: date | None, certainty: PlannedCertainty, admitted_on: date, today: date
) -> str | None:
    """Say what is wrong with a planned discharge date; None if it can be taken."""
    if planned is not None and planned < admitted_on:
        return "退院予定日が入院日より前です。どちらかの日付を直してください。"
    if planned is not None and planned > today + PLANNED_AHEAD:
        return "退院予定日が3年以上先です。年を確かめてください。"
    if planned is not None and certainty is PlannedCertainty.UNDECIDED:
        return (
            "退院予定日を入力したときは、確かさで「およそ」か「決定」を選んでください。"
            "まだ未定のときは、退院予定日を空欄にします。"
        )
    if planned is None and certainty is not PlannedCertainty.UNDECIDED:
        return (
            f"「{certainty.label}」のときは、退院予定日を入力してください。"
            "まだ決まっていないときは「未定」を選びます。"
        )
    return None
