from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, SQLModel, select

from handoffs.accounts.account import account_of
from handoffs.accounts.passkey import MOST, add_passkey, passkeys_of
from handoffs.accounts.second_factor import (
    RECOVERY_CODES,
    RecoveryCode,
    new_recovery_codes,
    recovery_codes_left,
    set_totp,
    take_second_factor,
)
from handoffs.accounts.totp import code_at, new_secret, step_at
from handoffs.database import Database
from handoffs.errors import NotPermitted
from handoffs.history import Act, Event
from handoffs.parties import Staff
from tests.people import NOW, TOTP_SECRET, Cast

STEP = timedelta(seconds=30)


def _code(after: timedelta = timedelta(0)) -> str:
    return code_at(TOTP_SECRET, step_at(NOW + after))


def test_each_code_is_taken_once(
    either: tuple[Database, Cast],
) -> None:
    """ASVS 6.5.1, acceptance row 7: of 1,000 replays none gets in."""
    database, cast = either
    nurse = cast.ward_nurse.person_id
    with database.writing() as session:
        assert take_second_factor(session, nurse, _code(), NOW)
        assert not any(take_second_factor(session, nurse, _code(), NOW) for _ in range(1000))
        assert not take_second_factor(session, nurse, _code(-STEP), NOW)
        assert take_second_factor(session, nurse, _code(STEP), NOW + STEP)
        other = cast.discharge_nurse.person_id
        assert take_second_factor(session, other, _code(), NOW)


def test_of_eight_who_bring_one_code_at_once_one_gets_in(either: tuple[Database, Cast]) -> None:
    database, cast = either

    def bring(_: int) -> bool:
        with database.writing() as session:
            return take_second_factor(session, cast.ward_nurse.person_id, _code(), NOW)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(bring, range(8))) == 1


def test_an_account_without_a_second_factor_lets_nobody_in(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        staff = session.get_one(Staff, cast.ward_nurse.person_id)
        bare = Staff(
            organization_id=staff.organization_id,
            role=staff.role,
            name="見本",
            sign_in_name="bare",
            password_hash=staff.password_hash,
        )
        session.add(bare)
        session.flush()
        for typed in ("", "000000", _code()):
            assert not take_second_factor(session, bare.id, typed, NOW)


def test_each_recovery_code_works_once_and_stands_nowhere(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    nurse = cast.ward_nurse.person_id
    with database.writing() as session:
        codes = new_recovery_codes(session, nurse, NOW)
        assert len(set(codes)) == RECOVERY_CODES
        assert take_second_factor(session, nurse, codes[0].lower().replace("-", " "), NOW)
        assert not take_second_factor(session, nurse, codes[0], NOW)
        assert not take_second_factor(session, cast.colleague.person_id, codes[1], NOW)
        assert recovery_codes_left(session, nurse) == RECOVERY_CODES - 1
        session.flush()
        (used,) = session.exec(select(Event).where(Event.act == Act.RECOVERY_USE))
        assert used.staff_id == nurse
        again = new_recovery_codes(session, nurse, NOW)
        session.flush()
        assert not take_second_factor(session, nurse, codes[1], NOW)
        assert take_second_factor(session, nurse, again[0], NOW)
        assert not _stands(session, [*codes, *again])


def _stands(session: Session, secrets: list[str]) -> list[str]:
    dump = " ".join(
        str(row)
        for table in SQLModel.metadata.sorted_tables
        for row in session.connection().execute(table.select())
    )
    assert len(session.exec(select(RecoveryCode)).all()) == RECOVERY_CODES
    return [secret for secret in secrets if secret in dump or secret.replace("-", "") in dump]


def test_a_new_app_puts_the_old_one_out_of_use(database: Database, cast: Cast) -> None:
    nurse = cast.ward_nurse.person_id
    with database.writing() as session:
        secret = new_secret()
        set_totp(session, nurse, secret, step_at(NOW), NOW)
        session.flush()
        assert not take_second_factor(session, nurse, _code(STEP), NOW + STEP)
        # The code that proved the app is used up.
        assert not take_second_factor(session, nurse, code_at(secret, step_at(NOW)), NOW)
        later = code_at(secret, step_at(NOW + STEP))
        assert take_second_factor(session, nurse, later, NOW + STEP)


def test_no_code_of_an_account_that_ended_is_used_up(database: Database, cast: Cast) -> None:
    nurse = cast.ward_nurse.person_id
    with database.writing() as session:
        account_of(session, nurse).ends_at = NOW
        codes = new_recovery_codes(session, nurse, NOW)
        assert not take_second_factor(session, nurse, codes[0], NOW)
        assert recovery_codes_left(session, nurse) == RECOVERY_CODES
        assert not take_second_factor(session, nurse, _code(), NOW)


def test_nobody_has_more_passkeys_than_may_be(database: Database, cast: Cast) -> None:
    nurse = cast.ward_nurse

    def add(session: Session, number: int) -> None:
        key = {"credential_id": str(number), "credential": "x", "label": "鍵"}
        add_passkey(session, nurse, **key, now=NOW)
        session.flush()

    with database.writing() as session:
        for number in range(MOST):
            add(session, number)
        with pytest.raises(NotPermitted):
            add(session, MOST)
        assert len(passkeys_of(session, nurse.person_id)) == MOST
