"""One thing that one party must pass to another by a time.

A handoff is opened because an edition says so, or withdrawn because it no
longer does; it is sent, confirmed or waived by people. Its state is computed
from what happened and from the moment it is looked at, never typed in.
"""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from handoffs.errors import BadEntry, NotPermitted
from handoffs.history import Act, record
from handoffs.overdue_flag import close_flags
from handoffs.parties import Actor
from handoffs.plan_office import plan_office_of
from handoffs.statement import (
    REACHED,
    Means,
    Result,
    StatementEntry,
    Topic,
    state_contact,
)
from handoffs.stay import Stay
from rules import HandoffKind, Party, Standing
from rules.kinds import Labelled

_LONGEST_REASON = 200
_PLANNERS = {Party.CARE_MANAGER, Party.COMMUNITY_SUPPORT_CENTER}

SOON = timedelta(days=2)
"""How long before it is late a handoff is shown as due soon."""

TOPICS = {
    HandoffKind.ADMISSION_NOTICE: Topic.ADMISSION,
    HandoffKind.ADMISSION_INFORMATION: Topic.ADMISSION,
    HandoffKind.DISCHARGE_NOTICE: Topic.DISCHARGE,
    HandoffKind.DISCHARGE_CONFERENCE: Topic.DISCHARGE,
    HandoffKind.DISCHARGE_INFORMATION: Topic.DISCHARGE,
    HandoffKind.DISCHARGE_DATE: Topic.DISCHARGE,
    HandoffKind.REFERRAL: Topic.REFERRAL,
}
"""What a contact in a handoff's course is about. Word of a new ward is no 退院調整."""

PASSED_ON = REACHED | {Result.SENT, Result.ADVISED}
"""With which results a handoff counts as sent."""


class State(Labelled):
    """Where a handoff stands at one moment."""

    WITHDRAWN = "withdrawn", "取下げ"
    WAIVED = "waived", "不要"
    CONFIRMED = "confirmed", "受領確認済み"
    SENT = "sent", "送付済み（確認待ち）"
    UNDETERMINED = "undetermined", "判定保留"
    AT_ONCE = "at_once", "すぐに"
    MISSED = "missed", "期限超過"
    DUE_SOON = "due_soon", "期限間近"
    WAITING = "waiting", "これから"

    @property
    def is_done(self) -> bool:
        """Whether nobody has to do anything about it any more."""
        return self in {State.WITHDRAWN, State.WAIVED, State.CONFIRMED}


