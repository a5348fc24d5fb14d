"""Measure several ways of doing one thing by turns, so that a busy machine slows all alike."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

ROUNDS = 7


def by_turns(
    ways: Mapping[str, Callable[[], object]],
    rounds: int = ROUNDS,
    clock: Callable[[], float] = perf_counter,
) -> dict[str, list[float]]:
    """Run each way once a round and return its seconds, round by round.

    clock: `time.thread_time` counts only what the calling thread computes, which a busy
    machine disturbs less; threads of the engine itself are then not counted.

    One round before the first is not counted: it warms caches and compiles.
    """
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            gc.collect()
            began = clock()
            way()
            took = clock() - began
            if number:
                seconds[name].append(took)
    return seconds


def ratio(seconds: Mapping[str, list[float]], name: str, to: str) -> float:
    """Take the median of the ratios of each round."""
    return median(one / other for one, other in zip(seconds[name], seconds[to], strict=True))
