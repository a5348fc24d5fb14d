"""その後: what became of somebody after leaving hospital, told to the ward by the plan office.

One choice and one short text. It counts in no figure, asks for nothing, and closes a
handoff of its own kind that the hospital confirms or leaves.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Entry
from sqlmodel import Session

from handoffs.by_hand import ByHandEntry, open_by_hand
from handoffs.errors import NotPermitted
from handoffs.handoff import Handoff, handoffs_of
from handoffs.parties import Actor
from handoffs.passing import send
from handoffs.sides import speaks_for
from handoffs.statement import Means, Result, StatementEntry
from handoffs.stays.stay import Destination, Stay
from handoffs.tokyo import day_of
from rules import HandoffKind, Party
from rules.kinds import Labelled

LONGEST_WORDS = 200


class Outcome(Labelled):
    """What became of the person, as far as the plan office can say."""

    AT_HOME = "at_home", "自宅で生活を続けている"
    MORE_SUPPORT = "more_support", "サービスを増やして生活している"
    MOVED = "moved", "施設などに移った"
    READMITTED = "readmitted", "また入院した"
    ENDED = "ended", "支援が終わった"
    OTHER = "other", "そのほか"


class OutcomeEntry(BaseModel):
    """The choice and the words as they were typed and checked."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    outcome: Outcome
    words: str = Entry(default="", max_length=LONGEST_WORDS)


def may_tell_outcome(stay: Stay) -> bool:
    """Whether there is anything to tell yet: the person left hospital alive."""
    return not stay.is_open and stay.destination is not Destination.DEATH


def tell_outcome(
    session: Session, stay: Stay, entry: OutcomeEntry, *, by: Actor, now: datetime
) -> Handoff:
    """Tell the ward what became of the person: through the handoff that waits, or a new one.

    Raises NotPermitted for anybody but the plan office, and before the person left.
    """
    if not speaks_for(session, by, stay, Party.CARE_MANAGER):
        raise NotPermitted("その後のようすを伝えるのは、計画作成担当の方です。")
    if not may_tell_outcome(stay):
        raise NotPermitted("その後のようすは、退院のあとに伝えられます。")
    handoff = _waiting(session, stay) or open_by_hand(
        session,
        stay,
        ByHandEntry(
            kind=HandoffKind.OUTCOME, receiver=Party.HOSPITAL, reason="退院後のようすを伝える"
        ),
        by=by,
        now=now,
    )
    said = StatementEntry(
        means=Means.TSUNAGI,
        result=Result.SENT,
        happened_on=day_of(now),
        content="。".join(filter(None, (entry.outcome.label, entry.words))),
    )
    send(session, stay, handoff, said, by=by, now=now)
    return handoff


def _waiting(session: Session, stay: Stay) -> Handoff | None:
    open_ones = (
        h
        for h in handoffs_of(session, stay.id)
        if h.kind is HandoffKind.OUTCOME
        and h.sender is Party.CARE_MANAGER
        and h.sent_at is None
        and h.waived_at is None
        and h.withdrawn_at is None
    )
    return next(open_ones, None)
