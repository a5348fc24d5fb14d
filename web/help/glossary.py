"""用語: what the words on the screens mean, one page with an anchor for each word.

The words are data, in `terms.yaml` beside this module; they are for those who work with the
pages. What the words of the code mean stands in docs/glossary.md.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

pages = Blueprint("glossary", __name__)

_FILE = Path(__file__).parent / "terms.yaml"


@dataclass(frozen=True)
class Term:
    """One word: id is its anchor on the page."""

    id: str
    word: str
    means: str


@dataclass(frozen=True)
class TermGroup:
    """Words that belong together."""

    group: str
    terms: tuple[Term, ...]


@cache
def term_groups() -> tuple[TermGroup, ...]:
    """Every word, in the order of the file. Raises TypeError or KeyError where it is misspelt."""
    entries = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return tuple(
        TermGroup(entry["group"], tuple(Term(**term) for term in entry["terms"]))
        for entry in entries
    )


@pages.get("/help/words")
def show() -> ResponseReturnValue:
    """Show every word."""
    return render_template("help/words.html", groups=term_groups())
