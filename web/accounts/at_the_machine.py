"""Whether a request comes from the machine itself: the sample region's accounts work nowhere else.

Their password and the secret of their app are printed for everybody. A proxy in front makes every
request look local, so its marks are looked for too, and the name by which the browser called us.
"""

import ipaddress
from urllib.parse import urlsplit

from flask import request

from web.context import desk

_OF_A_PROXY = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")


def is_at_the_machine() -> bool:
    """Whether browser and server are one machine, as far as a request can tell."""
    if any(name in request.headers for name in _OF_A_PROXY):
        return False
    called = urlsplit(f"//{request.host}").hostname
    ours = urlsplit(desk().public_origin).hostname
    return all(_is_loopback(name) for name in (request.remote_addr, called, ours))


def _is_loopback(name: str | None) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name or "").is_loopback
    except ValueError:
        return False
