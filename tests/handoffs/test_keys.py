import pytest

from handoffs.accounts.account import account_of
from handoffs.accounts.invitation import lock_secrets_again
from handoffs.accounts.second_factor import set_totp, take_second_factor
from handoffs.accounts.secret import plain
from handoffs.accounts.totp import code_at, new_secret, step_at
from handoffs.database import Database
from handoffs.keys import KeyRing, RingError, is_locked, new_key
from tests.people import NOW, Cast

OLD, NEW = new_key(), new_key()


def test_a_seal_fits_its_own_content_purpose_and_key_alone() -> None:
    ring = KeyRing.of(OLD)
    seal = ring.seal("event", b"content")
    assert ring.fits("event", b"content", seal)
    assert KeyRing.of(f"{NEW}\n{OLD}\n").fits("event", b"content", seal)
    assert not ring.fits("event", b"Content", seal)
    assert not ring.fits("other", b"content", seal)
    assert not KeyRing.of(NEW).fits("event", b"content", seal)
    assert not ring.fits("event", b"content", None)
    assert seal != ring.seal("event", b"content")


def test_what_was_locked_is_opened_by_its_key_alone_and_never_when_it_was_changed() -> None:
    ring = KeyRing.of(OLD)
    locked = ring.lock("totp", "secret")
    assert ring.unlock("totp", locked) == "secret"
    assert ring.unlock("totp", "never locked") == "never locked"
    last = "0" if locked[-1] != "0" else "1"
    for keys, purpose, text in (
        (KeyRing.of(NEW), "totp", locked),
        (ring, "other", locked),
        (ring, "totp", locked[:-1] + last),
    ):
        with pytest.raises(RingError):
            keys.unlock(purpose, text)


@pytest.mark.parametrize("text", ["", "short", f"{'0' * 64}\nnothing", "g" * 64])
def test_what_is_no_ring_is_refused(text: str) -> None:
    with pytest.raises(RingError):
        KeyRing.of(text)


def test_the_secret_of_an_app_stands_encrypted_and_takes_the_newest_key(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff_id, secret = cast.ward_nurse.person_id, new_secret()
    monkeypatch.setattr(database, "keys", KeyRing.of(OLD))
    with database.writing() as session:
        set_totp(session, staff_id, secret, step_at(NOW) - 5, NOW)
        stored = account_of(session, staff_id).totp_secret or ""
        assert is_locked(stored)
        assert secret not in stored
        assert take_second_factor(session, staff_id, code_at(secret, step_at(NOW)), NOW)
    monkeypatch.setattr(database, "keys", KeyRing.of(f"{NEW}\n{OLD}"))
    with database.writing() as session:
        assert lock_secrets_again(session) > 1  # Those of the cast stood in the clear.
        assert lock_secrets_again(session) == 0
    monkeypatch.setattr(database, "keys", KeyRing.of(NEW))
    with database.writing() as session:
        assert plain(session, account_of(session, staff_id).totp_secret or "") == secret
    monkeypatch.setattr(database, "keys", None)
    with database.reading() as session, pytest.raises(RingError):
        plain(session, account_of(session, staff_id).totp_secret or "")
