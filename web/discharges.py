"""The end of a stay: the discharge, putting it right, and taking it back.

Each shows the version of the record that was seen; if somebody else changed it
meanwhile, nothing is saved and what was typed is shown beside what is new.
"""

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from handoffs.access import Permission
from handoffs.errors import NotPermitted
from handoffs.shown.overview import Overview
from handoffs.statement import Means, Result
from handoffs.stays.discharge import DischargeEntry, discharge
from handoffs.stays.discharge_undo import correct_discharge, undo_discharge
from handoffs.stays.stay import Destination, Stay
from handoffs.stays.transfer import other_hospitals
from handoffs.tokyo import day_of
from web.auth import requires
from web.context import actor, desk, now, reading
from web.inputs import Posted, typed_day, typed_time
from web.stay_acts import acted, draft
from web.stays import seen

pages = Blueprint("discharges", __name__)

NOT_LISTED = "not_listed"
"""The next hospital does not take part, or nobody knows which it is."""

_ANSWERS = {"yes": True, "no": False, "unknown": None}
_QUESTION = (("yes", "とれた"), ("no", "とれていない"), ("unknown", "わからない"))
_MEANS = (Means.TELEPHONE, Means.IN_PERSON, Means.FAX, Means.MAIL, Means.POST, Means.NETWORK)
_RESULTS = (Result.TALKED, Result.MET, Result.CONFERENCE, Result.RECEIVED)
_ANEW = "画面を開き直してください。"


@pages.get("/stays/<int:stay_id>/discharge")
@requires(Permission.STAY_DISCHARGE)
def leave(stay_id: int) -> ResponseReturnValue:
    """Ask when the person left, where to, and whether the plan office was told."""
    values = {"discharged_on": typed_day(day_of(now()))} | draft()
    return _leave_screen(still_here(stay_id), values, {}, None)


@pages.post("/stays/<int:stay_id>/discharge")
@requires(Permission.STAY_DISCHARGE)
def leave_posted(stay_id: int) -> ResponseReturnValue:
    """Write down the discharge."""
    posted = _posted()

    def act(session: Session, stay: Stay) -> None:
        entry = _read_discharge(posted)
        discharge(session, stay, entry, library=desk().library, by=actor(), now=now())

    return acted(
        stay_id,
        act,
        lambda errors: _leave_screen(still_here(stay_id), posted.values, errors, posted),
        done="discharged",
    )


@pages.get("/stays/<int:stay_id>/discharge/correction")
@requires(Permission.STAY_DISCHARGE)
def correct(stay_id: int) -> ResponseReturnValue:
    """Show the discharge as it was registered, to put it right or to take it back."""
    stay = _left(stay_id)
    next_hospital = str(stay.next_hospital_id or "")
    if stay.destination is Destination.OTHER_HOSPITAL and not next_hospital:
        next_hospital = NOT_LISTED
    values = {
        "discharged_on": typed_day(stay.discharged_on),
        "discharged_time": typed_time(stay.discharged_time),
        "destination": stay.destination.value if stay.destination else "",
        "next_hospital_id": next_hospital,
    }
    return _leave_screen(stay, values | draft(), {}, None)


@pages.post("/stays/<int:stay_id>/discharge/correction")
@requires(Permission.STAY_DISCHARGE)
def correct_posted(stay_id: int) -> ResponseReturnValue:
    """Put the discharge right, as if the wrong one had never been written down."""
    posted = _posted()

    def act(session: Session, stay: Stay) -> None:
        entry = _read_discharge(posted)
        correct_discharge(session, stay, entry, library=desk().library, by=actor(), now=now())

    return acted(
        stay_id,
        act,
        lambda errors: _leave_screen(_left(stay_id), posted.values, errors, posted),
        done="discharge_corrected",
    )


