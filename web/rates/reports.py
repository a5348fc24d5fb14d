"""The month's figures for the health centre: on the screen, as a sheet and as files.

Counts only: nobody's name can be reached from here. The screen shows small counts as they are;
whatever leaves (PDF, workbook, CSV) is made of `published_month`, which takes them out. Every
reading is written down before anything is shown. A month has a page from the first day of the
next one.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import func
from sqlmodel import select

from forms import MissedCoordinationReport, chart, render
from handoffs.history import Act
from handoffs.rates import MonthlyRates, closing_day
from handoffs.rates.choices import Over, split_words
from handoffs.rates.csv_file import csv_file
from handoffs.rates.cuts import CUTS, CutBy, NoCut
from handoffs.rates.month_close import is_whole, reopened_before
from handoffs.rates.month_sheet import made_at, sheet_of
from handoffs.rates.published import published_month
from handoffs.rates.quarter import quarter_before
from handoffs.rates.references import references_beside
from handoffs.rates.shelf import NoDefinition, shelf
from handoffs.rates.shown_month import ShownMonth, shown_month
from handoffs.rates.workbook import workbook
from handoffs.rates.yearly.coverage import coverage_beside
from handoffs.rates.yearly.indicators import FigureKind
from handoffs.rates.yearly.outside import standing
from handoffs.rates.yearly.own_figures import complement
from handoffs.stays.stay import Stay, is_registered
from handoffs.tokyo import TOKYO, day_of, first_of_month, next_month
from web import dates, errors
from web.context import actor, desk, note_read, now, reading

pages = Blueprint("reports", __name__)

_FAMILY = "sans-serif"


def _sheet(rates: MonthlyRates) -> bytes:
    return render(MissedCoordinationReport(rates=rates))


_FILES: Mapping[str, tuple[str, Callable[[MonthlyRates], bytes]]] = {
    "pdf": ("application/pdf", _sheet),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook),
    "csv": ("text/csv; charset=utf-8", csv_file),
}
"""What a month can be taken out as."""


@pages.get("/rates")
def latest() -> ResponseReturnValue:
    """Lead to the newest month that has a page."""
    return redirect(url_for("reports.rates", month=_newest()), code=303)


@pages.get("/rates/<month:month>")
def rates(month: date) -> ResponseReturnValue:
    """Show the figures of one month, split as asked."""
    oldest, newest = _oldest(), _newest()
    if not oldest <= month <= newest:
        return _no_such_month(month, newest)
    words = [word for word in request.args.getlist("by") if word]
    definition = request.args.get("definition", "")
    note_read(Act.RATES_READ, detail={"month": month, "sheet": False})
    try:
        by, over = split_words(words)
        shown = _shown(month, definition, by, over)
    except (NoCut, NoDefinition) as unknown:
        return errors.page(404, heading="この分け方・数え方はありません", advice=str(unknown))
    figures = shown.rates
    with reading() as session:
        sheet = made_at(session, actor().region, month)
        opened = reopened_before(session, actor().region, month)
        coverage = coverage_beside(session, actor().region, month)
        baselines = standing(session, actor().region, kind=FigureKind.BASELINE).values()
    return render_template(
        "reports/rates.html",
        rates=figures,
        closes_on=_closes_on(month, [day_of(row.reopened_at) for row in opened if row.reopened_at]),
        close=shown.close,
        whole=shown.close is None or is_whole(shown.close),
        changed=shown.changed,
        opened=opened,
        first_sheet=sheet,
        quarter=quarter_before(next_month(month)),
        drawing=_drawing(figures),
        previous=_previous(month) if month > oldest else None,
        following=next_month(month) if month < newest else None,
        splits=[(one.id, one.label) for one in CUTS.values()],
        times=[(one.value, one.label) for one in Over],
        chosen=words,
        coverage=coverage,
        baselines=[one for one in baselines if not one.place],
        definition=definition,
        definitions=shelf().of_region(actor().region, month),
        elsewhere=shelf().elsewhere(actor().region),
        references=references_beside,
        complement=complement,
    )


@pages.get("/rates/<month:month>/first-sheet.pdf")
def first_sheet(month: date) -> ResponseReturnValue:
    """Take out the sheet that was made on the first open day, as it was made."""
    note_read(Act.RATES_READ, detail={"month": month, "sheet": True})
    with reading() as session:
        sheet = sheet_of(session, actor().region, month)
    if sheet is None:
        return errors.page(
            404,
            heading="速報のPDFはありません",
            advice="月のはじめの開庁日に自動で作られます。上のメニューの「月報」から、いまの数字を見られます。",
        )
    response = Response(sheet.content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="rates-{month:%Y-%m}-first.pdf"'
    return response


def _closes_on(month: date, opened: Sequence[date]) -> date:
    """The day on which a month closes; of one that was opened again, with that month."""
    return closing_day(first_of_month(opened[-1]) if opened else month, desk().closes_on)


@pages.get("/rates/<month:month>.pdf", defaults={"kind": "pdf"})
@pages.get("/rates/<month:month>.xlsx", defaults={"kind": "xlsx"})
@pages.get("/rates/<month:month>.csv", defaults={"kind": "csv"})
def rates_file(month: date, kind: str) -> ResponseReturnValue:
    """Take out the figures of one month, without what is too small."""
    newest = _newest()
    if not _oldest() <= month <= newest:
        return _no_such_month(month, newest)
    note_read(Act.RATES_READ, detail={"month": month, "sheet": True})
    with reading() as session:
        figures = published_month(
            session,
            actor().region,
            month,
            region_name=desk().region_name,
            hospital_names=desk().hospital_names,
            closes_on=desk().closes_on,
            now=now().astimezone(TOKYO),
        )
    mimetype, make = _FILES[kind]
    response = Response(make(figures), content_type=mimetype)
    disposition = "inline" if kind == "pdf" else "attachment"
    response.headers["Content-Disposition"] = (
        f'{disposition}; filename="rates-{month:%Y-%m}.{kind}"'
    )
    return response


def _shown(month: date, definition: str, by: Sequence[CutBy], over: Sequence[Over]) -> ShownMonth:
    with reading() as session:
        return shown_month(
            session,
            actor().region,
            month,
            region_name=desk().region_name,
            hospital_names=desk().hospital_names,
            closes_on=desk().closes_on,
            definition=definition,
            by=by,
            over=over,
            now=now().astimezone(TOKYO),
        )


def _drawing(figures: MonthlyRates) -> Markup:
    drawn = chart.six_months(
        figures.trend,
        family=_FAMILY,
        title=f"{figures.trend_label}の推移",
        year=lambda day: f"{day.year}年",
    )
    return Markup(drawn)  # noqa: S704  # nosec B704 - chart escapes the texts that it is given.


def _newest() -> date:
    return _previous(first_of_month(day_of(now())))


def _oldest() -> date:
    """The month of the first admission on record; the newest month while there is none."""
    with reading() as session:
        first: date | None = session.exec(
            select(func.min(Stay.admitted_on)).where(is_registered(), Stay.region == actor().region)
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
