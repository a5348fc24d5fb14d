"""The answer of two regions' rules laid out as one decision, for a record that keeps one.

The hospital's edition leads: its handoffs keep their ids, and take the day, the words and the
standing of the home's rule where that is the stricter. What only the home's rule asks for
follows under an id of its own. Nothing is decided that `cross` did not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import chain

from rules.cross_region import CrossDecision, UnitedDuty
from rules.decision import Decision
from rules.duty import Duty
from rules.kinds import Coordination, Standing
from rules.prepared import Reason
from rules.wording import without_repeats

HOME = "home."
"""What stands before the id of a clause or handoff of the home's rule."""

LONGEST_ID = 60


def united_decision(found: CrossDecision) -> Decision:
    """Lay both answers out as one; every source says which region's paper it is."""
    here, there, (hospital, home) = found.hospital, found.home, found.names
    comes = found.coordination is not Coordination.NOT_REQUIRED
    return Decision(
        edition=here.edition,
        coordination=found.coordination,
        because=(*_said(here.because, hospital), *_said(there.because, home, HOME)),
        excluded_by=(*_said(here.excluded_by, hospital), *_said(there.excluded_by, home, HOME)),
        missing=without_repeats((*here.missing, *there.missing)),
        handoffs=tuple(chain.from_iterable(_duties(each, found) for each in found.duties)),
        held_back=tuple(
            f"{name}: {text}"
            for name, side in zip(found.names, (here, there), strict=True)
            for text in side.held_back
        ),
        unverified=tuple(
            f"{name}: {text}"
            for name, side in zip(found.names, (here, there), strict=True)
            for text in side.unverified
        ),
        tier=here.tier if comes else None,
        stage=here.stage if comes else None,
        consult=(*_said(here.consult, hospital), *_said(there.consult, home, HOME)),
        yields_to=(*_said(here.yields_to, hospital), *_said(there.yields_to, home, HOME)),
        main_contact=here.main_contact if comes else None,
    )


def _said(reasons: tuple[Reason, ...], name: str, prefix: str = "") -> tuple[Reason, ...]:
    """Quote clauses with the region whose paper they stand in."""
    return tuple(
        replace(each, id=f"{prefix}{each.id}", source=f"{name} {each.source}") for each in reasons
    )


def _duties(united: UnitedDuty, found: CrossDecision) -> Iterator[Duty]:
    """Lay one united handoff out: every duty of the hospital's, then what is left of the home's.

    The strictest duty of the one is held against the strictest of the other; a second duty of
    the same kind, such as an early word beside the formal one, keeps its own day.
    """
    hospital, home = found.names
    waits = without_repeats((*found.hospital.missing, *found.home.missing))
    first = min(united.here, key=_lateness, default=None)
    other = min(united.there, key=_lateness, default=None)
    for duty in united.here:
        if duty is first and other is not None:
            said = _stricter(duty, other, hospital, home)
        else:
            said = replace(duty, source=f"{hospital} {duty.source}")
        yield _standing(said, found.coordination, waits, united.agreed)
    for duty in united.there:
        if first is None or duty is not other:
            said = replace(
                duty,
                rule_id=f"{HOME}{duty.rule_id}"[:LONGEST_ID],
                source=f"{home} {duty.source}",
                follows=None if duty.follows is None else f"{HOME}{duty.follows}"[:LONGEST_ID],
            )
            yield _standing(said, found.coordination, waits, united.agreed)


def _stricter(here: Duty, there: Duty, hospital: str, home: str) -> Duty:
    """Join two duties for one thing: the earlier last day with its words, owed if either is."""
    name, taken = min(((hospital, here), (home, there)), key=lambda each: _lateness(each[1]))
    owed = Standing.REQUIRED in (here.standing, there.standing)
    return replace(
        here,
        standing=Standing.REQUIRED if owed else Standing.UNDETERMINED,
        due=taken.due,
        window_from=min((d for d in (here.window_from, there.window_from) if d), default=None),
        preferred=min((d for d in (here.preferred, there.preferred) if d), default=None),
        waits_for=() if owed else without_repeats((*here.waits_for, *there.waits_for)),
        text=taken.text,
        source=f"{name} {taken.source}",
        counting=taken.counting,
        strength=taken.strength,
        short_notice=taken.short_notice,
    )


def _standing(duty: Duty, coordination: Coordination, waits: tuple[str, ...], agreed: str) -> Duty:
    """Let a duty wait where the answer that counts is open, and say that it was agreed."""
    source = f"{duty.source}(地域どうしの取り決めによる)" if agreed else duty.source
    if coordination is Coordination.REQUIRED or duty.standing is Standing.UNDETERMINED:
        return replace(duty, source=source)
    return replace(duty, source=source, standing=Standing.UNDETERMINED, waits_for=waits)


def _lateness(duty: Duty) -> date:
    """Order duties by their last day; one without a day comes last."""
    return duty.due or date.max
