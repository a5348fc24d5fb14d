"""The whole way of a roster: the office hands it in, a hospital registers, one of them is asked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.plan_office import PlanStatus, plan_office_of
from handoffs.planning import PlanEntry
from handoffs.roster.keeping import purge_rosters
from handoffs.roster.kept import HOLDS, UNDO_FOR, Roster, RosterEntry, RosterKey
from handoffs.stays.consent import ConsentAnswer
from handoffs.stays.stay import Stay
from rules import Library
from tests.factories import admit_someone
from tests.people import NOW, Cast
from tests.web.page import Page, Visitor

Enter = Callable[[str], Visitor]
HEAD = "氏名,カナ,生年月日,被保険者番号\r\n"
SAME = "見本 花子,シメイヒ　ハナコ,S15.5.3,0000000011\r\n"
OTHER = "見本 次郎,シメイヒ ジロウ,S10.1.2,\r\n"
TAKE, UNDO = "この名簿に入れ替える", "この取り込みを取り消す"
ASKS = "担当かもしれません"


def preview(visitor: Visitor, text: str, status: int = 200, encoding: str = "utf-8-sig") -> Page:
    form = visitor.open("/roster").form("/roster/preview")
    fields = [pair for pair in form.fields if pair[0] != "file"]
    file = ("file", text.encode(encoding), "roster.csv")
    return visitor.upload("/roster/preview", dict(fields), file, status)


def hand_in(visitor: Visitor, text: str = HEAD + SAME + OTHER) -> Page:
    return preview(visitor, text).form("/roster/import").press(TAKE)


@pytest.fixture
def register(database: Database, library: Library, cast: Cast) -> Callable[..., int]:
    """Register the admission of 花子, whose plan office nobody knows."""

    def _register(**changes: Any) -> int:  # noqa: ANN401 - fields of an entry.
        given: dict[str, Any] = {"kana": "シメイヒ ハナコ", "plan": PlanEntry(), **changes}
        with database.writing() as session:
            return admit_someone(session, library, cast, **given).id

    return _register


def asked(visitor: Visitor, stay_id: int) -> bool:
    return ASKS in visitor.open(f"/stays/{stay_id}").text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_a_preview_shows_new_matched_and_rejected_rows_and_stores_nothing(
    enter: Enter, database: Database, encoding: str
) -> None:
    visitor = enter("care_manager")
    hand_in(visitor, HEAD + OTHER)
    wrong = "だれか,ｼﾒｲﾋ ｻﾌﾞﾛｳ,10.1.2,123\r\n"
    page = preview(visitor, HEAD + SAME + OTHER + wrong + SAME, encoding=encoding)
    words = page.text.replace(" ", "")
    assert "まだ何も残していません" in words
    assert "新しく入る方1人、いまの名簿にもある方1人" in words
    assert "取り込めない行2行" in words
    assert "2行目と同じ方です" in words
    assert "だれか" not in page.response.text
    assert "見本 花子" not in page.response.text
    with database.reading() as session:
        assert len(session.exec(select(RosterEntry)).all()) == 1


def test_nothing_that_is_kept_can_be_read(enter: Enter, database: Database) -> None:
    page = hand_in(enter("care_manager"))
    assert "2人" in page.text
    assert "シメイヒ" not in page.response.text
    with database.reading() as session:
        texts = [str(dict(row)) for row in session.exec(select(RosterEntry)).all()]
        texts += [str(row.detail) for row in session.exec(select(Event)).all()]
    assert not any("シメイヒ" in text or "1940" in text or "0000000011" in text for text in texts)


def test_a_match_is_shown_only_after_the_registration_and_only_to_its_hospital(
    enter: Enter, register: Callable[..., int], database: Database
) -> None:
    hand_in(enter("care_manager"))
    stay_id = register()
    nurse = enter("ward_nurse")
    page = nurse.open(f"/stays/{stay_id}")
    assert "見本ケアプランセンター" in page.text
    assert ASKS in page.text
    enter("other_nurse").open(f"/stays/{stay_id}", 404)
    enter("care_manager").open(f"/stays/{stay_id}", 404)
    with database.reading() as session:
        looks = session.exec(select(Event).where(Event.act == Act.ROSTER_MATCH)).all()
    assert [look.stay_id for look in looks] == [stay_id]
    assert "名簿と一致" not in page.text
    # One click, once the person was asked; then there is nothing left to ask.
    action = next(f.action for f in page.forms() if "/known-to/" in f.action)
    page = page.form(action).submit()
    assert ASKS not in page.text
    with database.reading() as session:
        plan = plan_office_of(session, stay_id)
    assert plan is not None
    assert plan.status is PlanStatus.ASSIGNED


def test_no_page_before_the_registration_tells_a_client_from_anybody_else(
    enter: Enter,
) -> None:
    hand_in(enter("care_manager"))
    nurse = enter("ward_nurse")
    answers = []
    for words in ("シメイヒ ハナコ", "シメイヒ カオルコ"):
        found = nurse.open("/find").form("/find").fill(words=words).submit()
        answers.append(found.text.replace(words, ""))
        form = nurse.open("/stays/new").form("/stays/new").fill(name="氏名非 花子", kana=words)
        page = form.fill(birth_on="S15.5.3").submit(422)
        answers.append(page.text.replace(words, ""))
        assert "ケアプランセンターの" not in page.text
    assert answers[0] == answers[2]
    assert answers[1] == answers[3]


@pytest.mark.parametrize(
    "changes",
    [
        {"kana": "シメイヒ ハナ"},
        {"insured_number": "0000000022"},
        {"wants_no_contact": True},
        {"consent": ConsentAnswer.WITHHELD},
    ],
    ids=["other kana", "other insured number", "wants no contact", "consent withheld"],
)
def test_nobody_is_told_of_somebody_else_or_against_the_persons_wish(
    enter: Enter, register: Callable[..., int], changes: dict[str, Any]
) -> None:
    hand_in(enter("care_manager"))
    assert not asked(enter("ward_nurse"), register(**changes))


def test_an_undone_import_an_old_one_and_a_person_left_out_match_no_more(
    enter: Enter,
    register: Callable[..., int],
    database: Database,
) -> None:
    office, stay_id = enter("care_manager"), register()
    page = hand_in(office)
    assert asked(enter("ward_nurse"), stay_id)
    undo = next(form.action for form in page.forms() if form.action.endswith("/undo"))
    assert "空になります" in page.text
    page.form(undo).press(UNDO)
    assert not asked(enter("ward_nurse"), stay_id)
    hand_in(office)
    form = office.open("/roster").form("/roster/left-out")
    form.fill(kana="しめいひ はなこ", birth_on="S15.5.3", what="out").submit()
    assert not asked(enter("ward_nurse"), stay_id)
    page = preview(office, HEAD + SAME)
    assert "名簿に入れない方 1人" in page.text
    page.form("/roster/import").press(TAKE)
    assert not asked(enter("ward_nurse"), stay_id)
    form = office.open("/roster").form("/roster/left-out")
    form.fill(kana="シメイヒ ハナコ", birth_on="S15.5.3", what="in").submit()
    hand_in(office)
    assert asked(enter("ward_nurse"), stay_id)
    with database.writing() as session:
        assert purge_rosters(session, NOW + UNDO_FOR + timedelta(days=1)) == 1
        assert purge_rosters(session, NOW + HOLDS + timedelta(days=1)) == 1
        assert not session.exec(select(RosterEntry)).all()
        assert not session.exec(select(Roster)).all()


def test_two_offices_have_two_keys(enter: Enter, database: Database) -> None:
    hand_in(enter("care_manager"))
    hand_in(enter("outsider"))
    with database.reading() as session:
        assert len(set(session.exec(select(RosterKey.key)))) == 2
        people = list(session.exec(select(RosterEntry.person)))
    assert len(set(people)) == len(people) == 4


def test_no_hospital_and_no_health_centre_opens_the_roster_page(
    enter: Enter, cast: Cast, register: Callable[..., int], database: Database
) -> None:
    enter("ward_nurse").open("/roster", 403)
    enter("health_officer").open("/roster", 403)
    # An office that has nobody cannot be named by a guess.
    stay_id = register()
    nurse = enter("ward_nurse")
    form = nurse.open(f"/stays/{stay_id}").form("/text-size")
    marks = [(name, form.value(name)) for name in ("form_token", "form_id")]
    nurse.post(f"/stays/{stay_id}/known-to/{cast.office_id}", marks, 404)
    with database.reading() as session:
        found = session.exec(select(Stay).where(col(Stay.id) == stay_id)).one()
        plan = plan_office_of(session, found.id)
    assert plan is None or plan.organization_id is None


@pytest.mark.parametrize("text", ["カナ\r\nア\r\n", HEAD, ""], ids=["no birth", "no row", "empty"])
def test_a_file_that_cannot_be_used_is_told_beside_its_field(enter: Enter, text: str) -> None:
    page = preview(enter("care_manager"), text, 422, "utf-8")
    assert set(page.errors) == {"file"}
