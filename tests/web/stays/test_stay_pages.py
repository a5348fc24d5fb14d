"""Registration, the page of a stay, the board: as the ward and the others see them."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlmodel import col, select
from time_machine import Traveller

from handoffs.database import Database
from handoffs.handoff import Handoff
from handoffs.history import Act, Event
from handoffs.parties import Organization, check_digit
from handoffs.plan_office import PlanOffice, PlanStatus
from handoffs.planning import PlanEntry
from handoffs.statement import Result, Statement
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Destination, PlannedCertainty, Stay
from rules import Library
from tests.conftest import MARK
from tests.factories import admit_someone, leave
from tests.people import NAMES, NOW, Cast
from tests.web.page import Form, Page, Visitor

Enter = Callable[[str], Visitor]


@pytest.fixture
def stay_id(database: Database, library: Library, cast: Cast) -> int:
    """Somebody admitted today whose care manager is the cast's."""
    with database.writing() as session:
        return admit_someone(session, library, cast, kana="シメイヒ ハナコ").id


def blank(visitor: Visitor) -> Form:
    return visitor.open("/stays/new").form("/stays/new")


def filled(visitor: Visitor, **changes: str) -> Form:
    typed = {
        "name": f"{MARK} 髙橋",
        "kana": "しめいひ たかはし",
        "birth_on": "S15.5.3",
        "admitted_on": "81120",
        "care_level": "care_2",
    }
    return blank(visitor).fill(**(typed | changes))


def stays(database: Database) -> list[Stay]:
    with database.reading() as session:
        rows = list(session.exec(select(Stay).order_by(col(Stay.id))))
        session.expunge_all()
    return rows


def test_six_fields_register_an_admission_and_show_what_follows(
    enter: Enter, database: Database, cast: Cast
) -> None:
    page = filled(enter("ward_nurse"), plan_organization_id=f"office-{cast.office_id}").submit()
    (stay,) = stays(database)
    assert page.path == f"/stays/{stay.id}"
    assert page.heading == f"{MARK} 髙橋 さん シメイヒ タカハシ"
    assert "86歳 昭和15年5月3日（1940年）生まれ" in page.text
    assert "要" in page.text
    assert "入院前からケアマネジャー(小規模多機能など" in page.text
    assert "手引き(架空) 4頁 第2条(1)" in page.text
    assert "11/20(金)–11/26(木)、あと6日" in page.text
    assert "入院日を1日目と数える" in page.text
    assert stay.ward_id == cast.ward_id
    assert stay.admitted_time is None


def test_the_screen_begins_with_today_and_the_own_ward(enter: Enter, cast: Cast) -> None:
    form = blank(enter("ward_nurse"))
    assert form.value("admitted_on") == "R8.11.20"
    assert form.value("ward_id") == str(cast.ward_id)
    assert form.value("plan_organization_id") == "unknown"


def test_the_screen_asks_for_twelve_things_at_most(enter: Enter) -> None:
    page = blank(enter("ward_nurse"))
    # A time belongs to its day, a certainty to its plan and an area to its town.
    # The search for an office is a help that nobody need use.
    joined = {"admitted_time", "planned_certainty", "center_id", "office_words", "find"}
    assert len(page.names - {"form_token", "form_id", "check"} - joined) == 12


def test_a_birth_date_without_an_era_is_asked_back_and_nothing_is_lost(
    enter: Enter, database: Database
) -> None:
    page = filled(enter("ward_nurse"), birth_on="150503", municipality="見本市").submit(422)
    form = page.form("/stays/new")
    assert set(page.errors) == {"birth_on"}
    assert "昭和15年5月3日（1940年・86歳）" in page.text
    assert form.value("birth_on") == "150503"
    assert form.value("municipality") == "見本市"
    assert form.value("name") == f"{MARK} 髙橋"
    form.fill(birth_on_reading="1940-05-03").submit()
    with database.reading() as session:
        assert session.exec(select(col(Patient.birth_on))).one() == date(1940, 5, 3)


