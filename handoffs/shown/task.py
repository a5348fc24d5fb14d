"""One handoff as somebody sees it on a page: whose turn it is, and by when.

Everything is worked out here so that a page only shows it: where it stands is
`handoff.state`, the days that are left are counted by Tokyo days. Changes
nothing, reads no clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handoffs.decline import DeclineShown, may_decline
from handoffs.handoff import Handoff, State, state
from handoffs.parties import Actor
from handoffs.sheets.wishes import title_of
from handoffs.shown.dossier import Dossier
from handoffs.shown.fact_labels import labels_of, vocabulary_of
from handoffs.shown.meeting import Meeting, meeting_of
from handoffs.shown.receiver_name import receiver_name
from handoffs.shown.rest_days import RestDays, acting_calendar, rest_days
from handoffs.sides import stands_for
from handoffs.statement import Topic
from handoffs.stays.certification import age_on
from handoffs.tokyo import day_of
from rules import Calendar, HandoffKind, Library, Party, Vocabulary
from rules.due import NO_DATE

_PRESSING = frozenset({State.AT_ONCE, State.MISSED, State.DUE_SOON, State.DECLINED})


@dataclass(frozen=True)
class Person:
    """Who a stay is about, as the lists and the head of each page name them."""

    stay_id: int
    code: str
    name: str
    kana: str
    birth_on: date
    age: int


@dataclass(frozen=True)
class Task:
    """One handoff at one moment, for one person at a screen.

    title: what it is called, a wish by what is wished. days_left: Tokyo days until the last
    permitted day, negative once it is over, None without a day. waits_for: labels of the
    facts that could still make it owed or drop it. before_notice: the admission information
    is not on its way because the hospital has told nobody yet (お知らせ前); it is nobody's
    omission at the office. is_done_late: it was passed on after the last permitted day
    (期限後に完了). decline: why the receiver does not take it, for the side that sent it.
    is_sender, is_receiver: whether this person's side gives it or takes it. may_…: what this
    person can do about it now. calendar: of the side that has to send it.
    """

    id: int
    stay_id: int
    version: int
    kind: HandoffKind
    title: str
    topic: Topic
    sender: Party
    receiver: Party
    receiver_name: str
    state: State
    due_on: date | None
    window_from: date | None
    preferred_on: date | None
    days_left: int | None
    counting: str
    text: str
    source: str
    waits_for: tuple[str, ...]
    passed_on: date | None
    sent_at: datetime | None
    delivered_at: datetime | None
    confirmed_at: datetime | None
    waived_reason: str
    decline: DeclineShown | None
    meeting: Meeting | None
    before_notice: bool
    is_by_hand: bool
    is_done_late: bool
    is_sender: bool
    is_receiver: bool
    may_send: bool
    may_confirm: bool
    may_waive: bool
    may_decline: bool
    may_reroute: bool
    may_unwaive: bool
    may_undecline: bool
    calendar: Calendar | None = None

    @property
    def is_open(self) -> bool:
        """Whether it has still to be passed on or confirmed."""
        return not self.state.is_done

    @property
    def has_no_date(self) -> bool:
        """Whether no day is counted because the paper's way of counting could not be read."""
        return NO_DATE in self.counting

    @property
    def rest_days(self) -> RestDays | None:
        """The closed days of the side that must act before the last day, from today on."""
        due, left = self.due_on, self.days_left
        if due is None or left is None or self.sent_at is not None or not self.is_open:
            return None
        today = due - timedelta(days=left)
        return rest_days(self.calendar, max(self.window_from or today, today), due)

    @property
    def is_late(self) -> bool:
        """Whether the last permitted day is over; it can still be passed on."""
        return self.state is State.MISSED

    @property
    def is_declined(self) -> bool:
        """Whether the receiver does not take it, and it has to go elsewhere."""
        return self.state is State.DECLINED

    @property
    def is_turn(self) -> bool:
        """Whether this person has to do something now.

        What waits for a fact or for a return asks for nothing yet; what the other side has not sent
        can be confirmed when it arrives, and asks for nothing before. Times that the other side
        proposes ask for a choice.
        """
        to_send = self.may_send and self.state not in {State.UNDETERMINED, State.PAUSED}
        arrived = self.may_confirm and self.sent_at is not None and not self.is_declined
        return to_send or arrived or self.is_choice

    @property
    def is_choice(self) -> bool:
        """Whether the other side proposed times for a conference, and this person can choose."""
        takes_part = (self.may_send or self.may_confirm) and self.state is not State.PAUSED
        return takes_part and self.meeting is not None and self.meeting.may_choose

    @property
    def is_pressing(self) -> bool:
        """Whether it is due within two days, due at once, late, or has to go elsewhere."""
        return self.state in _PRESSING

    @property
    def is_later(self) -> bool:
        """Whether it has no day yet and nothing of it is pressing or waits for an answer."""
        quiet = self.due_on is None and self.sent_at is None and not self.is_choice
        return quiet and not self.is_pressing

    @property
    def clock(self) -> tuple[int, date]:
        """Where it stands in a list by the clock.

        What is to be sent in time comes first, then receipts and times to choose from, then what
        is late, then what has no day.
        """
        if self.state in {State.AT_ONCE, State.DECLINED}:
            return 0, date.min
        if self.sent_at is not None:
            return 1, day_of(self.sent_at)
        if self.is_choice and self.meeting is not None:
            return 1, self.meeting.offered[0].day
        if self.due_on is None or self.before_notice:
            return 3, self.due_on or date.max
        return (2 if self.is_late else 0), self.due_on


