"""One imagined case from the command line: an edition, facts, the days of a stay, calendars.

The commands that answer for one patient take the same arguments, described and read here.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from pathlib import Path

from rules.check import check_examples
from rules.decision import Decision, decide
from rules.edition import Edition
from rules.errors import FactError
from rules.facts import Facts
from rules.kinds import Whose
from rules.library import Library
from rules.moments import MONDAY_TO_FRIDAY, Calendars, Moments
from rules.public_holidays import FIRST_YEAR, LAST_YEAR, public_holidays
from rules.reading.document import day_of, time_of
from rules.reading.edition_file import edition_of
from rules.reading.facts_file import calendars_of_file, facts_of_file

PLAIN_CALENDAR = "祝日でない月曜から金曜を開いている日として数えました(休業日は入っていません)"


@dataclass(frozen=True)
class ImaginedCase:
    """Everything that one decision needs. calendar: in words, which days were taken as open."""

    edition: Edition
    facts: Facts
    moments: Moments
    calendars: Calendars
    calendar: str

    def decision(self) -> Decision:
        """Decide; EngineError and CalendarError as `decide`."""
        return decide(self.edition, self.facts, self.moments, self.calendars)

    def with_facts(self, facts: Facts) -> ImaginedCase:
        """Take the same stay with other facts."""
        return replace(self, facts=facts)


def add_case(command: argparse.ArgumentParser, *, facts_required: bool = True) -> None:
    """Describe the arguments of one imagined case.

    Where facts are not required, the admission is not either.
    """
    which = command.add_mutually_exclusive_group(required=True)
    which.add_argument("--region", help="地域の名前。入院日に有効な版を使う(例: mihon)")
    which.add_argument("--edition", type=Path, help="使う版のファイル")
    command.add_argument(
        "--admitted", required=facts_required, type=admitted, help="入院日時。2026-11-20T10:00"
    )
    command.add_argument(
        "--facts",
        required=facts_required,
        type=Path,
        help="判定項目のファイル(YAML か JSON)",
    )
    command.add_argument("--planned-discharge", type=day, help="退院予定日。書かなければ未定")
    command.add_argument("--discharged", type=day, help="退院日")
    command.add_argument("--need-seen", type=day, help="支援が必要と分かった日")
    command.add_argument("--discharge-known", type=day, help="退院予定が分かった日")
    command.add_argument(
        "--calendar",
        type=Path,
        help="開いている日のファイル。書かなければ、祝日でない月曜から金曜を開いている日とする",
    )
    command.add_argument("--json", action="store_true", help="JSON で出す")


def case_of(given: argparse.Namespace, today: date) -> ImaginedCase:
    """Read the case that was given; RulesError for what cannot be read.

    today: the admission, where none was given.
    """
    admitted_on, admitted_time = given.admitted or (today, None)
    edition = _edition(given, admitted_on)
    facts = Facts() if given.facts is None else facts_of_file(given.facts, edition.vocabulary)
    moments = Moments(
        admitted_on,
        admitted_time,
        given.planned_discharge,
        given.discharged,
        given.need_seen,
        given.discharge_known,
    )
    if given.calendar is None:
        calendars = plain_calendars(admitted_on)
        return ImaginedCase(edition, facts, moments, calendars, PLAIN_CALENDAR)
    calendars = calendars_of_file(given.calendar)
    return ImaginedCase(edition, facts, moments, calendars, f"{given.calendar} によります")


def plain_calendars(around: date) -> Calendars:
    """Everybody open from Monday to Friday, but for the public holidays of the years around."""
    years = range(max(around.year - 1, FIRST_YEAR), min(around.year + 3, LAST_YEAR) + 1)
    closed = frozenset(holiday for year in years for holiday in public_holidays(year))
    return dict.fromkeys(Whose, replace(MONDAY_TO_FRIDAY, closed=closed))


def changed_facts(facts: Facts, edition: Edition, settings: Sequence[str]) -> Facts:
    """Apply `fact=value` words one after another; FactError names the nearest known word."""
    changes: dict[str, str] = {}
    for setting in settings:
        fact, joint, value = setting.partition("=")
        if not joint:
            message = f"「{setting}」は読めません。mobility=full_help のように書いてください。"
            raise FactError(setting, message)
        changes[fact] = value
    return Facts.of({**facts.given, **changes}, edition.vocabulary)


def draft(file: Path) -> Edition:
    """Read an edition that lies anywhere under any name, and hold it to its examples."""
    edition = edition_of(file)
    check_examples(edition)
    return edition


def admitted(text: str) -> tuple[date, time | None]:
    """Read `2026-11-20T10:00`, or the day alone where the time is not known."""
    on, joint, clock = text.partition("T")
    try:
        return day_of(on), time_of(clock) if joint else None
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"入院日時「{text}」は読めません。2026-11-20T10:00 か 2026-11-20 と書いてください。"
        ) from None


def day(text: str) -> date:
    """Read a day written as 2026-11-20."""
    try:
        return day_of(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"日付「{text}」は読めません。2026-11-20 のように書いてください。"
        ) from None


def _edition(given: argparse.Namespace, admitted_on: date) -> Edition:
    """Find the edition in force on the day of admission, or read the one that was named."""
    if given.edition is None:
        return Library.load().in_force(given.region, admitted_on)
    return draft(given.edition)
