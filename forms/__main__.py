"""`python -m forms`: make the font, list the sheets and their fields, print or export one.

    python -m forms font
    python -m forms list [--region REGION]
    python -m forms fields SHEET [--region REGION]
    python -m forms check
    python -m forms print SHEET (--sample full|half|empty | --data FILE) --out FILE.pdf
    python -m forms export SHEET (--sample full|half|empty | --data FILE)
    python -m forms batch SHEET (--count N | --data FOLDER) --out FOLDER
    python -m forms reprint FOLDER
    python -m forms downtime-kit [--as SIGN_IN_NAME] --out FILE.pdf

Exit status 0 for a sheet on disk, 2 for input that cannot be printed, with file and line.
"""

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

import config
from forms import FilledSheet, FormsError, MissedCoordinationReport, Sheet, catalogue, render
from forms.batch.command import print_batch
from forms.datafile import read_sheet
from forms.definition import NOTICE, Definition
from forms.downtime_command import print_kit
from forms.export import exported
from forms.font import make_font
from forms.hearings import CAUTION, fee_words
from forms.reprint import reprint
from forms.samples import AMOUNTS, sample
from handoffs import schema
from handoffs.calendars import go_by_file
from handoffs.database import open_database
from rules import RulesError
from rules.terminal import exit_after

NO_DATABASE = "データベースを開けません。config.yaml の database を確かめてください。"


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        if chosen.command == "font":
            _font()
        elif chosen.command == "list":
            _list(chosen.region)
        elif chosen.command == "check":
            _check()
        elif chosen.command == "fields":
            _fields(catalogue().sheet(chosen.sheet, region=chosen.region))
        elif chosen.command == "batch":
            told = print_batch(chosen.sheet, chosen.region, chosen.data, chosen.count, chosen.out)
            print(told)
        elif chosen.command == "downtime-kit":
            return _downtime_kit(chosen)
        elif chosen.command == "reprint":
            print("印刷{}枚、様式として読めないもの{}件".format(*reprint(chosen.folder)))
        elif chosen.command == "export":
            _export(_asked(chosen))
        else:
            _print(_asked(chosen), chosen.out)
    except FormsError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m forms", description="シート(様式)の印刷")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("font", help="シートの文字(フォント)を作る。二度目からは確かめるだけ")
    commands.add_parser("check", help="様式・選択肢・地域の追加のファイルを読んで確かめる")
    listing = commands.add_parser("list", help="シートの一覧")
    listing.add_argument("--region", default="", metavar="REGION", help="地域の追加も含める")
    fields = commands.add_parser("fields", help="シートの欄と選択肢の一覧")
    printing = commands.add_parser("print", help="シートを1枚、PDFにする")
    exporting = commands.add_parser("export", help="シートの中身をJSONで書き出す")
    many = commands.add_parser("batch", help="同じシートを何枚も、フォルダーに印刷する")
    for one in (fields, printing, exporting, many):
        one.add_argument("sheet", metavar="SHEET", help="list に出る名前")
        one.add_argument("--region", default="", metavar="REGION", help="地域の様式で")
    for one in (printing, exporting):
        contents = one.add_mutually_exclusive_group(required=True)
        contents.add_argument("--data", type=Path, metavar="FILE", help="中身のYAMLファイル")
        contents.add_argument("--sample", choices=AMOUNTS, help="架空の人で")
    kit = commands.add_parser("downtime-kit", help="停止時用紙一式をPDFにする")
    kit.add_argument(
        "--as",
        dest="sign_in_name",
        default="",
        metavar="SIGN_IN_NAME",
        help="この人の見える一覧と連絡先も入れる(なければ白紙だけ)",
    )
    kit.add_argument("--region", default="", metavar="REGION", help="地域の様式で")
    kit.add_argument("--out", type=Path, required=True, metavar="FILE", help="書き出すPDF")
    again = commands.add_parser("reprint", help="残された様式のJSONを、同じフォルダーにPDFで")
    again.add_argument("folder", type=Path, metavar="FOLDER", help="JSONのあるフォルダー")
    which = many.add_mutually_exclusive_group(required=True)
    which.add_argument("--data", type=Path, metavar="FOLDER", help="中身のフォルダー")
    which.add_argument("--count", type=int, default=0, metavar="N", help="架空の人をN人")
    many.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="書き出す先")
    printing.add_argument("--out", type=Path, required=True, metavar="FILE", help="書き出すPDF")
    return parser


