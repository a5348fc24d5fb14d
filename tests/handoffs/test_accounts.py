from datetime import timedelta

import pytest
from sqlmodel import Session, SQLModel, select

from handoffs import accounts
from handoffs.accounts import (
    Draft,
    Presence,
    SignedIn,
    SignInTry,
    digest,
    draft_paths,
    end_session,
    hash_password,
    keep_draft,
    note_failure,
    password_fits,
    presence_of,
    show_colleagues,
    staff_named,
    start_session,
    take_draft,
    touch,
    wait_for,
)
from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.parties import Staff
from tests.people import NOW, PASSWORD, Cast, password_hash

IDLE, ABSOLUTE = timedelta(minutes=15), timedelta(hours=12)
SECOND = timedelta(seconds=1)


def _sign_in(session: Session, name: str) -> str:
    staff = staff_named(session, name)
    assert staff is not None
    return start_session(session, staff, NOW)


def _presence(session: Session, token: str, after: timedelta = timedelta(0)) -> Presence | None:
    return presence_of(session, token, now=NOW + after, idle=IDLE, absolute=ABSOLUTE)


def _everything(database: Database) -> str:
    with database.reading() as session:
        return " ".join(
            str(row)
            for table in SQLModel.metadata.sorted_tables
            for row in session.connection().execute(table.select())
        )


def test_a_password_is_kept_as_argon2id_and_fits_only_itself() -> None:
    kept = hash_password(PASSWORD)
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept
    assert kept != hash_password(PASSWORD)
    assert len(kept) <= 200
    assert password_fits(kept, PASSWORD)
    assert not password_fits(kept, f"{PASSWORD} ")
    assert not password_fits(kept, "")


def test_nobody_and_a_broken_hash_fit_no_password() -> None:
    assert not password_fits(None, PASSWORD)
    assert not password_fits("not a hash", PASSWORD)


def test_a_name_that_nobody_has_is_verified_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []
    verify = accounts._HASHER.verify

    class Watching:
        def verify(self, kept: str, password: str) -> bool:
            verified.append(kept)
            return bool(verify(kept, password))

    password_fits(None, PASSWORD)
    monkeypatch.setattr(accounts, "_HASHER", Watching())
    assert not password_fits(None, PASSWORD)
    assert len(verified) == 1
    assert verified[0].split("$")[1:4] == password_hash().split("$")[1:4]


