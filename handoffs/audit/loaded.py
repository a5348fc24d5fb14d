"""Whom a request loaded: every patient and stay that came out of the database meanwhile.

One door for all pages. A page that shows a person has loaded that person's row, and loading is
noticed where rows become objects, so a new page cannot forget to say whom it showed. What was
loaded counts as seen, even where a page used it only to compare: the scope of a leak errs towards
telling somebody too many. Reads no clock and writes nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import sqlalchemy as sa

from handoffs.history import named
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay


@dataclass
class Loaded:
    """Patients by id, and stays with whose they are."""

    patients: set[int] = field(default_factory=set)
    stays: dict[int, int] = field(default_factory=dict)

    def names(self) -> str:
        """Everybody, as `Event.shown` keeps them: the stays, and who was loaded without one."""
        return named(self.stays, self.patients - set(self.stays.values()))

    def clear(self) -> None:
        """Forget everybody: the answer turned out to show nobody."""
        self.patients.clear()
        self.stays.clear()


_HERE: ContextVar[Loaded | None] = ContextVar("loaded", default=None)


@contextmanager
def gathering() -> Iterator[Loaded]:
    """Gather whom the statements of this block load."""
    loaded = Loaded()
    token = _HERE.set(loaded)
    try:
        yield loaded
    finally:
        _HERE.reset(token)


def begin() -> Loaded:
    """Gather from here on, until the next `begin`: for a request, which is no block."""
    loaded = Loaded()
    _HERE.set(loaded)
    return loaded


def stop() -> None:
    """Gather no more."""
    _HERE.set(None)


@sa.event.listens_for(Patient, "load")
def _note_patient(patient: Patient, _context: object) -> None:
    loaded = _HERE.get()
    if loaded is not None:
        loaded.patients.add(patient.__dict__["id"])


@sa.event.listens_for(Stay, "load")
def _note_stay(stay: Stay, _context: object) -> None:
    loaded = _HERE.get()
    if loaded is not None:
        loaded.stays[stay.__dict__["id"]] = stay.__dict__.get("patient_id", 0)
