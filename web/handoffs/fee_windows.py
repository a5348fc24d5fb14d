"""The care manager's own fee window: for the page of a stay, the worklist, and as a strip.

Everything here is given to the plan office alone; to anybody else there is no such page. The
strip proves the count day by day and can be printed for the office's own file.
"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from handoffs.errors import NotVisible
from web.stays.stay_pages import fees_of, seen

pages = Blueprint("fee_windows", __name__)


@pages.get("/stays/<int:stay_id>/fee-window")
def strip(stay_id: int) -> ResponseReturnValue:
    """Show each date of the window with its numbers under both conventions."""
    fee = fees_of((stay_id,)).get(stay_id)
    if fee is None:
        raise NotVisible
    return render_template("fee_windows/strip.html", stay=seen(stay_id), fee=fee)
