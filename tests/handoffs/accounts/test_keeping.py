from datetime import timedelta

import pytest

from handoffs.accounts import keeping
from handoffs.accounts.account import account_of, keepers_of, rule_of
from handoffs.accounts.invitation import invite_again, open_invitation
from handoffs.accounts.keeping import RuleEntry
from handoffs.accounts.passkey import Passkey, passkeys_of
from handoffs.accounts.signed_in import presence_of, start_session
from handoffs.database import Database
from handoffs.errors import NotPermitted, NotVisible
from handoffs.parties import Staff
from tests.people import NOW, Cast

DAY = timedelta(days=1)


def test_a_closed_account_is_out_at_once_and_comes_back_without_its_password(
    database: Database, cast: Cast
) -> None:
    """ASVS 7.4.2: closing an account ends its sessions."""
    by, gone = cast.discharge_nurse, cast.ward_nurse.person_id
    with database.writing() as session:
        account_of(session, by.person_id).keeps_accounts = True
        staff = session.get_one(Staff, gone)
        token = start_session(session, staff, NOW)
        _, code = invite_again(session, gone, by=by, now=NOW)
        passkey = Passkey(
            staff_id=gone, credential_id="a", credential="k", label="端末", made_at=NOW
        )
        session.add(passkey)
        session.flush()
        keeping.close_account(session, gone, by=by, now=NOW)
        session.flush()
        assert passkeys_of(session, gone) == []
        assert presence_of(session, token, now=NOW, idle=DAY, absolute=DAY) is None
        keeping.reopen_account(session, gone, by=by, now=NOW)
        session.flush()
        assert staff.active
        assert open_invitation(session, code, NOW) is None, "a code of before is worth nothing"
        assert not staff.password_hash.startswith("$argon2")
        assert presence_of(session, token, now=NOW, idle=DAY, absolute=DAY) is None


def test_nobody_else_keeps_the_accounts_of_a_house(database: Database, cast: Cast) -> None:
    by = cast.discharge_nurse
    rule = RuleEntry(mixed_characters=False)
    with database.writing() as session:
        for stranger in (by, cast.health_officer):
            with pytest.raises(NotPermitted):
                keeping.close_account(session, cast.ward_nurse.person_id, by=stranger, now=NOW)
            with pytest.raises(NotPermitted):
                keeping.set_rule(session, rule, by=stranger, now=NOW)
        account_of(session, by.person_id).keeps_accounts = True
        session.flush()
        for act in (keeping.close_account, keeping.reopen_account):
            with pytest.raises(NotVisible):
                act(session, cast.care_manager.person_id, by=by, now=NOW)
        with pytest.raises(NotVisible):
            keeping.name_keeper(session, cast.outsider.person_id, keeps=True, by=by, now=NOW)
        with pytest.raises(NotPermitted, match="ご自分"):
            keeping.close_account(session, by.person_id, by=by, now=NOW)


def test_a_house_is_never_left_without_a_keeper(database: Database, cast: Cast) -> None:
    by, second = cast.discharge_nurse, cast.social_worker.person_id
    with database.writing() as session:
        account_of(session, by.person_id).keeps_accounts = True
        session.flush()
        with pytest.raises(NotPermitted, match="先に"):
            keeping.name_keeper(session, by.person_id, keeps=False, by=by, now=NOW)
        keeping.name_keeper(session, second, keeps=True, by=by, now=NOW)
        keeping.name_keeper(session, by.person_id, keeps=False, by=by, now=NOW)
        session.flush()
        assert [one.id for one in keepers_of(session, cast.hospital_id)] == [second]


def test_a_house_sets_its_own_rule(database: Database, cast: Cast) -> None:
    by = cast.discharge_nurse
    with database.writing() as session:
        account_of(session, by.person_id).keeps_accounts = True
        assert rule_of(session, cast.hospital_id).mixed_characters
        for minutes in (10, 20):
            entry = RuleEntry(mixed_characters=False, idle_minutes=minutes)
            keeping.set_rule(session, entry, by=by, now=NOW)
            session.flush()
        stands = rule_of(session, cast.hospital_id)
        assert (stands.mixed_characters, stands.idle_minutes) == (False, 20)
        assert rule_of(session, cast.other_hospital_id).mixed_characters
