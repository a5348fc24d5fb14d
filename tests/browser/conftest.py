"""The real thing, once for all browser tests: serve.py over a fresh SQLite file, and Chromium.

gunicorn and the scheduler run as processes and by the real clock, so no test here names a day:
days are told from today. `--rewrite-screens` draws docs/screens anew; without it nothing in the
tree is written.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from sqlmodel import delete

import config
from forms.font import make_font
from handoffs.accounts import Draft, start_session
from handoffs.database import Database, open_database
from handoffs.parties import Staff
from handoffs.tokyo import day_of
from rules import Library
from tests.browser.person import Person, Place
from tests.conftest import MARK
from tests.kits import settle_the_night
from tests.people import Cast, settle

PATIENCE = 180.0
# A busy machine is slow, and that is no fault of a page.
expect.set_options(timeout=20_000)
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
NO_CHROMIUM = "Chromium was not found: run `setup/system-packages test`."

Enter = Callable[..., Person]

TOLD = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-screens", action="store_true", help="draw docs/screens anew; then look"
    )


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for line in config.stash.get(TOLD, []):
        terminalreporter.write_line(line)


@pytest.fixture
def tell(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Tell a figure at the end of the run: for what is worth knowing but differs by machine."""
    return pytestconfig.stash.setdefault(TOLD, []).append


def now() -> datetime:
    """The same clock by which the server goes: it is a process of its own and cannot be frozen."""
    return datetime.now(UTC)  # noqa: TID251 - see above.


@dataclass(frozen=True)
class Server:
    """A running serve.py: where it answers, what it keeps, what it said."""

    address: str
    folder: Path
    process: subprocess.Popen[bytes]

    def health(self) -> int:
        """The status that /health answers; 0 while nobody answers."""
        try:
            with urllib.request.urlopen(f"{self.address}/health", timeout=10) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return 0

    def child(self, word: str) -> int:
        """The process id of the child whose command line says a word."""
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                parents = status.read_text(encoding="utf-8").split("PPid:\t")[1]
                command = (status.parent / "cmdline").read_text(encoding="utf-8")
            except (FileNotFoundError, ProcessLookupError):
                continue  # It ended while we looked.
            if int(parents.split()[0]) == self.process.pid and word in command:
                return int(status.parent.name)
        raise AssertionError(f"no child says {word}")

    def said(self) -> str:
        """Everything that the processes wrote to the terminal."""
        return (self.folder / "said").read_text(encoding="utf-8")


def until(what: Callable[[], bool]) -> None:
    """Wait until something holds; fail after three minutes."""
    patience_ends = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < patience_ends, "waited in vain"
        time.sleep(0.05)


@contextmanager
def serving(folder: Path, *, tick_seconds: int = 60) -> Iterator[Server]:
    """Run serve.py over the database in a folder until the block ends; it must end well."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = folder / "config.yaml"
    usual = (config.ROOT / "config.yaml").read_text(encoding="utf-8")
    assert "tick_seconds: 60" in usual
    settings.write_text(
        usual.replace("tick_seconds: 60", f"tick_seconds: {tick_seconds}"), encoding="utf-8"
    )
    ours = {"PORT": str(port), "TSUNAGI_DATA": str(folder), "TSUNAGI_CONFIG": str(settings)}
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "TSUNAGI_"))}
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "serve.py"],
            cwd=config.ROOT,
            env=inherited | ours,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://127.0.0.1:{port}", folder, process)
    try:
        until(lambda: process.poll() is not None or server.health() == 200)
        assert process.poll() is None, server.said()
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(PATIENCE)
    assert code == 0, server.said()


@pytest.fixture(scope="session")
def settled(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Cast]:
    """A folder with a database in which the cast has settled."""
    folder = tmp_path_factory.mktemp("browser")
    shutil.copyfile(migrated_file, folder / "tsunagi.db")
    database = open_database(f"sqlite:///{folder / 'tsunagi.db'}")
    with database.writing() as session:
        cast = settle(session)
        settle_the_night(session, now())
    database.close()
    return folder, cast


@pytest.fixture(scope="session")
def cast(settled: tuple[Path, Cast]) -> Cast:
    """Who takes part."""
    return settled[1]


@pytest.fixture(scope="session")
def server(settled: tuple[Path, Cast]) -> Iterator[Server]:
    """The one server; what it wrote to its log names nobody and tells of no mishap."""
    make_font()
    with serving(settled[0], tick_seconds=5) as running:
        yield running
    assert MARK not in running.said(), "the log names a person"
    assert "Traceback" not in running.said(), running.said()


@pytest.fixture(scope="session")
def library() -> Library:
    """The editions, for admissions that a test puts down without a page."""
    return Library.load()


@pytest.fixture(scope="session")
def database(server: Server) -> Iterator[Database]:
    """The server's own record, seen from outside."""
    opened = open_database(f"sqlite:///{server.folder / 'tsunagi.db'}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all; everybody has a profile of their own in it."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    assert program, NO_CHROMIUM
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(SWITCHES))
        yield browser
        browser.close()


@pytest.fixture
def today() -> date:
    """Today in Tokyo."""
    return day_of(now())


@pytest.fixture
def place(chromium: Browser, server: Server) -> Place:
    """Where people sit down: the browser and the address."""
    return Place(chromium, server.address)


@pytest.fixture
def enter(place: Place, cast: Cast, database: Database) -> Iterator[Enter]:
    """Let somebody of the cast sit down signed in, without the second that a password takes."""
    entered: list[Person] = []
    with database.writing() as session:
        # What another test left half-typed would be given back to this one.
        session.connection().execute(delete(Draft))

    def _enter(name: str, *, scripts: bool = True) -> Person:
        with database.writing() as session:
            staff = session.get_one(Staff, cast.people[name].staff_id)
            token = start_session(session, staff, now())
        entered.append(Person(place, scripts=scripts, token=token))
        return entered[-1]

    yield _enter
    for person in entered:
        person.leave()
