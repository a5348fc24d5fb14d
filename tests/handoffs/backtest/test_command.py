"""`python -m handoffs backtest`: what it prints, and what it refuses."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.handoffs.made_year import DRAFT

PERIOD = ("--from", "2026-05", "--to", "2026-10")


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "handoffs", *arguments],
        env=os.environ | {"TSUNAGI_DATA": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def empty(migrated_file: Path, tmp_path: Path) -> Path:
    """A data folder whose record holds nobody."""
    shutil.copyfile(migrated_file, tmp_path / "tsunagi.db")
    return tmp_path


def test_an_empty_record_gives_a_table_of_nothing(empty: Path) -> None:
    draft = empty / "draft.yaml"
    draft.write_text(DRAFT, encoding="utf-8")
    command = ("backtest", "--region", "mihon", "--draft", str(draft), *PERIOD)
    plain = run(empty, *command)
    assert (plain.returncode, plain.stderr) == (0, "")
    assert "2026-05-01 から 2026-10-31 までに退院した 0件" in plain.stdout
    answer = json.loads(run(empty, *command, "--json").stdout)
    assert (answer["from"], answer["to"], answer["stays"]) == ("2026-05-01", "2026-10-31", 0)


def test_a_hospital_that_is_not_there_is_refused_with_those_that_are(empty: Path) -> None:
    draft = empty / "draft.yaml"
    draft.write_text(DRAFT, encoding="utf-8")
    command = ("backtest", "--region", "mihon", "--draft", str(draft), *PERIOD)
    refused = run(empty, *command, "--hospital", "ない病院")
    assert refused.returncode == 2
    assert "「ない病院」という病院はmihonにありません" in refused.stderr


def test_an_extract_of_an_empty_record_is_its_heading(empty: Path) -> None:
    written = run(empty, "extract", "--region", "mihon", *PERIOD)
    assert (written.returncode, written.stdout) == (0, "region,admitted_on\n")
    refused = run(empty, "extract", "--region", "mihn", *PERIOD)
    assert refused.returncode == 2
    assert "「mihon」ではありませんか" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--region", "mihon", "--draft", "nothing.yaml", *PERIOD), "nothing.yaml"),
        (("--region", "mihon", "--draft", "x", "--from", "5月", "--to", "2026-10"), "2026-05"),
        (
            ("--region", "mihon", "--draft", "x", "--from", "2026-10", "--to", "2026-05"),
            "より前です",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_write(
    arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    refused = run(tmp_path, "backtest", *arguments)
    assert refused.returncode == 2
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr
