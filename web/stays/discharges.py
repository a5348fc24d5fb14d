"""The end of a stay: when the person left, where to, and whether the plan office was told.

Where somebody else registered the discharge meanwhile, what was typed is not lost: it is shown
beside what is stored (`web.stays.discharge_corrections`).
"""

from collections.abc import Mapping

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from handoffs.errors import NotPermitted
from handoffs.shown.overview import Overview
from handoffs.stays.discharge import discharge
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from web.context import actor, desk, now
from web.inputs import Posted, typed_day
from web.stays.acts import acted, draft
from web.stays.admissions import in_order
from web.stays.discharge_corrections import beside_stored, discharge_screen
from web.stays.discharge_input import read_discharge
from web.stays.stay_pages import seen

pages = Blueprint("discharges", __name__)


@pages.get("/stays/<int:stay_id>/discharge")
def leave(stay_id: int) -> ResponseReturnValue:
    """Ask when the person left, where to, and whether the plan office was told."""
    values = {"discharged_on": typed_day(day_of(now()))} | draft()
    return leave_screen(still_here(stay_id), values, {}, None)


@pages.post("/stays/<int:stay_id>/discharge")
def leave_posted(stay_id: int) -> ResponseReturnValue:
    """Write down the discharge. A change of something else meanwhile asks nothing."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))

    def act(session: Session, stay: Stay) -> None:
        entry = read_discharge(posted)
        if stay.is_open:
            entry = entry.model_copy(update={"version": stay.version})
        discharge(session, stay, entry, library=desk().library, by=actor(), now=now())

    def again(errors: Mapping[str, str]) -> str:
        return leave_screen(still_here(stay_id), posted.values, in_order(errors), posted)

    try:
        return acted(stay_id, act, again, done="discharged")
    except NotPermitted:
        stay = seen(stay_id)
        if stay.is_open:
            raise
    # Somebody else was first: putting it right goes on from what was typed here.
    return beside_stored(stay, posted, request.form.to_dict(flat=False)), 409


def still_here(stay_id: int) -> Overview:
    """Read the stay for a page. Raises NotVisible, or NotPermitted once the person has left."""
    stay = seen(stay_id)
    if not stay.is_open:
        raise NotPermitted(
            "この方の退院は、すでに登録されています。"
            "日付や退院先が違うときは、記録の画面の「退院の登録を直す」から直せます。"
        )
    return stay


def leave_screen(
    stay: Overview, values: Mapping[str, str], errors: Mapping[str, str], posted: Posted | None
) -> str:
    """Render the page on which a discharge is registered."""
    return discharge_screen(stay, values, errors, posted, hidden={"version": str(stay.version)})
