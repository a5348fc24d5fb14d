from handoffs.database import Database
from handoffs.stays.contacts import ContactPerson, ContactRole, contacts_of
from tests.conftest import MARK
from tests.factories import make_stay
from tests.people import NOW, Cast


def test_there_is_nobody_is_something_else_than_not_asked(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        asked, not_asked = make_stay(session, cast), make_stay(session, cast)
        session.add(ContactPerson(stay_id=asked.id, role=ContactRole.NOBODY, recorded_at=NOW))
        assert [c.role for c in contacts_of(session, asked.id)] == [ContactRole.NOBODY]
        assert contacts_of(session, not_asked.id) == []


def test_contacts_stand_in_the_order_in_which_they_were_written_down(
    database: Database, cast: Cast
) -> None:
    roles = [ContactRole.GUARDIAN, ContactRole.KEY_PERSON, ContactRole.CASEWORKER]
    with database.writing() as session:
        stay = make_stay(session, cast)
        for role in roles:
            session.add(
                ContactPerson(stay_id=stay.id, role=role, name=f"{MARK} 家族", recorded_at=NOW)
            )
            session.flush()
        assert [c.role for c in contacts_of(session, stay.id)] == roles
