"""Encrypted files: the only door to age, the format, through pyrage.

A key file is what `age-keygen` writes: lines with AGE-SECRET-KEY-1…, and, if a site wants, further
lines with age1…, the public halves of keys that lie in a safe. Whoever holds one of them opens a
backup, also without this program: `age --decrypt`. What age is and why: docs/decisions/0040.
"""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyrage

from handoffs.keeping.errors import KeepingError

_SECRET, _PUBLIC = "AGE-SECRET-KEY-1", "age1"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, repr=False)
class Keys:
    """The keys of one key file: those that open, and those for which is sealed."""

    identities: Sequence[pyrage.x25519.Identity] = field(default_factory=list)
    recipients: Sequence[pyrage.x25519.Recipient] = field(default_factory=list)


def make_key(file: Path) -> str:
    """Write a new key file, readable to its owner alone, and return its public half.

    Raises:
        KeepingError: there is a file already, or it cannot be written.
    """
    identity = pyrage.x25519.Identity.generate()
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(f"# public key: {identity.to_public()}\n{identity}\n")
    except FileExistsError:
        raise KeepingError(
            f"{file} はもうあります。鍵を上書きすると、前のバックアップを開けなくなります。"
            "別の名前にしてください。"
        ) from None
    except OSError as error:
        raise KeepingError(f"{file} に書けません({error.strerror})。") from None
    return str(identity.to_public())


def read_keys(file: Path, away_from: Sequence[Path]) -> Keys:
    """Read a key file that lies in none of the folders `away_from`, nor is open to others.

    Raises:
        KeepingError: it cannot be read or used, lies beside what it protects, or others can read
            it.
    """
    place = file.resolve()
    for folder in away_from:
        if place.is_relative_to(folder.resolve()):
            raise KeepingError(
                f"鍵のファイル {file} が、守られるデータと同じ {folder} の中にあります。"
                "別のフォルダーに移し、控えを別の場所にも置いてください。"
            )
    try:
        open_to_others = file.stat().st_mode & _OTHERS
        written = file.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        raise KeepingError(
            f"鍵のファイル {file} を読めません。場所と権限を確かめてください。"
            "はじめてのときは python -m handoffs backup-key ファイル名 で作ります。"
        ) from None
    if open_to_others:
        raise KeepingError(
            f"鍵のファイル {file} を、ほかの利用者が読めます。chmod 600 で閉じてください。"
        )
    try:
        lines = [line.strip() for line in written]
        own = [pyrage.x25519.Identity.from_str(one) for one in lines if one.startswith(_SECRET)]
        others = [pyrage.x25519.Recipient.from_str(one) for one in lines if one.startswith(_PUBLIC)]
    except (pyrage.IdentityError, pyrage.RecipientError):
        own, others = [], []
    if not own:
        raise KeepingError(f"鍵のファイル {file} に、使える鍵(AGE-SECRET-KEY-1…)がありません。")
    return Keys(own, [*(one.to_public() for one in own), *others])


def seal(source: Path, target: Path, keys: Keys) -> None:
    """Encrypt a file for every key of the file."""
    pyrage.encrypt_file(str(source), str(target), keys.recipients)


def unseal(source: Path, target: Path, keys: Keys) -> None:
    """Decrypt a file.

    Raises:
        KeepingError: none of the keys fits, or the file was changed or cut.
    """
    try:
        pyrage.decrypt_file(str(source), str(target), keys.identities)
    except (pyrage.DecryptError, OSError):
        target.unlink(missing_ok=True)
        raise KeepingError(
            f"{source.name} を開けません。鍵が違うか、ファイルが途中で切れているか、"
            "書き換えられています。一つ前の世代で試してください。"
        ) from None
