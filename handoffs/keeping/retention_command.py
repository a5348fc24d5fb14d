"""`python -m handoffs retention`: what would be erased, by number; doing it; holding it back."""

import argparse
from datetime import datetime

from handoffs.database import Database
from handoffs.keeping.errors import KeepingError
from handoffs.keeping.export import organization_called
from handoffs.keeping.hold import hold, release, standing_holds
from handoffs.keeping.nightly import end_access, erase_due, log_left, refuse_walled
from handoffs.keeping.retention import Due, Years, due_now
from handoffs.tokyo import TOKYO

COMMANDS = {"retention"}


def describe(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    words = commands.add_parser("retention", help="保存の期間が過ぎたものの一覧と、消去")
    what = words.add_subparsers(dest="what", required=True)
    what.add_parser("list", help="今夜消えるものの数。何も変えない")
    what.add_parser("run", help="夜を待たずに、今消す")
    held = what.add_parser("hold", help="消去を差し止める")
    held.add_argument("--hospital", required=True, metavar="NUMBER", help="病院の番号か名前")
    held.add_argument("--stay", type=int, help="入院番号。なければ病院の全員")
    held.add_argument("--reason", required=True, help="理由(個人の名前を入れない)")
    what.add_parser("release", help="差し止めを終える").add_argument("hold", type=int)


def run(
    database: Database, years: Years, days: int, given: argparse.Namespace, now: datetime
) -> list[str]:
    """Do what was asked; the lines to print. `days`: of offices' access. Raises HandoffError."""
    with database.reading() as session:
        refuse_walled(session)
    if given.what == "list":
        return _listed(database, years, days, now)
    if given.what == "run":
        gone = erase_due(database.writing, years, now)
        closed, opened = end_access(database.writing, days, now)
        return [
            f"{gone}人の内容を消しました。",
            *log_left(database),
            f"事業所からの閲覧: 終えた入院 {closed}件、戻した入院 {opened}件",
        ]
    with database.writing() as session:
        if given.what == "release":
            release(session, given.hold, now)
            return [f"差し止め {given.hold} を終えました。"]
        hospital = organization_called(session, given.hospital)
        row = hold(session, hospital, given.stay, given.reason, now)
        return [f"差し止め {row.id} を始めました。終えるまで、消えません。"]


def _listed(database: Database, years: Years, days: int, now: datetime) -> list[str]:
    with database.reading() as session:
        due, holds = due_now(session, years, now), standing_holds(session)
    unknown = sorted(set(years) - {one.number for one in due})
    if unknown:
        raise KeepingError(
            f"config.yaml の retention にある {unknown[0]} という番号の病院はありません。"
            "10桁の機関番号を確かめてください。"
        )
    lines = [line for one in due for line in _line(one)]
    lines += [
        f"差し止め {one.id}: {one.set_at.astimezone(TOKYO):%Y-%m-%d} から、"
        f"{'病院の全員' if one.stay_id is None else f'入院番号 {one.stay_id} の方'}"
        for one in holds
    ]
    access = f"退院から{days}日" if days else "決まっていません(終わりません)"
    return [*lines, f"事業所からの閲覧の終わり: {access}", "何も変えていません。"]


def _line(one: Due) -> list[str]:
    if one.years is None:
        return [f"{one.hospital}: 期間が決まっていません。何も消えません。"]
    rows = "、".join(f"{table} {count}" for table, count in (one.rows or {}).items())
    return [
        f"{one.hospital}: 退院から{one.years}年({one.before}より前の退院)",
        f"  消えるもの {one.people}人、入院{one.stays}件。差し止め {one.held}人。",
        *([f"  {rows}"] if rows else []),
    ]
