"""引き継ぎの確認がとれていない方: the day's list with what stood in the way, also for print.

Whoever leaves tomorrow without a known contact, whoever is in hospital with something late, and
whoever left within the last 31 days without a known contact. Everybody stands once. The words
accuse nobody.
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from handoffs.history import Act
from handoffs.miss_reason import MissCause, counted
from handoffs.shown.board import BoardRow, whole_board_of
from handoffs.shown.list_csv import unconfirmed_csv
from handoffs.shown.unsettled import Unsettled, unsettled_of
from handoffs.tokyo import day_of
from web.context import actor, desk, note_read, now, reading
from web.handoffs.statement_input import calls_of
from web.stays.stay_pages import DONE, chosen_ward, csv_answer, wards_to_choose

pages = Blueprint("unconfirmed", __name__)


@pages.get("/stays/unconfirmed")
def listed() -> ResponseReturnValue:
    """Show the list, of all wards or of one."""
    with reading() as session:
        wards = wards_to_choose(session)
        ward_id = chosen_ward(wards)
        leaving, unsettled = _found(session, ward_id)
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


@pages.get("/stays/unconfirmed.csv")
def file() -> ResponseReturnValue:
    """Give the list out as CSV, by case code."""
    with reading() as session:
        ward_id = chosen_ward(wards_to_choose(session))
        leaving, unsettled = _found(session, ward_id)
    soon = {row.person.stay_id for row in leaving}
    count = len(soon | {one.person.stay_id for one in unsettled})
    note_read(Act.STAY_LIST, detail={"ward": ward_id, "rows": count})
    return csv_answer(unconfirmed_csv(leaving, unsettled), "unconfirmed")


def _found(session: Session, ward_id: int | None) -> tuple[list[BoardRow], tuple[Unsettled, ...]]:
    board = whole_board_of(session, actor(), library=desk().library, now=now(), ward_id=ward_id)
    unsettled = unsettled_of(session, actor(), board, today=day_of(now()), ward_id=ward_id)
    return [row for row in board if row.leaves_unconfirmed], unsettled
