"""A ward list in the browser: seen before it is stored, taken in once, taken back whole."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
import time_machine
from sqlmodel import SQLModel, col, func, select

from handoffs.accounts import Draft
from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from tests.exchange.hospital import person, ward_list
from tests.people import NOW
from tests.web.page import Page, Visitor
from web.ward_lists.uploads import LARGEST

Enter = Callable[[str], Visitor]
TAKE, UNDO = "取り込む", "この取り込みを取り消す"
PREVIEW, IMPORT = "/ward-lists/preview", "/ward-lists/import"


def row(number: int, **cells: str) -> dict[str, str]:
    """Somebody with a birth date of their own, so that nobody is another's twin."""
    return person(number, **{"病棟": "3階東", "生年月日": f"{1930 + number}-03-04", **cells})


def upload(
    visitor: Visitor, *rows: Mapping[str, str], content: bytes | None = None, status: int = 200
) -> Page:
    form = visitor.open("/ward-lists").form(PREVIEW)
    assert form.node.get("enctype") == "multipart/form-data"
    sent = ward_list(*rows) if content is None else content
    fields = [pair for pair in form.fields if pair[0] != "file"]
    return visitor.upload(PREVIEW, dict(fields), ("file", sent, "list.csv"), status)


def count(database: Database, table: type[SQLModel]) -> int:
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def standing(database: Database) -> int:
    with database.reading() as session:
        return len(session.exec(select(Stay).where(col(Stay.cancelled_at).is_(None))).all())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_a_preview_shows_every_group_and_stores_nothing(
    enter: Enter, database: Database, encoding: str
) -> None:
    nurse = enter("ward_nurse")
    upload(nurse, row(1), row(5)).form(IMPORT).press(TAKE)
    before = [count(database, table) for table in (Patient, Stay)]
    rows = (
        row(1),
        row(2),
        row(3, カナ="ミホン ハルコ", 生年月日="1935-03-04"),
        row(6, 病棟="ない病棟"),
        row(7, 対象="", 氏名="だれか"),
    )
    page = upload(nurse, content=ward_list(*rows, encoding=encoding))
    assert "まだ何も登録していません" in page.text
    words = page.text.replace(" ", "")
    assert "新規1人、確かめる方1人、登録済み1人" in words
    assert "取り込めない行1行" in words
    assert "対象でない方1人" in words
    assert "5行目病棟:この病院の病棟(3階東、4階西)のどれか" in words
    assert "双子など" in page.text
    assert "だれか" not in page.response.text
    assert [count(database, table) for table in (Patient, Stay)] == before


def test_taking_in_registers_once_however_often_the_button_is_pressed(
    enter: Enter, database: Database
) -> None:
    form = upload(enter("ward_nurse"), row(1), row(2)).form(IMPORT)
    first, second = form.press(TAKE), form.press(TAKE)
    assert first.path == second.path
    assert standing(database) == 2
    assert "取り込みました。" in first.text
    with database.reading() as session:
        (event,) = session.exec(select(Event).where(Event.act == Act.IMPORT_WARD_LIST)).all()
    assert event.detail["new"] == 2


def test_a_row_in_doubt_is_taken_only_where_it_was_ticked(enter: Enter, database: Database) -> None:
    nurse = enter("ward_nurse")
    upload(nurse, row(1)).form(IMPORT).press(TAKE)
    twin = row(2, カナ="ミホン ハルコ", 生年月日="1931-03-04")
    page = upload(nurse, twin).form(IMPORT).press(TAKE)
    assert standing(database) == 1
    assert "取り込まなかった行" in page.text
    upload(nurse, twin).form(IMPORT).fill(different=["2"]).press(TAKE)
    assert standing(database) == 2


def test_the_whole_import_is_taken_back_with_a_reason(
    enter: Enter, database: Database, clock: time_machine.Traveller
) -> None:
    nurse = enter("ward_nurse")
    page = upload(nurse, row(1), row(2))
    page = page.form(IMPORT).press(TAKE)
    clock.move_to(NOW + timedelta(minutes=5))
    undo = page.path + "/undo"
    assert set(page.form(undo).press(UNDO, 422).errors) == {"reason"}
    assert standing(database) == 2
    page = page.form(undo).fill(reason="twice").press(UNDO)
    assert standing(database) == 0
    assert "取り込みを取り消しました" in page.text
    assert not page.forms(undo)
    assert "取り消しました" in nurse.open("/ward-lists").text


def test_nothing_is_taken_back_where_a_colleague_has_acted_since(
    enter: Enter, database: Database, clock: time_machine.Traveller
) -> None:
    page = upload(enter("ward_nurse"), row(1), row(2))
    page = page.form(IMPORT).press(TAKE)
    undo = page.form(page.path + "/undo").fill(reason="twice")
    clock.move_to(NOW + timedelta(minutes=5))
    with database.reading() as session:
        stay_id = session.exec(select(Stay.id).order_by(col(Stay.id))).first()
    other = enter("discharge_nurse")
    path = f"/stays/{stay_id}/planned-discharge"
    other.open(path).form(path).fill(
        planned_discharge_on="R8.12.1", planned_certainty="fixed"
    ).submit()
    refused = undo.press(UNDO, 422)
    assert "まとめて取り消せません" in refused.errors["undo"]
    assert "取り込みのあとに操作があります" in refused.text
    assert standing(database) == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"\xff\xfea", "氏名,カナ\r\n".encode(), b"x" * (LARGEST + 1)],
    ids=["empty", "book", "utf-16", "no columns", "too large"],
)
def test_a_file_that_cannot_be_used_is_told_beside_its_field(
    enter: Enter, database: Database, content: bytes
) -> None:
    page = upload(enter("ward_nurse"), content=content, status=422)
    assert set(page.errors) == {"file"}
    assert count(database, Stay) == 0


def test_a_much_larger_file_is_refused_before_it_is_read(enter: Enter) -> None:
    upload(enter("ward_nurse"), content=b"x" * (LARGEST + 20_000), status=413)


def test_rows_that_no_preview_made_are_refused(enter: Enter, database: Database) -> None:
    nurse = enter("ward_nurse")
    form = upload(nurse, row(1)).form(IMPORT)
    form.fields = [pair if pair[0] != "rows" else ("rows", "[[1") for pair in form.fields]
    assert set(form.press(TAKE, 422).errors) == {"file"}
    assert count(database, Stay) == 0


def test_what_a_preview_shows_is_never_kept_when_the_session_has_run_out(
    enter: Enter, database: Database, clock: time_machine.Traveller
) -> None:
    form = upload(enter("ward_nurse"), row(1)).form(IMPORT)
    clock.move_to(NOW + timedelta(days=2))
    form.press(TAKE)
    assert count(database, Draft) == 0
    assert count(database, Stay) == 0


def test_only_the_own_hospital_sees_an_import_and_an_office_imports_nothing(enter: Enter) -> None:
    page = upload(enter("ward_nurse"), row(1)).form(IMPORT).press(TAKE)
    enter("other_nurse").open(page.path, 404)
    enter("care_manager").open("/ward-lists", 403)
