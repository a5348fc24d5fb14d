from datetime import timedelta

from sqlmodel import Session, SQLModel, select

from handoffs.accounts import (
    Presence,
    SignedIn,
    digest,
    end_session,
    presence_of,
    show_colleagues,
    staff_named,
    start_session,
    touch,
)
from handoffs.accounts.account import AccountRule, account_of
from handoffs.accounts.signed_in import FRESH, confirm, end_sessions, sessions_of
from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.parties import Staff
from tests.people import NOW, PASSWORD, Cast

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


def test_a_house_shortens_its_sessions_and_never_lengthens_them(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        token = _sign_in(session, "ward_nurse")
        rule = AccountRule(organization_id=cast.hospital_id, idle_minutes=5, absolute_hours=8)
        session.add(rule)
        session.flush()
        assert _presence(session, token, timedelta(minutes=5))
        assert _presence(session, token, timedelta(minutes=5) + SECOND) is None
        touch(session, digest(token), NOW + timedelta(hours=8))
        session.flush()
        assert _presence(session, token, timedelta(hours=8))
        assert _presence(session, token, timedelta(hours=8) + SECOND) is None
        rule.idle_minutes, rule.absolute_hours = 240, 24
        touch(session, digest(token), NOW)
        session.flush()
        assert _presence(session, token, IDLE + SECOND) is None


def test_an_account_with_an_end_is_out_at_that_moment(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        token = _sign_in(session, "ward_nurse")
        account_of(session, cast.ward_nurse.person_id).ends_at = NOW + timedelta(minutes=9)
        session.flush()
        assert _presence(session, token, timedelta(minutes=9) - SECOND)
        assert _presence(session, token, timedelta(minutes=9)) is None


def test_all_other_sessions_of_a_person_end_at_once_and_nobody_elses(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        here, there = _sign_in(session, "ward_nurse"), _sign_in(session, "ward_nurse")
        other = _sign_in(session, "care_manager")
        session.flush()
        nurse = cast.ward_nurse
        assert len(sessions_of(session, nurse.person_id)) == 2
        assert end_sessions(session, nurse.person_id, NOW, by=nurse, but=digest(here)) == 1
        assert end_sessions(session, nurse.person_id, NOW, by=nurse, but=digest(here)) == 0
        session.flush()
        assert _presence(session, here)
        assert _presence(session, there) is None
        assert _presence(session, other)
        (event,) = session.exec(select(Event).where(Event.act == Act.SESSIONS_END))
        assert event.detail == {"whose": nurse.staff_id, "sessions": 1}


def test_what_was_shown_a_while_ago_is_asked_for_anew(database: Database) -> None:
    with database.writing() as session:
        token = _sign_in(session, "ward_nurse")
        presence = _presence(session, token)
        assert presence is not None
        assert presence.is_fresh(NOW + FRESH)
        assert not presence.is_fresh(NOW + FRESH + SECOND)
        confirm(session, presence, NOW + FRESH)
        session.flush()
        again = _presence(session, token)
        assert again is not None
        assert again.is_fresh(NOW + FRESH + FRESH)
