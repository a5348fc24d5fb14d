"""`python -m handoffs`: make the tables, load the sample region, say how to sign in.

- `migrate` brings the database to the newest tables;
- `sample` loads the sample region, once, into an empty database;
- `sign-ins` prints one sign-in for each role of the sample region.
- `backtest` tries a draft of an edition on past stays.
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import config
from handoffs import backtest_command, sample, schema
from handoffs.backtest import backtest
from handoffs.database import Database, open_database
from rules import Library, RulesError, check_examples, edition_of


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 if it was done, 2 for input that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m handoffs", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("migrate", "sample", "sign-ins"):
        commands.add_parser(name)
    _describe_backtest(commands.add_parser("backtest"))
    given = parser.parse_args(arguments)
    command = given.command
    try:
        settings = config.load()
        settings.data_folder()
        database = open_database(settings.database_url)
        if command == "migrate":
            schema.upgrade(database)
        elif command == "sample":
            _load_sample(database)
        elif command == "backtest":
            return _print_backtest(database, given)
        else:
            _print_sign_ins(settings.public_base_url)
    except (config.ConfigError, RulesError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _load_sample(database: Database) -> None:
    if sample.is_loaded(database):
        print("見本医療圏は読み込み済みです。")
        return
    sample.load(database, Library.load(), now=datetime.now(UTC))
    print("見本医療圏を読み込みました。")


def _describe_backtest(parser: argparse.ArgumentParser) -> None:
    month = backtest_command.month_of
    parser.add_argument("--region", required=True, help="地域の名前")
    parser.add_argument("--draft", required=True, type=Path, help="案のファイル")
    parser.add_argument("--from", required=True, type=month, dest="first", help="最初の月。2026-05")
    parser.add_argument("--to", required=True, type=month, dest="last", help="最後の月。2026-10")
    parser.add_argument("--json", action="store_true", help="JSON で出す")


def _print_backtest(database: Database, given: argparse.Namespace) -> int:
    if given.last < given.first:
        print("最後の月(--to)が最初の月(--from)より前です。", file=sys.stderr)
        return 2
    draft = edition_of(given.draft)
    check_examples(draft)
    months = (given.first, given.last)
    with database.reading() as session:
        found = backtest(session, given.region, draft, months, library=Library.load())
    if given.json:
        print(json.dumps(backtest_command.as_json(found), ensure_ascii=False, indent=2))
    else:
        print(*backtest_command.lines(found), sep="\n")
    return 0


def _print_sign_ins(address: str) -> None:
    print(f"\n見本医療圏のサインイン（{address}）")
    for sign_in in sample.SIGN_INS:
        print(f"  {sign_in.role.label}: {sign_in.name} / {sample.PASSWORD}")


if __name__ == "__main__":
    sys.exit(main())
