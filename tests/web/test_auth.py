from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import col, select
from time_machine import Traveller

from handoffs.accounts import SignedIn
from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.parties import Staff
from tests.conftest import MARK
from tests.people import NOW, PASSWORD, Cast
from tests.web.page import Page, Visitor
from web.context import EXTENSION

Enter = Callable[[str], Visitor]


def sign_in(
    visitor: Visitor, name: str, password: str = PASSWORD, status: int = 200, path: str = "/sign-in"
) -> Page:
    form = visitor.open(path).form("/sign-in")
    return form.fill(sign_in_name=name, password=password).submit(status)


def sessions(database: Database) -> list[SignedIn]:
    with database.reading() as session:
        rows = list(session.exec(select(SignedIn).order_by(col(SignedIn.started_at))))
        session.expunge_all()
    return rows


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("ward_nurse", "/stays"),
        ("care_manager", "/worklist"),
        ("center_staff", "/worklist"),
        ("health_officer", "/rates/2026-10"),
    ],
)
def test_signing_in_leads_to_the_page_where_the_day_begins(
    stranger: Visitor, cast: Cast, name: str, path: str
) -> None:
    page = sign_in(stranger, name)
    assert page.path == path
    for words in ("つなぎ", cast.people[name].name, cast.people[name].organization, "サインアウト"):
        assert words in page.all_text


def test_a_sign_in_name_in_full_width_letters_is_understood(stranger: Visitor) -> None:
    assert sign_in(stranger, " ｗａｒｄ＿ｎｕｒｓｅ ").path == "/stays"


def test_a_wrong_name_and_a_wrong_password_look_the_same(stranger: Visitor) -> None:
    wrong_password = sign_in(stranger, "ward_nurse", "wrong", 422)
    wrong_name = sign_in(stranger, "nobody_at_all", "wrong", 422)
    assert wrong_password.errors == wrong_name.errors
    assert "サインイン名・パスワード・確認コードのどれかが違います" in wrong_name.text
    assert wrong_password.form().value("sign_in_name") == "ward_nurse"
    assert wrong_password.form().value("password") == ""


def test_empty_fields_are_asked_for_beside_themselves(stranger: Visitor) -> None:
    page = stranger.open("/sign-in").form("/sign-in").submit(422)
    assert set(page.errors) == {"sign_in_name", "password"}  # The code fills itself in.
    assert "エラー: " in page.response.text


def test_after_five_failures_even_the_right_password_waits(
    stranger: Visitor, clock: Traveller
) -> None:
    for _ in range(5):
        sign_in(stranger, "ward_nurse", "wrong", 422)
    page = sign_in(stranger, "ward_nurse", status=429)
    assert "待ってから" in page.text
    assert int(page.response.headers["Retry-After"]) >= 1
    clock.shift(timedelta(seconds=5))
    assert sign_in(stranger, "ward_nurse").path == "/stays"


def test_a_name_that_nobody_has_waits_just_as_long(stranger: Visitor) -> None:
    for _ in range(5):
        sign_in(stranger, "nobody_at_all", "wrong", 422)
    sign_in(stranger, "nobody_at_all", "wrong", 429)


def test_signing_in_gives_a_new_token_and_ends_the_old_session(
    enter: Enter, database: Database
) -> None:
    visitor = enter("ward_nurse")
    before = visitor.client.get_cookie("tsunagi")
    form = Visitor(visitor.app).open("/sign-in").form("/sign-in")
    # A page of the sign-in form that stayed open from before.
    form.fields = [pair for pair in form.fields if pair[0] != "form_token"]
    form.fields.append(("form_token", sessions(database)[0].form_token))
    form.fill(sign_in_name="colleague", password=PASSWORD)
    page = visitor.post("/sign-in", form.fields)
    after = visitor.client.get_cookie("tsunagi")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert "同僚" in page.all_text
    assert [row.ended_at is not None for row in sessions(database)] == [True, False]


def test_the_database_holds_no_token(stranger: Visitor, database: Database) -> None:
    sign_in(stranger, "ward_nurse")
    cookie = stranger.client.get_cookie("tsunagi")
    assert cookie is not None
    assert cookie.value not in {row.token_digest for row in sessions(database)}


def test_over_https_the_cookie_is_bound_to_host_and_transport(app: Flask) -> None:
    app.extensions[EXTENSION] = replace(
        app.extensions[EXTENSION], public_origin="https://tsunagi.example"
    )
    client = app.test_client()
    response = client.get("/sign-in", base_url="https://tsunagi.example")
    (cookie,) = response.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-tsunagi-visit=")
    assert "Secure" in cookie
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_without_tls_nothing_insists_on_it(stranger: Visitor) -> None:
    """A browser at http://127.0.0.1 must be able to sign in, and to come back."""
    sign_in(stranger, "ward_nurse")
    response = stranger.client.get("/sign-in")
    assert "Strict-Transport-Security" not in response.headers
    for name in ("tsunagi", "tsunagi-browser"):
        cookie = stranger.client.get_cookie(name)
        assert cookie is not None
        assert not cookie.secure
        assert cookie.http_only


