"""How often the records of a hospital and of an office differ, for these two alone.

A year of the own house, of its months that are over: with whom both sides have a word about the
discharge on record, and in how many of those one says that there was a contact and the other that
there was none. Which of them is right is not known from here, and no figure is made of one member
of staff: offices in which one person worked in a month are one line, only of months in which they
are two or more, and such an office is shown no figure of its own.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from handoffs.parties import Actor, Organization
from handoffs.plan_office import PlanOffice
from handoffs.rates.cases import Case, cases_among
from handoffs.rates.definition import Definition
from handoffs.rates.figures import Figure, Row
from handoffs.rates.in_words import in_words
from handoffs.rates.measured import added
from handoffs.rates.month_company import companies_of
from handoffs.rates.office_lines import ALONE, Company
from handoffs.rates.shelf import shelf
from handoffs.rates.tally import figure_of
from handoffs.rates.yearly.fiscal_year import months_of
from handoffs.stays.stay import Stay
from handoffs.tokyo import next_month
from handoffs.wall import Crossing, crossing

NAME = "both_sides_disagreement"


@dataclass(frozen=True)
class BothSides:
    """The year of one house. alone: it had one person in all its months: no figure is made."""

    year: int
    rows: tuple[Row, ...]
    total: Figure
    words: tuple[str, ...]
    alone: bool = False


def both_sides(
    session: Session, actor: Actor, region: str, year: int, *, now: datetime
) -> BothSides:
    """The fiscal year of the actor's own house with each house on the other side."""
    months = months_of(year)
    definition = shelf().called(NAME, region, months[0])
    words = in_words(definition)
    if not (actor.is_hospital or actor.plans_care):
        return BothSides(year, (), Figure(0, 0), words)
    settled = companies_of(session, region, months)
    if actor.plans_care:
        mine = {m: one for m, one in settled.items() if actor.organization_id in one.several}
        if settled and not mine:
            return BothSides(year, (), Figure(0, 0), words, alone=True)
        settled = mine
    with crossing(session, Crossing.OWN_WORK):
        cases = {
            month: cases_among(session, _own(actor, month, next_month(month)), now)
            for month in settled
        }
    rows = _rows(session, actor, definition, cases, settled)
    return BothSides(year, rows, added([row.figure for row in rows]), words)


def _own(actor: Actor, first: date, after: date) -> tuple[Any, ...]:
    """Conditions: the stays of the own house that ended from `first` and before `after`."""
    if actor.is_hospital:
        mine = col(Stay.hospital_id) == actor.organization_id
    else:
        mine = col(Stay.id).in_(
            sa.select(col(PlanOffice.stay_id)).where(
                ~col(PlanOffice.superseded),
                col(PlanOffice.organization_id) == actor.organization_id,
            )
        )
    return mine, col(Stay.discharged_on) >= first, col(Stay.discharged_on) < after


def _rows(
    session: Session,
    actor: Actor,
    definition: Definition,
    months: Mapping[date, Sequence[Case]],
    settled: Mapping[date, Company],
) -> tuple[Row, ...]:
    """One line a house on the other side with anybody to count, most differences first."""
    lines: dict[int | None, list[Figure]] = defaultdict(list)
    for month, cases in months.items():
        several = settled[month].several if actor.is_hospital else None
        for other, figures in _lines(actor, definition, cases, several).items():
            lines[other] += figures
    names: dict[int | None, str] = {None: ALONE}
    found = select(Organization.id, Organization.name).where(col(Organization.id).in_(lines))
    names.update(session.exec(found).all())
    rows = [Row(names[other], added(figures)) for other, figures in lines.items()]
    return tuple(sorted(rows, key=lambda row: (-row.figure.counted, row.label)))


def _lines(
    actor: Actor, definition: Definition, cases: Sequence[Case], several: frozenset[int] | None
) -> dict[int | None, list[Figure]]:
    """The figures of one month by house; those of one person under None.

    several: the offices that have a line, None for all. Where only one of the others has a case
    in the month it would be that person's figure, and stands neither in a line nor in the total:
    a year that grows by such a month would tell it.
    """
    those: dict[int, list[Case]] = defaultdict(list)
    for case in cases:
        other = case.office_id if actor.is_hospital else case.hospital_id
        if other is not None:
            those[other].append(case)
    figures = {other: figure_of(definition, mine) for other, mine in those.items()}
    counted = {other: figure for other, figure in figures.items() if figure.of}
    named = {other for other in counted if several is None or other in several}
    found: dict[int | None, list[Figure]] = {other: [counted[other]] for other in named}
    alone = [figure for other, figure in counted.items() if other not in named]
    return found | ({None: alone} if len(alone) > 1 else {})
