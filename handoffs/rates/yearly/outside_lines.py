"""Outside figures as lines of CSV, pasted into a page or read from a file.

The heading names the columns in Japanese; a line that cannot be taken is refused with its
number and nothing of the file is written. A paste out of a spreadsheet has tabs: both are read.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime

from sqlmodel import Session

from handoffs.era import DateError, DateNeedsEra, parse_date
from handoffs.errors import BadEntry, HandoffError
from handoffs.parties import Actor
from handoffs.rates.yearly.indicators import FigureKind, Unit, name_label, names_of
from handoffs.rates.yearly.outside import FigureEntry, enter
from handoffs.tokyo import day_of

COLUMNS = ("種類", "名前", "地域", "期間", "値", "単位", "出典", "出典の日付", "数え方")
_NEEDED = ("種類", "名前", "期間", "値", "出典", "出典の日付")
_FIELDS = {
    "kind": "種類", "name": "名前", "place": "地域", "period": "期間", "value": "値",
    "unit": "単位", "source": "出典", "source_on": "出典の日付", "definition": "数え方",
}  # fmt: skip
_KINDS = {
    "指標": FigureKind.INDICATOR,
    "外の件数": FigureKind.COVERAGE,
    "基準値": FigureKind.BASELINE,
}
MOST_LINES = 2_000


class LinesRefused(HandoffError):
    """Some line cannot be taken; `problems` names each with its number. Nothing was written."""

    def __init__(self, problems: list[str]) -> None:
        """Keep every complaint."""
        super().__init__("\n".join(problems))
        self.problems = problems


def enter_lines(
    session: Session, region: str, text: str, *, by: Actor | None, now: datetime
) -> int:
    """Write every line down, or none; how many of them were new. Raises LinesRefused."""
    entries, problems = [], []
    for number, line in lines_of(text):
        try:
            entries.append((number, _entry(line, day_of(now))))
        except ValueError as wrong:
            problems.append(f"{number}行目: {wrong}")
    if problems:
        raise LinesRefused(problems)
    new = 0
    with session.begin_nested():
        for number, entry in entries:
            try:
                new += enter(session, region, entry, by=by, now=now) is not None
            except BadEntry as bad:
                problems += [f"{number}行目（{_FIELDS[f]}）: {m}" for f, m in bad.fields.items()]
        if problems:
            raise LinesRefused(problems)
    return new


def lines_of(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line below the heading with its number.

    Raises LinesRefused for a strange heading, and for what cannot be told apart into cells.
    """
    try:
        yield from _lines_in(text)
    except csv.Error:
        raise LinesRefused(
            ["長すぎる欄か、閉じていない引用符があります。表計算の表から写し直してください。"]
        ) from None


def _lines_in(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    text = text.removeprefix("\ufeff").strip("\r\n")
    first = text.partition("\n")[0]
    pasted = io.StringIO(text, newline="")
    reader = csv.reader(pasted, delimiter="\t" if "\t" in first else ",")
    head = [cell.strip() for cell in next(reader, [])]
    missing = [name for name in _NEEDED if name not in head]
    strange = [name for name in head if name not in COLUMNS]
    if missing or strange:
        what = f"足りない列: {'、'.join(missing)}。" if missing else ""
        what += f"知らない列: {'、'.join(strange)}。" if strange else ""
        raise LinesRefused([f"1行目の見出しを確かめてください。{what}"])
    for number, cells in enumerate(reader, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if number > MOST_LINES:
            raise LinesRefused([f"{MOST_LINES}行までに分けてください。"])
        if len(cells) > len(head):
            raise LinesRefused([f"{number}行目: 見出しより列が多くなっています。"])
        yield number, dict(zip(head, (cell.strip() for cell in cells), strict=False))


def _entry(line: dict[str, str], today: date) -> FigureEntry:
    """Read one line. Raises ValueError in Japanese."""
    kind = _KINDS.get(line.get("種類", ""))
    if kind is None:
        raise ValueError(f"種類は {'、'.join(_KINDS)} のどれかを書いてください。")
    labels = {name_label(kind, name): name for name in names_of(kind)}
    name = line.get("名前", "")
    if name not in labels and name not in labels.values():
        raise ValueError(f"名前は {'、'.join(labels)} のどれかを書いてください。")
    units = {one.label: one for one in Unit}
    unit = line.get("単位", "")
    if unit and unit not in units:
        raise ValueError(f"単位は {'、'.join(units)} のどれかを書いてください。")
    try:
        source_on = parse_date(line.get("出典の日付", ""), today=today)
    except (DateError, DateNeedsEra):
        raise ValueError("出典の日付は 2026-10-01 や R8.10.1 のように書いてください。") from None
    return FigureEntry(
        kind=kind,
        name=labels.get(name, name),
        place=line.get("地域", ""),
        period=line.get("期間", ""),
        value=line.get("値", ""),
        unit=units.get(unit),
        source=line.get("出典", ""),
        source_on=source_on,
        definition=line.get("数え方", ""),
    )
