"""The command `difference`: two editions, and what differs between them in words."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rules.difference import difference
from rules.edition import Edition
from rules.errors import NoEdition
from rules.fees.command import Commands
from rules.library import Library
from rules.reading.document import day_of
from rules.reading.edition_file import edition_of

JOINT = "@"


def add_difference(commands: Commands) -> None:
    """Describe the command and what it takes."""
    command = commands.add_parser("difference", help="二つの版の違いを、条文ごとに言葉で示す")
    for name, which in (("old", "前の"), ("new", "後の")):
        command.add_argument(name, help=f"{which}版のファイルか、地域@その日(例: mihon@2026-11-20)")
    command.add_argument("--json", action="store_true", help="JSON で出す")


def answer_difference(given: argparse.Namespace) -> dict[str, Any] | Iterator[str]:
    """Compare what was given, for JSON or line by line; RulesError for what cannot be read."""
    found = difference(_edition(given.old), _edition(given.new))
    return found.as_json() if given.json else found.lines()


def _edition(words: str) -> Edition:
    """Read a file, or find the edition of a region that is in force on a day."""
    file = Path(words)
    region, joint, text = words.partition(JOINT)
    if not joint or file.exists():
        return edition_of(file)
    try:
        day = day_of(text)
    except ValueError:
        message = f"「{words}」は読めません。mihon@2026-11-20 のように書いてください。"
        raise NoEdition(message) from None
    return Library.load().in_force(region, day)
