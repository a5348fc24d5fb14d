"""The form in which a random secret, or a typed name, is kept."""

import hashlib


def digest(secret: str) -> str:
    """The SHA-256 of a text. Enough for what was drawn at random; passwords get argon2id."""
    return hashlib.sha256(secret.encode()).hexdigest()
