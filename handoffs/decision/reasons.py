"""The stored answer of the rules in words: what came out, why, and under which edition.

Nothing is decided again here. An answer that was given years ago reads as it was
given, even where its edition is no longer on disk. Changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from handoffs.decision.assessment import Assessment, Occasion
from handoffs.decision.cross import CrossShown, cross_shown
from handoffs.parties import Staff
from handoffs.shown.dossier import Dossier
from handoffs.shown.fact_labels import labels_of, vocabulary_of
from rules import Coordination, Library, NoEdition


@dataclass(frozen=True)
class Clause:
    """One clause of the paper: its own words and where they stand."""

    text: str
    source: str


@dataclass(frozen=True)
class DecisionShown:
    """The stored answer of the rules in words.

    missing: labels of the facts that could still change it, missing_ids their ids.
    unverified: what of the edition could not be read. source_url is empty where the
    edition is gone. cross: both regions' rules, where the home has one of its own; home_words:
    why that rule was not asked, or nothing.
    """

    coordination: Coordination
    because: tuple[Clause, ...]
    excluded_by: tuple[Clause, ...]
    missing: tuple[str, ...]
    missing_ids: tuple[str, ...]
    held_back: tuple[str, ...]
    unverified: tuple[str, ...]
    edition: str
    in_force: date | None
    partial: bool
    source_title: str
    source_url: str
    occasion: Occasion
    made_at: datetime
    made_by: str
    cross: CrossShown | None = None
    home_words: str = ""


def decision_shown(
    dossier: Dossier, people: Mapping[int, Staff], library: Library, *, on: date, tells_home: bool
) -> DecisionShown | None:
    """Put the stored answer in words; None while nothing was decided.

    on: the day on which it is read. tells_home: the reader may know where the person lives.
    """
    made = dossier.assessment
    if made is None:
        return None
    judge = people.get(made.judged_by or 0)
    in_force = date.fromisoformat(made.edition_in_force)
    title, partial, source_title, source_url = made.region, False, "", ""
    try:
        edition = library.edition(made.region, in_force)
        title, partial = edition.title, edition.partial
        source_title, source_url = edition.source.title, edition.source.url
    except NoEdition:
        title = _edition_title(made)
    return DecisionShown(
        coordination=made.coordination,
        because=_clauses(made, "because"),
        excluded_by=_clauses(made, "excluded_by"),
        missing=labels_of(_texts(made, "missing"), vocabulary_of(dossier, library)),
        missing_ids=_texts(made, "missing"),
        held_back=_texts(made, "held_back"),
        unverified=_texts(made, "unverified"),
        edition=title,
        in_force=in_force,
        partial=partial,
        source_title=source_title,
        source_url=source_url,
        occasion=made.occasion,
        made_at=made.made_at,
        made_by=judge.name if judge else "",
        cross=cross_shown(made.outcome, dossier.stay.admitted_on, on) if tells_home else None,
        home_words=str(made.outcome.get("home_rule") or "") if tells_home else "",
    )


def _edition_title(made: Assessment) -> str:
    edition = made.outcome.get("edition")
    title = edition.get("title") if isinstance(edition, dict) else None
    return str(title or made.region)


def _clauses(made: Assessment, key: str) -> tuple[Clause, ...]:
    stored = made.outcome.get(key)
    rows = stored if isinstance(stored, list) else []
    return tuple(Clause(str(row["text"]), str(row["source"])) for row in rows)


def _texts(made: Assessment, key: str) -> tuple[str, ...]:
    stored = made.outcome.get(key)
    return tuple(str(text) for text in stored) if isinstance(stored, list) else ()
