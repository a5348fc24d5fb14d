"""Finding a person: whoever one may know of, however the name is written, and nobody else."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from handoffs.accounts import Draft
from handoffs.database import Database
from handoffs.finding.people import MOST_FOUND
from handoffs.history import Act, Event
from handoffs.planning import take_charge
from handoffs.stays.cancellation import CancelReason, cancel
from rules import Library
from tests.conftest import MARK
from tests.factories import admit_someone, leave
from tests.people import NOW, Cast
from tests.web.page import Page, Visitor

Enter = Callable[[str], Visitor]


def find(visitor: Visitor, words: str, status: int = 200) -> Page:
    return visitor.open("/find").form("/find").fill(words=words).submit(status)


def found(page: Page) -> list[str]:
    """The addresses of the stays that an answer names."""
    return [a.get("href") for table in page.tree.all("table") for a in table.all("a")]


@pytest.mark.parametrize(
    "words",
    ["髙﨑", "高崎", "たかさき", "タカサキ", "ﾀｶｻｷ", "高 崎", "タカサキ　ハナ", "Ａ１２"],
)
def test_somebody_is_found_however_the_name_is_written(
    enter: Enter, database: Database, library: Library, cast: Cast, words: str
) -> None:
    with database.writing() as session:
        stay = admit_someone(
            session,
            library,
            cast,
            name=f"髙﨑 {MARK}",
            kana="タカサキ ハナコ",
            hospital_number="A12",
        )
        admit_someone(session, library, cast, name=f"別人 {MARK}")
    page = find(enter("ward_nurse"), words)
    assert found(page) == [f"/stays/{stay.id}"]
    assert "86歳" in page.text
    assert "見本中央病院 3階東" in page.text


def test_somebody_who_left_is_found_after_those_in_hospital_and_by_the_case_code(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        gone = admit_someone(
            session, library, cast, kana="サガス ハナ", admitted_on=date(2026, 11, 2)
        )
        leave(session, library, cast, gone, now=NOW)
        here = admit_someone(session, library, cast, kana="サガス ハル")
        code = gone.code
    nurse = enter("ward_nurse")
    page = find(nurse, "さがす")
    assert found(page) == [f"/stays/{here.id}", f"/stays/{gone.id}"]
    assert "2026年11月20日(金)退院" in page.text
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code.lower())
    assert found(find(nurse, f" {wide[:3]} {wide[3:]}")) == [f"/stays/{gone.id}"]


@pytest.mark.parametrize("name", ["other_nurse", "outsider", "colleague", "other_center_staff"])
def test_nobody_finds_whom_they_may_not_know_of(
    enter: Enter, database: Database, library: Library, cast: Cast, name: str
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, kana="サガス ハナ", hospital_number="777")
        # The care manager has taken charge, so that a colleague reaches nobody.

        take_charge(session, stay, by=cast.care_manager, now=NOW)
        code = stay.code
    visitor = enter(name)
    for words in ("さがす", "777", code, MARK):
        page = find(visitor, words)
        assert found(page) == []
        assert "見つかりませんでした" in page.text
        assert MARK not in page.text
    assert found(find(enter("care_manager"), "さがす")) == [f"/stays/{stay.id}"]
    assert found(find(enter("care_manager"), "777")) == []


def test_a_cancelled_registration_is_not_found(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, kana="サガス ハナ")
        cancel(session, stay, CancelReason.TWICE, version=1, by=cast.ward_nurse, now=NOW)
    assert found(find(enter("ward_nurse"), "さがす")) == []


def test_voiced_marks_may_be_passed_over(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stays = [
            admit_someone(session, library, cast, kana=kana, hospital_number=kana[-1])
            for kana in ("サガス イチ", "サカス ニ")
        ]
    nurse = enter("ward_nurse")
    page = find(nurse, "ざがず")
    assert "濁点・半濁点だけが違う方を表示しています" in page.text
    assert found(find(nurse, "さがす")) == [f"/stays/{stays[0].id}"]
    page = nurse.open("/find").form("/find").fill(words="さがす", loosely="yes").submit()
    assert len(found(page)) == len(stays)


def test_at_most_thirty_are_named_and_the_rest_is_told(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        for number in range(MOST_FOUND + 1):
            admit_someone(
                session, library, cast, kana=f"サガス {number}", hospital_number=f"N{number}"
            )
    page = find(enter("ward_nurse"), "さがす")
    assert len(found(page)) == MOST_FOUND
    assert "ほかにもあります" in page.text


def test_nothing_is_asked_with_nothing_typed_and_signs_are_no_patterns(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        admit_someone(session, library, cast)
    nurse = enter("ward_nurse")
    assert set(find(nurse, "　 ", 422).errors) == {"words"}
    for words in ("%", "_", "％", "/"):
        assert found(find(nurse, words)) == []


def test_a_look_is_written_down_without_the_words(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        admit_someone(session, library, cast, kana="サガス ハナ")
    find(enter("ward_nurse"), "さがす")
    with database.reading() as session:
        looks = session.exec(select(Event).where(Event.act == Act.STAY_LIST)).all()
    assert [look.detail for look in looks] == [{"found": 1}]
    assert looks[0].staff_id == cast.ward_nurse.staff_id


def test_what_was_searched_for_is_not_kept_when_the_session_has_run_out(
    enter: Enter, database: Database, clock: object
) -> None:
    visitor = enter("ward_nurse")
    form = visitor.open("/find").form("/find").fill(words=f"{MARK} 花子")
    clock.move_to(datetime(2026, 11, 21, 12, tzinfo=UTC) + timedelta(days=1))  # type: ignore[attr-defined]
    form.submit()
    with database.reading() as session:
        assert session.exec(select(col(Draft.path))).all() == []


def test_a_health_centre_finds_nobody_and_has_no_such_entry(enter: Enter) -> None:
    officer = enter("health_officer")
    assert "人をさがす" not in officer.open("/rates").links
    officer.open("/find", 403)
    assert "人をさがす" in enter("ward_nurse").open("/stays").links
    assert "人をさがす" in enter("care_manager").open("/worklist").links
