"""Three months as slides for the region's council: one PDF, on wide paper.

Made of what the months publish, and of nothing else. Every reading is written down.
"""

from datetime import date

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from forms import QuarterlyReport, render
from handoffs.history import Act
from handoffs.rates.quarter import MONTHS, published_quarter, quarter_before
from handoffs.tokyo import TOKYO, day_of, first_of_month
from web import dates, errors
from web.context import actor, desk, note_read, now, reading

pages = Blueprint("quarters", __name__)


@pages.get("/rates/<month:quarter>/quarter.pdf")
def slides(quarter: date) -> ResponseReturnValue:
    """Take out the three months from the first month of a quarter on."""
    newest = quarter_before(first_of_month(day_of(now())))
    if quarter.month % MONTHS != 1 or quarter > newest:
        return errors.page(
            404,
            heading="この四半期のPDFはありません",
            advice=f"1月・4月・7月・10月からの3か月が終わると作れます。いちばん新しいのは{dates.month(newest)}からの3か月です。",
        )
    note_read(Act.RATES_READ, detail={"month": quarter, "sheet": True})
    with reading() as session:
        figures = published_quarter(
            session,
            actor().region,
            quarter,
            region_name=desk().region_name,
            hospital_names=desk().hospital_names,
            closes_on=desk().closes_on,
            now=now().astimezone(TOKYO),
        )
    response = Response(render(QuarterlyReport(quarter=figures)), content_type="application/pdf")
    response.headers["Content-Disposition"] = (
        f'inline; filename="rates-{quarter:%Y-%m}-quarter.pdf"'
    )
    return response
