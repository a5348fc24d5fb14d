"""What both sides said and what was done, in the words and types that a page shows.

Codes and ISO days of the history become members of their lists and days again. A
code that no list knows any more stays as it is: history is never refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from handoffs.conference import SlotEnd
from handoffs.decline import DeclineReason
from handoffs.fax.channel import FaxState
from handoffs.history import Act, Event
from handoffs.miss_reason import MissCause
from handoffs.moved import words_of
from handoffs.parties import Actor, Staff
from handoffs.plan_office import PlanStatus
from handoffs.sheets.wishes import title_of
from handoffs.shown.dossier import Dossier
from handoffs.statement import Means, Result, Side, Statement, Topic, side_of
from handoffs.stays.cancellation import CancelReason
from handoffs.stays.certification import Application, CareNeedLevel
from handoffs.stays.consent import ConsentAnswer
from handoffs.stays.leave import LeaveKind
from handoffs.stays.stay import Destination, PlannedCertainty
from handoffs.stays.transfer_answer import TransferReason
from handoffs.support.step import SupportKind
from rules import VOCABULARY, Coordination, HandoffKind, Standing, Vocabulary

QUIET = {Act.ROSTER_MATCH, Act.STAY_READ, Act.STAY_LIST, Act.SHEET_DRAFT, Act.SHEET_OWN}
"""What a page's history leaves out: looking is kept for the account of access, and so is what
an office writes for itself."""

THROUGH_LINK = "リンクから"
"""Who acted where an organization answered without signing in: nobody of it by name."""

CLOCK = "自動"
"""Who acted where nobody did: the clock, or the rules after a change."""

_TYPES: dict[str, Callable[[str], object]] = {
    "admitted_on": date.fromisoformat,
    "answer": ConsentAnswer,
    "application": Application,
    "planned": date.fromisoformat,
    "preferred_from": date.fromisoformat,
    "preferred_to": date.fromisoformat,
    "from": date.fromisoformat,
    "to": date.fromisoformat,
    "due": date.fromisoformat,
    "cause": MissCause,
    "decline_reason": DeclineReason,
    "fax_state": FaxState,
    "leave": LeaveKind,
    "level": CareNeedLevel,
    "on": date.fromisoformat,
    "certainty": PlannedCertainty,
    "cancel_reason": CancelReason,
    "coordination": Coordination,
    "destination": Destination,
    "means": Means,
    "result": Result,
    "slot_end": SlotEnd,
    "standing": Standing,
    "support": SupportKind,
    "status": PlanStatus,
    "topic": Topic,
    "transfer_reason": TransferReason,
}


@dataclass(frozen=True)
class StatementShown:
    """One claim of one side, with what the reader may see of it.

    may_retract: the reader's organization made it and can take it back.
    """

    id: int
    handoff_id: int | None
    may_retract: bool
    side: Side
    topic: Topic
    means: Means
    result: Result
    happened_on: date
    happened_time: time | None
    content: str
    counterpart: str
    by: str
    recorded_at: datetime


@dataclass(frozen=True)
class EventShown:
    """One line of the history. `about` is the kind of handoff; `detail` holds typed values."""

    at: datetime
    act: Act
    by: str
    organization: str
    about: str
    detail: Mapping[str, object]


def statements_shown(
    dossier: Dossier, people: Mapping[int, Staff], actor: Actor
) -> tuple[StatementShown, ...]:
    """Everything that both sides say, in the order in which it took place.

    Time, content and the other person's name are a fee's evidence and stand empty for
    everybody but the organization that wrote them; what the hospital sent with a handoff is
    read by its receiver too, and so is what became of the person (その後).
    """
    in_order = sorted(
        dossier.statements, key=lambda s: (s.happened_on, s.happened_time or time.min, s.id)
    )
    received = {h.id for h in dossier.handoffs if h.receiver_id == actor.organization_id}
    outcomes = {h.id for h in dossier.handoffs if h.kind is HandoffKind.OUTCOME} & received
    return tuple(
        _shown(
            said,
            by=by.name if (by := people.get(said.staff_id or 0)) else _unnamed(said),
            own=said.organization_id == actor.organization_id and said.side is side_of(actor),
            received=said.handoff_id in (received if said.side is Side.HOSPITAL else outcomes),
        )
        for said in in_order
    )


def _unnamed(said: Statement) -> str:
    """Who made a statement that nobody signed in for; nothing for a person unknown here."""
    return THROUGH_LINK if said.staff_id is None and said.means is Means.TSUNAGI else ""


def _shown(said: Statement, *, by: str, own: bool, received: bool) -> StatementShown:
    return StatementShown(
        id=said.id,
        handoff_id=said.handoff_id,
        may_retract=own,
        side=said.side,
        topic=said.topic,
        means=said.means,
        result=said.result,
        happened_on=said.happened_on,
        happened_time=said.happened_time if own or received else None,
        content=said.content if own or received else "",
        counterpart=said.counterpart if own else "",
        by=by,
        recorded_at=said.recorded_at,
    )


def event_shown(
    event: Event,
    dossier: Dossier,
    people: Mapping[int, Staff],
    names: Mapping[int, str],
    vocabulary: Vocabulary = VOCABULARY,
    *,
    wards: Mapping[int, str] | None = None,
) -> EventShown:
    """Put one event in words and types; `because` becomes the labels of what moved.

    Wards and people that it names by id are named.
    """
    of_ward, of_staff = wards or {}, {key: one.name for key, one in people.items()}
    named = {"ward": of_ward, "left_ward": of_ward, "contact": of_staff, "left_contact": of_staff}
    by = people.get(event.staff_id or 0)
    about = next((title_of(h) for h in dossier.handoffs if h.id == event.handoff_id), "")
    return EventShown(
        at=event.at,
        act=event.act,
        by=by.name if by else THROUGH_LINK if event.organization_id is not None else CLOCK,
        organization=names.get(event.organization_id or 0, ""),
        about=about,
        detail={
            key: words_of(str(value), vocabulary)
            if key == "because"
            else named[key].get(value, "")
            if key in named and isinstance(value, int)
            else _typed(key, value)
            for key, value in event.detail.items()
        },
    )


def _typed(key: str, value: object) -> object:
    read = _TYPES.get(key)
    if read is None or not isinstance(value, str):
        return value
    try:
        return read(value)
    except ValueError:
        return value
