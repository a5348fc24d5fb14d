"""Agreeing on the time of a conference: up to three slots, one of them chosen by the other side.

An appointment is no contact: nobody has met yet. What took place is said by a statement
(会議をした) and closes the handoff as before. New slots close the old ones, and what was
closed stays.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Entry
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from handoffs.errors import BadEntry, NotPermitted, Overtaken
from handoffs.handoff import LONGEST_REASON, Handoff
from handoffs.history import Act, record
from handoffs.parties import Actor
from handoffs.passing import refuse_if_over
from handoffs.sides import side_of_party, speaks_for
from handoffs.statement import Side, side_of
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from rules import HandoffKind
from rules.kinds import Labelled

MOST_SLOTS = 3


class SlotEnd(Labelled):
    """Why a slot is no longer offered."""

    REPLACED = "replaced", "別の候補に替えた"
    NOT_CHOSEN = "not_chosen", "ほかの候補に決まった"
    NO_FIT = "no_fit", "都合が合わなかった"
    PASSED = "passed", "候補の日が過ぎた"
    MOVED = "moved", "退院予定日が早まった"
    LEFT = "left", "退院した"


class ConferenceSlot(SQLModel, table=True):
    """One slot on one day in Tokyo. `chosen_at` makes it the appointment while it is not closed."""

    __tablename__ = "conference_slot"
    __table_args__ = (
        sa.CheckConstraint("ends_at > starts_at", name="conference_slot_order"),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_why IS NULL)", name="conference_slot_closed"
        ),
        sa.Index(
            "conference_chosen_once",
            "handoff_id",
            unique=True,
            sqlite_where=sa.text("chosen_at IS NOT NULL AND closed_at IS NULL"),
            postgresql_where=sa.text("chosen_at IS NOT NULL AND closed_at IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    handoff_id: int = Field(foreign_key="handoff.id")
    side: Side = Field(sa_type=coded(Side, "conference_slot_side"))
    day: date
    starts_at: time
    ends_at: time
    place: str = Field(default="", max_length=60)
    organization_id: int = Field(foreign_key="organization.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    proposed_at: datetime
    chosen_at: datetime | None = None
    chosen_by: int | None = Field(default=None, foreign_key="staff.id")
    closed_at: datetime | None = None
    closed_why: SlotEnd | None = Field(
        default=None, sa_type=coded(SlotEnd, "conference_slot_end", checked=False), nullable=True
    )
    answer: str = Field(default="", max_length=LONGEST_REASON)


class SlotEntry(BaseModel):
    """One slot as it was typed and checked."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    day: date
    starts_at: time
    ends_at: time
    place: str = Entry(default="", max_length=60)


def is_conference(handoff: Handoff) -> bool:
    """Whether a time can be agreed on for a handoff."""
    return handoff.kind is HandoffKind.DISCHARGE_CONFERENCE


def open_slots(slots: Iterable[ConferenceSlot]) -> list[ConferenceSlot]:
    """The slots that are still offered or chosen, the earliest first."""
    standing = [slot for slot in slots if slot.closed_at is None]
    return sorted(standing, key=lambda slot: (slot.day, slot.starts_at, slot.id))


def slots_of(session: Session, handoff_id: int) -> list[ConferenceSlot]:
    """Every slot that was ever proposed for a conference, in the order of proposing."""
    return list(
        session.exec(
            select(ConferenceSlot)
            .where(ConferenceSlot.handoff_id == handoff_id)
            .order_by(col(ConferenceSlot.id))
        )
    )


def propose(
    session: Session,
    stay: Stay,
    handoff: Handoff,
    entries: Sequence[SlotEntry],
    *,
    by: Actor,
    now: datetime,
) -> list[ConferenceSlot]:
    """Offer up to three slots in place of those that stood, an appointment included.

    Raises NotPermitted for anybody but the two sides and after leaving, BadEntry for
    slots that nobody could keep.
    """
    _refuse_outsiders(session, stay, handoff, by)
    _check(entries, now)
    _close(session, handoff, SlotEnd.REPLACED, by=by, now=now)
    slots = [
        ConferenceSlot(
            stay_id=stay.id,
            handoff_id=handoff.id,
            side=side_of(by),
            organization_id=by.organization_id,
            staff_id=by.staff_id,
            proposed_at=now,
            **entry.model_dump(),
        )
        for entry in entries
    ]
    session.add_all(slots)
    # Whoever did not propose is asked: the planner by the hospital, the hospital by the planner.
    sides = {handoff.sender, handoff.receiver}
    ours = {side for side in sides if side_of_party(side) is side_of(by)}
    handoff.proposed_at, handoff.choice_of = now, next(iter(sides - ours), None)
    _tell(session, handoff, Act.CONFERENCE_PROPOSE, by=by, now=now, slots=len(slots))
    return slots


