import pytest

from handoffs.database import Database
from handoffs.errors import NotVisible
from handoffs.handed_over import HandedOver, content_of, digest_of, keep_sheet, kept_sheets
from handoffs.history import Act, events_of
from handoffs.passing import send
from tests.conftest import MARK
from tests.factories import make_handoff, make_stay, talked
from tests.people import NOW, Cast

SHEET = {"patient_name": f"{MARK} 花子", "age": 86, "contacts": []}


def test_what_a_sheet_said_is_kept_with_its_digest_and_no_event_repeats_it(
    database: Database, cast: Cast
) -> None:
    digest = digest_of(SHEET)
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff, other = make_handoff(session, stay), make_handoff(session, stay)
        by = cast.ward_nurse
        said = send(session, stay, handoff, talked(sheet_digest=digest), by=by, now=NOW)
        kept = keep_sheet(session, handoff, said, sheet="any", content=SHEET, by=by, now=NOW)
        session.flush()
        assert content_of(session, handoff, kept.id) == ("any", SHEET)
        assert [one.id for one in kept_sheets(session, stay.id)] == [kept.id]
        with pytest.raises(NotVisible):
            content_of(session, other, kept.id)
        events = events_of(session, stay.id)
        assert events[-1].act is Act.HANDOFF_KEEP
        assert MARK not in str([e.detail for e in events])


def test_a_digest_does_not_depend_on_the_order_of_the_fields() -> None:
    assert digest_of(SHEET) == digest_of(dict(reversed(SHEET.items())))
    assert digest_of(SHEET) != digest_of({**SHEET, "age": 87})


def test_what_was_erased_is_gone_and_its_digest_stays(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        by = cast.ward_nurse
        entry = talked(sheet_digest=digest_of(SHEET))
        said = send(session, stay, handoff, entry, by=by, now=NOW)
        kept = keep_sheet(session, handoff, said, sheet="any", content=SHEET, by=by, now=NOW)
        session.flush()
        kept.content = ""
        session.flush()
        assert kept_sheets(session, stay.id) == ()
        assert session.get_one(HandedOver, kept.id).digest == digest_of(SHEET)
        with pytest.raises(NotVisible):
            content_of(session, handoff, kept.id)


def test_a_sheet_that_the_statement_does_not_name_is_not_kept(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        said = send(session, stay, handoff, talked(), by=cast.ward_nurse, now=NOW)
        with pytest.raises(ValueError, match="another sheet"):
            keep_sheet(
                session, handoff, said, sheet="any", content=SHEET, by=cast.ward_nurse, now=NOW
            )
