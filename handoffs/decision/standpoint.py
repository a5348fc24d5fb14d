"""What a decision about a stay is made from, put into the words of the rules, and the asking.

Reads no database and keeps nothing: `circumstances` and `assessment` do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from handoffs.calendars import calendars_for
from handoffs.decision.circumstances import Circumstances
from handoffs.decision.recorded_facts import derived_facts
from handoffs.stays.discharge_news import news_of
from handoffs.stays.respite import Earlier, filled_from
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from rules import Decision, Edition, Facts, Library, Moments, decide


@dataclass(frozen=True)
class Standpoint:
    """What a decision about a stay is made from."""

    edition: Edition
    facts: Facts
    moments: Moments
    filled: tuple[str, ...] = ()


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
    filled = filled_from(earlier, ticked)
    return Standpoint(
        edition=edition,
        facts=Facts.of({**ticked, **filled, **derived_facts(stay, known)}, edition.vocabulary),
        filled=tuple(filled),
        moments=Moments(
            admitted_on=stay.admitted_on,
            admitted_time=stay.admitted_time,
            planned_discharge_on=stay.planned_discharge_on,
            discharged_on=stay.discharged_on,
            need_seen_on=day_of(required_at or now),
            discharge_known_on=news_of(stay, known.told),
        ),
    )


def answered(stay: Stay, here: Standpoint, known: Circumstances) -> Decision:
    """Ask the rules, by the calendars of the stay's own hospital and plan office."""
    until = _last_day(here.moments)
    calendars = calendars_for(known.hospital, known.office, stay.admitted_on, until)
    return decide(here.edition, here.facts, here.moments, calendars)


def _last_day(moments: Moments) -> date:
    """The latest day from which something may be counted; stays can last for years."""
    days = (moments.planned_discharge_on, moments.discharged_on, moments.need_seen_on)
    return max(moments.admitted_on, *(day for day in days if day is not None))
