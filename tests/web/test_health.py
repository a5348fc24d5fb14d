from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from time_machine import Traveller

import app as composition
import config
from handoffs.database import Database, open_database
from handoffs.heartbeat import Heartbeat, beat
from rules import Library
from settings_blocks import MailSettings, WebhookSettings
from tests.people import NOW
from tests.web.page import Visitor
from web.context import EXTENSION

STANDS = "期限の見張りが止まっています"
UNSENT = "通知の送信が止まっています"


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


def sends(app: Flask, database: Database, beat_at: datetime | None) -> None:
    """Let the site send messages; their delivery was last alive at a moment, or never."""
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], delivery_on=True)
    if beat_at is not None:
        with database.writing() as session:
            beat(session, "delivery", beat_at)


def test_a_delivery_that_died_is_told_while_the_clock_runs(
    app: Flask, stranger: Visitor, enter: Callable[[str], Visitor], database: Database
) -> None:
    sends(app, database, NOW - timedelta(minutes=3, seconds=1))
    answer = stranger.fetch("/health", 503).json
    assert answer == {
        "status": "failing",
        "database": "ok",
        "scheduler": "ok",
        "scheduler_seen_seconds_ago": 0,
        "delivery": "silent",
        "delivery_seen_seconds_ago": 181,
    }
    page = enter("care_manager").open("/worklist")
    assert UNSENT in page.all_text
    assert STANDS not in page.all_text

    with database.writing() as session:
        beat(session, "delivery", NOW)
    assert stranger.fetch("/health").json["delivery"] == "ok"  # type: ignore[index]
    assert UNSENT not in enter("care_manager").open("/worklist").all_text


def test_a_delivery_that_never_ran_is_told(
    app: Flask, stranger: Visitor, database: Database
) -> None:
    sends(app, database, None)
    answer = stranger.fetch("/health", 503).json
    assert answer is not None
    assert answer["delivery"] == "never seen"


def test_where_nothing_is_sent_nobody_waits_for_a_delivery(
    stranger: Visitor, database: Database
) -> None:
    with database.writing() as session:
        beat(session, "delivery", NOW - timedelta(days=1))
    assert "delivery" not in (stranger.fetch("/health").json or {})


@pytest.mark.parametrize(
    ("way", "sent"),
    [
        ({}, False),
        ({"mail": MailSettings(host="127.0.0.1", sender="a@example.jp")}, True),
        ({"webhook": WebhookSettings(organizations={"1310000001": "https://b.example.jp/"})}, True),
    ],
)
def test_a_site_that_names_a_way_expects_a_delivery(
    settings: config.Settings, library: Library, way: dict[str, object], *, sent: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Library, "load", lambda: library)
        made = composition.create_app(settings.model_copy(update=way))
    assert made.extensions[EXTENSION].delivery_on is sent
    made.extensions[EXTENSION].database.close()
