"""`python -m exchange ward-list`, as somebody runs it in a terminal."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import func, select

import config
from exchange.__main__ import main
from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.parties import Actor
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from tests.conftest import MARK
from tests.exchange.hospital import GOOD, NOW, OFFICE_NUMBER, person, ward_list

pytestmark = pytest.mark.usefixtures("nurse")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch, migrated_url: str, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("DATABASE_URL", migrated_url)
    monkeypatch.setenv("TSUNAGI_DATA", str(tmp_path))
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def stays(database: Database) -> int:
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(Stay)).one()


def run(file: Path, *more: str) -> int:
    return main(["ward-list", str(file), "--as", "nurse", *more])


def test_each_row_is_told_by_its_line_and_counted(
    file: Path, capsys: pytest.CaptureFixture[str], database: Database
) -> None:
    file.write_bytes(ward_list(person(1), person(2, 対象=""), person(3), encoding="cp932"))

    assert run(file) == 0

    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "2行目 新規",
        "4行目 新規",
        "新規 2、登録済み 0(退院予定日の変更 0)、取り込めない行 0、対象でない行 1(何も残しません)",
        "nurse の操作として履歴に残しました。",
    ]
    assert told.err == ""
    assert stays(database) == 2
    assert not file.with_name("list.rejected.csv").exists()


def test_rejected_rows_can_be_mended_and_imported_again(
    file: Path, capsys: pytest.CaptureFixture[str], database: Database
) -> None:
    file.write_bytes(ward_list(person(1), person(2, 病棟="9北", 氏名=f"=見本 {MARK}"), person(3)))
    assert run(file) == 1
    mending = file.with_name("list.rejected.csv")
    text = mending.read_text(encoding="utf-8-sig")
    assert mending.stat().st_mode & 0o777 == 0o600
    assert text.count("\n") == 2
    assert "'=見本" in text
    assert stays(database) == 2

    mending.write_text(text.replace("9北", "3東"), encoding="utf-8-sig")
    assert run(mending) == 0

    assert stays(database) == 3
    with database.reading() as session:
        found = session.exec(select(Patient).where(Patient.hospital_number == "2")).one()
    assert found.name == f"=見本 {MARK}"
    said = capsys.readouterr().out
    assert "3行目 取り込めません 病棟: " in said
    assert f"取り込めない 1行を {mending} に書きました。患者の氏名" in said
    assert "消してください" in said
    assert run(file) == 1
    assert file.with_name("list.rejected-2.csv").exists()
    assert stays(database) == 3


def test_a_preview_tells_the_same_and_leaves_nothing(
    file: Path, capsys: pytest.CaptureFixture[str], database: Database
) -> None:
    file.write_bytes(ward_list(person(1), person(2, 病棟="9北")))
    with database.reading() as session:
        before = session.exec(select(func.count()).select_from(Event)).one()

    assert run(file, "--preview") == 1
    preview = capsys.readouterr().out
    assert stays(database) == 0
    with database.reading() as session:
        assert session.exec(select(func.count()).select_from(Event)).one() == before
    assert not file.with_name("list.rejected.csv").exists()

    assert run(file) == 1
    told = capsys.readouterr().out
    assert told.splitlines()[:3] == preview.splitlines()[:3]
    assert "何も残していません" in preview


def test_nothing_of_a_person_is_printed_whatever_stands_in_the_file(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seeded = random.Random(20261120)
    canary = f"秘{MARK}密"
    for _ in range(8):
        rows = []
        for number in range(4):
            spoilt = seeded.sample(list(GOOD), seeded.randint(0, 3))
            rows.append({**person(number), **dict.fromkeys(spoilt, canary)})
        content = ward_list(*rows)
        if seeded.random() < 0.3:
            content = content[seeded.randint(0, 200) :]
        file.write_bytes(content)

        assert run(file) in {0, 1, 2}

    told = capsys.readouterr()
    assert "取り込めません" in told.out
    for person_word in (MARK, "秘", "1937", "ミホン", OFFICE_NUMBER):
        assert person_word not in told.out + told.err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "空のファイル"),
        ("患者,メモ\nあ,い\n".encode(), "見出しの行が見つかりません"),
        (ward_list(GOOD).replace("病棟".encode(), "部屋".encode()), ":1: 列がありません: 病棟"),
        (ward_list(GOOD, encoding="utf-16"), "CSV UTF-8"),
        (ward_list(GOOD) + b'"never', ":3: この行から、引用符"),
        (b"x" * (10 * 1024 * 1024 + 1), "10 MB"),
    ],
    ids=["empty", "no heading", "no ward", "utf-16", "quotation", "large"],
)
def test_a_file_that_cannot_be_used_is_told_with_its_name(
    file: Path,
    capsys: pytest.CaptureFixture[str],
    database: Database,
    content: bytes,
    told: str,
) -> None:
    file.write_bytes(content)

    assert run(file) == 2

    line = capsys.readouterr().err
    assert line.startswith(str(file))
    assert told in line
    assert stays(database) == 0


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ([], "exchange.ward_list_as には、いま使える"),
        (["--as", "nobody"], "病院の職員"),
        (["--as", "manager"], "病院の職員"),
        (["--as", "nurse", "--hospital", "999"], "--hospital"),
    ],
)
def test_without_a_hospitals_account_nothing_is_imported(
    file: Path,
    capsys: pytest.CaptureFixture[str],
    database: Database,
    more: list[str],
    told: str,
) -> None:
    file.write_bytes(ward_list(GOOD))

    assert main(["ward-list", str(file), *more]) == 2

    assert told in capsys.readouterr().err
    assert stays(database) == 0


def _configured(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str) -> None:
    file = folder / "site.yaml"
    file.write_text(
        f"region: mihon\nexchange:\n  ward_list_as: {name!r}\n".replace("'", '"'),
        encoding="utf-8",
    )
    monkeypatch.setenv("TSUNAGI_CONFIG", str(file))


def test_whom_the_site_named_imports_where_the_command_names_nobody(
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database: Database,
    nurse: Actor,
) -> None:
    _configured(monkeypatch, tmp_path, "nurse")
    file.write_bytes(ward_list(GOOD))

    assert main(["ward-list", str(file)]) == 0

    assert "nurse の操作として履歴に残しました。" in capsys.readouterr().out
    with database.reading() as session:
        (act,) = session.exec(select(Event).where(Event.act == Act.IMPORT_WARD_LIST)).all()
        assert act.staff_id == nurse.staff_id


def test_nobody_is_guessed_where_neither_command_nor_site_names_anybody(
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database: Database,
) -> None:
    _configured(monkeypatch, tmp_path, "")
    file.write_bytes(ward_list(GOOD))

    assert main(["ward-list", str(file)]) == 2

    told = capsys.readouterr().err
    assert "--as のあとに" in told
    assert "exchange.ward_list_as" in told
    assert stays(database) == 0


def test_the_hospital_may_be_named_by_its_number_or_id(file: Path, nurse: Actor) -> None:
    file.write_bytes(ward_list(GOOD))

    assert run(file, "--hospital", "1310000001") == 0
    assert run(file, "--hospital", str(nurse.organization_id)) == 0


def test_an_account_that_was_closed_imports_nothing(file: Path, database: Database) -> None:
    file.write_bytes(ward_list(GOOD))
    with database.writing() as session:
        session.connection().execute(sa.text("UPDATE staff SET active = false"))

    assert run(file) == 2
    assert stays(database) == 0


def test_when_the_rejected_rows_cannot_be_written_nothing_is_imported(
    file: Path, capsys: pytest.CaptureFixture[str], database: Database
) -> None:
    file.write_bytes(ward_list(person(1), person(2, 病棟="?")))

    assert run(file, "--rejected", str(file)) == 2

    assert "上書きしません" in capsys.readouterr().err
    assert stays(database) == 0
    assert file.read_bytes() == ward_list(person(1), person(2, 病棟="?"))


def test_an_error_of_the_database_imports_nothing_and_repeats_nobody(
    file: Path, capsys: pytest.CaptureFixture[str], database: Database
) -> None:
    with database.writing() as session:
        session.connection().execute(sa.text("DROP TABLE assessment"))
    file.write_bytes(ward_list(person(1), person(2, 病棟="?")))

    assert run(file) == 2

    told = capsys.readouterr()
    assert "何も取り込んでいません" in told.err
    assert MARK not in told.out + told.err
    assert stays(database) == 0
    assert not file.with_name("list.rejected.csv").exists()


def test_the_real_command_survives_a_file_name_that_is_no_text(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "exchange", "ward-list", b"\x95\x61.csv", "--as", "nurse"],
        cwd=config.ROOT,
        env={**os.environ, "TSUNAGI_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 2
    assert "読めません" in ended.stderr
    assert "Traceback" not in ended.stderr
