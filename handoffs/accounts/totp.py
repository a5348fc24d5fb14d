"""Codes that an authenticator app shows: RFC 6238 with SHA-1, six digits, thirty seconds.

The parameters are those that every app understands. A code is taken within its own step and one
step before or after, because clocks differ; that it is taken once is for `second_factor` to see.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import unicodedata
from datetime import datetime
from urllib.parse import quote

STEP_SECONDS = 30
DIGITS = 6
DRIFT = 1
"""Steps by which a telephone's clock may differ, either way."""

_SECRET_BYTES = 20
_SECRET = re.compile(r"[A-Z2-7]{32}")
_CODE = re.compile(rf"\d{{{DIGITS}}}")


def new_secret() -> str:
    """Draw a secret of 160 bits, in base32."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def is_secret(text: str) -> bool:
    """Whether a text is a secret such as `new_secret` draws."""
    return _SECRET.fullmatch(text) is not None


def step_at(now: datetime) -> int:
    """The number of the thirty-second step in which a moment lies."""
    return int(now.timestamp()) // STEP_SECONDS


def code_at(secret: str, step: int) -> str:
    """The code of a secret in one step. Raises ValueError for what is no base32 secret."""
    try:
        key = base64.b32decode(secret)
    except binascii.Error as error:
        raise ValueError("not a base32 secret") from error
    digest = hmac.new(key, step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def plain_code(typed: str) -> str:
    """A code as it is compared: half-width, without spaces and hyphens."""
    return re.sub(r"[\s\-ー―‐]", "", unicodedata.normalize("NFKC", typed))


def step_of(secret: str, typed: str, now: datetime) -> int | None:
    """The step to which a typed code belongs, if it is the code of about now; else None."""
    code = plain_code(typed)
    if not _CODE.fullmatch(code):
        return None
    # All steps are compared, each in constant time: how long it takes says nothing.
    here = step_at(now)
    fitting = [
        step
        for step in range(here - DRIFT, here + DRIFT + 1)
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode())
    ]
    return fitting[-1] if fitting else None


def address_for_app(secret: str, sign_in_name: str, issuer: str) -> str:
    """The otpauth address that an app reads from a QR code. Names the account, no organization."""
    label = quote(f"{issuer}:{sign_in_name}")
    return (
        f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer)}"
        f"&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}"
    )
