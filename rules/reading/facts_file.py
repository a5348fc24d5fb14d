"""Read what a person writes for the command line: facts, and calendars.

Both are short YAML or JSON files. A wrong word is refused with its file and line and the
nearest known word (InputError); facts that are not written are unknown.
"""

from __future__ import annotations

from pathlib import Path

from rules.errors import FactError, InputError
from rules.facts import Facts, Vocabulary
from rules.kinds import Whose
from rules.moments import MONDAY_TO_FRIDAY, Calendar, Calendars
from rules.reading.document import Entry, read

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def facts_of_file(file: Path, vocabulary: Vocabulary) -> Facts:
    """Read `fact: value` lines in the words of an edition's vocabulary."""
    entry, _ = read(file, InputError)
    given: dict[str, str] = {}
    for fact_id, value in entry.mapping().items():
        word = value.word(vocabulary[fact_id].values if fact_id in vocabulary else None)
        try:
            vocabulary.refuse_unknown(fact_id, word)
        except FactError as wrong:
            raise value.refusal(str(wrong), "") from None
        given[fact_id] = word
    return Facts(given)


def calendars_of_file(file: Path) -> Calendars:
    """Read open weekdays and closed days for hospital, office and public offices.

    Whoever is not written is open from Monday to Friday.
    """
    entry, _ = read(file, InputError)
    calendars = dict.fromkeys(Whose, MONDAY_TO_FRIDAY)
    for whose, place in entry.mapping(known=tuple(Whose)).items():
        calendars[Whose(whose)] = _calendar(place)
    return calendars


def _calendar(entry: Entry) -> Calendar:
    """Read one calendar: weekdays in English letters, closed days as dates, when it closes."""
    lines = entry.mapping(known=("open", "closed", "closes"), required=("open",))
    weekdays = frozenset(WEEKDAYS.index(day.word(WEEKDAYS)) for day in lines["open"].words())
    closed = lines["closed"].items(may_be_empty=True) if "closed" in lines else []
    closing = lines["closes"].clock() if "closes" in lines else None
    closes = () if closing is None else tuple((day, closing) for day in sorted(weekdays))
    return Calendar(weekdays, frozenset(day.day() for day in closed), closes)
