"""The application over a database in which the cast has settled, at a moment that stands still."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine
from flask import Flask

import app as composition
import config
from handoffs.database import Database, open_database
from handoffs.heartbeat import beat
from rules import Library
from tests.people import NOW, Cast, settle
from tests.standing import database_at
from tests.web.page import Visitor
from web.context import EXTENSION, Desk

Enter = Callable[[str], Visitor]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Friday, 20 November 2026, 10:00 in Tokyo, until the test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def settled(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Cast]:
    """A SQLite file in which the cast has settled and the scheduler is alive, to be copied."""
    file = tmp_path_factory.mktemp("settled-web") / "tsunagi.db"
    shutil.copyfile(migrated_file, file)
    database = open_database(f"sqlite:///{file}")
    with database.writing() as session:
        cast = settle(session)
        beat(session, "scheduler", NOW)
    database.close()
    return file, cast


@pytest.fixture
def cast(settled: tuple[Path, Cast]) -> Cast:
    """Who takes part."""
    return settled[1]


@pytest.fixture
def settings(settled: tuple[Path, Cast], tmp_path: Path) -> config.Settings:
    """Settings that name a database of the test's own."""
    return _settings(settled[0], tmp_path)


def _settings(file: Path, folder: Path) -> config.Settings:
    shutil.copyfile(file, folder / "tsunagi.db")
    return config.Settings(
        region="mihon",
        public_base_url="http://localhost",
        database_url=f"sqlite:///{folder / 'tsunagi.db'}",
        port=8000,
        data=folder,
        session=config.SessionSettings(),
        scheduler=config.SchedulerSettings(),
        rates=config.RatesSettings(hospital_names="shown"),
        file=config.ROOT / "config.yaml",
    )


@pytest.fixture
def fresh_app(settings: config.Settings, library: Library) -> Iterator[Flask]:
    """The whole application, put together anew: for tests that add to it or set it otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Library, "load", lambda: library)
        made = composition.create_app(settings)
    yield made
    made.extensions[EXTENSION].database.close()


@pytest.fixture(scope="session")
def put_together(settled: tuple[Path, Cast], tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The whole application, put together once: reading every edition takes seconds."""
    return composition.create_app(_settings(settled[0], tmp_path_factory.mktemp("unused")))


@pytest.fixture
def app(put_together: Flask, settings: config.Settings) -> Iterator[Flask]:
    """The whole application over a database of the test's own."""
    before: Desk = put_together.extensions[EXTENSION]
    with database_at(settings.database_url) as database:
        put_together.extensions[EXTENSION] = replace(before, database=database)
        yield put_together
        put_together.extensions[EXTENSION] = before


@pytest.fixture
def database(app: Flask) -> Database:
    """The application's own database."""
    found: Database = app.extensions[EXTENSION].database
    return found


@pytest.fixture(scope="session")
def library(put_together: Flask) -> Library:
    """The application's own editions."""
    found: Library = put_together.extensions[EXTENSION].library
    return found


@pytest.fixture
def enter(app: Flask, cast: Cast) -> Enter:
    """Sign in somebody of the cast, by the name of their attribute, and open their browser."""

    def _enter(name: str) -> Visitor:
        return Visitor(app).arrive(cast.people[name], NOW)

    return _enter


@pytest.fixture
def stranger(app: Flask) -> Visitor:
    """A browser in which nobody has signed in."""
    return Visitor(app)
