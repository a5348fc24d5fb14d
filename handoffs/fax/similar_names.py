"""Institutions whose names are easily taken for one another: a warning before a FAX leaves. Pure.

Alike are names that differ in one or two characters, and the same name in another town. A wrong
number picked from a list of such names is how papers reach the wrong desk.
"""

import unicodedata
from collections.abc import Iterable

from handoffs.parties import Organization

MOST_DIFFERENCES = 2
_SHORT = 4
"""Names of at most so many characters may differ in one only; 東病院 and 西病院 are alike so."""


def similar_to(
    organization: Organization, others: Iterable[Organization]
) -> tuple[Organization, ...]:
    """Those of the others whose names could be mistaken for this one's, in their order."""
    own = _plain(organization.name)
    return tuple(
        one for one in others if one.id != organization.id and are_alike(own, _plain(one.name))
    )


def are_alike(one: str, other: str) -> bool:
    """Whether two plain names are the same, or differ in a character or two."""
    longest = max(len(one), len(other))
    most = 1 if longest <= _SHORT else MOST_DIFFERENCES
    return abs(len(one) - len(other)) <= most and _differences(one, other, most) <= most


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _differences(one: str, other: str, most: int) -> int:
    """How many characters must be changed, added or left out; more than `most` ends it early."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        above, row = row, [at]
        for there, other_letter in enumerate(other, start=1):
            same = above[there - 1] + (letter != other_letter)
            row.append(min(same, above[there] + 1, row[there - 1] + 1))
        if min(row) > most:
            return most + 1
    return row[-1]
