"""Whom the form of a month is about, and what the events already answer.

Those whom the rate counts: living discharges and admissions of people with a valid
要介護・要支援 and a plan office, without what the rate leaves out. Reads codes, no name.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from handoffs.decision.assessment import Assessment
from handoffs.handoff import Handoff
from handoffs.plan_office import PlanOffice
from handoffs.rates.coordination import Contact, contact_about_discharge
from handoffs.rates.survey.survey import Question, Word
from handoffs.statement import REACHED, Statement, Topic, standing
from handoffs.stays.certification import Certification, group_of
from handoffs.stays.stay import Destination, Stay, is_registered
from handoffs.tokyo import next_month
from rules import HandoffKind

_NOT_ASKED = (Destination.DEATH, Destination.OTHER_HOSPITAL)


@dataclass(frozen=True)
class Asked:
    """One question about one stay, with what the events say.

    on: the day of leaving or of admission. met: what the month's figure counts, None where
    nothing certain is known.
    """

    stay_id: int
    office_id: int
    question: Question
    on: date
    filled: Word
    met: bool | None


def asked_of(session: Session, region: str, month: date) -> list[Asked]:
    """Every question of a month's form, of all offices, in the order of the stays."""
    return [
        *_discharges(session, _those(session, region, col(Stay.discharged_on), month)),
        *_admissions(session, _those(session, region, col(Stay.admitted_on), month)),
    ]


_Row = tuple[Stay, int]


def _those(session: Session, region: str, moment: Any, month: date) -> list[_Row]:  # noqa: ANN401 - a column.
    """Stays of a month whose people have a certification and an office, with the office."""
    certified, assessed = _newest(Certification), _newest(Assessment)
    rows = session.execute(
        sa.select(Stay, col(PlanOffice.organization_id), Certification, Assessment)
        .join(
            PlanOffice,
            sa.and_(col(PlanOffice.stay_id) == col(Stay.id), ~col(PlanOffice.superseded)),
        )
        .join(Certification, col(Certification.id) == certified)
        .outerjoin(Assessment, col(Assessment.id) == assessed)
        .where(
            is_registered(),
            col(Stay.region) == region,
            moment >= month,
            moment < next_month(month),
            ~col(Stay.wants_no_contact),
            col(PlanOffice.organization_id).is_not(None),
        )
        .order_by(col(Stay.id))
    ).all()
    found = []
    for stay, office_id, certification, assessment in rows:
        on = stay.discharged_on if moment.key == "discharged_on" else stay.admitted_on
        excluded = assessment is not None and assessment.excluded
        group = group_of(
            certification.level, certification.application, certification.valid_until, on
        )
        if group and not excluded:
            found.append((stay, office_id))
    return found


def _newest(table: type[Certification | Assessment]) -> Any:  # noqa: ANN401 - a subquery.
    return (
        sa.select(sa.func.max(col(table.id)))
        .where(col(table.stay_id) == col(Stay.id))
        .correlate(Stay)
        .scalar_subquery()
    )


def _discharges(session: Session, rows: list[_Row]) -> list[Asked]:
    alive = [(stay, office) for stay, office in rows if stay.destination not in _NOT_ASKED]
    said = _statements(session, [stay.id for stay, _ in alive])
    found = []
    for stay, office_id in alive:
        contact = contact_about_discharge(stay, said[stay.id])
        met = None if contact.is_unknown else contact.took_place
        word = _word(stay, contact, said[stay.id])
        left = stay.discharged_on or stay.admitted_on
        found.append(Asked(stay.id, office_id, Question.COORDINATION, left, word, met))
        found.append(Asked(stay.id, office_id, Question.REFLECTED, left, Word.UNKNOWN, None))
    return found


def _word(stay: Stay, contact: Contact, said: list[Statement]) -> Word:
    """What is ticked beforehand; where nothing certain is known, the office is asked."""
    if contact.took_place:
        return Word.YES
    if contact is Contact.THROUGH_FAMILY:
        return Word.FAMILY
    late = any(
        one.topic is Topic.DISCHARGE
        and one.result in REACHED
        and stay.left_before(one.happened_on, one.happened_time)
        for one in standing(said)
    )
    if late:
        return Word.LATE
    return Word.UNKNOWN if contact.is_unknown else Word.NO


def _admissions(session: Session, rows: list[_Row]) -> list[Asked]:
    ids = [stay.id for stay, _ in rows]
    informed = set(
        session.exec(
            select(Handoff.stay_id).where(
                col(Handoff.stay_id).in_(ids),
                Handoff.kind == HandoffKind.ADMISSION_INFORMATION,
                col(Handoff.withdrawn_at).is_(None),
                col(Handoff.sent_at).is_not(None),
            )
        )
    )
    return [
        Asked(
            stay.id,
            office_id,
            Question.INFORMATION,
            stay.admitted_on,
            Word.YES if stay.id in informed else Word.NO,
            stay.id in informed,
        )
        for stay, office_id in rows
    ]


def _statements(session: Session, ids: list[int]) -> dict[int, list[Statement]]:
    found: dict[int, list[Statement]] = defaultdict(list)
    query = select(Statement).where(col(Statement.stay_id).in_(ids)).order_by(col(Statement.id))
    for row in session.exec(query):
        found[row.stay_id].append(row)
    return found
