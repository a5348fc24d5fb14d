"""担当ではない: the receiving side says why it does not take a handoff, and it goes elsewhere.

An answer is added and never changed; its words may be emptied when their time is over.
The hospital sends the handoff to somebody else (`handoffs.rerouting`), who is told as of
any other handoff, and whoever declined sees that it went elsewhere, by its case code.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Entry
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from handoffs.errors import BadEntry, NotPermitted
from handoffs.handoff import LONGEST_REASON, Handoff
from handoffs.history import Act, record
from handoffs.parties import Actor, planning_organizations
from handoffs.passing import refuse_if_over
from handoffs.sides import PLANNERS, speaks_for
from handoffs.stays.stay import Stay
from handoffs.wall import Crossing, crossing
from rules import HandoffKind
from rules.kinds import Labelled

TOLD_FOR = timedelta(days=14)
"""How long whoever declined is shown that the handoff went elsewhere."""


class DeclineReason(Labelled):
    """Why somebody does not take a handoff."""

    NOT_A_CLIENT = "not_a_client", "当事業所の利用者ではない"
    CHANGED_OFFICE = "changed_office", "担当の事業所が変わった"
    CONTRACT_ENDED = "contract_ended", "契約が終わっている"
    CANNOT_TAKE = "cannot_take", "いまは受けられない"
    OTHER = "other", "そのほか"


class Decline(SQLModel, table=True):
    """One such answer. `suggested_id` is who plans now, as far as the answer knows."""

    __tablename__ = "decline"

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    handoff_id: int = Field(foreign_key="handoff.id", index=True)
    reason: DeclineReason = Field(sa_type=coded(DeclineReason, "decline_reason"))
    words: str = Field(default="", max_length=LONGEST_REASON)
    suggested_id: int | None = Field(default=None, foreign_key="organization.id")
    organization_id: int = Field(foreign_key="organization.id", index=True)
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    recorded_at: datetime


class DeclineEntry(BaseModel):
    """An answer as it was typed and checked."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    reason: DeclineReason
    words: str = Entry(default="", max_length=LONGEST_REASON)
    suggested_id: int | None = None


@dataclass(frozen=True)
class DeclineShown:
    """An answer as the side that sent the handoff reads it."""

    reason: DeclineReason
    words: str
    by: str
    suggested: str
    suggested_id: int | None
    recorded_at: datetime


@dataclass(frozen=True)
class Elsewhere:
    """What somebody declined and was then sent to somebody else: no name, a case code."""

    code: str
    kind: HandoffKind
    on: datetime


def may_decline(handoff: Handoff) -> bool:
    """Whether a handoff can be declined at all: only an office or centre can be the wrong one."""
    over = handoff.waived_at or handoff.withdrawn_at or handoff.confirmed_at or handoff.declined_at
    return handoff.receiver in PLANNERS and over is None


def decline(
    session: Session, stay: Stay, handoff: Handoff, entry: DeclineEntry, *, by: Actor, now: datetime
) -> Decline:
    """Write down that the receiving side does not take a handoff. It stays work for its sender.

    Raises NotPermitted on the wrong side or once it was confirmed, and BadEntry for an
    organization that plans nobody's care or for そのほか without a word.
    """
    if not speaks_for(session, by, stay, handoff.receiver):
        raise NotPermitted("担当ではないという返事は、受け取る側の方が行います。")
    return take_decline(
        session, stay, handoff, entry, organization_id=by.organization_id, by=by, now=now
    )


def take_decline(
    session: Session,
    stay: Stay,
    handoff: Handoff,
    entry: DeclineEntry,
    *,
    organization_id: int,
    by: Actor,
    now: datetime,
) -> Decline:
    """Write such an answer down, whoever writes it: the receiver, or a sender who holds their slip.

    `organization_id` is whose answer it is. Raises NotPermitted for what is over or answered
    already, and BadEntry as `decline`.
    """
    refuse_if_over(handoff)
    if not may_decline(handoff):
        raise NotPermitted(
            "この引継ぎには、すでに返事があります。返事を取り消してから、選び直してください。"
        )
    _check(session, entry, by, organization_id)
    row = Decline(
        stay_id=stay.id,
        handoff_id=handoff.id,
        organization_id=organization_id,
        staff_id=by.staff_id,
        recorded_at=now,
        **entry.model_dump(),
    )
    session.add(row)
    handoff.declined_at = now
    handoff.version += 1
    record(
        session,
        by,
        Act.HANDOFF_DECLINE,
        now=now,
        stay_id=stay.id,
        handoff_id=handoff.id,
        detail={"kind": handoff.kind.value, "decline_reason": entry.reason.value},
    )
    return row


def _check(session: Session, entry: DeclineEntry, by: Actor, organization_id: int) -> None:
    if entry.reason is DeclineReason.OTHER and not entry.words:
        raise BadEntry({"words": "「そのほか」のときは、理由を短く入力してください。"})
    known = {o.id for o in planning_organizations(session, by.region)}
    if entry.suggested_id is not None and entry.suggested_id not in known - {organization_id}:
        raise BadEntry({"suggested": "いまの担当の事業所を、一覧から選び直してください。"})


def decline_of(session: Session, handoff_id: int) -> Decline | None:
    """Find the latest such answer to a handoff, even if it was taken back since."""
    return session.exec(
        select(Decline)
        .where(Decline.handoff_id == handoff_id)
        .order_by(col(Decline.id).desc())
        .limit(1)
    ).first()


def sent_elsewhere(session: Session, actor: Actor, now: datetime) -> tuple[Elsewhere, ...]:
    """List what this person's organization declined and the hospital sent to somebody else."""
    query = (
        select(Stay.code, Handoff.kind, Handoff.withdrawn_at)
        .join(Handoff, col(Handoff.stay_id) == col(Stay.id))
        .join(Decline, col(Decline.handoff_id) == col(Handoff.id))
        .where(
            Decline.organization_id == actor.organization_id,
            col(Handoff.declined_at).is_not(None),
            col(Handoff.withdrawn_at) >= now - TOLD_FOR,
        )
        .order_by(col(Handoff.withdrawn_at).desc())
        .distinct()
    )
    with crossing(session, Crossing.DECLINED):
        found = session.exec(query).all()
    return tuple(
        Elsewhere(code, HandoffKind(kind), on) for code, kind, on in found if on is not None
    )
