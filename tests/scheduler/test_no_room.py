"""A disk without room, for processes that have no rights.

Root is held back by no permission, so a test that runs as root gives the data folder to `nobody`
and starts its children as `nobody`; where `nobody` cannot even reach this Python (it lies in
root's own folder), as root without a single capability, which permissions hold back likewise. Any
other user is held back as they are. The limit to the size of a file is set from outside on a
process that runs, and taken away again: nothing is started anew. A folder that becomes read-only
stops no process that has its files open already (`tests/web/test_outages.py` has one that begins
with it). PostgreSQL's own disk is not tried here; it is somebody else's program.
"""

import functools
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

import config

CLERK = Path(__file__).with_name("clerk.py")
ADVICE = "1分ほど待って、もう一度お試しください"
PATIENCE = 90.0
Trouble = Callable[["Unprivileged"], AbstractContextManager[None]]


class Unprivileged:
    """A process without rights, and the folder with its data."""

    def __init__(self, folder: Path, process: subprocess.Popen[str]) -> None:
        self.folder = folder
        self.process = process

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def ask(self, word: str) -> Any:  # noqa: ANN401 - what JSON can hold.
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        return json.loads(self.line())


@functools.cache
def somebody_without_rights() -> pwd.struct_passwd | None:
    """Whom a child runs as when we are root and they can run this Python; else None."""
    if os.geteuid() != 0:
        return None
    user = pwd.getpwnam("nobody")
    try:
        subprocess.run(
            [sys.executable, "-c", "import flask, config"],
            cwd=config.ROOT,
            user=user.pw_uid,
            group=user.pw_gid,
            extra_groups=[],
            check=True,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return user


def without_capabilities() -> list[str]:
    """What begins a command line so that root is nobody special."""
    if os.geteuid() != 0 or somebody_without_rights() is not None:
        return []
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]


@pytest.fixture
def folder(migrated_file: Path) -> Iterator[Path]:
    """A data folder with a migrated record that belongs to the one without rights.

    Not pytest's own folder: nobody else may look into that one.
    """
    with tempfile.TemporaryDirectory(prefix="tsunagi-no-room-") as made:
        folder, user = Path(made), somebody_without_rights()
        shutil.copyfile(migrated_file, folder / "tsunagi.db")
        if user is not None:
            for one in (folder, folder / "tsunagi.db"):
                os.chown(one, user.pw_uid, user.pw_gid)
        yield folder
        folder.chmod(0o700)


@contextmanager
def started(folder: Path, *command: str, **environment: str) -> Iterator[Unprivileged]:
    user = somebody_without_rights()
    # A file, as at a site that keeps its log: it has no more room than the record.
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [*without_capabilities(), sys.executable, *command],
        cwd=config.ROOT,
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith(("TSUNAGI_", "DATABASE_"))},
            "PYTHONPATH": str(config.ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(folder),
            **environment,
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        user=user and user.pw_uid,
        group=user and user.pw_gid,
        extra_groups=None if user is None else [],
    )
    try:
        yield Unprivileged(folder, process)
    finally:
        process.kill()
        process.communicate()
        log.close()


@contextmanager
def full(one: Unprivileged) -> Iterator[None]:
    """Not even a journal has room."""
    with _limited(one, 512):
        yield


@contextmanager
def full_half_way(one: Unprivileged) -> Iterator[None]:
    """The journal has room for its first pages and not for all that an act changes."""
    with _limited(one, 12_288):
        yield


@contextmanager
def _limited(one: Unprivileged, size: int) -> Iterator[None]:
    before = _limit(one, f"{size}:")
    try:
        yield
    finally:
        _limit(one, f"{before}:")


def _limit(one: Unprivileged, soft: str) -> str:
    """Set how large a file a process may make, as itself: root need not have the right to."""
    user = somebody_without_rights()
    command = ["prlimit", "--pid", str(one.process.pid)]
    ask = [*command, "--fsize", "--raw", "--noheadings", "--output=SOFT"]
    as_itself: dict[str, Any] = {}
    if user is not None:
        as_itself = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    found = subprocess.run(ask, check=True, capture_output=True, text=True, **as_itself)
    subprocess.run([*command, f"--fsize={soft}"], check=True, **as_itself)
    return str(found.stdout).strip()


def test_the_child_is_held_back_by_permissions(folder: Path) -> None:
    tries = "import sys; open(sys.argv[1], 'r+b')"
    (folder / "tsunagi.db").chmod(0o444)
    with started(folder, "-c", tries, str(folder / "tsunagi.db")) as child:
        assert child.process.wait(PATIENCE) == 1


TROUBLES = [full, full_half_way]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_page_says_so_nothing_is_written_by_half_and_the_same_click_works_afterwards(
    folder: Path, trouble: Trouble
) -> None:
    with started(folder, str(CLERK), str(folder)) as clerk:
        assert json.loads(clerk.line()) == "ready"
        before = clerk.ask("state")
        assert (before["planned"], before["flags"], before["health"]) == ("None", 0, 200)

        with trouble(clerk):
            for _ in range(2):
                page = clerk.ask("submit")
                assert page["status"] == 503
                assert ADVICE in page["text"]
                assert "何も登録されていません" in page["text"]
                assert "Traceback" not in page["text"]
                assert clerk.ask("sweep") == {"went_through": False}
            assert clerk.ask("health") == 503
        # Only now: half a journal is rolled back by whoever reads next, which takes room too.
        assert clerk.ask("state") == {**before, "health": 503}

        assert clerk.ask("submit")["status"] == 303
        assert clerk.ask("sweep") == {"went_through": True}
        after = clerk.ask("state")
        assert (after["planned"], after["told"]) == ("2026-12-04", before["told"] + 1)
        assert (after["flags"], after["sound"]) == (1, "ok")


@pytest.mark.parametrize("trouble", TROUBLES)
def test_the_real_scheduler_says_so_goes_on_and_mends_by_itself(
    folder: Path, trouble: Trouble
) -> None:
    (folder / "config.yaml").write_text("region: mihon\nscheduler: {tick_seconds: 5}\n")
    settings = {
        "TSUNAGI_DATA": str(folder),
        "TSUNAGI_CONFIG": str(folder / "config.yaml"),
        "DATABASE_URL": f"sqlite:///{folder / 'tsunagi.db'}",
    }
    with started(folder, "-m", "scheduler", **settings) as scheduler:
        assert "error" not in swept(scheduler)
        with trouble(scheduler):
            said = until(scheduler, lambda tick: "error" in tick)
            again = until(scheduler, lambda tick: "error" in tick)
        mended = until(scheduler, lambda tick: "error" not in tick)

    assert (said["error"], again["at"] > said["at"]) == ("OperationalError", True)
    assert mended["at"] > again["at"]


def swept(scheduler: Unprivileged) -> dict[str, Any]:
    """What the scheduler says of its next sweep."""
    while True:
        line = scheduler.line()
        assert line, "the process ended"
        if line.startswith("{") and (said := json.loads(line)).get("job") == "flag_overdue":
            return dict(said)


def until(scheduler: Unprivileged, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    ends = time.monotonic() + PATIENCE
    while not fits(said := swept(scheduler)):
        assert time.monotonic() < ends, "waited in vain"
    return said
