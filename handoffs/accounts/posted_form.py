"""Which forms have been taken in: posting one again leads to the same page and does nothing."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class PostedForm(SQLModel, table=True):
    """A form that has been taken in once; posting it again leads to the same page."""

    __tablename__ = "posted_form"

    form_id: str = Field(primary_key=True, max_length=64)
    staff_id: int = Field(foreign_key="staff.id")
    location: str = Field(max_length=200)
    posted_at: datetime
