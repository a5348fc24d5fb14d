"""Turn of phrase shared by every message: the nearest known word, and joined lists."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TypeVar

Thing = TypeVar("Thing")

MOST_SHOWN = 20


def nearest(word: str, known: Iterable[str]) -> str:
    """Offer the nearest known word, or the whole list where none is near.

    The list is the order in which the words were defined; a long one is cut,
    because nobody reads forty words in an error message.
    """
    words = list(known)
    close = get_close_matches(word, words, n=1, cutoff=0.5)
    if close:
        return f"「{close[0]}」ではありませんか。"
    shown = "・".join(words[:MOST_SHOWN])
    more = "など" if len(words) > MOST_SHOWN else ""
    return f"使える語: {shown}{more}。"


def without_repeats(things: Iterable[Thing]) -> tuple[Thing, ...]:
    """Keep the first of each, in order."""
    return tuple(dict.fromkeys(things))
