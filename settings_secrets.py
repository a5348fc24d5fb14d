"""Secrets of a site: from the environment or from the file that a variable names, never printed.

And the one address that may hold one, the database's.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

DRIVERS = ("sqlite", "postgresql+psycopg")
SHORTEST_SECRET = 16
"""Characters of the key that signs what is posted."""

KEYS_FILE = "record-keys.txt"
KEY_BYTES = 32
"""Bytes of a key that seals history and locks secrets; each stands on a line, in hexadecimal."""


class ConfigError(Exception):
    """A setting cannot be used; the text says where it stands and what to write instead."""


def secret(name: str, environ: Mapping[str, str]) -> str | None:
    """Take a secret from the variable or from the file that NAME_FILE names."""
    value, file = environ.get(name), environ.get(f"{name}_FILE")
    if value and file:
        raise ConfigError(f"{name} と {name}_FILE は、どちらか一方だけにしてください。")
    if not file:
        return value or None
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{name}_FILE が指すファイル {file} を読めません。場所と権限を確かめてください。"
        ) from error


def record_keys(data: Path, given: str) -> str:
    """Take the keys of the record that were given, else those of a file of the data folder.

    That file is made at the first start, open to its owner alone. Whoever is second to make it
    reads what the first wrote.
    """
    if given:
        return given
    file = data / KEYS_FILE
    draft = data / f"{KEYS_FILE}.{secrets.token_hex(4)}"
    try:
        if not file.exists():
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
                opened.write(f"{secrets.token_hex(KEY_BYTES)}\n")
            try:
                os.link(draft, file)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"記録の鍵のファイル {file} を読めません。場所と権限を確かめるか、"
            "環境変数 RECORD_KEYS_FILE で別のファイルを指定してください。"
        ) from error


def webhook_secret(environ: Mapping[str, str], *, needed: bool) -> str:
    """Take the secret that signs what is posted; nothing is posted without one."""
    given = secret("WEBHOOK_SECRET", environ) or ""
    if needed and len(given) < SHORTEST_SECRET:
        raise ConfigError(
            f"webhook を使うときは、{SHORTEST_SECRET}文字以上の署名の鍵を環境変数"
            " WEBHOOK_SECRET か WEBHOOK_SECRET_FILE で渡してください。"
        )
    return given


def database_url(written: str, where: str, data: Path, environ: Mapping[str, str]) -> str:
    """Settle which database is meant; the text returned may hold a password."""
    given = secret("DATABASE_URL", environ)
    if given is None and written == "sqlite":
        return f"sqlite:///{data}/tsunagi.db"
    if given is not None:
        where = "環境変数 DATABASE_URL"
    try:
        url = make_url(given or written)
    except ArgumentError:
        url = URL.create("?")
    if url.drivername not in DRIVERS or (url.drivername == DRIVERS[1] and not url.database):
        # The address is not repeated: it may hold a password.
        raise ConfigError(
            f"{where}: データベースの書き方が違います。"
            "sqlite か postgresql+psycopg://利用者@ホスト/名前 の形で書いてください。"
        )
    if given is None and url.password is not None:
        raise ConfigError(
            f"{where}: パスワードは config.yaml に書かず、環境変数 DATABASE_PASSWORD か"
            " DATABASE_PASSWORD_FILE で渡してください。"
        )
    password = secret("DATABASE_PASSWORD", environ)
    url = url if password is None else url.set(password=password)
    return url.render_as_string(hide_password=False)
