"""Published figures of other regions, each with its definition.

So that nobody compares what cannot be compared. Read from `references.yaml`: only what was
read in a source. A mistake in it is answered with file and line. Counts nothing.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from handoffs.rates.definition_file import DefinitionError
from rules.reading.document import Entry, read

FILE = Path(__file__).resolve().parent / "references.yaml"
_KEYS = ("region", "when", "label", "text", "definition", "unverified", "source", "beside")


@dataclass(frozen=True)
class References:
    """One published figure as it was printed. beside: the name of our figure it stands beside."""

    region: str
    when: str
    label: str
    text: str
    definition: str
    unverified: str
    source: str
    beside: str

    @property
    def comparable(self) -> str:
        """Whether our figure may be set against it, in words; never yes where a word is missing."""
        if self.unverified:
            return f"そのままでは比べられません（確かめられていないこと: {self.unverified}）。"
        return "数え方が同じときだけ比べられます。数え方の文を見比べてください。"


@lru_cache(maxsize=1)
def references(file: Path = FILE) -> tuple[References, ...]:
    """Read them all; DefinitionError at the first line that is not understood."""
    entry, _ = read(file, DefinitionError)
    figures = entry.mapping(known=("figures",), required=("figures",))["figures"]
    return tuple(_reference(each) for each in figures.items())


def references_beside(name: str) -> tuple[References, ...]:
    """The published figures that stand beside one of ours."""
    return tuple(one for one in references() if one.beside == name)


def _reference(entry: Entry) -> References:
    lines = entry.mapping(known=_KEYS, required=tuple(k for k in _KEYS if k != "unverified"))
    words = {key: each.text() for key, each in lines.items()}
    return References(**{"unverified": "", **words})
