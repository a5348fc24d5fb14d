"""Which of the processes beside the web server show no sign of life, and since when.

The scheduler's clock always; the delivery of messages only where this site sends any. For
/health and for the banner of every page, so that the two never contradict each other.
"""

from dataclasses import dataclass

from sqlmodel import Session

from handoffs.heartbeat import age_of
from web.context import desk, now

CLOCK = "scheduler"
DELIVERY = "delivery"
"""The names under which the scheduler's two parts beat."""


@dataclass(frozen=True)
class Pulse:
    """One process: how many seconds ago it was seen, None for never, and whether that will do."""

    process: str
    seconds: int | None
    beats: bool

    @property
    def word(self) -> str:
        """What /health calls it."""
        if self.seconds is None:
            return "never seen"
        return "ok" if self.beats else "silent"


def pulses(session: Session) -> tuple[Pulse, ...]:
    """The pulse of everything that should run on this site."""
    watched = (CLOCK, DELIVERY) if desk().delivery_on else (CLOCK,)
    found = []
    for process in watched:
        age = age_of(session, process, now())
        seconds = None if age is None else int(age.total_seconds())
        found.append(Pulse(process, seconds, age is not None and age <= desk().heartbeat_max))
    return tuple(found)


def standing_still(session: Session) -> frozenset[str]:
    """The processes that should run and show no sign of life."""
    return frozenset(pulse.process for pulse in pulses(session) if not pulse.beats)
