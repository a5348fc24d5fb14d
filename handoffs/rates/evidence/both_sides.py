"""How often the records of a hospital and of an office differ, for these two alone.

A year of the own house: with whom both sides have a word about the discharge on record, and in
how many of those one says that there was a contact and the other that there was none. Which of
them is right is not known from here, and no figure is made of one member of staff: offices in
which one person works are one line, and such an office is shown no figure of its own.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from handoffs.parties import Actor, Organization, Staff
from handoffs.plan_office import PlanOffice
from handoffs.rates.cases import Case, cases_among
from handoffs.rates.definition import Definition
from handoffs.rates.figures import Figure, Row
from handoffs.rates.in_words import in_words
from handoffs.rates.measured import added
from handoffs.rates.office_lines import ALONE
from handoffs.rates.shelf import shelf
from handoffs.rates.tally import figure_of
from handoffs.rates.yearly.fiscal_year import months_of
from handoffs.stays.stay import Stay
from handoffs.tokyo import next_month

NAME = "both_sides_disagreement"


@dataclass(frozen=True)
class BothSides:
    """The year of one house. alone: it has one person, of whom no figure is made."""

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
    if actor.plans_care and _people(session, [actor.organization_id])[actor.organization_id] <= 1:
        return BothSides(year, (), Figure(0, 0), words, alone=True)
    cases = cases_among(session, _own(actor, months[0], next_month(months[-1])), now)
    rows = _rows(session, actor, definition, cases)
    return BothSides(year, rows, added([row.figure for row in rows]), words)


def _own(actor: Actor, first: date, after: date) -> tuple[Any, ...]:
    """Conditions: the stays of the own house that ended within the year."""
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
    session: Session, actor: Actor, definition: Definition, cases: Sequence[Case]
) -> tuple[Row, ...]:
    """One line a house on the other side with anybody to count, most differences first.

    Offices of one person share a line; where there is only one of them it would be that person's
    figure, and stands neither in a line nor in the total.
    """
    others: dict[int, list[Case]] = {}
    for case in cases:
        other = case.office_id if actor.is_hospital else case.hospital_id
        if other is not None:
            others.setdefault(other, []).append(case)
    names = dict(
        session.exec(
            select(Organization.id, Organization.name).where(col(Organization.id).in_(others))
        ).all()
    )
    working = _people(session, list(others)) if actor.is_hospital else Counter[int]()
    figures = {other: figure_of(definition, those) for other, those in others.items()}
    counted = {other: figure for other, figure in figures.items() if figure.of}
    alone = {other for other in counted if actor.is_hospital and working[other] <= 1}
    rows = [Row(names[other], counted[other]) for other in counted if other not in alone]
    if len(alone) > 1:
        rows.append(Row(ALONE, added([counted[other] for other in alone])))
    return tuple(sorted(rows, key=lambda row: (-row.figure.counted, row.label)))


def _people(session: Session, offices: Sequence[int]) -> Counter[int]:
    """How many people work in each office."""
    return Counter(
        dict(
            session.exec(
                select(Staff.organization_id, func.count())
                .where(col(Staff.organization_id).in_(offices), col(Staff.active).is_(True))
                .group_by(col(Staff.organization_id))
            ).all()
        )
    )
