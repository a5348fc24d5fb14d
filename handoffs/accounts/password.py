"""Passwords: how one is kept and compared, and which ones nobody may choose.

Kept is the argon2id hash and nothing else. A password is long (thirteen characters) and not
guessable; it is never asked to be changed because time went by. What is guessable is measured by
`worth`: common words, the person's own name and organization, dates, telephone numbers and runs
count little or nothing, whatever is around them. We hold nobody's day of birth: every run of four
digits and more, and every date, counts as one character: that day is worth nothing in any notation.

Full-width and half-width letters are the same letter: terminals are left in either mode.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 13, 200
"""Characters. Thirteen: Q&A シQ-54 of the ministry's guideline, with mixed characters."""

ENOUGH = 8
"""The worth that a password needs: eight characters that belong to no word, date or run."""

UNUSABLE = "!"
"""What stands in place of a hash while an account has no password: nothing fits it."""

_HASHER = PasswordHasher()
_FEWEST_KINDS = 6
_LONGEST_WORD = 24
_WORD_WORTH = 2
_OWN_WORDS = (
    *("tsunagi", "hospital", "clinic", "byouin", "iryou", "kango", "kaigo", "hoken", "renkei"),
    *("nyuin", "taiin", "admin", "login", "つなぎ", "病院", "医療", "看護", "介護", "入院", "退院"),
    "パスワード",
)
_LOOKALIKES = str.maketrans("@013457$!", "aoleastsi")
_DIGITS = re.compile(r"[mtshr]?\d{1,4}(?:[-./年月]\d{1,4})+日?|\d{4,}")
"""A date in any notation, a telephone number, or any other run of four digits."""
_BREAKS = re.compile(r"[\s・、。（）()\-_.@]+")


def plain(password: str) -> str:
    """The form in which a password is hashed and compared."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """Turn a password into its argon2id hash. Slow on purpose: never inside a transaction."""
    return _HASHER.hash(plain(password))


@lru_cache(maxsize=1)
def _hash_of_nobody() -> str:
    return hash_password(secrets.token_urlsafe(16))


def password_fits(password_hash: str | None, password: str) -> bool:
    """Compare; takes as long for a name that nobody has. Never inside a transaction.

    What is longer than any password fits none: it is not cut to the length of one.
    """
    typed = plain(password[: LONGEST + 1])
    known = password_hash if password_hash and password_hash.startswith("$argon2") else None
    try:
        _HASHER.verify(known or _hash_of_nobody(), typed)
    except (VerificationError, InvalidHashError):
        return False
    return known is not None and len(password) <= LONGEST


def complaints(password: str, own: Iterable[str] = (), *, mixed: bool = True) -> list[str]:
    """What has to be different about a password before somebody may choose it; nothing: it is good.

    `own` are words of the person: their name, sign-in name, organization, its telephone. `mixed`
    asks for letters, digits and signs, which an organization can switch off.
    """
    typed = plain(password)
    if len(typed) < SHORTEST:
        return [f"{SHORTEST}文字以上にしてください。"]
    if len(password) > LONGEST:
        return [f"{LONGEST}文字以内にしてください。"]
    found = []
    if mixed and not _is_mixed(typed):
        found.append("文字・数字・記号を、どれも一つ以上入れてください。")
    if worth(typed, own) < ENOUGH or len(set(typed.casefold())) < _FEWEST_KINDS:
        found.append(
            "推測されやすい言葉（よく使われるパスワード、お名前、所属先の名前、日付、並んだ文字）に"
            "頼らない部分を、もっと長くしてください。"
        )
    return found


def _is_mixed(typed: str) -> bool:
    letters = any(one.isalpha() for one in typed)
    digits = any(one.isdecimal() for one in typed)
    return letters and digits and any(not one.isalnum() for one in typed)


def worth(password: str, own: Iterable[str] = ()) -> int:
    """How many characters of a password somebody would have to guess.

    Nothing for the person's own words; one for a run of digits; two for a common word; nothing
    for a character that repeats or continues the one before it, or for a part said twice.
    """
    text = _once(plain(password).casefold())
    for word in sorted(_parts(own), key=len, reverse=True):
        text = text.replace(word, "\0")
    text = _DIGITS.sub("0\0", text)
    total, rest, position = 0, [], 0
    while position < len(text):
        length = _common_word_at(text, position)
        if length:
            total += _WORD_WORTH
            rest.append("\0")
        else:
            rest.append(text[position])
        position += length or 1
    return total + _unforeseen("".join(rest))


def _once(text: str) -> str:
    """A text that is one part said over and over, said once."""
    period = (text + text).find(text, 1)
    return text[:period] if period < len(text) else text


def _parts(own: Iterable[str]) -> set[str]:
    words = [plain(one).casefold() for one in own]
    parts = {part for word in words for part in [word, *_BREAKS.split(word)]}
    return {part for part in parts if len(part) > (2 if part.isascii() else 1)}


def _common_word_at(text: str, position: int) -> int:
    """The length of the longest common word that begins here, also where it is written p@ssw0rd."""
    for length in range(min(_LONGEST_WORD, len(text) - position), 1, -1):
        part = text[position : position + length]
        if part in _common() or part.translate(_LOOKALIKES) in _common():
            return length
    return 0


def _unforeseen(text: str) -> int:
    count, before = 0, "\0"
    for one in text:
        if one != "\0" and abs(ord(one) - ord(before)) > 1:
            count += 1
        before = one
    return count


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    file = Path(__file__).with_name("common_passwords.txt")
    lines = file.read_text(encoding="utf-8").splitlines()
    return frozenset([*(one for one in lines if not one.startswith("#")), *_OWN_WORDS])
