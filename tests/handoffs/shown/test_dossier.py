"""The rows that belong to a stay."""

from typing import Any

from sqlmodel import col, select

from handoffs.database import Database
from handoffs.decision.assessment import Assessment, assess
from handoffs.plan_office import PlanStatus
from handoffs.rates.coordination import Contact
from handoffs.shown.dossier import Dossier, dossiers_of
from handoffs.statement import Result, Side
from handoffs.stays.stay import Destination, Stay
from rules import Library
from tests.factories import ADMITTED, admit_someone, make_statement, make_stay
from tests.people import NOW, Cast


def dossier(database: Database, stay_id: int) -> Dossier:
    with database.reading() as session:
        (found,) = dossiers_of(session, [session.get_one(Stay, stay_id)])
        session.expunge_all()
    return found


def test_the_latest_row_of_each_counts(database: Database, library: Library, cast: Cast) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        assess(session, stay, {"eating": "full_help"}, library=library, by=cast.ward_nurse, now=NOW)
        newest = session.exec(select(Assessment.id).order_by(col(Assessment.id).desc())).first()
    found = dossier(database, stay.id)
    assert found.assessment is not None
    assert found.assessment.id == newest
    assert found.office is not None
    assert found.office.id == cast.office_id
    assert found.names[cast.hospital_id] == "見本中央病院"


def test_a_bare_stay_has_no_rows_beside_it(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast, plan=PlanStatus.UNKNOWN)
    found = dossier(database, stay.id)
    assert (found.office, found.assessment) == (None, None)
    assert not found.has_plan_office
    assert not found.told_of_admission
    assert found.contact is Contact.UNKNOWN


def test_many_stays_keep_their_order(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        ids = [make_stay(session, cast).id for _ in range(520)]
    with database.reading() as session:
        stays = list(session.exec(select(Stay).order_by(col(Stay.id).desc())))
        assert [d.stay.id for d in dossiers_of(session, stays)] == ids[::-1]


def test_no_stay_has_no_dossier(database: Database) -> None:
    with database.reading() as session:
        assert dossiers_of(session, []) == []


def test_a_contact_is_asked_for_unless_nobody_has_to_hear(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        gone: dict[str, Any] = {"discharged_on": ADMITTED}
        asked = {
            "home": make_stay(session, cast, destination=Destination.HOME, **gone).id,
            "death": make_stay(session, cast, destination=Destination.DEATH, **gone).id,
            "hospital": make_stay(session, cast, destination=Destination.OTHER_HOSPITAL, **gone).id,
            "unwanted": make_stay(session, cast, wants_no_contact=True).id,
            "nobody": make_stay(session, cast, plan=PlanStatus.UNASSIGNED).id,
            "paused": make_stay(session, cast, plan=PlanStatus.PAUSED).id,
        }
    answers = {name: dossier(database, key).asks_for_contact for name, key in asked.items()}
    assert answers == {
        "home": True,
        "death": False,
        "hospital": False,
        "unwanted": False,
        "nobody": False,
        "paused": True,
    }


def test_both_sides_words_are_weighed(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        make_statement(session, stay, Side.HOSPITAL, Result.TALKED)
    assert dossier(database, stay.id).contact is Contact.HOSPITAL_ONLY
