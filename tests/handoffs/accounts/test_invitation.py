from datetime import timedelta

import pytest
from sqlmodel import select

from handoffs.accounts.account import account_of
from handoffs.accounts.invitation import (
    LIFETIME,
    Newcomer,
    invite,
    invite_again,
    open_invitation,
    redeem,
)
from handoffs.accounts.passkey import Passkey, add_passkey
from handoffs.accounts.password import UNUSABLE, password_fits
from handoffs.accounts.signed_in import sessions_of, start_session
from handoffs.accounts.totp import step_at
from handoffs.database import Database
from handoffs.errors import BadEntry, NotPermitted, NotVisible
from handoffs.parties import Role, Staff
from tests.people import NOW, PASSWORD, Cast, password_hash

SECOND = timedelta(seconds=1)
SOMEBODY = Newcomer(name="新任 つむぎ", sign_in_name="Tsumugi", role=Role.WARD_NURSE)


def test_an_invitation_works_once_for_three_days_and_no_longer_after_a_newer_one(
    either: tuple[Database, Cast],
) -> None:
    """R-A6, ASVS 6.4.1: the first secret expires, and the person sets their own."""
    database, cast = either
    by = cast.discharge_nurse
    with database.writing() as session:
        account_of(session, by.person_id).keeps_accounts = True
        staff, first = invite(session, SOMEBODY, by=by, now=NOW)
        assert staff.sign_in_name.startswith("tsumugi-")
        assert staff.password_hash == UNUSABLE
        assert not password_fits(staff.password_hash, UNUSABLE)
        session.flush()
        assert open_invitation(session, first, NOW)
        _, code = invite_again(session, staff.id, by=by, now=NOW)
        session.flush()
        assert open_invitation(session, first, NOW) is None
        assert open_invitation(session, code, NOW + LIFETIME) is None
        typed = code.lower().replace("-", "")
        found = open_invitation(session, typed, NOW + LIFETIME - SECOND)
        assert found is not None
        redeem(session, found, password_hash=password_hash(), step=step_at(NOW), now=NOW)
        session.flush()
        assert password_fits(staff.password_hash, PASSWORD)
        assert open_invitation(session, code, NOW) is None


def test_letting_somebody_in_again_replaces_everything_that_guarded_the_account(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    by, lost = cast.discharge_nurse, cast.ward_nurse
    with database.writing() as session:
        account_of(session, by.person_id).keeps_accounts = True
        staff = session.get_one(Staff, lost.person_id)
        start_session(session, staff, NOW)
        add_passkey(session, lost, credential_id="id", credential="key", label="x", now=NOW)
        before = account_of(session, staff.id).totp_secret
        _, code = invite_again(session, staff.id, by=by, now=NOW)
        session.flush()
        assert len(sessions_of(session, staff.id)) == 1
        found = open_invitation(session, code, NOW)
        assert found is not None
        redeem(session, found, password_hash="new", step=step_at(NOW), now=NOW)
        session.flush()
        assert sessions_of(session, staff.id) == []
        assert session.exec(select(Passkey)).all() == []
        assert account_of(session, staff.id).totp_secret not in {None, before}


def test_only_the_keeper_of_a_house_invites_and_only_to_its_own_roles(
    database: Database, cast: Cast
) -> None:
    by = cast.discharge_nurse
    with database.writing() as session:
        with pytest.raises(NotPermitted):
            invite(session, SOMEBODY, by=by, now=NOW)
        account_of(session, by.person_id).keeps_accounts = True
        session.flush()
        for other in (cast.care_manager, cast.other_nurse):
            with pytest.raises(NotVisible):
                invite_again(session, other.person_id, by=by, now=NOW)
        wrong = Newcomer(
            name="", sign_in_name="山田", role=Role.CARE_MANAGER, ward_id=cast.foreign_ward_id
        )
        with pytest.raises(BadEntry) as refused:
            invite(session, wrong, by=by, now=NOW)
        assert set(refused.value.fields) == {"name", "sign_in_name", "role", "ward"}


def test_a_name_that_another_house_has_is_taken_without_a_word(
    database: Database, cast: Cast
) -> None:
    """ASVS 6.3.8: inviting does not tell which names there are."""
    by = cast.discharge_nurse
    with database.writing() as session:
        account_of(session, by.person_id).keeps_accounts = True
        theirs = SOMEBODY.model_copy(update={"sign_in_name": "care_manager"})
        staff, _ = invite(session, theirs, by=by, now=NOW)
        assert staff.sign_in_name.startswith("care_manager-")
