"""What happens to a stay while it lasts: leave and return, and the correction of its beginning.

Every page shows the version of the record that was seen; if somebody else changed it meanwhile,
nothing is saved and what was typed stays in the fields.
"""

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from handoffs.stays.correction import CorrectionEntry, correct
from handoffs.stays.leave import LeaveKind
from handoffs.stays.leave_taking import (
    LeaveEntry,
    ReturnEntry,
    come_back,
    go_on_leave,
    take_back_leave,
)
from handoffs.stays.patients import Sex
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from web.context import actor, desk, now
from web.handoffs.news import beside
from web.inputs import Posted, typed_day, typed_time
from web.stays.acts import acted, draft
from web.stays.stay_pages import seen

pages = Blueprint("stay_events", __name__)

_ANEW = "画面を開き直してください。"


@pages.get("/stays/<int:stay_id>/leave")
def leave(stay_id: int) -> ResponseReturnValue:
    """Ask since when somebody is away, or when they came back."""
    today = typed_day(day_of(now()))
    return _leave_screen(stay_id, {"left_on": today, "returned_on": today} | draft(), {}, None)


@pages.post("/stays/<int:stay_id>/leave")
def leave_posted(stay_id: int) -> ResponseReturnValue:
    """Write down that somebody is away for a while; what is due rests."""
    posted = _posted()

    def act(session: Session, stay: Stay) -> None:
        kind = posted.word("kind", LeaveKind, ask="外泊か一時退院かを選んでください。")
        left_on = posted.needed_day("left_on", ask="出た日を入力してください。")
        back = posted.day("back_planned_on")
        version = _version(posted)
        posted.finish()
        entry = LeaveEntry(kind=kind, left_on=left_on, back_planned_on=back, version=version)
        go_on_leave(session, stay, entry, by=actor(), now=now())

    return acted(
        stay_id,
        act,
        lambda errors: _leave_screen(stay_id, posted.values, errors, posted),
        done="away",
    )


@pages.post("/stays/<int:stay_id>/return")
def return_posted(stay_id: int) -> ResponseReturnValue:
    """Write down that somebody is back; the duties go on."""
    posted = _posted()

    def act(session: Session, stay: Stay) -> None:
        returned_on = posted.needed_day("returned_on", ask="戻った日を入力してください。")
        version = _version(posted)
        posted.finish()
        entry = ReturnEntry(returned_on=returned_on, version=version)
        come_back(session, stay, entry, library=desk().library, by=actor(), now=now())

    return acted(
        stay_id,
        act,
        lambda errors: _leave_screen(stay_id, posted.values, errors, posted),
        done="back",
    )


@pages.post("/stays/<int:stay_id>/leave/undo")
def leave_undone(stay_id: int) -> ResponseReturnValue:
    """Take back a leave that never was."""
    posted = _posted()

    def act(session: Session, stay: Stay) -> None:
        version = _version(posted)
        posted.finish()
        take_back_leave(
            session, stay, version=version, library=desk().library, by=actor(), now=now()
        )

    return acted(
        stay_id,
        act,
        lambda errors: _leave_screen(stay_id, posted.values, errors, posted),
        done="leave_undone",
    )


@pages.get("/stays/<int:stay_id>/correction")
def corrected(stay_id: int) -> ResponseReturnValue:
    """Show what the stay was registered with, to put it right."""
    stay = seen(stay_id)
    values = {
        "name": stay.person.name,
        "kana": stay.person.kana,
        "birth_on": typed_day(stay.person.birth_on),
        "sex": stay.sex.value,
        "hospital_number": stay.hospital_number,
        "admitted_on": typed_day(stay.admitted_on),
        "admitted_time": typed_time(stay.admitted_time),
    }
    return _correction_screen(stay_id, values | draft(), {}, None)


@pages.post("/stays/<int:stay_id>/correction")
def corrected_posted(stay_id: int) -> ResponseReturnValue:
    """Put it right; the decision and the dues follow."""
    posted = _posted()

    def act(session: Session, stay: Stay) -> None:
        entry = _read_correction(posted)
        correct(session, stay, entry, library=desk().library, by=actor(), now=now())

    return acted(
        stay_id,
        act,
        lambda errors: _correction_screen(stay_id, posted.values, errors, posted),
        done="corrected",
    )


def _posted() -> Posted:
    return Posted(request.form.to_dict(flat=False), day_of(now()))


def _version(posted: Posted) -> int:
    return posted.needed_number("version", ask=_ANEW)


def _read_correction(posted: Posted) -> CorrectionEntry:
    name = posted.text("name", ask="氏名を入力してください。")
    kana = posted.kana("kana", ask="カナを入力してください。")
    birth_on = posted.birth_day("birth_on", ask="生年月日を入力してください。")
    sex = posted.word("sex", Sex, ask="性別を選んでください。", default=Sex.UNKNOWN)
    number = posted.text("hospital_number", longest=20)
    admitted_on = posted.needed_day("admitted_on", ask="入院日を入力してください。")
    admitted_time = posted.clock("admitted_time")
    version = _version(posted)
    posted.finish()
    return CorrectionEntry(
        name=name,
        kana=kana,
        birth_on=birth_on,
        sex=sex,
        hospital_number=number or None,
        admitted_on=admitted_on,
        admitted_time=admitted_time,
        version=version,
    )


def _leave_screen(
    stay_id: int, values: Mapping[str, str], errors: Mapping[str, str], posted: Posted | None
) -> str:
    return render_template(
        "stays/leave.html",
        stay=seen(stay_id),
        **beside(stay_id),
        values=values,
        errors=errors,
        readings=posted.readings if posted else {},
        kinds=list(LeaveKind),
    )


def _correction_screen(
    stay_id: int, values: Mapping[str, str], errors: Mapping[str, str], posted: Posted | None
) -> str:
    return render_template(
        "stays/correction.html",
        stay=seen(stay_id),
        **beside(stay_id),
        values=values,
        errors=errors,
        readings=posted.readings if posted else {},
        sexes=list(Sex),
    )
