"""Ask durable-rules which conditions of an edition hold for one patient.

This is the only module that imports durable. It asserts coded facts under a
fresh random id and forgets them at once: the engine's error messages quote
whatever they were given, so they are never given a person, and they are never
passed on.

Every compiled edition contains one rule that always fires. If it did not, the
engine did not run, and EngineError is raised: silence is not an answer.

Facts are asserted, never posted: an event is consumed by the first rule that
matches it. No Host is made, because it starts threads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from uuid import uuid4
from weakref import WeakKeyDictionary

from durable import engine  # type: ignore[import-untyped]

from rules.condition import Leaf, Term, facts_of, terms
from rules.edition import Edition
from rules.errors import EngineError
from rules.facts import UNKNOWN, Facts
from rules.kinds import Truth

# Every rule asks for this field too: a condition that only says "not this value" would
# otherwise match the engine's own state.
MARK = "tsunagi"
HEARD = "heard"
MET = "met"
OPEN = "open"
# Above these the engine refuses or fails without saying why (measured).
MOST_RULES = 480
MOST_FIELDS = 250
# Fields of an assertion that mean something to the engine or to this module.
RESERVED_FIELDS = (MARK, "sid", "id")

Definition = dict[str, object]
Action = Callable[[object], None]

_building = Lock()
_compiled: WeakKeyDictionary[Edition, CompiledEdition] = WeakKeyDictionary()


def compiled(edition: Edition) -> CompiledEdition:
    """Compile an edition the first time, and hand out the same one ever after.

    Compiling and the first decision happen under one lock: a first use by several
    threads at once is known to lose rulesets for good.
    """
    with _building:
        known = _compiled.get(edition)
        if known is None:
            known = _compiled[edition] = CompiledEdition(edition)
        return known


class CompiledEdition:
    """The conditions of one edition as a ruleset, shared by all threads once it is warm."""

    def __init__(self, edition: Edition) -> None:
        """Compile every condition and ask once; EngineError where it cannot be done.

        Use `compiled`, which does this under a lock.
        """
        self._conditions = edition.conditions
        self._fields = sorted({f for c in self._conditions for f in facts_of(c)})
        self._values = {
            field: frozenset(edition.vocabulary[field].values) for field in self._fields
        }
        self._names = [(f"{n}/{MET}", f"{n}/{OPEN}") for n in range(len(self._conditions))]
        self._fired: dict[str, set[str]] = {}
        self._ruleset = self._built()
        self.truths(Facts())

    def truths(self, facts: Facts) -> list[Truth]:
        """Say of every condition, in their order, whether it is met, open or closed.

        Raises EngineError where the engine did not run in full, or where a value is not one
        of the vocabulary's words.
        """
        fired = self._ask(self._coded(facts))
        return [
            Truth.MET if met in fired else Truth.OPEN if still_open in fired else Truth.CLOSED
            for met, still_open in self._names
        ]

    def _coded(self, facts: Facts) -> dict[str, str | int]:
        """Take only the fields that the conditions use, and only known words."""
        coded: dict[str, str | int] = {MARK: 1}
        for field in self._fields:
            value = facts[field]
            if type(value) is not str or value not in self._values[field]:
                message = f"判定項目 {field} に、語彙にない値が渡されました。"
                raise EngineError(message)
            coded[field] = value
        return coded

    def _ask(self, coded: dict[str, str | int]) -> set[str]:
        """Assert one set of coded facts, collect what fired, and forget them.

        All three ways in which the engine fails without raising are looked at.
        """
        sid = uuid4().hex
        answers: list[tuple[object, object]] = []
        fired = self._fired[sid] = set()
        try:
            self._run({**coded, "sid": sid, "id": "1"}, answers)
        except Exception as error:  # noqa: BLE001 -- the engine raises Exception itself
            # The engine quotes the whole fact in its messages, so the cause is cut off.
            message = f"durable-rules が例外 {type(error).__name__} で止まりました。"
            raise EngineError(message) from None
        finally:
            del self._fired[sid]
        if len(answers) != 1 or answers[0][0] is not None:
            message = "durable-rules が、途中の誤りを知らせて終わりました。"
            raise EngineError(message)
        end = answers[0][1]
        if not isinstance(end, dict) or "exception" in end:
            message = "durable-rules の規則の実行中に例外が起きました。"
            raise EngineError(message)
        if HEARD not in fired:
            message = "durable-rules が規則を一つも実行していません。"
            raise EngineError(message)
        return fired

    def _run(self, coded: Mapping[str, str | int], answers: list[tuple[object, object]]) -> None:
        """Assert, let every rule act, and delete the state whatever happened.

        A state that stays costs memory, and the 1,025th is refused until the process ends.
        """
        try:
            state = self._ruleset.assert_fact(dict(coded))
            self._ruleset.do_actions(state, lambda error, end: answers.append((error, end)))
        finally:
            self._ruleset.delete_state(coded["sid"])

    def _built(self) -> engine.Ruleset:
        """Build the definition afresh, because the engine changes what it is given."""
        definition: dict[str, Definition] = {HEARD: self._rule([], HEARD)}
        for condition, (met, still_open) in zip(self._conditions, self._names, strict=True):
            for alternative, term in enumerate(terms(condition)):
                definition[f"{met}/{alternative}"] = self._rule(self._met(term), met)
                definition[f"{still_open}/{alternative}"] = self._rule(self._open(term), still_open)
        if len(definition) > MOST_RULES or len(self._fields) > MOST_FIELDS:
            message = (
                f"版が大きすぎて durable-rules に載りません(規則 {len(definition)}、"
                f"判定項目 {len(self._fields)})。any_of と at_least の組み合わせを"
                "減らしてください。"
            )
            raise EngineError(message)
        name = uuid4().hex
        try:
            return engine.Ruleset.create_rulesets(None, {name: definition})[name]
        except Exception as error:  # noqa: BLE001 -- the engine raises Exception itself
            message = f"版を durable-rules に載せられません({type(error).__name__})。"
            raise EngineError(message) from None

    def _rule(self, tests: list[Definition], fires: str) -> Definition:
        """Make one rule whose only act is to note that it fired."""
        marked: list[Definition] = [{MARK: 1}, *tests]
        return {"all": [{"m": {"$and": marked}}], "run": self._noting(fires)}

    def _noting(self, name: str) -> Action:
        """Make the act of a rule; several alternatives may note the same name."""

        def note(closure: object) -> None:
            self._fired[closure.s.sid].add(name)  # type: ignore[attr-defined]

        return note

    def _met(self, term: Term) -> list[Definition]:
        """Say that every leaf of an alternative holds."""
        return [self._test(leaf, unknown_passes=False) for leaf in term]

    def _open(self, term: Term) -> list[Definition]:
        """Say that an alternative could still hold; every firing costs, so be exact where one can.

        A lone leaf that does not hold could still hold only while its fact is unknown.
        """
        if len(term) == 1:
            return [{term[0].fact: UNKNOWN}]
        return [self._test(leaf, unknown_passes=True) for leaf in term]

    def _test(self, leaf: Leaf, *, unknown_passes: bool) -> Definition:
        """Spell one leaf in the shorter of two ways, since many alternatives fail to compile."""
        passing = [*leaf.allowed, UNKNOWN] if unknown_passes else list(leaf.allowed)
        failing = sorted(self._values[leaf.fact] - set(passing))
        if len(passing) <= len(failing):
            tests: list[Definition] = [{leaf.fact: value} for value in passing]
            return tests[0] if len(tests) == 1 else {"$or": tests}
        tests = [{"$neq": {leaf.fact: value}} for value in failing]
        return tests[0] if len(tests) == 1 else {"$and": tests}
