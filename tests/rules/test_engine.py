"""The door to durable-rules: nothing lost, nothing silent, nothing told."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from durable.engine import durable_rules_engine as native  # type: ignore[import-untyped]

from rules import (
    MONDAY_TO_FRIDAY,
    Coordination,
    EngineError,
    Facts,
    Library,
    Moments,
    Whose,
    decide,
    edition_of,
)
from rules.engine import HEARD, MARK, CompiledEdition, compiled
from tests.rules.editions import changed

MIHON = Library.load().in_force("mihon", date(2026, 11, 20))
MOMENTS = Moments(date(2026, 11, 20))
CALENDARS = dict.fromkeys(Whose, MONDAY_TO_FRIDAY)
KNOWN = Facts.of({"care_manager": "assigned", "mobility": "full_help"}, MIHON.vocabulary)
ROOT = Path(__file__).parents[2]
SWALLOWED = "山田花子"
Start = tuple[int, int]


def rules_of(edition: CompiledEdition) -> dict[str, object]:
    """The rules of a compiled edition, to be changed and handed to the engine again."""
    return dict(edition.definition())


def with_rules(edition: CompiledEdition, rules: dict[str, object]) -> None:
    """Put another ruleset in the place of the compiled one, and let the engine run it once.

    To delete a state on which no action was ever started can end the process.
    """
    warming = {**rules, "warms": {"all": [{"m": {"warms": 1}}]}}
    handle = native.create_ruleset(f"changed-{id(warming)}", json.dumps(warming))
    _, state = native.assert_fact(handle, '{"warms": 1, "sid": "warm", "id": "1"}')
    native.start_action_for_state(handle, state)
    native.delete_state(handle, "warm")
    edition._handle = handle


def test_more_patients_than_the_engine_can_hold_at_once_are_decided() -> None:
    for _ in range(1_200):
        assert decide(MIHON, KNOWN, MOMENTS, CALENDARS).coordination is Coordination.REQUIRED


def test_no_thread_is_started() -> None:
    before = threading.active_count()
    CompiledEdition(MIHON).marks(KNOWN)
    assert threading.active_count() == before


def test_eight_threads_share_one_ruleset_without_losing_a_firing() -> None:
    shared = CompiledEdition(MIHON)
    wanted = {
        level: shared.marks(Facts.of({"mobility": level}, MIHON.vocabulary))
        for level in ("independent", "full_help", "unknown")
    }

    def ask(number: int) -> bool:
        level = list(wanted)[number % len(wanted)]
        return shared.marks(Facts.of({"mobility": level}, MIHON.vocabulary)) == wanted[level]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(800)))


COLD_START = """
import threading
from datetime import date
from pathlib import Path
from rules import MONDAY_TO_FRIDAY, Facts, Moments, Whose, decide, edition_of
edition = edition_of(Path("tests/rules/sound.yaml"))
calendars = dict.fromkeys(Whose, MONDAY_TO_FRIDAY)
answers = []
start = threading.Barrier(8)
def ask(number):
    level = ("independent", "full_help")[number % 2]
    facts = Facts.of({"mobility": level, "stay_length": "longer"}, edition.vocabulary)
    start.wait()
    for _ in range(25):
        answers.append((level, decide(edition, facts, Moments(date(2026, 11, 20)), calendars)))
threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
[t.start() for t in threads]
[t.join() for t in threads]
wanted = {"independent": "undetermined", "full_help": "required"}
print(sum(decision.coordination == wanted[level] for level, decision in answers))
"""


def test_eight_threads_from_a_cold_start_lose_nothing_in_twenty_processes() -> None:
    for _ in range(20):
        run = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", COLD_START],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (run.stdout.strip(), run.returncode) == ("200", 0), run.stderr


def refused(edition: CompiledEdition) -> str:
    """What is said instead of an answer, after making sure that nothing else is."""
    with pytest.raises(EngineError) as error:
        edition.marks(KNOWN)
    assert error.value.__cause__ is None
    assert error.value.__context__ is None or error.value.__suppress_context__
    assert SWALLOWED not in str(error.value)
    assert "full_help" not in str(error.value)
    return str(error.value)


def test_an_exception_that_the_engine_keeps_in_the_state_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = CompiledEdition(MIHON)
    asserted = native.assert_fact

    def keeps_an_exception(handle: int, fact: str) -> Start:
        answer: Start = asserted(handle, fact)
        sid = json.loads(fact)["sid"]
        kept = {**json.loads(native.get_state(handle, sid)), "exception": SWALLOWED}
        native.update_state(handle, json.dumps(kept, ensure_ascii=False))
        return answer

    monkeypatch.setattr(native, "assert_fact", keeps_an_exception)
    assert refused(broken) == "durable-rules の状態に、ほかの判定か例外が残っています。"


def test_a_state_of_another_decision_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = CompiledEdition(MIHON)
    asserted = native.assert_fact

    def answers_with_another(handle: int, fact: str) -> Start:
        outcome, _ = asserted(handle, fact)
        _, other = asserted(handle, broken.askings(KNOWN, "of-another")[0])
        return outcome, other

    monkeypatch.setattr(native, "assert_fact", answers_with_another)
    assert refused(broken) == "durable-rules の状態に、ほかの判定か例外が残っています。"
    native.delete_state(broken._handle, "of-another")


def test_an_assertion_that_the_engine_has_seen_already_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = CompiledEdition(MIHON)
    monkeypatch.setattr("rules.engine.token_hex", lambda _length: "again")
    native.assert_fact(broken._handle, broken.askings(KNOWN, "again")[0])
    assert refused(broken) == "durable-rules が、判定項目を受け取りませんでした。"


def test_an_exception_of_the_engine_is_an_error_that_says_its_kind_only() -> None:
    broken = CompiledEdition(MIHON)
    broken._handle = 99_999
    assert refused(broken) == "durable-rules が例外 error で止まりました。"


def test_an_exception_in_the_middle_is_an_error_and_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ruleset = CompiledEdition(MIHON)
    wanted = ruleset.marks(KNOWN)

    def fails(_handle: int, _state: int) -> str:
        raise RuntimeError(SWALLOWED)

    with monkeypatch.context() as breaking:
        breaking.setattr(native, "complete_and_start_action", fails)
        for _ in range(1_100):
            assert refused(ruleset) == "durable-rules が例外 RuntimeError で止まりました。"
    assert ruleset.marks(KNOWN) == wanted


def test_an_engine_in_which_nothing_fires_is_an_error() -> None:
    broken = CompiledEdition(MIHON)
    with_rules(broken, {"other": {"all": [{"m": {"nobody": "says"}}]}})
    assert refused(broken) == "durable-rules が規則を一つも実行していません。"


def test_an_engine_in_which_only_the_rule_that_always_fires_is_silent_is_an_error() -> None:
    broken = CompiledEdition(MIHON)
    rules = rules_of(broken)
    del rules[HEARD]
    with_rules(broken, rules)
    assert refused(broken) == "durable-rules が規則を一つも実行していません。"


def test_an_edition_in_which_nothing_fires_from_the_start_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    silent = {"other": {"all": [{"m": {"nobody": "says"}}]}}
    monkeypatch.setattr(CompiledEdition, "definition", lambda _self: silent)
    with pytest.raises(EngineError, match="規則を一つも実行していません"):
        CompiledEdition(MIHON)


def test_a_rule_that_fires_for_ever_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = CompiledEdition(MIHON)
    monkeypatch.setattr(
        native, "complete_and_start_action", lambda _handle, _state: '{"heard":{"m":{}}}'
    )
    assert refused(broken) == "durable-rules が、版にない規則を実行したか、終わりません。"


def test_a_rule_that_the_edition_does_not_have_is_an_error() -> None:
    broken = CompiledEdition(MIHON)
    with_rules(broken, {**rules_of(broken), "more": {"all": [{"m": {MARK: 1}}]}})
    assert refused(broken) == "durable-rules が、版にない規則を実行したか、終わりません。"


def test_a_rule_that_fires_no_more_is_noticed_by_reading_the_tree() -> None:
    edition = edition_of(MIHON.file)
    rules = rules_of(compiled(edition))
    del rules["0/0"]
    with_rules(compiled(edition), rules)
    with pytest.raises(EngineError, match=r"2024-04-01\.yaml の条件の読みと食い違いました"):
        decide(edition, KNOWN, MOMENTS, CALENDARS)


def test_the_engine_is_asked_twice_only_where_something_is_unknown() -> None:
    ruleset = CompiledEdition(MIHON)
    known = {fact.id: fact.known_values[0] for fact in MIHON.vocabulary.values()}
    holds, could = (json.loads(asking) for asking in ruleset.askings(KNOWN, "a"))
    assert (holds["mobility"], could["mobility"]) == ("full_help", "full_help")
    assert (holds["eating"], could["eating"]) == ("unknown", "*")
    assert len(ruleset.askings(Facts.of(known, MIHON.vocabulary), "a")) == 1


def test_a_draft_that_nobody_holds_any_more_is_forgotten_by_the_engine() -> None:
    draft = CompiledEdition(MIHON)
    handle, (asking, *_) = draft._handle, draft.askings(KNOWN, "later")
    del draft
    gc.collect()
    with pytest.raises(native.error, match="error code: 111"):
        native.assert_fact(handle, asking)
    assert compiled(MIHON).marks(KNOWN).met


@pytest.mark.parametrize("value", ["walks", "*", 3, True, None, "\ud800", ["walks"]])
def test_only_words_of_the_vocabulary_reach_the_engine(value: str) -> None:
    with pytest.raises(EngineError) as refused:
        CompiledEdition(MIHON).marks(Facts({"mobility": value}))
    assert str(refused.value) == "判定項目 mobility に、語彙にない値が渡されました。"


def test_an_edition_is_compiled_once() -> None:
    assert compiled(MIHON) is compiled(MIHON)


def test_an_edition_with_more_rules_than_the_engine_bears_is_refused(tmp_path: Path) -> None:
    wide = "\n".join(
        f"  - {{id: c{number}, text: 基準, source: 1頁, when: "
        f"{{mobility: {mobility}, eating: {eating}, bathing: {bathing}, cancer: {cancer}, "
        f"housework: {housework}}}}}"
        for number, (mobility, eating, bathing, cancer, housework) in enumerate(
            (mobility, eating, bathing, cancer, housework)
            for mobility in ("independent", "supervised", "partial_help", "full_help")
            for eating in ("independent", "supervised", "partial_help", "full_help")
            for bathing in ("independent", "supervised", "partial_help", "full_help")
            for cancer in ("none", "not_terminal", "terminal")
            for housework in ("independent", "partial_help", "full_help")
        )
    )
    edition = changed(tmp_path, ("criteria:\n", f"criteria:\n{wide}\n"))
    with pytest.raises(EngineError, match=r"版が大きすぎて durable-rules に載りません\(規則 5\d\d"):
        compiled(edition)


def test_a_ruleset_that_the_engine_refuses_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(name: str, definition: str) -> int:
        raise MemoryError(name, definition)

    monkeypatch.setattr(native, "create_ruleset", refuses)
    with pytest.raises(EngineError) as refused:
        CompiledEdition(MIHON)
    assert str(refused.value) == "版を durable-rules に載せられません(MemoryError)。"
