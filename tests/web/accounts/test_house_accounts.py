import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from handoffs.accounts.account import account_of
from handoffs.accounts.emergency import close_ended, open_in_emergency
from handoffs.accounts.invitation import Newcomer
from handoffs.database import Database
from handoffs.history import Act, record
from handoffs.parties import Organization, Role, actor_of
from tests.people import NOW, Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]

PATHS = ("/accounts", "/accounts/invite", "/accounts/rule", "/accounts/emergency")


@pytest.fixture
def keeper(enter: Enter, database: Database, cast: Cast) -> Visitor:
    """The keeper of the hospital's accounts."""
    with database.writing() as session:
        account_of(session, cast.discharge_nurse.person_id).keeps_accounts = True
    return enter("discharge_nurse")


def test_a_colleague_is_invited_with_a_code_that_is_shown_once(keeper: Visitor) -> None:
    form = keeper.open("/accounts").follow("新しい方を招待する").form("/accounts/invite")
    assert set(form.submit(422).errors) == {"name", "sign_in_name", "role"}
    form.fill(name="新任 つむぎ", sign_in_name="tsumugi", role="ward_nurse")
    page = form.submit()
    assert re.search(r"(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}", page.text)
    again = form.submit()
    assert again.path == "/accounts"
    assert again.text.count("招待中") == 1


def test_a_colleague_is_let_in_again_closed_and_opened(
    keeper: Visitor, enter: Enter, cast: Cast
) -> None:
    theirs = enter("ward_nurse")
    path = f"/accounts/{cast.ward_nurse.staff_id}"
    page = keeper.open(path).form(f"{path}/code").submit()
    assert "番号を作りました" in page.text
    assert theirs.open("/stays").path == "/stays"
    page = keeper.open(path).form(f"{path}/close").submit()
    assert "止めました" in page.text
    assert theirs.open("/stays").path == "/sign-in"
    page = keeper.open(path).form(f"{path}/reopen").submit()
    assert "使えるようにしました" in page.text


def test_the_keeping_is_shared_and_never_given_up_by_the_last(
    keeper: Visitor, enter: Enter, cast: Cast
) -> None:
    path = f"/accounts/{cast.social_worker.staff_id}"
    keeper.open(path).form(f"{path}/keeper").press("担当者にする")
    other = enter("social_worker")
    own = f"/accounts/{cast.discharge_nurse.staff_id}"
    other.open(own).form(f"{own}/keeper").press("担当者から外す")
    keeper.open("/accounts", 403)
    assert f"/accounts/{cast.social_worker.staff_id}" in other.open("/accounts").response.text


def test_the_rule_of_the_house_is_set_within_bounds(keeper: Visitor) -> None:
    form = keeper.open("/accounts/rule").form("/accounts/rule")
    assert form.value("mixed_characters") == "yes"
    wrong = form.fill(idle_minutes="4", absolute_hours="99").submit(422)
    assert set(wrong.errors) == {"idle_minutes", "absolute_hours"}
    form.fill(idle_minutes="10", absolute_hours="", mixed_characters=None).submit()
    form = keeper.open("/accounts/rule").form("/accounts/rule")
    assert (form.value("mixed_characters"), form.value("idle_minutes")) == ("", "10")


def test_nobody_else_opens_these_pages_and_no_keeper_reaches_another_house(
    keeper: Visitor, enter: Enter, cast: Cast
) -> None:
    """R-B1: the right to keep accounts opens accounts of one's own house and nothing else."""
    for path in PATHS:
        enter("ward_nurse").open(path, 403)
        enter("health_officer").open(path, 403)
        assert keeper.open(path).path == path
    for stranger in (cast.other_nurse, cast.care_manager, cast.health_officer):
        path = f"/accounts/{stranger.staff_id}"
        keeper.open(path, 404)
        form = keeper.open("/accounts").form("/text-size")
        for act in ("code", "close", "reopen", "keeper"):
            keeper.post(f"{path}/{act}", form.fields, 404)
    keeper.open("/accounts/999999", 404)


def test_an_emergency_account_is_looked_through_and_signed_for(
    keeper: Visitor, database: Database, cast: Cast
) -> None:
    helper = Newcomer(name="応援 はやと", sign_in_name="ouen", role=Role.WARD_NURSE)
    with database.writing() as session:
        house = session.get_one(Organization, cast.hospital_id)
        for reason, lasts in (("停電", timedelta(hours=1)), ("訓練", timedelta(0))):
            staff, _ = open_in_emergency(
                session, helper, house, password_hash="x", reason=reason, lasts=lasts, now=NOW
            )
            session.flush()
            record(session, actor_of(session, staff.id), Act.STAY_LIST, now=NOW)
    assert "点検待ち 2件" in keeper.open("/account").text
    assert "点検が2件" in keeper.open("/accounts").text
    page = keeper.open("/accounts/emergency")
    assert "停電" in page.text
    assert "一覧を見た 1件" in page.text
    assert (page.text.count("使用中"), page.text.count("終わりました")) == (1, 1)
    (first,) = [form for form in page.forms() if form.action.endswith("/close")]
    page = first.submit()
    assert page.text.count("点検してください") == 1
    with database.writing() as session:
        assert close_ended(session, NOW) == 1
    forms = keeper.open("/accounts/emergency").forms()
    for form in forms:
        page = form.submit()
    assert page.text.count("点検済み") == 2