BAD = [
    ({"name": ""}, "name"),
    ({"name": "花" * 61}, "name"),
    ({"kana": "高橋"}, "kana"),
    ({"birth_on": "R9.1.1"}, "birth_on"),
    ({"birth_on": "昨日"}, "birth_on"),
    ({"birth_on": "R8.11.21"}, "birth_on"),
    ({"admitted_on": "R8.11.21"}, "admitted_on"),
    ({"admitted_on": "R8.2.30"}, "admitted_on"),
    ({"admitted_on": "H20.1.1"}, "admitted_on"),
    ({"admitted_time": "25:00"}, "admitted_time"),
    ({"care_level": ""}, "care_level"),
    ({"planned_discharge_on": "R8.11.19", "planned_certainty": "fixed"}, "planned_discharge_on"),
    ({"planned_discharge_on": "R8.12.1"}, "planned_discharge_on"),
    ({"planned_certainty": "about"}, "planned_discharge_on"),
]


@pytest.mark.parametrize(("typed", "field"), BAD)
def test_bad_input_is_answered_beside_its_field_and_nothing_is_stored(
    enter: Enter, database: Database, typed: dict[str, str], field: str
) -> None:
    page = filled(enter("ward_nurse"), **typed).submit(422)
    assert field in page.errors
    form = page.form("/stays/new")
    for name, value in typed.items():
        assert form.value(name) == value
    assert form.value("care_level") == typed.get("care_level", "care_2")
    assert stays(database) == []


TAMPERED = [
    ("care_level", "care_9"),
    ("ward_id", "999"),
    ("ward_id", "x"),
    ("plan_organization_id", "office-999999"),
    ("plan_organization_id", "office-x"),
    ("plan_organization_id", "gone"),
    ("center_id", "999999"),
    ("consent", "given-nobody"),
    ("application", "soon"),
    ("planned_certainty", "maybe"),
    ("hospital_id", "2"),
    ("region", "fukui"),
    ("version", "7"),
]


@pytest.mark.parametrize(("name", "value"), TAMPERED)
def test_what_no_page_offers_is_refused(
    enter: Enter, database: Database, name: str, value: str
) -> None:
    visitor = enter("ward_nurse")
    form = filled(visitor)
    fields = [pair for pair in form.fields if pair[0] != name] + [(name, value)]
    page = visitor.post("/stays/new", fields, 422)
    assert page.errors
    assert stays(database) == []


def test_a_ward_of_another_hospital_is_refused(enter: Enter, cast: Cast) -> None:
    visitor = enter("ward_nurse")
    form = filled(visitor)
    fields = [pair for pair in form.fields if pair[0] != "ward_id"]
    page = visitor.post("/stays/new", [*fields, ("ward_id", str(cast.foreign_ward_id))], 422)
    assert set(page.errors) == {"ward_id"}


def test_a_double_click_makes_one_record(enter: Enter, database: Database) -> None:
    form = filled(enter("ward_nurse"))
    first = form.submit()
    second = form.submit()
    assert first.path == second.path
    assert len(stays(database)) == 1


def test_a_second_tab_with_the_same_person_is_told_so(enter: Enter, database: Database) -> None:
    visitor = enter("ward_nurse")
    one, other = filled(visitor), filled(visitor)
    one.submit()
    page = other.submit(422)
    assert "すでに入院中" in page.errors["name"]
    assert len(stays(database)) == 1


@pytest.mark.parametrize("number", ["A-76", None])
def test_a_namesake_born_on_the_same_day_is_registered_by_the_patient_number(
    enter: Enter, database: Database, library: Library, cast: Cast, number: str | None
) -> None:
    with database.writing() as session:
        admit_someone(session, library, cast, kana="シメイヒ タカハシ", hospital_number=number)
    visitor = enter("ward_nurse")
    assert "hospital_number" not in blank(visitor).names
    page = filled(visitor).submit(422)
    page.form("/stays/new").fill(hospital_number="A-77").submit()
    assert len(stays(database)) == 2