def person_of(dossier: Dossier, today: date) -> Person:
    """Name the person of a stay."""
    patient = dossier.patient
    return Person(
        stay_id=dossier.stay.id,
        code=dossier.stay.code,
        name=patient.name,
        kana=patient.kana,
        birth_on=patient.birth_on,
        age=age_on(patient.birth_on, today),
    )


def tasks_of(
    dossier: Dossier, *, actor: Actor, library: Library, now: datetime
) -> tuple[Task, ...]:
    """The handoffs of a stay as this person sees them, the earliest due first.

    Those that were taken back are left out; the history tells of them.
    """
    standing = [h for h in dossier.handoffs if h.withdrawn_at is None]
    standing.sort(key=lambda h: (h.due_on or date.max, h.id))
    vocabulary = vocabulary_of(dossier, library)
    today = day_of(now)
    calendars = {
        party: acting_calendar(dossier, party, today)
        for party in {h.sender for h in standing if h.sent_at is None and h.due_on is not None}
    }
    return tuple(_task(dossier, h, actor, vocabulary, calendars, now) for h in standing)


def _is_side_of(dossier: Dossier, actor: Actor, party: Party) -> bool:
    return stands_for(
        actor,
        party,
        planner_id=dossier.plan.organization_id if dossier.plan else None,
        center_id=dossier.stay.center_id,
    )


def _decline(dossier: Dossier, handoff: Handoff) -> DeclineShown | None:
    """What the receiver answered, as long as the answer stands."""
    answers = [answer for answer in dossier.declines if answer.handoff_id == handoff.id]
    if handoff.declined_at is None or not answers:
        return None
    answer = answers[-1]
    return DeclineShown(
        reason=answer.reason,
        words=answer.words,
        by=dossier.names.get(answer.organization_id, handoff.receiver.label),
        suggested=dossier.names.get(answer.suggested_id or 0, ""),
        suggested_id=answer.suggested_id,
        recorded_at=answer.recorded_at,
    )


def _due_shown(dossier: Dossier, handoff: Handoff) -> date | None:
    """The last day that still says something.

    None during a leave, none that leaving overtook, none that was over before the person came.
    """
    left = dossier.stay.discharged_on
    overtaken = left is not None and handoff.due_on is not None and handoff.due_on > left
    rests = handoff.paused_at is not None and handoff.sent_at is None
    before = handoff.due_on is not None and handoff.due_on < dossier.stay.admitted_on
    return None if overtaken or rests or before else handoff.due_on


def _task(
    dossier: Dossier,
    handoff: Handoff,
    actor: Actor,
    vocabulary: Vocabulary,
    calendars: Mapping[Party, Calendar | None],
    now: datetime,
) -> Task:
    where = state(handoff, now)
    due_on = _due_shown(dossier, handoff)
    left = (due_on - day_of(now)).days if due_on else None
    is_sender = _is_side_of(dossier, actor, handoff.sender)
    is_receiver = _is_side_of(dossier, actor, handoff.receiver)
    over = handoff.waived_at is not None or handoff.confirmed_at is not None
    to_send = is_sender and not over and (handoff.sent_at is None or where is State.DECLINED)
    answer = _decline(dossier, handoff)
    slots = [slot for slot in dossier.slots if slot.handoff_id == handoff.id]
    return Task(
        id=handoff.id,
        stay_id=handoff.stay_id,
        version=handoff.version,
        kind=handoff.kind,
        title=title_of(handoff),
        topic=handoff.topic,
        sender=handoff.sender,
        receiver=handoff.receiver,
        receiver_name=receiver_name(dossier, handoff, actor),
        state=where,
        due_on=due_on,
        window_from=handoff.window_from if due_on else None,
        preferred_on=handoff.preferred_on,
        days_left=left,
        counting=handoff.counting,
        text=handoff.text,
        source=handoff.source,
        waits_for=labels_of(handoff.waits_for, vocabulary),
        passed_on=handoff.passed_on,
        sent_at=handoff.sent_at,
        delivered_at=handoff.delivered_at,
        confirmed_at=handoff.confirmed_at,
        waived_reason=handoff.waived_reason if handoff.waived_at else "",
        decline=answer if is_sender or is_receiver else None,
        meeting=meeting_of(handoff, slots, dossier.stay, actor)
        if is_sender or is_receiver
        else None,
        before_notice=handoff.before_notice and handoff.sent_at is None and not over,
        is_by_hand=handoff.is_by_hand,
        is_done_late=handoff.is_done_late,
        is_sender=is_sender,
        is_receiver=is_receiver,
        may_send=to_send,
        may_confirm=is_receiver and not over,
        may_waive=to_send,
        may_decline=is_receiver and may_decline(handoff),
        may_reroute=is_sender and actor.is_hospital and answer is not None,
        may_unwaive=is_sender and handoff.waived_at is not None,
        may_undecline=is_receiver and answer is not None and where is State.DECLINED,
        calendar=calendars.get(handoff.sender),
    )
