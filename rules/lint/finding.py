"""What a linter finds: a fault of an edition, or a note, with a patient who shows it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rules.facts import Facts
from rules.kinds import Labelled


class Fault(Labelled):
    """The classes of faults that are looked for."""

    UNREACHABLE = "unreachable", "効かない条文"
    CONTRADICTORY = "contradictory", "矛盾"
    GAP = "gap", "欠け"
    STALE = "stale", "期限切れ"
    DEADLINE = "deadline", "期限がきっかけより前"
    EXAMPLE = "example", "例の不足"
    NEVER_FIRED = "never_fired", "実績で一度も当てはまらない"
    UNDECIDED = "undecided", "大きすぎて判定できない"


@dataclass(frozen=True)
class Finding:
    """One fault, or one note.

    clause: the id of the clause, empty where the whole edition is meant. line: where it
    stands, 0 for the whole file. found: what is wrong. instead: what to do. patient: the
    coded facts of somebody who shows it. note: not a fault; it does not fail the check.
    """

    fault: Fault
    file: Path
    line: int
    clause: str
    found: str
    instead: str
    patient: Facts | None = None
    note: bool = False

    def lines(self) -> Iterator[str]:
        """Say it, and how to open its patient in the simulator."""
        place = f"{self.file}:{self.line}" if self.line else f"{self.file}"
        kind = "(注)" if self.note else ""
        yield f"{place}: [{self.fault}]{kind} {self.fault.label}: {self.found} {self.instead}"
        if self.patient is not None:
            settings = " ".join(f"--set {fact}={v}" for fact, v in self.patient.given.items())
            edition = shlex.quote(str(self.file))
            yield f"    python -m rules simulate --edition {edition} {settings}".rstrip()

    def as_json(self) -> dict[str, object]:
        """Lay it out for JSON; the patient is what a facts file holds."""
        return {
            "fault": self.fault.value,
            "file": str(self.file),
            "line": self.line,
            "clause": self.clause,
            "found": self.found,
            "instead": self.instead,
            "patient": None if self.patient is None else dict(self.patient.given),
            "note": self.note,
        }
