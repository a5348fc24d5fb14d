"""Backups that count, and what they refuse: with SQLite and PostgreSQL, as another user too."""

import os
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from pysqlite3 import dbapi2 as sqlite3
from sqlmodel import select

from handoffs.database import Database, open_database
from handoffs.keeping.backup import KEYS_FILE, SCRATCH, Places, make_backup
from handoffs.keeping.errors import KeepingError
from handoffs.keeping.generation import (
    Generation,
    generations,
    name_at,
    sealed_file,
    write_slip,
)
from handoffs.keeping.kept_apart import fetch
from handoffs.keeping.restore import restore
from handoffs.keeping.sealed import make_key
from handoffs.schema import METADATA
from handoffs.stays.patients import Patient
from rules import Library
from tests.conftest import MARK
from tests.factories import admit_someone
from tests.people import Cast
from tests.postgresql import Cluster

NIGHT = datetime(2026, 11, 22, 17, tzinfo=UTC)


@pytest.fixture
def places(tmp_path: Path, database: Database) -> Places:
    make_key(tmp_path / "key")
    url = database.engine.url.render_as_string(hide_password=False)
    return Places(url, tmp_path / "data", tmp_path / "backups", tmp_path / "key")


def backed_up(places: Places, now: datetime = NIGHT, keep: int = 5) -> Generation:
    return make_backup(places, revision="0023", keep=keep, now=now)


def rows_of(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, read in a way of the test's own."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = {
            table.name: sorted(map(tuple, connection.execute(sa.select(table))), key=repr)
            for table in METADATA.sorted_tables
        }
    engine.dispose()
    return found


