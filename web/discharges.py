"""The end of a stay: the planned date that moves, and the discharge itself.

Both show the version of the record that was seen; if somebody else changed it
meanwhile, nothing is saved and what was typed is shown beside what is new.
"""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.access import Permission, find_stay
from handoffs.discharge import DischargeEntry, PlannedDischargeEntry, discharge, plan_discharge
from handoffs.errors import BadEntry, NotPermitted, Overtaken
from handoffs.overview import Overview
from handoffs.statement import Means, Result
from handoffs.stay import Destination, PlannedCertainty
from handoffs.tokyo import day_of
from web.auth import kept_draft, requires
from web.context import acting, actor, desk, now, taken_in
from web.inputs import Posted, typed_day
from web.stays import seen

pages = Blueprint("discharges", __name__)

_ANSWERS = {"yes": True, "no": False, "unknown": None}
_QUESTION = (("yes", "とれた"), ("no", "とれていない"), ("unknown", "わからない"))
_MEANS = (Means.TELEPHONE, Means.IN_PERSON, Means.FAX, Means.MAIL, Means.POST, Means.NETWORK)
_RESULTS = (Result.TALKED, Result.MET, Result.CONFERENCE, Result.RECEIVED)
_OVERTAKEN = {"version": Overtaken().message}


@pages.get("/stays/<int:stay_id>/planned-discharge")
@requires(Permission.STAY_EDIT)
def plan(stay_id: int) -> ResponseReturnValue:
    """Show the planned discharge date and how it moved."""
    stay = _open(stay_id)
    values = {
        "planned_discharge_on": typed_day(stay.planned_on),
        "planned_certainty": stay.planned_certainty.value,
    }
    return _plan_screen(stay, values | _draft())


@pages.post("/stays/<int:stay_id>/planned-discharge")
@requires(Permission.STAY_EDIT)
def plan_posted(stay_id: int) -> ResponseReturnValue:
    """Move the planned date; what is due before the discharge moves along."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        planned_on = posted.day("planned_discharge_on")
        certainty = posted.word(
            "planned_certainty",
            PlannedCertainty,
            ask="「未定」「およそ」「決定」から選んでください。",
        )
        version = posted.needed_number("version", ask="画面を開き直してください。")
        posted.finish()
        entry = PlannedDischargeEntry(
            planned_discharge_on=planned_on, planned_certainty=certainty, version=version
        )
        with acting() as session:
            stay = find_stay(session, actor(), stay_id)
            plan_discharge(session, stay, entry, library=desk().library, by=actor(), now=now())
            location = url_for("stays.show", stay_id=stay_id, done="planned")
            taken_in(session, location)
    except BadEntry as bad:
        return _plan_screen(_open(stay_id), posted.values, bad.fields, posted), 422
    except Overtaken:
        return _plan_screen(_open(stay_id), posted.values, _OVERTAKEN), 409
    return redirect(location, code=303)


@pages.get("/stays/<int:stay_id>/discharge")
@requires(Permission.STAY_DISCHARGE)
def leave(stay_id: int) -> ResponseReturnValue:
    """Ask when the person left, where to, and whether the plan office was told."""
    return _leave_screen(_open(stay_id), {"discharged_on": typed_day(day_of(now()))} | _draft())


@pages.post("/stays/<int:stay_id>/discharge")
@requires(Permission.STAY_DISCHARGE)
def leave_posted(stay_id: int) -> ResponseReturnValue:
    """Write down the discharge."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        entry = _read_discharge(posted)
        with acting() as session:
            stay = find_stay(session, actor(), stay_id)
            discharge(session, stay, entry, library=desk().library, by=actor(), now=now())
            location = url_for("stays.show", stay_id=stay_id, done="discharged")
            taken_in(session, location)
    except BadEntry as bad:
        return _leave_screen(_open(stay_id), posted.values, bad.fields, posted), 422
    except Overtaken:
        return _leave_screen(_open(stay_id), posted.values, _OVERTAKEN), 409
    return redirect(location, code=303)


def _read_discharge(posted: Posted) -> DischargeEntry:
    discharged_on = posted.needed_day("discharged_on", ask="退院日を入力してください。")
    discharged_time = posted.clock("discharged_time")
    destination = posted.word(
        "destination",
        Destination,
        ask="退院先を選んでください。分からないときは「不明」を選びます。",
    )
    default = "unknown" if destination is Destination.DEATH else ""
    contacted = posted.one_of(
        "contacted",
        tuple(_ANSWERS),
        ask="連絡がとれたかどうかを選んでください。分からないときは「わからない」を選びます。",
        default=default,
    )
    means = posted.one_of(
        "contact_means",
        _MEANS,
        ask="連絡の方法を選び直してください。",
        default=Means.TELEPHONE,
    )
    result = posted.one_of(
        "contact_result",
        _RESULTS,
        ask="連絡の結果を選び直してください。",
        default=Result.TALKED,
    )
    contacted_on = posted.day("contacted_on")
    version = posted.needed_number("version", ask="画面を開き直してください。")
    if contacted == "yes" and contacted_on is None:
        posted.refuse("contacted_on", "連絡がとれた日を入力してください。")
    posted.finish()
    return DischargeEntry(
        discharged_on=discharged_on,
        discharged_time=discharged_time,
        destination=destination,
        contacted=_ANSWERS[contacted],
        contact_means=Means(means),
        contact_result=Result(result),
        contacted_on=contacted_on,
        version=version,
    )


def _open(stay_id: int) -> Overview:
    """Read the stay for a page. Raises NotVisible, or NotPermitted once the person has left."""
    stay = seen(stay_id)
    if not stay.is_open:
        raise NotPermitted(
            "この方の退院は、すでに登録されています。「入院中の方」の一覧に戻って確かめてください。"
        )
    return stay


def _draft() -> dict[str, str]:
    return {name: texts[0] for name, texts in (kept_draft() or {}).items() if name != "version"}


def _plan_screen(
    stay: Overview,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    posted: Posted | None = None,
) -> str:
    return render_template(
        "stays/planned_discharge.html",
        stay=stay,
        values=values,
        errors=errors or {},
        readings=posted.readings if posted else {},
        certainties=list(PlannedCertainty),
    )


def _leave_screen(
    stay: Overview,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    posted: Posted | None = None,
) -> str:
    return render_template(
        "stays/discharge.html",
        stay=stay,
        values=values,
        errors=errors or {},
        readings=posted.readings if posted else {},
        destinations=list(Destination),
        question=_QUESTION,
        means=_MEANS,
        results=_RESULTS,
    )
