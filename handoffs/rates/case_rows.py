"""The columns that cases are made of, each table asked once for many stays.

No row becomes an object of the session, and no column that could name somebody is read.
`among` are the conditions that choose the stays.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from handoffs.decision.assessment import Assessment
from handoffs.handoff import Handoff
from handoffs.miss_reason import MissCause, MissReason
from handoffs.parties import Ward
from handoffs.plan_office import PlanOffice
from handoffs.rates.month_company import MonthCompany
from handoffs.rates.survey.survey import Question, Survey, SurveyAnswer, Word
from handoffs.statement import Side, Statement
from handoffs.stays.certification import Certification
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from rules import HandoffKind

Column = Any
"""A column as SQLModel and SQLAlchemy between them cannot type it."""

Statements = Sequence[tuple[Any, ...]]
"""Of one stay: id, side, topic, result, day and time as they are stored, oldest first."""


class Told(NamedTuple):
    """What the handoffs of a stay say of the information that was passed on."""

    informed: bool = False
    in_time: bool | None = None
    confirmed: bool = False
    passed_on: date | None = None
    is_late: bool = False
    at_discharge: date | None = None


NOTHING_TOLD = Told()


def _code(column: Column) -> Column:
    """Read the stored word of a closed list; the word is looked up once for each case."""
    return sa.type_coerce(column, sa.String)


def stays_asked(among: Sequence[Any]) -> sa.Select[*tuple[Any, ...]]:
    """Ask for the stays with what stands beside each of them once."""
    certified = newest(Certification)
    assessed = newest(Assessment)
    return (
        sa.select(
            col(Stay.id),
            col(Stay.hospital_id),
            _code(Stay.destination),
            col(Stay.wants_no_contact),
            col(Stay.next_hospital_id),
            col(Stay.admitted_on),
            col(Stay.discharged_on),
            col(Stay.discharged_time),
            _code(Ward.kind),
            col(Patient.in_region),
            col(Patient.municipality),
            _code(Certification.level),
            _code(Certification.application),
            col(Certification.valid_until),
            _code(PlanOffice.status),
            col(PlanOffice.organization_id),
            _code(Assessment.coordination),
            col(Assessment.excluded),
            col(Assessment.edition_in_force),
        )
        .select_from(Stay)
        .join(Patient, col(Patient.id) == col(Stay.patient_id))
        .join(Ward, col(Ward.id) == col(Stay.ward_id))
        .outerjoin(Certification, col(Certification.id) == certified)
        .outerjoin(
            PlanOffice,
            sa.and_(col(PlanOffice.stay_id) == col(Stay.id), ~col(PlanOffice.superseded)),
        )
        .outerjoin(Assessment, col(Assessment.id) == assessed)
        .where(*among)
    )


def newest(table: type[Certification | Assessment]) -> Column:
    """The id of the newest row that a stay has in a table."""
    return (
        sa.select(sa.func.max(col(table.id)))
        .where(col(table.stay_id) == col(Stay.id))
        .correlate(Stay)
        .scalar_subquery()
    )


_BY_ID = itemgetter(0)


def statements_of_stays(session: Session, among: Sequence[Any]) -> dict[int, list[tuple[Any, ...]]]:
    """What both sides say of each stay and did not take back, in the order of writing."""
    rows = (
        session.connection()
        .execute(
            sa.select(
                col(Statement.stay_id),
                col(Statement.id),
                _code(Statement.side),
                _code(Statement.topic),
                _code(Statement.result),
                col(Statement.happened_on),
                col(Statement.happened_time),
                col(Statement.retracts_id),
            )
            .join(Stay, col(Stay.id) == col(Statement.stay_id))
            .where(*among)
        )
        .all()
    )
    taken_back = {row[7] for row in rows if row[7] is not None}
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        if row[7] is None and row[1] not in taken_back:
            found[row[0]].append(row[1:])
    for of_one in found.values():
        of_one.sort(key=_BY_ID)
    return found


def information_of_stays(session: Session, among: Sequence[Any], now: datetime) -> dict[int, Told]:
    """What was passed on about admission and discharge, by stay."""
    admission = HandoffKind.ADMISSION_INFORMATION.value
    rows = (
        session.connection()
        .execute(
            sa.select(
                col(Handoff.stay_id),
                _code(Handoff.kind),
                col(Handoff.sent_at).is_not(None),
                sa.and_(col(Handoff.due_at).is_not(None), col(Handoff.due_at) <= now),
                col(Handoff.due_on),
                col(Handoff.passed_on),
                col(Handoff.confirmed_at).is_not(None),
            )
            .join(Stay, col(Stay.id) == col(Handoff.stay_id))
            .where(
                *among,
                col(Handoff.withdrawn_at).is_(None),
                col(Handoff.kind).in_(
                    (HandoffKind.ADMISSION_INFORMATION, HandoffKind.DISCHARGE_INFORMATION)
                ),
            )
        )
        .all()
    )
    told: dict[int, Told] = {}
    for stay_id, kind, sent, late, due_on, passed_on, confirmed in rows:
        known = told.get(stay_id, NOTHING_TOLD)
        if kind == admission:
            told[stay_id] = Told(
                known.informed or bool(sent),
                _either(known.in_time, _in_time(due_on, passed_on, sent=bool(sent))),
                known.confirmed or bool(confirmed),
                _earlier(known.passed_on, passed_on if sent else None),
                known.is_late or bool(late),
                known.at_discharge,
            )
        elif sent:
            told[stay_id] = Told(*known[:-1], _earlier(known.at_discharge, passed_on))
    return told


def _in_time(due_on: date | None, passed_on: date | None, *, sent: bool) -> bool | None:
    """Whether information came by its last permitted day; None where there is none."""
    if due_on is None:
        return None
    return sent and passed_on is not None and passed_on <= due_on


def _either(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001 - three answers.
    if one is None or other is None:
        return one if other is None else other
    return one or other


def _earlier(one: date | None, other: date | None) -> date | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


def causes_of_stays(session: Session, among: Sequence[Any]) -> dict[int, MissCause]:
    """What the hospital last said stood in the way, by stay."""
    rows = session.connection().execute(
        sa.select(col(MissReason.stay_id), col(MissReason.cause))
        .join(Stay, col(Stay.id) == col(MissReason.stay_id))
        .where(*among, col(MissReason.side) == Side.HOSPITAL)
        .order_by(col(MissReason.id))
    )
    return dict(iter(rows))


def reflected_of_stays(session: Session, among: Sequence[Any]) -> dict[int, bool | None]:
    """Whether the office said in a survey that what it was given went into the care plan.

    Only answers that the survey's own result tells, and only once it is settled: another
    choice here would be told apart from that one.
    """
    rows = session.connection().execute(
        sa.select(
            col(SurveyAnswer.stay_id),
            _code(SurveyAnswer.word),
            col(SurveyAnswer.organization_id),
            col(Survey.told),
            col(MonthCompany.named),
        )
        .join(Stay, col(Stay.id) == col(SurveyAnswer.stay_id))
        .join(Survey, col(Survey.id) == col(SurveyAnswer.survey_id))
        .join(
            MonthCompany,
            sa.and_(
                col(MonthCompany.region) == col(Survey.region),
                col(MonthCompany.month) == col(Survey.month),
                col(MonthCompany.settled_at).is_not(None),
            ),
        )
        .where(
            *among,
            col(SurveyAnswer.question) == Question.REFLECTED,
            col(Survey.told_at).is_not(None),
        )
        .order_by(col(SurveyAnswer.id))
    )
    return {
        stay_id: _REFLECTED.get(word)
        for stay_id, word, office, told, named in rows
        if office in {*told, *named}
    }


_REFLECTED = {Word.YES.value: True, Word.NO.value: False}
