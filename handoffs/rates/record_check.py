"""記録の確認: patterns in a ward's own record that are worth a question, shown to that ward.

A question, never a verdict: each has ordinary explanations, which stand beside it. What was
written down late, many at once at the end of a shift, or on Monday for the weekend is normal
and not looked at: only what is said to have happened, never when it was typed. Nothing here
knows who wrote a row, and no other ward, hospital or health centre is shown any of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import comb

import sqlalchemy as sa
from sqlmodel import Session, col, select

from handoffs.decision.assessment import Assessment
from handoffs.parties import Actor
from handoffs.statement import REACHED, Side, Statement, Topic, standing
from handoffs.stays.stay import Stay, is_registered
from handoffs.tokyo import months_before, next_month
from rules.kinds import Labelled

EARLIER_MONTHS = 6
LEAST_EXCLUDED, LEAST_BEFORE, TIMES, UNLIKELY = 5, 20, 2.0, 0.01
LEAST_IN_THE_MINUTE = 5


class Pattern(Labelled):
    """What is asked about."""

    EXCLUSIONS = "exclusions", "ルールの対象外とした方が、いつもより多い月です"
    IN_THE_MINUTE = "in_the_minute", "退院前の連絡の時刻が、すべて退院の時刻と同じです"


_ASKED = {
    Pattern.EXCLUSIONS: (
        "短期の入院や対象外の診療科が続いた月、ルールの版が変わった月には、自然に増えます。"
        "心当たりがなければ、対象外の理由の選び方を病棟で見直してください。"
    ),
    Pattern.IN_THE_MINUTE: (
        "連絡した時刻が分からないときは、時刻を空欄にして日付だけ記録できます。"
        "退院の登録と一緒に書いたために同じ時刻が入っていないか、病棟で確かめてください。"
    ),
}


@dataclass(frozen=True)
class Question:
    """One thing to ask oneself. counted of whole, and the same of the months before."""

    pattern: Pattern
    counted: int
    whole: int
    before: tuple[int, int] | None = None

    @property
    def words(self) -> str:
        """Ordinary explanations, and what to do."""
        return _ASKED[self.pattern]


def questions_of(session: Session, actor: Actor, month: date) -> tuple[Question, ...]:
    """What a ward may ask itself about a month; nothing for whoever has no ward of their own."""
    if not actor.is_hospital or actor.ward_id is None:
        return ()
    found = (
        _exclusions(session, actor.ward_id, month),
        _in_the_minute(session, actor.ward_id, month),
    )
    return tuple(one for one in found if one is not None)


def _exclusions(session: Session, ward_id: int, month: date) -> Question | None:
    *earlier, _ = months_before(month, EARLIER_MONTHS + 1)
    now = _excluded(session, ward_id, month, next_month(month))
    before = _excluded(session, ward_id, earlier[0], month)
    if now[0] < LEAST_EXCLUDED or before[1] < LEAST_BEFORE:
        return None
    usual = before[0] / before[1]
    if now[0] / now[1] < TIMES * usual or tail(now[0], now[1], usual) > UNLIKELY:
        return None
    return Question(Pattern.EXCLUSIONS, *now, before)


def _excluded(session: Session, ward_id: int, first: date, after: date) -> tuple[int, int]:
    """How many of the stays that began in a ward were left out by the rule, and of how many."""
    newest = (
        sa.select(sa.func.max(col(Assessment.id)))
        .where(col(Assessment.stay_id) == col(Stay.id))
        .correlate(Stay)
        .scalar_subquery()
    )
    rows = session.exec(
        select(Assessment.excluded)
        .join(Stay, col(Stay.id) == col(Assessment.stay_id))
        .where(
            is_registered(),
            Stay.ward_id == ward_id,
            col(Stay.admitted_on) >= first,
            col(Stay.admitted_on) < after,
            col(Assessment.id) == newest,
        )
    ).all()
    return sum(rows), len(rows)


def tail(counted: int, whole: int, usual: float) -> float:
    """How likely as many or more would be by chance alone, if all were as usual (binomial)."""
    return sum(
        comb(whole, n) * usual**n * (1 - usual) ** (whole - n) for n in range(counted, whole + 1)
    )


def _in_the_minute(session: Session, ward_id: int, month: date) -> Question | None:
    """Ask where every contact before leaving is said to be of the very minute of leaving.

    One contact at another time, or with no time at all, ends the matter.
    """
    stays = {
        stay.id: stay
        for stay in session.exec(
            select(Stay).where(
                is_registered(),
                Stay.ward_id == ward_id,
                col(Stay.discharged_on) >= month,
                col(Stay.discharged_on) < next_month(month),
            )
        )
    }
    rows = session.exec(
        select(Statement)
        .where(col(Statement.stay_id).in_(stays), Statement.side == Side.HOSPITAL)
        .order_by(col(Statement.id))
    ).all()
    about = [
        one
        for one in standing(rows)
        if one.topic is Topic.DISCHARGE
        and one.result in REACHED
        and not stays[one.stay_id].left_before(one.happened_on, one.happened_time)
    ]
    alike = [one for one in about if _is_the_minute(one, stays[one.stay_id])]
    cases = {one.stay_id for one in alike}
    if len(cases) < LEAST_IN_THE_MINUTE or _any_other(about, alike):
        return None
    return Question(Pattern.IN_THE_MINUTE, len(cases), len({one.stay_id for one in about}))


def _is_the_minute(said: Statement, stay: Stay) -> bool:
    left = stay.discharged_time
    at = said.happened_time
    return (
        said.happened_on == stay.discharged_on
        and left is not None
        and at is not None
        and (at.hour, at.minute) == (left.hour, left.minute)
    )


def _any_other(about: Sequence[Statement], alike: Sequence[Statement]) -> bool:
    """Whether any contact was at another time than the minute of leaving."""
    same = {one.id for one in alike}
    return any(one.id not in same for one in about)