@pages.post("/stays/<int:stay_id>/discharge/undo")
@requires(Permission.STAY_DISCHARGE)
def undo(stay_id: int) -> ResponseReturnValue:
    """Take the discharge back: the person is still in hospital."""
    posted = _posted()

    def act(session: Session, stay: Stay) -> None:
        version = posted.needed_number("version", ask=_ANEW)
        posted.finish()
        undo_discharge(
            session, stay, version=version, library=desk().library, by=actor(), now=now()
        )

    return acted(
        stay_id,
        act,
        lambda errors: _leave_screen(_left(stay_id), posted.values, errors, posted),
        done="discharge_undone",
    )


def _posted() -> Posted:
    return Posted(request.form.to_dict(flat=False), day_of(now()))


def _read_discharge(posted: Posted) -> DischargeEntry:
    discharged_on = posted.needed_day("discharged_on", ask="退院日を入力してください。")
    discharged_time = posted.clock("discharged_time")
    destination = posted.word(
        "destination",
        Destination,
        ask="退院先を選んでください。分からないときは「不明」を選びます。",
    )
    contacted = posted.one_of(
        "contacted",
        tuple(_ANSWERS),
        ask="連絡がとれたかどうかを選んでください。分からないときは「わからない」を選びます。",
        default="unknown" if destination is Destination.DEATH else "",
    )
    means = posted.one_of(
        "contact_means", _MEANS, ask="連絡の方法を選び直してください。", default=Means.TELEPHONE
    )
    result = posted.one_of(
        "contact_result", _RESULTS, ask="連絡の結果を選び直してください。", default=Result.TALKED
    )
    contacted_on = posted.day("contacted_on")
    next_hospital_id = _read_next_hospital(posted, destination)
    version = posted.needed_number("version", ask=_ANEW)
    if contacted == "yes" and contacted_on is None:
        posted.refuse("contacted_on", "連絡がとれた日を入力してください。")
    posted.finish()
    return DischargeEntry(
        discharged_on=discharged_on,
        discharged_time=discharged_time,
        destination=destination,
        next_hospital_id=next_hospital_id,
        contacted=_ANSWERS[contacted],
        contact_means=Means(means),
        contact_result=Result(result),
        contacted_on=contacted_on,
        version=version,
    )


def _read_next_hospital(posted: Posted, destination: Destination) -> int | None:
    """Read where a transfer goes: asked for with a transfer, and with nothing else."""
    said = posted.values.get("next_hospital_id", "")
    if said in {"", NOT_LISTED}:
        posted.text("next_hospital_id")
        if destination is Destination.OTHER_HOSPITAL and not said:
            posted.refuse(
                "next_hospital_id",
                "転院先の病院を選んでください。一覧にないときは「一覧にない・分からない」です。",
            )
        return None
    return posted.number("next_hospital_id")


def still_here(stay_id: int) -> Overview:
    """Read the stay for a page. Raises NotVisible, or NotPermitted once the person has left."""
    stay = seen(stay_id)
    if not stay.is_open:
        raise NotPermitted(
            "この方の退院は、すでに登録されています。"
            "日付や退院先が違うときは、記録の画面の「退院の登録を直す」から直せます。"
        )
    return stay


def _left(stay_id: int) -> Overview:
    """Read a stay that ended. Raises NotVisible, or NotPermitted while the person is there."""
    stay = seen(stay_id)
    if stay.is_open:
        raise NotPermitted("この方の退院は登録されていません。最新の画面を開いてください。")
    return stay


def _leave_screen(
    stay: Overview, values: Mapping[str, str], errors: Mapping[str, str], posted: Posted | None
) -> str:
    with reading() as session:
        hospitals = [(one.id, one.name) for one in other_hospitals(session, actor())]
    return render_template(
        "stays/discharge.html",
        stay=stay,
        values=values,
        errors=errors,
        readings=posted.readings if posted else {},
        destinations=list(Destination),
        hospitals=[*hospitals, (NOT_LISTED, "一覧にない・分からない")],
        question=_QUESTION,
        means=_MEANS,
        results=_RESULTS,
    )
