"""Read one fee table file, or refuse it with the line and what to write.

As strict as the reader of editions: every key is known, none stands twice, every
statement names a source or says why it is unverified, and the file is named by its first day.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, TypeVar

from rules.edition import Source
from rules.fees.errors import FeeTableError
from rules.fees.table import (
    AdmissionTable,
    BeforeAdmission,
    Clock,
    Counting,
    DischargeClass,
    DischargeTable,
    Extension,
    HospitalTable,
    IfAllClosed,
    Statement,
    Tier,
    Told,
)
from rules.reading.document import Entry, read

MOST_UNITS = 9999
MOST_DAYS = 31
MOST_HEARINGS = 9
NOT_READ = "not_read"
HEAD = ("fee", "in_force", "title", "sources", "statements")
WARDS = ("general", "long_term_care")
HOSPITAL_FEES = ("1", "2")
TIER = ("id", "label", "units", "last_day", "extension", "text")
DISCHARGE_CLASS = ("id", "label", "units", "hearings", "conference")
CLOCK = ("id", "hospital_fee", "label", "text")
CLOCK_DAYS = ("days", "long_term_care_days", "if_all_closed")

Word = TypeVar("Word", bound=StrEnum)


class Head(NamedTuple):
    """What stands at the top of every table."""

    file: Path
    in_force: date
    title: str
    next_revision: date | None
    statements: tuple[Statement, ...]


def admission_table_of(file: Path) -> AdmissionTable:
    """Read a table of 入院時情報連携加算; FeeTableError where it is not one."""
    keys = ("tiers_differ_by", "counting", "before_admission", "tiers")
    lines = _lines(file, "admission_information", keys)
    return AdmissionTable(
        *_head(file, lines),
        told=_one_of(lines["tiers_differ_by"], Told),
        counting=_one_of(lines["counting"], Counting),
        before_admission=_one_of(lines["before_admission"], BeforeAdmission),
        tiers=tuple(_tier(each) for each in _rows(lines["tiers"], TIER)),
    )


def discharge_table_of(file: Path) -> DischargeTable:
    """Read a table of 退院・退所加算; FeeTableError where it is not one."""
    lines = _lines(file, "discharge", ("days_after_discharge", "origins", "classes"))
    return DischargeTable(
        *_head(file, lines),
        days_after=lines["days_after_discharge"].number(0, MOST_DAYS),
        origins={origin: label.text() for origin, label in lines["origins"].mapping().items()},
        classes=tuple(_discharge_class(each) for each in _rows(lines["classes"], DISCHARGE_CLASS)),
    )


def hospital_table_of(file: Path) -> HospitalTable:
    """Read a table of 入退院支援加算; FeeTableError where it is not one."""
    lines = _lines(file, "hospital", ("counting", "points", "clocks"))
    points = lines["points"].mapping(known=HOSPITAL_FEES, required=HOSPITAL_FEES)
    return HospitalTable(
        *_head(file, lines),
        counting=_one_of(lines["counting"], Counting),
        points={fee: _points(entry) for fee, entry in points.items()},
        clocks=tuple(_clock(each) for each in _rows(lines["clocks"], CLOCK, CLOCK_DAYS)),
    )


def _lines(file: Path, fee: str, keys: Collection[str]) -> dict[str, Entry]:
    """Open a table, hold it to its keys, and insist that it is of the fee that is wanted."""
    entry, _ = read(file, FeeTableError)
    required = (*HEAD, *keys)
    lines = entry.mapping(known=(*required, "next_revision"), required=required)
    lines["fee"].word((fee,))
    return lines


def _head(file: Path, lines: Mapping[str, Entry]) -> Head:
    """Read what every table has, and refuse a file whose name is another day."""
    in_force = lines["in_force"].day()
    if file.stem != in_force.isoformat():
        raise lines["in_force"].refusal(
            f"ファイル名は「{file.name}」ですが、in_force は「{in_force}」です。",
            f"ファイル名を {in_force}.yaml にするか、in_force を直してください。",
        )
    revision = lines["next_revision"].day() if "next_revision" in lines else None
    if revision is not None and revision <= in_force:
        raise lines["next_revision"].refusal(
            "次の改定の日(next_revision)が、in_force よりあとではありません。",
            "どちらかの日付を直してください。",
        )
    named = lines["sources"].mapping()
    sources = {key: _source(entry) for key, entry in named.items()}
    statements = tuple(_statement(each, sources) for each in lines["statements"].items())
    told = {source for each in statements for source in each.sources}
    for key, source in sources.items():
        if source not in told:
            raise named[key].refusal(
                f"出典「{key}」を挙げた文がありません。",
                "statements のどれかに挙げるか、消してください。",
            )
    return Head(file, in_force, lines["title"].text(), revision, statements)


def _source(entry: Entry) -> Source:
    """Read which published document was read."""
    lines = entry.mapping(known=("title", "url"), required=("title", "url"))
    url = lines["url"].text()
    if not url.startswith(("https://", "http://")):
        raise lines["url"].refusal(
            f"「{url}」は出典のアドレスになりません。", "https:// から始まる形で書いてください。"
        )
    return Source(lines["title"].text(), url)


def _statement(entry: Entry, sources: Mapping[str, Source]) -> Statement:
    """Read one statement, which has a source, a reason why it is unverified, or both."""
    lines = entry.mapping(known=("text", "sources", "unverified"), required=("text",))
    named = lines["sources"].words() if "sources" in lines else []
    unverified = lines["unverified"].text() if "unverified" in lines else None
    if not named and unverified is None:
        raise entry.refusal(
            "出典がありません。",
            "「sources:」に出典の名前を書くか、「unverified:」に確かめられていない理由を"
            "書いてください。",
        )
    read_in = tuple(sources[each.word(tuple(sources))] for each in named)
    return Statement(lines["text"].text(), read_in, unverified)


def _tier(lines: Mapping[str, Entry]) -> Tier:
    """Read one tier of the admission fee."""
    return Tier(
        lines["id"].word(),
        lines["label"].text(),
        lines["units"].number(1, MOST_UNITS),
        lines["last_day"].number(1, MOST_DAYS),
        _one_of(lines["extension"], Extension),
        lines["text"].text(),
    )


def _discharge_class(lines: Mapping[str, Entry]) -> DischargeClass:
    """Read one class of the discharge fee."""
    return DischargeClass(
        lines["id"].word(),
        lines["label"].text(),
        lines["units"].number(1, MOST_UNITS),
        lines["hearings"].number(1, MOST_HEARINGS),
        conference=lines["conference"].word(("required", "not_required")) == "required",
    )


def _clock(lines: Mapping[str, Entry]) -> Clock:
    """Read one step of the hospital, with its days or without."""
    days, long_term = (
        lines[key].number(1, MOST_DAYS) if key in lines else None for key in CLOCK_DAYS[:2]
    )
    for key in CLOCK_DAYS[1:]:
        if days is None and key in lines:
            raise lines[key].refusal(
                f"日数(days)がないのに {key} があります。",
                "days を書くか、この行を消してください。",
            )
    return Clock(
        lines["id"].word(),
        lines["hospital_fee"].word(HOSPITAL_FEES),
        lines["label"].text(),
        days,
        long_term,
        _one_of(lines["if_all_closed"], IfAllClosed) if "if_all_closed" in lines else None,
        lines["text"].text(),
    )


def _points(entry: Entry) -> dict[str, int | None]:
    """Read the points of one fee by kind of ward; `not_read` where no source gives them."""
    lines = entry.mapping(known=WARDS, required=WARDS)
    return {
        ward: None if points.text() == NOT_READ else points.number(1, MOST_UNITS)
        for ward, points in lines.items()
    }


def _rows(
    entry: Entry, required: Collection[str], optional: Collection[str] = ()
) -> list[dict[str, Entry]]:
    """Read a list of mappings with these keys, each with an id that no other has."""
    taken: dict[str, int] = {}
    rows = []
    for each in entry.items():
        lines = each.mapping(known=(*required, *optional), required=required)
        own = lines["id"].word()
        if own in taken:
            raise lines["id"].refusal(
                f"id「{own}」は二度使われています({taken[own]}行目と{lines['id'].line}行目)。",
                "表の中で重ならない id にしてください。",
            )
        taken[own] = lines["id"].line
        rows.append(lines)
    return rows


def _one_of(entry: Entry, words: type[Word]) -> Word:
    """Read one word of a closed list."""
    return words(entry.word(tuple(words)))
