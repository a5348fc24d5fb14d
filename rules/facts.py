"""Facts: the tick boxes of the paper, each a closed list that ends with 不明・未評価.

There is no name, number or date of birth here, and no field that could hold one:
rules never see a person. What was not asked is "unknown", never "no".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from rules.errors import FactError
from rules.wording import nearest

UNKNOWN = "unknown"
UNKNOWN_LABEL = "不明・未評価"


@dataclass(frozen=True)
class Fact:
    """One tick box: an id, the label that people read and the closed list of its values.

    values: value id -> Japanese label, in the order of the paper; "unknown" is always
    there and stands last. derived: the fact comes from the record (certification,
    contract, history), so that a page does not ask for it. source: for a fact that an
    edition declares itself, where the paper says so. judged_by: whose judgement the fact
    is, empty for an observation; who judged and when is kept by the record.
    """

    id: str
    label: str
    group: str
    values: Mapping[str, str]
    derived: bool = False
    source: str = ""
    judged_by: str = ""

    def __post_init__(self) -> None:
        """Freeze the values and put unknown behind them."""
        known = {value: label for value, label in self.values.items() if value != UNKNOWN}
        frozen = MappingProxyType({**known, UNKNOWN: UNKNOWN_LABEL})
        object.__setattr__(self, "values", frozen)

    @property
    def known_values(self) -> tuple[str, ...]:
        """Every value but unknown."""
        return tuple(value for value in self.values if value != UNKNOWN)


class Vocabulary(Mapping[str, Fact]):
    """Facts by id, in the order in which the paper asks for them. Never changes."""

    def __init__(self, facts: tuple[Fact, ...]) -> None:
        """Take facts with distinct ids."""
        self._facts = {fact.id: fact for fact in facts}

    def __getitem__(self, fact_id: str) -> Fact:
        """Find a fact by its id; KeyError where there is none."""
        return self._facts[fact_id]

    def __iter__(self) -> Iterator[str]:
        """Walk over the ids in order."""
        return iter(self._facts)

    def __len__(self) -> int:
        """Count the facts."""
        return len(self._facts)

    def plus(self, own: tuple[Fact, ...]) -> Vocabulary:
        """Join the facts that an edition declares itself."""
        return Vocabulary((*self._facts.values(), *own))

    def groups(self) -> dict[str, tuple[Fact, ...]]:
        """Gather the facts under the headings of the page, both in order."""
        gathered: dict[str, list[Fact]] = {}
        for fact in self._facts.values():
            gathered.setdefault(fact.group, []).append(fact)
        return {group: tuple(facts) for group, facts in gathered.items()}

    def refuse_unknown(self, fact_id: str, value: object) -> None:
        """Raise FactError, with the nearest known word, unless both words are known."""
        if fact_id not in self._facts:
            message = f"「{fact_id}」という判定項目はありません。{nearest(fact_id, self._facts)}"
            raise FactError(fact_id, message)
        fact = self._facts[fact_id]
        if not isinstance(value, str) or value not in fact.values:
            message = (
                f"{fact.label}({fact_id})に「{value}」という値はありません。"
                f"{nearest(str(value), fact.values)}"
            )
            raise FactError(fact_id, message)


@dataclass(frozen=True)
class Facts:
    """What is known for one decision; whatever was not given is unknown."""

    given: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Keep a private, read-only copy without the unknowns."""
        known = {fact: value for fact, value in self.given.items() if value != UNKNOWN}
        object.__setattr__(self, "given", MappingProxyType(known))

    @classmethod
    def of(cls, given: Mapping[str, str], vocabulary: Vocabulary) -> Facts:
        """Check every word against the vocabulary; FactError names the nearest known one."""
        for fact_id, value in given.items():
            vocabulary.refuse_unknown(fact_id, value)
        return cls(given)

    def __getitem__(self, fact_id: str) -> str:
        """Return the value of a fact, "unknown" where none was given."""
        return self.given.get(fact_id, UNKNOWN)

    def __hash__(self) -> int:
        """Hash by content, so that equal facts are one key."""
        return hash(frozenset(self.given.items()))
