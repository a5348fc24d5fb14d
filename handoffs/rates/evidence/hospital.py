"""A hospital's year: partner institutions, meetings with each, and joint guidance of a stay.

Counted from statements of both sides that stand. A meeting is a day on which somebody of the
hospital and somebody of the institution met (面会, 会議), in person or by a network. Whether a
day fulfils what a fee asks for is the hospital's own judgement: this page lists what there is.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from handoffs.parties import Actor, Organization, organizations_by_id
from handoffs.plan_office import PlanOffice
from handoffs.rates.evidence.said import in_year, still_said
from handoffs.statement import Means, Result, Statement, Topic
from handoffs.stays.stay import Stay, is_registered

PARTNERS_WANTED, MEETINGS_WANTED, GUIDANCE_PER_STAY = 25, 3, 2
"""入退院支援加算1: 連携機関 25 以上、面会 年3回以上。介護支援等連携指導料: 一入院に 2 回まで。"""

_MEETINGS = frozenset({Result.MET, Result.CONFERENCE})
_FACE_TO_FACE = frozenset({Means.IN_PERSON, Means.NETWORK, Means.TSUNAGI, Means.NONE})
"""Means by which a meeting can be one; a conference by telephone alone is none."""


@dataclass(frozen=True)
class Meeting:
    """One day of a meeting about one stay, with what the record keeps of it."""

    on: date
    code: str
    means: str
    result: str
    counterpart: str
    both_sides: bool


@dataclass(frozen=True)
class Partner:
    """One institution with the days on which somebody met."""

    name: str
    kind: str
    meetings: tuple[Meeting, ...]

    @property
    def days(self) -> int:
        """On how many days there was a meeting: several about one day's cases are one."""
        return len({meeting.on for meeting in self.meetings})

    @property
    def often_enough(self) -> bool:
        """Whether the days reach three."""
        return self.days >= MEETINGS_WANTED


@dataclass(frozen=True)
class Guidance:
    """One stay in which somebody met the care manager: at most two days of it count."""

    code: str
    office: str
    meetings: tuple[Meeting, ...]

    @property
    def counted(self) -> int:
        """Its days, two at most."""
        return min(len({meeting.on for meeting in self.meetings}), GUIDANCE_PER_STAY)


@dataclass(frozen=True)
class HospitalEvidence:
    """The year of one hospital."""

    year: int
    partners: tuple[Partner, ...]
    guidance: tuple[Guidance, ...]

    @property
    def enough(self) -> int:
        """With how many partners there were three meetings or more."""
        return sum(one.often_enough for one in self.partners)

    @property
    def guidance_count(self) -> int:
        """介護支援等連携指導 that the record has days for."""
        return sum(one.counted for one in self.guidance)


def hospital_evidence(session: Session, actor: Actor, year: int) -> HospitalEvidence:
    """The fiscal year of the actor's own hospital; nothing for anybody else."""
    if not actor.is_hospital:
        return HospitalEvidence(year, (), ())
    rows = session.exec(
        select(Statement, Stay.code)
        .join(Stay, col(Stay.id) == col(Statement.stay_id))
        .where(
            is_registered(),
            Stay.hospital_id == actor.organization_id,
            col(Statement.result).in_(_MEETINGS),
            col(Statement.means).in_(_FACE_TO_FACE),
            Statement.topic != Topic.REFERRAL,
            *in_year(year),
            *still_said(),
        )
        .order_by(col(Statement.id))
    ).all()
    codes = {one.stay_id: code for one, code in rows}
    said: dict[int, list[Statement]] = defaultdict(list)
    for one, _ in rows:
        said[one.stay_id].append(one)
    offices = _offices(session, set(said))
    named = organizations_by_id(session, set(offices.values()))
    by_office: dict[int, list[Meeting]] = defaultdict(list)
    guidance = []
    for stay_id in sorted(said.keys() & offices.keys()):
        meetings = _meetings(codes[stay_id], said[stay_id])
        by_office[offices[stay_id]] += meetings
        office = named[offices[stay_id]].name
        guidance.append(Guidance(codes[stay_id], office, meetings))
    partners = [_partner(named[id_], meetings) for id_, meetings in by_office.items()]
    return HospitalEvidence(
        year,
        tuple(sorted(partners, key=lambda one: (-one.days, one.name))),
        tuple(sorted(guidance, key=lambda one: (one.meetings[0].on, one.code))),
    )


def _partner(office: Organization, meetings: Iterable[Meeting]) -> Partner:
    by_day = tuple(sorted(meetings, key=lambda one: (one.on, one.code)))
    return Partner(office.name, office.kind.label, by_day)


def _offices(session: Session, stay_ids: set[int]) -> dict[int, int]:
    """The plan office of each stay, where there is one."""
    rows = session.exec(
        select(PlanOffice).where(col(PlanOffice.stay_id).in_(stay_ids), ~col(PlanOffice.superseded))
    )
    return {row.stay_id: row.organization_id for row in rows if row.organization_id is not None}


def _meetings(code: str, said: list[Statement]) -> tuple[Meeting, ...]:
    """The days of one stay; a day that both sides wrote down is one."""
    days: dict[date, list[Statement]] = defaultdict(list)
    for one in said:
        days[one.happened_on].append(one)
    return tuple(
        Meeting(
            on=on,
            code=code,
            means=those[0].means.label,
            result=those[0].result.label,
            counterpart=next((one.counterpart for one in those if one.counterpart), ""),
            both_sides=len({one.side for one in those}) > 1,
        )
        for on, those in sorted(days.items())
    )
