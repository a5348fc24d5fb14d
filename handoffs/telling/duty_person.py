"""Who of an organization is told when the person in charge cannot be, and who leads.

Not `rules.Duty`, which is what an edition asks for: this is 当番, the person on duty.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from handoffs.errors import BadEntry
from handoffs.history import Act, record
from handoffs.parties import Actor, Staff
from rules.kinds import Labelled


class Post(Labelled):
    """For what somebody is named."""

    ON_DUTY = "on_duty", "当番"
    LEAD = "lead", "連携室長・管理者"


class DutyPerson(SQLModel, table=True):
    """Who holds a post in an organization now."""

    __tablename__ = "duty_person"
    __table_args__ = (sa.UniqueConstraint("organization_id", "post", name="duty_person_post"),)

    id: int = Field(default=None, primary_key=True)
    organization_id: int = Field(foreign_key="organization.id")
    post: Post = Field(sa_type=coded(Post, "duty_post"))
    staff_id: int = Field(foreign_key="staff.id")


def holder_of(session: Session, organization_id: int, post: Post) -> int | None:
    """Who holds a post, if they still work there."""
    return session.exec(
        select(DutyPerson.staff_id)
        .join(Staff, col(Staff.id) == col(DutyPerson.staff_id))
        .where(
            DutyPerson.organization_id == organization_id,
            DutyPerson.post == post,
            col(Staff.active).is_(True),
            Staff.organization_id == organization_id,
        )
    ).one_or_none()


def name_holder(
    session: Session, post: Post, staff_id: int | None, *, by: Actor, now: datetime
) -> None:
    """Let somebody of the own organization hold a post from now on; None leaves it empty.

    Raises BadEntry for somebody who does not work there.
    """
    staff = session.get(Staff, staff_id) if staff_id is not None else None
    if staff_id is not None and (
        staff is None or not staff.active or staff.organization_id != by.organization_id
    ):
        raise BadEntry({post.value: "職員を一覧から選び直してください。"})
    found = session.exec(
        select(DutyPerson).where(
            DutyPerson.organization_id == by.organization_id, DutyPerson.post == post
        )
    ).one_or_none()
    if (found.staff_id if found else None) == staff_id:
        return
    if found is not None and staff_id is None:
        session.delete(found)
    elif found is not None and staff_id is not None:
        found.staff_id = staff_id
    elif staff_id is not None:
        session.add(DutyPerson(organization_id=by.organization_id, post=post, staff_id=staff_id))
    record(session, by, Act.DUTY_NAME, now=now, detail={"post": post.value, "staff": staff_id})
