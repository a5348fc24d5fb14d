"""Which offices have a line of their own in a month's figures, and what the lines are called.

There is no figure per member of staff. An office in which one person works has no line of its
own: it stands in one line with the same others always, in every figure, month, pair and survey,
so that no two of them can be set against each other. That company is chosen by the register and
never by the counts, and kept with the month once it is over (`month_company`). Where a month has
cases of only one of them, the whole split is left out: the total less the other lines would be
that office's.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

NO_OFFICE = "none"
NOT_ON_RECORD = "事業所の記録なし"
OTHERS = "その他の事業所（職員が一人以下の事業所など）"
ALONE = "職員が一人以下だった月の事業所"
"""What such offices are called together where a hospital sees its own partners by name."""

EVERY_HOSPITAL = "すべての病院"
WITHHELD = (
    "その他の事業所のうち件数があるのが一か所だけのため、"
    "事業所ごとの内訳は示しません（職員一人の数字になるおそれがあります）。"
)
NOT_SETTLED = (
    "この月の職員の登録をまだ確かめていないか、その月に見回り（scheduler）が動いていなかったため、"
    "事業所ごとの内訳は示しません。"
)
COMPANY = 3
"""The fewest offices that share the line of those in which one person works."""


@dataclass(frozen=True)
class Company:
    """Ids of offices. several: more than one person works there; named: it has its own line."""

    several: frozenset[int]
    named: frozenset[int]

    def also(self, other: "Company") -> "Company":
        """Those of whom it is true by both."""
        return Company(self.several & other.several, self.named & other.named)


def company(people: Mapping[int, int]) -> Company:
    """Choose the company, given how many people work in each office.

    Those of one person keep company with the longest registered others, where they are fewer
    than `COMPANY`.
    """
    several = sorted(id_ for id_, many in people.items() if many > 1)
    alone = len(people) - len(several)
    companions = max(0, COMPANY - alone) if alone else 0
    return Company(frozenset(several), frozenset(several[companions:]))


def labelled(offices: Sequence[int], named: Collection[int]) -> dict[int, str]:
    """Label offices 事業所A … in the order they registered, the others last.

    The others use up their letters too, so that a letter is one office in all months.
    """
    order = sorted(offices)
    letter = {id_: f"事業所{letters(place)}" for place, id_ in enumerate(order) if id_ in named}
    return letter | {id_: OTHERS for id_ in order if id_ not in named}


def letters(position: int) -> str:
    """Count A … Z, AA, AB …, as the columns of a spreadsheet do."""
    higher, letter = divmod(position, 26)
    return (letters(higher - 1) if higher else "") + chr(ord("A") + letter)


def office_in(key: str) -> str:
    """The office in the key of a line: of an office, or of a hospital with an office."""
    return key.rsplit("-", 1)[-1]


def tells_of_one(keys: Collection[str]) -> bool:
    """Whether all these lines, which are shown as one, are of a single office."""
    return len({office_in(key) for key in keys}) == 1
