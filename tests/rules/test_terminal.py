"""What becomes of a command whose output nobody reads any more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rules.terminal import NOBODY_READS

ROOT = Path(__file__).parents[2]
MANY_LINES = (
    "from rules.terminal import exit_after\n"
    "def main():\n"
    "    for number in range(100_000):\n"
    "        print(number)\n"
    "    return 0\n"
    "exit_after(main)\n"
)
ELSEWHERE = (
    "from rules.terminal import exit_after\n"
    "def main():\n"
    "    raise BrokenPipeError('a connection')\n"
    "exit_after(main)\n"
)


def left(*arguments: str) -> tuple[int, bytes]:
    """Run Python with an output that is closed at once; its exit code and what it complained."""
    reading, writing = os.pipe()
    # Unbuffered, nothing would be left to write when it ends.
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    process = subprocess.Popen(
        [sys.executable, *arguments], stdout=writing, stderr=subprocess.PIPE, cwd=ROOT, env=usual
    )
    os.close(writing)
    os.close(reading)
    _, complained = process.communicate(timeout=120)
    return process.returncode, complained


def test_a_closed_output_ends_a_command_quietly() -> None:
    assert left("-c", MANY_LINES) == (NOBODY_READS, b"")


def test_a_pipe_that_breaks_elsewhere_is_still_an_error() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], capture_output=True, check=False, cwd=ROOT
    )
    assert done.returncode == 1
    assert b"a connection" in done.stderr


@pytest.mark.parametrize(
    "command", [("rules", "schema"), ("rules", "check"), ("forms", "list"), ("exchange", "--help")]
)
def test_no_entry_point_ends_in_a_traceback(command: tuple[str, ...]) -> None:
    code, complained = left("-m", *command)
    assert complained == b""
    assert code == NOBODY_READS


@pytest.mark.parametrize("package", ["rules", "handoffs", "forms", "exchange", "scheduler"])
def test_every_entry_point_leaves_by_the_same_door(package: str) -> None:
    text = (ROOT / package / "__main__.py").read_text(encoding="utf-8")
    assert text.endswith('if __name__ == "__main__":\n    exit_after(main)\n')