def _font() -> None:
    made = make_font()
    print(f"{made.path} を作りました。" if made.was_made else f"{made.path} はできています。")


def _list(region: str) -> None:
    for name in catalogue().names(region):
        definition = catalogue().sheet(name, region=region)
        count = len(definition.unverified_fields())
        checked = f"未確認の欄{count}" if count else "すべて確認済み"
        day = definition.version.isoformat()
        print(f"{name}\t{definition.title}\t{day}版\t{checked}")
    print(f"{MissedCoordinationReport.name}\t{MissedCoordinationReport.title}")
    print(f"{NOTICE}。欄ごとの出典と未確認は python -m forms fields SHEET で見られます。")


def _check() -> None:
    shelf = catalogue()
    for (region, name), additions in shelf.additions.items():
        for one in additions:
            shelf.sheet(name, region=region, addition=one.version)
    versions = sum(len(found) for found in shelf.versions.values())
    print(f"様式{versions}版、地域の追加{len(shelf.additions)}件、選択肢{len(shelf.codes)}表を"
          "読みました。")  # fmt: skip


def _fields(definition: Definition) -> None:
    unverified = {one.id for one in definition.unverified_fields()}
    sources = {one.id: one.title for one in definition.sources}
    for block in definition.blocks:
        print(f"[{block.id}] {block.title or definition.title}（出典: {sources[block.source]}）")
        for one in block.fields():
            mark = "\t未確認" if one.id in unverified else ""
            print(f"  {one.id}\t{one.label}\t{one.kind}{mark}")
            parts = one.columns or one.options
            for part in parts:
                print(f"    {part.id}\t{part.label}")
    if unverified:
        print(f"未確認の理由: {definition.unverified.why}。{NOTICE}。")


def _downtime_kit(chosen: argparse.Namespace) -> int:
    """Print the kit; the record is opened only for the lists."""
    now = datetime.now(UTC)
    if not chosen.sign_in_name:
        print_kit(chosen.region, chosen.out, now=now)
        return 0
    try:
        settings = config.load()
        go_by_file(settings.public_holidays)
        database = open_database(settings.database_url, settings.keys())
        if not schema.is_current(database):
            raise FormsError("先に python -m handoffs migrate を実行してください。")
        print_kit("", chosen.out, name=chosen.sign_in_name, database=database, now=now)
    except (config.ConfigError, RulesError) as error:
        print(error, file=sys.stderr)
        return 2
    except SQLAlchemyError:
        # Its text may hold the address with the user's name: it is not repeated.
        print(
            "データベースを開けません。config.yaml の database を確かめてください。",
            file=sys.stderr,
        )
        return 2
    return 0


def _asked(chosen: argparse.Namespace) -> Sheet:
    if chosen.data is None:
        return sample(chosen.sheet, chosen.sample, chosen.region)
    return read_sheet(chosen.data, chosen.sheet, chosen.region)


def _export(sheet: Sheet) -> None:
    if not isinstance(sheet, FilledSheet):
        raise FormsError("月報の数字は handoffs rates で書き出せます。")
    print(json.dumps(exported(sheet), ensure_ascii=False, indent=2))


def _print(sheet: Sheet, out: Path) -> None:
    content = render(sheet)
    unfinished = out.with_name(f"{out.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(out)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise FormsError(
            f"{out} に書けません。フォルダーがあるか、書けるかを確かめてください。"
        ) from None
    if isinstance(sheet, FilledSheet):
        _tell(sheet)


def _tell(sheet: FilledSheet) -> None:
    """Say what is still missing, and of a hearing log the class, after the sheet is written."""
    missing = [sheet.definition.labels[one.id] for one in sheet.missing()]
    if missing:
        print(f"まだ書かれていない欄: {'、'.join(missing)}")
    fee = fee_words(sheet)
    if fee:
        print(f"退院・退所加算の{fee.standing}（{'。'.join((*fee.why, *fee.missing))}）{CAUTION}")


if __name__ == "__main__":
    exit_after(main)
