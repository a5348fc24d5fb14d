"""Which addresses a webhook may be posted to. Pure; needs nothing of the record."""

import ipaddress
from urllib.parse import urlsplit


def is_allowed(address: str) -> bool:
    """Whether an address may be posted to: https, or http on the loopback address."""
    parts = urlsplit(address)
    try:
        port_reads = parts.port is None or parts.port > 0
    except ValueError:
        return False
    if not parts.hostname or parts.username or parts.password or not port_reads:
        return False
    if parts.scheme == "https":
        return True
    try:
        return parts.scheme == "http" and ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return False
