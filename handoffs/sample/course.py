"""One stay as it will go: who, where, planned by whom, and every step with its moment.

A course is only a plan. `timeline` lives it through, step by step in the order of
time, by calling the verbs; what lies in the future is left to the people at the screens.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from handoffs.parties import Actor, Organization, Role, Ward
from handoffs.plan_office import PlanArrangement, PlanStatus
from handoffs.planning import PlanEntry
from handoffs.sample.houses import House
from handoffs.sample.people import Person
from handoffs.sample.steps import Step
from handoffs.stays.admission import AdmissionEntry
from handoffs.stays.certification import Application, CareNeedLevel, InsuredCategory
from handoffs.stays.consent import ConsentAnswer
from handoffs.stays.stay import PlannedCertainty
from handoffs.tokyo import TOKYO

_MORNING, _EVENING = 8, 17


@dataclass(frozen=True)
class Planner:
    """Who plans a person's care. `actor` is None where the office takes no part here."""

    entry: PlanEntry
    actor: Actor | None = None
    house: House | None = None


NOBODY = Planner(PlanEntry(status=PlanStatus.UNASSIGNED))
NOT_KNOWN = Planner(PlanEntry())


@dataclass
class Course:
    """One stay. `steps` may be added in any order; those after the load never happen."""

    hospital: House
    ward: Ward
    person: Person
    level: CareNeedLevel
    planner: Planner
    admitted_on: date
    admitted_time: time | None
    registered_at: datetime
    application: Application = Application.NONE
    insured_category: InsuredCategory | None = None
    valid_until: date | None = None
    planned: tuple[date | None, PlannedCertainty] = (None, PlannedCertainty.UNDECIDED)
    consent: ConsentAnswer | None = ConsentAnswer.GIVEN
    wants_no_contact: bool = False
    center: Organization | None = None
    steps: list[tuple[datetime, Step]] = field(default_factory=list)

    @property
    def nurse(self) -> Actor:
        """The nurse of the ward."""
        return self.hospital.nurse_of(self.ward)

    @property
    def coordinator(self) -> Actor:
        """Whoever in the hospital sees to discharges."""
        return self.hospital.of_role(
            Role.DISCHARGE_NURSE, Role.SOCIAL_WORKER, Role.PSYCHIATRIC_SOCIAL_WORKER
        )[self.admitted_on.day % 2]

    def then(self, moment: datetime, step: Step) -> None:
        """Add a step. Whatever was meant for an earlier moment waits for the registration."""
        earliest = self.registered_at + timedelta(minutes=5 + len(self.steps))
        self.steps.append((max(moment, earliest), step))

    def entry(self) -> AdmissionEntry:
        """What the ward types at admission."""
        planned_on, certainty = self.planned
        return AdmissionEntry(
            name=self.person.name,
            kana=self.person.kana,
            birth_on=self.person.birth_on,
            admitted_on=self.admitted_on,
            admitted_time=self.admitted_time,
            ward_id=self.ward.id,
            care_level=self.level,
            application=self.application,
            insured_category=self.insured_category,
            valid_until=self.valid_until,
            plan=self.planner.entry,
            center_id=self.center.id if self.center else None,
            planned_discharge_on=planned_on,
            planned_certainty=certainty,
            sex=self.person.sex,
            municipality=self.person.municipality,
            in_region=self.person.in_region,
            consent=self.consent,
            wants_no_contact=self.wants_no_contact,
        )


def planner_of(
    house: House, actor: Actor, *, via: Organization | None = None, is_named: bool = True
) -> Planner:
    """Somebody of a house that takes part; without a name nobody has taken the client yet."""
    return Planner(
        PlanEntry(
            status=PlanStatus.ASSIGNED,
            organization_id=house.organization.id,
            care_manager_name=actor.name if is_named else "",
            via_center_id=via.id if via else None,
        ),
        actor=actor,
        house=house,
    )


def outside_planner(name: str, arrangement: PlanArrangement) -> Planner:
    """Somebody who takes no part here: an office elsewhere, a facility, the person alone."""
    return Planner(
        PlanEntry(status=PlanStatus.ASSIGNED, care_manager_name=name, arrangement=arrangement)
    )


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of day in Tokyo."""
    return datetime.combine(day, time(hour, minute), tzinfo=TOKYO)


def some_time(rng: Random, day: date, first: int = 9, last: int = 16) -> datetime:
    """Some minute between two full hours of a Tokyo day, the last of them included."""
    return at(day, rng.randint(first, last), rng.randrange(0, 60))


def registered(rng: Random, day: date, arrived: time | None) -> datetime:
    """When the ward gets round to registering: by day within two hours, else next morning."""
    if arrived is None or arrived.hour >= _EVENING:
        return some_time(rng, day + timedelta(days=1), 8, 9)
    if arrived.hour < _MORNING:
        return some_time(rng, day, 8, 9)
    return datetime.combine(day, arrived, tzinfo=TOKYO) + timedelta(minutes=rng.randint(20, 110))
