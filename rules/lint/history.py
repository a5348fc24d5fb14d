"""Read a coded extract of past stays: facts in closed words, one stay to a line, no person.

CSV with a heading, or one JSON object to a line; docs/lint.md describes both. Columns are
facts of the edition, `admitted_on`, `region`, and a few of the stay that are not looked at here.
Every other column is refused, because a name could stand in it.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO
from itertools import chain
from pathlib import Path

from rules.edition import Edition
from rules.errors import FactError, InputError
from rules.facts import UNKNOWN, Facts
from rules.reading.document import day_of
from rules.wording import nearest

ADMITTED_ON = "admitted_on"
REGION = "region"
# What an extract may say of a stay beside its facts; none of it can name anybody.
BESIDE = (
    "stay",
    "hospital",
    "ward",
    "office",
    "admitted_time",
    "planned_discharge_on",
    "discharge_known_on",
    "discharged_on",
    "need_seen_on",
)


@dataclass(frozen=True)
class History:
    """Past stays as an edition sees them. counted: how many stays had these very facts."""

    file: Path
    counted: Counter[Facts]
    since: date | None
    until: date | None

    @property
    def stays(self) -> int:
        """How many stays there are."""
        return self.counted.total()


def history_of(
    file: Path, edition: Edition, fact_ids: Iterable[str], since: date | None = None
) -> History:
    """Read the stays of an edition's region, keeping only some facts.

    since: the first admission day that is counted; stays without a day are then left out.
    InputError, with the line, where a column or a word is not known.
    """
    wanted = frozenset(fact_ids)
    counted: Counter[Facts] = Counter()
    days: list[date] = []
    for line, row in _rows(file):
        if row.get(REGION, "") not in {"", edition.region}:
            continue
        facts, admitted_on = _stay(file, line, row, edition)
        if since is not None and (admitted_on is None or admitted_on < since):
            continue
        counted[Facts({fact: v for fact, v in facts.items() if fact in wanted})] += 1
        if admitted_on is not None:
            days.append(admitted_on)
    return History(file, counted, min(days, default=None), max(days, default=None))


def _stay(
    file: Path, line: int, row: dict[str, str], edition: Edition
) -> tuple[dict[str, str], date | None]:
    """Read one line: its facts, and when it was."""
    facts: dict[str, str] = {}
    vocabulary = edition.vocabulary
    for column, word in row.items():
        if column in {ADMITTED_ON, REGION, *BESIDE}:
            continue
        if column not in vocabulary:
            known = tuple(chain(vocabulary, (ADMITTED_ON, REGION), BESIDE))
            raise InputError(
                file, line, f"「{column}」という列はありません。", nearest(column, known)
            )
        if word in {"", UNKNOWN}:
            continue
        try:
            vocabulary.refuse_unknown(column, word)
        except FactError as wrong:
            raise InputError(file, line, str(wrong), "") from None
        facts[column] = word
    return facts, _admitted_on(file, line, row.get(ADMITTED_ON, ""))


def _admitted_on(file: Path, line: int, text: str) -> date | None:
    """Read the day of admission, None where none is given."""
    if not text:
        return None
    try:
        return day_of(text)
    except ValueError:
        raise InputError(
            file,
            line,
            f"「{text}」は日付として読めません。",
            "2026-11-20 のように書いてください。",
        ) from None


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Read lines of either form, with their numbers."""
    text = _text(file)
    if text.lstrip().startswith("{"):
        return _json_rows(file, text)
    return _csv_rows(file, text)


def _text(file: Path) -> str:
    """Read the file as UTF-8."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        message = "実績のファイルを開けません(UTF-8 の CSV か、一行に一件の JSON)。"
        raise InputError(file, 0, message, "名前と場所を確かめてください。") from None
    if not text.strip():
        message = "何も書かれていません。"
        raise InputError(file, 0, message, "書き方は docs/lint.md にあります。")
    return text


def _json_rows(file: Path, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Read one JSON object to a line."""
    for line, written in enumerate(text.splitlines(), start=1):
        if not written.strip():
            continue
        try:
            row = json.loads(written)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            message = "一行に一件の JSON として読めません。"
            raise InputError(
                file, line, message, '{"mobility": "full_help"} のように書いてください。'
            )
        words = {str(column): "" if word is None else str(word) for column, word in row.items()}
        yield line, words


def _csv_rows(file: Path, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Read CSV below its heading."""
    reader = csv.reader(StringIO(text))
    heading = [column.strip() for column in next(reader)]
    if len(set(heading)) < len(heading):
        raise InputError(file, 1, "同じ列が二つあります。", "列の名前を確かめてください。")
    for cells in reader:
        if not cells:
            continue
        if len(cells) != len(heading):
            message = f"列が{len(cells)}個あります(見出しは{len(heading)}個)。"
            raise InputError(file, reader.line_num, message, "列の数を揃えてください。")
        yield reader.line_num, {c: w.strip() for c, w in zip(heading, cells, strict=True)}
