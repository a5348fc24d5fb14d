"""The short code on a FAX's cover and slip: six characters, the last one a check. Pure.

Written by hand, sent through a coarse machine and typed by somebody else, so only characters are
used that nothing else in use looks like: no 0 O 1 I L 2 Z 5 S 8 B U V. Twenty-three are left, a
prime number, and every place has a weight of its own: the check finds each single wrong character
and each two that changed places, wherever they stand.
"""

import secrets
import unicodedata

ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
LENGTH = 6


def check_character(body: str) -> str:
    """The character that makes a body of five a code. Raises ValueError for a foreign one."""
    total = sum(
        weight * ALPHABET.index(one) for weight, one in zip(range(LENGTH, 1, -1), body, strict=True)
    )
    return ALPHABET[-total % len(ALPHABET)]


def new_fax_code() -> str:
    """Draw a code. Whether another sending has it is asked by whoever keeps it."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + check_character(body)


def plain_fax_code(typed: str) -> str:
    """A code as it was meant: half-width capitals, without spaces and hyphens."""
    letters = unicodedata.normalize("NFKC", typed).upper()
    return "".join(c for c in letters if not c.isspace() and c not in "-ー―‐")


def is_fax_code(code: str) -> bool:
    """Whether this can be a code: six characters of ours whose check fits."""
    if len(code) != LENGTH or any(one not in ALPHABET for one in code):
        return False
    return check_character(code[:-1]) == code[-1]
