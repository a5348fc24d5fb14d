"""Putting right what a stay was registered with, as the hospital sees it and nobody else does."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlmodel import col, select
from time_machine import Traveller

from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.planning import PlanEntry
from handoffs.stays.certification import Application, CareNeedLevel, Certification, InsuredCategory
from handoffs.stays.consent import Consent, ConsentAnswer, ConsentGround
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from rules import Library
from tests.conftest import MARK
from tests.factories import admit_someone, leave
from tests.people import NAMES, NOW, Cast
from tests.web.page import Form, Visitor

Enter = Callable[[str], Visitor]


@pytest.fixture
def stay_id(database: Database, library: Library, cast: Cast) -> int:
    """Somebody admitted today of whom nothing was known yet."""
    with database.writing() as session:
        return admit_someone(
            session,
            library,
            cast,
            kana="シメイヒ ハナコ",
            care_level=CareNeedLevel.UNKNOWN,
            application=Application.UNKNOWN,
            plan=PlanEntry(),
        ).id


def opened(visitor: Visitor, stay_id: int) -> Form:
    page = visitor.open(f"/stays/{stay_id}").follow("登録内容を直す")
    assert page.heading == "登録内容を直す"
    return page.form(f"/stays/{stay_id}/particulars")


def stay(database: Database) -> Stay:
    with database.reading() as session:
        found = session.exec(select(Stay)).one()
        session.expunge_all()
    return found


def certifications(database: Database) -> list[Certification]:
    with database.reading() as session:
        rows = list(session.exec(select(Certification).order_by(col(Certification.id))))
        session.expunge_all()
    return rows


def consents(database: Database) -> list[Consent]:
    with database.reading() as session:
        rows = list(session.exec(select(Consent).order_by(col(Consent.id))))
        session.expunge_all()
    return rows


def amendments(database: Database) -> list[Act]:
    kinds = {Act.STAY_CERTIFY, Act.STAY_CONSENT, Act.STAY_CONTACT, Act.STAY_NO_CONTACT}
    kinds |= {Act.STAY_HIDDEN, Act.STAY_RESIDENCE, Act.STAY_WARD}
    with database.reading() as session:
        events = session.exec(select(Event).order_by(col(Event.id)))
        return [event.act for event in events if event.act in kinds]


def test_what_was_unknown_at_admission_is_put_right_and_decided(
    enter: Enter, database: Database, stay_id: int
) -> None:
    visitor = enter("ward_nurse")
    assert "判定保留" in visitor.open(f"/stays/{stay_id}").text
    form = opened(visitor, stay_id)
    assert form.value("care_level") == "unknown"
    assert form.value("insured_category") == "first"
    page = form.fill(
        care_level="care_1",
        application="none",
        valid_until="R9.3.31",
        insured_number="００００００００１８",
    ).submit()
    assert page.path == f"/stays/{stay_id}"
    assert "登録内容を直し、判定し直しました。" in page.text
    assert "要介護1（令和9年3月31日まで）" in page.text
    assert "要介護1 申請: 申請中でない" in page.text
    last = certifications(database)[-1]
    assert (last.level, last.application) == (CareNeedLevel.CARE_1, Application.NONE)
    assert (last.valid_until, last.insured_number) == (date(2027, 3, 31), "0000000018")
    again = opened(visitor, stay_id)
    assert again.value("valid_until") == "R9.3.31"
    assert again.value("insured_number") == "0000000018"


def test_each_open_fact_that_no_tick_box_asks_leads_to_the_page_that_does(
    enter: Enter, stay_id: int
) -> None:
    page = enter("ward_nurse").open(f"/stays/{stay_id}")
    particulars, planner = f"/stays/{stay_id}/particulars", f"/stays/{stay_id}/plan-office"
    chips = [node for node in page.main.all("ul") if node.get("class") == "chips"]
    led = {a.text: a["href"] for box in chips for a in box.all("a")}
    assert set(led.values()) == {particulars, planner}


def test_an_office_is_not_led_to_the_hospitals_page(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        found = admit_someone(session, library, cast)
    page = enter("care_manager").open(f"/stays/{found.id}")
    assert "登録内容を直す" not in page.links
    assert not [href for href in page.links.values() if href.endswith("/particulars")]


def test_nothing_changed_is_said_and_not_recorded(
    enter: Enter, database: Database, stay_id: int
) -> None:
    page = opened(enter("ward_nurse"), stay_id).submit()
    assert "変わったところはありませんでした。" in page.text
    assert amendments(database) == []
    assert stay(database).version == 1


def test_the_consent_is_asked_later_and_cannot_become_unasked(
    enter: Enter, database: Database, stay_id: int
) -> None:
    visitor = enter("ward_nurse")
    opened(visitor, stay_id).fill(consent="given-oral", consent_on="R8.11.20").submit()
    (answer,) = consents(database)
    assert (answer.answer, answer.ground) == (ConsentAnswer.GIVEN, ConsentGround.ORAL)
    assert answer.answered_on == date(2026, 11, 20)
    form = opened(visitor, stay_id)
    assert form.value("consent") == "given-oral"
    (box,) = [node for node in form.node.all("select") if node["name"] == "consent"]
    assert "" not in {option["value"] for option in box.all("option")}


def test_who_wants_no_contact_any_more_is_seen_by_no_office_until_they_do(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        found = admit_someone(session, library, cast)
    nurse, manager = enter("ward_nurse"), enter("care_manager")
    page = opened(nurse, found.id).fill(consent="no_contact").submit()
    assert "連絡を希望していないため" in page.text
    manager.open(f"/stays/{found.id}", 404)
    form = opened(nurse, found.id)
    assert form.value("consent") == "no_contact"
    form.fill(consent="given-oral").submit()
    assert MARK in manager.open(f"/stays/{found.id}").text
    assert not stay(database).wants_no_contact


def test_where_the_person_lives_is_put_right(
    enter: Enter, database: Database, stay_id: int, cast: Cast
) -> None:
    visitor = enter("ward_nurse")
    page = opened(visitor, stay_id).fill(municipality="見本市", center_id="inside").submit()
    assert "見本市（地域内）" in page.text
    assert opened(visitor, stay_id).value("center_id") == "inside"
    page = opened(visitor, stay_id).fill(center_id=str(cast.center_id)).submit()
    assert "見本市地域包括支援センター" in page.text
    assert stay(database).center_id == cast.center_id
    page = opened(visitor, stay_id).fill(center_id="outside").submit()
    assert "見本市（地域外）" in page.text
    assert stay(database).center_id is None
    assert opened(visitor, stay_id).value("center_id") == "outside"


def test_hidden_whereabouts_are_neither_shown_nor_lost(
    enter: Enter, database: Database, stay_id: int
) -> None:
    with database.writing() as session:
        patient = session.exec(select(Patient)).one()
        patient.whereabouts_hidden, patient.municipality = True, "ひみつ市"
    form = opened(enter("ward_nurse"), stay_id)
    assert "municipality" not in form.names
    assert "center_id" not in form.names
    assert "ひみつ市" not in form.page.all_text
    form.fill(care_level="care_2").submit()
    with database.reading() as session:
        assert session.exec(select(Patient.municipality)).one() == "ひみつ市"


def test_a_move_to_another_ward_makes_the_mover_the_contact(
    enter: Enter, database: Database, stay_id: int, cast: Cast
) -> None:
    page = opened(enter("discharge_nurse"), stay_id).fill(ward_id=str(cast.other_ward_id)).submit()
    assert "4階西" in page.text
    assert NAMES["discharge_nurse"] in page.text
    assert stay(database).ward_id == cast.other_ward_id
    assert stay(database).contact_staff_id == cast.discharge_nurse.staff_id
    assert amendments(database) == [Act.STAY_WARD, Act.STAY_CONTACT]


def test_a_contact_is_named_from_the_own_hospital_only(
    enter: Enter, database: Database, stay_id: int, cast: Cast
) -> None:
    form = opened(enter("ward_nurse"), stay_id)
    (box,) = [node for node in form.node.all("select") if node["name"] == "contact_staff_id"]
    offered = {option["value"] for option in box.all("option")}
    assert str(cast.other_nurse.staff_id) not in offered
    form.fill(contact_staff_id=str(cast.social_worker.staff_id)).submit()
    assert stay(database).contact_staff_id == cast.social_worker.staff_id


def test_what_contradicts_the_admission_is_taken_with_a_warning(
    enter: Enter, database: Database, stay_id: int
) -> None:
    form = opened(enter("ward_nurse"), stay_id)
    page = form.fill(care_level="care_1", valid_until="R8.10.31").submit()
    assert "写し間違いがないか確かめてください。" in page.text
    assert certifications(database)[-1].valid_until == date(2026, 10, 31)


BAD = [
    ({"valid_until": "昨日"}, "valid_until"),
    ({"valid_until": "R8.2.30"}, "valid_until"),
    ({"valid_until": "R28.3.31"}, "valid_until"),
    ({"valid_until": "R9.3.31", "care_level": "none"}, "valid_until"),
    ({"insured_number": "123"}, "insured_number"),
    ({"insured_number": "㍿" * 10}, "insured_number"),
    ({"consent": "given-oral", "consent_on": "R8.11.21"}, "consent_on"),
    ({"municipality": "市" * 41}, "municipality"),
]


@pytest.mark.parametrize(("typed", "field"), BAD)
def test_bad_input_is_answered_beside_its_field_and_nothing_is_lost(
    enter: Enter, database: Database, stay_id: int, typed: dict[str, str], field: str
) -> None:
    form = opened(enter("ward_nurse"), stay_id).fill(**({"care_level": "care_3"} | typed))
    page = form.submit(422)
    assert set(page.errors) == {field}
    again = page.form(f"/stays/{stay_id}/particulars")
    for name, value in ({"care_level": "care_3"} | typed).items():
        assert again.value(name) == value
    assert amendments(database) == []


FORGED = [
    ("care_level", "care_9"),
    ("ward_id", "foreign"),
    ("ward_id", "x"),
    ("contact_staff_id", "stranger"),
    ("center_id", "office"),
    ("consent", "given-magic"),
    ("is_admin", "1"),
    ("version", ""),
]


@pytest.mark.parametrize(("name", "value"), FORGED)
def test_what_the_page_does_not_offer_is_refused(
    enter: Enter, database: Database, stay_id: int, cast: Cast, name: str, value: str
) -> None:
    places = {
        "foreign": cast.foreign_ward_id,
        "stranger": cast.other_nurse.staff_id,
        "office": cast.office_id,
    }
    visitor = enter("ward_nurse")
    form = opened(visitor, stay_id)
    fields = [pair for pair in form.fields if pair[0] != name]
    visitor.post(form.action, [*fields, (name, str(places.get(value, value)))], 422)
    assert amendments(database) == []
    assert stay(database).version == 1


def test_a_form_that_lost_its_consent_field_takes_no_wish_back(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        found = admit_someone(session, library, cast, wants_no_contact=True)
    visitor = enter("ward_nurse")
    form = opened(visitor, found.id)
    visitor.post(form.action, [pair for pair in form.fields if pair[0] != "consent"])
    assert stay(database).wants_no_contact


def test_the_same_field_changed_otherwise_shows_both_and_saves_nothing_unchosen(
    enter: Enter, database: Database, stay_id: int
) -> None:
    late = opened(enter("ward_nurse"), stay_id).fill(care_level="care_5", municipality="見本市")
    opened(enter("discharge_nurse"), stay_id).fill(care_level="support_1").submit()
    page = late.submit(409)
    assert set(page.errors) == {"care_level"}
    assert "別の職員の入力と違うところがあります" in page.text
    assert "要介護5（あなたの入力）" in page.text
    assert f"要支援1（{NAMES['discharge_nurse']} 2026年11月20日(金) 10:00）" in page.text
    assert "不明（変更の前）" in page.text
    kept = page.form(f"/stays/{stay_id}/particulars")
    assert (kept.value("care_level"), kept.value("municipality")) == ("", "見本市")
    kept = kept.submit(409).form(f"/stays/{stay_id}/particulars")
    assert [row.level.value for row in certifications(database)] == ["unknown", "support_1"]
    kept.fill(care_level="care_5").submit()
    assert certifications(database)[-1].level is CareNeedLevel.CARE_5
    with database.reading() as session:
        assert session.exec(select(Patient.municipality)).one() == "見本市"


def test_changes_of_different_fields_are_brought_together(
    enter: Enter, database: Database, stay_id: int, cast: Cast
) -> None:
    late = opened(enter("ward_nurse"), stay_id).fill(municipality="見本市", valid_until="2027-3-31")
    colleague = opened(enter("discharge_nurse"), stay_id)
    colleague.fill(
        care_level="support_1",
        consent="given-oral",
        contact_staff_id=str(cast.social_worker.staff_id),
    ).submit()
    page = late.submit()
    assert "別の職員が直した項目も、そのまま残っています。" in page.text
    last = certifications(database)[-1]
    assert (last.level, last.valid_until) == (CareNeedLevel.SUPPORT_1, date(2027, 3, 31))
    assert [row.answer for row in consents(database)] == [ConsentAnswer.GIVEN]
    assert stay(database).contact_staff_id == cast.social_worker.staff_id
    with database.reading() as session:
        assert session.exec(select(Patient.municipality)).one() == "見本市"


def test_a_day_typed_beside_an_answer_that_gave_way_is_not_written_beside_the_other(
    enter: Enter, database: Database, stay_id: int
) -> None:
    late = opened(enter("ward_nurse"), stay_id).fill(consent="given-oral", consent_on="R8.11.19")
    opened(enter("discharge_nurse"), stay_id).fill(consent="withheld").submit()
    page = late.submit(409)
    assert set(page.errors) == {"consent"}
    kept = page.form(f"/stays/{stay_id}/particulars")
    assert kept.value("consent_on") == "R8.11.19"
    kept.fill(consent="withheld").submit()
    (answer,) = consents(database)
    assert (answer.answer, answer.answered_on) == (ConsentAnswer.WITHHELD, date(2026, 11, 20))


def test_whereabouts_hidden_meanwhile_lose_nothing_that_was_typed(
    enter: Enter, database: Database, stay_id: int
) -> None:
    late = opened(enter("ward_nurse"), stay_id).fill(municipality="見本市", care_level="care_1")
    opened(enter("discharge_nurse"), stay_id).fill(
        whereabouts_hidden="yes", municipality="別の市"
    ).submit()
    page = late.submit(409)
    kept = page.form(f"/stays/{stay_id}/particulars")
    assert kept.value("care_level") == "care_1"
    kept.fill(municipality="見本市").submit()
    with database.reading() as session:
        patient = session.exec(select(Patient)).one()
        assert (patient.municipality, patient.whereabouts_hidden) == ("見本市", True)


def test_a_mistake_on_the_page_does_not_hide_what_somebody_changed_meanwhile(
    enter: Enter, database: Database, stay_id: int
) -> None:
    late = opened(enter("ward_nurse"), stay_id).fill(care_level="care_5", valid_until="昨日")
    opened(enter("discharge_nurse"), stay_id).fill(care_level="support_1").submit()
    page = late.submit(422)
    page.form(f"/stays/{stay_id}/particulars").fill(valid_until="").submit(409)
    assert certifications(database)[-1].level is CareNeedLevel.SUPPORT_1


def test_a_double_click_is_one_change(enter: Enter, database: Database, stay_id: int) -> None:
    form = opened(enter("ward_nurse"), stay_id).fill(care_level="care_2")
    form.submit()
    page = form.submit()
    assert page.path == f"/stays/{stay_id}"
    assert amendments(database) == [Act.STAY_CERTIFY]
    assert len(certifications(database)) == 2


def test_what_was_typed_when_the_session_ran_out_is_there_again(
    app: Flask, stay_id: int, cast: Cast, clock: Traveller
) -> None:
    visitor = Visitor(app).arrive(cast.ward_nurse, NOW)
    form = opened(visitor, stay_id).fill(care_level="care_2", municipality="見本市")
    clock.move_to(NOW + timedelta(hours=2))
    assert "サインイン" in form.submit().heading
    visitor.arrive(cast.ward_nurse, NOW + timedelta(hours=2))
    again = visitor.open(f"/stays/{stay_id}/particulars")
    assert "入力の続き" in again.text
    kept = again.form(f"/stays/{stay_id}/particulars")
    assert (kept.value("care_level"), kept.value("municipality")) == ("care_2", "見本市")


def test_after_the_discharge_all_but_the_ward_can_be_put_right(
    enter: Enter, database: Database, library: Library, cast: Cast, stay_id: int
) -> None:
    with database.writing() as session:
        leave(session, library, cast, session.get_one(Stay, stay_id), now=NOW)
    form = opened(enter("ward_nurse"), stay_id)
    assert "ward_id" not in form.names
    page = form.fill(care_level="care_1", consent="given-written").submit()
    assert "要介護1" in page.text
    assert set(amendments(database)) == {Act.STAY_CERTIFY, Act.STAY_CONSENT}


@pytest.mark.parametrize(
    ("name", "status"),
    [("other_nurse", 404), ("outsider", 403), ("care_manager", 403), ("health_officer", 403)],
)
def test_nobody_else_puts_anything_right(
    enter: Enter, database: Database, library: Library, cast: Cast, name: str, status: int
) -> None:
    with database.writing() as session:
        found = admit_someone(session, library, cast)
    visitor = enter(name)
    address = f"/stays/{found.id}/particulars"
    assert MARK not in visitor.open(address, status).all_text
    marks = visitor.open("/").forms("/sign-out")[0].fields
    fields = [("care_level", "care_5"), ("application", "none"), ("insured_category", "first")]
    page = visitor.post(address, [*marks, *fields, ("version", "1")], status)
    assert MARK not in page.all_text
    assert amendments(database) == []
    assert certifications(database)[-1].insured_category is InsuredCategory.FIRST


def test_every_look_at_the_page_is_written_down(
    enter: Enter, database: Database, stay_id: int, cast: Cast
) -> None:
    enter("ward_nurse").open(f"/stays/{stay_id}/particulars")
    with database.reading() as session:
        looks = session.exec(select(Event).where(Event.act == Act.STAY_READ)).all()
        assert [(e.stay_id, e.staff_id) for e in looks] == [(stay_id, cast.ward_nurse.staff_id)]


def test_whereabouts_are_hidden_by_one_box_and_shown_again(
    enter: Enter, database: Database, stay_id: int
) -> None:
    def hidden() -> bool:
        with database.reading() as session:
            return session.exec(select(Patient.whereabouts_hidden)).one()

    visitor = enter("ward_nurse")
    opened(visitor, stay_id).fill(municipality="ひみつ市", center_id="inside").submit()
    page = opened(visitor, stay_id).fill(whereabouts_hidden="yes").submit()
    assert hidden()
    assert "所在秘匿" in page.text
    assert "ひみつ市" in page.text
    form = opened(visitor, stay_id)
    assert form.value("whereabouts_hidden") == "yes"
    again = form.fill(whereabouts_hidden=None, valid_until="R8.13.1").submit(422)
    form = again.form(f"/stays/{stay_id}/particulars")
    assert form.value("whereabouts_hidden") == ""
    page = form.fill(valid_until="").submit()
    assert not hidden()
    assert "ひみつ市" in page.text
    acts = [act for act in amendments(database) if act is Act.STAY_HIDDEN]
    assert len(acts) == 2
    with database.reading() as session:
        events = session.exec(
            select(Event).where(Event.act == Act.STAY_HIDDEN).order_by(col(Event.id))
        )
        assert [event.detail for event in events] == [{"hidden": True}, {"hidden": False}]


def test_a_form_that_lost_its_box_shows_nothing_that_was_hidden(
    enter: Enter, database: Database, stay_id: int
) -> None:
    visitor = enter("ward_nurse")
    opened(visitor, stay_id).fill(whereabouts_hidden="yes").submit()
    form = opened(visitor, stay_id)
    lost = {"whereabouts_hidden", "whereabouts_asked"}
    visitor.post(form.action, [pair for pair in form.fields if pair[0] not in lost])
    with database.reading() as session:
        assert session.exec(select(Patient.whereabouts_hidden)).one()
