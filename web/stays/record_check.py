"""記録の確認: what a ward may ask itself about a month of its own record. For that ward alone."""

from datetime import date

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from handoffs.history import Act
from handoffs.parties import Ward
from handoffs.rates.record_check import questions_of
from handoffs.tokyo import day_of, first_of_month, months_before, next_month
from web import dates, errors
from web.context import actor, note_read, now, reading

pages = Blueprint("record_check", __name__)

MONTHS_OFFERED = 13


@pages.get("/record-check")
def latest() -> ResponseReturnValue:
    """Lead to the month that runs."""
    month = first_of_month(day_of(now()))
    return redirect(url_for("record_check.month", month=month), code=303)


@pages.get("/record-check/<month:month>")
def month(month: date) -> ResponseReturnValue:
    """Show the questions about one month, or that there are none."""
    offered = months_before(day_of(now()), MONTHS_OFFERED)
    if month not in offered:
        return errors.page(
            404,
            heading="この月は見られません",
            advice=f"{dates.month(offered[0])}から今月まで見られます。"
            "上のメニューの「記録の確認」から選んでください。",
        )
    note_read(Act.RECORD_CHECK_READ, detail={"month": month})
    ward_id = actor().ward_id
    with reading() as session:
        found = questions_of(session, actor(), month)
        ward = None if ward_id is None else session.get(Ward, ward_id)
        ward_name = "" if ward is None else ward.name
    return render_template(
        "record_check/month.html",
        month=month,
        questions=found,
        ward=ward_name,
        previous=months_before(month, 2)[0] if month > offered[0] else None,
        following=next_month(month) if month < offered[-1] else None,
    )
