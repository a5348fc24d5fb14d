"""On which day a plan office gave its admission information, by its own record.

Beside a fee window it says under which number of the count that day falls, also where the window
was over. It reads what the office itself wrote down and promises nothing. Read-only.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from handoffs.handoff import PASSED_ON, Handoff
from handoffs.parties import Actor
from handoffs.statement import Result, Side, Statement, standing
from rules import HandoffKind
from rules.fees.window import Cover, FeeWindow


@dataclass(frozen=True)
class Given:
    """The first day on which the office passed the information on.

    received_on: when the hospital says that it has it; None while it has said nothing.
    """

    on: date
    received_on: date | None


@dataclass(frozen=True)
class GivenShown:
    """A day of giving beside a window.

    number: counted with the admission as day 1; 0 or less before the admission. covers: the
    tiers for that day, empty once the window was over.
    """

    on: date
    received_on: date | None
    number: int
    covers: tuple[Cover, ...]

    @property
    def is_before_admission(self) -> bool:
        """Whether it was given before the person came in."""
        return self.number < 1


def given_in(window: FeeWindow, given: Given | None) -> GivenShown | None:
    """Lay a day of giving beside a window; None where nothing is written down."""
    if given is None:
        return None
    number = (given.on - window.admitted_on).days + 1
    return GivenShown(given.on, given.received_on, number, window.covers(given.on))


def given_by(session: Session, actor: Actor, stay_ids: Collection[int]) -> dict[int, Given]:
    """What the actor's own office wrote down of giving, by stay. What was taken back is nothing."""
    rows = session.exec(
        select(Statement)
        .join(Handoff, col(Handoff.id) == col(Statement.handoff_id))
        .where(
            col(Statement.stay_id).in_(stay_ids),
            Handoff.kind == HandoffKind.ADMISSION_INFORMATION,
            col(Handoff.withdrawn_at).is_(None),
        )
        .order_by(col(Statement.happened_on), col(Statement.id))
    )
    given: dict[int, Statement] = {}
    received: dict[int | None, date] = {}
    for said in standing(rows):
        if said.side is Side.HOSPITAL and said.result is Result.RECEIVED:
            received.setdefault(said.handoff_id, said.happened_on)
        elif said.organization_id == actor.organization_id and said.result in PASSED_ON:
            given.setdefault(said.stay_id, said)
    # Of the same handoff: what the hospital had from a former office proves nothing of this one.
    return {
        stay_id: Given(said.happened_on, received.get(said.handoff_id))
        for stay_id, said in given.items()
    }
