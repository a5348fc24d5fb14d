"""The keys of the record that stand outside the database: they seal history and lock secrets.

A ring holds one key a line. The first seals and locks; the others only open what they made, so a
new key is put first and the old ones stay until nothing needs them. A purpose has a key of its own,
derived from these: what is sealed for one is worth nothing for another. Whoever reads the database
alone can neither make a seal nor open a secret.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from handoffs.errors import HandoffError

KEY_BYTES = 32
SEAL_LENGTH = 56
"""Letters of a seal: which key, what was drawn for it, and the code itself."""

_NAME = 8
_NONCE = 16
_CODE_BYTES = 16
_LOCK_NONCE = 12
_KEY = re.compile(rf"[0-9a-f]{{{2 * KEY_BYTES}}}")
_LOCKED = "locked:"


KEY_IS_MISSING = "この記録を封じた鍵がありません。以前の鍵を、鍵のファイルに足してください。"


class RingError(HandoffError):
    """A key is missing or is none; the text says what to do and never holds a key."""


def new_key() -> str:
    """Draw a key, as it stands on a line of a ring."""
    return secrets.token_hex(KEY_BYTES)


@dataclass(frozen=True, repr=False)
class KeyRing:
    """The keys of a site, the newest first."""

    keys: tuple[bytes, ...]

    @classmethod
    def of(cls, text: str) -> "KeyRing":
        """Read a ring: one key a line, of 64 hexadecimal digits. Raises RingError."""
        lines = [line.strip().lower() for line in text.splitlines() if line.strip()]
        if not lines or not all(_KEY.fullmatch(line) for line in lines):
            raise RingError(
                "記録の鍵は、一行に一つ、64桁の16進数で書いてください(新しい鍵を一行目に)。"
            )
        return cls(tuple(bytes.fromhex(line) for line in lines))

    @cached_property
    def _named(self) -> Mapping[str, bytes]:
        return {hashlib.sha256(b"name" + key).hexdigest()[:_NAME]: key for key in self.keys}

    @cached_property
    def _derived(self) -> dict[tuple[str, str], bytes]:
        return {}

    @property
    def newest(self) -> str:
        """The name of the key that seals now."""
        return next(iter(self._named))

    def seal(self, purpose: str, content: bytes) -> str:
        """Seal a content; two seals of one content differ."""
        name, nonce = self.newest, secrets.token_hex(_NONCE // 2)
        return name + nonce + self._code(purpose, name, nonce, content)

    def fits(self, purpose: str, content: bytes, seal: str | None) -> bool:
        """Whether a seal was made by one of our keys, for this purpose and this content."""
        if seal is None or len(seal) != SEAL_LENGTH or seal[:_NAME] not in self._named:
            return False
        name, nonce = seal[:_NAME], seal[_NAME : _NAME + _NONCE]
        code = self._code(purpose, name, nonce, content)
        return hmac.compare_digest(code.encode(), seal[_NAME + _NONCE :].encode())

    def has(self, name: str) -> bool:
        """Whether the key of that name is on the ring."""
        return name in self._named

    def lock(self, purpose: str, text: str) -> str:
        """Encrypt a text (AES-256-GCM)."""
        nonce = secrets.token_bytes(_LOCK_NONCE)
        name = self.newest
        sealed = AESGCM(self._key(purpose, name)).encrypt(nonce, text.encode(), purpose.encode())
        return f"{_LOCKED}{name}:{(nonce + sealed).hex()}"

    def unlock(self, purpose: str, kept: str) -> str:
        """Decrypt what `lock` made; a text that was never locked comes back as it is.

        Raises RingError where the key is not on the ring or the text was changed.
        """
        if not is_locked(kept):
            return kept
        name, _, sealed = kept.removeprefix(_LOCKED).partition(":")
        try:
            data = bytes.fromhex(sealed)
            key = AESGCM(self._key(purpose, name))
            return key.decrypt(data[:_LOCK_NONCE], data[_LOCK_NONCE:], purpose.encode()).decode()
        except (KeyError, ValueError, InvalidTag):
            raise RingError(
                "鍵が違うため、保管された秘密を開けません。以前の鍵を鍵のファイルに足してください。"
            ) from None

    def is_newest(self, kept: str) -> bool:
        """Whether a locked text is locked with the key of now."""
        return kept.startswith(f"{_LOCKED}{self.newest}:")

    def code(self, purpose: str, name: str, content: bytes, *, whole: bool = False) -> str:
        """A keyed digest of a content by the key of that name, without anything drawn.

        Raises RingError where that key is not on the ring.
        """
        if name not in self._named:
            raise RingError(KEY_IS_MISSING)
        made = hmac.digest(self._key(purpose, name), content, "sha256")
        return (made if whole else made[:_CODE_BYTES]).hex()

    def _key(self, purpose: str, name: str) -> bytes:
        found = self._derived.get((purpose, name))
        if found is None:
            found = hmac.digest(self._named[name], purpose.encode(), "sha256")
            self._derived[purpose, name] = found
        return found

    def _code(self, purpose: str, name: str, nonce: str, content: bytes) -> str:
        key = self._key(purpose, name)
        return hmac.digest(key, nonce.encode() + content, "sha256")[:_CODE_BYTES].hex()


def is_locked(kept: str) -> bool:
    """Whether a kept text is encrypted."""
    return kept.startswith(_LOCKED)
