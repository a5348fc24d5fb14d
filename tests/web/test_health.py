from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from time_machine import Traveller

from handoffs.database import Database, open_database
from handoffs.heartbeat import Heartbeat, beat
from tests.people import NOW
from tests.web.page import Visitor
from web.context import EXTENSION

STANDS = "期限の見張りが止まっています"


def test_all_is_well_while_the_scheduler_was_seen_within_three_minutes(
    stranger: Visitor, clock: Traveller
) -> None:
    clock.shift(timedelta(minutes=3))
    answer = stranger.fetch("/health").json
    assert answer == {
        "status": "ok",
        "database": "ok",
        "scheduler": "ok",
        "scheduler_seen_seconds_ago": 180,
    }


def test_a_scheduler_that_has_been_silent_for_longer_is_told(
    stranger: Visitor, clock: Traveller
) -> None:
    clock.shift(timedelta(minutes=3, seconds=1))
    answer = stranger.fetch("/health", 503).json
    assert answer is not None
    assert (answer["status"], answer["scheduler"]) == ("failing", "silent")


def test_a_scheduler_that_never_ran_is_told(stranger: Visitor, database: Database) -> None:
    with database.writing() as session:
        session.delete(session.get_one(Heartbeat, "scheduler"))
    answer = stranger.fetch("/health", 503).json
    assert answer is not None
    assert answer["scheduler"] == "never seen"


def test_a_record_that_cannot_be_reached_is_told(
    app: Flask, stranger: Visitor, tmp_path: Path
) -> None:
    lost = open_database(f"sqlite:///{tmp_path / 'no-such-folder' / 'tsunagi.db'}")
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], database=lost)
    stranger.client.set_cookie("tsunagi", "a session that nobody can look up now")
    answer = stranger.fetch("/health", 503).json
    assert answer is not None
    assert (answer["status"], answer["database"]) == ("failing", "unreachable")


@pytest.mark.parametrize(("name", "path"), [("ward_nurse", "/stays"), ("health_officer", "/rates")])
def test_every_page_says_that_the_clock_stands_until_it_runs_again(
    enter: Callable[[str], Visitor], database: Database, clock: Traveller, name: str, path: str
) -> None:
    visitor = enter(name)
    assert STANDS not in visitor.open(path).all_text
    clock.shift(timedelta(minutes=4))
    assert STANDS in visitor.open(path).all_text
    with database.writing() as session:
        beat(session, "scheduler", NOW + timedelta(minutes=4))
    assert STANDS not in visitor.open(path).all_text


def test_nobody_is_troubled_with_the_clock_before_sign_in(
    stranger: Visitor, clock: Traveller
) -> None:
    clock.shift(timedelta(hours=1))
    assert STANDS not in stranger.open("/sign-in").all_text
