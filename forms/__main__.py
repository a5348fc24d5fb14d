"""`python -m forms`: make the font, list the sheets, print one.

    python -m forms font
    python -m forms list
    python -m forms print SHEET --sample full --out sheet.pdf
    python -m forms print SHEET --data FILE --out sheet.pdf

Exit status 0 for a sheet on disk, 2 for input that cannot be printed, with file and line.
"""

import argparse
import os
import sys
from pathlib import Path

from forms import FormsError, render
from forms.admission_fields import SOURCE, UNVERIFIED
from forms.datafile import read_sheet
from forms.font import make_font
from forms.samples import AMOUNTS, sample
from forms.sheets import SHEETS, AdmissionInformation


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        if chosen.command == "font":
            _font()
        elif chosen.command == "list":
            _list()
        else:
            _print(chosen.sheet, chosen.data, chosen.sample, chosen.out)
    except FormsError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m forms", description="シート(様式)の印刷")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("font", help="シートの文字(フォント)を作る。二度目からは確かめるだけ")
    commands.add_parser("list", help="シートの一覧")
    printing = commands.add_parser("print", help="シートを1枚、PDFにする")
    printing.add_argument("sheet", metavar="SHEET", help="、".join(SHEETS))
    contents = printing.add_mutually_exclusive_group(required=True)
    contents.add_argument("--data", type=Path, metavar="FILE", help="中身を書いたYAMLファイル")
    contents.add_argument("--sample", choices=AMOUNTS, help="架空の人で印刷する")
    printing.add_argument("--out", type=Path, required=True, metavar="FILE", help="書き出すPDF")
    return parser


def _font() -> None:
    made = make_font()
    print(f"{made.path} を作りました。" if made.was_made else f"{made.path} はできています。")


def _list() -> None:
    for name, sheet in SHEETS.items():
        print(f"{name}\t{sheet.title}")
    print(
        f"{AdmissionInformation.name} の出典: {SOURCE}。"
        f"未確認の欄が{len(UNVERIFIED)}あります。様式は自治体の最新版をご確認ください。"
    )


def _print(name: str, data: Path | None, amount: str | None, out: Path) -> None:
    sheet = sample(name, amount or "full") if data is None else read_sheet(data, name)
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


if __name__ == "__main__":
    sys.exit(main())
