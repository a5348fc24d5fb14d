"""A draft tried on the past: the edition in force and the draft over the same stays.

Counts the missed discharges that either would have flagged in time, the notices that either asks
of each ward and office, and the stays whose answer flips, with the clause that flips it.
Everything is worked out on columns, in memory: nothing of the record is changed, no handoff is
opened. A stay is named by its code; the health centre is shown counts, a hospital its own stays.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from handoffs.backtest.flips import Flip, flipping_clauses
from handoffs.backtest.past_stays import (
    PastStay,
    Reading,
    names_of_offices,
    names_of_wards,
    past_stays,
)
from handoffs.backtest.workload import Load, Notices, Period
from handoffs.calendars import calendar_of
from handoffs.handoff import TOPICS
from handoffs.statement import Topic
from handoffs.tokyo import next_month
from rules import Edition, Facts, Library, NoEdition, Party, Standing
from rules.columns import COORDINATIONS, STANDINGS, ColumnEdition, DecisionColumns
from rules.columns.stays import day_at, stay_columns

OWED = STANDINGS.index(Standing.REQUIRED)


@dataclass(frozen=True)
class MissedAgain:
    """Missed discharges, and how many of them each edition would have flagged in time.

    In time: a handoff of the hospital about the discharge is owed and its last permitted day
    lies before the day on which the person left, so that the flag is up while there is time.
    newly, no_longer: the codes of those that only the draft, or only the edition in force, flags.
    """

    missed: int = 0
    by_in_force: int = 0
    by_draft: int = 0
    newly: tuple[str, ...] = ()
    no_longer: tuple[str, ...] = ()


@dataclass(frozen=True)
class Loads:
    """The notices of one ward or office, by the id of its row, under both editions."""

    whose: int
    name: str
    in_force: Load
    draft: Load

    @property
    def extra(self) -> int:
        """How many notices the draft adds; fewer are negative."""
        return self.draft.notices - self.in_force.notices

    def as_json(self) -> dict[str, object]:
        """Lay it out for JSON, by the id of the ward or office and without its name."""
        days = self.draft.all_days.days
        return {
            "id": self.whose,
            "in_force": self.in_force.as_json(),
            "draft": self.draft.as_json(),
            "extra": self.extra,
            "extra_a_day": self.extra / days if days else None,
        }


@dataclass(frozen=True)
class BackTest:
    """What came out. without_edition: stays begun when no edition was in force, left out.

    not_judged: stays without any decision, whose facts are all unknown. in_force: the editions
    with which the draft was compared.
    """

    region: str
    draft: Edition
    in_force: tuple[Edition, ...]
    first: date
    last: date
    stays: int
    without_edition: int
    not_judged: int
    missed: MissedAgain
    flips: tuple[Flip, ...]
    wards: tuple[Loads, ...]
    offices: tuple[Loads, ...]

    @property
    def flips_by_clause(self) -> Mapping[tuple[str, str, str], int]:
        """Count the flipped stays by clause and by both answers; a stay may count for several."""
        return Counter(
            (clause, flip.was.value, flip.would_be.value)
            for flip in self.flips
            for clause in flip.clauses
        )


def backtest(
    reading: Reading,
    region: str,
    draft: Edition,
    months: tuple[date, date],
    *,
    library: Library,
    hospital_id: int | None = None,
) -> BackTest:
    """Try a draft on the stays of a region that ended in some months.

    months: the first and the last month, each by any day of it. hospital_id: only the stays of
    that hospital. No session is open while it counts. Raises NoEdition where the region has
    none at all.
    """
    library.of_region(region)
    first = months[0].replace(day=1)
    last = next_month(months[1]) - timedelta(days=1)
    found = past_stays(reading, region, first, last, hospital_id=hospital_id)
    with reading() as session:
        ward_names, office_names = names_of_wards(session), names_of_offices(session)
    by_edition: dict[Edition, list[PastStay]] = {}
    without_edition = 0
    for stay in found:
        try:
            edition = library.in_force(region, stay.moments.admitted_on)
        except NoEdition:
            without_edition += 1
        else:
            by_edition.setdefault(edition, []).append(stay)
    tally = _Tally(draft)
    for edition, stays in by_edition.items():
        tally.add(edition, stays)
    period = Period.of(first, last, calendar_of(None, first, last))
    return BackTest(
        region=region,
        draft=draft,
        in_force=tuple(by_edition),
        first=first,
        last=last,
        stays=len(found),
        without_edition=without_edition,
        not_judged=sum(not stay.judged for stay in found),
        missed=tally.missed,
        flips=tuple(sorted(tally.flips, key=lambda flip: flip.code)),
        wards=_loads(period, tally.of_wards, ward_names),
        offices=_loads(period, tally.of_offices, office_names),
    )


class _Tally:
    """Adds up edition after edition."""

    def __init__(self, draft: Edition) -> None:
        self.draft = draft
        self.missed = MissedAgain()
        self.flips: list[Flip] = []
        self.of_wards = (Notices(), Notices())
        self.of_offices = (Notices(), Notices())

    def add(self, in_force: Edition, stays: list[PastStay]) -> None:
        """Decide some stays under both editions, and count what differs."""
        both = (in_force, self.draft)
        facts = [_known_to(both, stay) for stay in stays]
        decided = [_decided(edition, stays, facts) for edition in both]
        for row, stay in enumerate(stays):
            self._count_missed(stay, [_flags_in_time(*each, row, stay) for each in decided])
            was, would_be = (COORDINATIONS[each.coordination[row]] for _, each in decided)
            if was is not would_be:
                clauses = flipping_clauses(in_force, self.draft, facts[row])
                self.flips.append(Flip(stay.code, stay.hospital_id, was, would_be, clauses))
            for place, (edition, columns) in enumerate(decided):
                self._count_notices(place, edition, columns, row, stay)

    def _count_missed(self, stay: PastStay, flagged: list[bool]) -> None:
        now, then = flagged
        if stay.missed:
            so_far = self.missed
            self.missed = MissedAgain(
                so_far.missed + 1,
                so_far.by_in_force + now,
                so_far.by_draft + then,
                (*so_far.newly, stay.code) if then and not now else so_far.newly,
                (*so_far.no_longer, stay.code) if now and not then else so_far.no_longer,
            )

    def _count_notices(
        self, place: int, edition: Edition, columns: DecisionColumns, row: int, stay: PastStay
    ) -> None:
        for rule in edition.handoffs:
            each = columns.handoffs[rule.id]
            if each.standing[row] != OWED:
                continue
            days = (day_at(column, row) for column in (each.due, each.preferred, each.window_from))
            day = next((found for found in days if found is not None), None)
            if rule.sender is Party.HOSPITAL:
                self.of_wards[place].add(stay.ward_id, day)
            if Party.CARE_MANAGER in (rule.sender, rule.receiver) and stay.office_id is not None:
                self.of_offices[place].add(stay.office_id, day)


def _known_to(editions: tuple[Edition, Edition], stay: PastStay) -> Facts:
    """Take the facts of a stay; a value that one of the editions does not have is unknown."""
    vocabularies = [edition.vocabulary for edition in editions]
    return Facts(
        {
            fact: value
            for fact, value in stay.given.items()
            if all(fact not in each or value in each[fact].values for each in vocabularies)
        }
    )


def _decided(
    edition: Edition, stays: list[PastStay], facts: list[Facts]
) -> tuple[Edition, DecisionColumns]:
    """Decide some stays under one edition."""
    rows = ((given, stay.moments, stay.calendars) for given, stay in zip(facts, stays, strict=True))
    columns = stay_columns(rows, edition.vocabulary)
    return edition, ColumnEdition(edition).decide(columns)


def _flags_in_time(edition: Edition, columns: DecisionColumns, row: int, stay: PastStay) -> bool:
    """Whether a handoff of the hospital about the discharge would have been late in time."""
    for rule in edition.handoffs:
        about_discharge = TOPICS.get(rule.kind, Topic.DISCHARGE) is Topic.DISCHARGE
        if rule.sender is not Party.HOSPITAL or not about_discharge:
            continue
        each = columns.handoffs[rule.id]
        due = day_at(each.due, row)
        if each.standing[row] == OWED and due is not None and due < stay.left_on:
            return True
    return False


def _loads(
    period: Period, notices: tuple[Notices, Notices], names: Mapping[int, str]
) -> tuple[Loads, ...]:
    """Lay out both editions beside each other for everybody who has notices, by name."""
    in_force, draft = notices
    found = [
        Loads(whose, names[whose], period.load(in_force.of(whose)), period.load(draft.of(whose)))
        for whose in in_force.known | draft.known
    ]
    return tuple(sorted(found, key=lambda loads: loads.name))
