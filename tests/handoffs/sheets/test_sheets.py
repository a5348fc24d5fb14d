"""Drafts, reservations, attachments and wishes in the record itself."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from handoffs.access import find_stay
from handoffs.database import Database
from handoffs.errors import NotPermitted
from handoffs.handoff import handoffs_of
from handoffs.history import Act, Event
from handoffs.sheets.access import Writer, may_write
from handoffs.sheets.attachment import attach, attachment_of, bytes_of, remove
from handoffs.sheets.draft import Begun, answers_in, draft_of, save_answers
from handoffs.sheets.reservation import ReceiverKind, reserve, reserved_of
from handoffs.sheets.sharing import obstacle
from handoffs.sheets.wishes import open_wishes
from rules import Library
from tests.factories import admit_someone, leave
from tests.people import NOW, Cast

SHEET = "admission_information"
BEGUN = Begun(date(2026, 11, 22))


def test_a_draft_keeps_what_was_touched_and_counts_only_changes(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        by = cast.care_manager
        for number, changes in enumerate(({"a": "1", "b": ""}, {"a": "1"}, {"a": "2"})):
            now = NOW + timedelta(seconds=number)
            save_answers(session, stay, SHEET, changes, begun=BEGUN, by=by, now=now)
            session.flush()
        draft = draft_of(session, stay.id, by.organization_id, SHEET)
        assert draft is not None
        assert draft.revision == 2
        rows = answers_in(session, draft)
        assert {key: row.value for key, row in rows.items()} == {"a": "2", "b": ""}
        assert rows["b"].revision == 1
        assert draft_of(session, stay.id, cast.hospital_id, SHEET) is None
        session.flush()
        acts = session.exec(select(Event).where(Event.act == Act.SHEET_DRAFT)).all()
        assert len(acts) == 1


def test_only_the_side_that_writes_may(database: Database, library: Library, cast: Cast) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        assert may_write(session, stay, cast.care_manager, Writer.PLAN_OFFICE)
        assert not may_write(session, stay, cast.care_manager, Writer.HOSPITAL)
        assert may_write(session, stay, cast.ward_nurse, Writer.HOSPITAL)
        assert not may_write(session, stay, cast.ward_nurse, Writer.PLAN_OFFICE)
        assert not may_write(session, stay, cast.outsider, Writer.EITHER)


def test_the_latest_word_about_each_kind_of_receiver_counts(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        both = {ReceiverKind.HOSPITAL, ReceiverKind.DOCTOR}
        reserve(session, stay, both, by=cast.ward_nurse, now=NOW)
        session.flush()
        assert reserved_of(session, stay.id) == both
        assert "病院・診療所" in obstacle(session, stay, ReceiverKind.HOSPITAL)
        assert obstacle(session, stay, ReceiverKind.CENTER) == ""
        assert obstacle(session, stay, None) == ""
        reserve(session, stay, {ReceiverKind.DOCTOR}, by=cast.care_manager, now=NOW)
        session.flush()
        assert reserved_of(session, stay.id) == {ReceiverKind.DOCTOR}
        with pytest.raises(NotPermitted):
            reserve(session, stay, set(), by=cast.outsider, now=NOW)


def test_an_attachment_goes_along_for_the_same_person_and_the_same_office_alone(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        first = admit_someone(session, library, cast, kana="シメイヒ オナジ")
        attach(session, first, b"%PDF-one", pages=3, by=cast.care_manager, now=NOW)
        second = admit_someone(
            session, library, cast, by=cast.other_nurse, ward_id=cast.foreign_ward_id,
            kana="シメイヒ オナジ",
        )  # fmt: skip
        stranger = admit_someone(session, library, cast, kana="シメイヒ ベツ")
        found = attachment_of(session, second, cast.office_id)
        assert found is not None
        assert bytes_of(session, found.id) == b"%PDF-one"
        assert attachment_of(session, stranger, cast.office_id) is None
        assert attachment_of(session, second, cast.outsider_office_id) is None
        remove(session, second, by=cast.care_manager, now=NOW)
        session.flush()
        assert attachment_of(session, first, cast.office_id) is None
        assert bytes_of(session, found.id) == b"%PDF-one"


def test_a_wish_is_opened_once_and_not_again_after_the_ward_waived_it(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        answers = {"home_visit": "wish", "ward_conference": ""}
        (wish,) = open_wishes(session, stay, answers, by=cast.care_manager, now=NOW)
        wish.waived_at = NOW
        assert open_wishes(session, stay, answers, by=cast.care_manager, now=NOW) == []
        assert wish.is_by_hand
        assert find_stay(session, cast.ward_nurse, stay.id).id == wish.stay_id


def test_no_wish_is_opened_once_the_person_has_left(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        leave(session, library, cast, stay, now=NOW)
        before = len(handoffs_of(session, stay.id))
        opened = open_wishes(session, stay, {"home_visit": "wish"}, by=cast.care_manager, now=NOW)
        assert opened == []
        assert len(handoffs_of(session, stay.id)) == before
