"""People to talk to about the patient: key person, guardian, caseworker.

"There is nobody" is something else than "not asked": the first is a row of its
own, the second is no row.
"""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from rules.kinds import Labelled


class ContactRole(Labelled):
    """In what capacity somebody is a contact."""

    KEY_PERSON = "key_person", "キーパーソン"
    MAIN_CARER = "main_carer", "主介護者"
    GUARDIAN = "guardian", "成年後見人等"
    DAILY_LIFE_SUPPORT = "daily_life_support", "日常生活自立支援事業"
    CASEWORKER = "caseworker", "福祉事務所担当者"
    NOBODY = "nobody", "身寄りなし（確認済み）"


class ContactPerson(SQLModel, table=True):
    """One person to talk to, for one stay."""

    __tablename__ = "contact_person"

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    role: ContactRole = Field(sa_type=coded(ContactRole, "contact_role"))
    name: str = Field(default="", max_length=60)
    relation: str = Field(default="", max_length=20)
    telephone: str = Field(default="", max_length=20)
    recorded_at: datetime


def contacts_of(session: Session, stay_id: int) -> list[ContactPerson]:
    """The contacts of a stay, in the order in which they were written down."""
    return list(
        session.exec(
            select(ContactPerson)
            .where(ContactPerson.stay_id == stay_id)
            .order_by(col(ContactPerson.id))
        )
    )
