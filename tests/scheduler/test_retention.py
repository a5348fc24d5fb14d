"""The nightly job: at night alone, twice the same, kits of a week ago gone, errors told."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from handoffs.database import Database
from handoffs.stays.stay import Stay
from rules import Library
from scheduler.retention import Retention
from tests.factories import admit_someone, leave
from tests.people import NOW, settle

NIGHT = NOW.replace(hour=18)
"""03:00 in Tokyo."""


def test_a_night_takes_what_is_over_and_a_second_look_changes_nothing(
    database: Database,
    library: Library,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", logger="scheduler.retention")
    with database.writing() as session:
        cast = settle(session)
        stay = admit_someone(session, library, cast)
        leave(session, library, cast, stay, now=NOW)
    night = NIGHT + timedelta(days=800)
    kits = tmp_path / "kits"
    kits.mkdir()
    for name, days in (("1.pdf", 8), ("2.pdf", 6)):
        (kits / name).write_bytes(b"%PDF")
        then = (night - timedelta(days=days)).timestamp()
        os.utime(kits / name, (then, then))
    job = Retention(database, {"1810000014": 2}, 31, kits, lambda: night)

    assert replace(job, clock=lambda: night + timedelta(hours=9))()
    assert not caplog.records
    assert job()
    assert job()

    (line,) = [record.getMessage() for record in caplog.records]
    assert '"people": 1, "closed": 1, "opened": 0, "kits": 1' in line
    assert [one.name for one in kits.iterdir()] == ["2.pdf"]
    with database.reading() as session:
        found = session.exec(select(Stay)).one()
        assert (found.erased_at, found.offices_ended_at) == (night, night)
    (kits / "3.pdf").mkdir()
    os.utime(kits / "3.pdf", (0, 0))
    assert not job()
    assert '"error": "IsADirectoryError"' in caplog.records[-1].getMessage()