@pytest.mark.parametrize(
    ("typed", "people"), [({"hospital_number": "A-77"}, 2), ({"same_person": "yes"}, 1)]
)
def test_another_name_with_the_same_kana_and_birth_date_is_asked_back_with_a_way_on_for_both(
    enter: Enter,
    database: Database,
    library: Library,
    cast: Cast,
    typed: dict[str, str],
    people: int,
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, kana="シメイヒ タカハシ")
        leave(session, library, cast, stay, now=NOW)
    visitor = enter("ward_nurse")
    assert "same_person" not in blank(visitor).names
    page = filled(visitor).submit(422)
    assert "氏名の違う方" in page.errors["same_person"]
    page.form("/stays/new").fill(**typed).submit()
    assert len(stays(database)) == 2
    with database.reading() as session:
        assert len(session.exec(select(Patient)).all()) == people


@pytest.mark.parametrize("name", ["髙﨑", "𠮷田", "渡邉"])
def test_variant_characters_are_kept_and_found_by_the_common_ones(
    enter: Enter, database: Database, name: str
) -> None:
    visitor = enter("ward_nurse")
    filled(visitor, name=f"{MARK} {name}").submit()
    with database.reading() as session:
        assert session.exec(select(Patient.name)).one() == f"{MARK} {name}"
    common = {"髙﨑": "高崎", "𠮷田": "吉田", "渡邉": "渡辺"}[name]
    page = visitor.open("/stays").form("/stays").fill(search=common).submit()
    assert f"{MARK} {name}" in page.text


def test_no_contact_is_wanted_and_no_office_sees_the_person(
    enter: Enter, database: Database, cast: Cast
) -> None:
    page = filled(
        enter("ward_nurse"),
        consent="no_contact",
        plan_organization_id=f"office-{cast.office_id}",
        care_manager_name=NAMES["care_manager"],
    ).submit()
    assert "連絡を希望していないため" in page.text
    (stay,) = stays(database)
    enter("care_manager").open(f"/stays/{stay.id}", 404)


def test_an_approximate_planned_date_is_shown_as_such(enter: Enter, database: Database) -> None:
    page = filled(
        enter("ward_nurse"), planned_discharge_on="R8.12.2", planned_certainty="about"
    ).submit()
    assert "令和8年12月2日(水) ごろ（およそ）" in page.text
    assert stays(database)[0].planned_certainty is PlannedCertainty.ABOUT


def test_what_is_missing_is_named_and_the_boxes_are_one_click_away(enter: Enter) -> None:
    page = filled(enter("ward_nurse"), plan_organization_id="unknown").submit()
    assert "判定保留" in page.text
    assert "まだ分かっていないこと" in page.text
    assert "立ち上がり・歩行" in page.text
    assert page.follow("判定項目を入力する").heading == "判定項目の入力"


PAGES = ["", "/assessment", "/planned-discharge", "/discharge", "/plan-office", "/particulars"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("name", "status"), [("outsider", 404), ("other_nurse", 404), ("health_officer", 403)]
)
def test_nobody_else_reaches_a_stay(
    enter: Enter, stay_id: int, name: str, path: str, status: int
) -> None:
    # An office's role has no hospital pages at all, whoever's patient it is.
    expected = 403 if name == "outsider" and path else status
    page = enter(name).open(f"/stays/{stay_id}{path}", expected)
    assert MARK not in page.all_text


@pytest.mark.parametrize("path", [*PAGES[1:], "/take", "/statements"])
@pytest.mark.parametrize("name", ["outsider", "other_nurse", "health_officer"])
def test_nobody_else_changes_a_stay(
    enter: Enter, database: Database, stay_id: int, name: str, path: str
) -> None:
    visitor = enter(name)
    marks = visitor.open("/").forms("/sign-out")[0].fields
    before = events(database)
    address = f"/stays/{stay_id}{path}"
    response = visitor.client.post(address, data=dict([*marks, *SENSIBLE.get(path, [])]))
    assert response.status_code in {403, 404}
    assert MARK not in response.text
    assert events(database) == before


