"""Bringing the open handoffs of a stay in line with what a decision says.

The only place where handoffs are opened, where their due days move and where another case of the
same rule gives them other words. The old day stays in the history, and its flag is closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from handoffs.before_notice import mark_before_notice
from handoffs.by_hand import as_it_stands
from handoffs.handoff import Handoff, note_opened, withdraw
from handoffs.history import Act, Detail, record
from handoffs.overdue_flag import close_flags, may_be_flagged, was_flagged
from handoffs.parties import Actor
from handoffs.stays.stay import Destination, Stay
from handoffs.succession import is_of_its_office_alone, passes_on
from handoffs.tokyo import late_from
from rules import Duty, HandoffKind, Party


def follow(
    session: Session,
    stay: Stay,
    duties: tuple[Duty, ...],
    known: Sequence[Handoff],
    *,
    receivers: dict[Party, int],
    because: tuple[str, ...] = (),
    by: Actor | None,
    now: datetime,
) -> None:
    """Bring the handoffs of a stay, all of which are `known`, in line with what a decision says.

    Opens what is new, moves what has another due day, rewords what another case of its rule
    applies to, withdraws what no longer applies. `because` are the codes of what moved since
    the last decision (see `moved`); they go into the history. What has been sent or waived is
    left as it is, unless somebody else plans now, who has to be told. What was not yet due when
    the person left is work for at once and no miss.
    """
    planner_id = receivers.get(Party.CARE_MANAGER)
    current = {h.rule_id: h for h in known if h.withdrawn_at is None}
    earlier = [h for h in known if h.withdrawn_at is not None]
    opened = []
    for duty in duties:
        existing = current.pop(duty.rule_id, None)
        if existing is not None and passes_on(session, existing, stay, planner_id):
            withdraw(session, existing, by=by, now=now)
            session.flush()  # The database allows one standing handoff for each rule.
            existing = None
        if existing is None:
            late = _missed_before(earlier, duty, receivers)
            opened.append(
                _opened(stay, duty, receivers=receivers, now=now)
                if late is None
                else _opened_again(stay, late, duty, now)
            )
        elif existing.sent_at is None and existing.waived_at is None:
            existing.receiver_id = receivers.get(duty.receiver)
            change = _Change(session, stay, because, by, now)
            change.move(existing, duty)
    for handoff in current.values():
        if _is_news_for_another(session, handoff, stay, planner_id):
            withdraw(session, handoff, by=by, now=now)
            session.flush()
            if handoff.kind is not HandoffKind.WARD_MOVE_NOTICE:  # Who begins reads the ward.
                opened.append(_opened(stay, as_it_stands(handoff), receivers=receivers, now=now))
        if handoff.sent_at is not None or handoff.waived_at is not None:
            continue
        if handoff.is_by_hand and not _is_over(stay):
            handoff.receiver_id = receivers.get(handoff.receiver)
            _Change(session, stay, because, by, now).move(handoff, as_it_stands(handoff))
        else:
            withdraw(session, handoff, by=by, now=now)
    mark_before_notice(session, stay, opened)
    _add(session, opened, because, by=by, now=now)


def _is_news_for_another(
    session: Session, handoff: Handoff, stay: Stay, planner_id: int | None
) -> bool:
    """Whether what was opened by hand has still to reach the office that plans from now on."""
    if not handoff.is_by_hand or _is_over(stay) or is_of_its_office_alone(handoff):
        return False
    return passes_on(session, handoff, stay, planner_id)


def _is_over(stay: Stay) -> bool:
    """Whether nothing is to be passed on any more, whoever wanted it."""
    return (
        stay.wants_no_contact
        or stay.destination is Destination.DEATH
        or stay.cancelled_at is not None
    )


def _missed_before(
    earlier: list[Handoff], duty: Duty, receivers: dict[Party, int]
) -> Handoff | None:
    """Find what was late already when its rule ceased to apply, for the same day and receiver."""
    late = [
        h
        for h in earlier
        if h.rule_id == duty.rule_id
        and h.due_on == duty.due
        and h.receiver_id == receivers.get(duty.receiver)
        and h.sent_at is None
        and h.waived_at is None
        and not (h.short_notice or h.before_notice)
        and h.due_at is not None
        and h.withdrawn_at is not None
        and h.due_at <= h.withdrawn_at
    ]
    return max(late, key=lambda h: h.id, default=None)


def _opened_again(stay: Stay, handoff: Handoff, duty: Duty, now: datetime) -> Handoff:
    """Let a handoff that was late stand again as it stood; becoming owed again is no news."""
    handoff.withdrawn_at = None
    handoff.version += 1
    _reword(handoff, duty)
    _set_due(stay, handoff, duty, now)
    handoff.short_notice = _overtaken_by_leaving(stay, duty)
    return handoff


def _overtaken_by_leaving(stay: Stay, duty: Duty) -> bool:
    """Whether the person left before the last permitted day."""
    left = stay.discharged_on
    return left is not None and duty.due is not None and duty.due > left


def _opened(stay: Stay, duty: Duty, *, receivers: dict[Party, int], now: datetime) -> Handoff:
    handoff = Handoff(
        stay_id=stay.id,
        rule_id=duty.rule_id,
        kind=duty.kind,
        sender=duty.sender,
        receiver=duty.receiver,
        receiver_id=receivers.get(duty.receiver),
        standing=duty.standing,
        text=duty.text,
        source=duty.source,
        opened_at=now,
    )
    _set_due(stay, handoff, duty, now)
    return handoff


def _add(
    session: Session,
    opened: list[Handoff],
    because: tuple[str, ...],
    *,
    by: Actor | None,
    now: datetime,
) -> None:
    if not opened:
        return
    session.add_all(opened)
    session.flush()  # The events name the handoffs' ids.
    for handoff in opened:
        more: Detail = {"before_notice": handoff.before_notice, **_reason(because)}
        note_opened(session, handoff, by=by, now=now, more=more)


def _reason(because: tuple[str, ...]) -> dict[str, str]:
    """What an event says of why; nothing where it is the first decision."""
    return {"because": " ".join(because)} if because else {}


def _set_due(stay: Stay, handoff: Handoff, duty: Duty, now: datetime) -> None:
    handoff.standing = duty.standing
    handoff.waits_for = list(duty.waits_for)
    handoff.counting = duty.counting
    handoff.window_from = duty.window_from
    handoff.preferred_on = duty.preferred
    handoff.due_on = duty.due
    handoff.due_at = late_from(duty.due) if duty.due else None
    already_late = handoff.due_at is not None and handoff.due_at <= now
    # Where the paper gives no day for a sudden discharge, it is to be done at once.
    at_once = duty.short_notice and duty.due is None
    handoff.short_notice = already_late or at_once or _overtaken_by_leaving(stay, duty)


@dataclass(frozen=True)
class _Change:
    """One decision's effect on handoffs that stand already."""

    session: Session
    stay: Stay
    because: tuple[str, ...]
    by: Actor | None
    now: datetime

    def move(self, handoff: Handoff, duty: Duty) -> None:
        """Give a handoff the day, the standing and the words that its rule has now."""
        was = (handoff.due_on, handoff.standing, handoff.preferred_on)
        reworded = _reword(handoff, duty)
        overtaken = _overtaken_by_leaving(self.stay, duty)
        moved = was[:2] != (duty.due, duty.standing) or (overtaken and not handoff.short_notice)
        if not moved and was[2] == duty.preferred:
            handoff.waits_for = list(duty.waits_for)
            handoff.window_from = duty.window_from
            if reworded:
                handoff.version += 1
                self._tell(Act.HANDOFF_REWORD, handoff, {"kind": handoff.kind.value})
            return
        self._set_day(handoff, duty, moved=moved, overtaken=overtaken)
        handoff.version += 1
        detail: dict[str, str | bool | date | None] = {
            "from": was[0],
            "to": handoff.due_on,
            "standing": handoff.standing.value,
            "short_notice": handoff.short_notice,
        }
        if was[2] != duty.preferred:
            detail |= {"preferred_from": was[2], "preferred_to": duty.preferred}
        if reworded:
            detail["reworded"] = True
        self._tell(Act.HANDOFF_MOVE, handoff, detail)

    def _set_day(self, handoff: Handoff, duty: Duty, *, moved: bool, overtaken: bool) -> None:
        """Move the days; what was missed on the same day stays missed."""
        if not moved:
            handoff.preferred_on = duty.preferred
            handoff.waits_for = list(duty.waits_for)
            handoff.window_from = duty.window_from
            return
        missed_already = (
            duty.due == handoff.due_on
            and not overtaken
            and was_flagged(self.session, handoff.id, handoff.due_at)
        )
        if not missed_already and may_be_flagged(handoff.due_at, self.now):
            close_flags(self.session, handoff.stay_id, handoff.id, by=self.by, now=self.now)
        _set_due(self.stay, handoff, duty, self.now)
        if missed_already:
            handoff.short_notice = False  # It was late before; becoming certain again is no news.

    def _tell(self, act: Act, handoff: Handoff, detail: Detail) -> None:
        record(
            self.session,
            self.by,
            act,
            now=self.now,
            stay_id=handoff.stay_id,
            handoff_id=handoff.id,
            detail={**detail, **_reason(self.because)},
        )


def _reword(handoff: Handoff, duty: Duty) -> bool:
    """Let a handoff say what its rule says for this case now; whether it said something else."""
    was = (handoff.text, handoff.source, handoff.counting)
    handoff.text, handoff.source, handoff.counting = duty.text, duty.source, duty.counting
    return was != (duty.text, duty.source, duty.counting)
