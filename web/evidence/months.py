"""月末の一覧: the admission information that the own office sent in a month, on screen and as CSV.

For that office alone; that somebody read it is written down.
"""

from datetime import date

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from handoffs.errors import NotVisible
from handoffs.history import Act
from handoffs.rates.evidence.sent_month import SentLine, names_of, sent_csv, sent_in_month
from handoffs.tokyo import day_of, first_of_month, months_before, next_month
from web.context import actor, note_read, now, reading

pages = Blueprint("evidence_months", __name__)

MONTHS_OFFERED = 25


@pages.get("/evidence/months")
def latest() -> ResponseReturnValue:
    """Lead to the month that runs."""
    month = first_of_month(day_of(now()))
    return redirect(url_for("evidence_months.show", month=month), code=303)


@pages.get("/evidence/months/<month:month>")
def show(month: date) -> ResponseReturnValue:
    """Show what was sent in a month."""
    lines, offered = _lines(month)
    with reading() as session:
        names = names_of(session, actor(), lines)
    return render_template(
        "evidence/month.html",
        month=month,
        lines=lines,
        names=names,
        previous=months_before(month, 2)[0] if month > offered[0] else None,
        following=next_month(month) if month < offered[-1] else None,
    )


@pages.get("/evidence/months/<month:month>/sent.csv")
def sent_file(month: date) -> ResponseReturnValue:
    """The same as CSV."""
    lines, _ = _lines(month)
    return Response(
        sent_csv(lines),
        mimetype="text/csv",
        headers={
            "Content-Disposition": f'attachment; filename="admission-information-{month:%Y-%m}.csv"'
        },
    )


def _lines(month: date) -> tuple[tuple[SentLine, ...], list[date]]:
    offered = list(months_before(day_of(now()), MONTHS_OFFERED))
    if month not in offered or not actor().plans_care:
        raise NotVisible
    note_read(Act.EVIDENCE_READ, detail={"month": month})
    with reading() as session:
        return sent_in_month(session, actor(), month, today=day_of(now())), offered
