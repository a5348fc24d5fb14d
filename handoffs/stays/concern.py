"""虐待の疑い: what one named social worker and the client's own care manager know, and nobody else.

It is no fact of a rule, no field of a sheet and no line of a stay's history: no list, print, FAX,
difference, paste text or message can hold it, because nothing but its own page reads this table
(`handoffs.access.visible_concerns` says who may). A report (通報) is made by telephone, never here.
"""

from datetime import datetime

from sqlmodel import Field, SQLModel

LONGEST_WORDS = 500


class Concern(SQLModel, table=True):
    """One record, read by the two people whom it names. The words may be emptied later.

    `care_manager_id` is who was in charge of the client as it was written; somebody who takes the
    client over later is named by a new row, never by this one.
    """

    __tablename__ = "concern"

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    social_worker_id: int = Field(foreign_key="staff.id")
    care_manager_id: int | None = Field(default=None, foreign_key="staff.id")
    words: str = Field(default="", max_length=LONGEST_WORDS)
    noted_at: datetime
    noted_by: int = Field(foreign_key="staff.id")
    ended_at: datetime | None = None
    ended_by: int | None = Field(default=None, foreign_key="staff.id")
