"""The door to durable-rules: nothing lost, nothing silent, nothing told."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from durable import engine as durable_engine  # type: ignore[import-untyped]

from rules import (
    MONDAY_TO_FRIDAY,
    Coordination,
    EngineError,
    Facts,
    Library,
    Moments,
    Truth,
    Whose,
    decide,
    edition_of,
)
from rules.engine import CompiledEdition, compiled
from tests.rules.editions import changed

MIHON = Library.load().in_force("mihon", date(2026, 11, 20))
MOMENTS = Moments(date(2026, 11, 20))
CALENDARS = dict.fromkeys(Whose, MONDAY_TO_FRIDAY)
KNOWN = Facts.of({"care_manager": "assigned", "mobility": "full_help"}, MIHON.vocabulary)
ROOT = Path(__file__).parents[2]
Act = Callable[[object], None]


def acting(ruleset: CompiledEdition) -> dict[str, durable_engine.Promise]:
    """The acts of the rules, by name, inside the compiled ruleset."""
    acts: dict[str, durable_engine.Promise] = ruleset._ruleset._actions
    return acts


def test_more_patients_than_the_engine_can_hold_at_once_are_decided() -> None:
    for _ in range(1_200):
        assert decide(MIHON, KNOWN, MOMENTS, CALENDARS).coordination is Coordination.REQUIRED


def test_no_thread_is_started() -> None:
    before = threading.active_count()
    CompiledEdition(MIHON).truths(KNOWN)
    assert threading.active_count() == before


def test_eight_threads_share_one_ruleset_without_losing_a_firing() -> None:
    shared = CompiledEdition(MIHON)
    wanted = {
        level: shared.truths(Facts.of({"mobility": level}, MIHON.vocabulary))
        for level in ("independent", "full_help", "unknown")
    }

    def ask(number: int) -> bool:
        level = list(wanted)[number % len(wanted)]
        return shared.truths(Facts.of({"mobility": level}, MIHON.vocabulary)) == wanted[level]

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


def test_an_exception_inside_a_rule_is_an_error_and_not_an_answer() -> None:
    broken = CompiledEdition(MIHON)

    def fails(_closure: object) -> None:
        raise ValueError("山田花子")

    acting(broken)["heard"] = durable_engine.Promise(fails)
    with pytest.raises(EngineError) as refused:
        broken.truths(KNOWN)
    assert str(refused.value) == "durable-rules の規則の実行中に例外が起きました。"


def test_an_error_that_is_handed_to_the_callback_is_an_error() -> None:
    broken = CompiledEdition(MIHON)
    del acting(broken)["heard"]
    with pytest.raises(EngineError) as refused:
        broken.truths(KNOWN)
    assert str(refused.value) == "durable-rules が、途中の誤りを知らせて終わりました。"


def test_an_engine_in_which_nothing_fires_is_an_error() -> None:
    broken = CompiledEdition(MIHON)

    def is_silent(_closure: object) -> None:
        """Note nothing, as an engine does that ran no rule."""

    acting(broken)["heard"] = durable_engine.Promise(is_silent)
    with pytest.raises(EngineError) as refused:
        broken.truths(KNOWN)
    assert str(refused.value) == "durable-rules が規則を一つも実行していません。"


def test_a_rule_that_fires_no_more_is_noticed_by_reading_the_tree() -> None:
    edition = edition_of(MIHON.file)

    def is_silent(_closure: object) -> None:
        """Note nothing."""

    acting(compiled(edition))["0/met/0"] = durable_engine.Promise(is_silent)
    with pytest.raises(EngineError, match=r"2024-04-01\.yaml の条件の読みと食い違いました"):
        decide(edition, KNOWN, MOMENTS, CALENDARS)


def test_what_the_engine_says_of_the_facts_is_not_passed_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its messages quote the whole fact; ours name the kind of error only."""
    broken = CompiledEdition(MIHON)

    engine = durable_engine.durable_rules_engine
    asserted = engine.assert_fact

    def heeds_nothing(handle: int, fact: str) -> tuple[int, int]:
        assert "full_help" in fact
        return 1, asserted(handle, fact)[1]

    monkeypatch.setattr(engine, "assert_fact", heeds_nothing)
    with pytest.raises(EngineError) as refused:
        broken.truths(KNOWN)
    assert str(refused.value) == (
        "durable-rules が例外 MessageNotHandledException で止まりました。"
    )
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_after_an_error_the_next_patient_is_decided() -> None:
    ruleset = CompiledEdition(MIHON)
    sound = acting(ruleset)["heard"]

    def fails(_closure: object) -> None:
        raise ValueError

    acting(ruleset)["heard"] = durable_engine.Promise(fails)
    for _ in range(1_100):
        with pytest.raises(EngineError):
            ruleset.truths(KNOWN)
    acting(ruleset)["heard"] = sound
    assert ruleset.truths(KNOWN)[0] is Truth.MET
    assert not ruleset._fired


@pytest.mark.parametrize("value", ["walks", 3, True, None, "\ud800"])
def test_only_words_of_the_vocabulary_reach_the_engine(value: str) -> None:
    with pytest.raises(EngineError) as refused:
        CompiledEdition(MIHON).truths(Facts({"mobility": value}))
    assert str(refused.value) == "判定項目 mobility に、語彙にない値が渡されました。"


def test_an_edition_is_compiled_once() -> None:
    assert compiled(MIHON) is compiled(MIHON)


def test_an_edition_with_more_rules_than_the_engine_bears_is_refused(tmp_path: Path) -> None:
    wide = "\n".join(
        f"  - {{id: c{number}, text: 基準, source: 1頁, when: "
        f"{{any_of: [{{mobility: full_help, living: alone, eating: {eating}}}, "
        f"{{toileting: full_help, bathing: {bathing}, cancer: {cancer}}}, "
        f"{{living: with_family, dementia: none, housework: {housework}}}]}}}}"
        for number, (eating, bathing, cancer, housework) in enumerate(
            (eating, bathing, cancer, housework)
            for eating in ("independent", "supervised", "partial_help", "full_help")
            for bathing in ("independent", "supervised", "partial_help", "full_help")
            for cancer in ("none", "not_terminal", "terminal")
            for housework in ("independent", "partial_help")
        )
    )
    edition = changed(tmp_path, ("criteria:\n", f"criteria:\n{wide}\n"))
    with pytest.raises(EngineError, match=r"版が大きすぎて durable-rules に載りません\(規則 5\d\d"):
        compiled(edition)


def test_a_ruleset_that_the_engine_refuses_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(name: str, definition: str) -> int:
        raise MemoryError(name, definition)

    monkeypatch.setattr(durable_engine.durable_rules_engine, "create_ruleset", refuses)
    with pytest.raises(EngineError) as refused:
        CompiledEdition(MIHON)
    assert str(refused.value) == "版を durable-rules に載せられません(MemoryError)。"
