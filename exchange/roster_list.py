"""An office's client roster as a CSV file: kana and birth date, the insured number if it is there.

Everything else in the file, names included, is never read. Pure: no database, no clock.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from exchange import cells
from exchange.cells import CellError
from exchange.csv_file import FileRefused, Line, lines_of
from exchange.heading import Column, Heading, heading_of
from handoffs.roster.keeping import RosterPerson
from handoffs.stays.patients import fold as fold_name

MOST_PEOPLE = 2000
"""Rows of one file; a large community support centre has some hundreds of clients."""

KANA, BIRTH, INSURED = "カナ", "生年月日", "被保険者番号"
COLUMNS = (
    Column(
        KANA,
        (
            *("フリガナ", "ふりがな", "かな", "カナ氏名", "氏名カナ", "氏名(カナ)", "利用者カナ"),
            *(
                "利用者氏名カナ",
                "利用者名カナ",
                "利用者氏名(カナ)",
                "利用者名(カナ)",
                "氏名フリガナ",
            ),
        ),
        mandatory=True,
    ),
    Column(BIRTH, ("誕生日", "利用者生年月日"), mandatory=True),
    Column(INSURED, ("介護保険被保険者番号", "被保険者No", "被保険者No.", "被保番号")),
)

_INSURED = re.compile(r"[0-9H][0-9]{9}")
Value = TypeVar("Value")


@dataclass(frozen=True, repr=False)
class RosterRow:
    """One client as the file has them."""

    line: Line
    person: RosterPerson


@dataclass(frozen=True, repr=False)
class RejectedClient:
    """A row that cannot be taken, and why; each reason begins with the name of its column."""

    line: Line
    reasons: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class RosterList:
    """What was read of a file."""

    heading: Heading
    rows: tuple[RosterRow, ...]
    rejected: tuple[RejectedClient, ...]


def read_roster(content: bytes, today: date) -> RosterList:
    """Read the bytes of a roster.

    Raises:
        FileRefused: the file cannot be used as a whole.
    """
    return roster_of(lines_of(content), today)


def roster_of(lines: Iterator[Line], today: date) -> RosterList:
    """Read the rows of a roster, the heading first. As `read_roster`."""
    heading = heading_of(lines, COLUMNS)
    rows: list[RosterRow] = []
    rejected: list[RejectedClient] = []
    seen: dict[tuple[str, date, str | None], int] = {}
    for read in lines:
        line = Line(read.number, heading.own(read.cells))
        person, reasons = _person(line, heading, today)
        if person is not None:
            key = (fold_name(person.kana), person.birth_on, person.insured_number)
            first = seen.setdefault(key, line.number)
            if first != line.number:
                reasons = (f"{first}行目と同じ方です。一行にしてください。",)
        if reasons or person is None:
            rejected.append(RejectedClient(line, reasons))
        else:
            rows.append(RosterRow(line, person))
        if len(rows) + len(rejected) > MOST_PEOPLE:
            raise FileRefused(
                f"{MOST_PEOPLE}人を超えています。担当が終わった方を除いてください。", read.number
            )
    if not rows and not rejected:
        raise FileRefused("見出しのほかに行がありません。もとの画面から出し直してください。")
    return RosterList(heading, tuple(rows), tuple(rejected))


def _person(
    line: Line, heading: Heading, today: date
) -> tuple[RosterPerson | None, tuple[str, ...]]:
    """The person of a row, or the reasons against it: every mistake, not only the first."""
    width = len(heading.cells)
    if len(line.cells) != width:
        have = len(line.cells)
        return None, (f"列の数が見出しと合いません(見出し{width}列、この行{have}列)。",)
    reasons: list[str] = []

    def cell(column: str, read: Callable[[str], Value]) -> Value | None:
        at = heading.places.get(column)
        text = "" if at is None else line.cells[at]
        try:
            cells.refuse_unusable(text)
            return read(text)
        except CellError as error:
            reasons.append(f"{column}: {error}")
            return None

    kana = cell(KANA, cells.kana_of)
    birth_on = cell(BIRTH, lambda text: cells.birth_of(text, today))
    number = cell(INSURED, _insured)
    if reasons or kana is None or birth_on is None:
        return None, tuple(reasons)
    return RosterPerson(kana, birth_on, number), ()


def _insured(text: str) -> str | None:
    number = cells.plain(text).upper()
    if number and not _INSURED.fullmatch(number):
        raise CellError("10桁の番号を書いてください。分からないときは空欄にしてください。")
    return number or None
