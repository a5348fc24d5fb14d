"""`python -m handoffs rates yearly|survey|coverage|shadow|figures`: what their pages show.

For whoever runs it on the server, who sees what the health centre's own pages show: small
counts stand as they are. Prints counts, never a person. `shadow` prints one hospital's month.
"""

import json
from argparse import ArgumentParser, ArgumentTypeError, Namespace, _SubParsersAction
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, select

from handoffs.backtest.command import hospital_called, month_of
from handoffs.database import Database
from handoffs.errors import HandoffError
from handoffs.parties import Organization
from handoffs.rates.outside_printed import (
    covered,
    covered_line,
    shadow_json,
    shadow_lines,
    survey_json,
    survey_lines,
    yearly_json,
    yearly_lines,
)
from handoffs.rates.shadow.compared import compare
from handoffs.rates.shadow.line import keep_lines, lines_of
from handoffs.rates.shadow.reading import read_lines
from handoffs.rates.survey.compared import compared
from handoffs.rates.survey.survey import survey_of
from handoffs.rates.yearly.coverage import coverage_of
from handoffs.rates.yearly.outside_lines import enter_lines
from handoffs.rates.yearly.report import of_year
from handoffs.tokyo import day_of
from rules import Library

WORDS = ("yearly", "survey", "coverage", "shadow", "figures")
_YEAR_DIGITS = 4


def joined(arguments: Sequence[str]) -> list[str]:
    """Make one command of `rates yearly` and its likes; everything else stays as it is."""
    if len(arguments) > 1 and arguments[0] == "rates" and arguments[1] in WORDS:
        return [f"rates-{arguments[1]}", *arguments[2:]]
    return list(arguments)


def describe(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Name the words of each."""
    for word in WORDS:
        parser = commands.add_parser(f"rates-{word}", prog=f"python -m handoffs rates {word}")
        parser.add_argument("--region", required=True, help="地域の名前")
        if word != "figures":
            parser.add_argument("--json", action="store_true", help="JSON で出す")
        if word == "yearly":
            parser.add_argument("--year", required=True, type=_year, help="年度。2026")
        elif word in {"survey", "shadow"}:
            parser.add_argument("--month", required=True, type=month_of, help="月。2026-07")
        if word == "shadow":
            parser.add_argument("--hospital", required=True, help="名前か、10桁の機関番号")
            parser.add_argument("--lines", type=Path, help="先に取り込む行(CSV)")
        elif word == "figures":
            parser.add_argument("--lines", type=Path, required=True, help="取り込む行(CSV)")


def _year(text: str) -> int:
    if not (text.isdigit() and text.isascii() and len(text) == _YEAR_DIGITS):
        raise ArgumentTypeError("年度は 2026 のように書いてください。")
    return int(text)


def run(database: Database, given: Namespace, *, library: Library, now: datetime) -> Iterator[str]:
    """The lines to print. Raises HandoffError with what to do next."""
    region_name = library.of_region(given.region)[-1].region_name
    word = given.command.removeprefix("rates-")
    if word == "figures":
        with database.writing() as session:
            new = enter_lines(session, given.region, _text(given.lines), by=None, now=now)
        yield f"取り込みました。新しく登録した数字は{new}件です。"
        return
    if word == "shadow" and given.lines is not None:
        _take_lines(database, given, library, now)
    with database.reading() as session:
        asked = _ASKED[word](session, given, region_name, library, now)
    if given.json:
        yield json.dumps(asked[0], ensure_ascii=False, indent=2)
        return
    yield from asked[1]


Answer = tuple[dict[str, object], list[str]]


def _yearly(
    session: Session, given: Namespace, region_name: str, library: Library, now: datetime
) -> Answer:
    del library
    report = of_year(session, given.region, given.year, region_name=region_name, now=now)
    return yearly_json(report), list(yearly_lines(report))


def _survey(
    session: Session, given: Namespace, region_name: str, library: Library, now: datetime
) -> Answer:
    del library, now
    survey = survey_of(session, given.region, given.month)
    if survey is None:
        raise HandoffError(
            f"{given.month:%Y-%m} の調査は始まっていません。保健所の画面で始めます。"
        )
    found = compared(session, survey)
    return survey_json(found), list(survey_lines(found, region_name))


def _coverage(
    session: Session, given: Namespace, region_name: str, library: Library, now: datetime
) -> Answer:
    del library
    found = coverage_of(session, given.region, now=now)
    return {"region": given.region, "coverage": [covered(one) for one in found]}, [
        f"{region_name}　外の統計との比",
        *(covered_line(one) for one in found),
    ]


def _take_lines(database: Database, given: Namespace, library: Library, now: datetime) -> None:
    edition = library.in_force(given.region, given.month)
    entries = read_lines(_text(given.lines), edition.vocabulary, today=day_of(now))
    with database.writing() as session:
        hospital_id = hospital_called(session, given.region, given.hospital)
        keep_lines(
            session, given.month, entries, by=None, hospital_id=hospital_id,
            region=given.region, now=now,
        )  # fmt: skip


def _shadow(
    session: Session, given: Namespace, region_name: str, library: Library, now: datetime
) -> Answer:
    del now
    hospital_id = hospital_called(session, given.region, given.hospital)
    hospital = session.exec(select(Organization).where(Organization.id == hospital_id)).one()
    lines = lines_of(session, hospital_id, given.month)
    found = compare(lines, region=given.region, hospital=hospital, library=library)
    head = f"{region_name}　{hospital.name}　{given.month:%Y-%m} の試行　{len(lines)}行"
    return shadow_json(found), [head, *shadow_lines(found)]


_ASKED = {"yearly": _yearly, "survey": _survey, "coverage": _coverage, "shadow": _shadow}


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise HandoffError(f"{file.name} を UTF-8 の文字として読めません。") from None
