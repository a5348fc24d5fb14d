"""Two requests of a process are at work at once; whoever else came waits for a turn.

Python runs one thread at a time, so eight requests at work are not faster than two: they hand the
interpreter to each other between any two statements, each keeps its transaction open the longer,
and all eight answer late together (docs/decisions/0045-two-at-work-in-a-process.md). Two, because
while one waits for the database the other computes.

Whoever waits for another process, such as the one that prints, stands aside meanwhile (`aside`).
And whoever has waited for `PATIENCE_SECONDS` goes on without: this is about order, and must keep
nobody from an answer.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, g, has_request_context, request

AT_WORK = 2
PATIENCE_SECONDS = 5.0


class Turns:
    """Whose turn it is in this process."""

    def __init__(self, at_work: int = AT_WORK, patience: float = PATIENCE_SECONDS) -> None:
        """Nobody is at work yet."""
        self._free = threading.BoundedSemaphore(at_work)
        self._patience = patience

    def stand_before(self, app: Flask) -> None:
        """Let every request of an application take a turn, and give it back."""
        app.before_request(self._begin)
        app.teardown_request(self._end)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let others work inside the block, which only waits; outside of a request nothing."""
        had_one = has_request_context() and g.get("has_turn", False)
        if had_one:
            self._end(None)
        try:
            yield
        finally:
            if had_one:
                self._take()

    def _begin(self) -> None:
        if request.endpoint != "static":
            self._take()

    def _take(self) -> None:
        if self._free.acquire(timeout=self._patience):
            g.has_turn = True

    def _end(self, _error: BaseException | None) -> None:
        if g.pop("has_turn", False):
            self._free.release()


TURNS = Turns()
