"""What an edition says whoever the patient is, worked out once and kept beside the engine.

Reasons are quoted, dues spelled and conditions numbered when an edition is first asked; a
decision then only looks up what holds. Nothing of a patient is ever kept here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from weakref import WeakKeyDictionary

from rules.condition import Condition, facts_of
from rules.condition_marks import Marks, Reading
from rules.duty import PreparedHandoff
from rules.edition import Clause, Edition
from rules.engine import compiled
from rules.errors import EngineError
from rules.facts import Facts

_prepared: WeakKeyDictionary[Edition, PreparedEdition] = WeakKeyDictionary()


def prepared(edition: Edition) -> PreparedEdition:
    """Prepare an edition the first time, and hand out the same one ever after.

    Two threads that come first together may both prepare it; both get the same words, and
    the engine has its own lock. Raises EngineError where the edition does not compile.
    """
    known = _prepared.get(edition)
    if known is None:
        known = _prepared.setdefault(edition, PreparedEdition(edition))
    return known


@dataclass(frozen=True)
class Reason:
    """A clause of the paper that holds: its id, its own words, and where it stands.

    judgements: the facts of it that somebody judged; the record keeps who and when.
    """

    id: str
    text: str
    source: str
    judgements: tuple[str, ...] = ()


class Numbered:
    """Some conditions of an edition, each with the bit by which marks speak of it."""

    def __init__(self, conditions: Iterable[Condition], reading: Reading) -> None:
        """Keep their order; a condition may stand here twice."""
        self._waits = tuple((reading.bit(each), reading.waits(each)) for each in conditions)
        self.mask = reduce(or_, (bit for bit, _ in self._waits), 0)

    def waits(self, still_open: int) -> tuple[str, ...]:
        """List the facts that those among them wait for that are still open, with repeats."""
        if not still_open & self.mask:
            return ()
        return tuple(
            [
                fact
                for bit, waits in self._waits
                if still_open & bit
                for fact in waits.of(still_open)
            ]
        )


class PreparedEdition:
    """One edition with its reasons quoted, its conditions numbered and its dues at hand."""

    def __init__(self, edition: Edition) -> None:
        """Compile the edition, or find it compiled, and lay its words out."""
        reading = self._reading = Reading(edition.conditions, edition.vocabulary)
        self._file_name = edition.file.name
        self._engine = compiled(edition)
        self.ref = edition.ref
        self.main_contact = edition.main_contact
        self.unverified = tuple(part.text for part in edition.unverified)
        self.criteria = Numbered((clause.condition for clause in edition.criteria), reading)
        self.against = Numbered((clause.condition for clause in edition.grounds_against), reading)
        self.unread = Numbered((part.condition for part in edition.holding_back), reading)
        self.unread_texts = tuple((reading.bit(p.condition), p.text) for p in edition.holding_back)
        doubts = edition.unread_exclusions
        self.doubts = Numbered((part.condition for part in doubts), reading)
        self.doubt_texts = tuple((reading.bit(part.condition), part.text) for part in doubts)
        self.criteria_reasons = _reasons(edition, edition.criteria, reading)
        self.against_reasons = _reasons(edition, edition.grounds_against, reading)
        self.consult = _reasons(edition, edition.consult, reading)
        self.yields_to = _reasons(edition, edition.yields_to, reading)
        self.tiers = tuple((reading.bit(tier.condition), tier) for tier in edition.tiers)
        self.stages = tuple((reading.bit(stage.condition), stage) for stage in edition.stages)
        self.beside = Numbered(
            (
                *(tier.condition for tier in edition.tiers),
                *(stage.condition for stage in edition.stages),
                *(clause.condition for clause in (*edition.consult, *edition.yields_to)),
            ),
            reading,
        )
        self.handoffs = tuple(PreparedHandoff(rule, reading) for rule in edition.handoffs)

    def marks(self, facts: Facts) -> Marks:
        """Let the engine answer, and refuse an answer that differs from the reading of the trees.

        The marks that both agree on come with those of the parts. Raises EngineError where they
        do not agree, and where the engine did not run in full.
        """
        answered = self._engine.marks(facts)
        marks = self._reading.marks(facts)
        asked = self._reading.asked
        if answered != (marks[0] & asked, marks[1] & asked):
            message = f"durable-rules の答えが {self._file_name} の条件の読みと食い違いました。"
            raise EngineError(message)
        return marks


def _reasons(
    edition: Edition, clauses: tuple[Clause, ...], reading: Reading
) -> tuple[tuple[int, Reason], ...]:
    """Quote clauses, and name the judgements among their facts."""
    return tuple(
        (
            reading.bit(clause.condition),
            Reason(
                clause.id,
                clause.text,
                clause.source,
                tuple(f for f in facts_of(clause.condition) if edition.vocabulary[f].judged_by),
            ),
        )
        for clause in clauses
    )
