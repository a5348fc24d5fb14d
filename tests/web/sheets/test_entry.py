"""The entry page of a sheet: half or whole, by two at once, and nothing is lost."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import select

from forms import catalogue
from forms.field import Kind
from handoffs.accounts import SignedIn
from handoffs.database import Database
from handoffs.sheets.draft import SheetAnswer, SheetDraft
from handoffs.sheets.version import SheetVersion
from handoffs.stays.consent import Consent, ConsentAnswer, ConsentGround
from handoffs.stays.contacts import ContactPerson, ContactRole
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from rules import Library
from tests.conftest import MARK
from tests.factories import admit_someone
from tests.forms.paper import text
from tests.people import NOW, PASSWORD, Cast
from tests.web.page import Page, Visitor

Enter = Callable[[str], Visitor]
SHEET = "admission_information"


@pytest.fixture
def stay_id(database: Database, library: Library, cast: Cast) -> int:
    with database.writing() as session:
        return admit_someone(session, library, cast, name=f"{MARK} 花子").id


def path_of(stay_id: int, sheet: str = SHEET) -> str:
    return f"/stays/{stay_id}/sheets/{sheet}"


def opened(enter: Enter, stay_id: int, name: str = "care_manager", sheet: str = SHEET) -> Page:
    return enter(name).open(path_of(stay_id, sheet))


def written(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {one.field: one.value for one in session.exec(select(SheetAnswer))}


def test_the_page_asks_every_field_of_the_regions_sheet(enter: Enter, stay_id: int) -> None:
    page = opened(enter, stay_id)
    names = page.form(path_of(stay_id)).names
    asked = list(catalogue().sheet(SHEET, region="mihon").fields())
    assert {"acp_talked", "pharmacy"} <= names
    for one in asked:
        if one.kind is Kind.ROWS:
            assert f"{one.id}:0:{one.columns[0].id}" in names
        elif one.id not in {"case_code", "consent_given"}:
            assert one.id in names
        for option in one.options:
            if option.blank:
                assert f"{one.id}/{option.id}" in names


def test_opening_a_sheet_stores_nothing(enter: Enter, stay_id: int, database: Database) -> None:
    opened(enter, stay_id)
    with database.reading() as session:
        assert session.exec(select(SheetDraft)).all() == []


def test_what_the_record_knows_stands_there_and_says_where_it_comes_from(
    enter: Enter, stay_id: int
) -> None:
    page = opened(enter, stay_id)
    form = page.form(path_of(stay_id))
    assert form.value("patient_name") == f"{MARK} 花子"
    assert form.value("admitted_on") == "R8.11.20"
    assert form.value("care_level") == "care_2"
    assert "入院の登録から" in page.text
    assert "介護認定の記録から" in page.text


def test_a_half_written_sheet_is_saved_as_it_is(
    enter: Enter, stay_id: int, database: Database
) -> None:
    form = opened(enter, stay_id).form(path_of(stay_id))
    page = form.fill(
        mobility="partial_help",
        mobility_indoors=["cane", "other"],
        **{"mobility_indoors/other": "手すり", "other_contacts:0:name": "見本 守"},
        interests="俳句",
        applied_on="R8.11.19",
    ).submit()
    assert "下書きを保存しました" in page.text
    again = page.form(path_of(stay_id))
    assert again.value("mobility") == "partial_help"
    assert again.value("mobility_indoors/other") == "手すり"
    assert again.value("applied_on") == "R8.11.19"
    assert written(database)["applied_on"] == "2026-11-19"
    assert written(database)["mobility_indoors"] == "cane,other"
    assert "patient_name" not in written(database)
    assert "まだ書かれていない項目" in page.text


def test_what_cannot_be_read_stays_beside_its_complaint_and_the_rest_is_saved(
    enter: Enter, stay_id: int, database: Database
) -> None:
    form = opened(enter, stay_id).form(path_of(stay_id))
    page = form.fill(applied_on="きのう", meals="三", interests="俳句").submit(422)
    assert set(page.errors) == {"applied_on", "meals"}
    assert "食事回数: 数で入力してください。" in page.text
    assert "認定の申請日: " in page.text
    again = page.form(path_of(stay_id))
    assert again.value("applied_on") == "きのう"
    assert again.value("interests") == "俳句"
    assert set(written(database)) == {"interests"}
    assert again.fill(applied_on="", meals="3").submit().errors == {}


def test_what_belongs_on_the_telephone_is_not_taken_onto_a_sheet(
    enter: Enter, stay_id: int, database: Database
) -> None:
    form = opened(enter, stay_id).form(path_of(stay_id))
    page = form.fill(outlook_notes="虐待の疑いあり").submit(422)
    assert "電話で伝えてください" in page.errors["outlook_notes"]
    assert written(database) == {}


def test_two_people_in_different_fields_are_brought_together(
    enter: Enter, stay_id: int, database: Database
) -> None:
    mine = opened(enter, stay_id).form(path_of(stay_id))
    theirs = opened(enter, stay_id).form(path_of(stay_id))
    theirs.fill(interests="庭の手入れ").submit()
    mine.fill(life_history="小学校に勤めた").submit()
    assert written(database) == {"interests": "庭の手入れ", "life_history": "小学校に勤めた"}


def test_the_same_field_shows_both_and_keeps_what_else_was_typed(
    enter: Enter, stay_id: int, database: Database
) -> None:
    mine = opened(enter, stay_id).form(path_of(stay_id))
    opened(enter, stay_id).form(path_of(stay_id)).fill(interests="庭の手入れ").submit()
    page = mine.fill(interests="俳句", life_history="小学校に勤めた").submit(409)
    assert "interests" in page.errors
    for words in ("庭の手入れ", "俳句"):
        assert words in page.text
    assert page.form(path_of(stay_id)).value("life_history") == "小学校に勤めた"
    assert written(database) == {"interests": "庭の手入れ"}
    page.form(path_of(stay_id)).fill(interests="俳句").submit()
    assert written(database) == {"interests": "俳句", "life_history": "小学校に勤めた"}


def saved_by_script(
    visitor: Visitor, fields: list[tuple[str, str]], path: str
) -> dict[str, object]:
    named: dict[str, list[str]] = {}
    for name, value in fields:
        named.setdefault(name, []).append(value)
    answer = visitor.client.post(path, data=named, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    told = answer.get_json()
    assert isinstance(told, dict)
    return told


def test_a_script_saves_again_and_again_from_one_page(
    enter: Enter, stay_id: int, database: Database
) -> None:
    visitor = enter("care_manager")
    form = visitor.open(path_of(stay_id)).form(path_of(stay_id)).fill(interests="俳")
    told = saved_by_script(visitor, form.fields, form.action)
    hidden = told["hidden"]
    assert isinstance(hidden, dict)
    kept = [pair for pair in form.fields if pair[0] not in {*hidden, "interests"}]
    told = saved_by_script(visitor, [*kept, *hidden.items(), ("interests", "俳句")], form.action)
    assert told["errors"] == {}
    assert told["conflicts"] == []
    assert written(database) == {"interests": "俳句"}


def test_a_script_tells_of_a_conflict_and_overwrites_nothing_however_often_it_asks(
    enter: Enter, stay_id: int, database: Database
) -> None:
    visitor = enter("care_manager")
    form = visitor.open(path_of(stay_id)).form(path_of(stay_id))
    opened(enter, stay_id).form(path_of(stay_id)).fill(interests="庭の手入れ").submit()
    form = form.fill(interests="俳句", life_history="小学校")
    told = saved_by_script(visitor, form.fields, form.action)
    assert told["conflicts"] == ["interests"]
    hidden = told["hidden"]
    assert isinstance(hidden, dict)
    fields = [pair for pair in form.fields if pair[0] not in hidden]
    told = saved_by_script(visitor, [*fields, *hidden.items()], form.action)
    assert told["conflicts"] == ["interests"]
    assert written(database) == {"interests": "庭の手入れ", "life_history": "小学校"}


def test_a_script_that_saves_again_takes_nothing_away_from_a_colleague(
    enter: Enter, stay_id: int, database: Database
) -> None:
    visitor = enter("care_manager")
    form = visitor.open(path_of(stay_id)).form(path_of(stay_id))
    opened(enter, stay_id).form(path_of(stay_id)).fill(interests="庭の手入れ").submit()
    fields = form.fill(life_history="小学校").fields
    for words in ("小学校", "小学校に", "小学校に勤めた"):
        fields = [pair for pair in fields if pair[0] != "life_history"]
        told = saved_by_script(visitor, [*fields, ("life_history", words)], form.action)
        hidden = told["hidden"]
        assert isinstance(hidden, dict)
        fields = [pair for pair in fields if pair[0] not in hidden] + list(hidden.items())
    assert written(database) == {"interests": "庭の手入れ", "life_history": "小学校に勤めた"}


@pytest.mark.parametrize(
    ("name", "sheet", "status"),
    [
        ("care_manager", SHEET, 200),
        ("care_manager", "discharge_coordination", 403),
        ("ward_nurse", SHEET, 403),
        ("ward_nurse", "discharge_record", 403),
        ("ward_nurse", "discharge_coordination", 200),
        ("ward_nurse", "pharmacy_slip", 200),
        ("ward_nurse", "fax_cover", 404),
        ("ward_nurse", "nothing", 404),
        ("outsider", SHEET, 404),
        ("health_officer", SHEET, 403),
    ],
)
def test_each_side_writes_its_own_sheets(
    enter: Enter, stay_id: int, name: str, sheet: str, status: int
) -> None:
    enter(name).open(path_of(stay_id, sheet), status)


def test_hidden_whereabouts_stand_on_no_entry_page_and_on_no_paper(
    enter: Enter, stay_id: int, database: Database
) -> None:
    with database.writing() as session:
        patient = session.get_one(Patient, session.get_one(Stay, stay_id).patient_id)
        patient.address, patient.telephone = "見本市一丁目", "00-0000-0003"
        session.add(
            ContactPerson(stay_id=stay_id, role=ContactRole.KEY_PERSON, name="見本 﨑子",
                          relation="長女", telephone="00-0000-0004", recorded_at=NOW)
        )  # fmt: skip
        opened_before = patient.id
    assert opened(enter, stay_id).form(path_of(stay_id)).value("address") == "見本市一丁目"
    with database.writing() as session:
        session.get_one(Patient, opened_before).whereabouts_hidden = True
    for name, sheet in (("care_manager", SHEET), ("ward_nurse", "discharge_coordination")):
        page = opened(enter, stay_id, name, sheet)
        assert "address" not in page.form(path_of(stay_id, sheet)).names
        for secret in ("一丁目", "00-0000-0003", "見本 﨑子"):
            assert secret not in page.text


def test_a_version_from_before_the_whereabouts_were_hidden_is_printed_without_them(
    enter: Enter, stay_id: int, database: Database
) -> None:
    with database.writing() as session:
        patient = session.get_one(Patient, session.get_one(Stay, stay_id).patient_id)
        patient.address, opened_before = "見本市一丁目", patient.id
    path = f"{path_of(stay_id)}/check"
    enter("care_manager").open(path).form(path).fill(means="fax").submit()
    with database.writing() as session:
        version = session.exec(select(SheetVersion)).one().id
        session.get_one(Patient, opened_before).whereabouts_hidden = True
    for name in ("care_manager", "ward_nurse"):
        printed = text(enter(name).fetch(f"/stays/{stay_id}/versions/{version}.pdf").data)
        assert "一丁目" not in printed
        assert "記載を控えます" in printed


def withhold(database: Database, stay_id: int) -> None:
    with database.writing() as session:
        session.add(
            Consent(stay_id=stay_id, answer=ConsentAnswer.WITHHELD, ground=ConsentGround.ORAL,
                    answered_on=date(2026, 11, 20), recorded_at=NOW)
        )  # fmt: skip


def test_withdrawn_consent_stops_making_and_sending_in_plain_words(
    enter: Enter, stay_id: int, database: Database
) -> None:
    visitor, nurse, sheet = enter("care_manager"), enter("ward_nurse"), "discharge_coordination"
    page = visitor.open(path_of(stay_id))
    form = page.form(path_of(stay_id))
    check = nurse.open(f"{path_of(stay_id, sheet)}/check").form(f"{path_of(stay_id, sheet)}/check")
    withhold(database, stay_id)
    visitor.open(path_of(stay_id), 404)
    form.fill(interests="俳句").submit(404)
    refused = nurse.open(path_of(stay_id, sheet), 403)
    assert "同意がありません" in refused.text
    check.fill(means="fax").submit(403)
    assert nurse.fetch(f"{path_of(stay_id, sheet)}/now.pdf", 403).mimetype == "text/html"
    nurse.open(path_of(stay_id, "consent"))
    assert written(database) == {}


def test_a_reservation_stops_the_receiver_it_names_and_no_other(enter: Enter, stay_id: int) -> None:
    nurse = enter("ward_nurse")
    page = nurse.open(f"/stays/{stay_id}/reservations")
    page.form(f"/stays/{stay_id}/reservations").fill(reserved=["care_manager"]).submit()
    refused = nurse.open(path_of(stay_id, "discharge_coordination"), 403)
    assert "担当のケアマネジャー" in refused.text
    nurse.open(path_of(stay_id, "pharmacy_slip"))
    enter("care_manager").open(path_of(stay_id), 404)
    form = nurse.open(f"/stays/{stay_id}/reservations").form(f"/stays/{stay_id}/reservations")
    form.fill(reserved=None).submit()
    nurse.open(path_of(stay_id, "discharge_coordination"))


def test_a_session_that_ran_out_loses_nothing_of_a_sheet(
    enter: Enter, stay_id: int, database: Database
) -> None:
    visitor = enter("care_manager")
    form = visitor.open(path_of(stay_id)).form(path_of(stay_id)).fill(interests="俳句")
    with database.writing() as session:
        for one in session.exec(select(SignedIn)):
            one.seen_at = one.started_at.replace(year=2025)
    sign_in = form.submit()
    assert sign_in.path == "/sign-in"
    page = sign_in.form("/sign-in").fill(sign_in_name="care_manager", password=PASSWORD).submit()
    assert page.path == path_of(stay_id)
    assert "入力の続きです" in page.text
    assert page.form(path_of(stay_id)).value("interests") == "俳句"
    page.form(path_of(stay_id)).submit()
    assert written(database) == {"interests": "俳句"}
