"""`python -m handoffs`: make the tables, load the sample region, say how to sign in.

- `migrate` brings the database to the newest tables;
- `sample` loads the sample region, once, into an empty database;
- `sign-ins` prints one sign-in for each role of the sample region.
"""

import argparse
import sys
from datetime import UTC, datetime

import config
from handoffs import sample, schema
from handoffs.database import Database, open_database
from rules import Library, RulesError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 if it was done, 2 for input that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m handoffs", description=__doc__)
    parser.add_argument("command", choices=["migrate", "sample", "sign-ins"])
    command = parser.parse_args(arguments).command
    try:
        settings = config.load()
        settings.data_folder()
        database = open_database(settings.database_url)
        if command == "migrate":
            schema.upgrade(database)
        elif command == "sample":
            _load_sample(database)
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


def _print_sign_ins(address: str) -> None:
    print(f"\n見本医療圏のサインイン（{address}）")
    for sign_in in sample.SIGN_INS:
        print(f"  {sign_in.role.label}: {sign_in.name} / {sample.PASSWORD}")


if __name__ == "__main__":
    sys.exit(main())
