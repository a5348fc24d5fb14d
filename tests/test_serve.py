"""Two processes that live together: started, stopped, and never half alive."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import config
import serve

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('up', flush=True); time.sleep(600)"
)
PATIENCE = 30.0


def supervised(folder: Path, *programs: str, grace: float = 5.0) -> subprocess.Popen[str]:
    """Run a supervisor over small Python programs, in a process of its own."""
    commands = {
        f"{name}": [sys.executable, "-c", f"open({str(folder / name)!r}, 'w').close()\n{program}"]
        for name, program in zip("ab", programs, strict=True)
    }
    script = (
        "import sys, serve\n"
        f"serve.GRACE_SECONDS = {grace}\n"
        f"both = serve.Supervisor({commands!r})\n"
        "both.start()\n"
        "print(*(child.pid for child in both.running.values()), flush=True)\n"
        "while both.wait(): pass\n"
        "sys.exit(both.stop())\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", script], cwd=config.ROOT, stdout=subprocess.PIPE, text=True
    )


def until(what: Callable[[], bool]) -> None:
    patience_ends = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < patience_ends, "waited in vain"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def children_of(parent: subprocess.Popen[str], folder: Path) -> list[int]:
    """Wait until both children run their programs, and return their process ids."""
    assert parent.stdout is not None
    pids = [int(word) for word in parent.stdout.readline().split()]
    until(lambda: (folder / "a").exists() and (folder / "b").exists())
    return pids


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_both_are_stopped_when_asked_and_nothing_is_left(
    tmp_path: Path, number: signal.Signals
) -> None:
    with supervised(tmp_path, SLEEPER, SLEEPER) as parent:
        pids = children_of(parent, tmp_path)

        parent.send_signal(number)

        assert parent.wait(PATIENCE) == 0
    assert not [pid for pid in pids if alive(pid)]


@pytest.mark.parametrize("code", [0, 3])
def test_when_one_ends_by_itself_the_other_is_stopped_and_it_is_told(
    tmp_path: Path, code: int
) -> None:
    with supervised(tmp_path, SLEEPER, f"raise SystemExit({code})") as parent:
        pids = children_of(parent, tmp_path)

        told, _ = parent.communicate(timeout=PATIENCE)

        assert parent.returncode == 1
    assert f"b が止まりました(終了コード {code})。" in told
    assert not [pid for pid in pids if alive(pid)]


def test_one_that_will_not_stop_is_killed_after_the_grace(tmp_path: Path) -> None:
    with supervised(tmp_path, SLEEPER, STUBBORN, grace=0.5) as parent:
        pids = children_of(parent, tmp_path)
        time.sleep(0.3)

        parent.terminate()

        assert parent.wait(PATIENCE) == 1
    assert not [pid for pid in pids if alive(pid)]


def test_the_children_go_even_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    with supervised(tmp_path, SLEEPER, SLEEPER) as parent:
        pids = children_of(parent, tmp_path)

        parent.kill()

    until(lambda: not [pid for pid in pids if alive(pid)])


def test_a_port_in_use_is_told_with_another_to_try(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((serve.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]

        run = subprocess.run(
            [sys.executable, "serve.py"],
            cwd=config.ROOT,
            env=os.environ | {"PORT": str(port), "TSUNAGI_DATA": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    assert run.returncode == 2
    assert f"ポート {port} はほかのものが使っています" in run.stderr
    assert f"PORT={port + 1}" in run.stderr


def test_a_wrong_setting_ends_with_2_before_anything_starts(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "serve.py"],
        cwd=config.ROOT,
        env=os.environ | {"PORT": "eighty", "TSUNAGI_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 2
    assert run.stderr.startswith("環境変数 PORT")
    assert not (tmp_path / "data").exists()
