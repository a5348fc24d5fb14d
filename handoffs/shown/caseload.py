"""A community support centre's people in hospital, by who plans (委託先) and by district (圏域).

Of those whom the centre may see anyway: it plans itself, an office plans for it, or a hospital
turned to it. The district is the centre in charge of where somebody lives; where the whereabouts
are hidden it counts as not known. Read-only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from handoffs.access import Permission, require, visible_stays
from handoffs.parties import Actor, Delegation, Organization
from handoffs.shown.dossier import Dossier, dossiers_of
from handoffs.shown.task import Person, person_of
from handoffs.stays.certification_steps import StepShown, steps_of
from handoffs.stays.stay import PlannedCertainty, Stay
from handoffs.tokyo import day_of
from rules.kinds import Labelled


class District(Labelled):
    """Whose district (圏域) somebody lives in, seen from one centre."""

    OWN = "own", "自分の圏域"
    OTHER = "other", "ほかの圏域"
    UNKNOWN = "unknown", "圏域は不明"


class Way(Labelled):
    """How somebody came to the centre."""

    ITSELF = "itself", "直営（このセンターが担当）"
    DELEGATED = "delegated", "委託先が担当"
    TURNED_TO = "turned_to", "相談・申請中（担当はまだ）"
    ELSEWHERE = "elsewhere", "ほかの事業所が担当"


@dataclass(frozen=True)
class CaseloadLine:
    """One person. `municipality` is empty where it is hidden or not known."""

    person: Person
    hospital: str
    ward: str
    admitted_on: date
    planned_on: date | None
    planned_certainty: PlannedCertainty
    level: str
    office: str
    """Who plans where neither the centre nor its delegate does; empty otherwise."""
    care_manager: str
    district: District
    municipality: str
    steps: tuple[StepShown, ...]
    is_on_the_way: bool

    @property
    def shows_steps(self) -> bool:
        """Whether the steps say something: somebody stated one, or no planner is there yet."""
        return self.is_on_the_way or any(step.id for step in self.steps)


@dataclass(frozen=True)
class CaseloadGroup:
    """Everybody whom one party plans for; `planner` names the office of a delegation."""

    way: Way
    planner_id: int
    planner: str
    lines: tuple[CaseloadLine, ...]

    def count(self, district: District) -> int:
        """How many of them live in such a district."""
        return sum(line.district is district for line in self.lines)


@dataclass(frozen=True)
class Caseload:
    """The whole caseload; an office that works for the centre is there with nobody too."""

    groups: tuple[CaseloadGroup, ...]

    @property
    def people(self) -> int:
        """How many people."""
        return sum(len(group.lines) for group in self.groups)

    def count(self, district: District) -> int:
        """How many of them live in such a district."""
        return sum(group.count(district) for group in self.groups)


def caseload_of(session: Session, actor: Actor, now: datetime) -> Caseload:
    """Who of the centre's people is in hospital now. Raises NotPermitted."""
    require(actor, Permission.STEP_STATE)
    stays = session.exec(visible_stays(actor).where(col(Stay.discharged_on).is_(None))).all()
    dossiers = dossiers_of(session, stays)
    steps = steps_of(session, actor, tuple(stay.id for stay in stays))
    found: dict[tuple[Way, int], list[CaseloadLine]] = {(Way.ITSELF, actor.organization_id): []}
    names = {actor.organization_id: ""}
    for office in _offices(session, actor.organization_id):
        found[Way.DELEGATED, office.id] = []
        names[office.id] = office.name
    for dossier in dossiers:
        way = _way(dossier, actor)
        planner = dossier.office.id if way is Way.DELEGATED and dossier.office else 0
        key = (way, actor.organization_id if way is Way.ITSELF else planner)
        names.setdefault(key[1], dossier.office.name if planner and dossier.office else "")
        line = _line(dossier, actor, way, steps[dossier.stay.id], day_of(now))
        found.setdefault(key, []).append(line)
    order = list(Way)
    keys = sorted(found, key=lambda key: (order.index(key[0]), names[key[1]], key[1]))
    return Caseload(tuple(CaseloadGroup(*key, names[key[1]], _sorted(found[key])) for key in keys))


def _offices(session: Session, center_id: int) -> Sequence[Organization]:
    """The offices that plan for the centre, by their agreement."""
    return session.exec(
        select(Organization)
        .join(Delegation, col(Delegation.office_id) == col(Organization.id))
        .where(Delegation.center_id == center_id)
    ).all()


def _way(dossier: Dossier, actor: Actor) -> Way:
    plan = dossier.plan
    if plan is not None and plan.organization_id == actor.organization_id:
        return Way.ITSELF
    if plan is not None and plan.via_center_id == actor.organization_id:
        return Way.DELEGATED
    # Who has another office came to the centre once and is nobody's application any more.
    return Way.ELSEWHERE if dossier.has_plan_office else Way.TURNED_TO


def _line(
    dossier: Dossier, actor: Actor, way: Way, steps: tuple[StepShown, ...], today: date
) -> CaseloadLine:
    stay, patient = dossier.stay, dossier.patient
    hidden = patient.whereabouts_hidden
    if hidden or stay.center_id is None:
        district = District.UNKNOWN
    else:
        own = stay.center_id == actor.organization_id
        district = District.OWN if own else District.OTHER
    return CaseloadLine(
        person=person_of(dossier, today),
        hospital=dossier.hospital.name,
        ward=dossier.ward.name,
        admitted_on=stay.admitted_on,
        planned_on=stay.planned_discharge_on,
        planned_certainty=stay.planned_certainty,
        level=dossier.certification.level.label if dossier.certification else "不明",
        office=dossier.office.name if way is Way.ELSEWHERE and dossier.office else "",
        care_manager=dossier.plan.care_manager_name if dossier.plan else "",
        district=district,
        municipality="" if hidden else patient.municipality,
        steps=steps,
        is_on_the_way=not dossier.has_plan_office,
    )


def _sorted(lines: list[CaseloadLine]) -> tuple[CaseloadLine, ...]:
    """By the planned discharge, the nearest first; without one by the admission."""
    return tuple(
        sorted(
            lines,
            key=lambda line: (line.planned_on or date.max, line.admitted_on, line.person.kana),
        )
    )