def choose(
    session: Session, stay: Stay, handoff: Handoff, slot_id: int, *, by: Actor, now: datetime
) -> ConferenceSlot:
    """Take one of the other side's slots; the others are closed. A second time changes nothing.

    Raises Overtaken if the slot is no longer offered, NotPermitted to whoever proposed it.
    """
    _refuse_outsiders(session, stay, handoff, by)
    found = [slot for slot in open_slots(slots_of(session, handoff.id)) if slot.id == slot_id]
    if not found or (found[0].day < day_of(now) and found[0].chosen_at is None):
        raise Overtaken
    (slot,) = found
    if slot.side is side_of(by):
        raise NotPermitted("候補を選ぶのは、相手の側の方です。変えるときは候補を挙げ直します。")
    if slot.chosen_at is not None:
        return slot
    slot.chosen_at, slot.chosen_by = now, by.staff_id
    handoff.proposed_at = handoff.choice_of = None
    _close(session, handoff, SlotEnd.NOT_CHOSEN, by=by, now=now, but=slot.id)
    _tell(session, handoff, Act.CONFERENCE_CHOOSE, by=by, now=now, on=slot.day)
    return slot


def none_fits(
    session: Session, stay: Stay, handoff: Handoff, words: str, *, by: Actor, now: datetime
) -> None:
    """Say that none of the other side's slots fits, and what would.

    Raises Overtaken if none is offered any more, BadEntry for words that are too long.
    """
    _refuse_outsiders(session, stay, handoff, by)
    if len(words.strip()) > LONGEST_REASON:
        raise BadEntry({"answer": f"{LONGEST_REASON}文字までで入力してください。"})
    offered = [s for s in open_slots(slots_of(session, handoff.id)) if s.chosen_at is None]
    if not offered or offered[0].side is side_of(by):
        raise Overtaken
    for slot in offered:
        slot.answer = words.strip()
    handoff.proposed_at = handoff.choice_of = None
    _close(session, handoff, SlotEnd.NO_FIT, by=by, now=now)
    _tell(session, handoff, Act.CONFERENCE_NO_FIT, by=by, now=now, slots=len(offered))


def _refuse_outsiders(session: Session, stay: Stay, handoff: Handoff, by: Actor) -> None:
    sides = (handoff.sender, handoff.receiver)
    if not is_conference(handoff) or not any(speaks_for(session, by, stay, p) for p in sides):
        raise NotPermitted("会議の日時は、病院と計画作成担当の方が決めます。")
    refuse_if_over(handoff)
    if not stay.is_open or handoff.confirmed_at is not None:
        raise NotPermitted("この会議の日時は、もう決める必要がありません。")


def _check(entries: Sequence[SlotEntry], now: datetime) -> None:
    if not entries:
        raise BadEntry({"day-1": "候補の日を一つ以上入力してください。"})
    if len(entries) > MOST_SLOTS:
        raise BadEntry({"day-1": f"候補は{MOST_SLOTS}つまでです。"})
    wrong: dict[str, str] = {}
    for number, entry in enumerate(entries, start=1):
        if entry.day < day_of(now):
            wrong[f"day-{number}"] = (
                f"{entry.day.year}年{entry.day.month}月{entry.day.day}日は、もう過ぎています。"
                "今日からあとの日を入力してください。"
            )
        if entry.ends_at <= entry.starts_at:
            wrong[f"ends_at-{number}"] = "終わりの時刻を、始まりより後にしてください。"
    if wrong:
        raise BadEntry(wrong)


def _close(
    session: Session,
    handoff: Handoff,
    why: SlotEnd,
    *,
    by: Actor,
    now: datetime,
    but: int | None = None,
) -> None:
    closed = [s for s in open_slots(slots_of(session, handoff.id)) if s.id != but]
    for slot in closed:
        slot.closed_at, slot.closed_why = now, why
    session.flush()  # The database allows one appointment for each conference.
    if closed and why is SlotEnd.REPLACED:
        _tell(session, handoff, Act.CONFERENCE_CLOSE, by=by, now=now, slots=len(closed))


def _tell(
    session: Session,
    handoff: Handoff,
    act: Act,
    *,
    by: Actor,
    now: datetime,
    slots: int | None = None,
    on: date | None = None,
) -> None:
    detail = {"slots": slots} if on is None else {"on": on}
    record(
        session,
        by,
        act,
        now=now,
        stay_id=handoff.stay_id,
        handoff_id=handoff.id,
        detail=detail,
    )