SENSIBLE: dict[str, list[tuple[str, str]]] = {
    "/planned-discharge": [
        ("planned_discharge_on", "R8.12.1"),
        ("planned_certainty", "fixed"),
        ("version", "1"),
    ],
    "/discharge": [
        ("discharged_on", "R8.11.20"),
        ("destination", "home"),
        ("contacted", "no"),
        ("version", "1"),
    ],
    "/plan-office": [("plan_organization_id", "unassigned"), ("version", "1")],
    "/particulars": [
        ("care_level", "care_5"),
        ("application", "none"),
        ("insured_category", "first"),
        ("version", "1"),
    ],
    "/statements": [
        ("claim", "talked"),
        ("topic", "discharge"),
        ("happened_on", "R8.11.20"),
    ],
}


def events(database: Database) -> int:
    reads = {Act.STAY_READ, Act.STAY_LIST, Act.RATES_READ}
    with database.reading() as session:
        return len([e for e in session.exec(select(Event)) if e.act not in reads])


def test_a_look_is_written_down(enter: Enter, database: Database, stay_id: int, cast: Cast) -> None:
    enter("care_manager").open(f"/stays/{stay_id}")
    with database.reading() as session:
        looks = session.exec(select(Event).where(Event.act == Act.STAY_READ)).all()
        assert [(e.stay_id, e.staff_id) for e in looks] == [(stay_id, cast.care_manager.staff_id)]


def move(page: Page, stay_id: int, **typed: str) -> Form:
    return page.follow("予定日を変える").form(f"/stays/{stay_id}/planned-discharge").fill(**typed)


def test_the_planned_date_moves_with_what_is_due_before_it(
    enter: Enter, database: Database, stay_id: int
) -> None:
    visitor = enter("ward_nurse")
    page = visitor.open(f"/stays/{stay_id}")
    page = move(page, stay_id, planned_discharge_on="81204", planned_certainty="fixed").submit()
    assert "令和8年12月4日(金)（決定）" in page.text
    page = move(page, stay_id, planned_discharge_on="81211", planned_certainty="about").submit()
    assert "12/4(金) → 12/11(金)（およそ）" in page.text
    with database.reading() as session:
        notice = session.exec(select(Handoff).where(Handoff.rule_id == "discharge-notice")).one()
        assert notice.due_on == date(2026, 12, 4)


def test_a_date_that_somebody_else_moved_meanwhile_is_shown_beside_the_own_one(
    enter: Enter, database: Database, stay_id: int
) -> None:
    late = move(
        enter("ward_nurse").open(f"/stays/{stay_id}"),
        stay_id,
        planned_discharge_on="81230",
        planned_certainty="about",
    )
    other = enter("discharge_nurse").open(f"/stays/{stay_id}")
    move(other, stay_id, planned_discharge_on="81204", planned_certainty="fixed").submit()
    page = late.submit(409)
    assert "別の職員がこの方の退院予定を変えました" in page.text
    assert "2026年12月30日(水)、およそ（あなたの入力）" in page.text
    assert f"2026年12月4日(金)、決定（{NAMES['discharge_nurse']}" in page.text
    again = page.form(f"/stays/{stay_id}/planned-discharge").submit(409)
    assert "planned" in again.errors
    assert stays(database)[0].planned_discharge_on == date(2026, 12, 4)
    form = again.form(f"/stays/{stay_id}/planned-discharge")
    form.fill(planned="2026-12-30/about").submit()
    assert stays(database)[0].planned_discharge_on == date(2026, 12, 30)


