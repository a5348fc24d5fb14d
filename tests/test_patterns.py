"""Every pattern of the product answers hostile text of 100,000 characters without running away.

The patterns are collected from the modules as they are loaded, so a new one is tested without
being named. What is held is how the time grows with the text, not a time: machines differ.
"""

import ast
import importlib
import re
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import config

PACKAGES = ("rules", "handoffs", "forms", "exchange", "scheduler", "web")
ALONE = ("config", "settings_blocks", "settings_environment", "settings_secrets")
LONG = 100_000
SLOW = 0.05
"""Seconds that a pattern may take for 100,000 characters: the figure that was asked for."""

Asked = Callable[[str], object]

_CALLS = {"match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
_PIECES = (
    "a",
    "1",
    " ",
    "あ",
    "-",
    "ア",
    "\n",
    "０",
    "年",
    "/",
    ".",
    "a1",
    "1-",
    "a ",
    "1.",
    "ー",
    "=",
)


def files() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((config.ROOT / package).rglob("*.py"))
    for name in ALONE:
        yield config.ROOT / f"{name}.py"


def written() -> dict[str, str]:
    """Patterns that stand as text in a call of `re` that is asked at once, by where they stand."""
    found = {}
    for file in files():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
            if not (of_re and node.func.attr in _CALLS):
                continue
            match node.args[0]:
                case ast.Constant(value=str(text)):
                    found[f"{file.relative_to(config.ROOT)}:{node.lineno}"] = text
    return found


def loaded() -> dict[str, re.Pattern[str]]:
    """Patterns that a module holds, also those that it put together."""
    found = {}
    for file in files():
        name = ".".join(file.relative_to(config.ROOT).with_suffix("").parts)
        if name.endswith("__main__"):
            continue
        for key, value in vars(importlib.import_module(name.removesuffix(".__init__"))).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                found[f"{name}.{key}"] = value
    return found


def hostile(length: int) -> Iterator[str]:
    """Runs of what patterns repeat, with an end that fits none."""
    for piece in _PIECES:
        run = (piece * length)[:length]
        yield run + "\0"


def seconds(ask: Asked, text: str, tries: int = 1) -> float:
    """The shortest of some tries, in time of the processor: what else runs only adds."""
    taken = []
    for _ in range(tries):
        began = time.thread_time()
        ask(text)
        taken.append(time.thread_time() - began)
    return min(taken)


def methods(where: str) -> set[str]:
    """How a pattern that a module holds is asked there: a name that nobody asks is searched."""
    module, _, name = where.rpartition(".")
    file = config.ROOT / Path(*module.split(".")).with_suffix(".py")
    if not file.exists():
        file = config.ROOT / Path(*module.split(".")) / "__init__.py"
    text = file.read_text(encoding="utf-8")
    return set(re.findall(rf"\b{name}\.(\w+)\(", text)) & _CALLS


def asked(where: str, pattern: re.Pattern[str]) -> list[Asked]:
    found = methods(where) if ".py:" not in where else set()
    if found and found <= {"fullmatch", "match"}:
        return [pattern.fullmatch, pattern.match]
    return [pattern.search]


@lru_cache
def patterns() -> dict[str, re.Pattern[str]]:
    texts = {where: re.compile(pattern) for where, pattern in written().items()}
    distinct: dict[tuple[str, int], tuple[str, re.Pattern[str]]] = {}
    for where, pattern in {**texts, **loaded()}.items():
        distinct.setdefault((pattern.pattern, pattern.flags), (where, pattern))
    return dict(distinct.values())


def runs_away(ask: Asked) -> str | None:
    """Try longer and longer texts; say how the time grew where it grew faster than the text.

    For four times the text a pattern that goes through it once takes four times as long, one
    that goes back to its beginning at each place sixteen times.
    """
    for text in hostile(LONG):
        for length in (4_000, 20_000, LONG):
            if seconds(ask, text[:length]) < SLOW / 5:
                continue
            short, whole = (seconds(ask, text[:one], tries=4) for one in (length // 4, length))
            if whole > SLOW / 5 and whole > 9 * short:
                return f"{whole / short:.1f} times as long for {length} as for {length // 4}"
    return None


def test_no_pattern_runs_away() -> None:
    found = {
        where: told
        for where, pattern in sorted(patterns().items())
        for ask in asked(where, pattern)
        if (told := runs_away(ask)) is not None
    }
    assert found == {}


def test_the_collection_finds_the_patterns_of_the_product() -> None:
    assert len(patterns()) > 50


def test_a_pattern_that_runs_away_is_found() -> None:
    assert runs_away(re.compile(r"\d+-\d+x").search) is not None
