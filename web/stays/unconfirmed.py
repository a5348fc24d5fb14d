"""引き継ぎの確認がとれていない方: the day's list with what stood in the way, also for print.

Whoever leaves tomorrow without a known contact, whoever is in hospital with something late, and
whoever left within the last 31 days without a known contact. Everybody stands once. The words
accuse nobody.
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from handoffs.history import Act
from handoffs.miss_reason import MissCause, counted
from handoffs.shown.board import board_of, unsettled_of
from web.context import actor, desk, note_read, now, reading
from web.handoffs.statement_input import calls_of
from web.stays.stay_pages import DONE, chosen_ward, wards_to_choose

pages = Blueprint("unconfirmed", __name__)


@pages.get("/stays/unconfirmed")
def listed() -> ResponseReturnValue:
    """Show the list, of all wards or of one."""
    with reading() as session:
        wards = wards_to_choose(session)
        ward_id = chosen_ward(wards)
        library = desk().library
        board = board_of(session, actor(), library=library, now=now(), ward_id=ward_id)
        unsettled = unsettled_of(session, actor(), library=library, now=now(), ward_id=ward_id)
    leaving = board.leaving
    soon = {row.person.stay_id for row in leaving}
    rest = [one for one in unsettled if one.person.stay_id not in soon]
    note_read(Act.STAY_LIST, detail={"ward": ward_id, "rows": len(leaving) + len(rest)})
    return render_template(
        "stays/unconfirmed.html",
        leaving=leaving,
        inside=[one for one in rest if one.left_on is None],
        gone=[one for one in rest if one.left_on is not None],
        cause_by_stay={one.person.stay_id: one.cause for one in unsettled},
        counted=counted(one.cause for one in unsettled),
        causes=MissCause,
        calls_of=calls_of,
        wards=wards,
        ward_id=ward_id,
        ward_name=next((ward.name for ward in wards if ward.id == ward_id), "全病棟"),
        made_at=now(),
        done=DONE.get(request.args.get("done", "")),
    )
