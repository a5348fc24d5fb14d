"""The lists of the day as files: whoever stands on the page stands in them, by code, unnamed."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.stays.stay import PlannedCertainty, Stay
from handoffs.tokyo import day_of
from rules import Library
from tests.conftest import MARK
from tests.factories import admit_someone, leave
from tests.people import NOW, Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]
TODAY = day_of(NOW)
KANA = "シメイヒ"


@pytest.fixture
def codes(database: Database, library: Library, cast: Cast) -> dict[str, str]:
    """One who leaves tomorrow, one with something late, one who left without a contact."""
    before = NOW - timedelta(days=9)
    with database.writing() as session:
        soon = admit_someone(
            session,
            library,
            cast,
            kana=f"{KANA} アシタ",
            planned_discharge_on=TODAY + timedelta(days=1),
            planned_certainty=PlannedCertainty.FIXED,
        )
        late, gone = (
            admit_someone(
                session,
                library,
                cast,
                now=before,
                kana=f"{KANA} {kana}",
                admitted_on=day_of(before),
            )
            for kana in ("オソ", "タイイン")
        )
        leave(session, library, cast, gone, now=NOW, discharged_on=TODAY, contacted=False)
        return {"soon": soon.code, "late": late.code, "gone": gone.code}


def rows_in(visitor: Visitor, path: str) -> list[dict[str, str]]:
    answer = visitor.client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    text = answer.get_data().decode("utf-8-sig")
    assert MARK not in text
    assert KANA not in text
    assert MARK not in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(text)))


def reads_of(session: Session) -> list[Event]:
    return list(session.exec(select(Event).where(Event.act == Act.STAY_LIST)))


def test_the_board_as_a_file_has_whoever_is_in_hospital(
    enter: Enter, codes: dict[str, str]
) -> None:
    rows = rows_in(enter("ward_nurse"), "/stays/board.csv")
    assert {row["番号"] for row in rows} == {codes["soon"], codes["late"]}
    (soon,) = (row for row in rows if row["番号"] == codes["soon"])
    assert soon["退院予定日"] == (TODAY + timedelta(days=1)).isoformat()
    assert len(soon["やること"].split("、")) == len(soon["期限"].split("、"))


def test_those_without_confirmation_stand_in_the_file_once(
    enter: Enter, codes: dict[str, str]
) -> None:
    rows = rows_in(enter("ward_nurse"), "/stays/unconfirmed.csv")
    assert [row["番号"] for row in rows] == [codes[who] for who in ("soon", "late", "gone")]
    assert rows[1]["期限を過ぎている引き継ぎ"]
    assert rows[2]["退院日"] == TODAY.isoformat()


def test_the_worklist_as_a_file_is_that_of_the_own_clients(
    enter: Enter, codes: dict[str, str]
) -> None:
    rows = rows_in(enter("care_manager"), "/worklist.csv")
    assert {row["番号"] for row in rows} <= set(codes.values())
    assert {row["種類"] for row in rows} >= {"送る"}
    assert rows_in(enter("outsider"), "/worklist.csv") == []


def test_whom_a_file_lists_is_written_down(
    enter: Enter, codes: dict[str, str], database: Database
) -> None:
    rows_in(enter("ward_nurse"), "/stays/board.csv")
    with database.reading() as session:
        (read,) = reads_of(session)
        ids = {stay.id for stay in session.exec(select(Stay)) if stay.code != codes["gone"]}
    assert read.shown is not None
    assert {int(word) for word in read.shown.split(",") if word} == ids
