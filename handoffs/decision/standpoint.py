"""What a decision about a stay is made from, put into the words of the rules, and the asking.

Reads no database and keeps nothing: `circumstances` and `assessment` do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from handoffs.calendars import calendars_for
from handoffs.decision.circumstances import Circumstances
from handoffs.decision.cross import kept_cross
from handoffs.decision.home_rule import HomeRule, home_rule_of
from handoffs.decision.recorded_facts import derived_facts
from handoffs.stays.discharge_news import news_of
from handoffs.stays.respite import Earlier, filled_from
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from rules import UNKNOWN, Decision, Edition, Facts, Library, Moments, Vocabulary, decide
from rules.cross_region import cross
from rules.united_decision import united_decision


@dataclass(frozen=True)
class Standpoint:
    """What a decision about a stay is made from.

    filled: the facts that earlier stays answered. recorded: those that the record knew by
    itself. home: the home's rule where it is another.
    """

    edition: Edition
    facts: Facts
    moments: Moments
    filled: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()
    home: HomeRule | None = None


@dataclass(frozen=True)
class Answer:
    """What the rules said. beside: what is kept with it where the home has a rule of its own."""

    decision: Decision
    beside: Mapping[str, object]


def standpoint(
    stay: Stay,
    ticked: Mapping[str, str],
    known: Circumstances,
    *,
    earlier: Earlier = (),
    required_at: datetime | None,
    library: Library,
    now: datetime,
) -> Standpoint:
    """Put together edition, facts and moments of a stay.

    `earlier` are the answers of the person's earlier stays, `required_at` is when the need was
    first decided: asking again does not move that day. Raises FactError and NoEdition.
    """
    edition = library.in_force(stay.region, stay.admitted_on)
    home = home_rule_of(stay, known, library)
    filled = filled_from(earlier, ticked)
    recorded = derived_facts(stay, known)
    return Standpoint(
        edition=edition,
        facts=Facts.of({**ticked, **filled, **recorded}, asked_words(edition, home)),
        filled=tuple(filled),
        recorded=tuple(fact for fact, value in recorded.items() if value != UNKNOWN),
        moments=Moments(
            admitted_on=stay.admitted_on,
            admitted_time=stay.admitted_time,
            planned_discharge_on=stay.planned_discharge_on,
            discharged_on=stay.discharged_on,
            need_seen_on=day_of(required_at or now),
            discharge_known_on=news_of(stay, known.told),
        ),
        home=home,
    )


def words_asked(stay: Stay, known: Circumstances, library: Library) -> Vocabulary:
    """The facts that a stay is asked for today. Raises NoEdition."""
    edition = library.in_force(stay.region, stay.admitted_on)
    return asked_words(edition, home_rule_of(stay, known, library))


def asked_words(edition: Edition, home: HomeRule | None) -> Vocabulary:
    """The facts that a stay is asked for: those of its edition, and of the home's beside it."""
    if home is None or home.edition is None:
        return edition.vocabulary
    return Vocabulary((*home.edition.vocabulary.values(), *edition.vocabulary.values()))


def answered(stay: Stay, here: Standpoint, known: Circumstances, *, on: date) -> Answer:
    """Ask the rules, by the calendars of the stay's own hospital and plan office.

    Where the home has a rule of its own both are asked and their duties united. on: the day on
    which they are asked, for what would have to be said on the telephone.
    """
    until = _last_day(here.moments)
    calendars = calendars_for(known.hospital, known.office, stay.admitted_on, until)
    home = here.home
    if home is None or home.edition is None:
        said = decide(here.edition, here.facts, here.moments, calendars)
        return Answer(said, {"home_rule": home.words} if home else {})
    found = cross(here.edition, home.edition, here.facts, here.moments, calendars, home.agreement)
    return Answer(united_decision(found), {"cross": kept_cross(found, on)})


def _last_day(moments: Moments) -> date:
    """The latest day from which something may be counted; stays can last for years."""
    days = (moments.planned_discharge_on, moments.discharged_on, moments.need_seen_on)
    return max(moments.admitted_on, *(day for day in days if day is not None))
