"""`python -m handoffs export`: everything of one organization or of the site, in one command."""

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlmodel import Session

from handoffs.database import Database, open_database
from handoffs.keeping import snapshot
from handoffs.keeping.backup import workroom
from handoffs.keeping.errors import KeepingError
from handoffs.keeping.export import Exported, export, organization_called
from handoffs.keeping.export_check import check
from handoffs.keeping.nightly import refuse_walled
from rules.library import SHIPPED

COMMANDS = {"export"}

_TREE = Path(__file__).resolve().parent.parent.parent
_HOURS = 24 * 3600


def describe(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    words = commands.add_parser("export", help="記録のすべてを、ほかで読める形に取り出す")
    whose = words.add_mutually_exclusive_group(required=True)
    whose.add_argument("--organization", metavar="NUMBER", help="この機関の分。10桁の番号か名前")
    whose.add_argument("--site", action="store_true", help="全体")
    whose.add_argument("--verify", type=Path, metavar="PLACE", help="取り出したものを確かめる")
    words.add_argument("--to", type=Path, metavar="PLACE", help="新しいフォルダーか、….zip")
    words.add_argument("--without-pdf", action="store_true", help="様式の印刷を省く(JSON は入る)")


def verified(given: argparse.Namespace) -> list[str] | None:
    """Check an export, which needs no database; None where something else was asked for."""
    if given.command != "export" or given.verify is None:
        return None
    files, rows = check(given.verify)
    return [f"ファイル{files}個、{rows}行。取り出したときと同じです。"]


def run(database: Database, data: Path, given: argparse.Namespace, now: datetime) -> list[str]:
    """Export what was asked for; the lines to print. Raises HandoffError."""
    if given.to is None:
        raise KeepingError("取り出す先を --to で書いてください。新しいフォルダーか、….zip です。")
    organization = None
    if given.organization:
        with database.reading() as session:
            organization = organization_called(session, given.organization)
    made = export(
        reading_of(database, data),
        database.writing,
        given.to,
        organization=organization,
        regions=SHIPPED,
        printing=_none if given.without_pdf else print_all,
        now=now,
    )
    return _said(given.to, made)


def _said(to: Path, made: Exported) -> list[str]:
    lines = [
        f"{to} に取り出しました(ファイル{made.files}個)。",
        f"{len(made.rows)}表{sum(made.rows.values())}行、様式のPDF{made.printed}枚",
        *made.told,
    ]
    if made.kept_back:
        lines.append(f"本人の希望により入れなかった入院: {made.kept_back}件")
    return [
        *lines,
        "暗号化されていません。鍵のかかる場所に移し、この機械からは消してください。",
    ]


def reading_of(database: Database, data: Path) -> Callable[[], AbstractContextManager[Session]]:
    """Open the record as it is at one moment: a copy of a SQLite file, so that nobody waits."""
    if database.engine.dialect.name == snapshot.SQLITE:
        return partial(_copy, database, data)
    return partial(_still, database)


@contextmanager
def _copy(database: Database, data: Path) -> Iterator[Session]:
    with workroom(data) as room:
        copy = room / "copy"
        snapshot.take(database.engine.url.render_as_string(hide_password=False), copy)
        there = open_database(f"sqlite:///{copy}")
        try:
            with there.reading() as session:
                yield session
        finally:
            there.close()


@contextmanager
def _still(database: Database) -> Iterator[Session]:
    with database.reading() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        refuse_walled(session)
        yield session


def _none(_folder: Path) -> int:
    return 0


def print_all(folder: Path) -> int:
    """Print every sheet of a folder, in a process that knows what a sheet is; how many."""
    ended = subprocess.run(  # noqa: S603 - our own command.
        [sys.executable, "-m", "forms", "reprint", str(folder.resolve())],
        cwd=_TREE,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=_HOURS,
    )
    if ended.returncode:
        words = ended.stderr.decode("utf-8", "replace").strip()[-300:]
        raise KeepingError(f"様式を印刷できません。{words} --without-pdf を付けると省けます。")
    return sum(1 for _ in folder.glob("*.pdf"))
