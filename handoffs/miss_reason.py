"""Why a handoff could not be confirmed, in words that accuse nobody.

Chosen from a closed list in two clicks, by either side for itself. Rows are added; the
latest of a side counts. It changes no figure and excuses nothing: it says what to mend.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from handoffs.errors import BadEntry
from handoffs.handoff import LONGEST_REASON, Handoff
from handoffs.history import Act, record
from handoffs.parties import Actor
from handoffs.statement import Side, side_of
from handoffs.stays.stay import Stay
from rules.kinds import Labelled


class MissCause(Labelled):
    """What stood in the way."""

    OUT_OF_HOURS = "out_of_hours", "夜間・休日の入院だった"
    CONTACT_UNKNOWN = "contact_unknown", "担当が分からなかった"
    PERSONS_WISH = "persons_wish", "本人・家族の希望"
    SUDDEN_DISCHARGE = "sudden_discharge", "急な退院だった"
    PAPERS_CROSSED = "papers_crossed", "書類の行き違い"
    SHORT_OF_HANDS = "short_of_hands", "人手が足りなかった"
    OTHER = "other", "そのほか"


class MissReason(SQLModel, table=True):
    """One choice of one side, about one handoff or about the whole stay."""

    __tablename__ = "miss_reason"

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    handoff_id: int | None = Field(default=None, foreign_key="handoff.id", index=True)
    side: Side = Field(sa_type=coded(Side, "miss_reason_side"))
    cause: MissCause = Field(sa_type=coded(MissCause, "miss_cause"))
    words: str = Field(default="", max_length=LONGEST_REASON)
    organization_id: int = Field(foreign_key="organization.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    recorded_at: datetime


def state_miss_reason(
    session: Session,
    stay: Stay,
    cause: MissCause,
    *,
    by: Actor,
    now: datetime,
    handoff: Handoff | None = None,
    words: str = "",
) -> MissReason:
    """Write down what stood in the way. Raises BadEntry for words that are too long."""
    if len(words.strip()) > LONGEST_REASON:
        raise BadEntry({"words": f"{LONGEST_REASON}文字までで入力してください。"})
    row = MissReason(
        stay_id=stay.id,
        handoff_id=handoff.id if handoff else None,
        side=side_of(by),
        cause=cause,
        words=words.strip(),
        organization_id=by.organization_id,
        staff_id=by.staff_id,
        recorded_at=now,
    )
    session.add(row)
    record(
        session,
        by,
        Act.MISS_REASON,
        now=now,
        stay_id=stay.id,
        handoff_id=row.handoff_id,
        detail={"cause": cause.value},
    )
    return row


def causes_of(session: Session, stay_ids: Sequence[int], side: Side) -> dict[int, MissCause]:
    """What one side last said of each stay, whichever of its handoffs it was about."""
    rows = session.exec(
        select(MissReason)
        .where(col(MissReason.stay_id).in_(stay_ids), MissReason.side == side)
        .order_by(col(MissReason.id))
    )
    return {row.stay_id: row.cause for row in rows}


def counted(causes: Iterable[MissCause | None]) -> tuple[tuple[MissCause, int], ...]:
    """Count the causes, the most frequent first, those without any left out."""
    found = Counter(cause for cause in causes if cause is not None)
    order = list(MissCause)
    return tuple(sorted(found.items(), key=lambda pair: (-pair[1], order.index(pair[0]))))
