"""One handoff as somebody sees it on a page: whose turn it is, and by when.

Everything is worked out here so that a page only shows it: where it stands is
`handoff.state`, the days that are left are counted by Tokyo days. Changes
nothing, reads no clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from handoffs.certification import age_on
from handoffs.dossier import Dossier
from handoffs.handoff import Handoff, State, state
from handoffs.parties import Actor
from handoffs.statement import Topic
from handoffs.tokyo import day_of
from rules import VOCABULARY, HandoffKind, Library, NoEdition, Party, Vocabulary

_PLANNERS = {Party.CARE_MANAGER, Party.COMMUNITY_SUPPORT_CENTER}


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

    days_left: Tokyo days until the last permitted day, negative once it is over, None
    without a day. waits_for: labels of the facts that could still make it owed or drop
    it. before_notice: the admission information is not on its way because the hospital
    has told nobody yet (お知らせ前); it is nobody's omission at the office. may_send,
    may_confirm, may_waive: what this person can do about it now.
    """

    id: int
    stay_id: int
    kind: HandoffKind
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
    sent_at: datetime | None
    confirmed_at: datetime | None
    waived_reason: str
    before_notice: bool
    may_send: bool
    may_confirm: bool
    may_waive: bool

    @property
    def is_open(self) -> bool:
        """Whether it has still to be passed on or confirmed."""
        return not self.state.is_done

    @property
    def is_late(self) -> bool:
        """Whether the last permitted day is over; it can still be passed on."""
        return self.state is State.MISSED

    @property
    def is_turn(self) -> bool:
        """Whether this person has to do something now.

        What waits for a fact asks for nothing yet; what the other side has not sent
        can be confirmed when it arrives, and asks for nothing before.
        """
        to_send = self.may_send and self.state is not State.UNDETERMINED
        return to_send or (self.may_confirm and self.sent_at is not None)

    @property
    def is_pressing(self) -> bool:
        """Whether it is due within two days, due at once, or late."""
        return self.state in {State.AT_ONCE, State.MISSED, State.DUE_SOON}

    @property
    def clock(self) -> tuple[int, date]:
        """Where it stands in a list by the clock.

        What is to be sent in time comes first, then receipts, then what is late, then
        what has no day.
        """
        if self.state is State.AT_ONCE:
            return 0, date.min
        if self.sent_at is not None:
            return 1, day_of(self.sent_at)
        if self.due_on is None:
            return 3, date.max
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


def vocabulary_of(dossier: Dossier, library: Library) -> Vocabulary:
    """The words of the edition that decided; those of every edition where it is gone."""
    made = dossier.assessment
    if made is None:
        return VOCABULARY
    try:
        return library.edition(made.region, date.fromisoformat(made.edition_in_force)).vocabulary
    except NoEdition:
        return VOCABULARY


def labels_of(fact_ids: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """What a page calls some facts; an id that no edition knows any more stays an id."""
    return tuple(vocabulary[f].label if f in vocabulary else f for f in fact_ids)


def tasks_of(
    dossier: Dossier, *, actor: Actor, library: Library, now: datetime
) -> tuple[Task, ...]:
    """The handoffs of a stay as this person sees them, the earliest due first.

    Those that were taken back are left out; the history tells of them.
    """
    standing = [h for h in dossier.handoffs if h.withdrawn_at is None]
    standing.sort(key=lambda h: (h.due_on or date.max, h.id))
    vocabulary = vocabulary_of(dossier, library)
    return tuple(_task(dossier, h, actor, vocabulary, now) for h in standing)


def is_side_of(dossier: Dossier, actor: Actor, party: Party) -> bool:
    """Whether a person stands on a side of this stay's handoffs.

    The same answer as `handoff.speaks_for`, from the rows of a dossier.
    """
    if party is Party.HOSPITAL:
        return actor.is_hospital
    if party not in _PLANNERS or not actor.plans_care:
        return False
    if party is Party.COMMUNITY_SUPPORT_CENTER and dossier.stay.center_id == actor.organization_id:
        return True
    return dossier.plan is not None and dossier.plan.organization_id == actor.organization_id


def _receiver_name(dossier: Dossier, handoff: Handoff, actor: Actor) -> str:
    """The receiver's name; a centre or town tells where a person lives (所在秘匿)."""
    hidden = dossier.patient.whereabouts_hidden and not actor.is_hospital
    if hidden and handoff.receiver in {Party.COMMUNITY_SUPPORT_CENTER, Party.MUNICIPALITY}:
        return handoff.receiver.label
    return dossier.names.get(handoff.receiver_id or 0, handoff.receiver.label)


def _task(
    dossier: Dossier, handoff: Handoff, actor: Actor, vocabulary: Vocabulary, now: datetime
) -> Task:
    where = state(handoff, now)
    left = (handoff.due_on - day_of(now)).days if handoff.due_on else None
    over = handoff.waived_at is not None or handoff.confirmed_at is not None
    sends = is_side_of(dossier, actor, handoff.sender) and not over
    return Task(
        id=handoff.id,
        stay_id=handoff.stay_id,
        kind=handoff.kind,
        topic=handoff.topic,
        sender=handoff.sender,
        receiver=handoff.receiver,
        receiver_name=_receiver_name(dossier, handoff, actor),
        state=where,
        due_on=handoff.due_on,
        window_from=handoff.window_from,
        preferred_on=handoff.preferred_on,
        days_left=left,
        counting=handoff.counting,
        text=handoff.text,
        source=handoff.source,
        waits_for=labels_of(handoff.waits_for, vocabulary),
        sent_at=handoff.sent_at,
        confirmed_at=handoff.confirmed_at,
        waived_reason=handoff.waived_reason,
        before_notice=handoff.kind is HandoffKind.ADMISSION_INFORMATION
        and handoff.sent_at is None
        and not dossier.told_of_admission,
        may_send=sends and handoff.sent_at is None,
        may_confirm=is_side_of(dossier, actor, handoff.receiver) and not over,
        may_waive=sends and handoff.sent_at is None,
    )
