"""Check the editions, and decide for one imagined patient, from a terminal.

`python -m rules check` holds every edition to its own examples; `decide` answers for facts
in a file, `why` explains the answer, `simulate` changes facts and shows what that changes;
`difference` says what differs between two editions; `lint` looks editions over for faults;
`window` counts the days of a fee.
Exit code 0: an answer, or all is well; 1: an edition does not do what its examples say, or
has a fault; 2: something that was given cannot be read,
with file, line and what to write instead.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from rules.agreement import agreements
from rules.cross_command import add_cross, answer_cross
from rules.difference.command import add_difference, answer_difference
from rules.edition import Edition
from rules.errors import EngineError, ExampleError, RulesError
from rules.fees.command import add_window, answer_window
from rules.imagined_case import add_case, case_of, draft
from rules.library import SHIPPED, Library, edition_files, placed_edition
from rules.lint.command import add_lint, answer_lint
from rules.printing import check_line, decision_lines
from rules.schema import schema
from rules.terminal import exit_after
from rules.why.command import add_why, answer_simulate, answer_why

WELL = 0
FAILED = 1
BAD_INPUT = 2


class Parser(argparse.ArgumentParser):
    """An argument parser that answers wrong usage in Japanese, with exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and how the command is written."""
        self.exit(BAD_INPUT, f"使い方が違います: {message}\n{self.format_usage()}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    # A file name that is no valid text must not end in a traceback.
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    given = _parser().parse_args(arguments)
    try:
        if given.command == "check":
            return _check(given.path)
        if given.command == "lint":
            return _lint(given)
        _print(_answer(given))
    except EngineError as error:
        print(error, file=sys.stderr)
        return FAILED
    except RulesError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    return WELL


def _answer(given: argparse.Namespace) -> dict[str, Any] | Iterable[str]:
    """Work out what a command answers: a mapping for JSON, or lines."""
    # The commands that imagine a patient admit them today where no day was given.
    today = _today()
    if given.command == "why":
        return answer_why(given, today)
    if given.command == "simulate":
        return answer_simulate(given, today)
    if given.command == "schema":
        return schema()
    if given.command == "difference":
        return answer_difference(given)
    if given.command == "cross":
        return answer_cross(given, today)
    if given.command == "window":
        window = answer_window(given, today)
        return window.as_json() if given.json else window.lines()
    return _decide(given, today)


def _today() -> date:
    """The day in Japan, wherever the terminal stands."""
    return datetime.now(ZoneInfo("Asia/Tokyo")).date()


def _print(answer: dict[str, Any] | Iterable[str]) -> None:
    """Print JSON, or lines."""
    if isinstance(answer, dict):
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        print(*answer, sep="\n")


def _lint(given: argparse.Namespace) -> int:
    """Look editions over and print what was found; a file that cannot be read weighs most."""
    linted = answer_lint(given, _today())
    _print(linted.as_json() if given.json else linted.lines())
    if linted.refused or not linted.editions:
        return BAD_INPUT
    return FAILED if linted.faults else WELL


def _check(path: Path | None) -> int:
    """Check one file, or every edition of a folder, and print a table."""
    if path is not None and not path.is_dir():
        return _outcome(path, draft)
    outcomes = [_outcome(file, placed_edition) for file in edition_files(path or SHIPPED)]
    worst = max(outcomes, default=BAD_INPUT)
    if not outcomes:
        print("版が一つもありません。", file=sys.stderr)
    elif worst == WELL:
        library = Library.load(path)
        if path is None:
            agreements(None, {edition.region for edition in library.editions})
    return worst


def _outcome(file: Path, checked: Callable[[Path], Edition]) -> int:
    """Check one file and print its row, whatever comes out."""
    try:
        print(check_line(checked(file)))
    except ExampleError as error:
        print(f"× {error}", file=sys.stderr)
        return FAILED
    except RulesError as error:
        print(f"× {error}", file=sys.stderr)
        return BAD_INPUT
    return WELL


def _decide(given: argparse.Namespace, today: date) -> dict[str, Any] | Iterable[str]:
    """Decide for the facts of one file."""
    case = case_of(given, today)
    decision = case.decision()
    if given.json:
        return {**decision.as_json(), "calendar": case.calendar}
    return decision_lines(decision, case.edition.vocabulary, case.calendar)


def _parser() -> Parser:
    """Describe the commands and what they take."""
    parser = Parser(
        prog="python -m rules", description="退院調整ルールの版を確かめ、判定を試します。"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    check = commands.add_parser("check", help="版が、書かれた例のとおりに動くかを確かめる")
    check.add_argument(
        "path", nargs="?", type=Path, help="版のファイルか、地域のフォルダーの親(既定: 同梱の版)"
    )
    decide_one = commands.add_parser("decide", help="一人分の判定項目から判定する")
    add_case(decide_one)
    add_why(commands)
    add_difference(commands)
    add_cross(commands)
    add_lint(commands)
    commands.add_parser("schema", help="版のファイルの JSON Schema を出す(エディターでの補完用)")
    add_window(commands)
    return parser


if __name__ == "__main__":
    exit_after(main)
