from pathlib import Path

import pytest

from handoffs.database import Database
from handoffs.duties import follow
from handoffs.handoff import handoffs_of
from handoffs.plan_office import plan_office_of
from handoffs.receivers import receivers_of
from rules import MONDAY_TO_FRIDAY, Facts, Moments, Party, Whose, decide, edition_of
from tests.factories import ADMITTED, make_stay
from tests.people import NOW, Cast

SHAPES = Path(__file__).parents[1] / "rules" / "shapes"
NEEDED = {"ward_judgement": "needed"}


@pytest.mark.parametrize(
    ("known", "side", "is_plan_office"),
    [
        (
            {"care_manager": "assigned", "plan_office": "small_multifunctional"},
            Party.CARE_MANAGER,
            True,
        ),
        (
            {"care_manager": "unassigned", "care_level": "none", "application": "new"},
            Party.HOSPITAL,
            False,
        ),
    ],
)
def test_a_receiver_of_its_own_name_is_followed_as_the_side_that_answers_for_it(
    database: Database, cast: Cast, known: dict[str, str], side: Party, *, is_plan_office: bool
) -> None:
    edition = edition_of(SHAPES / "s20-routing-table.yaml")
    calendars = dict.fromkeys(Whose, MONDAY_TO_FRIDAY)
    with database.writing() as session:
        stay = make_stay(session, cast, organization_id=cast.multifunctional_id)
        facts = Facts.of({**NEEDED, **known}, edition.vocabulary)
        (duty,) = decide(edition, facts, Moments(ADMITTED), calendars).handoffs
        receivers = receivers_of(stay, plan_office_of(session, stay.id))
        follow(session, stay, (duty,), [], receivers=receivers, by=cast.ward_nurse, now=NOW)
        (handoff,) = handoffs_of(session, stay.id)
        assert handoff.receiver is side
        expected = cast.multifunctional_id if is_plan_office else cast.hospital_id
        assert handoff.receiver_id == expected


def test_a_receiver_of_whom_nobody_knows_is_nobody(database: Database, cast: Cast) -> None:
    edition = edition_of(SHAPES / "s20-routing-table.yaml")
    known = {**NEEDED, "care_manager": "unassigned", "application": "none"}
    known |= {"insured_category": "second", "consent_to_contact": "given"}
    with database.writing() as session:
        stay = make_stay(session, cast)
        facts = Facts.of(known, edition.vocabulary)
        calendars = dict.fromkeys(Whose, MONDAY_TO_FRIDAY)
        (duty,) = decide(edition, facts, Moments(ADMITTED), calendars).handoffs
        receivers = receivers_of(stay, plan_office_of(session, stay.id))
        follow(session, stay, (duty,), [], receivers=receivers, by=cast.ward_nurse, now=NOW)
        (handoff,) = handoffs_of(session, stay.id)
        assert (handoff.receiver, handoff.receiver_id) == (Party.MUNICIPALITY, None)
