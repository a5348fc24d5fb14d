from datetime import timedelta

import pytest

from handoffs.accounts import emergency
from handoffs.accounts.account import account_of
from handoffs.accounts.emergency import LONGEST, open_in_emergency
from handoffs.accounts.invitation import Newcomer, everybody_of, invite_again
from handoffs.accounts.keeping import close_account, reopen_account
from handoffs.accounts.second_factor import take_second_factor
from handoffs.accounts.signed_in import presence_of, start_session
from handoffs.database import Database
from handoffs.errors import NotPermitted, NotVisible
from handoffs.history import Act, record
from handoffs.parties import Organization, Role
from tests.people import NOW, Cast

DAY = timedelta(days=1)
HELPER = Newcomer(name="応援 はやと", sign_in_name="ouen", role=Role.WARD_NURSE)


def test_an_emergency_account_ends_by_itself_is_looked_through_and_signed_for(
    either: tuple[Database, Cast],
) -> None:
    """R-A11: opened with a reason, noticed, audited by itself, out of use afterwards."""
    database, cast = either
    by = cast.discharge_nurse
    with database.writing() as session:
        account_of(session, by.person_id).keeps_accounts = True
        house = session.get_one(Organization, cast.hospital_id)
        staff, codes = open_in_emergency(
            session,
            HELPER,
            house,
            password_hash="x",
            reason="停電",
            lasts=timedelta(days=9),
            now=NOW,
        )
        session.flush()
        assert take_second_factor(session, staff.id, codes[0], NOW)
        token = start_session(session, staff, NOW)
        session.flush()
        presence = presence_of(session, token, now=NOW, idle=DAY, absolute=DAY)
        assert presence is not None
        assert presence.ends_at == NOW + LONGEST
        record(session, presence.actor, Act.STAY_LIST, now=NOW)
        session.flush()
        with pytest.raises(NotVisible):
            emergency.review(session, staff.id, by=by, now=NOW)
        assert emergency.close_ended(session, NOW + LONGEST - timedelta(seconds=1)) == 0
        assert emergency.close_ended(session, NOW + LONGEST) == 1
        assert emergency.close_ended(session, NOW + LONGEST) == 0
        session.flush()
        assert not staff.active
        (use,) = emergency.emergency_uses(session, by)
        assert dict(use.acts)[Act.STAY_LIST] == 1
        assert use.opened.reviewed_at is None
        emergency.review(session, staff.id, by=by, now=NOW + LONGEST)
        emergency.review(session, staff.id, by=by, now=NOW + 2 * LONGEST)
        assert use.opened.reviewed_at == NOW + LONGEST


def test_a_keeper_closes_it_before_its_time_and_nobody_elses_keeper_sees_it(
    database: Database, cast: Cast
) -> None:
    by, other = cast.discharge_nurse, cast.other_nurse
    with database.writing() as session:
        for one in (by, other):
            account_of(session, one.person_id).keeps_accounts = True
        house = session.get_one(Organization, cast.hospital_id)
        staff, _ = open_in_emergency(
            session, HELPER, house, password_hash="x", reason="停電", lasts=DAY, now=NOW
        )
        token = start_session(session, staff, NOW)
        session.flush()
        assert list(emergency.emergency_uses(session, other)) == []
        with pytest.raises(NotVisible):
            emergency.close_emergency(session, staff.id, by=other, now=NOW)
        with pytest.raises(NotPermitted):
            emergency.emergency_uses(session, cast.ward_nurse)
        for act in (invite_again, close_account, reopen_account):
            with pytest.raises(NotVisible):
                act(session, staff.id, by=by, now=NOW)
        assert staff not in everybody_of(session, cast.hospital_id)
        emergency.close_emergency(session, staff.id, by=by, now=NOW)
        session.flush()
        assert presence_of(session, token, now=NOW, idle=DAY, absolute=DAY) is None
