"""What the person at the screen has to send or to confirm, sorted by the clock."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.access import find_stay
from handoffs.decline import sent_elsewhere
from handoffs.history import Act
from handoffs.miss_reason import MissCause
from handoffs.shown.list_csv import worklist_csv
from handoffs.shown.moved_dates import moved_dates_of, see_moved_date
from handoffs.shown.named import named
from handoffs.shown.worklist import PAGE_CLIENTS, clients_of, worklist_of
from handoffs.telling.acknowledgement import taken_up_until
from handoffs.telling.undelivered import undelivered_of
from handoffs.tokyo import day_of
from web.context import acting, actor, desk, note_read, now, reading, taken_in
from web.handoffs.news import news
from web.inputs import typed_day
from web.stays.stay_pages import DONE, chosen_ward, csv_answer, fees_of, wards_to_choose

pages = Blueprint("worklist", __name__)


@pages.get("/worklist")
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
        moved = moved_dates_of(session, actor(), now())
        about = named(session, actor(), request.args.get("about", type=int))
    note_read(Act.STAY_LIST, detail={"ward": ward_id, "tasks": work.count})
    return render_template(
        "worklist/worklist.html",
        work=work,
        lost=lost,
        taken_up=taken_up,
        moved=moved,
        fees=fees_of([client.person.stay_id for _, group in work.groups for client in group]),
        wards=wards,
        ward_id=ward_id,
        elsewhere=elsewhere,
        causes=MissCause,
        received_on=typed_day(day_of(now())),
        done=DONE.get(request.args.get("done", "")),
        about=about,
        page_clients=PAGE_CLIENTS,
        **news(),
    )


@pages.get("/worklist.csv")
def worklist_file() -> ResponseReturnValue:
    """Give the whole list out as CSV, by case code."""
    with reading() as session:
        ward_id = chosen_ward(wards_to_choose(session))
        work = clients_of(session, actor(), library=desk().library, now=now(), ward_id=ward_id)
    note_read(Act.STAY_LIST, detail={"ward": ward_id, "rows": len(work)})
    return csv_answer(worklist_csv(work), "worklist")


@pages.post("/stays/<int:stay_id>/date-seen")
def date_seen(stay_id: int) -> ResponseReturnValue:
    """Write down that the own office has seen the planned discharge that was moved."""
    with acting() as session:
        see_moved_date(session, find_stay(session, actor(), stay_id), by=actor(), now=now())
        location = url_for("worklist.worklist", done="date_seen")
        taken_in(session, location)
    return redirect(location, code=303)
