"""Whom to ring on each side: a direct line first, and one's own hours before the house's."""

import pytest
from sqlmodel import Session

from handoffs.database import Database
from handoffs.direct_line import LineEntry, own_line, set_own_line
from handoffs.errors import BadEntry, NotPermitted
from handoffs.parties import Organization, Ward
from handoffs.shown.main_contact import hours_in_words
from handoffs.shown.overview import overview_of
from handoffs.shown.paste_text import paste_texts
from handoffs.shown.worklist import worklist_of
from rules import Library
from tests.factories import admit_someone
from tests.people import NOW, Cast

WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:30-17:15")
LINE = LineEntry(direct_line="000-0000-0001 内線 12", reachable="平日 9:00–16:00")


def _set(session: Session, cast: Cast, who: str, entry: LineEntry = LINE) -> bool:
    return set_own_line(session, entry, by=cast.people[who], now=NOW)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ({}, ""),
        (WEEK, "月–金 8:30–17:15"),
        (WEEK | {"sat": "09:00-12:00"}, "月–金 8:30–17:15、土 9:00–12:00"),
        ({"mon": "09:00-17:00", "wed": "09:00-17:00"}, "月 9:00–17:00、水 9:00–17:00"),
        (dict.fromkeys(("sat", "sun"), "10:00-15:00"), "土・日 10:00–15:00"),
    ],
)
def test_days_of_the_same_hours_stand_together(hours: dict[str, str], words: str) -> None:
    assert hours_in_words(hours) == words


def test_each_way_gives_way_to_the_more_direct_one(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        hospital = session.get_one(Organization, cast.hospital_id)
        ward = session.get_one(Ward, cast.ward_id)
        hospital.telephone, ward.telephone, hospital.hours = "000-0000-0100", "", WEEK

        def seen() -> tuple[str, str, str]:
            session.flush()
            shown = overview_of(session, cast.care_manager, stay.id, library=library, now=NOW)
            contact = shown.hospital_contact
            assert contact.name == cast.ward_nurse.name
            return contact.line, contact.telephone, contact.reachable

        assert seen() == ("代表", "000-0000-0100", "月–金 8:30–17:15")
        ward.telephone = "000-0000-0200"
        assert seen() == ("病棟（3階東）", "000-0000-0200", "月–金 8:30–17:15")
        assert _set(session, cast, "ward_nurse")
        assert not _set(session, cast, "ward_nurse")
        assert seen() == ("直通", LINE.direct_line, LINE.reachable)


def test_the_other_side_is_on_the_worklist_and_in_the_text_to_paste(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        _set(session, cast, "ward_nurse")
        _set(session, cast, "care_manager")
        session.flush()
        for who, other in (("ward_nurse", "care_manager"), ("care_manager", "ward_nurse")):
            work = worklist_of(session, cast.people[who], library=library, now=NOW)
            (client,) = [one for _, group in work.groups for one in group]
            assert (client.contact.name, client.contact.telephone) == (
                cast.people[other].name,
                LINE.direct_line,
            )
        shown = overview_of(session, cast.care_manager, stay.id, library=library, now=NOW)
        for text in paste_texts(shown, cast.care_manager, masked=(), now=NOW):
            assert f"{LINE.direct_line}　{LINE.reachable}" in text.text


def test_what_is_no_number_is_refused_and_a_health_centre_has_no_line(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        for wrong in ("直通です", "12", "<b>000</b>"):
            with pytest.raises(BadEntry):
                _set(session, cast, "ward_nurse", LineEntry(direct_line=wrong))
        with pytest.raises(NotPermitted):
            own_line(session, cast.health_officer)
        assert _set(session, cast, "ward_nurse", LineEntry(direct_line="０００－００００"))
        assert own_line(session, cast.ward_nurse).direct_line == "000-0000"
