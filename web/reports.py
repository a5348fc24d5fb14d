"""The month's figures for the health centre, on the screen and as a printed sheet.

Counts only: nobody's name can be reached from here. Every reading is written down before
anything is shown. A month has a page from the first day of the next one.
"""

from datetime import date, timedelta

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import func
from sqlmodel import select

from forms import MissedCoordinationReport, chart, render
from handoffs.access import Permission
from handoffs.history import Act
from handoffs.rates import MonthlyRates, closing_day, of_month
from handoffs.stay import Stay
from handoffs.tokyo import TOKYO, day_of, first_of_month, next_month
from web import dates, errors
from web.auth import requires
from web.context import actor, desk, note_read, now, reading

pages = Blueprint("reports", __name__)

_FAMILY = "sans-serif"


@pages.get("/rates")
@requires(Permission.RATES_READ)
def latest() -> ResponseReturnValue:
    """Lead to the newest month that has a page."""
    return redirect(url_for("reports.rates", month=_newest()), code=303)


@pages.get("/rates/<month:month>")
@requires(Permission.RATES_READ)
def rates(month: date) -> ResponseReturnValue:
    """Show the figures of one month."""
    oldest, newest = _oldest(), _newest()
    if not oldest <= month <= newest:
        return _no_such_month(month, newest)
    note_read(Act.RATES_READ, detail={"month": month, "sheet": False})
    figures = _figures(month)
    return render_template(
        "reports/rates.html",
        rates=figures,
        closes_on=closing_day(month, desk().closes_on),
        drawing=_drawing(figures),
        previous=_previous(month) if month > oldest else None,
        following=next_month(month) if month < newest else None,
    )


@pages.get("/rates/<month:month>.pdf")
@requires(Permission.RATES_READ)
def rates_sheet(month: date) -> ResponseReturnValue:
    """Print the figures of one month."""
    newest = _newest()
    if not _oldest() <= month <= newest:
        return _no_such_month(month, newest)
    note_read(Act.RATES_READ, detail={"month": month, "sheet": True})
    sheet = MissedCoordinationReport(rates=_figures(month))
    response = Response(render(sheet), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="rates-{month:%Y-%m}.pdf"'
    return response


def _figures(month: date) -> MonthlyRates:
    with reading() as session:
        return of_month(
            session,
            actor().region,
            month,
            region_name=desk().region_name,
            hospital_names=desk().hospital_names,
            closes_on=desk().closes_on,
            # The sheet prints the day of this moment as it comes.
            now=now().astimezone(TOKYO),
        )


def _drawing(figures: MonthlyRates) -> Markup:
    drawn = chart.six_months(figures.trend, family=_FAMILY, year=lambda day: f"{day.year}年")
    return Markup(drawn)  # noqa: S704 - chart escapes the few texts that it is given.


def _newest() -> date:
    return _previous(first_of_month(day_of(now())))


def _oldest() -> date:
    """The month of the first admission on record; the newest month while there is none."""
    with reading() as session:
        first: date | None = session.exec(
            select(func.min(Stay.admitted_on)).where(Stay.region == actor().region)
        ).one()
    return _newest() if first is None else min(first_of_month(first), _newest())


def _previous(month: date) -> date:
    return first_of_month(month - timedelta(days=1))


def _no_such_month(month: date, newest: date) -> ResponseReturnValue:
    if month > newest:
        advice = (
            f"{dates.month(month)}の数字は、{dates.day(next_month(month))}から見られます。"
            f"いま見られるのは{dates.month(newest)}までです。上のメニューの「月報」から開けます。"
        )
    else:
        advice = (
            f"{dates.month(month)}の記録はありません。"
            "上のメニューの「月報」から、ほかの月を選んでください。"
        )
    return errors.page(404, heading="この月の月報はありません", advice=advice)
