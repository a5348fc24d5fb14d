"""Passkeys with an authenticator that Chromium plays, at http://localhost; and how pages look."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import CDPSession, expect
from sqlmodel import col, select

from handoffs.accounts import SignedIn, start_session
from handoffs.accounts.account import account_of
from handoffs.database import Database
from handoffs.parties import Staff
from tests.browser.conftest import now
from tests.browser.person import Person, Place
from tests.people import Cast

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PAGES = ("/account", "/account/password", "/account/app", "/account/confirm")
KEEPERS = ("/accounts", "/accounts/invite", "/accounts/rule", "/accounts/emergency")


@pytest.fixture
def keeper(place: Place, cast: Cast, database: Database) -> Iterator[Person]:
    """The keeper of the hospital's accounts, at localhost: a bare address has no passkeys."""
    with database.writing() as session:
        staff = session.get_one(Staff, cast.discharge_nurse.staff_id)
        account_of(session, staff.id).keeps_accounts = True
        token = start_session(session, staff, now())
    address = place.address.replace("127.0.0.1", "localhost")
    person = Person(replace(place, address=address), token=token)
    yield person
    person.leave()


def _plug_in(person: Person) -> tuple[CDPSession, str]:
    tools = person.context.new_cdp_session(person.page)
    tools.send("WebAuthn.enable")
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return tools, made["authenticatorId"]


def test_a_passkey_is_made_lets_its_owner_in_and_not_without_verification(
    keeper: Person,
) -> None:
    """R-A2: a passkey with user verification is two factors of different kinds in one act."""
    tools, authenticator = _plug_in(keeper)
    keeper.open("/account/passkeys/new")
    keeper.page.get_by_label("どの端末のパスキーか").fill("見本の端末")
    keeper.page.get_by_role("button", name="パスキーを作る").click()
    keeper.page.wait_for_url("**/account?done=passkey")
    keeper.sees("パスキーを登録しました", "見本の端末")
    keeper.context.clear_cookies()
    verified = {"authenticatorId": authenticator, "isUserVerified": False}
    tools.send("WebAuthn.setUserVerified", verified)
    keeper.open("/sign-in")
    keeper.page.get_by_role("button", name="パスキーでサインイン").click()
    keeper.sees("端末で確かめられませんでした")
    tools.send("WebAuthn.setUserVerified", {**verified, "isUserVerified": True})
    keeper.page.get_by_role("button", name="もう一度試す").click()
    keeper.page.wait_for_url("**/stays")
    keeper.look()


def test_a_terminal_that_was_left_alone_shows_nothing(keeper: Person, database: Database) -> None:
    """R-A9: nobody else reads or uses it, and what was typed is not lost."""
    page, hour = keeper.page, 60 * 60 * 1000
    page.clock.install()
    keeper.open("/own-line")
    page.get_by_label("つながる時間").fill("平日の午前")
    page.clock.fast_forward(hour)
    expect(keeper.main).to_be_hidden()
    expect(page.locator(".whoami")).to_be_hidden()
    page.get_by_role("button", name="続ける").click()
    expect(keeper.main).to_be_visible()
    page.clock.fast_forward(hour)
    with database.writing() as session:
        for row in session.exec(select(SignedIn).where(col(SignedIn.ended_at).is_(None))):
            row.seen_at -= timedelta(hours=1)
    page.get_by_role("button", name="続ける").click()
    page.wait_for_url("**/sign-in?**")
    keeper.sees("入力した内容は残っています")


def test_the_pages_about_accounts_are_fit_for_everybody(keeper: Person) -> None:
    for path in (*PAGES, *KEEPERS):
        keeper.open(path)


def test_the_back_button_shows_nothing_to_who_comes_after(keeper: Person) -> None:
    """ASVS 7.4.1, acceptance row 10: what was on the screen is not kept by the browser."""
    keeper.open("/accounts")
    keeper.page.get_by_role("button", name="サインアウト").click()
    keeper.page.wait_for_url("**/sign-in?**")
    keeper.page.go_back()
    keeper.page.wait_for_url("**/sign-in**")
    expect(keeper.page.get_by_role("table")).to_have_count(0)
