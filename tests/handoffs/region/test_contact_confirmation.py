"""The yearly confirmation of an organization's own line."""

from datetime import timedelta

import pytest

from handoffs.database import Database
from handoffs.errors import Overtaken
from handoffs.parties import Actor, Organization
from handoffs.region.contact_confirmation import Confirmed, confirm_contacts, digest_of
from handoffs.region.contact_list import ContactLine, Way, region_contacts
from handoffs.telling.duty_person import Post, name_holder
from handoffs.tokyo import day_of
from tests.people import NAMES, NOW, Cast

TODAY = day_of(NOW)


def line_of(database: Database, actor: Actor, *, after_days: int = 0) -> ContactLine:
    with database.reading() as session:
        today = TODAY + timedelta(days=after_days)
        return region_contacts(session, actor, printed=None, today=today).own


def confirm(database: Database, actor: Actor) -> None:
    with database.writing() as session:
        own = session.get_one(Organization, actor.organization_id)
        confirm_contacts(session, digest_of(own), by=actor, now=NOW)


def test_a_line_stands_for_a_year_from_its_confirmation(database: Database, cast: Cast) -> None:
    assert line_of(database, cast.care_manager).confirmed is Confirmed.NEVER
    confirm(database, cast.care_manager)
    line = line_of(database, cast.care_manager)
    assert (line.confirmed, line.confirmed_on) == (Confirmed.YES, TODAY)
    assert line_of(database, cast.care_manager, after_days=365).confirmed is Confirmed.YES
    assert line_of(database, cast.care_manager, after_days=366).confirmed is Confirmed.OVERDUE


def test_one_organization_confirms_only_its_own_line(database: Database, cast: Cast) -> None:
    confirm(database, cast.care_manager)
    assert line_of(database, cast.colleague).confirmed is Confirmed.YES
    assert line_of(database, cast.outsider).confirmed is Confirmed.NEVER


def test_a_line_that_changed_afterwards_is_asked_for_again(database: Database, cast: Cast) -> None:
    confirm(database, cast.ward_nurse)
    with database.writing() as session:
        session.get_one(Organization, cast.hospital_id).telephone = "0770-00-0009"
    assert line_of(database, cast.ward_nurse).confirmed is Confirmed.CHANGED
    confirm(database, cast.ward_nurse)
    assert line_of(database, cast.ward_nurse).confirmed is Confirmed.YES


def test_what_changed_under_the_eyes_of_somebody_is_not_confirmed(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session, pytest.raises(Overtaken):
        confirm_contacts(session, "0" * 64, by=cast.ward_nurse, now=NOW)
    assert line_of(database, cast.ward_nurse).confirmed is Confirmed.NEVER


def test_the_list_names_the_work_of_whoever_is_on_duty_and_no_person(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        name_holder(
            session, Post.ON_DUTY, cast.social_worker.staff_id, by=cast.discharge_nurse, now=NOW
        )
    with database.reading() as session:
        found = region_contacts(session, cast.care_manager, printed=None, today=TODAY)
    lines = [line for _, lines in found.groups for line in lines]
    by_id = {line.organization_id: line for line in lines}
    assert by_id[cast.hospital_id].on_duty == "医療ソーシャルワーカー"
    assert by_id[cast.other_hospital_id].on_duty == ""
    assert by_id[cast.office_id].ways == (Way.SCREEN, Way.TELEPHONE)
    assert len(lines) == 8
    assert not any(name in repr(found) for name in NAMES.values())
