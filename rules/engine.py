"""Ask durable-rules which conditions of an edition hold for one patient.

This is the only module that imports durable. It asserts coded facts under a
fresh random id and forgets them at once: the engine's error messages quote
whatever they were given, so they are never given a person, and they are never
passed on.

Every compiled edition contains one rule that always fires. If it did not, the
engine did not run, and EngineError is raised: silence is not an answer.

Facts are asserted, never posted: an event is consumed by the first rule that
matches it. No Host is made, because it starts threads. The rules have no acts: that a rule
fires is all there is to know, and the engine's C functions say so by its name; running
acts would write the state as JSON after each of them.

Each condition is one rule, asked twice: first what holds, where nothing unknown passes; then,
if anything is unknown, what could hold, where everything unknown passes. Conditions know no
"not", so these two are the whole of the three answers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from secrets import token_hex
from threading import Lock
from uuid import uuid4
from weakref import WeakKeyDictionary, finalize

from durable.engine import durable_rules_engine as native  # type: ignore[import-untyped]

from rules.condition import Leaf, facts_of, terms
from rules.condition_marks import Marks
from rules.edition import Edition
from rules.errors import EngineError
from rules.facts import UNKNOWN, Facts

# Every rule asks for this field too: a condition that only says "not this value" would
# otherwise match the engine's own state.
MARK = "tsunagi"
HEARD = "heard"
# In the second asking this stands for every unknown value, and every test lets it pass.
POSSIBLE = "*"
# Above these the engine refuses or fails without saying why (measured).
MOST_RULES = 480
MOST_FIELDS = 250
# The engine has 32 places for the tests and joints of one rule, the last of which it refuses;
# three go to the rule's own joint and to MARK.
MOST_TESTS = 28
# A rule that matches the engine's own state fires for ever; no edition comes near this.
MOST_FIRINGS = 10_000
# Fields of an assertion that mean something to the engine or to this module.
RESERVED_FIELDS = (MARK, "sid", "id")

# What the engine returns where no rule matches; other numbers but 0 are as bad.
UNHANDLED = 1
NOTHING_FIRED = "durable-rules が規則を一つも実行していません。"

Definition = dict[str, object]

_building = Lock()
_compiled: WeakKeyDictionary[Edition, CompiledEdition] = WeakKeyDictionary()


def compiled(edition: Edition) -> CompiledEdition:
    """Compile an edition the first time, and hand out the same one ever after.

    Compiling and the first decision happen under one lock: a first use by several
    threads at once is known to lose rulesets for good.
    """
    known = _compiled.get(edition)
    if known is not None:
        return known
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
        fields = sorted({f for c in self._conditions for f in facts_of(c)})
        self._values = {field: frozenset(edition.vocabulary[field].values) for field in fields}
        self._said = tuple(
            (field, {value: _said(field, value) for value in self._values[field]})
            for field in fields
        )
        self._heard = 1 << len(self._conditions)
        self._means: dict[str, int] = {}
        self._tests: dict[str, list[Definition]] = {}
        self._number_rules()
        self._handle = self._built()
        # Drafts come and go; what the engine keeps of one goes with it.
        finalize(self, native.delete_ruleset, self._handle).atexit = False
        self._asking = Lock()
        self._is_warm = False
        self.marks(Facts())

    def marks(self, facts: Facts) -> Marks:
        """Say of every condition, by its number, whether it is met and whether it could be.

        Raises EngineError where the engine did not run in full, or where a value is not one
        of the vocabulary's words.
        """
        sid = token_hex(16)
        askings = self.askings(facts, sid)
        try:
            with self._asking:
                answers = self._answered(askings, sid)
        except EngineError:
            raise
        except Exception as error:  # noqa: BLE001 -- the engine raises Exception itself
            # The engine quotes what it was given in its messages, so the cause is cut off.
            told = f"durable-rules が例外 {type(error).__name__} で止まりました。"
            raise EngineError(told) from None
        return Marks(answers[0], answers[-1])

    def askings(self, facts: Facts, sid: str) -> tuple[str, ...]:
        """Lay out as JSON what is asserted: what holds, and what could where that is unknown.

        Only the fields that the conditions ask for, and only known words; EngineError otherwise.
        """
        value_of = facts.given.get
        try:
            said = [words[value_of(field, UNKNOWN)] for field, words in self._said]
        except (KeyError, TypeError):
            field = next(f for f, words in self._said if not _is_word(facts[f], words))
            message = f"判定項目 {field} に、語彙にない値が渡されました。"
            raise EngineError(message) from None
        holds = ",".join((f'{{"{MARK}":1,"id":"1","sid":"{sid}"', *said)) + "}"
        could = holds.replace(f':"{UNKNOWN}"', f':"{POSSIBLE}"')
        return (holds,) if could == holds else (holds, could.replace('"id":"1"', '"id":"2"', 1))

    def _answered(self, askings: tuple[str, ...], sid: str) -> list[int]:
        """Assert each asking in turn, mark what fires, and delete the state whatever happened.

        A state that stays costs memory, and the 1,025th is refused until the process ends.
        One caller at a time: the engine holds the interpreter's lock anyway, and whoever is
        alone is given the place of the first decision, whose memory is known to be set.
        """
        try:
            return [self._walked(message, sid) for message in askings]
        finally:
            # Deleting frees what starting an action set; before the first one ever that is
            # whatever lay in the memory, and the process would die.
            if self._is_warm:
                native.delete_state(self._handle, sid)

    def _walked(self, message: str, sid: str) -> int:
        """Assert, and walk through the rules that fire; every way of failing is looked at.

        The engine finds a state by 32 bits of its id, so the state must name this one.
        """
        outcome, state = native.assert_fact(self._handle, message)
        if outcome == UNHANDLED:
            raise EngineError(NOTHING_FIRED)
        if outcome:
            told = "durable-rules が、判定項目を受け取りませんでした。"
            raise EngineError(told)
        started = native.start_action_for_state(self._handle, state)
        if started is None:
            raise EngineError(NOTHING_FIRED)
        self._is_warm = True
        kept, firing = started
        if "exception" in kept or sid not in kept:
            told = "durable-rules の状態に、ほかの判定か例外が残っています。"
            raise EngineError(told)
        marks = firings = 0
        while firing is not None:
            # `{"<rule>":{...`: nobody needs the facts that stand behind it.
            means = self._means.get(firing[2 : firing.index('"', 2)])
            firings += 1
            if means is None or firings > MOST_FIRINGS:
                told = "durable-rules が、版にない規則を実行したか、終わりません。"
                raise EngineError(told)
            marks |= means
            firing = native.complete_and_start_action(self._handle, state)
        if not marks & self._heard:
            raise EngineError(NOTHING_FIRED)
        return marks ^ self._heard

    def definition(self) -> dict[str, Definition]:
        """Spell out the rules by name."""
        return {
            name: {"all": [{"m": {"$and": [{MARK: 1}, *tests]}}]}
            for name, tests in self._tests.items()
        }

    def _number_rules(self) -> None:
        """Make the fewest rules that answer: each costs the engine memory for every patient.

        Where the same is tested twice, one rule answers both; what always holds is answered
        by the rule that always fires.
        """
        names = {"[]": HEARD}
        self._tests[HEARD], self._means[HEARD] = [], self._heard
        for number, condition in enumerate(self._conditions):
            alternatives = [[self._test(leaf) for leaf in term] for term in terms(condition)]
            for place, tests in enumerate(_joined(alternatives)):
                name = names.setdefault(json.dumps(tests), f"{number}/{place}")
                self._tests[name] = tests
                self._means[name] = self._means.get(name, 0) | 1 << number

    def _built(self) -> int:
        """Hand the rules to the engine; EngineError where there are too many for it."""
        definition = self.definition()
        if len(definition) > MOST_RULES or len(self._said) > MOST_FIELDS:
            message = (
                f"版が大きすぎて durable-rules に載りません(規則 {len(definition)}、"
                f"判定項目 {len(self._said)})。any_of と at_least の組み合わせを"
                "減らしてください。"
            )
            raise EngineError(message)
        rules = json.dumps(definition, ensure_ascii=False)
        try:
            handle: int = native.create_ruleset(uuid4().hex, rules)
        except Exception as error:  # noqa: BLE001 -- the engine raises Exception itself
            message = f"版を durable-rules に載せられません({type(error).__name__})。"
            raise EngineError(message) from None
        return handle

    def _test(self, leaf: Leaf) -> Definition:
        """Spell one leaf in the shorter of two ways, since many alternatives fail to compile."""
        passing = [*leaf.allowed, POSSIBLE]
        failing = sorted(self._values[leaf.fact] - set(leaf.allowed))
        if len(passing) <= len(failing):
            return {"$or": [{leaf.fact: value} for value in passing]}
        tests: list[Definition] = [{"$neq": {leaf.fact: value}} for value in failing]
        return tests[0] if len(tests) == 1 else {"$and": tests}


def _joined(alternatives: list[list[Definition]]) -> list[list[Definition]]:
    """Join alternatives into as few rules as the engine compiles, in their order."""
    rules: list[list[list[Definition]]] = []
    for tests in alternatives:
        if not tests:
            return [[]]
        joined = [*rules[-1], tests] if rules else [tests]
        if rules and _length(_choice(joined)) <= MOST_TESTS:
            rules[-1] = joined
        else:
            rules.append([tests])
    return [_choice(each) for each in rules]


def _choice(alternatives: list[list[Definition]]) -> list[Definition]:
    """Say that one of these lists of tests holds; a single one as it stands."""
    if len(alternatives) == 1:
        return alternatives[0]
    return [{"$or": [tests[0] if len(tests) == 1 else {"$and": tests} for tests in alternatives]}]


def _length(tests: list[Definition]) -> int:
    """Count tests as the engine does: a joint counts twice, and what it joins besides."""
    return sum(
        2 + _length(inner) if isinstance(inner, list) else 1
        for test in tests
        for inner in test.values()
    )


def _said(field: str, value: str) -> str:
    """Spell one field of an assertion."""
    return f"{json.dumps(field)}:{json.dumps(value, ensure_ascii=False)}"


def _is_word(value: object, words: Mapping[str, str]) -> bool:
    """Whether this is a word of the vocabulary."""
    return isinstance(value, str) and value in words