def test_a_third_change_before_the_choice_is_asked_about_again(
    enter: Enter, database: Database, stay_id: int
) -> None:
    mine, other = enter("ward_nurse"), enter("discharge_nurse")
    opened = mine.open(f"/stays/{stay_id}")
    late = move(opened, stay_id, planned_discharge_on="81230", planned_certainty="about")
    for planned in ("81204", "81206"):
        page = late.submit(409) if planned == "81206" else None
        if page is not None:
            late = page.form(f"/stays/{stay_id}/planned-discharge")
        theirs = other.open(f"/stays/{stay_id}")
        move(theirs, stay_id, planned_discharge_on=planned, planned_certainty="fixed").submit()
    page = late.fill(planned="2026-12-30/about").submit(409)
    assert "2026年12月6日(日)、決定" in page.text
    assert stays(database)[0].planned_discharge_on == date(2026, 12, 6)


def test_a_planned_date_and_somebody_elses_change_of_another_field_both_stand(
    enter: Enter, database: Database, stay_id: int
) -> None:
    visitor = enter("ward_nurse")
    opened = visitor.open(f"/stays/{stay_id}")
    late = move(opened, stay_id, planned_discharge_on="81230", planned_certainty="about")
    planner(enter("discharge_nurse"), stay_id).fill(plan_organization_id="unassigned").submit()
    late.submit()
    (stay,) = stays(database)
    assert stay.planned_discharge_on == date(2026, 12, 30)
    with database.reading() as session:
        plan = session.exec(select(PlanOffice).where(col(PlanOffice.superseded).is_(False))).one()
    assert plan.status is PlanStatus.UNASSIGNED


@pytest.mark.parametrize(
    "typed",
    [
        {"planned_discharge_on": "R8.11.19", "planned_certainty": "fixed"},
        {"planned_discharge_on": "", "planned_certainty": "fixed"},
        {"planned_discharge_on": "R8.12.1", "planned_certainty": "undecided"},
        {"planned_discharge_on": "12月", "planned_certainty": "fixed"},
    ],
)
def test_a_planned_date_that_cannot_be_is_refused(
    enter: Enter, stay_id: int, typed: dict[str, str]
) -> None:
    page = move(enter("ward_nurse").open(f"/stays/{stay_id}"), stay_id, **typed).submit(422)
    assert "planned_discharge_on" in page.errors
    form = page.form(f"/stays/{stay_id}/planned-discharge")
    assert form.value("planned_discharge_on") == typed["planned_discharge_on"]


def leaving(visitor: Visitor, stay_id: int, **typed: str) -> Form:
    form = visitor.open(f"/stays/{stay_id}/discharge").form(f"/stays/{stay_id}/discharge")
    return form.fill(**({"destination": "home", "contacted": "no"} | typed))


def test_a_discharge_is_written_down_with_the_contact(
    app: Flask, database: Database, stay_id: int, cast: Cast, clock: Traveller
) -> None:
    clock.move_to(NOW + timedelta(days=7))
    visitor = Visitor(app).arrive(cast.ward_nurse, NOW + timedelta(days=7))
    page = leaving(
        visitor, stay_id, contacted="yes", contacted_on="R8.11.25", contact_result="conference"
    ).submit()
    (stay,) = stays(database)
    assert stay.destination is Destination.HOME
    assert "病院申告" in page.text
    with database.reading() as session:
        said = session.exec(select(Statement)).one()
        assert (said.result, said.happened_on) == (Result.CONFERENCE, date(2026, 11, 25))
    visitor.open(f"/stays/{stay_id}/discharge", 403)


