"""Which offices nothing reaches yet."""

from datetime import timedelta

from handoffs.accounts import start_session
from handoffs.database import Database
from handoffs.fax.number import FaxNumber
from handoffs.parties import Organization, Staff
from handoffs.region.on_board import Boarding, boarding_of
from handoffs.telling.mailbox import set_mailbox
from handoffs.tokyo import day_of
from tests.people import NOW, REGION, Cast


def boarding(database: Database, *, second_person: bool = False) -> dict[int, Boarding]:
    with database.reading() as session:
        found = boarding_of(session, REGION, second_person=second_person, now=NOW)
    return {one.organization_id: one for one in found}


def test_an_office_is_on_board_with_mail_and_somebody_who_looked_in(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        start_session(session, session.get_one(Staff, cast.care_manager.staff_id), NOW)
        set_mailbox(session, "mihon@example.jp", by=cast.care_manager, now=NOW, own=False)
        long_ago = NOW - timedelta(days=31)
        start_session(session, session.get_one(Staff, cast.outsider.staff_id), long_ago)
    found = boarding(database)
    assert found[cast.office_id].is_on_board
    assert not found[cast.outsider_office_id].seen
    assert not found[cast.outsider_office_id].is_reached
    assert cast.hospital_id not in found
    assert len(found) == 5


def test_a_fax_number_counts_once_it_is_verified_as_the_region_asks(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        session.get_one(Organization, cast.office_id).fax = "0770-00-0002"
        nurse = cast.discharge_nurse
        session.add(
            FaxNumber(
                hospital_id=cast.hospital_id,
                organization_id=cast.office_id,
                number="0770-00-0002",
                directory="0770-00-0002",
                test_code="ABC234",
                recorded_at=NOW,
                recorded_by=nurse.person_id,
                called_on=day_of(NOW),
                tested_at=NOW,
                tested_by=nurse.person_id,
            )
        )
    assert boarding(database)[cast.office_id].fax
    assert not boarding(database, second_person=True)[cast.office_id].fax
