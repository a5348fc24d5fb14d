from datetime import timedelta

import pytest

from handoffs.database import Database
from handoffs.decision.assessment import Assessment, Occasion, assess, reassess
from handoffs.decision.given_by import basis_of
from handoffs.errors import NotPermitted, NotVisible
from handoffs.shown.account import CLOCK
from handoffs.stays.stay import Destination
from rules import Coordination, Library
from tests.factories import admit_someone, make_stay
from tests.people import NAMES, NOW, Cast


def test_a_value_was_given_by_whoever_made_it_what_it_is(
    database: Database, library: Library, cast: Cast
) -> None:
    steps = (
        (1, cast.ward_nurse, {"mobility": "full_help"}),
        (2, cast.discharge_nurse, {"mobility": "independent", "eating": "supervised"}),
        (3, cast.social_worker, {"mobility": "full_help", "eating": "supervised"}),
    )
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        for days, by, ticked in steps:
            now = NOW + timedelta(days=days)
            assess(session, stay, ticked, library=library, by=by, now=now)
        reassess(session, stay, library=library, by=None, now=NOW + timedelta(days=4))
        session.flush()
        basis = basis_of(session, cast.ward_nurse, stay.id)
    assert basis is not None
    given = basis.given
    assert (given["mobility"].by, given["mobility"].at) == (
        NAMES["social_worker"],
        NOW + timedelta(days=3),
    )
    assert (given["eating"].by, given["eating"].from_record) == (NAMES["discharge_nurse"], False)
    assert (given["care_level"].by, given["care_level"].from_record) == (NAMES["ward_nurse"], True)
    assert basis.facts["mobility"] == "full_help"


def test_what_was_ticked_stays_ticked_when_the_record_learns_it_later(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        assess(session, stay, {"destination": "home"}, library=library, by=cast.ward_nurse, now=NOW)
        stay.destination, stay.discharged_on = Destination.HOME, NOW.date()
        session.flush()
        then = basis_of(session, cast.ward_nurse, stay.id)
        reassess(session, stay, library=library, by=None, now=NOW + timedelta(days=1))
        session.flush()
        after = basis_of(session, cast.ward_nurse, stay.id)
    for basis in (then, after):
        assert basis is not None
        given = basis.given["destination"]
        assert (given.by, given.at, given.from_record) == (NAMES["ward_nurse"], NOW, False)


def test_a_decision_that_did_not_keep_what_the_record_knew_names_what_nobody_is_asked(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        session.add(
            Assessment(
                stay_id=stay.id,
                occasion=Occasion.ADMISSION,
                region="mihon",
                edition_in_force="2024-04-01",
                edition_digest="",
                facts={"care_level": "care_2", "hospital_area": "in_area"},
                coordination=Coordination.UNDETERMINED,
                made_at=NOW,
            )
        )
        session.flush()
        basis = basis_of(session, cast.ward_nurse, stay.id)
    assert basis is not None
    assert basis.given["care_level"].from_record
    assert not basis.given["hospital_area"].from_record


def test_what_nobody_changed_by_hand_is_named_as_such(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        assess(session, stay, {"eating": "supervised"}, library=library, by=None, now=NOW)
        session.flush()
        basis = basis_of(session, cast.ward_nurse, stay.id)
    assert basis is not None
    assert basis.given["eating"].by == CLOCK


def test_values_are_for_the_hospital_that_assesses(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        assert basis_of(session, cast.ward_nurse, stay.id) is None
        with pytest.raises(NotPermitted):
            basis_of(session, cast.care_manager, stay.id)
        with pytest.raises(NotVisible):
            basis_of(session, cast.other_nurse, stay.id)