def test_a_backup_brings_back_every_row_of_every_table(
    either: tuple[Database, Cast],
    library: Library,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    database, cast = either
    with database.writing() as session:
        admit_someone(session, library, cast)
    make_key(tmp_path / "key")
    url = database.engine.url.render_as_string(hide_password=False)
    places = Places(url, tmp_path / "data", tmp_path / "backups", tmp_path / "key")
    before = rows_of(url)
    places.data.mkdir()
    (places.data / KEYS_FILE).write_text("0123abcd\n", encoding="utf-8")

    made = backed_up(places)

    if database.engine.dialect.name == "sqlite":
        empty = f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        cluster: Cluster = request.getfixturevalue("postgresql_cluster")
        empty = cluster.url(cluster.create())
    there = Places(empty, tmp_path / "elsewhere", places.folder, places.key)
    restore(there, sealed_file(places.folder, made.name), aside=False, now=NIGHT)
    assert before["patient"]
    assert rows_of(empty) == before
    assert (there.data / KEYS_FILE).read_text(encoding="utf-8") == "0123abcd\n"
    with pytest.raises(KeepingError, match="もう記録があります"):
        restore(there, sealed_file(places.folder, made.name), aside=False, now=NIGHT)


def test_nothing_readable_is_left_behind_and_the_slip_names_nobody(
    places: Places, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        admit_someone(session, library, cast)
    (places.data).mkdir()
    (places.data / KEYS_FILE).write_text("0123abcd\n", encoding="utf-8")
    made = backed_up(places)

    assert not (places.data / SCRATCH).exists()
    for file in places.folder.iterdir():
        assert b"0123abcd" not in file.read_bytes()
        assert MARK.encode() not in file.read_bytes()
        assert b"SQLite format" not in file.read_bytes()
        assert file.name == ".lock" or file.stat().st_mode & 0o777 == 0o640
    assert made.rows["patient"] == 1
    assert generations(places.folder) == [made]


def test_a_backup_is_whole_while_others_write(
    places: Places, database: Database, tmp_path: Path
) -> None:
    """Two rows that belong together are both in it or neither, and what was done before is."""
    with database.writing() as session:
        session.connection().execute(sa.text("CREATE TABLE pair (n INTEGER, side INTEGER)"))
    done, stop = 0, threading.Event()

    def write() -> None:
        nonlocal done
        while not stop.is_set():
            with database.writing() as session:
                for side in (0, 1):
                    statement = sa.text("INSERT INTO pair VALUES (:n, :side)")
                    session.connection().execute(statement, {"n": done, "side": side})
            done += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while done < 3:
            stop.wait(0.01)
        acknowledged = done
        made = backed_up(places)
    finally:
        stop.set()
        writer.join()

    target = f"sqlite:///{tmp_path / 'back.db'}"
    there = Places(target, tmp_path / "elsewhere", places.folder, places.key)
    restore(there, sealed_file(places.folder, made.name), aside=False, now=NIGHT)
    back = sqlite3.connect(tmp_path / "back.db")
    sides = back.execute("SELECT n, count(*) FROM pair GROUP BY n ORDER BY n").fetchall()
    back.close()
    assert [n for n, _ in sides] == list(range(len(sides)))
    assert {count for _, count in sides} == {2}
    assert acknowledged <= len(sides) <= done


def test_a_copy_that_differs_does_not_count_and_the_older_ones_stay(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    backed_up(places)
    replace = Path.replace

    def lose_a_row(self: Path, target: Path) -> Path:
        """As if the disk had changed the copy between sealing and reading it back."""
        if self.name == "database":
            with sqlite3.connect(self) as copy:
                copy.execute("UPDATE organization SET name = name || 'x'")
            copy.close()
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", lose_a_row)
    with pytest.raises(KeepingError, match="organization"):
        backed_up(places, NIGHT + timedelta(days=1))

    assert [one.made for one in generations(places.folder)] == [NIGHT]
    assert not list(places.folder.glob("*.part"))


def test_five_generations_stay_whatever_was_asked(places: Places) -> None:
    for day in range(7):
        backed_up(places, NIGHT + timedelta(days=day), keep=1)

    found = generations(places.folder)
    assert [one.made for one in found] == [NIGHT + timedelta(days=day) for day in range(2, 7)]
    assert len(list(places.folder.glob("*.age"))) == 5


@pytest.mark.parametrize("harm", ["cut", "flip", "other_key", "no_backup"])
def test_a_file_that_was_changed_cut_or_is_of_another_key_is_refused(
    places: Places, tmp_path: Path, harm: str
) -> None:
    file = sealed_file(places.folder, backed_up(places).name)
    content = bytearray(file.read_bytes())
    key = places.key
    if harm == "cut":
        file.write_bytes(content[:-100])
    elif harm == "flip":
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    elif harm == "no_backup":
        file.write_bytes(b"PK\x03\x04")
    else:
        key = tmp_path / "other"
        make_key(key)
    empty = Places(f"sqlite:///{tmp_path / 'e.db'}", tmp_path / "d", places.folder, key)

    with pytest.raises(KeepingError, match="開けません"):
        restore(empty, file, aside=False, now=NIGHT)

    assert not (tmp_path / "e.db").exists()
    assert not (tmp_path / "d" / SCRATCH).exists()


def test_the_key_lies_away_from_what_it_guards_and_is_read_by_its_owner_alone(
    places: Places,
) -> None:
    with pytest.raises(KeepingError, match="上書きすると"):
        make_key(places.key)
    places.key.chmod(0o640)
    with pytest.raises(KeepingError, match="chmod 600"):
        backed_up(places)
    for folder in (places.data, places.folder):
        folder.mkdir(exist_ok=True)
        shutil.copy(places.key, folder / "key")
        with pytest.raises(KeepingError, match="別のフォルダーに移し"):
            backed_up(Places(places.url, places.data, places.folder, folder / "key"))


def test_a_record_that_is_there_is_set_aside_and_never_overwritten(
    places: Places, database: Database, library: Library, cast: Cast
) -> None:
    made = backed_up(places)
    with database.writing() as session:
        admit_someone(session, library, cast)
    database.close()
    file = sealed_file(places.folder, made.name)
    with pytest.raises(KeepingError, match="何も変えていません"):
        restore(places, file, aside=False, now=NIGHT)

    restore(places, file, aside=True, now=NIGHT)

    record = Path(database.engine.url.database or "")
    (aside,) = record.parent.glob("*.before-*")
    with open_database(places.url).reading() as session:
        assert session.exec(select(Patient)).all() == []
    with open_database(f"sqlite:///{aside}").reading() as session:
        assert len(session.exec(select(Patient)).all()) == 1


def test_what_was_fetched_apart_comes_one_a_day_and_the_months_stay(
    places: Places, tmp_path: Path
) -> None:
    apart = tmp_path / "apart"
    backed_up(places)
    days = [NIGHT + timedelta(days=day) for day in (0, 10, 20, 30, 40, 41)]
    fetch(places.folder, apart, newest=2, months=2, now=NIGHT)
    for day in days[1:]:
        made = backed_up(places, day)
        for moved in (-1, 400):  # Written by whoever broke in, dated back and ahead.
            other = day + timedelta(days=moved)
            name = name_at(other)
            shutil.copy(sealed_file(places.folder, made.name), sealed_file(places.folder, name))
            write_slip(places.folder, replace(made, name=name, made_at=other.isoformat()))
        fetch(places.folder, apart, newest=2, months=2, now=day)

    kept = [one.made for one in generations(apart)]
    assert kept == [days[1], days[4], days[5]]
    assert fetch(places.folder, apart, newest=2, months=2, now=days[-1]) == ([], [])


def test_the_products_own_user_cannot_change_what_was_fetched_apart(
    places: Places, tmp_path: Path
) -> None:
    if os.geteuid() != 0:
        pytest.skip("another user's files can only be made as root")
    backed_up(places)
    apart = tmp_path / "apart"
    fetch(places.folder, apart, newest=2, months=1, now=NIGHT)
    for folder in [apart, *apart.parents]:
        if folder.stat().st_uid == 0 and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    program = (
        "import os, pathlib, sys\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "harmed = 0\n"
        "for file in list(pathlib.Path(sys.argv[1]).iterdir()):\n"
        "    for act in (lambda: file.open('r+b').write(b'x'), file.unlink,\n"
        "                lambda: file.rename(file.with_suffix('.gone')),\n"
        "                lambda: file.chmod(0o777)):\n"
        "        try: act(); harmed += 1\n"
        "        except PermissionError: pass\n"
        "    assert file.read_bytes()\n"
        "print(harmed)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(apart)], capture_output=True, text=True, check=False
    )

    assert ended.stderr == ""
    assert ended.stdout == "0\n"
    assert len(generations(apart)) == 1