def test_fifteen_quiet_minutes_end_a_session(enter: Enter, clock: Traveller) -> None:
    visitor = enter("ward_nurse")
    clock.shift(timedelta(minutes=15))
    assert visitor.open("/stays").path == "/stays"
    clock.shift(timedelta(minutes=15, seconds=1))
    page = visitor.open("/stays")
    assert page.path == "/sign-in"
    assert "サインアウトしました" in page.text


def test_twelve_busy_hours_end_a_session(enter: Enter, clock: Traveller) -> None:
    visitor = enter("health_officer")
    for _ in range(60):
        clock.shift(timedelta(minutes=12))
        assert visitor.client.get("/").headers["Location"] == "/rates"
    clock.shift(timedelta(minutes=1))
    assert visitor.open("/").path == "/sign-in"


def test_pages_read_within_a_minute_write_nothing(
    enter: Enter, database: Database, clock: Traveller
) -> None:
    visitor = enter("health_officer")
    clock.shift(timedelta(seconds=59))
    visitor.client.get("/")
    assert sessions(database)[0].seen_at == NOW
    clock.shift(timedelta(seconds=1))
    visitor.client.get("/")
    assert sessions(database)[0].seen_at == NOW + timedelta(minutes=1)


def test_a_closed_account_ends_its_sessions(
    enter: Enter, database: Database, cast: Cast, stranger: Visitor
) -> None:
    visitor = enter("ward_nurse")
    with database.writing() as session:
        session.get_one(Staff, cast.ward_nurse.staff_id).active = False
    assert visitor.open("/stays").path == "/sign-in"
    sign_in(stranger, "ward_nurse", status=422)


def test_signing_out_ends_the_session_on_the_server(enter: Enter) -> None:
    visitor = enter("care_manager")
    cookie = visitor.client.get_cookie("tsunagi")
    assert cookie is not None
    page = visitor.open("/worklist").form("/sign-out").submit()
    assert page.path == "/sign-in"
    assert "サインアウトしました" in page.text
    assert visitor.client.get_cookie("tsunagi") is None
    visitor.client.set_cookie("tsunagi", cookie.value)
    assert visitor.open("/worklist").path == "/sign-in"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_from_another_site_is_refused(enter: Enter, headers: dict[str, str]) -> None:
    form = enter("care_manager").open("/worklist").form("/colleagues").fill(shown="yes")
    page = form.submit(400, **headers)
    assert "受け付けられませんでした" in page.heading


def test_a_form_from_our_own_site_is_taken(enter: Enter) -> None:
    form = enter("care_manager").open("/worklist").form("/colleagues").fill(shown="yes")
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert "事業所全体の利用者を表示しています" in form.submit(200, **headers).all_text


@pytest.mark.parametrize("mark", ["form_token", "form_id"])
@pytest.mark.parametrize("value", [None, "", "x", "あ" * 30, "x" * 200])
def test_a_form_without_its_marks_is_refused(enter: Enter, mark: str, value: str | None) -> None:
    visitor = enter("care_manager")
    form = visitor.open("/worklist").form("/colleagues").fill(shown="yes")
    fields = [pair for pair in form.fields if pair[0] != mark]
    if value is not None:
        fields.append((mark, value))
    visitor.post("/colleagues", fields, 400)


def test_somebody_elses_token_is_refused(enter: Enter) -> None:
    theirs = enter("colleague").open("/worklist").form("/colleagues").fill(shown="yes")
    enter("care_manager").post("/colleagues", theirs.fields, 400)


def test_the_token_of_ones_own_earlier_session_still_fits(enter: Enter) -> None:
    before = enter("care_manager").open("/worklist").form("/colleagues").fill(shown="yes")
    page = enter("care_manager").post("/colleagues", before.fields)
    assert "事業所全体の利用者を表示しています" in page.all_text


def test_the_sign_in_form_itself_cannot_be_sent_from_elsewhere(stranger: Visitor) -> None:
    form = stranger.open("/sign-in").form("/sign-in")
    form.fill(sign_in_name="ward_nurse", password=PASSWORD)
    stranger.client.delete_cookie("tsunagi-visit")
    page = stranger.post("/sign-in", form.fields)
    assert page.path == "/sign-in"
    assert "もう一度入力してください" in page.text
    assert stranger.client.get_cookie("tsunagi") is None


def test_signing_out_in_a_second_tab_too_is_no_mistake(enter: Enter) -> None:
    visitor = enter("care_manager")
    first, second = (visitor.open("/worklist").form("/sign-out") for _ in range(2))
    first.submit()
    assert second.submit().path == "/sign-in"


def test_what_was_typed_when_the_session_ran_out_comes_back(enter: Enter, clock: Traveller) -> None:
    visitor = enter("ward_nurse")
    form = visitor.open("/stays/new").form("/stays/new").fill(name=f"{MARK} 花子", kana="シメイヒ")
    clock.shift(timedelta(minutes=20))
    page = form.submit()
    assert page.path == "/sign-in"
    assert "入力した内容は残っています" in page.text
    page = page.form("/sign-in").fill(sign_in_name="ward_nurse", password=PASSWORD).submit()
    assert page.path == "/stays/new"
    assert "入力の続きです" in page.text
    assert page.form("/stays/new").value("name") == f"{MARK} 花子"
    again = visitor.open("/stays/new")
    assert "入力の続きです" not in again.text
    assert again.form("/stays/new").value("name") == ""


