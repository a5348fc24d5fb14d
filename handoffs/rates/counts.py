"""What one definition counted of one month, without words: totals, lines by key, counts beside.

This is what is frozen at the close and kept between two looks at a page. Lines stand by the keys
of their splits; what a hospital is called, and whether it is named at all, is put to them when
somebody looks (`measured`). Names no person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handoffs.rates.figures import Figure

Line = Mapping[str, Figure]
"""The figures of one split by the key of the line; lines of nobody are left out."""


@dataclass(frozen=True)
class Counts:
    """One definition counted. `cuts` are by the id of the split; `definition` is a digest."""

    definition: str
    total: Figure
    cuts: Mapping[str, Line] = field(default_factory=dict)
    beside: tuple[tuple[str, int], ...] = ()
    spread: tuple[tuple[str, int], ...] = ()
    middle: str = ""

    def laid_out(self) -> dict[str, object]:
        """The counts for a JSON column: each figure as counted, of, unknown."""
        return {
            "definition": self.definition,
            "total": _numbers(self.total),
            "cuts": {
                name: {key: _numbers(figure) for key, figure in lines.items() if figure.of}
                for name, lines in self.cuts.items()
            },
            "beside": [list(each) for each in self.beside],
            "spread": [list(each) for each in self.spread],
            "middle": self.middle,
        }


def counts_of_json(kept: Mapping[str, Any]) -> Counts:
    """Read counts back from their JSON column, also as months were frozen at first."""
    return Counts(
        definition=str(kept["definition"]),
        total=Figure(*kept["total"]),
        cuts={
            name: {key: Figure(*numbers) for key, numbers in lines.items()}
            for name, lines in kept["cuts"].items()
        },
        beside=_pairs(kept["beside"]),
        spread=_pairs(kept["spread"]),
        middle=str(kept.get("middle", "")),
    )


def _numbers(figure: Figure) -> list[int]:
    return [figure.counted, figure.of, figure.unknown]


def _pairs(kept: Any) -> tuple[tuple[str, int], ...]:  # noqa: ANN401 - read from JSON.
    """Pairs in their order; the first closes kept them as an object."""
    pairs = kept.items() if isinstance(kept, Mapping) else kept
    return tuple((str(label), int(number)) for label, number in pairs)
