import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from time_machine import Traveller

from handoffs.accounts.signed_in import FRESH
from handoffs.accounts.totp import code_at, step_at
from tests.people import NOW, PASSWORD, TOTP_SECRET, Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]

GOOD = "mizu-no-oto-7 kai"


def _code(secret: str = TOTP_SECRET, after: timedelta = timedelta(0)) -> str:
    return code_at(secret, step_at(NOW + after))


def test_a_new_password_ends_every_other_session(enter: Enter) -> None:
    """ASVS 7.4.3: after a change of a factor other sessions are over."""
    here, there = enter("ward_nurse"), enter("ward_nurse")
    form = here.open("/account").follow("パスワードを変える").form("/account/password")
    page = form.fill(new_password=GOOD, again=GOOD).submit()
    assert page.path == "/account"
    assert "パスワードを変えました" in page.text
    assert there.open("/stays").path == "/sign-in"


def test_a_guessable_password_is_refused_beside_its_field(enter: Enter, cast: Cast) -> None:
    weak = f"{cast.ward_nurse.organization}-20260101"
    form = enter("ward_nurse").open("/account/password").form("/account/password")
    page = form.fill(new_password=weak, again=weak).submit(422)
    assert set(page.errors) == {"new_password"}
    assert weak not in page.response.text


@pytest.mark.parametrize("path", ["/account/password", "/account/app", "/account/passkeys/new"])
def test_what_guards_the_account_is_changed_by_who_showed_both_factors_just_now(
    enter: Enter, clock: Traveller, path: str
) -> None:
    """ASVS 7.5.1: re-authentication for what matters."""
    visitor = enter("ward_nurse")
    form = visitor.open(path).form(path)
    clock.shift(FRESH + timedelta(seconds=1))
    asked = form.submit().form("/account/confirm")
    assert asked.fill(password=PASSWORD, code="000000").submit(422).errors
    page = asked.fill(password=PASSWORD, code=_code(after=FRESH)).submit()
    if path == "/account/passkeys/new":  # No secret was typed: it went along and is sent on.
        page = page.form(path).submit(422)
    assert page.path == path


def test_a_new_app_is_taken_when_it_proved_itself(enter: Enter) -> None:
    visitor = enter("ward_nurse")
    page = visitor.open("/account").follow("別の端末のアプリにする")
    form = page.form("/account/app")
    assert set(form.fill(code="000000").submit(422).errors) == {"code"}
    secret = form.value("secret")
    page = form.fill(code=_code(secret)).submit()
    assert "認証アプリを登録し直しました" in page.text
    form = visitor.open("/account/app").form("/account/app")
    form.fields = [(n, "short" if n == "secret" else v) for n, v in form.fields]
    assert set(form.submit(422).errors) == {"code"}


def test_recovery_codes_are_shown_once(enter: Enter) -> None:
    visitor = enter("ward_nurse")
    form = visitor.open("/account").form("/account/recovery")
    page = form.submit()
    assert len(re.findall(r"(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}", page.text)) == 10
    again = form.submit()
    assert again.path == "/account"
    assert "残り 10個" in again.text


def test_other_sessions_are_ended_from_here(enter: Enter) -> None:
    here, there = enter("ward_nurse"), enter("ward_nurse")
    page = here.open("/account").form("/account/sessions").submit()
    assert "すべて終えました" in page.text
    assert there.open("/stays").path == "/sign-in"
    assert here.open("/stays").path == "/stays"
