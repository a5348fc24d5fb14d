"""A sheet filled in on a telephone while the network goes away: nothing that was typed is lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect
from sqlmodel import select

from handoffs.database import Database
from handoffs.sheets.draft import SheetAnswer
from rules import Library
from tests.browser.person import TELEPHONE, Person
from tests.conftest import MARK
from tests.factories import admit_someone
from tests.people import Cast

pytestmark = pytest.mark.browser

Enter = Callable[..., Person]


def test_a_telephone_without_network_loses_nothing_of_a_sheet(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, name=f"{MARK} ヨウシキ")
    manager = enter("care_manager")
    page = manager.page
    page.set_viewport_size({"width": TELEPHONE["width"], "height": TELEPHONE["height"]})
    path = f"/stays/{stay.id}/sheets/admission_information"
    manager.open(path)
    state = page.locator("#save-state")
    page.locator("[name=interests]").fill("俳句")
    expect(state).to_contain_text("保存")

    manager.context.set_offline(offline=True)
    page.locator("[name=life_history]").fill("小学校に勤めた")
    page.locator("[name=mobility][value=supervised]").check()
    expect(state).to_contain_text("いまつながりません", timeout=20_000)
    manager.complaints.clear()  # The browser remarks on the network that we took away.
    assert page.locator("[name=life_history]").input_value() == "小学校に勤めた"

    manager.context.set_offline(offline=False)
    expect(state).to_have_text(re.compile(r"^保存 [0-9]"), timeout=20_000)
    page.reload()
    expect(page.locator("[name=life_history]")).to_have_value("小学校に勤めた")
    expect(page.locator("[name=mobility][value=supervised]")).to_be_checked()
    with database.reading() as session:
        found = {one.field: one.value for one in session.exec(select(SheetAnswer))}
    assert found["interests"] == "俳句"
    assert found["life_history"] == "小学校に勤めた"
    assert found["mobility"] == "supervised"

    # The server takes it, its answer is lost, and the page is loaded anew: nobody else wrote.
    def lose_the_answer(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(f"**{path}", lose_the_answer)
    page.locator("[name=interests]").fill("俳句と川柳")
    expect(state).to_contain_text("いまつながりません", timeout=20_000)
    page.unroute(f"**{path}")
    manager.complaints.clear()
    page.reload()
    expect(page.locator("[name=interests]")).to_have_value("俳句と川柳")
    expect(state).to_have_text(re.compile(r"^保存 [0-9]"), timeout=20_000)
    manager.press("保存して確かめる")
    manager.sees("第1版")
