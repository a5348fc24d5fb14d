"""The year of a region for its health centre: on the screen, as a sheet and as CSV.

Counts only. The screen shows small counts as they are; the sheet and the CSV are made of
`published_year`, which takes out what must not leave. Every reading is written down first.
"""

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms import YearlySheet, render
from handoffs.history import Act
from handoffs.rates.yearly.fiscal_year import fiscal_year_of
from handoffs.rates.yearly.report import YearlyReport, of_year, published_year
from handoffs.rates.yearly.yearly_csv import yearly_csv
from handoffs.tokyo import TOKYO, day_of
from web import errors
from web.context import actor, desk, note_read, now, reading

pages = Blueprint("yearly", __name__)

OLDEST = 2000


@pages.get("/yearly")
def latest() -> ResponseReturnValue:
    """Lead to the fiscal year that runs."""
    return redirect(url_for("yearly.year", year=newest_year()), code=303)


@pages.get("/yearly/<int:year>")
def year(year: int) -> ResponseReturnValue:
    """Show one fiscal year with the two before it."""
    if not OLDEST <= year <= newest_year():
        return no_such_year()
    note_read(Act.RATES_READ, detail={"year": year, "sheet": False})
    with reading() as session:
        report = of_year(
            session,
            actor().region,
            year,
            region_name=desk().region_name,
            now=now().astimezone(TOKYO),
        )
    return render_template(
        "yearly/year.html",
        report=report,
        previous=year - 1 if year > OLDEST else None,
        following=year + 1 if year < newest_year() else None,
    )


@pages.get("/yearly/<int:year>.pdf", defaults={"kind": "pdf"})
@pages.get("/yearly/<int:year>.csv", defaults={"kind": "csv"})
def year_file(year: int, kind: str) -> ResponseReturnValue:
    """Take one fiscal year out, without what is too small."""
    if not OLDEST <= year <= newest_year():
        return no_such_year()
    note_read(Act.RATES_READ, detail={"year": year, "sheet": True})
    report = _published(year)
    if kind == "pdf":
        content, mimetype = render(YearlySheet(report=report)), "application/pdf"
    else:
        content, mimetype = yearly_csv(report), "text/csv; charset=utf-8"
    response = Response(content, content_type=mimetype)
    disposition = "inline" if kind == "pdf" else "attachment"
    response.headers["Content-Disposition"] = f'{disposition}; filename="year-{year}.{kind}"'
    return response


def _published(year: int) -> YearlyReport:
    with reading() as session:
        return published_year(
            session,
            actor().region,
            year,
            region_name=desk().region_name,
            now=now().astimezone(TOKYO),
        )


def newest_year() -> int:
    """The fiscal year that runs."""
    return fiscal_year_of(day_of(now()))


def no_such_year() -> ResponseReturnValue:
    """Say which years there are."""
    return errors.page(
        404,
        heading="この年度の年報はありません",
        advice=f"{OLDEST}年度から{newest_year()}年度まで見られます。"
        "上のメニューの「年報」から選んでください。",
    )
