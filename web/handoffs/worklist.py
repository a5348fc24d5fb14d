"""What the person at the screen has to send or to confirm, sorted by the clock."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from handoffs.access import Permission
from handoffs.decline import sent_elsewhere
from handoffs.history import Act
from handoffs.miss_reason import MissCause
from handoffs.shown.worklist import worklist_of
from handoffs.telling.acknowledgement import taken_up_until
from handoffs.telling.undelivered import undelivered_of
from handoffs.tokyo import day_of
from web.auth import requires
from web.context import actor, desk, note_read, now, reading
from web.handoffs.news import news
from web.inputs import typed_day
from web.stays.stay_pages import DONE, chosen_ward, fees_of, wards_to_choose

pages = Blueprint("worklist", __name__)


@pages.get("/worklist")
@requires(Permission.STAY_READ)
def worklist() -> ResponseReturnValue:
    """Show what is to be done: own clients or the own ward first."""
    with reading() as session:
        wards = wards_to_choose(session)
        ward_id = chosen_ward(wards)
        work = worklist_of(
            session,
            actor(),
            library=desk().library,
            now=now(),
            ward_id=ward_id,
            page=request.args.get("page", default=1, type=int),
        )
        elsewhere = sent_elsewhere(session, actor(), now())
        lost = undelivered_of(session, actor())
        taken_up = taken_up_until(session, work, now())
    note_read(Act.STAY_LIST, detail={"ward": ward_id, "tasks": work.count})
    return render_template(
        "worklist/worklist.html",
        work=work,
        lost=lost,
        taken_up=taken_up,
        fees=fees_of([client.person.stay_id for _, group in work.groups for client in group]),
        wards=wards,
        ward_id=ward_id,
        elsewhere=elsewhere,
        causes=MissCause,
        received_on=typed_day(day_of(now())),
        done=DONE.get(request.args.get("done", "")),
        **news(),
    )
