from datetime import timedelta

from sqlmodel import Session, select

from handoffs.accounts import (
    Draft,
    draft_paths,
    end_session,
    keep_draft,
    presence_of,
    staff_named,
    start_session,
    take_draft,
)
from handoffs.database import Database
from tests.people import NOW, Cast

DAY = timedelta(days=1)


def _sign_in(session: Session, name: str) -> str:
    staff = staff_named(session, name)
    assert staff is not None
    return start_session(session, staff, NOW)


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
        presence = presence_of(session, token, now=NOW, idle=DAY, absolute=DAY)
        assert presence is not None
        end_session(session, presence, NOW)
        for holder in (token, "a token that nobody was given"):
            keep_draft(session, holder, path="/stays/new", fields={"name": ["x"]}, now=NOW)
        session.flush()
        assert session.exec(select(Draft)).all() == []
