"""Declining, sending elsewhere, taking back: what people press, what the other side reads."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from handoffs.database import Database
from handoffs.handoff import Handoff
from handoffs.statement import Statement
from handoffs.stays.stay import Stay
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import admit_someone, handoff_of, leave
from tests.people import NOW, Cast
from tests.web.page import Page, Visitor

Enter = Callable[[str], Visitor]


@pytest.fixture
def notice(database: Database, library: Library, cast: Cast) -> Handoff:
    """The hospital's notice of admission to the cast's care manager."""
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        return handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)


def called(enter: Enter, notice: Handoff) -> Page:
    page = enter("ward_nurse").open(f"/stays/{notice.stay_id}")
    return page.form(f"/handoffs/{notice.id}/send").press("話せた")


def now(database: Database, handoff: Handoff) -> Handoff:
    with database.reading() as session:
        return session.get_one(Handoff, handoff.id)


def test_a_mistake_is_taken_back_with_one_button_and_stays_in_the_history(
    enter: Enter, database: Database, notice: Handoff
) -> None:
    page = called(enter, notice)
    retract = f"/stays/{notice.stay_id}/retract"
    page = page.form(retract).press("この記録を取り消す")
    assert "「入院の連絡」（病院 → " in page.text.partition("取り消しました")[0]
    assert "連絡の記録を取り消した" in page.text
    assert now(database, notice).sent_at is None
    assert not page.forms(retract)
    with database.reading() as session:
        assert len(session.exec(select(Statement)).all()) == 2


def test_the_other_side_has_no_button_for_it(enter: Enter, notice: Handoff) -> None:
    called(enter, notice)
    page = enter("care_manager").open(f"/stays/{notice.stay_id}")
    assert not page.forms(f"/stays/{notice.stay_id}/retract")


def test_what_is_not_ours_goes_elsewhere_and_both_offices_are_told(
    enter: Enter, notice: Handoff, cast: Cast
) -> None:
    called(enter, notice)
    manager = enter("care_manager")
    page = manager.open("/worklist").follow("担当ではない")
    page = page.form().submit(422)
    assert "reason" in page.errors
    suggested = str(cast.outsider_office_id)
    page = page.form().fill(reason="changed_office", suggested=suggested, words="先月から").submit()
    assert "担当外との返事" in page.text
    hospital = enter("ward_nurse").open("/worklist").follow("送り先を変える")
    assert "先月から" in hospital.text
    assert hospital.form().value("organization") == suggested
    page = hospital.form().submit()
    assert "となり町ケアプラン" in page.text
    assert MARK in enter("outsider").open("/worklist").text
    assert "別の送り先に案内" in manager.open("/worklist").text
    manager.open(f"/stays/{notice.stay_id}", 404)


def test_an_answer_given_by_mistake_is_taken_back(
    enter: Enter, database: Database, notice: Handoff
) -> None:
    called(enter, notice)
    page = enter("care_manager").open(f"/handoffs/{notice.id}/decline")
    page = page.form().fill(reason="not_a_client").submit()
    page = page.form(f"/handoffs/{notice.id}/undo-decline").submit()
    assert now(database, notice).declined_at is None
    assert "送付済み（確認待ち）" in page.text


def test_what_is_needed_after_all_is_open_again(
    enter: Enter, database: Database, notice: Handoff
) -> None:
    visitor = enter("ward_nurse")
    page = visitor.open(f"/handoffs/{notice.id}/waive").form().fill(reason="家族が届けた").submit()
    page = page.form(f"/handoffs/{notice.id}/undo-waive").submit()
    assert now(database, notice).waived_at is None
    assert page.text.count("家族が届けた") == 1
    assert "いまは取り消し 家族が届けた" in page.text


@pytest.mark.parametrize(
    ("name", "path"),
    [("ward_nurse", "decline"), ("ward_nurse", "reroute"), ("outsider", "decline")],
)
def test_nobody_else_answers(enter: Enter, notice: Handoff, name: str, path: str) -> None:
    page = enter(name).open(f"/handoffs/{notice.id}/{path}", 404 if name == "outsider" else 403)
    assert MARK not in page.all_text


def test_nothing_is_chosen_beforehand_where_a_side_says_what_took_place(
    enter: Enter, notice: Handoff
) -> None:
    page = enter("care_manager").open(f"/stays/{notice.stay_id}")
    form = page.form(f"/stays/{notice.stay_id}/statements")
    assert (form.value("claim"), form.value("topic")) == ("", "")
    assert {"claim", "topic"} <= set(form.submit(422).errors)


STANDS = [
    (("talked", "talked"), "双方確認", "両方が、連絡があった"),
    (("talked", ""), "病院申告", "病院だけが"),
    (("", "talked"), "計画作成担当の申告", "計画作成担当だけが"),
    (("not_contacted", "nothing_heard"), "連絡なし", "まだありません"),
    (("", "through_family"), "家族を通じて", "直接の連絡があれば"),
    (("talked", "nothing_heard"), "双方の記録が食い違う", "電話などで確かめて"),
    (("", ""), "不明", "どちらの記録もまだありません"),
]
"""What the hospital says, what the office says, what is known then, and in which words."""


@pytest.mark.parametrize(("claims", "known", "words"), STANDS)
def test_both_sides_read_what_is_known_of_the_contact_and_the_board_asks_where_it_is_not(
    enter: Enter,
    database: Database,
    library: Library,
    cast: Cast,
    notice: Handoff,
    claims: tuple[str, str],
    known: str,
    words: str,
) -> None:
    path = f"/stays/{notice.stay_id}"
    for name, claim in zip(("ward_nurse", "care_manager"), claims, strict=True):
        if claim:
            form = enter(name).open(path).form(f"{path}/statements")
            form.fill(claim=claim, topic="discharge").submit()
    for name in ("ward_nurse", "care_manager"):
        text = enter(name).open(path).text
        assert f"退院についての連絡: {known}" in text
        assert words in text
    with database.writing() as session:
        stay = session.get_one(Stay, notice.stay_id)
        leave(session, library, cast, stay, now=NOW)
    board = enter("ward_nurse").open("/stays/unconfirmed").text
    took_place = known in {"双方確認", "病院申告", "計画作成担当の申告"}
    on_board = "連絡の記録がありません" if known == "不明" else known
    assert (f"退院 {on_board}" in board) is not took_place
    assert f"退院についての連絡: {known}" in enter("ward_nurse").open(path).text