class Handoff(SQLModel, table=True):
    """A duty of one stay. `due_on` is the last permitted day in Tokyo, or None.

    `due_at` is the moment from which it is late. `short_notice` says that it was
    already late when it became known (急な退院): it is work for at once, not a miss.
    """

    __tablename__ = "handoff"
    __table_args__ = (
        sa.CheckConstraint("(due_on IS NULL) = (due_at IS NULL)", name="handoff_due"),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR sent_at IS NOT NULL", name="handoff_confirmed_after_sent"
        ),
        sa.Index(
            "handoff_due_now",
            "due_at",
            sqlite_where=sa.text("sent_at IS NULL AND waived_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text(
                "sent_at IS NULL AND waived_at IS NULL AND withdrawn_at IS NULL"
            ),
        ),
        sa.Index(
            "handoff_rule_once",
            "stay_id",
            "rule_id",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    rule_id: str = Field(max_length=60)
    kind: HandoffKind = Field(sa_type=coded(HandoffKind, "handoff_kind"))
    sender: Party = Field(sa_type=coded(Party, "handoff_sender"))
    receiver: Party = Field(sa_type=coded(Party, "handoff_receiver"))
    receiver_id: int | None = Field(default=None, foreign_key="organization.id", index=True)
    standing: Standing = Field(sa_type=coded(Standing, "handoff_standing"))
    waits_for: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    text: str = Field(max_length=400)
    source: str = Field(max_length=200)
    counting: str = Field(default="", max_length=200)
    window_from: date | None = None
    preferred_on: date | None = None
    due_on: date | None = None
    due_at: datetime | None = None
    short_notice: bool = Field(default=False)
    opened_at: datetime
    sent_at: datetime | None = None
    sent_by: int | None = Field(default=None, foreign_key="staff.id")
    confirmed_at: datetime | None = None
    confirmed_by: int | None = Field(default=None, foreign_key="staff.id")
    waived_at: datetime | None = None
    waived_reason: str = Field(default="", max_length=_LONGEST_REASON)
    withdrawn_at: datetime | None = None
    version: int = Field(default=1)

    @property
    def topic(self) -> Topic:
        """What a contact in the course of this handoff is about."""
        return TOPICS.get(self.kind, Topic.OTHER)


def state(handoff: Handoff, now: datetime) -> State:
    """Say where a handoff stands at `now`. The order of the questions is the rule."""
    late = handoff.due_at is not None and now >= handoff.due_at
    soon = handoff.due_at is not None and now >= handoff.due_at - SOON
    answers = (
        (State.WITHDRAWN, handoff.withdrawn_at is not None),
        (State.WAIVED, handoff.waived_at is not None),
        (State.CONFIRMED, handoff.confirmed_at is not None),
        (State.SENT, handoff.sent_at is not None),
        (State.UNDETERMINED, handoff.standing is Standing.UNDETERMINED),
        (State.AT_ONCE, handoff.short_notice),
        (State.MISSED, late),
        (State.DUE_SOON, soon),
    )
    return next((state for state, holds in answers if holds), State.WAITING)


def handoffs_of(session: Session, stay_id: int) -> list[Handoff]:
    """Every handoff of a stay, the earliest due first, those without a date last."""
    return list(
        session.exec(
            select(Handoff)
            .where(Handoff.stay_id == stay_id)
            .order_by(col(Handoff.due_on).is_(None), col(Handoff.due_on), col(Handoff.id))
        )
    )


def speaks_for(session: Session, actor: Actor, stay: Stay, party: Party) -> bool:
    """Whether a person belongs to the side that a handoff of this stay names.

    Whoever merely gets a copy, or was told, does not speak for the plan office.
    """
    if party is Party.HOSPITAL:
        return actor.is_hospital
    if party not in _PLANNERS or not actor.plans_care:
        return False
    if party is Party.COMMUNITY_SUPPORT_CENTER and stay.center_id == actor.organization_id:
        return True
    plan = plan_office_of(session, stay.id)
    return plan is not None and plan.organization_id == actor.organization_id


def send(
    session: Session,
    stay: Stay,
    handoff: Handoff,
    entry: StatementEntry,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Write down that a handoff was passed on, or that somebody tried to.

    不在 and 伝言 are kept as attempts and leave the handoff open, and so does every
    result that says that this side passed nothing on. Advice to the person or the
    family is done when it is given: nobody else can confirm it.
    Raises NotPermitted on the wrong side, BadEntry for an impossible day.
    """
    if not speaks_for(session, by, stay, handoff.sender):
        raise NotPermitted("送付の記録は、送る側の方が行います。")
    _refuse_if_over(handoff)
    state_contact(session, stay, entry, topic=handoff.topic, by=by, now=now, handoff_id=handoff.id)
    if entry.result not in PASSED_ON:
        return
    if handoff.sent_at is None:
        handoff.sent_at, handoff.sent_by = now, by.staff_id
    if handoff.due_on is not None and entry.happened_on <= handoff.due_on:
        # Written down later is normal, and nothing punishes it.
        close_flags(session, stay.id, handoff.id, by=by, now=now)
    if handoff.receiver is Party.PERSON_OR_FAMILY:
        handoff.confirmed_at, handoff.confirmed_by = now, by.staff_id
    handoff.version += 1
    record(
        session,
        by,
        Act.HANDOFF_SEND,
        now=now,
        stay_id=stay.id,
        handoff_id=handoff.id,
        detail={
            "kind": handoff.kind.value,
            "means": entry.means.value,
            "on": entry.happened_on,
            "sheet": entry.sheet_digest,
        },
    )


def confirm(
    session: Session, stay: Stay, handoff: Handoff, *, received_on: date, by: Actor, now: datetime
) -> None:
    """Write down that the receiving side has it. A second time changes nothing.

    What arrived without the sender writing it down counts as sent.
    Raises NotPermitted on the wrong side, BadEntry for an impossible day.
    """
    if not speaks_for(session, by, stay, handoff.receiver):
        raise NotPermitted("受領の確認は、受け取る側の方が行います。")
    if handoff.confirmed_at is not None:
        return
    _refuse_if_over(handoff)
    entry = StatementEntry(means=Means.TSUNAGI, result=Result.RECEIVED, happened_on=received_on)
    state_contact(session, stay, entry, topic=handoff.topic, by=by, now=now, handoff_id=handoff.id)
    handoff.sent_at = handoff.sent_at or now
    if handoff.due_on is not None and received_on <= handoff.due_on:
        close_flags(session, stay.id, handoff.id, by=by, now=now)
    handoff.confirmed_at, handoff.confirmed_by = now, by.staff_id
    handoff.version += 1
    record(
        session,
        by,
        Act.HANDOFF_CONFIRM,
        now=now,
        stay_id=stay.id,
        handoff_id=handoff.id,
        detail={"kind": handoff.kind.value, "on": received_on},
    )


def waive(session: Session, handoff: Handoff, *, reason: str, by: Actor, now: datetime) -> None:
    """Write down that a handoff is not needed in this case, and why.

    Raises NotPermitted on the wrong side, BadEntry without a reason.
    """
    stay = session.get_one(Stay, handoff.stay_id)
    if not speaks_for(session, by, stay, handoff.sender):
        raise NotPermitted("不要とする記録は、送る側の方が行います。")
    _refuse_if_over(handoff)
    if not reason.strip():
        raise BadEntry({"reason": "不要とする理由を入力してください。"})
    if len(reason.strip()) > _LONGEST_REASON:
        raise BadEntry({"reason": f"理由は{_LONGEST_REASON}文字までで入力してください。"})
    handoff.waived_at, handoff.waived_reason = now, reason.strip()
    handoff.version += 1
    record(
        session,
        by,
        Act.HANDOFF_WAIVE,
        now=now,
        stay_id=handoff.stay_id,
        handoff_id=handoff.id,
        detail={"kind": handoff.kind.value},
    )


def _refuse_if_over(handoff: Handoff) -> None:
    if handoff.withdrawn_at is not None or handoff.waived_at is not None:
        raise NotPermitted(
            "この引継ぎは取下げまたは不要になっています。最新の画面を開いてください。"
        )


def withdraw(session: Session, handoff: Handoff, *, by: Actor | None, now: datetime) -> None:
    """Take back a handoff that no longer applies. It stays in the history."""
    handoff.withdrawn_at = now
    handoff.version += 1
    record(
        session,
        by,
        Act.HANDOFF_WITHDRAW,
        now=now,
        stay_id=handoff.stay_id,
        handoff_id=handoff.id,
        detail={"kind": handoff.kind.value},
    )
