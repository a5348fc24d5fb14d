"""`python -m handoffs audit verify | seen` and `keys lock | rotate`: done at the machine.

`verify` ends with 1 where something is broken and names each row. `seen` names people by their
sign-in name and stays by their number, never a patient. What was asked is written into the history
as done at the machine.
"""

import argparse
import os
from datetime import datetime
from pathlib import Path

from sqlmodel import col, select

from handoffs.accounts.invitation import lock_secrets_again
from handoffs.accounts.signed_in import staff_named
from handoffs.audit.anchor import anchors_in
from handoffs.audit.seen import PAGE_OF_ROWS, Asked, sights
from handoffs.audit.verify import verify
from handoffs.database import Database
from handoffs.errors import HandoffError
from handoffs.history import Act, record
from handoffs.keys import KEY_IS_MISSING, KeyRing, new_key
from handoffs.parties import Staff
from handoffs.tokyo import TOKYO

_MOST_NAMED = 100


class CommandError(HandoffError):
    """What was typed cannot be used."""


def describe(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    what = commands.add_parser("audit").add_subparsers(dest="what", required=True)
    what.add_parser("verify")
    seen = what.add_parser("seen")
    seen.add_argument("--from", required=True, type=_moment, dest="since", help="2026-11-20T09:00")
    seen.add_argument("--to", required=True, type=_moment, dest="until", help="2026-11-20T17:00")
    seen.add_argument("--stay", type=int, help="入院番号")
    seen.add_argument("--staff", help="操作した人のサインイン名")
    seen.add_argument("--page", type=int, default=1, help=f"{PAGE_OF_ROWS}件ごとの何枚目か")
    keys = commands.add_parser("keys").add_subparsers(dest="what", required=True)
    keys.add_parser("lock")
    keys.add_parser("rotate")


def run(
    database: Database, given: argparse.Namespace, anchors: Path, keys: Path | None, now: datetime
) -> tuple[list[str], int]:
    """Do what was asked; the lines to print and the exit code. Raises HandoffError."""
    if given.command == "keys":
        return _keys(database, given.what, keys), 0
    if given.what == "verify":
        return _verify(database, anchors)
    return _seen(database, given, now), 0


def _verify(database: Database, anchors: Path) -> tuple[list[str], int]:
    if database.keys is None:
        raise CommandError(KEY_IS_MISSING)
    outside = anchors_in(anchors)
    with database.reading() as session:
        found = verify(session, database.keys, outside)
    lines = [
        f"履歴 {found.events}行、鎖 {found.blocks}個を調べました。",
        f"書き留めた末尾 {len(outside)}日分と照らし合わせました。",
        f"まだつないでいない新しい行: {found.waiting}",
    ]
    if not found.findings:
        return [*lines, "変えられた行はありません。"], 0
    lines += [one.words for one in found.findings[:_MOST_NAMED]]
    if len(found.findings) > _MOST_NAMED:
        lines.append(f"ほか {len(found.findings) - _MOST_NAMED} 件")
    return [*lines, "記録の責任者に知らせ、データベースとバックアップを保全してください。"], 1


def _seen(database: Database, given: argparse.Namespace, now: datetime) -> list[str]:
    if given.until <= given.since:
        raise CommandError("終わり(--to)は、始まり(--from)よりあとにしてください。")
    with database.reading() as session:
        staff = staff_named(session, given.staff) if given.staff else None
        if given.staff and staff is None:
            raise CommandError("そのサインイン名の職員はいません。確かめてください。")
        staff_id = staff.id if staff else None
        asked = Asked(given.since, given.until, None, stay_id=given.stay, staff_id=staff_id)
        count, rows = sights(session, asked, max(given.page, 1))
        ids = {row.staff_id for row in rows}
        names = dict(
            session.exec(select(Staff.id, Staff.sign_in_name).where(col(Staff.id).in_(ids))).all()
        )
    with database.writing() as session:
        detail = {"since": given.since, "until": given.until, "rows": count}
        record(session, None, Act.AUDIT_READ, now=now, stay_id=None, detail=detail)
    lines = [f"{count}件"]
    for row in rows:
        whom = ", ".join(map(str, row.stays)) or "-"
        who = names.get(row.staff_id or 0, "-")
        at = f"{row.at.astimezone(TOKYO):%Y-%m-%d %H:%M:%S}"
        lines.append(f"{at}  {who}  {row.act.label}  {whom}")
    return lines


def _keys(database: Database, what: str, file: Path | None) -> list[str]:
    if database.keys is None:
        raise CommandError(KEY_IS_MISSING)
    if what == "rotate":
        if file is None:
            raise CommandError(
                "鍵は RECORD_KEYS か RECORD_KEYS_FILE で渡されています。新しい鍵をその一行目に"
                "足してから python -m handoffs keys lock を実行してください(以前の鍵は残します)。"
            )
        database.keys = _with_new_key(file)
    with database.writing() as session:
        count = lock_secrets_again(session)
    lines = [f"認証アプリの秘密 {count}件を、今の鍵で暗号化しました。"]
    if what == "rotate":
        lines.append("画面と scheduler を起動し直してください。それまでは以前の鍵で書かれます。")
    return lines


def _with_new_key(file: Path) -> KeyRing:
    """Put a new key before those of a file, without a moment in which there is no whole file."""
    text = f"{new_key()}\n{file.read_text(encoding='utf-8')}"
    draft = file.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)
    return KeyRing.of(text)


def _moment(text: str) -> datetime:
    """A moment as it is typed: of Tokyo unless it says otherwise."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=TOKYO)
