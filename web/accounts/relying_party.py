"""For which name passkeys are made: that of this site, as browsers know it.

A passkey belongs to a name and never to a bare address. At the machine itself that name is
localhost; under 127.0.0.1 there are no passkeys.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request

from web.context import desk


@dataclass(frozen=True)
class RelyingParty:
    """Whom a passkey is for: the name, and the origin from which a browser may answer."""

    name: str
    origin: str


def relying_party() -> RelyingParty | None:
    """The name and origin of this site; None where there can be no passkeys."""
    ours = urlsplit(desk().public_origin)
    if _is_name(ours.hostname):
        return RelyingParty(ours.hostname or "", desk().public_origin)
    if urlsplit(f"//{request.host}").hostname == "localhost":
        return RelyingParty("localhost", f"{request.scheme}://{request.host}")
    return None


def _is_name(host: str | None) -> bool:
    try:
        ipaddress.ip_address(host or "0.0.0.0")  # noqa: S104  # nosec B104 - no name is none.
    except ValueError:
        return True
    return False
