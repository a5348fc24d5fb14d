"""Check the editions, and decide for one imagined patient, from a terminal.

`python -m rules check` holds every edition to its own examples; `python -m rules decide`
answers for facts in a file; `python -m rules window` counts the days of a fee. Exit code 0:
an answer, or all is well; 1: an edition does not do what its examples say; 2: something
that was given cannot be read, with file, line and what to write instead.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

from rules.check import check_examples
from rules.decision import decide
from rules.document import day_of, time_of
from rules.edition import Edition
from rules.edition_file import edition_of
from rules.errors import EngineError, ExampleError, RulesError
from rules.facts_file import calendars_of_file, facts_of_file
from rules.kinds import Whose
from rules.library import SHIPPED, Library, edition_files, placed_edition
from rules.moments import MONDAY_TO_FRIDAY, Calendars, Moments
from rules.printing import check_line, decision_lines
from rules.window_command import add_window, answer_window

WELL = 0
FAILED = 1
BAD_INPUT = 2
PLAIN_CALENDAR = "月曜から金曜を開いている日として数えました(祝日・休業日は入っていません)"


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
        if given.command == "window":
            return _window(given)
        return _decide(given)
    except EngineError as error:
        print(error, file=sys.stderr)
        return FAILED
    except RulesError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT


def _check(path: Path | None) -> int:
    """Check one file, or every edition of a folder, and print a table."""
    if path is not None and not path.is_dir():
        return _outcome(path, _draft)
    outcomes = [_outcome(file, placed_edition) for file in edition_files(path or SHIPPED)]
    worst = max(outcomes, default=BAD_INPUT)
    if not outcomes:
        print("版が一つもありません。", file=sys.stderr)
    elif worst == WELL:
        Library.load(path)
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


def _decide(given: argparse.Namespace) -> int:
    """Decide for the facts of one file and print the answer."""
    admitted_on, admitted_time = given.admitted
    edition = _edition(given, admitted_on)
    facts = facts_of_file(given.facts, edition.vocabulary)
    moments = Moments(
        admitted_on, admitted_time, given.planned_discharge, given.discharged, given.need_seen
    )
    if given.calendar is None:
        calendars: Calendars = dict.fromkeys(Whose, MONDAY_TO_FRIDAY)
        calendar = PLAIN_CALENDAR
    else:
        calendars = calendars_of_file(given.calendar)
        calendar = f"{given.calendar} によります"
    decision = decide(edition, facts, moments, calendars)
    if given.json:
        answer = {**decision.as_json(), "calendar": calendar}
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        print(*decision_lines(decision, edition.vocabulary, calendar), sep="\n")
    return WELL


def _window(given: argparse.Namespace) -> int:
    """Count the days of a fee; the clock only tells which holidays are gazetted by now."""
    answer = answer_window(given, datetime.now(ZoneInfo("Asia/Tokyo")).date())
    if given.json:
        print(json.dumps(answer.as_json(), ensure_ascii=False, indent=2))
    else:
        print(*answer.lines(), sep="\n")
    return WELL


def _edition(given: argparse.Namespace, admitted_on: date) -> Edition:
    """Find the edition in force on the day of admission, or read the one that was named."""
    if given.edition is None:
        return Library.load().in_force(given.region, admitted_on)
    return _draft(given.edition)


def _draft(file: Path) -> Edition:
    """Read an edition that lies anywhere under any name, and hold it to its examples."""
    edition = edition_of(file)
    check_examples(edition)
    return edition


def _admitted(text: str) -> tuple[date, time | None]:
    """Read `2026-11-20T10:00`, or the day alone where the time is not known."""
    day, joint, clock = text.partition("T")
    try:
        return day_of(day), time_of(clock) if joint else None
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"入院日時「{text}」は読めません。2026-11-20T10:00 か 2026-11-20 と書いてください。"
        ) from None


def _day(text: str) -> date:
    """Read a day written as 2026-11-20."""
    try:
        return day_of(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"日付「{text}」は読めません。2026-11-20 のように書いてください。"
        ) from None


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
    which = decide_one.add_mutually_exclusive_group(required=True)
    which.add_argument("--region", help="地域の名前。入院日に有効な版を使う(例: mihon)")
    which.add_argument("--edition", type=Path, help="使う版のファイル")
    decide_one.add_argument(
        "--admitted", required=True, type=_admitted, help="入院日時。2026-11-20T10:00"
    )
    decide_one.add_argument(
        "--facts", required=True, type=Path, help="判定項目のファイル(YAML か JSON)"
    )
    decide_one.add_argument("--planned-discharge", type=_day, help="退院予定日。書かなければ未定")
    decide_one.add_argument("--discharged", type=_day, help="退院日")
    decide_one.add_argument("--need-seen", type=_day, help="支援が必要と分かった日")
    decide_one.add_argument(
        "--calendar", type=Path, help=f"開いている日のファイル。書かなければ、{PLAIN_CALENDAR}"
    )
    decide_one.add_argument("--json", action="store_true", help="JSON で出す")
    add_window(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
