"""Whether the person agreed that others are told, and on which ground that rests."""

from datetime import date, datetime

from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from rules.kinds import Labelled


class ConsentGround(Labelled):
    """On what the sharing of information rests."""

    POSTED = "posted", "院内掲示による黙示の同意"
    ORAL = "oral", "口頭の同意"
    WRITTEN = "written", "書面の同意"
    FAMILY = "family", "家族の同意"
    LAW = "law", "個人情報保護法27条1項の例外"
    ENTRUSTED = "entrusted", "委託"
    JOINT_USE = "joint_use", "共同利用"


class ConsentAnswer(Labelled):
    """What the person said. The codes are those of the fact `consent_to_contact`."""

    GIVEN = "given", "同意あり"
    WITHHELD = "withheld", "同意なし"


class Consent(SQLModel, table=True):
    """One answer, on one day. Rows are added, never changed; the latest one counts."""

    __tablename__ = "consent"

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    answer: ConsentAnswer = Field(sa_type=coded(ConsentAnswer, "consent_answer"))
    ground: ConsentGround = Field(sa_type=coded(ConsentGround, "consent_ground"))
    answered_on: date
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="staff.id")


def consent_of(session: Session, stay_id: int) -> Consent | None:
    """The latest answer for a stay; None while nobody has asked."""
    return session.exec(
        select(Consent).where(Consent.stay_id == stay_id).order_by(col(Consent.id).desc()).limit(1)
    ).first()
