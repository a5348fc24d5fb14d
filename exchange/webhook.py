"""Telling an organization's own system by HTTPS that there is something to look at.

JSON with codes only: no name, no case, no text of a person. Signed with HMAC-SHA256 over the
moment and the body, and marked with the message's key, so that the receiver can tell a repeat
and a stranger. Follows no redirect: a receiver that moved tells the administrator, not us.
Plain http is taken for the loopback address alone.
"""

import hashlib
import hmac
import http.client
import json
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from exchange.web_address import is_allowed
from handoffs.telling.despatch import Answer, Parcel
from handoffs.telling.outbox import Reason

TIMEOUT_SECONDS = 10.0
_LATER = {408, 409, 425, 429}
_OK, _REDIRECTS, _WRONG, _BROKEN = 200, 300, 400, 500
_MOST_READ = 4096


@dataclass(frozen=True)
class Signer:
    """How bodies are signed. The secret is shared with the receivers and shown nowhere."""

    secret: str = field(repr=False)
    timeout: float = TIMEOUT_SECONDS

    def signature(self, at: str, body: bytes) -> str:
        """Sign a body together with its moment, so that an old one cannot be posted again."""
        signed = hmac.new(self.secret.encode(), at.encode() + b"." + body, hashlib.sha256)
        return f"sha256={signed.hexdigest()}"


def content(parcel: Parcel) -> bytes:
    """Write what is told: what kind, how many, where to look."""
    told = {
        "version": 1,
        "key": parcel.key,
        "purpose": parcel.purpose,
        "count": parcel.count,
        "made_at": parcel.made_at.isoformat(),
        "sign_in": parcel.link,
    }
    return json.dumps(told, ensure_ascii=True, sort_keys=True).encode()


def post(parcel: Parcel, signer: Signer, now: datetime) -> Answer:
    """Post one message and say what came of it. Raises nothing that a receiver causes."""
    if not is_allowed(parcel.address):
        return Answer(Reason.BAD_ADDRESS, final=True)
    parts = urlsplit(parcel.address)
    body, at = content(parcel), str(int(now.timestamp()))
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(
            host, parts.port, timeout=signer.timeout, context=ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=signer.timeout)
    try:
        connection.request(
            "POST",
            (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
            body=body,
            headers={
                "Content-Type": "application/json",
                "User-Agent": "tsunagi",
                "Idempotency-Key": parcel.key,
                "Tsunagi-Timestamp": at,
                "Tsunagi-Signature": signer.signature(at, body),
            },
        )
        response = connection.getresponse()
        response.read(_MOST_READ)
        return _answer(response.status)
    except (OSError, http.client.HTTPException):
        return Answer(Reason.UNREACHABLE)
    finally:
        connection.close()


def _answer(status: int) -> Answer:
    if _OK <= status < _REDIRECTS:
        return Answer()
    if status in _LATER or status >= _BROKEN:
        return Answer(Reason.BUSY)
    if status >= _WRONG:
        return Answer(Reason.NOT_ACCEPTED, final=True)
    return Answer(Reason.BAD_ADDRESS, final=True)
