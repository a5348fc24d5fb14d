"""One thing that one party must pass to another by a time.

A handoff is opened because an edition says so or a hospital wants it, and withdrawn
because the edition no longer says so; it is sent, confirmed, declined or waived by
people (`handoffs.passing`, `handoffs.decline`). Its state is computed from what
happened and from the moment it is looked at, never typed in.
"""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from handoffs.history import Act, Detail, record
from handoffs.parties import Actor
from handoffs.statement import REACHED, Result, Topic
from rules import HandoffKind, Party, Standing
from rules.kinds import Labelled

LONGEST_REASON = 200
"""Characters of a reason in somebody's own words."""

BY_HAND = "by-hand-"
"""What stands before the number in the `rule_id` of a handoff that no rule asks for."""

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
    DECLINED = "declined", "担当外との返事"
    DELIVERED = "delivered", "相手に届いた（確認待ち）"
    SENT = "sent", "送付済み（確認待ち）"
    UNDETERMINED = "undetermined", "判定保留"
    PAUSED = "paused", "外泊のため休止"
    BEFORE_NOTICE = "before_notice", "お知らせ前"
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
    `before_notice` says that the admission information waits because the hospital has
    told nobody of the admission (お知らせ前): nobody at the office omits anything.
    `passed_on` is the first day on which it was passed on or arrived, whenever that was
    written down; `delivered_at` is what the channel itself reports. `paused_at` is since when
    it rests because the person is on leave (see `handoffs.stays.leave`). `flagged_for` is the due
    moment that bears a flag: a copy, by which the sweep passes over what it has done.
    `proposed_at` is since when times for a conference wait for a choice of `choice_of`: a copy
    from its slots (`handoffs.conference`), by which the reminders know whose turn it is.
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
            "handoff_to_flag",
            "due_at",
            sqlite_where=sa.text(
                "coalesce(sent_at, waived_at, withdrawn_at, paused_at) IS NULL "
                "AND short_notice IS 0 AND before_notice IS 0 "
                "AND standing = 'required' AND flagged_for IS NOT due_at"
            ),
            postgresql_where=sa.text(
                "coalesce(sent_at, waived_at, withdrawn_at, paused_at) IS NULL "
                "AND short_notice IS false AND before_notice IS false "
                "AND standing = 'required' AND flagged_for IS DISTINCT FROM due_at"
            ),
        ),
        sa.Index(
            "handoff_unconfirmed",
            "sent_at",
            sqlite_where=sa.text("sent_at IS NOT NULL AND confirmed_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NOT NULL AND confirmed_at IS NULL"),
        ),
        sa.Index(
            "handoff_declined",
            "declined_at",
            sqlite_where=sa.text("declined_at IS NOT NULL"),
            postgresql_where=sa.text("declined_at IS NOT NULL"),
        ),
        sa.Index(
            "handoff_proposed",
            "proposed_at",
            sqlite_where=sa.text("proposed_at IS NOT NULL"),
            postgresql_where=sa.text("proposed_at IS NOT NULL"),
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
    flagged_for: datetime | None = None
    short_notice: bool = Field(default=False)
    opened_at: datetime
    before_notice: bool = Field(default=False)
    passed_on: date | None = None
    sent_at: datetime | None = None
    sent_by: int | None = Field(default=None, foreign_key="staff.id")
    delivered_at: datetime | None = None
    declined_at: datetime | None = None
    confirmed_at: datetime | None = None
    confirmed_by: int | None = Field(default=None, foreign_key="staff.id")
    waived_at: datetime | None = None
    waived_reason: str = Field(default="", max_length=LONGEST_REASON)
    withdrawn_at: datetime | None = None
    paused_at: datetime | None = None
    proposed_at: datetime | None = None
    choice_of: Party | None = Field(
        default=None, sa_type=coded(Party, "handoff_choice_of", checked=False), nullable=True
    )
    version: int = Field(default=1)

    @property
    def topic(self) -> Topic:
        """What a contact in the course of this handoff is about."""
        return TOPICS.get(self.kind, Topic.OTHER)

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody opened it although no rule asks for it."""
        return self.rule_id.startswith(BY_HAND)

    @property
    def is_done_late(self) -> bool:
        """Whether it was passed on only after the last permitted day (期限後に完了).

        What was late before anybody knew of it is never called late.
        """
        known_late = self.short_notice or self.before_notice
        return (
            self.passed_on is not None
            and self.due_on is not None
            and self.passed_on > self.due_on
            and not known_late
        )


def state(handoff: Handoff, now: datetime) -> State:
    """Say where a handoff stands at `now`. The order of the questions is the rule."""
    late = handoff.due_at is not None and now >= handoff.due_at
    soon = handoff.due_at is not None and now >= handoff.due_at - SOON
    answers = (
        (State.WITHDRAWN, handoff.withdrawn_at is not None),
        (State.WAIVED, handoff.waived_at is not None),
        (State.CONFIRMED, handoff.confirmed_at is not None),
        (State.DECLINED, handoff.declined_at is not None),
        (State.DELIVERED, handoff.sent_at is not None and handoff.delivered_at is not None),
        (State.SENT, handoff.sent_at is not None),
        (State.UNDETERMINED, handoff.standing is Standing.UNDETERMINED),
        (State.PAUSED, handoff.paused_at is not None),
        (State.BEFORE_NOTICE, handoff.before_notice),
        (State.AT_ONCE, handoff.short_notice),
        (State.MISSED, late),
        (State.DUE_SOON, soon),
    )
    return next((state for state, holds in answers if holds), State.WAITING)


_OF_STAY = (
    select(Handoff)
    .where(col(Handoff.stay_id) == sa.bindparam("stay_id"))
    .order_by(col(Handoff.due_on).is_(None), col(Handoff.due_on), col(Handoff.id))
)
# Built once, because every verb asks it: building a question costs as much as asking it.


def handoffs_of(session: Session, stay_id: int) -> list[Handoff]:
    """Every handoff of a stay, the earliest due first, those without a date last."""
    return list(session.exec(_OF_STAY, params={"stay_id": stay_id}))


def unsettled() -> tuple[sa.ColumnElement[bool], ...]:
    """Conditions of a query: neither confirmed nor held not to be needed nor taken back."""
    return (
        col(Handoff.confirmed_at).is_(None),
        col(Handoff.waived_at).is_(None),
        col(Handoff.withdrawn_at).is_(None),
    )


def note_opened(
    session: Session,
    handoff: Handoff,
    *,
    by: Actor | None,
    now: datetime,
    more: Detail | None = None,
) -> None:
    """Write into the history that a handoff was opened, with the day and standing it began with.

    To be called once the handoff was flushed: the event names its id. `more` is what whoever
    opened it adds.
    """
    record(
        session,
        by,
        Act.HANDOFF_OPEN,
        now=now,
        stay_id=handoff.stay_id,
        handoff_id=handoff.id,
        detail={
            "kind": handoff.kind.value,
            "due": handoff.due_on,
            "standing": handoff.standing.value,
            "short_notice": handoff.short_notice,
            **(more or {}),
        },
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
