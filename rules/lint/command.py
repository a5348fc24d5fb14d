"""The command `lint`: look editions over, and say what was found, with a patient for each."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from rules.edition import Edition
from rules.errors import EditionError, UsageError
from rules.fees.command import Commands
from rules.imagined_case import day
from rules.library import SHIPPED, edition_files
from rules.lint import holes_between, lint
from rules.lint.finding import Finding
from rules.public_holidays import PublicHolidays
from rules.reading.edition_file import edition_of

MONTHS_OF_A_YEAR = 12
LAST_SURE_DAY = 28
MOST_MONTHS = 120
MONTHS_OF_WHAT = (
    "--months は実績の期間です。--history ファイル をあわせて書くか、--months を消してください。"
)


@dataclass(frozen=True)
class Linted:
    """What came out for all files. refused: the files that could not be read."""

    editions: tuple[Edition, ...]
    findings: tuple[Finding, ...]
    refused: tuple[EditionError, ...] = field(default_factory=tuple)

    @property
    def faults(self) -> tuple[Finding, ...]:
        """The findings that are more than notes."""
        return tuple(finding for finding in self.findings if not finding.note)

    def lines(self) -> Iterator[str]:
        """Say everything, and how much it is."""
        for error in self.refused:
            yield f"× {error}"
        for finding in self.findings:
            yield from finding.lines()
        notes = len(self.findings) - len(self.faults)
        yield f"版{len(self.editions)}、指摘{len(self.faults)}、注{notes}"

    def as_json(self) -> dict[str, Any]:
        """Lay everything out for another program."""
        return {
            "editions": [str(edition.file) for edition in self.editions],
            "findings": [finding.as_json() for finding in self.findings],
            "refused": [str(error) for error in self.refused],
        }


def add_lint(commands: Commands) -> None:
    """Describe the command and what it takes."""
    command = commands.add_parser("lint", help="版に、効かない条文・矛盾・欠けなどがないかを調べる")
    command.add_argument(
        "path", nargs="?", type=Path, help="版のファイルか、地域のフォルダーの親(既定: 同梱の版)"
    )
    command.add_argument("--history", type=Path, help="実績のファイル(CSV か、一行に一件の JSON)")
    command.add_argument(
        "--months", type=_months, metavar="N", help="実績のうち、その日までのNか月だけを見る"
    )
    command.add_argument("--on", type=day, help="この日に有効かどうかを見る(既定: 今日)")
    command.add_argument("--holidays", type=Path, help="内閣府の祝日の一覧(syukujitsu.csv)")
    command.add_argument("--json", action="store_true", help="JSON で出す")


def answer_lint(given: argparse.Namespace, today: date) -> Linted:
    """Look over what was given; RulesError for a history or a folder that cannot be read."""
    on = given.on or today
    if given.months is not None and given.history is None:
        raise UsageError(MONTHS_OF_WHAT)
    since = None if given.months is None else _months_before(on, given.months)
    holidays = None if given.holidays is None else PublicHolidays.of_csv(given.holidays)
    path = given.path or SHIPPED
    editions, refused = _read(edition_files(path) if path.is_dir() else [path])
    findings: list[Finding] = []
    for edition in editions:
        findings += lint(edition, on, given.history, since, holidays)
    return Linted(editions, (*findings, *holes_between(editions)), refused)


def _read(files: list[Path]) -> tuple[tuple[Edition, ...], tuple[EditionError, ...]]:
    """Read every file, keeping those that are refused beside those that are not."""
    editions: list[Edition] = []
    refused: list[EditionError] = []
    for file in files:
        try:
            editions.append(edition_of(file))
        except EditionError as error:
            refused.append(error)
    return tuple(editions), tuple(refused)


def _months(text: str) -> int:
    """Read a number of months."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_MONTHS:
        message = f"「{text}」か月は使えません。1から{MOST_MONTHS}までの数を書いてください。"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _months_before(on: date, months: int) -> date:
    """Go back some months, to a day that every month has."""
    whole = on.year * MONTHS_OF_A_YEAR + on.month - 1 - months
    year, month = divmod(whole, MONTHS_OF_A_YEAR)
    return date(year, month + 1, min(on.day, LAST_SURE_DAY))
