"""`python -m handoffs sign-ins | code | account-keeper | account-emergency`: done at the machine.

Whoever runs the site names the first keeper of an organization, whose invitation they hand over,
and opens an account in an emergency. Both are written into the history as done by nobody who
signed in. A code or a password is printed once and kept nowhere.
"""

import argparse
import secrets
import string
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import ValidationError
from sqlmodel import Session, col, or_, select

from handoffs import sample
from handoffs.accounts.emergency import LONGEST, LONGEST_REASON, open_in_emergency
from handoffs.accounts.invitation import LIFETIME, Newcomer, invite_first, open_account
from handoffs.accounts.password import hash_password
from handoffs.accounts.signed_in import staff_named
from handoffs.accounts.totp import code_at, step_at
from handoffs.database import Database
from handoffs.errors import BadEntry, HandoffError
from handoffs.parties import Organization, Role
from handoffs.tokyo import TOKYO

_PASSWORD_LENGTH = 20
_MOST_HOURS = int(LONGEST.total_seconds()) // 3600


class CommandError(HandoffError):
    """What was typed cannot be used."""


def describe(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    commands.add_parser("sign-ins")
    commands.add_parser("code")
    keeper = commands.add_parser("account-keeper")
    keeper.add_argument("--existing", metavar="サインイン名", help="今ある職員を担当者にする")
    emergency = commands.add_parser("account-emergency")
    for parser, needed in ((keeper, False), (emergency, True)):
        parser.add_argument("--organization", required=needed, help="機関の名前か、10桁の番号")
        parser.add_argument("--name", required=needed, help="氏名")
        parser.add_argument("--sign-in-name", required=needed, help="希望のサインイン名")
        roles = [role.value for role in Role]
        parser.add_argument("--role", required=needed, choices=roles, help="職種")
    emergency.add_argument("--reason", required=True, help="なぜ開くか")
    emergency.add_argument("--hours", type=int, default=8, help=f"1 から {_MOST_HOURS} の整数")


def run(database: Database, given: argparse.Namespace, address: str, now: datetime) -> list[str]:
    """Do what was asked; the lines to print. Raises HandoffError for input that cannot be used."""
    if given.command == "sign-ins":
        return _sign_ins(address)
    if given.command == "code":
        return [code_at(sample.TOTP_SECRET, step_at(now))]
    try:
        if given.command == "account-keeper":
            return _keeper(database, given, now)
        return _emergency(database, given, now)
    except BadEntry as bad:
        raise CommandError("".join(bad.fields.values())) from None


def _sign_ins(address: str) -> list[str]:
    names = [f"  {one.role.label}: {one.name} / {sample.PASSWORD}" for one in sample.SIGN_INS]
    return [
        f"\n見本医療圏のサインイン（{address}）",
        *names,
        "  確認コード（6桁）: .venv/bin/python -m handoffs code か、次の鍵を入れた認証アプリ",
        f"    {sample.TOTP_SECRET}（一つのコードは、一人一度だけ使えます）",
        "  見本のアカウントは、この機械で開いたときだけ使えます。",
    ]


def _keeper(database: Database, given: argparse.Namespace, now: datetime) -> list[str]:
    with database.writing() as session:
        if given.existing:
            staff = staff_named(session, given.existing)
            if staff is None:
                raise CommandError("そのサインイン名の職員はいません。確かめてください。")
        else:
            newcomer, house = _newcomer(session, given)
            staff = open_account(session, newcomer, house.id, house.kind)
        code = invite_first(session, staff, now)
    until = (now + LIFETIME).astimezone(TOKYO)
    return [
        "アカウント担当者の招待を作りました。本人に手渡してください。",
        f"  サインイン名: {staff.sign_in_name}",
        f"  招待の番号: {code}（{until:%m月%d日 %H:%M}まで、一度だけ）",
        "  開く画面: サインイン画面の「はじめて使う方」",
    ]


def _emergency(database: Database, given: argparse.Namespace, now: datetime) -> list[str]:
    if not 1 <= given.hours <= _MOST_HOURS:
        raise CommandError(f"--hours は 1 から {_MOST_HOURS} の整数で書いてください。")
    if not 1 <= len(given.reason.strip()) <= LONGEST_REASON:
        raise CommandError(f"--reason は 1 から {LONGEST_REASON} 文字で書いてください。")
    letters = string.ascii_letters + string.digits
    password = "".join(secrets.choice(letters) for _ in range(_PASSWORD_LENGTH))
    password_hash = hash_password(password)
    with database.writing() as session:
        newcomer, house = _newcomer(session, given)
        staff, codes = open_in_emergency(
            session,
            newcomer,
            house,
            password_hash=password_hash,
            reason=given.reason,
            lasts=timedelta(hours=given.hours),
            now=now,
        )
    until = (now + timedelta(hours=given.hours)).astimezone(TOKYO)
    return [
        f"緊急用アカウントを開きました（{until:%m月%d日 %H:%M}まで）。操作はすべて記録され、",
        "あとで所属先のアカウント担当者が点検します。",
        f"  サインイン名: {staff.sign_in_name}",
        f"  パスワード: {password}",
        "  予備コード（確認コードの欄に、一つずつ一度だけ）:",
        *(f"    {code}" for code in codes),
    ]


def _newcomer(session: Session, given: argparse.Namespace) -> tuple[Newcomer, Organization]:
    words = ("organization", "name", "sign_in_name", "role")
    missing = [f"--{word.replace('_', '-')}" for word in words if not getattr(given, word)]
    if missing:
        raise CommandError(f"{'、'.join(missing)} を書いてください。")
    try:
        newcomer = Newcomer(
            name=given.name, sign_in_name=given.sign_in_name, role=Role(given.role), ward_id=None
        )
    except ValidationError as error:
        # Its own text repeats what was typed.
        called = {"name": "--name", "sign_in_name": "--sign-in-name"}
        which = sorted({called.get(str(one["loc"][0]), "--role") for one in error.errors()})
        raise CommandError(f"{'、'.join(which)} が長すぎます。短く書いてください。") from None
    return newcomer, _house(session, given.organization)


def _house(session: Session, called: str) -> Organization:
    named = or_(col(Organization.number) == called, col(Organization.name) == called)
    found: Sequence[Organization] = session.exec(select(Organization).where(named)).all()
    if len(found) != 1:
        raise CommandError("その名前か番号の機関が一つに決まりません。10桁の番号で書いてください。")
    return found[0]
