"""A backup each night, made by the scheduler's child."""

import json
import logging
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from handoffs.keeping.generation import Generation, sealed_file, write_slip
from scheduler.backups import Nightly, is_due

# Three in the morning in Tokyo.
THREE = datetime(2026, 11, 22, 18, tzinfo=UTC)


def made_at(folder: Path, moment: datetime) -> None:
    """A generation as it stands after a backup."""
    name = f"tsunagi-{moment:%Y%m%dT%H%M%SZ}"
    sealed_file(folder, name).write_bytes(b"sealed")
    write_slip(
        folder,
        Generation(name, moment.isoformat(), "sqlite", "0023", 6, "0" * 64, {"stay": 1}, 1.0),
    )


def test_one_is_due_each_night_from_its_hour_on_and_no_second(tmp_path: Path) -> None:
    assert is_due(tmp_path, 2, THREE)
    made_at(tmp_path, THREE - timedelta(hours=2))
    assert is_due(tmp_path, 2, THREE), "yesterday's, made at one"
    made_at(tmp_path, THREE - timedelta(minutes=50))
    assert not is_due(tmp_path, 2, THREE)
    assert not is_due(tmp_path, 2, THREE + timedelta(hours=22, minutes=59))
    assert is_due(tmp_path, 2, THREE + timedelta(hours=23))


def test_a_file_without_its_slip_or_of_another_size_is_no_backup(tmp_path: Path) -> None:
    made_at(tmp_path, THREE)
    assert not is_due(tmp_path, 2, THREE)
    (sealed,) = tmp_path.glob("*.age")
    sealed.write_bytes(b"cut")
    assert is_due(tmp_path, 2, THREE)


def test_a_night_that_failed_is_told_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fails = (sys.executable, "-c", "import sys; sys.exit('空きがありません。')")
    works = (sys.executable, "-c", "pass")
    with caplog.at_level(logging.INFO, "scheduler.backups"):
        assert not Nightly(tmp_path, 2, lambda: THREE, fails)()
        assert Nightly(tmp_path, 2, lambda: THREE, works)()

    failed, done = (json.loads(record.getMessage()) for record in caplog.records)
    assert (failed["code"], failed["words"]) == (1, "空きがありません。")
    assert (done["job"], done["code"]) == ("backup", 0)
