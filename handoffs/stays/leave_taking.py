"""Going on leave, coming back, and taking back a leave that never was."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from handoffs.access import Permission, require
from handoffs.decision.assessment import reassess
from handoffs.errors import BadEntry, NotPermitted, Overtaken
from handoffs.history import Act, record
from handoffs.overdue_flags_of_stay import reopen_flags_closed_from
from handoffs.parties import Actor
from handoffs.stays.leave import Leave, LeaveKind, go_on, leave_of, rest_if_away
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from rules import Library


class LeaveEntry(BaseModel):
    """A leave as it was typed and checked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: LeaveKind
    left_on: date
    back_planned_on: date | None = None
    version: int


class ReturnEntry(BaseModel):
    """A return as it was typed and checked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    returned_on: date
    version: int


def go_on_leave(
    session: Session, stay: Stay, entry: LeaveEntry, *, by: Actor, now: datetime
) -> Leave:
    """Write down that somebody is away for a while; what is due rests at once.

    Raises NotPermitted, BadEntry, or Overtaken if the stay changed since it was shown.
    """
    require(by, Permission.STAY_EDIT)
    _check_version(stay, entry.version)
    if not stay.is_open:
        raise NotPermitted("退院済みの方の外泊は登録できません。")
    if leave_of(session, stay) is not None:
        raise NotPermitted("すでに外泊・一時退院が登録されています。")
    wrong: dict[str, str] = {}
    if entry.left_on < stay.admitted_on:
        wrong["left_on"] = "入院日より前です。出た日を確かめてください。"
    elif entry.left_on > day_of(now):
        wrong["left_on"] = "今日より後です。出た日に登録してください。"
    if entry.back_planned_on is not None and entry.back_planned_on < entry.left_on:
        wrong["back_planned_on"] = "出た日より前です。戻る予定の日を確かめてください。"
    if wrong:
        raise BadEntry(wrong)
    leave = Leave(
        stay_id=stay.id,
        kind=entry.kind,
        left_on=entry.left_on,
        back_planned_on=entry.back_planned_on,
        recorded_at=now,
        recorded_by=by.staff_id,
    )
    session.add(leave)
    stay.version += 1
    record(
        session,
        by,
        Act.STAY_LEAVE,
        now=now,
        stay_id=stay.id,
        detail={
            "leave": entry.kind.value,
            "on": entry.left_on,
            "planned": entry.back_planned_on,
        },
    )
    session.flush()  # What rests asks whether there is a leave.
    rest_if_away(session, stay, by=by, now=now)
    return leave


def come_back(
    session: Session,
    stay: Stay,
    entry: ReturnEntry,
    *,
    library: Library,
    by: Actor,
    now: datetime,
) -> None:
    """Write down that somebody is back; the duties go on and are counted again.

    Raises NotPermitted, BadEntry, or Overtaken if the stay changed since it was shown.
    """
    require(by, Permission.STAY_EDIT)
    _check_version(stay, entry.version)
    leave = _open_leave(session, stay)
    if entry.returned_on < leave.left_on:
        raise BadEntry({"returned_on": "出た日より前です。戻った日を確かめてください。"})
    if entry.returned_on > day_of(now):
        raise BadEntry({"returned_on": "今日より後です。戻った日に登録してください。"})
    leave.returned_on = entry.returned_on
    stay.version += 1
    record(
        session,
        by,
        Act.STAY_RETURN,
        now=now,
        stay_id=stay.id,
        detail={"from": leave.left_on, "to": entry.returned_on},
    )
    go_on(session, stay, away_since=leave.left_on, by=by, now=now)
    reassess(session, stay, library=library, by=by, now=now)


def take_back_leave(
    session: Session, stay: Stay, *, version: int, library: Library, by: Actor, now: datetime
) -> None:
    """Take back a leave that was registered by mistake; everything is as it was before.

    What came due while it stood here is work for at once: nobody was reminded of it.
    Raises NotPermitted, or Overtaken if the stay changed since it was shown.
    """
    require(by, Permission.STAY_EDIT)
    _check_version(stay, version)
    leave = _open_leave(session, stay)
    leave.taken_back_at = now
    stay.version += 1
    record(
        session,
        by,
        Act.STAY_LEAVE_UNDO,
        now=now,
        stay_id=stay.id,
        detail={"leave": leave.kind.value, "on": leave.left_on},
    )
    reopen_flags_closed_from(session, stay.id, leave.recorded_at, by=by, now=now)
    go_on(session, stay, away_since=day_of(leave.recorded_at), by=by, now=now)
    reassess(session, stay, library=library, by=by, now=now)


def _open_leave(session: Session, stay: Stay) -> Leave:
    leave = leave_of(session, stay)
    if leave is None:
        raise NotPermitted("外泊・一時退院は登録されていません。最新の画面を開いてください。")
    return leave


def _check_version(stay: Stay, version: int) -> None:
    if stay.version != version:
        raise Overtaken
