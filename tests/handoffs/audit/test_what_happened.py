"""What really happened to others, each as a test that names it.

A city sent the list of all 650 people to four offices instead of each office its own. A prefecture
and a hospital sent papers to a FAX number that nobody had verified.
"""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from handoffs.access import visible_stays
from handoffs.accounts.account import account_of
from handoffs.audit.leak import LeakEntry, LeakKind, concerned, dates_of, open_leak
from handoffs.database import Database
from handoffs.errors import BadEntry, NotPermitted
from handoffs.fax.channel import FaxState, Gateway, note_state, prepare
from handoffs.fax.number import NumberEntry, number_of, set_number
from handoffs.history import Act, Event
from handoffs.keeping.export_rows import asker_of, rows_of
from handoffs.parties import Organization, OrganizationKind, Role, Staff, actor_of
from handoffs.tokyo import day_of
from tests.factories import make_handoff, make_stay
from tests.handoffs.fax.test_channel import verified
from tests.people import NOW, REGION, Cast

EVERYBODY = 650
OFFICES = 4


def _office(session: Session, number: int) -> tuple[Organization, int]:
    kind, name = OrganizationKind.CARE_SUPPORT_OFFICE, f"第{number}見本事業所"
    office = Organization(kind=kind, region=REGION, name=name, kana=name, number=f"19{number:08d}")
    session.add(office)
    session.flush()
    staff = Staff(
        organization_id=office.id,
        role=Role.CARE_MANAGER,
        name="見本 はたらく",
        sign_in_name=f"office{number}",
        password_hash="-",
    )
    session.add(staff)
    session.flush()
    return office, staff.id


def test_a_list_of_650_people_gives_each_of_four_offices_its_own_and_no_more(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        offices = [_office(session, number) for number in range(OFFICES)]
        own: dict[int, set[int]] = {office.id: set() for office, _ in offices}
        for number in range(EVERYBODY):
            office, _ = offices[number % OFFICES]
            own[office.id].add(make_stay(session, cast, organization_id=office.id).id)
        given = 0
        for office, staff_id in offices:
            actor = actor_of(session, staff_id)
            assert actor is not None
            listed = {stay.id for stay in session.exec(visible_stays(actor))}
            exported = rows_of("stay", asker_of(office))
            assert exported is not None
            assert listed == own[office.id]
            assert {row.id for row in session.execute(exported)} == own[office.id]
            given += len(listed)
        assert given == EVERYBODY


def test_a_wrong_fax_number_gets_nothing_and_a_misdelivery_is_written_down_with_its_dates(
    database: Database, cast: Cast
) -> None:
    by, gateway = cast.discharge_nurse, Gateway(is_on=True)
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        mistyped = NumberEntry(number="0770-00-0002", again="0770-00-0020")
        with pytest.raises(BadEntry):
            set_number(session, cast.office_id, mistyped, by=by, now=NOW)
        entry = NumberEntry(number="0770-00-0020", again="0770-00-0020")
        set_number(session, cast.office_id, entry, by=by, now=NOW)
        with pytest.raises(NotPermitted):  # Nobody read it back on the telephone.
            prepare(session, stay, handoff, seen_alike=True, gateway=gateway, by=by, now=NOW)

        verified(session, cast)
        sent = prepare(session, stay, handoff, seen_alike=True, gateway=gateway, by=by, now=NOW)
        note_state(session, sent, FaxState.DELIVERED, by=by, now=NOW)
        account_of(session, by.person_id).keeps_accounts = True
        known, hour = day_of(NOW), timedelta(hours=1)
        told = LeakEntry(LeakKind.FAX, sent.id, NOW - hour, NOW + hour, known, wrongful=False)
        leak = open_leak(session, told, by=by, now=NOW)
        assert concerned(session, leak) == ([stay.id], [])
        dates = dates_of(leak.known_on, wrongful=leak.wrongful)
        days = [(one - known).days + 1 for one in (dates.first_from, dates.first_by, dates.full_by)]
        assert days == [3, 5, 30]
        acts = session.exec(select(Event.act).where(col(Event.stay_id) == stay.id)).all()
        assert Act.FAX_STATE in acts
        number = number_of(session, cast.hospital_id, cast.office_id)
        assert number is not None
        assert number.number != "0770-00-0020"
