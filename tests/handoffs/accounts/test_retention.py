from sqlmodel import Session, SQLModel, func, select

from handoffs.accounts import Draft, PostedForm, SignedIn, keep_draft, staff_named, start_session
from handoffs.accounts.passkey import PasskeyChallenge, keep_challenge
from handoffs.accounts.retention import DRAFTS, POSTED_FORMS, SESSIONS, forget_old
from handoffs.accounts.tries import KnownBrowser, know_browser, note_failure
from handoffs.database import Database
from handoffs.history import Event
from tests.people import NOW, Cast


def _count(session: Session, table: type[SQLModel]) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


def test_what_signing_in_leaves_behind_goes_when_its_time_is_over_and_the_history_stays(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    nurse = cast.ward_nurse.person_id
    with database.writing() as session:
        staff = staff_named(session, "ward_nurse")
        assert staff is not None
        token = start_session(session, staff, NOW)
        session.flush()
        keep_draft(session, token, path="/stays/new", fields={"name": ["x"]}, now=NOW)
        form = PostedForm(form_id="f", staff_id=nurse, location="/", posted_at=NOW)
        session.add(form)
        keep_challenge(session, "c", NOW)
        know_browser(session, "b", nurse, NOW)
        note_failure(session, "nobody", NOW)
    with database.writing() as session:
        assert forget_old(session, NOW) == {}
        assert set(forget_old(session, NOW + DRAFTS)) == {"sign_in_try", "passkey_challenge"}
        assert _count(session, Draft) == 1
        forget_old(session, NOW + POSTED_FORMS)
        assert (_count(session, Draft), _count(session, PostedForm)) == (0, 1)
        forget_old(session, NOW + SESSIONS)
        assert (_count(session, PostedForm), _count(session, SignedIn)) == (0, 1)
        before = _count(session, Event)
        forget_old(session, NOW + SESSIONS + DRAFTS)
        for table in (SignedIn, KnownBrowser, PasskeyChallenge):
            assert _count(session, table) == 0
        assert _count(session, Event) == before
