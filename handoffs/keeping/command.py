"""`python -m handoffs backup | backups | restore | backup-key | backup-keep`: at the machine."""

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from handoffs.keeping.backup import Places, make_backup
from handoffs.keeping.errors import KeepingError
from handoffs.keeping.generation import FEWEST, Generation, generations
from handoffs.keeping.kept_apart import fetch
from handoffs.keeping.restore import restore
from handoffs.keeping.sealed import make_key
from handoffs.tokyo import TOKYO

COMMANDS = {"backup", "backup-key", "backups", "backup-keep", "restore"}

_NOT_SET = (
    "バックアップの置き場所か鍵が決まっていません。config.yaml の keeping に backup_folder と"
    " backup_key を書くか、--to と --key を付けてください(docs/operations.md)。"
)


def describe(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    backup = commands.add_parser("backup", help="バックアップを一つ作り、戻して比べる")
    backup.add_argument("--to", type=Path, metavar="FOLDER", help="置くフォルダー")
    listing = commands.add_parser("backups", help="数えられるバックアップの一覧")
    listing.add_argument("--to", type=Path, metavar="FOLDER", help="置いてあるフォルダー")
    back = commands.add_parser("restore", help="バックアップを、空のところに戻す")
    back.add_argument("file", type=Path, metavar="FILE", help="tsunagi-….age")
    back.add_argument("--aside", action="store_true", help="今の SQLite のファイルを別名で残す")
    for one in (backup, back):
        one.add_argument("--key", type=Path, metavar="FILE", help="鍵のファイル")
    key = commands.add_parser("backup-key", help="鍵のファイルを作る")
    key.add_argument("file", type=Path, metavar="FILE", help="データの外のファイル名")
    apart = commands.add_parser("backup-keep", help="別の利用者として、書き換えられない世代を残す")
    apart.add_argument("--from", type=Path, required=True, dest="source", metavar="FOLDER")
    apart.add_argument("--to", type=Path, required=True, metavar="FOLDER")
    apart.add_argument("--newest", type=int, default=FEWEST, help="新しいものをいくつ残すか")
    apart.add_argument("--months", type=int, default=6, help="月のはじめのものを何か月分残すか")


def without_database(given: argparse.Namespace, now: datetime) -> list[str] | None:
    """Do what needs neither settings nor database; None for every other command."""
    if given.command == "backup-key":
        public = make_key(given.file)
        return [
            f"{given.file} を作りました(公開鍵 {public})。",
            "この鍵をなくすと、バックアップは誰にも開けません。控えを、この機械の外に置いてください。",
        ]
    if given.command == "backup-keep":
        fetched, gone = fetch(
            given.source, given.to, newest=given.newest, months=given.months, now=now
        )
        return [
            *(f"{name} を残しました。" for name in fetched),
            *(f"{name} は古いので除きました。" for name in gone),
        ] or ["新しいバックアップはありません。"]
    return None


def run(
    given: argparse.Namespace,
    *,
    url: str,
    data: Path,
    folder: str,
    key: str,
    keep: int,
    revision: Callable[[], str],
    now: datetime,
) -> list[str]:
    """Do what was asked; the lines to print.

    `folder` and `key` are those of the settings, empty where the site set none.

    Raises:
        KeepingError: it cannot be done.
    """
    to = getattr(given, "to", None) or (Path(folder) if folder else None)
    if given.command == "backups":
        if to is None:
            raise KeepingError(_NOT_SET)
        return [_line(one) for one in generations(to)] or ["数えられるバックアップはありません。"]
    opens_with = given.key or (Path(key) if key else None)
    if given.command == "restore":
        if opens_with is None:
            raise KeepingError(_NOT_SET)
        places = Places(url, data, given.file.resolve().parent, opens_with)
        manifest = restore(places, given.file, aside=given.aside, now=now)
        return [
            f"{manifest.made_at} の記録を戻し、表{len(manifest.digests)}個が同じと確かめました。",
            "次に python -m handoffs migrate を実行し、画面と見回りを動かしてください。",
        ]
    if to is None or opens_with is None:
        raise KeepingError(_NOT_SET)
    made = make_backup(Places(url, data, to, opens_with), revision=revision(), keep=keep, now=now)
    return [_line(made)]


def _line(one: Generation) -> str:
    made = one.made.astimezone(TOKYO)
    rows = sum(one.rows.values())
    return (
        f"{one.name}  {made:%Y-%m-%d %H:%M}  {one.backend}  {one.size / 1e6:.1f} MB  "
        f"{len(one.rows)}表 {rows}行  戻して比べました({one.seconds:.0f}秒)"
    )
