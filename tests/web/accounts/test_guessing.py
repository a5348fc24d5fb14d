"""Acceptance row 9: a hundred thousand guesses while the clock stands still."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlmodel import func, select

from handoffs.accounts import tries
from handoffs.accounts.signed_in import SignedIn
from handoffs.accounts.tries import SignInTry
from handoffs.database import Database
from tests.people import NOW, PASSWORD, Cast, code_for
from web.accounts import entering
from web.accounts.entering import Refused, Wait

NAME = "ward_nurse"
MOST = 5
"""Guesses that are compared with anything while the clock stands still; then one has to wait."""


def _guess(app: Flask, guesses: int) -> int:
    """Guess passwords and, with the right password, codes; how many were looked at at all."""
    compared = 0
    with app.test_request_context("/sign-in"):
        for number in range(guesses):
            right = number % 2 == 1
            password = PASSWORD if right else f"ateppo-{number}-Ateppo"
            try:
                entering.enter(NAME, password, f"{number % 1_000_000:06d}")
            except Wait:
                continue
            except Refused:
                compared += 1
                continue
            pytest.fail("somebody got in by guessing")
    return compared


def _nobody_got_in_and_the_owner_does(
    app: Flask, database: Database, clock: time_machine.Traveller, cast: Cast, guesses: int
) -> None:
    browser = tries.new_browser()
    with database.writing() as session:
        tries.know_browser(session, browser, cast.ward_nurse.person_id, NOW)
    assert _guess(app, guesses) == MOST
    with database.reading() as session:
        assert session.exec(select(func.count()).select_from(SignedIn)).one() == 0
        assert session.exec(select(func.count()).select_from(SignInTry)).one() == 1
        code = code_for(session, NAME, NOW)
    headers = {"Cookie": f"tsunagi-browser={browser}"}
    with app.test_request_context("/sign-in", headers=headers):
        assert entering.enter(NAME, PASSWORD, code)
    later = NOW + timedelta(minutes=15)
    clock.move_to(later)
    with database.reading() as session:
        code = code_for(session, NAME, later)
    with app.test_request_context("/sign-in"):
        assert entering.enter(NAME, PASSWORD, code)


def test_guesses_open_nothing_and_lock_nobody_out(
    app: Flask, database: Database, clock: time_machine.Traveller, cast: Cast
) -> None:
    _nobody_got_in_and_the_owner_does(app, database, clock, cast, 200)


@pytest.mark.long
def test_a_hundred_thousand_guesses_open_nothing_and_lock_nobody_out(
    app: Flask, database: Database, clock: time_machine.Traveller, cast: Cast
) -> None:
    _nobody_got_in_and_the_owner_does(app, database, clock, cast, 100_000)
