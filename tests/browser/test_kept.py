"""Nothing that was typed is lost: kept while it is typed, without network, left, given back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Dialog, expect
from sqlmodel import col, select, update

from handoffs.accounts import Draft, SignedIn
from handoffs.database import Database
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from rules import Library
from tests.browser.conftest import now
from tests.browser.person import Person
from tests.conftest import MARK
from tests.factories import admit_someone
from tests.people import PASSWORD, Cast

pytestmark = pytest.mark.browser

Enter = Callable[..., Person]
NEW = "/stays/new"


def keep(person: Person) -> None:
    """Let the pause after typing pass, and the request that follows it come back."""
    person.page.clock.fast_forward(4_000)
    expect(person.page.locator(".kept-state")).to_contain_text("入力をとっておきました")


def drafts(database: Database, under: str) -> list[Draft]:
    """What is kept of the forms under an address: other tests use the same database."""
    with database.reading() as session:
        return list(session.exec(select(Draft).where(col(Draft.path).startswith(under))))


def test_what_is_typed_survives_a_network_away_a_closed_tab_and_is_sent_once(
    enter: Enter, database: Database
) -> None:
    nurse = enter("ward_nurse")
    page = nurse.page
    page.clock.install()
    nurse.open(NEW)
    page.locator("#name").fill(f"{MARK} ノコル")
    keep(nurse)

    nurse.context.set_offline(offline=True)
    page.locator("#municipality").fill("見本市")
    page.clock.fast_forward(4_000)
    state = page.locator(".kept-state")
    expect(state).to_contain_text("いまつながりません")
    page.get_by_role("button", name="登録して判定を見る").click()
    expect(state).to_contain_text("まだ送っていません")
    page.clock.fast_forward(60_000)
    expect(page.locator("#municipality")).to_have_value("見本市")
    nurse.complaints.clear()  # The browser remarks on the network that we took away.
    nurse.context.set_offline(offline=False)
    page.clock.fast_forward(11_000)
    expect(state).to_contain_text("入力をとっておきました")

    asked: list[str] = []

    def stay_here(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", stay_here)
    page.locator("#care_manager_name").fill("見本")
    page.goto("/stays")
    assert asked == ["beforeunload"], "it did not ask although something was not kept"
    page.goto(NEW)
    nurse.look()
    nurse.sees("入力の続きです")
    expect(page.locator("#name")).to_have_value(f"{MARK} ノコル")
    expect(page.locator("#municipality")).to_have_value("見本市")
    keep(nurse)
    page.goto("/stays")
    assert asked == ["beforeunload"], "it asked although everything was kept"

    page.goto(NEW)
    with page.expect_navigation():
        page.get_by_role("button", name="入力を消して、はじめから").click()
    expect(page.locator("#name")).to_have_value("")
    assert drafts(database, "/stays") == []


def test_a_form_among_others_comes_back_after_the_session_ended(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay_id = admit_someone(session, library, cast, name=f"{MARK} ツヅキ").id
    nurse = enter("ward_nurse")
    page = nurse.page
    path = f"/stays/{stay_id}/particulars"
    nurse.open(path)
    page.locator("#municipality").fill("見本町")
    with database.writing() as session:
        hours_ago = now() - timedelta(hours=2)
        session.connection().execute(
            update(SignedIn)
            .where(col(SignedIn.staff_id) == cast.ward_nurse.person_id)
            .values(seen_at=hours_ago)
        )
    nurse.press("直して判定を見る")
    nurse.sees("入力した内容は残っています")
    nurse.sign_in_here("ward_nurse", PASSWORD)
    nurse.sees("入力の続きです")
    expect(page.locator("#municipality")).to_have_value("見本町")
    page.get_by_role("button", name="直して判定を見る").dblclick()
    nurse.sees("登録内容を直し、判定し直しました。")
    with database.reading() as session:
        patient = session.exec(select(Patient).join(Stay).where(Stay.id == stay_id)).one()
        assert patient.municipality == "見本町"
    assert drafts(database, path) == []
