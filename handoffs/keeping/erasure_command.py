"""`python -m handoffs erase`: one person's record, on request; looked at first, then done."""

import argparse
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session

from handoffs.database import Database
from handoffs.downtime_night import ask_for_kit
from handoffs.keeping.erasure import Erasure, Refusal, erase_asked, look, refuse
from handoffs.keeping.errors import KeepingError
from handoffs.keeping.export import organization_called
from handoffs.keeping.export_words import TABLES
from handoffs.keeping.nightly import log_left, refuse_walled

COMMANDS = {"erase"}

_KITS = "downtime"
"""The folder of the papers for hours without network, inside the data folder."""


def describe(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    words = commands.add_parser("erase", help="本人の求めによる消去。まず中身を確かめ、次に消す")
    words.add_argument("--hospital", required=True, metavar="NUMBER", help="病院の番号か名前")
    words.add_argument("--code", required=True, help="その方の入院の番号(用紙の6文字)")
    words.add_argument("--asked-on", metavar="YYYY-MM-DD", help="求めを受けた日")
    done = words.add_mutually_exclusive_group()
    done.add_argument("--confirm", metavar="SIGN", help="確かめたときに出た確認の番号。消す")
    why = "、".join(f"{one.value}({one.label})" for one in Refusal)
    done.add_argument("--refuse", choices=[one.value for one in Refusal], help=f"断る理由: {why}")


def run(database: Database, data: Path, given: argparse.Namespace, now: datetime) -> list[str]:
    """Look, erase or write down a refusal; the lines to print. Raises HandoffError."""
    with database.reading() as session:
        refuse_walled(session)
        hospital = organization_called(session, given.hospital)
        if not given.confirm and not given.refuse:
            return _looked(look(session, hospital, given.code))
    asked_on = _day(given.asked_on)
    with database.writing() as session:
        if given.refuse:
            refuse(session, hospital, given.code, Refusal(given.refuse), asked_on, now)
            return ["断ったことと理由を、履歴に残しました。何も消していません。"]
        gone = erase_asked(session, hospital, given.code, given.confirm, asked_on, now)
        # Before the commit: where a file cannot be deleted, nothing is erased, and it is said.
        papers = sum(_forget_kit(session, data / _KITS, house, now) for house in gone.houses)
    return [
        f"消しました。入院{len(gone.stays)}件。元には戻せません。",
        *log_left(database),
        *([f"停止時用紙一式{papers}件を消しました。新しいものが作られます。"] if papers else []),
        (
            "バックアップには、その世代が消えるまで残ります。印刷した紙と、取り出した控えは、"
            "それぞれの場所で処分してください。"
        ),
    ]


def _looked(asked: Erasure) -> list[str]:
    rows = "、".join(f"{TABLES[table]} {count}" for table, count in asked.rows.items())
    lines = [
        f"入院 {code}: {admitted} から {left or '今も入院中'}"
        for code, admitted, left in asked.stays
    ]
    lines += [
        f"消えるもの: 氏名・カナ・生年月日・番号・住所・電話。ほかに {rows or 'なし'}",
        (
            f"送る前の連絡 {asked.messages}件、書きかけ {len(asked.drafts)}件、"
            f"担当者名簿の照合用の値 {len(asked.roster_entries)}件"
        ),
        "残るもの: 日付・病棟・要介護度などの件数のもとと、だれが何をしたかの履歴(名前なし)",
        "医療ソーシャルワーカーに、残さなければならない記録がないか確かめてください。",
    ]
    if asked.elsewhere:
        lines.append(
            f"ほかの病院の入院が{asked.elsewhere}件続いています。その病院に求めてください。"
        )
    if asked.obstacle:
        return [*lines, asked.obstacle, "何も変えていません。"]
    return [
        *lines,
        f"消すときは --asked-on YYYY-MM-DD --confirm {asked.sign} を付けて、もう一度実行します。",
        "何も変えていません。",
    ]


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise KeepingError(
            "求めを受けた日を --asked-on 2026-11-20 のように書いてください。"
        ) from None


def _forget_kit(session: Session, folder: Path, house: int, now: datetime) -> int:
    """Delete a house's kit, which may bear the name, and ask for a new one; how many went.

    One that is being made meanwhile, from what was there before, is replaced by the new one, or
    by the night's.
    Raises KeepingError where a file cannot be deleted.
    """
    old = list(folder.glob(f"*-{house}.pdf"))
    try:
        for file in old:
            file.unlink(missing_ok=True)
    except OSError:
        raise KeepingError(
            f"停止時用紙一式を消せません。{folder} に書き込めるようにしてから、"
            "もう一度実行してください。記録は、まだ何も消していません。"
        ) from None
    if old:
        ask_for_kit(session, house, now)
    return len(old)
