"""A shadow month: coded lines, decided silently, set beside the paper; nothing leaves, ever."""

from collections.abc import Sequence
from datetime import date

import pytest
from sqlmodel import SQLModel, select

from handoffs.database import Database
from handoffs.handoff import Handoff
from handoffs.notice import Notice
from handoffs.parties import Organization
from handoffs.rates.shadow.compared import Beside, Occasion, ShadowMonth, compare
from handoffs.rates.shadow.line import (
    keep_lines,
    lines_of,
    months_with_lines,
    take_month_back,
    tick_paper,
)
from handoffs.rates.shadow.reading import FIRST_COLUMNS, heading, read_lines
from handoffs.rates.yearly.outside_lines import LinesRefused
from handoffs.statement import Statement
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from handoffs.telling.outbox import Message
from rules import Library
from tests.people import NOW, REGION, Cast

NOVEMBER, TODAY = date(2026, 11, 1), date(2026, 11, 20)
OUTSIDE: Sequence[type[SQLModel]] = (Message, Notice, Handoff, Stay, Statement, Patient)
"""Everything by which somebody else could come to know of a line."""

LINES = """記号,入院日,退院予定日,退院日,紙の入院連絡日,紙の退院連絡日,care_manager,care_level
P-1,2026-11-02,2026-11-18,2026-11-18,2026-11-03,2026-11-10,assigned,care_2
P-2,2026-11-02,2026-11-18,2026-11-18,,,assigned,care_2
P-3,2026-11-02,2026-11-18,2026-11-18,2026-11-16,2026-11-10,assigned,care_2
"""


def _keep(database: Database, cast: Cast, library: Library, text: str) -> int:
    edition = library.in_force(REGION, NOVEMBER)
    entries = read_lines(text, edition.vocabulary, today=TODAY)
    with database.writing() as session:
        return keep_lines(
            session, NOVEMBER, entries, by=cast.discharge_nurse,
            hospital_id=cast.hospital_id, region=REGION, now=NOW,
        )  # fmt: skip


def _compared(database: Database, cast: Cast, library: Library) -> ShadowMonth:
    with database.reading() as session:
        lines = lines_of(session, cast.hospital_id, NOVEMBER)
        hospital = session.get_one(Organization, cast.hospital_id)
        return compare(lines, region=REGION, hospital=hospital, library=library)


def test_the_end_of_the_month_lists_what_one_told_and_the_other_did_not(
    database: Database, cast: Cast, library: Library
) -> None:
    not_asked = "N-1,2026-11-02,,2026-11-10,2026-11-03,,unassigned,none\n"
    nothing_known = "U-1,2026-11-02,,2026-11-10,,,,\n"
    assert _keep(database, cast, library, LINES + not_asked + nothing_known) == 5
    found = _compared(database, cast, library)
    by = {(one.code, one.occasion): one for one in found.lines}
    assert by["P-1", Occasion.ADMISSION].beside is Beside.BOTH
    assert by["P-2", Occasion.ADMISSION].beside is Beside.TOOL_ONLY
    assert by["P-2", Occasion.DISCHARGE].beside is Beside.TOOL_ONLY
    assert by["P-2", Occasion.ADMISSION].due is not None
    assert by["P-3", Occasion.ADMISSION].paper_was_later
    assert not by["P-1", Occasion.ADMISSION].paper_was_later
    assert found.later(Occasion.ADMISSION) == 1
    assert [one.paper_was_later for one in found.late(Occasion.ADMISSION)] == [True]
    assert by["N-1", Occasion.ADMISSION].beside in {Beside.PAPER_ONLY, Beside.ASK_FIRST}
    assert by["U-1", Occasion.ADMISSION].beside is Beside.ASK_FIRST
    assert by["U-1", Occasion.ADMISSION].because, "what to ask first is named"
    for occasion in Occasion:
        assert sum(found.counts(occasion).values()) == 5


def test_a_whole_shadow_month_leaves_no_trace_that_could_be_sent(
    database: Database, cast: Cast, library: Library
) -> None:
    _keep(database, cast, library, LINES)
    _compared(database, cast, library)
    with database.writing() as session:
        ticked = {"P-2": (date(2026, 11, 4), None)}
        tick_paper(session, NOVEMBER, ticked, by=cast.discharge_nurse, now=NOW)
    _compared(database, cast, library)
    with database.reading() as session:
        for table in OUTSIDE:
            assert session.exec(select(table)).all() == [], table.__name__


def test_a_line_is_replaced_by_its_sign_and_what_paper_did_can_be_ticked_later(
    database: Database, cast: Cast, library: Library
) -> None:
    _keep(database, cast, library, LINES)
    assert _keep(database, cast, library, LINES) == 0, "the same lines again say nothing new"
    with database.writing() as session:
        ticked = {"P-2": (date(2026, 11, 4), date(2026, 11, 9)), "no-such": (TODAY, None)}
        assert tick_paper(session, NOVEMBER, ticked, by=cast.discharge_nurse, now=NOW) == 1
        lines = {line.code: line for line in lines_of(session, cast.hospital_id, NOVEMBER)}
        assert lines["P-2"].paper_discharge_on == date(2026, 11, 9)
        assert lines["P-2"].facts == {"care_manager": "assigned", "care_level": "care_2"}
        assert months_with_lines(session, cast.hospital_id) == [NOVEMBER]
        assert lines_of(session, cast.other_hospital_id, NOVEMBER) == []
        assert take_month_back(session, NOVEMBER, by=cast.discharge_nurse, now=NOW) == 3
        assert lines_of(session, cast.hospital_id, NOVEMBER) == []
        assert months_with_lines(session, cast.hospital_id) == []


def test_the_heading_offers_every_word_of_the_edition_and_reads_back(library: Library) -> None:
    vocabulary = library.in_force(REGION, NOVEMBER).vocabulary
    head = heading(vocabulary)
    assert head.startswith("\ufeff記号,入院日")
    names = head.strip("\ufeff\r\n").split(",")
    assert names[: len(FIRST_COLUMNS)] == list(FIRST_COLUMNS)
    label = vocabulary["care_manager"].values["assigned"]
    cells = dict.fromkeys(names, "") | {"記号": "A-1", "入院日": "R8.11.2"}
    cells[vocabulary["care_manager"].label] = label
    line = "\t".join(cells[name] for name in names)
    (entry,) = read_lines("\t".join(names) + "\n" + line, vocabulary, today=TODAY)
    assert entry.facts == {"care_manager": "assigned"}
    assert entry.admitted_on == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("P-2", "見本 花子", "2行目"),
        ("P-2", "P-1", "同じ記号"),
        ("P-2,2026-11-02", "P-2,", "入院日"),
        ("P-2,2026-11-02,2026-11-18", "P-2,2026-11-02,2026-11-01", "退院の日"),
        ("P-2,2026-11-02", "P-2,2026-11-30", "今日より後"),
        ("P-2,2026-11-02,2026-11-18,2026-11-18,,,assigned", "P-2,2026-11-02,,,,,maybe", "どれか"),
        ("care_level\n", "colour\n", "見出し"),
        ("記号,", "番号,", "見出し"),
    ],
)
def test_a_bad_line_is_named_and_never_quoted(
    library: Library, old: str, new: str, words: str
) -> None:
    vocabulary = library.in_force(REGION, NOVEMBER).vocabulary
    with pytest.raises(LinesRefused) as refused:
        read_lines(LINES.replace(old, new, 1), vocabulary, today=TODAY)
    text = "".join(refused.value.problems)
    assert words in text.replace("3行目", "2行目")
    assert "見本 花子" not in text
