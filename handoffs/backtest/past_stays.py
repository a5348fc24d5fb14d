"""Stays that ended in some months, in codes, as a back-test reads them again.

The facts are those of a stay's last decision, the days are those of the stay. No name, number
or date of birth is read; a stay is named by its code, which only its own hospital can look up.
Read in brief sessions: whoever reads SQLite for long keeps a ward from saving.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from handoffs.calendars import calendars_for
from handoffs.decision.assessment import Assessment
from handoffs.parties import Organization, Ward
from handoffs.plan_office import PlanOffice
from handoffs.rates.coordination import contact_about_discharge
from handoffs.statement import Statement
from handoffs.stays.certification import Certification
from handoffs.stays.discharge_news import known_days
from handoffs.stays.stay import Destination, Stay, is_registered
from handoffs.tokyo import day_of
from rules import Calendar, Calendars, Moments, Whose

NOT_COUNTED = (Destination.DEATH, Destination.OTHER_HOSPITAL)
CHUNK = 500
"""How many stays one session reads: a fraction of a second."""

Reading = Callable[[], AbstractContextManager[Session]]
"""Opens one brief session for questions, as `Database.reading` does."""


@dataclass(frozen=True)
class PastStay:
    """One stay that ended.

    given: the facts of its last decision; empty where nobody ever decided. judged: whether
    somebody did. missed: left alive with a valid certification and a plan office, and no
    contact about the discharge took place, whether or not the rule of then spoke of them.
    """

    code: str
    hospital_id: int
    ward_id: int
    office_id: int | None
    given: Mapping[str, str]
    judged: bool
    moments: Moments
    calendars: Calendars
    missed: bool

    @property
    def left_on(self) -> date:
        """The day on which the person left."""
        return self.moments.discharged_on or self.moments.admitted_on


def past_stays(
    reading: Reading, region: str, first: date, last: date, *, hospital_id: int | None = None
) -> list[PastStay]:
    """Read the stays of a region's hospitals that ended from one day to another, both included.

    With `hospital_id` only those of that hospital. What changes meanwhile may be read in its
    old state or in its new one.
    """
    ended = (
        is_registered(),
        Stay.region == region,
        col(Stay.discharged_on) >= first,
        col(Stay.discharged_on) <= last,
        *(() if hospital_id is None else (Stay.hospital_id == hospital_id,)),
    )
    with reading() as session:
        ids = session.exec(select(Stay.id).where(*ended).order_by(col(Stay.id))).all()
        books = _Books({o.id: o for o in session.exec(select(Organization)).all()})
    found: list[PastStay] = []
    for start in range(0, len(ids), CHUNK):
        chunk = col(Stay.id).in_(ids[start : start + CHUNK])
        with reading() as session:
            # Asked again: a discharge may have been taken back since.
            stays = session.exec(select(Stay).where(chunk, *ended).order_by(col(Stay.id))).all()
            found += _read(session, stays, books)
    return found


def names_of_wards(session: Session) -> dict[int, str]:
    """Name every ward with its hospital."""
    rows = session.exec(
        select(Ward, Organization).join(Organization, col(Ward.hospital_id) == col(Organization.id))
    )
    return {ward.id: f"{hospital.name} {ward.name}" for ward, hospital in rows}


def names_of_offices(session: Session) -> dict[int, str]:
    """Name every organization."""
    return {each.id: each.name for each in session.exec(select(Organization)).all()}


class _Books:
    """Calendars by hospital, office and years; most stays share theirs."""

    def __init__(self, organizations: Mapping[int, Organization]) -> None:
        self._organizations = organizations
        self._known: dict[tuple[int, int | None, int, int], dict[Whose, Calendar]] = {}

    def of(self, stay: Stay, office_id: int | None, until: date) -> dict[Whose, Calendar]:
        key = (stay.hospital_id, office_id, stay.admitted_on.year, until.year)
        if key not in self._known:
            self._known[key] = calendars_for(
                self._organizations[stay.hospital_id],
                None if office_id is None else self._organizations.get(office_id),
                stay.admitted_on,
                until,
            )
        return self._known[key]


def _read(session: Session, stays: Sequence[Stay], books: _Books) -> list[PastStay]:
    """Read what belongs to some stays, each table once."""
    ids = [stay.id for stay in stays]
    assessments: dict[int, list[Assessment]] = {}
    for each in session.exec(
        select(Assessment).where(col(Assessment.stay_id).in_(ids)).order_by(col(Assessment.id))
    ):
        assessments.setdefault(each.stay_id, []).append(each)
    statements: dict[int, list[Statement]] = {}
    for said in session.exec(
        select(Statement).where(col(Statement.stay_id).in_(ids)).order_by(col(Statement.id))
    ):
        statements.setdefault(said.stay_id, []).append(said)
    certifications = {
        each.stay_id: each
        for each in session.exec(
            select(Certification)
            .where(col(Certification.stay_id).in_(ids))
            .order_by(col(Certification.id))
        )
    }
    plans = {
        each.stay_id: each
        for each in session.exec(select(PlanOffice).where(col(PlanOffice.stay_id).in_(ids)))
        if not each.superseded
    }
    news = known_days(session, stays)
    return [
        _past_stay(
            stay,
            assessments.get(stay.id, []),
            statements.get(stay.id, []),
            certifications.get(stay.id),
            plans.get(stay.id),
            news.get(stay.id),
            books,
        )
        for stay in stays
    ]


def _past_stay(
    stay: Stay,
    assessments: Sequence[Assessment],
    statements: Sequence[Statement],
    certification: Certification | None,
    plan: PlanOffice | None,
    discharge_known_on: date | None,
    books: _Books,
) -> PastStay:
    left_on = stay.discharged_on or stay.admitted_on
    office_id = None if plan is None else plan.organization_id
    # The need is seen when somebody first decides; a later decision only repeats it.
    need_seen_on = day_of(assessments[0].made_at) if assessments else None
    moments = Moments(
        admitted_on=stay.admitted_on,
        admitted_time=stay.admitted_time,
        planned_discharge_on=stay.planned_discharge_on,
        discharged_on=stay.discharged_on,
        need_seen_on=need_seen_on,
        discharge_known_on=discharge_known_on,
    )
    until = max(left_on, stay.planned_discharge_on or left_on, need_seen_on or left_on)
    contact = contact_about_discharge(stay, statements)
    counts = (
        stay.destination not in NOT_COUNTED
        and not stay.wants_no_contact
        and certification is not None
        and bool(certification.group_on(left_on))
        and plan is not None
        and plan.status.has_planner
    )
    return PastStay(
        code=stay.code,
        hospital_id=stay.hospital_id,
        ward_id=stay.ward_id,
        office_id=office_id,
        given=assessments[-1].facts if assessments else {},
        judged=bool(assessments),
        moments=moments,
        calendars=books.of(stay, office_id, until),
        missed=counts and not contact.took_place and not contact.is_unknown,
    )
