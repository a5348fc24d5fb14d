"""停止時用紙一式: lists and empty sheets as one PDF, for the hours without network.

Whoever may read stays has it made here for what they themselves may see; that it was made is
written down before anything is shown. The scheduler lays one of the whole house down each night.
"""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from forms import downtime, render
from handoffs.history import Act
from handoffs.shown.downtime import downtime_of
from web.context import actor, desk, note_read, now, reading

pages = Blueprint("downtime_kit", __name__)


@pages.get("/downtime-kit")
def about() -> ResponseReturnValue:
    """Say what lies in the kit, and offer to make it now."""
    return render_template("downtime/kit.html")


@pages.get("/downtime-kit.pdf")
def made() -> ResponseReturnValue:
    """Make the kit for the person at the screen."""
    with reading() as session:
        lists = downtime_of(session, actor(), library=desk().library, now=now())
    note_read(Act.DOWNTIME_KIT_MAKE)
    content = render(downtime.kit_of(actor().region, lists))
    return Response(
        content,
        mimetype="application/pdf",
        headers={
            "Content-Disposition": (
                f'attachment; filename="{downtime.file_name(actor().organization_id)}"'
            )
        },
    )
