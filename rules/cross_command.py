"""The command `cross`: hospital in one region, home in another, for one imagined patient."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from rules.agreement import agreement_in_force
from rules.cross_conflict import passed
from rules.cross_region import CrossDecision, cross
from rules.edition import Edition
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
    command.add_argument(
        "--hospital", required=True, help="病院のある地域。rules/regions/ の名前(例: mihon)"
    )
    command.add_argument(
        "--home", required=True, help="患者の住まいのある地域。rules/regions/ の名前(例: tehon)"
    )
    command.add_argument(
        "--admitted",
        required=True,
        type=admitted,
        help="入院日時。2026-11-20T10:00(時刻が分からなければ日付だけ)",
    )
    command.add_argument(
        "--facts", required=True, type=Path, help="判定項目のファイル(YAML か JSON)"
    )
    command.add_argument("--planned-discharge", type=day, help="退院予定日。書かなければ未定")
    command.add_argument("--discharged", type=day, help="退院日")
    command.add_argument("--need-seen", type=day, help="支援が必要と分かった日")
    command.add_argument("--discharge-known", type=day, help="退院予定が分かった日")
    command.add_argument("--on", type=day, help="電話をする日。過ぎた期限を言い分ける(既定: 今日)")
    command.add_argument(
        "--calendar",
        type=Path,
        help="開いている日のファイル。書かなければ、祝日でない月曜から金曜を開いている日とする",
    )
    command.add_argument(
        "--regions", type=Path, help="地域ごとの版のフォルダーの親(既定: 同梱の版)"
    )
    command.add_argument("--agreements", type=Path, help="地域どうしの取り決めのフォルダー")
    command.add_argument("--json", action="store_true", help="JSON で出す")


def answer_cross(given: argparse.Namespace, today: date) -> dict[str, Any] | Iterator[str]:
    """Ask both rules, for JSON or line by line; RulesError for what cannot be read."""
    admitted_on, admitted_time = given.admitted
    if given.hospital == given.home:
        message = "病院と住まいの地域が同じです。同じ地域なら python -m rules decide を使います。"
        raise NoEdition(message)
    library = Library.load(given.regions)
    hospital = library.nearest_to_force(given.hospital, admitted_on)
    home = library.nearest_to_force(given.home, admitted_on)
    vocabulary = Vocabulary((*home.vocabulary.values(), *hospital.vocabulary.values()))
    calendar, calendars = PLAIN_CALENDAR, plain_calendars(admitted_on)
    if given.calendar is not None:
        calendars = calendars_of_file(given.calendar)
        calendar = f"{given.calendar} によります"
    found = cross(
        hospital,
        home,
        facts_of_file(given.facts, vocabulary),
        Moments(
            admitted_on,
            admitted_time,
            given.planned_discharge,
            given.discharged,
            given.need_seen,
            given.discharge_known,
        ),
        calendars,
        agreement_in_force(
            frozenset((hospital.region, home.region)),
            admitted_on,
            given.agreements,
            known={edition.region for edition in library.editions},
        ),
    )
    on = given.on or today
    if given.json:
        doubts = [doubt for each in (hospital, home) for doubt in doubts_about(each)]
        return {**found.as_json(on), "doubts": doubts, "calendar": calendar, "on": f"{on}"}
    return _lines(found, (hospital, home), calendar, on)


def doubts_about(edition: Edition) -> tuple[str, ...]:
    """Say that nobody knows whether an edition was in force; nothing where it has a first day."""
    if edition.in_force is not None:
        return ()
    doubt = (
        f"{edition.region_name}は、施行日の分からない参考の版「{edition.title}」で答えています。"
        "入院した日に有効だったかどうかは、その地域に確かめてください。"
    )
    return (doubt,)


def _lines(
    found: CrossDecision, editions: tuple[Edition, Edition], calendar: str, on: date
) -> Iterator[str]:
    """Write both answers, the united duties, and what to say on the telephone."""
    admitted_on = found.moments.admitted_on
    yield f"{admitted_on}の入院: {found.coordination.label}"
    sides = (("病院", found.hospital), ("住まい", found.home))
    for (side, decision), edition in zip(sides, editions, strict=True):
        since = "施行日不明" if edition.in_force is None else f"{edition.in_force} 施行"
        yield f"  {side}の地域: {edition.title}({since}) → {decision.coordination.label}"
        yield from (f"    当てはまる基準: {each.text}" for each in decision.because)
        yield from (f"    {doubt}" for doubt in doubts_about(edition))
        yield from (f"    確かめられていないこと: {text}" for text in decision.unverified)
    if found.agreement is not None:
        yield f"  取り決め: {found.agreement.title}({found.agreement.in_force}から)"
    yield f"期限の数え方: {calendar}"
    yield "引継ぎ" if found.duties else "引継ぎ: ありません"
    for duty in found.duties:
        until = "日付の定めなし" if duty.due is None else f"{duty.due}まで"
        gone = passed(duty.due, admitted_on, on)
        until += "" if gone is None else f"({gone.label}。これからすぐに行います)"
        between = f"{duty.sender.label} → {duty.receiver.label}"
        asked = "・".join(duty.asked_by)
        yield f"  {duty.kind.label}({between}) {until} [{duty.standing.label}・{asked}]"
        if duty.agreed:
            yield f"    取り決めによる: {duty.agreed}"
    if found.conflicts:
        yield "電話で確かめること"
        yield from (
            f"  {each.about.label}: {each.say(found.moments, on)}" for each in found.conflicts
        )
