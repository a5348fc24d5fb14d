"""Opening a closed month again: a page that asks for the reason, and nothing without one.

What was frozen stays readable; the month closes again with the month in which it was opened.
"""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.errors import BadEntry
from handoffs.rates import closing_day
from handoffs.rates.month_close import LONGEST_REASON, close_of, reopen
from handoffs.tokyo import day_of, first_of_month
from web import dates, errors
from web.context import acting, actor, desk, now, reading, taken_in
from web.inputs import Posted

pages = Blueprint("month_reopening", __name__)


@pages.get("/rates/<month:month>/reopen")
def asked(month: date) -> ResponseReturnValue:
    """Ask for the reason."""
    with reading() as session:
        closed = close_of(session, actor().region, month) is not None
    return _page(month, {}, {}) if closed else _not_closed(month)


@pages.post("/rates/<month:month>/reopen")
def opened(month: date) -> ResponseReturnValue:
    """Open it, and lead to the month."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    location = url_for("reports.rates", month=month)
    try:
        with acting() as session:
            reason = posted.text(
                "reason", ask="もう一度開く理由を入力してください。", longest=LONGEST_REASON
            )
            posted.finish()
            if reopen(session, actor().region, month, reason, by=actor(), now=now()) is None:
                return _not_closed(month)
            taken_in(session, location)
    except BadEntry as bad:
        return _page(month, posted.values, bad.fields), 422
    return redirect(location, code=303)


def _page(month: date, values: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    again = closing_day(first_of_month(day_of(now())), desk().closes_on)
    return render_template(
        "reports/reopen.html",
        month=month,
        closes_again_on=again,
        longest=LONGEST_REASON,
        values=values,
        errors=wrong,
    )


def _not_closed(month: date) -> ResponseReturnValue:
    return errors.page(
        409,
        heading="この月は確定していません",
        advice=f"{dates.month(month)}は開いています。上のメニューの「月報」から見られます。",
    )
