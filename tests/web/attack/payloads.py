"""Three hundred texts and more that somebody might type to do more than say something.

They stand by family in `payloads.json`. What would run there sets `tsunagi_ran`, what would fetch
names `canary.invalid`: in Chromium both are looked for.
"""

import json
from pathlib import Path

FAMILIES: dict[str, list[str]] = json.loads(
    Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
)

PAYLOADS: list[str] = list(dict.fromkeys(one for family in FAMILIES.values() for one in family))


def can_be_stored(text: str) -> bool:
    """Whether a record can hold it at all: no NUL, no half of a character, and not too long."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text) and len(text) < 600
