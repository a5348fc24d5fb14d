"""What the long-term care insurance says of a person: level, application, validity.

Level and application are two things: somebody in 区分変更中 keeps the level.
Rows are added, never changed; the latest one counts.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from rules.kinds import Labelled


class CareNeedLevel(Labelled):
    """要介護度. The codes are those of the fact `care_level`."""

    UNKNOWN = "unknown", "不明"
    NONE = "none", "認定なし（非該当・未申請）"
    TARGET = "target", "事業対象者"
    SUPPORT_1 = "support_1", "要支援1"
    SUPPORT_2 = "support_2", "要支援2"
    CARE_1 = "care_1", "要介護1"
    CARE_2 = "care_2", "要介護2"
    CARE_3 = "care_3", "要介護3"
    CARE_4 = "care_4", "要介護4"
    CARE_5 = "care_5", "要介護5"

    @property
    def group(self) -> str:
        """The group that regions publish by: 要介護, 要支援 or neither."""
        if self.value.startswith("care_"):
            return "要介護"
        return "要支援" if self.value.startswith("support_") else ""


class Application(Labelled):
    """認定申請の状況. The codes are those of the fact `application`."""

    UNKNOWN = "unknown", "不明"
    NONE = "none", "申請中でない"
    NEW = "new", "新規申請中"
    RENEWAL = "renewal", "更新申請中"
    CHANGE = "change", "区分変更申請中"


class InsuredCategory(Labelled):
    """被保険者区分. The codes are those of the fact `insured_category`."""

    UNKNOWN = "unknown", "不明"
    FIRST = "first", "第1号（65歳以上）"
    SECOND = "second", "第2号（40〜64歳）"
    DEEMED_SECOND = "deemed_second", "みなし2号"
    UNDER_40 = "under_40", "40歳未満"


class Certification(SQLModel, table=True):
    """What was known of a person's certification during a stay, and since when we know it."""

    __tablename__ = "certification"
    __table_args__ = (
        sa.CheckConstraint(
            "valid_from IS NULL OR valid_until IS NULL OR valid_from <= valid_until",
            name="certification_validity",
        ),
    )

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    level: CareNeedLevel = Field(sa_type=coded(CareNeedLevel, "care_need_level"))
    application: Application = Field(sa_type=coded(Application, "care_application"))
    insured_category: InsuredCategory = Field(sa_type=coded(InsuredCategory, "insured_category"))
    valid_from: date | None = None
    valid_until: date | None = None
    insurer_number: str | None = Field(default=None, max_length=6)
    insured_number: str | None = Field(default=None, max_length=10)
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="staff.id")

    def group_on(self, day: date) -> str:
        """要介護, 要支援 or nothing, by the level that was valid on a day."""
        return group_of(self.level, self.application, self.valid_until, day)


def group_of(
    level: CareNeedLevel, application: Application, valid_until: date | None, day: date
) -> str:
    """要介護, 要支援 or nothing, by what was valid on a day; a renewal under way keeps it."""
    lapsed = valid_until is not None and valid_until < day
    return "" if lapsed and application is not Application.RENEWAL else level.group


def insured_category_of(birth_on: date, day: date) -> InsuredCategory:
    """The insured category that follows from the age alone.

    Between 40 and 64 the age does not say whether somebody is insured (第2号) or
    on public assistance (みなし2号), so the answer is unknown.
    """
    age = age_on(birth_on, day)
    if age >= 65:  # noqa: PLR2004 - the age of 第1号被保険者.
        return InsuredCategory.FIRST
    return InsuredCategory.UNDER_40 if age < 40 else InsuredCategory.UNKNOWN  # noqa: PLR2004


def age_on(birth_on: date, day: date) -> int:
    """Age in full years on a day."""
    before_birthday = (day.month, day.day) < (birth_on.month, birth_on.day)
    return day.year - birth_on.year - before_birthday


def certification_of(session: Session, stay_id: int) -> Certification | None:
    """The latest certification known for a stay."""
    return session.exec(
        select(Certification)
        .where(Certification.stay_id == stay_id)
        .order_by(col(Certification.id).desc())
        .limit(1)
    ).first()