@pytest.mark.parametrize(
    ("field", "crafted"),
    [("contact_result", "absent"), ("contact_result", "sent"), ("contact_means", "tsunagi")],
)
def test_a_contact_that_the_page_does_not_offer_is_refused(
    enter: Enter, database: Database, stay_id: int, field: str, crafted: str
) -> None:
    visitor = enter("ward_nurse")
    form = leaving(visitor, stay_id, contacted="yes", contacted_on="R8.11.20")
    fields = [pair for pair in form.fields if pair[0] != field]
    page = visitor.post(form.action, [*fields, (field, crafted)], 422)
    assert field in page.errors
    assert stays(database)[0].is_open


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"discharged_on": "R8.11.19"}, "discharged_on"),
        ({"discharged_on": "R8.11.21"}, "discharged_on"),
        ({"destination": ""}, "destination"),
        ({"contacted": "yes", "contacted_on": ""}, "contacted_on"),
        ({"contacted": "yes", "contacted_on": "R8.11.19"}, "contacted_on"),
    ],
)
def test_a_discharge_that_cannot_be_is_refused(
    enter: Enter, database: Database, stay_id: int, typed: dict[str, str], field: str
) -> None:
    page = leaving(enter("ward_nurse"), stay_id, **typed).submit(422)
    assert field in page.errors
    assert page.form(f"/stays/{stay_id}/discharge").value("contacted") == typed.get(
        "contacted", "no"
    )
    assert stays(database)[0].is_open


def test_after_a_death_nobody_is_asked_for_a_contact(
    enter: Enter, database: Database, stay_id: int
) -> None:
    visitor = enter("ward_nurse")
    form = visitor.open(f"/stays/{stay_id}/discharge").form(f"/stays/{stay_id}/discharge")
    page = form.fill(destination="death").submit()
    assert "これからすることはありません" in page.text
    assert stays(database)[0].destination is Destination.DEATH


def planner(visitor: Visitor, stay_id: int) -> Form:
    page = visitor.open(f"/stays/{stay_id}/plan-office")
    return page.form(f"/stays/{stay_id}/plan-office")


def test_another_office_plans_and_the_first_one_sees_the_stay_no_more(
    enter: Enter, stay_id: int, cast: Cast
) -> None:
    care_manager = enter("care_manager")
    care_manager.open(f"/stays/{stay_id}")
    form = planner(enter("ward_nurse"), stay_id)
    form.fill(
        plan_organization_id=f"office-{cast.outsider_office_id}",
        care_manager_name=NAMES["outsider"],
    ).submit()
    care_manager.open(f"/stays/{stay_id}", 404)
    enter("outsider").open(f"/stays/{stay_id}")


def test_an_office_number_with_a_wrong_check_digit_warns_and_is_taken(
    enter: Enter, database: Database, stay_id: int, cast: Cast
) -> None:
    with database.writing() as session:
        session.get_one(Organization, cast.multifunctional_id).number = "1890000012"
    page = planner(enter("ward_nurse"), stay_id).fill(office_number="1890000012").submit()
    assert "計算と合いません" in page.text
    with database.reading() as session:
        current = session.exec(select(PlanOffice).where(col(PlanOffice.superseded).is_(False)))
        assert current.one().organization_id == cast.multifunctional_id


def test_a_paused_contract_keeps_its_office(
    enter: Enter, database: Database, stay_id: int, cast: Cast
) -> None:
    visitor = enter("ward_nurse")
    planner(visitor, stay_id).fill(paused="yes").submit()
    form = planner(visitor, stay_id)
    assert form.value("paused") == "yes"
    form.fill(care_manager_name="").submit()
    with database.reading() as session:
        current = session.exec(
            select(PlanOffice).where(col(PlanOffice.superseded).is_(False))
        ).one()
        assert current.status is PlanStatus.PAUSED
        assert current.organization_id == cast.office_id


def plans_now(database: Database) -> PlanOffice:
    with database.reading() as session:
        return session.exec(select(PlanOffice).where(col(PlanOffice.superseded).is_(False))).one()


