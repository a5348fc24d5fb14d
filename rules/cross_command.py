"""The command `cross`: hospital in one region, home in another, for one imagined patient."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from rules.agreement import agreement_in_force
from rules.cross_region import CrossDecision, cross
from rules.errors import NoEdition
from rules.facts import Vocabulary
from rules.fees.command import Commands
from rules.imagined_case import PLAIN_CALENDAR, admitted, day, plain_calendars
from rules.library import Library
from rules.moments import Moments
from rules.reading.facts_file import calendars_of_file, facts_of_file


def add_cross(commands: Commands) -> None:
    """Describe the command and what it takes."""
    command = commands.add_parser("cross", help="病院と住まいの地域が違うとき、両方のルールを見る")
    command.add_argument("--hospital", required=True, help="病院のある地域(例: mihon)")
    command.add_argument("--home", required=True, help="住まいのある地域(例: fukui)")
    command.add_argument(
        "--admitted", required=True, type=admitted, help="入院日時。2026-11-20T10:00"
    )
    command.add_argument("--facts", required=True, type=Path, help="判定項目のファイル")
    command.add_argument("--planned-discharge", type=day, help="退院予定日")
    command.add_argument("--discharged", type=day, help="退院日")
    command.add_argument("--need-seen", type=day, help="支援が必要と分かった日")
    command.add_argument(
        "--calendar", type=Path, help=f"開いている日のファイル。書かなければ、{PLAIN_CALENDAR}"
    )
    command.add_argument("--regions", type=Path, help="版のフォルダー(既定: 同梱の版)")
    command.add_argument("--agreements", type=Path, help="地域どうしの取り決めのフォルダー")
    command.add_argument("--json", action="store_true", help="JSON で出す")


def answer_cross(given: argparse.Namespace) -> dict[str, Any] | Iterator[str]:
    """Ask both rules, for JSON or line by line; RulesError for what cannot be read."""
    admitted_on, admitted_time = given.admitted
    if given.hospital == given.home:
        message = "病院と住まいの地域が同じです。同じ地域なら python -m rules decide を使います。"
        raise NoEdition(message)
    library = Library.load(given.regions)
    hospital = library.in_force(given.hospital, admitted_on)
    home = library.in_force(given.home, admitted_on)
    vocabulary = Vocabulary((*home.vocabulary.values(), *hospital.vocabulary.values()))
    calendars = plain_calendars(admitted_on)
    if given.calendar is not None:
        calendars = calendars_of_file(given.calendar)
    found = cross(
        hospital,
        home,
        facts_of_file(given.facts, vocabulary),
        Moments(
            admitted_on, admitted_time, given.planned_discharge, given.discharged, given.need_seen
        ),
        calendars,
        agreement_in_force(
            frozenset((hospital.region, home.region)),
            admitted_on,
            given.agreements,
            known={edition.region for edition in library.editions},
        ),
    )
    return found.as_json() if given.json else _lines(found, admitted_on)


def _lines(found: CrossDecision, admitted_on: date) -> Iterator[str]:
    """Write both answers, the united duties, and what to say on the telephone."""
    yield f"{admitted_on}の入院: {found.coordination.label}"
    for side, decision in (("病院", found.hospital), ("住まい", found.home)):
        yield f"  {side}の地域: {decision.edition.title} → {decision.coordination.label}"
        yield from (f"    確かめられていないこと: {text}" for text in decision.unverified)
    if found.agreement is not None:
        yield f"  取り決め: {found.agreement.title}({found.agreement.in_force}から)"
    yield "引継ぎ"
    for duty in found.duties:
        until = "日付の定めなし" if duty.due is None else f"{duty.due}まで"
        between = f"{duty.sender.label} → {duty.receiver.label}"
        asked = "・".join(duty.asked_by)
        yield f"  {duty.kind.label}({between}) {until} [{duty.standing.label}・{asked}]"
        if duty.agreed:
            yield f"    取り決めによる: {duty.agreed}"
    if found.conflicts:
        yield "電話で確かめること"
        yield from (f"  {each.about.label}: {each.say}" for each in found.conflicts)
