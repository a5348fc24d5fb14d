"""Searching without minding 濁点 and 半濁点: たかはし for たがはし, and the other way round.

A reading that was heard on the telephone, or copied from a blurred FAX, often differs by just
these marks. What is typed becomes a pattern in which each such letter stands for all its twins, so
that nothing has to be stored beside the folded names. Knows no table, changes nothing.
"""

import re
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Session

_TWINS = (
    *("カガ", "キギ", "クグ", "ケゲ", "コゴ", "サザ", "シジ", "スズ", "セゼ", "ソゾ"),
    *("タダ", "チヂ", "ツヅ", "テデ", "トド"),
    *("ハバパ", "ヒビピ", "フブプ", "ヘベペ", "ホボポ", "ウヴ"),
)
_TWINS_OF = {letter: twins for twins in _TWINS for letter in twins}


def has_twins(folded: str) -> bool:
    """Whether 濁点 could make any difference to what was typed, as `patients.fold` gives it."""
    return any(letter in _TWINS_OF for letter in folded)


def unvoiced(folded: str) -> str:
    """Take every 濁点 and 半濁点 away from a folded text."""
    return "".join(_TWINS_OF.get(letter, letter)[0] for letter in folded)


def stands_in(session: Session, column: Mapped[str], folded: str) -> sa.ColumnElement[bool]:
    """Ask whether a folded text stands anywhere in a column, whatever its 濁点 are.

    SQLite knows no pattern but GLOB that has choices of letters.
    """
    if session.get_bind().dialect.name == "sqlite":
        return sa.func.glob(f"*{_pattern(folded, _literal)}*", column) == 1
    return column.regexp_match(_pattern(folded, re.escape))


def _pattern(folded: str, literal: Callable[[str], str]) -> str:
    return "".join(
        f"[{twins}]" if (twins := _TWINS_OF.get(letter)) else literal(letter) for letter in folded
    )


def _literal(letter: str) -> str:
    """A letter that GLOB shall not take for a sign of its own."""
    return f"[{letter}]" if letter in "*?[" else letter
