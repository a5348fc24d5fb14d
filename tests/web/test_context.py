from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask, g
from sqlmodel import select
from time_machine import Traveller

from handoffs.accounts import PostedForm, Presence
from handoffs.database import Database, open_database
from handoffs.errors import Overtaken
from handoffs.history import Act, Event, record
from handoffs.parties import Actor, Organization
from tests.people import NOW, Cast, settle
from web.context import (
    EXTENSION,
    AlreadyTaken,
    acting,
    actor,
    note_read,
    now,
    presence,
    reading,
    taken_in,
)

FORM = "a-form-of-this-page"


@contextmanager
def posted(app: Flask, by: Actor, form_id: str = FORM) -> Iterator[None]:
    with app.test_request_context("/", method="POST", data={"form_id": form_id}):
        g.presence = Presence(by, "digest", "token")
        yield


def switch(location: str = "/worklist") -> None:
    """One act, in the smallest form it can have."""
    with acting() as session:
        record(session, actor(), Act.COLLEAGUES_SHOW, now=now())
        taken_in(session, location)


def switch_and_fail() -> None:
    with acting() as session:
        record(session, actor(), Act.COLLEAGUES_SHOW, now=now())
        taken_in(session, "/stays")
        raise Overtaken


def acts(database: Database) -> int:
    with database.reading() as session:
        return len(session.exec(select(Event).where(Event.act == Act.COLLEAGUES_SHOW)).all())


def test_a_moment_stands_still_for_the_whole_request(app: Flask, clock: Traveller) -> None:
    with app.test_request_context("/"):
        first = now()
        clock.shift(timedelta(minutes=5))
        assert now() == first == NOW
        assert first.tzinfo is UTC
    with app.test_request_context("/"):
        assert now() == NOW + timedelta(minutes=5)


def test_a_public_page_has_nobody_who_acts(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(RuntimeError):
        presence()


def test_what_was_read_can_be_shown_after_the_session_closed(app: Flask, cast: Cast) -> None:
    with app.test_request_context("/"):
        with reading() as session:
            hospital = session.get_one(Organization, cast.hospital_id)
        assert hospital.name == "見本中央病院"


def test_what_happens_while_reading_is_forgotten(app: Flask, cast: Cast) -> None:
    with app.test_request_context("/"):
        with reading() as session:
            session.get_one(Organization, cast.hospital_id).name = "別の名前"
        with reading() as session:
            assert session.get_one(Organization, cast.hospital_id).name == "見本中央病院"


def test_an_act_is_kept_once_and_its_form_leads_to_the_same_place(
    app: Flask, database: Database, cast: Cast
) -> None:
    with posted(app, cast.care_manager):
        switch("/stays")
    with posted(app, cast.care_manager), pytest.raises(AlreadyTaken) as again:
        switch("/worklist")
    assert again.value.location == "/stays"
    assert acts(database) == 1


def test_the_form_of_somebody_else_leads_nowhere(
    app: Flask, database: Database, cast: Cast
) -> None:
    with posted(app, cast.care_manager):
        switch("/stays")
    with posted(app, cast.colleague), pytest.raises(AlreadyTaken) as again:
        switch()
    assert again.value.location == "/"
    assert acts(database) == 1


def test_an_act_that_fails_leaves_nothing_and_its_form_can_be_sent_again(
    app: Flask, database: Database, cast: Cast
) -> None:
    with posted(app, cast.care_manager), pytest.raises(Overtaken):
        switch_and_fail()
    assert acts(database) == 0
    with posted(app, cast.care_manager):
        switch()
    assert acts(database) == 1


def test_an_act_that_does_not_say_where_it_led_is_refused(
    app: Flask, database: Database, cast: Cast
) -> None:
    with posted(app, cast.care_manager), pytest.raises(RuntimeError), acting() as session:
        record(session, actor(), Act.COLLEAGUES_SHOW, now=now())
    assert acts(database) == 0


def test_two_clicks_at_the_same_moment_make_one_act(app: Flask, migrated_url: str) -> None:
    database = open_database(migrated_url)
    with database.writing() as session:
        by = settle(session).care_manager
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], database=database)
    together = Barrier(4)

    def click(_: int) -> str:
        with posted(app, by):
            together.wait()
            try:
                switch("/stays")
            except AlreadyTaken as taken:
                return f"again {taken.location}"
            return "taken in"

    with ThreadPoolExecutor(4) as threads:
        answers = sorted(threads.map(click, range(4)))
    assert answers == ["again /stays"] * 3 + ["taken in"]
    assert acts(database) == 1
    with database.reading() as session:
        assert len(session.exec(select(PostedForm)).all()) == 1
    database.close()


def test_a_reading_is_written_with_the_answer(app: Flask, database: Database, cast: Cast) -> None:
    with posted(app, cast.health_officer):
        note_read(Act.RATES_READ, detail={"month": datetime(2026, 10, 1, tzinfo=UTC).date()})
        app.process_response(app.make_response("2026年10月の月報"))
        with database.reading() as session:
            (event,) = session.exec(select(Event).where(Event.act == Act.RATES_READ))
            assert event.staff_id == cast.health_officer.staff_id
            assert event.detail == {"month": "2026-10-01"}
