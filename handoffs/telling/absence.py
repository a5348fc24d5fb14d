"""Who is away from when to when, and who is told instead.

A substitute is somebody of the same organization. Whoever is away and named nobody is stood in
for by the organization's duty person. An absence that ended early is ended, not deleted.
"""

from datetime import date, datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.errors import BadEntry, NotVisible
from handoffs.history import Act, record
from handoffs.parties import Actor, Staff
from handoffs.tokyo import day_of

LONGEST = timedelta(days=2 * 366)
"""How long somebody can be away by one entry; longer is a slip of the year."""

_MOST_IN_A_CHAIN = 5


class Absence(SQLModel, table=True):
    """Somebody is away on these days, both included."""

    __tablename__ = "absence"

    id: int = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    from_on: date
    to_on: date
    substitute_id: int | None = Field(default=None, foreign_key="staff.id")
    recorded_at: datetime
    recorded_by: int = Field(foreign_key="staff.id")
    ended_at: datetime | None = None


def be_away(
    session: Session,
    from_on: date,
    to_on: date,
    substitute_id: int | None,
    *,
    by: Actor,
    now: datetime,
) -> Absence:
    """Write down that the person is away. Raises BadEntry for days or a substitute that cannot be.

    A day that has begun already may be written down: people fall ill.
    """
    if to_on < from_on:
        raise BadEntry({"to_on": "終わりの日が始まりの日より前です。どちらかを直してください。"})
    if to_on < day_of(now):
        raise BadEntry({"to_on": "終わりの日が過ぎています。これからの不在を入力してください。"})
    if to_on - from_on > LONGEST:
        raise BadEntry({"to_on": "2年を超えています。年を確かめてください。"})
    if substitute_id is not None:
        substitute = session.get(Staff, substitute_id)
        if (
            substitute is None
            or not substitute.active
            or substitute.organization_id != by.organization_id
            or substitute.id == by.staff_id
        ):
            raise BadEntry({"substitute_id": "代わりの方を、一覧から選び直してください。"})
    absence = Absence(
        staff_id=by.person_id,
        from_on=from_on,
        to_on=to_on,
        substitute_id=substitute_id,
        recorded_at=now,
        recorded_by=by.person_id,
    )
    session.add(absence)
    detail = {"from": from_on, "to": to_on, "substitute": substitute_id}
    record(session, by, Act.ABSENCE_SET, now=now, detail=detail)
    return absence


def be_back(session: Session, absence_id: int, *, by: Actor, now: datetime) -> None:
    """End an absence of one's own, before or after it began. Raises NotVisible for another's."""
    absence = session.get(Absence, absence_id)
    if absence is None or absence.staff_id != by.staff_id:
        raise NotVisible
    if absence.ended_at is None:
        absence.ended_at = now
        record(session, by, Act.ABSENCE_END, now=now, detail={"to": absence.to_on})


def absences_of(session: Session, staff_id: int, today: date) -> list[Absence]:
    """The absences of a person that go on or lie ahead, the nearest first."""
    return list(
        session.exec(
            select(Absence)
            .where(
                Absence.staff_id == staff_id,
                col(Absence.ended_at).is_(None),
                col(Absence.to_on) >= today,
            )
            .order_by(col(Absence.from_on), col(Absence.id))
        )
    )


def stand_in(session: Session, staff_id: int, today: date) -> int | None:
    """Who is to be told in place of a person today: themselves, or whoever stands in.

    None: nobody of the chain is there, or no longer works here.
    """
    seen: set[int] = set()
    current: int | None = staff_id
    while current is not None and current not in seen and len(seen) < _MOST_IN_A_CHAIN:
        seen.add(current)
        staff = session.get(Staff, current)
        if staff is None or not staff.active:
            return None
        away = [a for a in absences_of(session, current, today) if a.from_on <= today]
        if not away:
            return current
        current = next((a.substitute_id for a in away if a.substitute_id is not None), None)
    return None
