"""What is opened by hand, the time of a conference, what stood in the way, and その後."""

from collections.abc import Callable

import pytest

from handoffs.database import Database
from handoffs.stays.stay import Stay
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import admit_someone, handoff_of, leave
from tests.people import NOW, Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]


@pytest.fixture
def stay(database: Database, library: Library, cast: Cast) -> Stay:
    """Somebody with a care manager, in hospital."""
    with database.writing() as session:
        return admit_someone(session, library, cast)


def gone(database: Database, library: Library, cast: Cast, stay: Stay) -> None:
    with database.writing() as session:
        leave(session, library, cast, session.get_one(Stay, stay.id), now=NOW)


def test_a_hospital_opens_what_no_rule_asks_for_with_its_reason(enter: Enter, stay: Stay) -> None:
    page = enter("ward_nurse").open(f"/stays/{stay.id}").follow("ルールのほかに引き継ぎを開く")
    page = page.form().fill(what="care_plan_copy:hospital", wanted_on="R8.11.19").submit(422)
    assert {"reason"} <= set(page.errors)
    page = page.form().fill(reason="生活のようすを知りたい").submit(422)
    assert set(page.errors) == {"wanted_on"}
    page = page.form().fill(wanted_on="R8.11.24").submit()
    assert "ケアプランの写し" in page.text
    page = enter("care_manager").open("/worklist")
    assert "ケアプランの写し" in page.text
    text = enter("care_manager").open(f"/stays/{stay.id}").text
    assert "生活のようすを知りたい" in text
    assert "病院の判断" in text


def test_the_other_side_chooses_a_slot_in_one_tap(
    enter: Enter, database: Database, stay: Stay
) -> None:
    with database.reading() as session:
        conference = handoff_of(session, stay, HandoffKind.DISCHARGE_CONFERENCE).id
    path = f"/handoffs/{conference}/conference"
    page = enter("ward_nurse").open(path)
    page = page.form().fill(**{"day-1": "R8.11.25", "starts_at-1": "14:00"}).submit(422)
    assert set(page.errors) == {"ends_at-1"}
    typed = {"ends_at-1": "14:30", "place-1": "3階東", "day-2": "R8.11.26"}
    page.form().fill(**typed, **{"starts_at-2": "10", "ends_at-2": "11"}).submit()
    page = enter("care_manager").open(f"/stays/{stay.id}")
    page = page.form(f"{path}/choose").press("11/25(水) 14:00–14:30 3階東 にする")
    for name in ("ward_nurse", "care_manager"):
        text = enter(name).open(f"/stays/{stay.id}").text
        assert "会議の日時: 11/25(水) 14:00–14:30" in text
        assert "11/26(木) 10:00" not in text


def test_whom_no_slot_fits_says_so(enter: Enter, database: Database, stay: Stay) -> None:
    with database.reading() as session:
        conference = handoff_of(session, stay, HandoffKind.DISCHARGE_CONFERENCE).id
    path = f"/handoffs/{conference}/conference"
    typed = {"day-1": "R8.11.25", "starts_at-1": "14", "ends_at-1": "15"}
    enter("care_manager").open(path).form().fill(**typed).submit()
    page = enter("ward_nurse").open(f"/stays/{stay.id}")
    page.form(f"{path}/no-fit").fill(answer="木曜の午後なら").submit()
    assert "木曜の午後なら" in enter("care_manager").open(f"/stays/{stay.id}").text


def test_what_stood_in_the_way_is_chosen_in_two_clicks_and_counted(
    enter: Enter, database: Database, library: Library, cast: Cast, stay: Stay
) -> None:
    gone(database, library, cast, stay)
    page = enter("ward_nurse").open("/stays/unconfirmed")
    page = page.form(f"/stays/{stay.id}/miss-reason").press("急な退院だった")
    assert "急な退院だった 1人" in page.text
    assert "急な退院だった 1人" not in enter("care_manager").open("/stays/unconfirmed").text


def test_what_became_of_the_person_is_told_to_the_ward(
    enter: Enter, database: Database, library: Library, cast: Cast, stay: Stay
) -> None:
    visitor = enter("care_manager")
    visitor.open(f"/stays/{stay.id}/outcome", 403)
    gone(database, library, cast, stay)
    page = visitor.open(f"/stays/{stay.id}").follow("その後のようすを病院に伝える")
    assert "outcome" in page.form().submit(422).errors
    page.form().fill(outcome="at_home", words="元気です").submit()
    text = enter("ward_nurse").open(f"/stays/{stay.id}").text
    assert "自宅で生活を続けている。元気です" in text
    enter("ward_nurse").open(f"/stays/{stay.id}/outcome", 403)


@pytest.mark.parametrize("path", ["handoffs/new", "outcome"])
def test_nobody_else_opens_anything(enter: Enter, stay: Stay, path: str) -> None:
    for name in ("outsider", "other_nurse"):
        assert MARK not in enter(name).open(f"/stays/{stay.id}/{path}", 404).all_text
