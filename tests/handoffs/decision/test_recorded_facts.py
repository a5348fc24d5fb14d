"""The wards somebody was in, as the rules see them: read from the history, never ticked."""

from pathlib import Path

import pytest
from sqlmodel import Session

from handoffs.database import Database
from handoffs.decision.assessment import Assessment, Occasion, assessment_of
from handoffs.decision.circumstances import circumstances_of
from handoffs.decision.recorded_facts import derived_facts
from handoffs.parties import Ward, WardKind
from handoffs.stays.amendment import amend, particulars_of
from handoffs.stays.stay import Stay
from rules import Coordination, Library, edition_of
from tests.factories import admit_someone
from tests.people import NOW, Cast

SHAPE = Path(__file__).parents[2] / "rules" / "shapes" / "s07-one-ward-only.yaml"


@pytest.fixture
def ward_rule(tmp_path: Path) -> Library:
    """An edition that leaves out who was only in wards of the emergency kind."""
    file = tmp_path / "2016-04-01.yaml"
    text = SHAPE.read_text(encoding="utf-8").replace("region: shape_07", "region: mihon")
    file.write_text(text, encoding="utf-8")
    return Library((edition_of(file),))


def move(session: Session, library: Library, cast: Cast, stay: Stay, ward_id: int) -> Assessment:
    entry = particulars_of(session, stay).model_copy(update={"ward_id": ward_id})
    amend(session, stay, entry, library=library, by=cast.discharge_nurse, now=NOW)
    made = assessment_of(session, stay.id)
    assert made is not None
    return made


def path_of(session: Session, stay: Stay) -> str:
    return derived_facts(stay, circumstances_of(session, stay))["ward_path"]


def another_ward(session: Session, cast: Cast, kind: WardKind) -> int:
    ward = Ward(hospital_id=cast.hospital_id, name=f"見本の{kind.label}病棟", kind=kind)
    session.add(ward)
    session.flush()
    return ward.id


def test_a_move_within_a_kind_and_one_to_another_kind_are_told_apart(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        kind = session.get_one(Ward, cast.ward_id).kind
        other = next(k for k in WardKind if k is not kind)
        assert path_of(session, stay) == "one_ward"
        move(session, library, cast, stay, another_ward(session, cast, kind))
        assert path_of(session, stay) == "one_kind"
        there = another_ward(session, cast, other)
        assert move(session, library, cast, stay, there).facts["ward_path"] == "several_kinds"
        move(session, library, cast, stay, cast.ward_id)
        assert path_of(session, stay) == "several_kinds"


def test_another_stay_of_the_same_person_has_a_path_of_its_own(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        first = admit_someone(session, library, cast)
        other = admit_someone(session, library, cast)
        move(session, library, cast, first, cast.other_ward_id)
        assert path_of(session, other) == "one_ward"


def test_a_move_out_of_the_only_ward_takes_the_stay_back_in_without_a_tick(
    database: Database, ward_rule: Library, cast: Cast
) -> None:
    with database.writing() as session:
        session.get_one(Ward, cast.ward_id).kind = WardKind.EMERGENCY
        stay = admit_someone(session, ward_rule, cast)
        made = assessment_of(session, stay.id)
        assert made is not None
        assert (made.coordination, made.excluded) == (Coordination.NOT_REQUIRED, True)
        there = another_ward(session, cast, WardKind.EMERGENCY)
        assert move(session, ward_rule, cast, stay, there).excluded
        assert session.get_one(Ward, cast.other_ward_id).kind is not WardKind.EMERGENCY
        made = move(session, ward_rule, cast, stay, cast.other_ward_id)
        assert made.occasion is Occasion.CHANGE
        # The own fact of the edition about one named ward is still open.
        assert made.coordination is Coordination.UNDETERMINED
        assert made.outcome["missing"] == ["east_ward_stay"]
