"""`python -m exchange ward-list FILE [--as NAME]`: take a ward list into the record.

`python -m exchange bounce FILE` (`-` reads a pipe): let a mail that came back count as not
delivered. Exit code 0: it was one of ours; 1: it was none, and nothing changed; 2: not readable.
For a mail server there is a folder instead (config.yaml, `mail.bounces`).

Says for each row what became of it, by its line in the file and never by a person. Exit code 0:
every row was taken; 1: some were rejected, the others are in, and the rejected ones stand in a
file that can be mended and imported again; 2: nothing was taken. Every import is somebody's act:
`--as` names them, or the site's own `exchange.ward_list_as`; nobody is guessed.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

import config
from exchange import csv_file, rejected_file
from exchange.bounce import LARGEST, read_bounce
from exchange.csv_file import FileRefused
from exchange.ward_import import Account, Outcome, take_in
from exchange.ward_list import WardList, read_ward_list
from handoffs import schema
from handoffs.accounts import staff_named
from handoffs.calendars import go_by_file
from handoffs.database import Database, open_database
from handoffs.errors import HandoffError
from handoffs.parties import Actor, Organization, OrganizationKind, actor_of, wards_of
from handoffs.region.rest import go_by_decisions
from handoffs.telling.bounce import take_bounce
from handoffs.tokyo import day_of
from rules import Library, RulesError
from rules.terminal import exit_after

WELL, SOME_REJECTED, NOTHING_TAKEN = 0, 1, 2
NOTHING = "何も取り込んでいません。"
_AS = "取り込む職員のサインイン名(なければ設定の exchange.ward_list_as)"


class UsageRefused(Exception):
    """The command cannot be carried out as it was written; the text says what to write."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and how the command is written."""
        self.exit(NOTHING_TAKEN, f"使い方が違います: {message}\n{self.format_usage()}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A file name that is no valid text must not end in a traceback.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    given = _parser().parse_args(arguments)
    try:
        command = _bounce if given.command == "bounce" else _ward_list
        return command(given, datetime.now(UTC))
    except FileRefused as error:
        at = f":{error.line}" if error.line is not None else ""
        print(f"{given.file}{at}: {error.message}", file=sys.stderr)
    except (UsageRefused, config.ConfigError, RulesError) as error:
        print(error, file=sys.stderr)
    except HandoffError as error:
        print(error.message, file=sys.stderr)
    except SQLAlchemyError:
        # Its text quotes what was to be written: people. It is not repeated.
        print(
            f"データベースを使えませんでした。{NOTHING}"
            "動いているかを確かめ、もう一度実行してください。",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        print(f"止めました。{NOTHING}", file=sys.stderr)
    return NOTHING_TAKEN


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m exchange", description="ほかのシステムの一覧を取り込みます。")
    commands = parser.add_subparsers(dest="command", required=True)
    ward_list = commands.add_parser("ward-list", help="病棟の一覧(CSV)を取り込む")
    ward_list.add_argument("file", type=Path, metavar="FILE", help="CSV(UTF-8 か Shift_JIS)")
    ward_list.add_argument(
        "--as",
        dest="sign_in_name",
        help="取り込む職員のサインイン名(なければ設定の exchange.ward_list_as)",
    )
    ward_list.add_argument("--hospital", help="病院の番号(その職員の病院かを確かめます)")
    ward_list.add_argument("--preview", action="store_true", help="見るだけで、何も残さない")
    ward_list.add_argument("--rejected", type=Path, help="取り込めない行を書くファイル")
    bounce = commands.add_parser("bounce", help="届かずに戻ってきたメールを取り込む")
    bounce.add_argument("file", type=Path, metavar="FILE", help="メールのファイル(- なら標準入力)")
    return parser


def _bounce(given: argparse.Namespace, now: datetime) -> int:
    try:
        piped = str(given.file) == "-"
        content = sys.stdin.buffer.read(LARGEST + 1) if piped else given.file.read_bytes()
    except OSError as error:
        raise FileRefused(f"読めません({error.strerror})。{NOTHING}") from None
    bounce = read_bounce(content)
    if bounce is None:
        print("届かずに戻ってきたメールではありません。何も変えていません。")
        return SOME_REJECTED
    with _opened(config.load()) as database, database.writing() as session:
        ours = take_bounce(session, bounce.digests, now=now)
    if not ours:
        print("つなぎが送ったメールではありません。何も変えていません。")
        return SOME_REJECTED
    print("届かなかった連絡として、送った機関の「やること」に出ます。")
    return WELL


@contextmanager
def _opened(settings: config.Settings) -> Iterator[Database]:
    """The record, if its tables are there. Raises UsageRefused where they are not."""
    database = open_database(settings.database_url, settings.keys())
    try:
        if not schema.is_current(database):
            raise UsageRefused(
                "データベースの表がないか、最新ではありません。"
                "先に python -m handoffs migrate を実行してください。"
            )
        yield database
    finally:
        database.close()


def _ward_list(given: argparse.Namespace, now: datetime) -> int:
    settings = config.load()
    sign_in_name = given.sign_in_name or settings.exchange.ward_list_as
    if not sign_in_name:
        raise UsageRefused(
            "だれの操作として残すかが要ります。--as のあとに、病院の職員のサインイン名を"
            "書いてください(例: --as nurse)。いつも同じ方なら、設定ファイルの"
            " exchange.ward_list_as に書いておけます。"
        )
    go_by_file(settings.public_holidays)
    content = csv_file.read(given.file)
    with _opened(settings) as database:
        with database.reading() as session:
            actor = _actor(session, sign_in_name, given)
            go_by_decisions(session, settings.region)
            wards = {ward.name: ward.id for ward in wards_of(session, actor.organization_id)}
        if not wards:
            raise UsageRefused("この病院に病棟が登録されていません。先に病棟を登録してください。")
        ward_list = read_ward_list(content, wards, day_of(now))
        digest = hashlib.sha256(content).hexdigest()
        account, mending = _import(database, ward_list, actor, given, now, digest)
    _tell(account, ward_list, mending, preview=given.preview)
    if not given.preview:
        print(f"{sign_in_name} の操作として履歴に残しました。")
    return SOME_REJECTED if account.rejected else WELL


def _actor(session: Session, sign_in_name: str, given: argparse.Namespace) -> Actor:
    """Find who acts, and hold them to the hospital that was named."""
    staff = staff_named(session, sign_in_name)
    actor = None if staff is None else actor_of(session, staff.id)
    hospital: str | None = given.hospital
    if actor is None or not actor.is_hospital:
        where = "--as" if given.sign_in_name else "設定ファイルの exchange.ward_list_as"
        raise UsageRefused(
            f"{where} には、いま使える病院の職員のサインイン名を書いてください。"
            "サインイン名は、画面にサインインするときの名前です。"
        )
    if hospital is not None:
        own = session.get_one(Organization, actor.organization_id)
        if own.kind is not OrganizationKind.HOSPITAL or hospital not in {own.number, str(own.id)}:
            raise UsageRefused(
                "--hospital の病院は、--as の職員の病院ではありません。どちらかを直してください。"
            )
    return actor


def _import(
    database: Database,
    ward_list: WardList,
    actor: Actor,
    given: argparse.Namespace,
    now: datetime,
    digest: str,
) -> tuple[Account, Path | None]:
    """Take everything in by one transaction, with the file of rejected rows beside it."""
    library = Library.load()
    with database.writing() as session:
        account = take_in(session, ward_list, library=library, by=actor, now=now, digest=digest)
        if given.preview:
            session.rollback()
            return account, None
        if not account.rejected:
            return account, None
        with _to_mend(given.file, given.rejected, ward_list, account) as mending:
            session.commit()
    return account, mending


@contextmanager
def _to_mend(
    file: Path, chosen: Path | None, ward_list: WardList, account: Account
) -> Iterator[Path]:
    """Write the rejected rows before the others stand; take the file away if those do not."""
    name, descriptor = rejected_file.reserve(file, chosen)
    try:
        rejected_file.write(descriptor, rejected_file.text_of(ward_list.heading, account.rejected))
        yield name
    except OSError as error:
        name.unlink(missing_ok=True)
        raise FileRefused(
            f"取り込めない行のファイルに書けません({error.strerror})。{NOTHING}"
        ) from None
    except BaseException:
        name.unlink(missing_ok=True)
        raise


def _tell(account: Account, ward_list: WardList, mending: Path | None, *, preview: bool) -> None:
    """Print what became of each row, in the order of the file."""
    told = [
        (one.line, "、".join([one.outcome.label, *(f"注意 {w}" for w in one.warnings)]))
        for one in account.taken
    ]
    told += [
        (one.line.number, f"取り込めません {' '.join(one.reasons)}") for one in account.rejected
    ]
    for line, words in sorted(told):
        print(f"{line}行目 {words}")
    matched = account.count(Outcome.MATCHED, Outcome.PLAN_CHANGED, Outcome.LEFT)
    print(
        f"新規 {account.count(Outcome.NEW)}、登録済み {matched}"
        f"(退院予定日の変更 {account.count(Outcome.PLAN_CHANGED)})、"
        f"取り込めない行 {len(account.rejected)}、対象でない行 {account.dropped}(何も残しません)"
    )
    if ward_list.heading.unused:
        print(f"使わない列 {ward_list.heading.unused}")
    if preview:
        print("--preview のため、何も残していません。")
    if mending is not None:
        print(
            f"取り込めない {len(account.rejected)}行を {mending} に書きました。"
            "患者の氏名や生年月日が入っています。ほかの人が開けない場所で直して、"
            "もう一度取り込んでください。取り込めたら、このファイルは消してください。"
        )


if __name__ == "__main__":
    exit_after(main)
