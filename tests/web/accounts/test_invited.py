import re

import pytest
from flask import Flask

from handoffs.accounts.account import account_of
from handoffs.accounts.invitation import Newcomer, invite
from handoffs.accounts.totp import code_at, step_at
from handoffs.database import Database
from handoffs.parties import Role
from tests.people import NOW, Cast
from tests.web.page import Page, Visitor

GOOD = "mizu-no-oto-7 kai"


@pytest.fixture
def code(database: Database, cast: Cast) -> str:
    """A code that the keeper of the hospital's accounts handed over."""
    by = cast.discharge_nurse
    newcomer = Newcomer(name="新任 つむぎ", sign_in_name="tsumugi", role=Role.WARD_NURSE)
    with database.writing() as session:
        account_of(session, by.person_id).keeps_accounts = True
        return invite(session, newcomer, by=by, now=NOW)[1]


def _app_code(page: Page) -> str:
    found = re.search(r"鍵\s+((?:[A-Z2-7]{4} ?){8})", page.text)
    assert found
    return code_at(found[1].replace(" ", ""), step_at(NOW))


def test_a_newcomer_sets_up_both_factors_before_anything_opens(
    stranger: Visitor, code: str
) -> None:
    """R-A6: nothing opens before the person has set their own password and app."""
    page = stranger.open("/sign-in").follow("はじめて使う方、入り直すための番号を受け取った方")
    page = page.form("/invited").fill(invitation=code).submit()
    assert stranger.client.get_cookie("tsunagi") is None
    form = page.form("/invited/set-up")
    page = form.fill(new_password=GOOD, again=GOOD, code="000000").submit(422)
    assert set(page.errors) == {"code"}
    page = page.form("/invited/set-up").fill(new_password=GOOD, again="x", code="1").submit(422)
    assert set(page.errors) == {"again"}
    weak = "tsumugi-19900401"
    page = page.form("/invited/set-up").fill(new_password=weak, again=weak).submit(422)
    assert set(page.errors) == {"new_password"}
    form = page.form("/invited/set-up").fill(new_password=GOOD, again=GOOD, code=_app_code(page))
    page = form.submit()
    assert len(re.findall(r"(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}", page.text)) == 10
    assert page.follow("つなぎを始める").path == "/stays"
    again = Visitor(stranger.app).open("/invited").form("/invited").fill(invitation=code)
    assert set(again.submit(422).errors) == {"invitation"}


def test_a_code_that_cannot_be_used_is_told_in_one_way(app: Flask, code: str) -> None:
    for typed in ("", "ABCD-EFGH-JKMN-PQRS", code[:-1], code + "A", "あ" * 40):
        form = Visitor(app).open("/invited").form("/invited").fill(invitation=typed)
        assert "この番号は使えません" in form.submit(422).errors["invitation"]
    raw = Visitor(app).open("/invited").form("/invited")
    raw.fields.append(("new_password", GOOD))
    page = raw.page.visitor.post("/invited/set-up", raw.fields, 422)
    assert set(page.errors) == {"invitation"}