def test_two_screens_cannot_overwrite_each_others_office(
    enter: Enter, database: Database, stay_id: int, cast: Cast
) -> None:
    late = planner(enter("ward_nurse"), stay_id).fill(plan_organization_id="unassigned")
    new_office = f"office-{cast.outsider_office_id}"
    planner(enter("discharge_nurse"), stay_id).fill(
        plan_organization_id=new_office, care_manager_name=NAMES["outsider"]
    ).submit()
    page = late.submit(409)
    assert "決まっていない" in page.text
    assert f"担当 {NAMES['outsider']}（{NAMES['discharge_nurse']}" in page.text
    page = page.form(f"/stays/{stay_id}/plan-office").submit(409)
    assert set(page.errors) == {"plan"}
    assert plans_now(database).organization_id == cast.outsider_office_id
    form = page.form(f"/stays/{stay_id}/plan-office")
    form.fill(plan=f"unassigned//{NAMES['care_manager']}").submit()
    assert plans_now(database).status is PlanStatus.UNASSIGNED


def test_an_office_and_somebody_elses_centre_both_stand(
    enter: Enter, database: Database, stay_id: int, cast: Cast
) -> None:
    late = planner(enter("ward_nurse"), stay_id).fill(care_manager_name="見本 二郎")
    other = planner(enter("discharge_nurse"), stay_id)
    other.fill(via_center_id=str(cast.center_id)).submit()
    late.submit()
    plan = plans_now(database)
    assert (plan.care_manager_name, plan.via_center_id) == ("見本 二郎", cast.center_id)
    assert plan.organization_id == cast.office_id


@pytest.mark.parametrize("crafted", ["", "magic//", "assigned/x/", "assigned/999999/"])
def test_a_choice_that_was_never_offered_is_refused(
    enter: Enter, database: Database, stay_id: int, cast: Cast, crafted: str
) -> None:
    visitor = enter("ward_nurse")
    late = planner(visitor, stay_id).fill(plan_organization_id="unassigned")
    new_office = f"office-{cast.outsider_office_id}"
    planner(visitor, stay_id).fill(plan_organization_id=new_office).submit()
    form = late.submit(409).form(f"/stays/{stay_id}/plan-office")
    assert visitor.client.post(
        form.action, data=dict([*form.fields, ("plan", crafted)])
    ).status_code in {409, 422}
    assert plans_now(database).organization_id == cast.outsider_office_id


@pytest.mark.parametrize("wrong", [True, False])
def test_an_office_number_that_nobody_has_warns_and_never_blocks(
    enter: Enter, database: Database, stay_id: int, *, wrong: bool
) -> None:
    digit = check_digit("189999999")
    number = f"189999999{(digit + wrong) % 10}"
    page = planner(enter("ward_nurse"), stay_id).fill(office_number=number).submit()
    assert "登録されていないため" in page.text
    assert ("計算と合わない" in page.text) is wrong
    with database.reading() as session:
        current = session.exec(
            select(PlanOffice).where(col(PlanOffice.superseded).is_(False))
        ).one()
    assert (current.status, current.organization_id) == (PlanStatus.ASSIGNED, None)


def test_an_office_number_in_full_width_digits_is_found(
    enter: Enter, database: Database, stay_id: int, cast: Cast
) -> None:
    with database.writing() as session:
        session.get_one(Organization, cast.multifunctional_id).number = "1890000012"
    planner(enter("ward_nurse"), stay_id).fill(office_number="１８９００００012").submit()
    with database.reading() as session:
        current = session.exec(select(PlanOffice).where(col(PlanOffice.superseded).is_(False)))
        assert current.one().organization_id == cast.multifunctional_id


