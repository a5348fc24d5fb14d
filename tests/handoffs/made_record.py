"""Puts the made year into a record, for tests of the back-test and of its page."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session

from handoffs.decision.assessment import Assessment, Occasion
from handoffs.plan_office import PlanStatus
from handoffs.statement import Result, Side
from handoffs.stays.stay import Destination, PlannedCertainty
from rules import Coordination, Library
from tests.factories import make_statement, make_stay
from tests.handoffs.made_year import IN_FORCE, REGION, MadeYear
from tests.people import Cast


def library_of(folder: Path, region: str = REGION) -> Library:
    """The library with the one edition that is in force, for a region of any name."""
    place = folder / "regions" / region
    place.mkdir(parents=True)
    paper = IN_FORCE.replace(f"region: {REGION}", f"region: {region}")
    (place / "2024-04-01.yaml").write_text(paper, encoding="utf-8")
    return Library.load(folder / "regions")


def write_down(session: Session, cast: Cast, year: MadeYear, *, region: str = REGION) -> None:
    """Put the made year into the record."""
    wards = (
        (cast.hospital_id, cast.ward_id),
        (cast.hospital_id, cast.other_ward_id),
        (cast.other_hospital_id, cast.foreign_ward_id),
    )
    offices = (cast.office_id, cast.outsider_office_id)
    for made in year.stays:
        hospital_id, ward_id = wards[made.ward]
        certain = PlannedCertainty.UNDECIDED if made.planned_on is None else PlannedCertainty.FIXED
        stay = make_stay(
            session,
            cast,
            code=made.code,
            region=region,
            hospital_id=hospital_id,
            ward_id=ward_id,
            admitted_on=made.admitted_on,
            planned_discharge_on=made.planned_on,
            planned_certainty=certain,
            discharged_on=made.left_on,
            destination=Destination(made.kind.goes),
            plan=PlanStatus(made.kind.plan),
            organization_id=offices[made.office],
        )
        session.add(
            Assessment(
                stay_id=stay.id,
                occasion=Occasion.ASSESSMENT,
                region=region,
                edition_in_force="2024-04-01",
                edition_digest="0" * 64,
                facts=made.kind.facts,
                coordination=Coordination(made.kind.answers[0]),
                made_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
        )
        if made.kind.says:
            result = Result.TALKED if made.kind.contact else Result.NOT_CONTACTED
            make_statement(session, stay, Side.HOSPITAL, result, on=made.left_on)
