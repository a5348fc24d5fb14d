"""A ward list: everybody on the wards, of whom only the confirmed candidates are read.

The column 対象 says whom the ward confirmed. Of everybody else nothing is read further, kept or
printed; they are counted. The six facts without which nobody can be registered must be there;
the rest may be missing or empty. Pure: no database, no clock, no output.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import TypeVar

from exchange import cells
from exchange import ward_columns as words
from exchange.cells import CellError
from exchange.csv_file import FileRefused, Line, lines_of
from exchange.heading import Heading, heading_of
from handoffs.stays.certification import Application, CareNeedLevel
from handoffs.stays.patients import fold as fold_name
from handoffs.stays.stay import PlannedCertainty, wrong_planned_day

MOST_ROWS = 200
"""Candidates and rejected rows in one file.

All are taken in by one transaction. An admission costs some 30 ms, and a SQLite writer elsewhere
gives up after 15 seconds of waiting.
"""

Value = TypeVar("Value")


@dataclass(frozen=True)
class Plan:
    """A planned discharge as the list says it."""

    on: date | None
    certainty: PlannedCertainty


@dataclass(frozen=True, repr=False)
class WardRow:
    """One confirmed candidate. `plan` is None where the list says nothing.

    `office_number` is None where it says nothing and empty where it says that there is none.
    """

    line: Line
    number: str | None
    name: str
    kana: str
    birth_on: date
    admitted_on: date
    admitted_time: time | None
    ward_id: int
    level: CareNeedLevel
    application: Application
    plan: Plan | None
    office_number: str | None

    def same_person(self) -> tuple[tuple[object, ...], ...]:
        """By what the person is known in this file: the number, and kana with birth date."""
        described = (fold_name(self.kana), self.birth_on)
        return (described,) if self.number is None else ((self.number,), described)


@dataclass(frozen=True, repr=False)
class RejectedRow:
    """A row that cannot be taken, and why; each reason begins with the name of its column."""

    line: Line
    reasons: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class WardList:
    """What was read. `dropped` counts the people who are no candidates."""

    heading: Heading
    rows: tuple[WardRow, ...]
    rejected: tuple[RejectedRow, ...]
    dropped: int


def read_ward_list(content: bytes, wards: Mapping[str, int], today: date) -> WardList:
    """Read the bytes of a ward list. `wards` are the ids of the hospital's wards by their names.

    Raises:
        FileRefused: the file cannot be used as a whole.
    """
    return ward_list_of(lines_of(content), wards, today)


def ward_list_of(lines: Iterator[Line], wards: Mapping[str, int], today: date) -> WardList:
    """Read the rows of a ward list, the heading first. As `read_ward_list`."""
    heading = heading_of(lines, words.COLUMNS)
    rows: list[WardRow] = []
    rejected: list[RejectedRow] = []
    dropped = 0
    seen: dict[tuple[object, ...], WardRow] = {}
    for read in lines:
        line = Line(read.number, heading.own(read.cells))
        row, reasons = _Reading(line, heading, wards, today).row()
        twin = _twin(seen, row) if row is not None else None
        if row is not None and twin is None:
            rows.append(row)
            seen |= dict.fromkeys(row.same_person(), row)
        elif reasons or twin is not None:
            same = (
                ()
                if twin is None
                else (f"{twin.line.number}行目と同じ方です。一行にしてください。",)
            )
            rejected.append(RejectedRow(line, (*reasons, *same)))
        else:
            dropped += 1
        if len(rows) + len(rejected) > MOST_ROWS:
            raise FileRefused(
                f"対象の方が{MOST_ROWS}人を超えています。ファイルを分けてください。", read.number
            )
    return WardList(heading, tuple(rows), tuple(rejected), dropped)


def _twin(seen: Mapping[tuple[object, ...], WardRow], row: WardRow) -> WardRow | None:
    """The earlier row about the same person, if any. Two numbers are two people."""
    for key in row.same_person():
        other = seen.get(key)
        if other is not None and (
            other.number == row.number or other.number is None or row.number is None
        ):
            return other
    return None


class _Reading:
    """One row while it is read: every mistake is noted, not only the first."""

    def __init__(self, line: Line, heading: Heading, wards: Mapping[str, int], today: date) -> None:
        self.line = line
        self.heading = heading
        self.wards = wards
        self.today = today
        self.reasons: list[str] = []

    def row(self) -> tuple[WardRow | None, tuple[str, ...]]:
        """The row, or the reasons against it; neither for somebody who is no candidate."""
        width = len(self.heading.cells)
        if len(self.line.cells) != width:
            have = len(self.line.cells)
            return None, (f"列の数が見出しと合いません(見出し{width}列、この行{have}列)。",)
        candidate = self._cell(words.CANDIDATE, cells.marked)
        if not candidate:
            return None, tuple(self.reasons)
        birth_on = self._cell(words.BIRTH, lambda text: cells.birth_of(text, self.today))
        admitted_on = self._cell(words.ADMITTED, self._admitted)
        plan = self._cell(words.PLANNED, self._plan)
        if admitted_on is not None and plan is not None:
            self._note(
                words.PLANNED, wrong_planned_day(plan.on, plan.certainty, admitted_on, self.today)
            )
        number = self._cell(words.NUMBER, cells.number_of)
        name, kana = self._cell(words.NAME, cells.name_of), self._cell(words.KANA, cells.kana_of)
        admitted_time = self._cell(words.ADMITTED_TIME, cells.time_of)
        ward_id = self._cell(words.WARD, self._ward)
        level = self._cell(
            words.LEVEL, lambda text: cells.word_of(text, words.LEVELS, words.LEVELS_TOLD)
        )
        application = self._cell(words.APPLICATION, self._application)
        office = self._cell(words.OFFICE, self._office)
        if (
            self.reasons
            or name is None
            or kana is None
            or birth_on is None
            or admitted_on is None
            or ward_id is None
            or level is None
            or application is None
        ):
            return None, tuple(self.reasons)
        return (
            WardRow(
                line=self.line,
                number=number,
                name=name,
                kana=kana,
                birth_on=birth_on,
                admitted_on=admitted_on,
                admitted_time=admitted_time,
                ward_id=ward_id,
                level=level,
                application=application,
                plan=plan,
                office_number=office,
            ),
            (),
        )

    def _cell(self, column: str, read: Callable[[str], Value]) -> Value | None:
        at = self.heading.places.get(column)
        text = "" if at is None else self.line.cells[at]
        try:
            cells.refuse_unusable(text)
            return read(text)
        except CellError as error:
            self._note(column, str(error))
            return None

    def _note(self, column: str, reason: str | None) -> None:
        if reason:
            self.reasons.append(f"{column}: {reason}")

    def _admitted(self, text: str) -> date:
        day = cells.day_of(text, self.today)
        if day > self.today:
            raise CellError("今日より後の日付です。入院した日を書いてください。")
        return day

    def _plan(self, text: str) -> Plan | None:
        word = cells.plain(text)
        if word in words.SAYS_NOTHING:
            return None
        if word == words.UNDECIDED:
            return Plan(None, PlannedCertainty.UNDECIDED)
        bare = word
        for about in words.ABOUT:
            bare = bare.removeprefix(about).removesuffix(about)
        certainty = PlannedCertainty.FIXED if bare == word else PlannedCertainty.ABOUT
        return Plan(cells.day_of(bare, self.today), certainty)

    def _ward(self, text: str) -> int:
        known = {cells.plain(name): ward_id for name, ward_id in self.wards.items()}
        return cells.word_of(text, known, f"この病院の病棟({'、'.join(self.wards)})")

    @staticmethod
    def _application(text: str) -> Application:
        word = cells.plain(text)
        if word not in words.APPLICATIONS:
            raise CellError(f"{words.APPLICATIONS_TOLD}のどれかを書いてください。")
        return words.APPLICATIONS[word]

    @staticmethod
    def _office(text: str) -> str | None:
        word = cells.plain(text).upper()
        if not word:
            return None
        return "" if word in words.NO_OFFICE else word.replace("-", "")
