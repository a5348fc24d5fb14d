"""Why a handoff got another day or other words: which date, fact or calendar moved.

Compares what the last decision was made from with what this one is made from. Codes only; the
labels for people stand here too, so that the history can be read again.
"""

from collections.abc import Mapping
from datetime import date, time
from types import MappingProxyType
from typing import Protocol

from rules import Facts, Moments, Vocabulary

EDITION, CALENDAR = "edition", "calendar"

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "admitted_on": "入院日",
        "admitted_time": "入院の時刻",
        "planned_discharge_on": "退院予定日",
        "discharged_on": "退院日",
        "need_seen_on": "支援が必要と分かった日",
        "discharge_known_on": "退院予定が分かった日",
        EDITION: "ルールの版の訂正",
        CALENDAR: "営業日・休みの日",
    }
)
"""The words for every code that is not a fact."""

_FOLLOWING = ("need_seen_on", "discharge_known_on")
"""Days that move along with others; they are named only where nothing else moved."""


class Made(Protocol):
    """What this file reads of an earlier decision."""

    facts: dict[str, str]
    outcome: dict[str, object]
    edition_digest: str


def moments_as_json(moments: Moments) -> dict[str, str | None]:
    """Lay the moments of a decision out to be kept with it."""
    days: dict[str, date | time | None] = {
        "admitted_on": moments.admitted_on,
        "admitted_time": moments.admitted_time,
        "planned_discharge_on": moments.planned_discharge_on,
        "discharged_on": moments.discharged_on,
        "need_seen_on": moments.need_seen_on,
        "discharge_known_on": moments.discharge_known_on,
    }
    return {name: None if day is None else day.isoformat() for name, day in days.items()}


def causes(last: Made | None, facts: Facts, moments: Moments, digest: str) -> tuple[str, ...]:
    """Name what moved since the last decision; the calendar where nothing else did.

    Empty for a first decision. Of a decision made before moments were kept, only facts and
    edition can be compared.
    """
    if last is None:
        return ()
    kept = last.outcome.get("moments")
    was: Mapping[str, object] = kept if isinstance(kept, dict) else {}
    now = moments_as_json(moments)
    days = [name for name in now if name in was and was[name] != now[name]]
    changed = [
        fact
        for fact in dict.fromkeys((*last.facts, *facts.given))
        if last.facts.get(fact) != facts.given.get(fact)
    ]
    edition = [EDITION] if last.edition_digest != digest else []
    leading = [day for day in days if day not in _FOLLOWING]
    return tuple(leading + changed + edition) or tuple(days) or (CALENDAR,)


def words_of(codes: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Say the codes of an event, as they stand in it joined by spaces; an unknown one stays."""
    facts = {code: vocabulary[code].label for code in codes.split() if code in vocabulary}
    return tuple(LABELS.get(code) or facts.get(code, code) for code in codes.split())