def test_a_care_manager_takes_charge_once(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    entry = PlanEntry(status=PlanStatus.ASSIGNED, organization_id=cast.office_id)
    with database.writing() as session:
        untaken = admit_someone(session, library, cast, plan=entry).id
    form = enter("care_manager").open(f"/stays/{untaken}").form(f"/stays/{untaken}/take")
    page = form.submit()
    assert "担当になりました" in page.text
    assert NAMES["care_manager"] in page.text
    assert form.submit().path == f"/stays/{untaken}"
    enter("colleague").open(f"/stays/{untaken}", 404)


def test_both_sides_words_stand_side_by_side(enter: Enter, stay_id: int) -> None:
    office = enter("care_manager").open(f"/stays/{stay_id}").form(f"/stays/{stay_id}/statements")
    office.fill(claim="nothing_heard", topic="discharge", content="窓口にも聞いた").submit()
    hospital = enter("ward_nurse").open(f"/stays/{stay_id}").form(f"/stays/{stay_id}/statements")
    page = hospital.fill(claim="talked", topic="discharge").submit()
    assert "連絡はなかった" in page.text
    assert "窓口にも聞いた" not in page.text
    assert "話せた" in page.text
    assert "窓口にも聞いた" in enter("care_manager").open(f"/stays/{stay_id}").text


def test_a_statement_about_tomorrow_is_refused_with_what_was_typed(
    enter: Enter, database: Database, stay_id: int
) -> None:
    form = enter("care_manager").open(f"/stays/{stay_id}").form(f"/stays/{stay_id}/statements")
    form.fill(claim="through_family", topic="discharge", happened_on="R8.11.21")
    page = form.fill(content="長女より").submit(422)
    again = page.form(f"/stays/{stay_id}/statements")
    assert "happened_on" in page.errors
    assert again.value("content") == "長女より"
    assert again.value("claim") == "through_family"
    with database.reading() as session:
        assert session.exec(select(Statement)).all() == []


def test_the_board_lists_the_hospital_and_narrows_to_a_ward(
    enter: Enter, database: Database, library: Library, cast: Cast, stay_id: int
) -> None:
    with database.writing() as session:
        other = admit_someone(
            session, library, cast, name=f"{MARK} 次郎", ward_id=cast.other_ward_id
        ).id
    visitor = enter("ward_nurse")
    # It opens on the own ward, and then on the one that was looked at last.
    assert f"/stays/{other}" not in visitor.open("/stays").links.values()
    page = visitor.open("/stays?ward=0")
    table = page.text.split("次にすること")[1]
    assert table.index(f"{MARK} 花子") < table.index(f"{MARK} 次郎")
    for path in (f"/stays?ward={cast.other_ward_id}", "/stays"):
        page = visitor.open(path)
        assert f"/stays/{other}" in page.links.values()
        assert f"/stays/{stay_id}" not in page.links.values()
    assert MARK not in enter("other_nurse").open("/stays").text


@pytest.mark.parametrize("typed", ["しめいひ", "ｼﾒｲﾋ", "シメイヒハナ", f"{MARK}　花子"])
def test_a_name_is_found_however_it_is_typed(enter: Enter, stay_id: int, typed: str) -> None:
    form = enter("ward_nurse").open("/stays").form("/stays")
    page = form.fill(search=typed).submit()
    assert f"/stays/{stay_id}" in page.links.values()
    assert page.path == "/stays"


@pytest.mark.parametrize("typed", ["みつからない", "%", "_"])
def test_nobody_is_found_by_what_is_in_no_name(enter: Enter, stay_id: int, typed: str) -> None:
    page = enter("ward_nurse").open("/stays").form("/stays").fill(search=typed).submit()
    assert f"/stays/{stay_id}" not in page.links.values()
    assert "見つかりませんでした" in page.text


def test_an_unsearchable_address_is_still_the_board(enter: Enter, stay_id: int) -> None:
    page = enter("ward_nurse").open("/stays?ward=x&page=-3")
    assert f"/stays/{stay_id}" in page.links.values()


def test_the_history_says_which_date_moved_what_is_due(enter: Enter, stay_id: int) -> None:
    visitor = enter("ward_nurse")
    for planned in ("R8.12.20", "R8.12.27"):
        page = visitor.open(f"/stays/{stay_id}/planned-discharge")
        form = page.form(f"/stays/{stay_id}/planned-discharge")
        page = form.fill(planned_discharge_on=planned, planned_certainty="about").submit()
    text = " ".join(page.text.split())
    assert "期限 未定 → 12/11(金)（理由: 退院予定日の変更）" in text
    assert "期限 12/11(金) → 12/18(金)（理由: 退院予定日の変更）" in text