def test_a_token_is_kept_by_digest_only_and_no_dump_holds_it_or_the_password(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        token = _sign_in(session, "ward_nurse")
    dump = _everything(database)
    assert token not in dump
    assert PASSWORD not in dump
    assert digest(token) in dump
    with database.reading() as session:
        presence = _presence(session, token)
        assert presence is not None
        assert presence.actor == cast.ward_nurse
        assert _presence(session, digest(token)) is None
        assert _presence(session, token[:-1]) is None


def test_every_sign_in_has_a_token_and_a_form_token_of_its_own(database: Database) -> None:
    with database.writing() as session:
        tokens = {_sign_in(session, "ward_nurse") for _ in range(3)}
        session.flush()
        form_tokens = {row.form_token for row in session.exec(select(SignedIn))}
    assert len(tokens) == len(form_tokens) == 3
    assert min(map(len, tokens)) >= 43


def test_an_account_that_ended_signs_in_no_more_and_is_put_out_at_once(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        token = _sign_in(session, "care_manager")
        session.get_one(Staff, cast.care_manager.staff_id).active = False
    with database.reading() as session:
        assert staff_named(session, "care_manager") is None
        assert staff_named(session, "nobody") is None
        assert _presence(session, token) is None


def test_a_session_left_alone_ends_after_its_idle_time_and_use_prolongs_it(
    database: Database,
) -> None:
    with database.writing() as session:
        token = _sign_in(session, "ward_nurse")
        assert _presence(session, token, IDLE)
        assert _presence(session, token, IDLE + SECOND) is None
        touch(session, digest(token), NOW + IDLE)
        touch(session, "a digest that nobody has", NOW + IDLE)
        assert _presence(session, token, IDLE + IDLE)
        assert _presence(session, token, IDLE + IDLE + SECOND) is None


def test_no_use_prolongs_a_session_beyond_its_absolute_end(database: Database) -> None:
    with database.writing() as session:
        token = _sign_in(session, "ward_nurse")
        touch(session, digest(token), NOW + ABSOLUTE)
        assert _presence(session, token, ABSOLUTE)
        assert _presence(session, token, ABSOLUTE + SECOND) is None


def test_signing_out_ends_one_session_and_keeps_its_row(database: Database) -> None:
    with database.writing() as session:
        one, other = _sign_in(session, "ward_nurse"), _sign_in(session, "ward_nurse")
        presence = _presence(session, one)
        assert presence is not None
        end_session(session, presence, NOW)
        assert _presence(session, one) is None
        assert _presence(session, other)
        assert session.get_one(SignedIn, digest(one)).ended_at == NOW
        session.flush()
        acts = [event.act for event in session.exec(select(Event))]
        assert acts == [Act.SIGN_IN, Act.SIGN_IN, Act.SIGN_OUT]


WAITS = [
    (0, timedelta(0)),
    (4, timedelta(0)),
    (5, timedelta(seconds=2)),
    (6, timedelta(seconds=4)),
    (9, timedelta(seconds=32)),
    (10, timedelta(minutes=15)),
    (30, timedelta(minutes=15)),
]


@pytest.mark.parametrize(("failures", "pause"), WAITS)
def test_the_wait_grows_after_five_failures_and_is_a_quarter_of_an_hour_after_ten(
    database: Database, failures: int, pause: timedelta
) -> None:
    with database.writing() as session:
        for _ in range(failures):
            note_failure(session, "ward_nurse", NOW)
        session.flush()
        assert wait_for(session, "ward_nurse", NOW) == pause
        assert wait_for(session, "ward_nurse", NOW + pause) == timedelta(0)
        assert wait_for(session, "care_manager", NOW) == timedelta(0)


def test_failures_are_forgotten_after_a_quarter_of_an_hour_and_after_a_success(
    database: Database,
) -> None:
    later = NOW + timedelta(minutes=15, seconds=1)
    with database.writing() as session:
        for _ in range(9):
            note_failure(session, "ward_nurse", NOW)
        note_failure(session, "ward_nurse", later)
        session.flush()
        assert session.exec(select(SignInTry.failures)).one() == 1
        _sign_in(session, "ward_nurse")
        session.flush()
        assert session.exec(select(SignInTry)).all() == []


def test_a_name_that_was_mistyped_stands_nowhere(database: Database) -> None:
    with database.writing() as session:
        note_failure(session, "my-password-in-the-wrong-field", NOW)
    assert "my-password" not in _everything(database)


def test_the_switch_to_the_whole_office_is_logged_both_ways_and_holds_for_one_session(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        one, other = _sign_in(session, "care_manager"), _sign_in(session, "care_manager")
        for shown in (True, False, True):
            presence = _presence(session, one)
            assert presence is not None
            show_colleagues(session, presence, NOW, shown=shown)
            session.flush()
        switched, untouched = _presence(session, one), _presence(session, other)
        assert switched is not None
        assert untouched is not None
        assert (switched.actor.with_colleagues, untouched.actor.with_colleagues) == (True, False)
        events = session.exec(select(Event).where(Event.staff_id == cast.care_manager.staff_id))
        acts = [event.act for event in events][2:]
        assert acts == [Act.COLLEAGUES_SHOW, Act.COLLEAGUES_HIDE, Act.COLLEAGUES_SHOW]


def test_a_draft_goes_back_to_its_writer_once_and_to_nobody_else(
    database: Database, cast: Cast
) -> None:
    path = "/stays/new"
    with database.writing() as session:
        token = _sign_in(session, "ward_nurse")
        keep_draft(session, token, path=path, fields={"name": ["前の"]}, now=NOW)
        keep_draft(session, token, path=path, fields={"name": ["後の"]}, now=NOW)
        keep_draft(session, token, path="/other", fields={}, now=NOW)
        session.flush()
        nurse, other = cast.ward_nurse.person_id, cast.discharge_nurse.person_id
        assert sorted(draft_paths(session, nurse)) == ["/other", path]
        assert draft_paths(session, other) == []
        assert take_draft(session, other, path) is None
        assert take_draft(session, nurse, path) == {"name": ["後の"]}
        session.flush()
        assert take_draft(session, nurse, path) is None


def test_no_draft_is_kept_for_a_session_that_was_signed_out_or_never_was(
    database: Database,
) -> None:
    with database.writing() as session:
        token = _sign_in(session, "ward_nurse")
        presence = _presence(session, token)
        assert presence is not None
        end_session(session, presence, NOW)
        for holder in (token, "a token that nobody was given"):
            keep_draft(session, holder, path="/stays/new", fields={"name": ["x"]}, now=NOW)
        session.flush()
        assert session.exec(select(Draft)).all() == []
