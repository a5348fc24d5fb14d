from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from statistics import median
from time import perf_counter

import pytest
from flask import Flask
from sqlmodel import select
from time_machine import Traveller

from handoffs.accounts import password
from handoffs.accounts.account import account_of
from handoffs.accounts.second_factor import new_recovery_codes
from handoffs.accounts.totp import code_at, step_at
from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.policy import PUBLIC, door_of
from tests.people import NOW, PASSWORD, TOTP_SECRET, Cast
from tests.web.page import Page, Visitor
from web.accounts import entering
from web.context import EXTENSION

Enter = Callable[[str], Visitor]

CODE = code_at(TOTP_SECRET, step_at(NOW))


def _enter(
    visitor: Visitor, status: int, name: str = "ward_nurse", password: str = PASSWORD, **typed: str
) -> Page:
    form = visitor.open("/sign-in").form("/sign-in")
    typed = {"code": CODE} | typed
    return form.fill(sign_in_name=name, password=password, **typed).submit(status)


def test_whatever_is_wrong_the_answer_is_one(stranger: Visitor, database: Database) -> None:
    """R-A7, ASVS 6.3.8, acceptance row 8: no enumeration by text."""
    answers = {
        str(_enter(stranger, 422, **wrong).errors)
        for wrong in (
            {"name": "nobody_at_all"},
            {"password": "wrong"},
            {"code": "000000"},
            {"code": "no code"},
        )
    }
    assert len(answers) == 1
    with database.reading() as session:
        failed = session.exec(select(Event).where(Event.act == Act.SIGN_IN_FAILED)).all()
    assert len(failed) == 4


def test_a_password_alone_opens_nothing(stranger: Visitor) -> None:
    """R-A2, ASVS 6.3.3: two factors of different kinds, always."""
    page = _enter(stranger, 422, code=" ")
    assert page.path == "/sign-in"
    assert stranger.client.get_cookie("tsunagi") is None


def test_a_code_that_was_used_opens_nothing_at_another_browser(app: Flask) -> None:
    assert _enter(Visitor(app), 200).path == "/stays"
    assert _enter(Visitor(app), 422).errors


def test_a_recovery_code_stands_in_for_the_telephone_once(
    app: Flask, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        first = new_recovery_codes(session, cast.ward_nurse.person_id, NOW)[0]
    assert _enter(Visitor(app), 200, code=first).path == "/stays"
    assert _enter(Visitor(app), 422, code=first).errors


def test_every_public_way_that_takes_a_form_is_known_here(app: Flask) -> None:
    """Acceptance row 7: a new way in must be looked at before it is added to this list."""
    with app.app_context():
        ways = {
            rule.rule
            for rule in app.url_map.iter_rules()
            if "POST" in (rule.methods or ()) and door_of(rule.endpoint, "POST") == PUBLIC
        }
    asks_for_both = {"/sign-in", "/sign-in/passkey/answer", "/invited/set-up"}
    opens_no_session = {
        "/invited",
        "/sign-in/passkey",
        "/sign-out",
        "/text-size",
        "/l/<secret>",
        "/l/<secret>/declined",
        "/l/<secret>/received",
        "/l/<secret>/times",
    }
    assert {way for way in ways if not way.startswith("/join")} == asks_for_both | opens_no_session


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"Via": "1.1 proxy"},
    ],
)
def test_the_sample_is_refused_anywhere_but_at_the_machine(
    stranger: Visitor, database: Database, cast: Cast, headers: dict[str, str]
) -> None:
    """ASVS 6.3.2: an account whose secrets are printed works at the machine alone."""
    with database.writing() as session:
        account_of(session, cast.ward_nurse.person_id).sample = True
    form = stranger.open("/sign-in").form("/sign-in")
    form.fill(sign_in_name="ward_nurse", password=PASSWORD, code=CODE)
    sent = stranger.client.post("/sign-in", data=dict(form.fields), headers=headers)
    assert sent.status_code == 422
    assert "動かしている機械で開いたときだけ" in sent.text
    afar = {"REMOTE_ADDR": "192.0.2.7"}
    sent = stranger.client.post("/sign-in", data=dict(form.fields), environ_overrides=afar)
    assert "動かしている機械で開いたときだけ" in sent.text
    assert _enter(stranger, 200).path == "/stays"


def test_the_sample_is_refused_where_the_site_has_an_address_of_its_own(
    app: Flask, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        account_of(session, cast.ward_nurse.person_id).sample = True
    app.extensions[EXTENSION] = replace(
        app.extensions[EXTENSION], public_origin="http://tsunagi.example"
    )
    assert "動かしている機械" in _enter(Visitor(app), 422).text


def test_a_stranger_who_guesses_does_not_keep_a_person_out_of_their_own_browser(
    app: Flask, clock: Traveller
) -> None:
    home, elsewhere = Visitor(app), Visitor(app)
    assert _enter(home, 200).path == "/stays"
    home.open("/stays").form("/sign-out").submit()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(password, "password_fits", lambda *_: False)
        for _ in range(5):
            _enter(elsewhere, 422, password="wrong")
    _enter(elsewhere, 429)
    clock.shift(timedelta(seconds=1))
    again = code_at(TOTP_SECRET, step_at(NOW) + 1)
    assert _enter(home, 200, code=again).path == "/stays"


def test_a_flood_is_answered_and_not_queued(
    stranger: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entering, "_PATIENCE_SECONDS", 0.01)
    with entering._AT_ONCE, entering._AT_ONCE:
        page = _enter(stranger, 422)
    assert "混み合っています" in page.text
    assert _enter(stranger, 200).path == "/stays"


def test_an_emergency_account_says_so_on_every_page(
    enter: Enter, database: Database, cast: Cast
) -> None:
    visitor = enter("ward_nurse")
    assert "緊急用アカウント" not in visitor.open("/stays").all_text
    with database.writing() as session:
        account_of(session, cast.ward_nurse.person_id).ends_at = NOW + timedelta(hours=1)
    assert "緊急用アカウントを使っています" in visitor.open("/stays").all_text


@pytest.mark.long
def test_a_name_that_nobody_has_takes_as_long(app: Flask) -> None:
    """Acceptance row 8: the medians of 200 pairs differ by less than 5 %."""
    took: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(200):
        for kind, name in (("known", "ward_nurse"), ("unknown", f"nobody_{number}")):
            with app.extensions[EXTENSION].database.writing() as session:
                session.connection().exec_driver_sql("DELETE FROM sign_in_try")
            form = Visitor(app).open("/sign-in").form("/sign-in")
            form.fill(sign_in_name=name, password="wrong", code="000000")
            visitor = form.page.visitor
            began = perf_counter()
            visitor.client.post("/sign-in", data=dict(form.fields))
            took[kind].append(perf_counter() - began)
    known, unknown = median(took["known"]), median(took["unknown"])
    assert abs(known - unknown) / known < 0.05, (known, unknown)
