"""Lines of a shadow month read from CSV, or from cells pasted out of a spreadsheet.

Facts stand in columns named by the edition's own words; a value is its id or its Japanese word,
nothing is unknown. Every mistake is named with its line and nothing is taken in. No message
quotes what stood in a cell: a sign could have been a name.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date

from handoffs.csv_cell import harmless
from handoffs.era import DateError, parse_date
from handoffs.rates.shadow.line import MOST_OF_A_MONTH, SIGN, LineEntry
from handoffs.rates.yearly.outside_lines import LinesRefused
from rules import UNKNOWN, Vocabulary

FIRST_COLUMNS = ("記号", "入院日", "退院予定日", "退院日", "紙の入院連絡日", "紙の退院連絡日")
_DAYS = {
    "入院日": "admitted_on",
    "退院予定日": "planned_on",
    "退院日": "discharged_on",
    "紙の入院連絡日": "paper_admission_on",
    "紙の退院連絡日": "paper_discharge_on",
}


def heading(vocabulary: Vocabulary) -> str:
    """The heading line to begin from, with a byte order mark for Excel."""
    target = io.StringIO(newline="")
    labels = [harmless(fact.label) for fact in vocabulary.values()]
    csv.writer(target, lineterminator="\r\n").writerow([*FIRST_COLUMNS, *labels])
    return "\ufeff" + target.getvalue()


def read_lines(text: str, vocabulary: Vocabulary, *, today: date) -> list[LineEntry]:
    """Read every line, or refuse all of them with each complaint. Raises LinesRefused."""
    entries: list[LineEntry] = []
    problems: list[str] = []
    signs: dict[str, int] = {}
    for number, cells in _cells(text, vocabulary):
        try:
            entry = _entry(cells, vocabulary, today)
        except ValueError as wrong:
            problems.append(f"{number}行目: {wrong}")
            continue
        if entry.code in signs:
            problems.append(f"{number}行目: {signs[entry.code]}行目と同じ記号です。")
        signs.setdefault(entry.code, number)
        entries.append(entry)
    if problems:
        raise LinesRefused(problems)
    if not entries:
        raise LinesRefused(["行がありません。見出しの下に、一人一行で書いてください。"])
    return entries


def _cells(text: str, vocabulary: Vocabulary) -> Iterator[tuple[int, dict[str, str]]]:
    text = text.removeprefix("\ufeff").strip("\r\n")
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter="\t" if "\t" in first else ",")
    head = [cell.strip() for cell in next(reader, [])]
    facts = {fact.label: id_ for id_, fact in vocabulary.items()}
    known = {*FIRST_COLUMNS, *facts, *vocabulary}
    missing = [name for name in FIRST_COLUMNS[:2] if name not in head]
    strange = [n + 1 for n, name in enumerate(head) if name not in known]
    if missing or strange or len(set(head)) != len(head):
        what = f"足りない列: {'、'.join(missing)}。" if missing else ""
        if strange:
            what += f"{'・'.join(map(str, strange))}列目の見出しは、この版にない言葉です。"
        elif not missing:
            what += "同じ見出しが二つあります。"
        raise LinesRefused([f"1行目の見出しを確かめてください。{what}"])
    for number, cells in enumerate(reader, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if number > MOST_OF_A_MONTH:
            raise LinesRefused([f"{MOST_OF_A_MONTH}行までに分けてください。"])
        if len(cells) > len(head):
            raise LinesRefused([f"{number}行目: 見出しより列が多くなっています。"])
        row = dict(zip(head, (cell.strip() for cell in cells), strict=False))
        yield number, {facts.get(name, name): cell for name, cell in row.items()}


def _entry(cells: Mapping[str, str], vocabulary: Vocabulary, today: date) -> LineEntry:
    """Read one line. Raises ValueError in Japanese."""
    code = cells.get("記号", "")
    if not SIGN.fullmatch(code):
        raise ValueError("記号は半角の英数字で20文字までにしてください。氏名は書きません。")
    admitted_on, days = _days(cells, today)
    facts = {}
    for id_, fact in vocabulary.items():
        said = cells.get(id_, "")
        values = {label: value for value, label in fact.values.items()}
        value = values.get(said, said) or UNKNOWN
        if value not in fact.values:
            raise ValueError(f"「{fact.label}」は {'、'.join(values)} のどれかを書いてください。")
        if value != UNKNOWN:
            facts[id_] = value
    return LineEntry(code=code, admitted_on=admitted_on, facts=facts, **days)


def _days(cells: Mapping[str, str], today: date) -> tuple[date, dict[str, date | None]]:
    """Read the days of a line, that of admission apart. Raises ValueError in Japanese."""
    days: dict[str, date | None] = {}
    for label, name in _DAYS.items():
        try:
            days[name] = parse_date(cells[label], today=today) if cells.get(label) else None
        except DateError:
            raise ValueError(f"「{label}」は R8.11.20 のように書いてください。") from None
    admitted_on = days.pop("admitted_on")
    if admitted_on is None:
        raise ValueError("入院日を書いてください。")
    for label in ("入院日", "紙の入院連絡日", "紙の退院連絡日", "退院日"):
        day = admitted_on if label == "入院日" else days[_DAYS[label]]
        if day is not None and day > today:
            raise ValueError(f"「{label}」が今日より後です。")
    for name in ("planned_on", "discharged_on"):
        day = days[name]
        if day is not None and day < admitted_on:
            raise ValueError("退院の日が入院日より前です。")
    return admitted_on, days
