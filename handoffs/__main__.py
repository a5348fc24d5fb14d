"""`python -m handoffs`: make the tables, load the sample region, say how to sign in.

- `migrate` brings the database to the newest tables;
- `sample` loads the sample region, once, into an empty database;
- `sign-ins` prints one sign-in for each role of the sample region, `code` what its app shows now;
- `account-keeper` names the first keeper of an organization's accounts, `account-emergency` opens
  an account that ends by itself;
- `rates` prints a month's figures as their page shows them;
- `rates yearly|survey|coverage|shadow` print what those pages show; `rates figures` takes in
  figures from outside;
- `reopen-month` opens a closed month again, with a reason;
- `backtest` tries a draft of an edition on past stays;
- `extract` writes past stays as coded lines for `python -m rules lint --history`;
- `export` takes everything of an organization or of the site along, and checks what was taken;
- `retention` lists and erases what is over, and holds it back; `erase` is one person's request;
- `backup`, `backups`, `restore`, `backup-key`, `backup-keep` make backups and bring them back;
- `audit verify` goes through the history, `audit seen` says who saw which stay, `keys` changes the
  keys that seal history and lock secrets.
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import config
from handoffs import sample, schema
from handoffs.accounts import command as account_command
from handoffs.accounts.invitation import lock_secrets_again
from handoffs.audit import command as audit_command
from handoffs.backtest import backtest
from handoffs.backtest import command as backtest_command
from handoffs.backtest import extract as coded_extract
from handoffs.calendars import go_by_file
from handoffs.database import Database, open_database
from handoffs.errors import HandoffError
from handoffs.keeping import command as keeping_command
from handoffs.keeping import erasure_command, export_command, retention_command
from handoffs.rates import command as rates_command
from handoffs.rates import outside_command
from handoffs.region.policy import Policy, closing_on, holds
from handoffs.region.reach import access_days_of
from handoffs.region.rest import go_by_decisions
from rules import Library, RulesError, check_examples, edition_of
from rules.terminal import exit_after

_KEEPING = (
    keeping_command.COMMANDS
    | erasure_command.COMMANDS
    | export_command.COMMANDS
    | retention_command.COMMANDS
)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 if it was done, 2 for input that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m handoffs", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("migrate", "sample"):
        commands.add_parser(name)
    account_command.describe(commands)
    _describe_backtest(commands.add_parser("backtest"))
    _describe_extract(commands.add_parser("extract"))
    rates_command.describe(commands.add_parser("rates"))
    rates_command.describe_reopening(commands.add_parser("reopen-month"))
    outside_command.describe(commands)
    keeping_command.describe(commands)
    export_command.describe(commands)
    retention_command.describe(commands)
    erasure_command.describe(commands)
    audit_command.describe(commands)
    words = sys.argv[1:] if arguments is None else arguments
    given = parser.parse_args(outside_command.joined(words))
    try:
        said = keeping_command.without_database(given, datetime.now(UTC))
        said = said or export_command.verified(given)
        if said is not None:
            print(*said, sep="\n")
            return 0
        settings = config.load()
        settings.data_folder()
        go_by_file(settings.public_holidays)
        database = open_database(settings.database_url, settings.keys())
        return _do(database, settings, given)
    except (config.ConfigError, HandoffError, RulesError) as error:
        print(error, file=sys.stderr)
        return 2


def _do(database: Database, settings: config.Settings, given: argparse.Namespace) -> int:
    """Do what needs the database; the exit code."""
    command = given.command
    if command == "migrate":
        schema.upgrade(database)
        with database.writing() as session:
            lock_secrets_again(session)
    elif command in {"audit", "keys"}:
        said, code = audit_command.run(
            database, given, settings.anchor_folder(), settings.keys_file, datetime.now(UTC)
        )
        print(*said, sep="\n")
        return code
    elif command in _KEEPING:
        print(*_kept(database, settings, given), sep="\n")
    elif command == "sample":
        _load_sample(database)
    elif command == "backtest":
        return _print_backtest(database, given)
    elif command == "extract":
        return _print_extract(database, given)
    elif command.startswith("rates-"):
        _print_outside(database, given)
    elif command == "rates":
        _print_rates(database, given, settings.rates)
    elif command == "reopen-month":
        print(rates_command.open_again(database, given, datetime.now(UTC)))
    else:
        address, now = settings.public_base_url, datetime.now(UTC)
        print(*account_command.run(database, given, address, now), sep="\n")
    return 0


def _load_sample(database: Database) -> None:
    if sample.is_loaded(database):
        print("見本医療圏は読み込み済みです。")
        return
    sample.load(database, Library.load(), now=datetime.now(UTC))
    print("見本医療圏を読み込みました。")


def _kept(database: Database, settings: config.Settings, given: argparse.Namespace) -> list[str]:
    """Make, list or bring back backups; take everything along."""
    if given.command in export_command.COMMANDS:
        return export_command.run(database, settings.data, given, datetime.now(UTC))
    if given.command in erasure_command.COMMANDS:
        return erasure_command.run(database, settings.data, given, datetime.now(UTC))
    if given.command in retention_command.COMMANDS:
        years, days = settings.retention.hospitals, settings.retention.office_access_days
        with database.reading() as session:
            days = access_days_of(session, settings.region, configured=days)
        return retention_command.run(database, years, days, given, datetime.now(UTC))
    database.close()  # The file may be about to get another name.
    return keeping_command.run(
        given,
        url=settings.backup_database_url or settings.database_url,
        data=settings.data,
        folder=settings.keeping.backup_folder,
        key=settings.keeping.backup_key,
        keep=settings.keeping.generations,
        revision=lambda: schema.revision_of(database),
        now=datetime.now(UTC),
    )


def _describe_backtest(parser: argparse.ArgumentParser) -> None:
    _describe_stays(parser)
    parser.add_argument("--draft", required=True, type=Path, help="案のファイル")
    parser.add_argument("--hospital", help="この病院の入院だけ。名前か、10桁の機関番号")
    parser.add_argument("--json", action="store_true", help="JSON で出す")


def _describe_extract(parser: argparse.ArgumentParser) -> None:
    _describe_stays(parser)
    parser.add_argument("--draft", type=Path, help="この案にある判定項目の語だけを出す")


def _describe_stays(parser: argparse.ArgumentParser) -> None:
    month = backtest_command.month_of
    parser.add_argument("--region", required=True, help="地域の名前")
    parser.add_argument("--from", required=True, type=month, dest="first", help="最初の月。2026-05")
    parser.add_argument("--to", required=True, type=month, dest="last", help="最後の月。2026-10")


def _months_are_in_order(given: argparse.Namespace) -> bool:
    if given.first <= given.last:
        return True
    print("最後の月(--to)が最初の月(--from)より前です。", file=sys.stderr)
    return False


def _print_extract(database: Database, given: argparse.Namespace) -> int:
    if not _months_are_in_order(given):
        return 2
    draft = None if given.draft is None else edition_of(given.draft)
    lines = coded_extract.extract(
        database.reading,
        given.region,
        (given.first, given.last),
        library=Library.load(),
        draft=draft,
    )
    coded_extract.write(list(lines), sys.stdout)
    return 0


def _print_outside(database: Database, given: argparse.Namespace) -> None:
    lines = outside_command.run(database, given, library=Library.load(), now=datetime.now(UTC))
    print(*lines, sep="\n")


def _print_rates(
    database: Database, given: argparse.Namespace, rates: config.RatesSettings
) -> None:
    closes = rates.month_closes
    # What the region decided on its page counts before the configuration, as on the screens.
    with database.reading() as session:
        go_by_decisions(session, given.region)
        hospital_names = holds(
            session,
            given.region,
            Policy.HOSPITAL_NAMES,
            configured=rates.hospital_names == "shown",
        )
        closes_on = closing_on(
            session, given.region, configured=closes if isinstance(closes, int) else None
        )
    lines = rates_command.print_rates(
        database,
        given,
        region_name=Library.load().of_region(given.region)[-1].region_name,
        hospital_names=hospital_names,
        closes_on=closes_on,
        now=datetime.now(UTC),
    )
    print(*lines, sep="\n")


def _print_backtest(database: Database, given: argparse.Namespace) -> int:
    if not _months_are_in_order(given):
        return 2
    draft = edition_of(given.draft)
    check_examples(draft)
    hospital_id = None
    with database.reading() as session:
        go_by_decisions(session, given.region)
        if given.hospital is not None:
            hospital_id = backtest_command.hospital_called(session, given.region, given.hospital)
    found = backtest(
        database.reading,
        given.region,
        draft,
        (given.first, given.last),
        library=Library.load(),
        hospital_id=hospital_id,
    )
    if given.json:
        print(json.dumps(backtest_command.as_json(found), ensure_ascii=False, indent=2))
    else:
        print(*backtest_command.lines(found), sep="\n")
    return 0


if __name__ == "__main__":
    exit_after(main)
