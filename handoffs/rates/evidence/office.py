"""An office's year: what was sent on admission and what was heard on discharge, with its list.

Counts of acts that the record holds, month by month; which of them can be charged for is the
office's own judgement, by the conditions of each fee. Seen by that office alone.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from handoffs.handoff import Handoff
from handoffs.parties import Actor
from handoffs.plan_office import PlanOffice
from handoffs.rates.evidence.said import bounds, in_year, still_said
from handoffs.statement import Result, Side, Statement, Topic
from handoffs.stays.stay import Stay, is_registered
from handoffs.tokyo import first_of_month
from handoffs.wall import Crossing, crossing
from rules import HandoffKind
from rules.kinds import Labelled

_HEARD = frozenset({Result.TALKED, Result.MET, Result.CONFERENCE, Result.RECEIVED})


class Counted(Labelled):
    """What is listed."""

    INFORMATION = "information", "入院時情報を送った"
    HEARD = "heard", "退院について病院から聞いた（同じ日は1回）"
    CONFERENCE = "conference", "退院前の会議に出た"


@dataclass(frozen=True)
class Piece:
    """One act on one day about one stay."""

    counted: Counted
    on: date
    code: str
    means: str
    counterpart: str


@dataclass(frozen=True)
class OfficeEvidence:
    """The year of one office."""

    year: int
    pieces: tuple[Piece, ...]

    def count(self, counted: Counted, month: date | None = None) -> int:
        """How many there are, in the year or in one month of it."""
        return sum(
            one.counted is counted and month in {None, first_of_month(one.on)}
            for one in self.pieces
        )


def office_evidence(session: Session, actor: Actor, year: int) -> OfficeEvidence:
    """The fiscal year of the actor's own office; nothing for anybody else."""
    if not actor.plans_care:
        return OfficeEvidence(year, ())
    with crossing(session, Crossing.OWN_WORK):
        return _evidence(session, actor, year)


def _evidence(session: Session, actor: Actor, year: int) -> OfficeEvidence:
    first, after = bounds(year)
    codes = dict(
        session.exec(
            select(Stay.id, Stay.code)
            .join(PlanOffice, col(PlanOffice.stay_id) == col(Stay.id))
            .where(
                is_registered(),
                PlanOffice.organization_id == actor.organization_id,
                col(Stay.wants_no_contact).is_(False),
            )
        ).all()
    )
    sent = [one for one in _sent(session, actor, codes, after) if first <= one.on]
    inside = [*sent, *_heard(session, actor, codes, year)]
    return OfficeEvidence(year, tuple(sorted(inside, key=lambda one: (one.on, one.code))))


def _sent(session: Session, actor: Actor, codes: dict[int, str], before: date) -> list[Piece]:
    """Admission information that this office itself passed on, once a stay: the first time."""
    rows = session.exec(
        select(Handoff, Statement)
        .join(Statement, col(Statement.handoff_id) == col(Handoff.id))
        .where(
            Handoff.kind == HandoffKind.ADMISSION_INFORMATION,
            col(Handoff.withdrawn_at).is_(None),
            Statement.organization_id == actor.organization_id,
            Statement.side == Side.PLAN_OFFICE,
            col(Statement.happened_on) < before,
            *still_said(),
        )
        .order_by(col(Statement.happened_on), col(Statement.id))
    ).all()
    found: dict[int, Piece] = {}
    for handoff, said in rows:
        passed = said.result in _HEARD | {Result.SENT}
        if passed and handoff.stay_id in codes:
            found.setdefault(handoff.stay_id, _piece(Counted.INFORMATION, said, codes))
    return list(found.values())


def _heard(session: Session, actor: Actor, codes: dict[int, str], year: int) -> list[Piece]:
    """Days on which this office heard of a discharge from the hospital, and conferences."""
    rows = session.exec(
        select(Statement)
        .where(
            Statement.organization_id == actor.organization_id,
            Statement.side == Side.PLAN_OFFICE,
            Statement.topic == Topic.DISCHARGE,
            *in_year(year),
            *still_said(),
        )
        .order_by(col(Statement.happened_on), col(Statement.id))
    ).all()
    days: dict[tuple[int, date], list[Statement]] = defaultdict(list)
    for said in rows:
        if said.result in _HEARD and said.stay_id in codes:
            days[said.stay_id, said.happened_on].append(said)
    found = []
    for those in days.values():
        found.append(_piece(Counted.HEARD, those[0], codes))
        conference = next((one for one in those if one.result is Result.CONFERENCE), None)
        if conference is not None:
            found.append(_piece(Counted.CONFERENCE, conference, codes))
    return found


def _piece(counted: Counted, said: Statement, codes: dict[int, str]) -> Piece:
    means = f"{said.means.label}・{said.result.label}"
    return Piece(counted, said.happened_on, codes[said.stay_id], means, said.counterpart)
