"""What lists, dues and rates show of the record: for saying that two moments look alike."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from handoffs.handoff import Handoff, handoffs_of, state
from handoffs.missed import flags_of
from handoffs.rates import of_month
from handoffs.shown.board import board_of
from handoffs.shown.dossier import dossiers_of
from handoffs.shown.unsettled import unsettled_of
from handoffs.shown.worklist import worklist_of
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from rules import Library
from tests.people import REGION, Cast


def _handoff(handoff: Handoff, now: datetime) -> dict[str, Any]:
    shown = handoff.model_dump(exclude={"id", "version", "stay_id"})
    return shown | {"state": state(handoff, now)}


def dues(session: Session, stay: Stay, now: datetime) -> list[dict[str, Any]]:
    """Every handoff that stands, with its state and its dues, in a fixed order."""
    standing = [h for h in handoffs_of(session, stay.id) if h.withdrawn_at is None]
    return sorted((_handoff(h, now) for h in standing), key=lambda shown: str(shown["rule_id"]))


def open_flags(session: Session, stay: Stay) -> list[tuple[int, datetime]]:
    """The flags of a stay that stand, by handoff and due moment."""
    flags = flags_of(session, stay.id)
    return sorted((f.handoff_id, f.due_at) for f in flags if f.closed_at is None)


def lists(session: Session, cast: Cast, library: Library, now: datetime) -> list[Any]:
    """Board, unsettled and worklist of the ward and of the care manager."""
    session.flush()
    shown: list[Any] = []
    for actor in (cast.ward_nurse, cast.care_manager):
        board = board_of(session, actor, library=library, now=now)
        unsettled = unsettled_of(session, actor, board.everybody, today=day_of(now))
        shown += [
            asdict(board),
            [asdict(one) for one in unsettled],
            asdict(worklist_of(session, actor, library=library, now=now)),
        ]
    return [_unversioned(one) for one in shown]


def _unversioned(shown: Any) -> Any:  # noqa: ANN401 - nested values of any kind.
    """The same without versions, which only ever grow."""
    if isinstance(shown, dict):
        return {key: _unversioned(one) for key, one in shown.items() if key != "version"}
    return [_unversioned(one) for one in shown] if isinstance(shown, list | tuple) else shown


def rates(session: Session, month: date, now: datetime) -> Any:  # noqa: ANN401 - a frozen value.
    """The figures of a month in the cast's region."""
    session.flush()
    return of_month(session, REGION, month, region_name="見本", hospital_names=True, now=now)


def contacts(session: Session) -> list[Any]:
    """What is known of the contact about each discharge."""
    stays = session.exec(select(Stay).order_by(col(Stay.id))).all()
    return [(d.stay.id, d.contact, d.asks_for_contact) for d in dossiers_of(session, stays)]
