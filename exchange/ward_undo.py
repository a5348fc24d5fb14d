"""Undoing a whole import: every admission that it registered is cancelled, or none of them.

Each goes through the record's own cancellation, with a reason, and can be reinstated there. Where
somebody has acted on one of them since, nothing is undone and that one is named: another person's
work is not taken away with a file. A planned discharge that the import changed stays changed; its
former day stands in the history of the stay. Never commits.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from handoffs.access import Permission, require, visible_stays
from handoffs.errors import HandoffError, NotVisible
from handoffs.history import Act, Event, record
from handoffs.parties import Actor, Staff
from handoffs.stays.cancellation import CancelReason, cancel
from handoffs.stays.stay import Stay

LATEST = 20
"""How many imports are listed."""

_COUNTS = ("new", "matched", "plan_changed", "rejected", "dropped")
"""What an import's own account in the history counts."""


class AlreadyUndone(HandoffError):
    """The import was undone before, or registered nobody."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("この取り込みで登録した入院は、もう残っていません。取り消しは不要です。")


class ActedOnSince(HandoffError):
    """Somebody has acted on some of the stays since; nothing was undone."""

    def __init__(self, stay_ids: tuple[int, ...]) -> None:
        """Keep which stays."""
        super().__init__("取り込みのあとに職員が操作した入院があるため、まとめて取り消せません。")
        self.stay_ids = stay_ids


@dataclass(frozen=True)
class WardImport:
    """One import of the hospital. `standing`: the stays it registered that still stand.

    `acted`: those of them on which somebody has acted since. `undone`: somebody undid it.
    """

    id: int
    at: datetime
    by: str
    new: int
    matched: int
    plan_changed: int
    rejected: int
    dropped: int
    standing: tuple[int, ...]
    acted: tuple[int, ...]
    undone: bool


def imports_of(session: Session, actor: Actor) -> tuple[WardImport, ...]:
    """The latest imports of the actor's own hospital, the last first."""
    require(actor, Permission.STAY_ADMIT)
    events = session.exec(
        select(Event)
        .where(
            Event.act == Act.IMPORT_WARD_LIST,
            Event.organization_id == actor.organization_id,
        )
        .order_by(col(Event.id).desc())
        .limit(LATEST)
    ).all()
    return tuple(_import(session, actor, event) for event in events)


def import_of(session: Session, actor: Actor, import_id: int) -> WardImport:
    """One import of the actor's own hospital. Raises NotVisible."""
    require(actor, Permission.STAY_ADMIT)
    return _import(session, actor, _event(session, actor, import_id))


def undo_import(
    session: Session, import_id: int, reason: CancelReason, *, by: Actor, now: datetime
) -> int:
    """Cancel every admission of an import that still stands; return how many.

    Raises NotVisible, AlreadyUndone, ActedOnSince, or what the cancellation raises.
    """
    require(by, Permission.STAY_ADMIT)
    event = _event(session, by, import_id)
    stays = session.exec(
        # Locked: nobody acts on one of them between the look and the deed.
        visible_stays(by)
        .where(col(Stay.id).in_(_stay_ids(event)))
        .order_by(col(Stay.id))
        .with_for_update(of=Stay)
    ).all()
    if not stays:
        raise AlreadyUndone
    acted = _acted(session, event, [stay.id for stay in stays])
    if acted:
        raise ActedOnSince(acted)
    for stay in stays:
        cancel(session, stay, reason, version=stay.version, by=by, now=now)
    record(
        session,
        by,
        Act.IMPORT_UNDO,
        now=now,
        detail={"import": event.id, "stays": len(stays), "cancel_reason": reason.value},
    )
    return len(stays)


def _event(session: Session, actor: Actor, import_id: int) -> Event:
    event = session.exec(
        select(Event).where(
            Event.id == import_id,
            Event.act == Act.IMPORT_WARD_LIST,
            Event.organization_id == actor.organization_id,
        )
    ).one_or_none()
    if event is None:
        raise NotVisible
    return event


def _stay_ids(event: Event) -> list[int]:
    """The stays that an import registered, as its own account in the history says."""
    told = str(event.detail.get("stays") or "")
    return [int(one) for one in told.split(",") if one]


def _acted(session: Session, event: Event, stay_ids: list[int]) -> tuple[int, ...]:
    """Of some stays those on which somebody, not the clock, did more than look since."""
    found = session.exec(
        select(Event.stay_id)
        .where(
            col(Event.stay_id).in_(stay_ids),
            Event.id > event.id,
            col(Event.organization_id).is_not(None),
            col(Event.act).not_in({Act.STAY_READ, Act.STAY_LIST}),
        )
        .distinct()
    ).all()
    return tuple(sorted(one for one in found if one is not None))


def _import(session: Session, actor: Actor, event: Event) -> WardImport:
    standing = session.exec(
        visible_stays(actor).where(col(Stay.id).in_(_stay_ids(event))).order_by(col(Stay.id))
    ).all()
    ids = [stay.id for stay in standing]
    staff = session.get(Staff, event.staff_id) if event.staff_id is not None else None
    counts = {key: int(event.detail.get(key) or 0) for key in _COUNTS}
    undone = session.exec(
        select(Event.detail).where(
            Event.act == Act.IMPORT_UNDO,
            Event.organization_id == actor.organization_id,
            Event.id > event.id,
        )
    ).all()
    return WardImport(
        id=event.id,
        at=event.recorded_at,
        by=staff.name if staff else "",
        standing=tuple(ids),
        acted=_acted(session, event, ids),
        undone=any(detail.get("import") == event.id for detail in undone),
        **counts,
    )
