"""`python -m handoffs extract`: past stays as coded lines, for `python -m rules lint --history`.

One stay to a line: the region, the day of admission, and the facts of the last decision in
closed words. No person, no code or number of a stay, no hospital, ward or office, no other day;
the lines are sorted, so that their order says nothing of the order in which people came. It is
for whoever mends the rule, on the server or beside it, and not for publishing: a rare set of
facts can be one person.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TextIO

from handoffs.backtest.past_stays import PastStay, Reading, past_stays
from handoffs.tokyo import next_month
from rules import UNKNOWN, VOCABULARY, Edition, Library, NoEdition, Vocabulary

FIRST_COLUMNS = ("region", "admitted_on")


def extract(
    reading: Reading,
    region: str,
    months: tuple[date, date],
    *,
    library: Library,
    draft: Edition | None = None,
) -> Iterator[dict[str, str]]:
    """Lay out the stays of a region that ended in some months, one line each.

    months: the first and the last month, each by any day of it. draft: only its words, for
    linting an edition that has not all the facts of the one in force; without it, the words of
    the editions under which the stays began. Raises NoEdition where the region has none at all.
    """
    library.of_region(region)
    first = months[0].replace(day=1)
    last = next_month(months[1]) - timedelta(days=1)
    found = past_stays(reading, region, first, last)
    lines = [
        {
            "region": region,
            "admitted_on": stay.moments.admitted_on.isoformat(),
            **_facts(stay, _words(stay, region, library) if draft is None else draft.vocabulary),
        }
        for stay in found
    ]
    yield from sorted(lines, key=lambda line: sorted(line.items()))


def columns_of(lines: list[dict[str, str]]) -> tuple[str, ...]:
    """Name the columns: the first two, then every fact that some stay has, in order."""
    known = {column for line in lines for column in line}
    return (*FIRST_COLUMNS, *sorted(known.difference(FIRST_COLUMNS)))


def write(lines: list[dict[str, str]], to: TextIO) -> None:
    """Write CSV below a heading; what is not known stays empty."""
    writer = csv.DictWriter(to, columns_of(lines), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)


def _words(stay: PastStay, region: str, library: Library) -> Vocabulary:
    """Take the words of the edition under which a stay began; those of all where none was."""
    try:
        return library.in_force(region, stay.moments.admitted_on).vocabulary
    except NoEdition:
        return VOCABULARY


def _facts(stay: PastStay, vocabulary: Vocabulary) -> dict[str, str]:
    return {
        fact: value
        for fact, value in stay.given.items()
        if value != UNKNOWN and fact in vocabulary and value in vocabulary[fact].values
    }