def test_what_was_kept_on_another_day_does_not_come_back(enter: Enter, clock: Traveller) -> None:
    visitor = enter("ward_nurse")
    form = visitor.open("/stays/new").form("/stays/new").fill(name=f"{MARK} 花子")
    clock.shift(timedelta(minutes=20))
    asked = form.submit().form("/sign-in")
    clock.shift(timedelta(hours=13))
    page = asked.fill(sign_in_name="ward_nurse", password=PASSWORD).submit()
    assert page.path == "/stays/new"
    assert page.form("/stays/new").value("name") == ""


def test_a_kept_form_is_handed_to_its_writer_alone(enter: Enter, clock: Traveller) -> None:
    visitor = enter("ward_nurse")
    form = visitor.open("/stays/new").form("/stays/new").fill(name=f"{MARK} 花子")
    clock.shift(timedelta(minutes=20))
    asked = form.submit().form("/sign-in")
    page = asked.fill(sign_in_name="discharge_nurse", password=PASSWORD).submit()
    assert page.path == "/stays/new"
    assert page.form("/stays/new").value("name") == ""


def test_a_form_posted_after_signing_out_leads_to_sign_in_and_keeps_nothing(
    enter: Enter, stranger: Visitor
) -> None:
    visitor = enter("ward_nurse")
    form = visitor.open("/stays/new").form("/stays/new").fill(name=f"{MARK} 花子")
    visitor.open("/stays").form("/sign-out").submit()
    page = form.submit()
    assert page.path == "/sign-in"
    assert "残っています" not in page.text
    assert sign_in(stranger, "ward_nurse", path="/sign-in?to=/stays/new").path == "/stays/new"


def test_a_forged_token_keeps_nothing_for_the_one_who_ran_out(
    enter: Enter, clock: Traveller
) -> None:
    visitor = enter("ward_nurse")
    form = visitor.open("/stays/new").form("/stays/new").fill(name=f"{MARK} 花子")
    form.fields = [(n, "forged" if n == "form_token" else v) for n, v in form.fields]
    clock.shift(timedelta(minutes=20))
    assert "残っています" not in form.submit().text


@pytest.mark.parametrize(
    "to",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "///elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/%2Felsewhere.example",
        "/%5Celsewhere.example",
        "/\t/elsewhere.example",
        "/\n//elsewhere.example",
        "javascript:alert(1)",
        "/sign-in/..//elsewhere.example",
        "/stays@elsewhere.example",
        "/static/app.css",
        "/sign-out",
        "/rates",
        "/nowhere",
        "/" + "x" * 3000,
        "",
    ],
)
def test_signing_in_never_leads_off_to_a_page_that_is_not_ours(stranger: Visitor, to: str) -> None:
    form = stranger.open("/sign-in").form("/sign-in")
    form.fill(sign_in_name="ward_nurse", password=PASSWORD)
    form.fields.append(("to", to))
    assert form.submit().path == "/stays"


def test_signing_in_leads_back_to_the_page_that_was_asked_for(stranger: Visitor) -> None:
    page = stranger.open("/stays/new")
    assert page.path == "/sign-in"
    page = page.form("/sign-in").fill(sign_in_name="ward_nurse", password=PASSWORD).submit()
    assert page.path == "/stays/new"


def test_a_double_click_switches_to_the_colleagues_once(enter: Enter, database: Database) -> None:
    visitor = enter("care_manager")
    form = visitor.open("/worklist").form("/colleagues").fill(shown="yes")
    assert form.submit().path == "/worklist"
    assert visitor.post("/colleagues", form.fields).path == "/worklist"
    with database.reading() as session:
        shown = session.exec(select(Event).where(Event.act == Act.COLLEAGUES_SHOW)).all()
    assert len(shown) == 1


def test_the_switch_to_the_colleagues_can_be_taken_back(enter: Enter) -> None:
    visitor = enter("care_manager")
    page = visitor.open("/worklist").form("/colleagues").press("事業所全体を表示する")
    page = page.form("/colleagues").press("自分の利用者だけにする")
    assert "担当が決まっていない方を表示しています" in page.all_text


def test_larger_text_is_remembered_on_this_computer(stranger: Visitor) -> None:
    page = stranger.open("/sign-in").form("/text-size").press("大きくする")
    assert page.path == "/sign-in"
    (root,) = page.tree.all("html")
    assert root.get("data-text") == "large"
    page = page.form("/text-size").press("標準に戻す")
    assert "data-text" not in page.tree.all("html")[0].attributes


def test_a_route_that_nobody_marked_is_closed(fresh_app: Flask) -> None:
    fresh_app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    Visitor(fresh_app).open("/forgotten", 403)
