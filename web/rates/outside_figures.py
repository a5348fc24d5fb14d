"""Figures that others counted, typed in one by one or pasted as lines: with source and history.

For the health centre: the indicators of the yearly report, the counts for coverage, and the
region's baseline. What stood before is kept and shown.
"""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.errors import BadEntry, NotVisible
from handoffs.rates.references import references
from handoffs.rates.yearly.coverage import OWN_WORDS, coverage_of
from handoffs.rates.yearly.indicators import UNITS, FigureKind, Unit, name_label, names_of
from handoffs.rates.yearly.outside import (
    LONGEST_DEFINITION,
    LONGEST_PLACE,
    LONGEST_SOURCE,
    FigureEntry,
    OutsideFigure,
    enter,
    history_of,
    standing,
    take_back,
)
from handoffs.rates.yearly.outside_lines import COLUMNS, LinesRefused, enter_lines
from handoffs.tokyo import day_of
from web.auth import kept_draft
from web.context import acting, actor, now, reading, taken_in
from web.inputs import Posted, typed_day

pages = Blueprint("outside_figures", __name__)

LONGEST_PASTE = 60_000
_NAMES = [
    (f"{kind.value}.{name}", f"{kind.label}: {name_label(kind, name)}")
    for kind in FigureKind
    for name in names_of(kind)
]
_DONE = {
    "entered": "数字を登録しました。",
    "same": "同じ数字がすでに登録されています。変わったものはありません。",
    "back": "数字を取り消しました。前の内容は経過に残っています。",
}


@pages.get("/yearly/figures")
def show() -> ResponseReturnValue:
    """List what was typed in, and offer the form."""
    return _screen(_draft(), {}, done=_done())


@pages.post("/yearly/figures")
def entered() -> ResponseReturnValue:
    """Take one figure in."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        entry = _entry(posted)
        with acting() as session:
            row = enter(session, actor().region, entry, by=actor(), now=now())
            location = url_for("outside_figures.show", done="entered" if row else "same")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(posted.values, bad.fields), 422
    return redirect(location, code=303)


@pages.post("/yearly/figures/lines")
def lines_entered() -> ResponseReturnValue:
    """Take pasted lines in, all of them or none."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    text = posted.text("lines", ask="行を貼り付けてください。", longest=LONGEST_PASTE)
    try:
        posted.finish()
        with acting() as session:
            new = enter_lines(session, actor().region, text, by=actor(), now=now())
            location = url_for("outside_figures.show", done=f"lines-{new}")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(posted.values, bad.fields), 422
    except LinesRefused as refused:
        return _screen(posted.values, {"lines": refused.problems[0]}, refused.problems), 422
    return redirect(location, code=303)


@pages.get("/yearly/figures/<int:figure_id>")
def one(figure_id: int) -> ResponseReturnValue:
    """Show everything that was ever written for one figure."""
    return render_template("yearly/history.html", rows=_history(figure_id), figure_id=figure_id)


@pages.post("/yearly/figures/<int:figure_id>/taken-back")
def taken_back(figure_id: int) -> ResponseReturnValue:
    """Take a figure back."""
    _history(figure_id)
    Posted(request.form.to_dict(flat=False), day_of(now())).finish()
    location = url_for("outside_figures.show", done="back")
    with acting() as session:
        take_back(session, actor().region, figure_id, by=actor(), now=now())
        taken_in(session, location)
    return redirect(location, code=303)


@pages.get("/yearly/coverage")
def coverage() -> ResponseReturnValue:
    """Show how much of the region the record sees."""
    with reading() as session:
        found = coverage_of(session, actor().region, now=now())
    return render_template("yearly/coverage.html", coverage=found, own_words=OWN_WORDS)


@pages.get("/yearly/references")
def elsewhere() -> ResponseReturnValue:
    """Show the region's own baseline, and the published figures of others with definitions."""
    with reading() as session:
        rows = standing(session, actor().region, kind=FigureKind.BASELINE).values()
        baselines = tuple(rows)
    return render_template("yearly/references.html", baselines=baselines, references=references())


def _history(figure_id: int) -> list[OutsideFigure]:
    with reading() as session:
        rows = history_of(session, actor().region, figure_id)
    if not rows:
        raise NotVisible
    return rows


def _entry(posted: Posted) -> FigureEntry:
    """Read the form of one figure. Raises BadEntry."""
    chosen = posted.one_of(
        "name", [key for key, _ in _NAMES], ask="どの数字かを選んでください。", default=""
    )
    kind, _, name = (chosen or _NAMES[0][0]).partition(".")
    place = posted.text("place", longest=LONGEST_PLACE)
    period = posted.text("period", ask="年度か月を入力してください。", longest=10)
    value = posted.text("value", ask="数字を入力してください。", longest=20)
    first = UNITS[FigureKind(kind)][0]
    unit = posted.word("unit", Unit, ask="単位を選んでください。", default=first)
    source = posted.text(
        "source", ask="出典（資料の名前と頁など）を入力してください。", longest=LONGEST_SOURCE
    )
    source_on = posted.day("source_on")
    definition = posted.text("definition", longest=LONGEST_DEFINITION)
    posted.finish()
    return FigureEntry(
        kind=FigureKind(kind),
        name=name,
        place=place,
        period=period,
        value=value,
        unit=unit,
        source=source,
        source_on=source_on,
        definition=definition,
    )


def _draft() -> dict[str, str]:
    """What was typed before, or the figure that is to be changed."""
    draft = {name: texts[0] for name, texts in (kept_draft() or {}).items() if texts}
    chosen = request.args.get("change", "")
    if draft or not chosen.isdigit():
        return draft
    with reading() as session:
        rows = history_of(session, actor().region, int(chosen[:9]))
    if not rows or not rows[0].value:
        return {}
    row = rows[0]
    return {
        "name": f"{row.kind.value}.{row.name}",
        "place": row.place,
        "period": row.period,
        "value": row.value,
        "unit": row.unit.value,
        "source": row.source,
        "source_on": typed_day(row.source_on),
        "definition": row.definition,
    }


def _done() -> str | None:
    done = request.args.get("done", "")
    if done.startswith("lines-") and done[6:].isdigit():
        return f"貼り付けた行を取り込みました。新しく登録した数字は{int(done[6:])}件です。"
    return _DONE.get(done)


def _screen(
    values: Mapping[str, str],
    errors: Mapping[str, str],
    problems: list[str] | None = None,
    *,
    done: str | None = None,
) -> str:
    with reading() as session:
        rows = standing(session, actor().region).values()
        figures = sorted(
            rows, key=lambda row: (list(FigureKind).index(row.kind), row.name, row.place)
        )
    return render_template(
        "yearly/figures.html",
        figures=figures,
        names=_NAMES,
        units=list(Unit),
        columns=COLUMNS,
        values=values,
        errors=errors,
        problems=problems or [],
        done=done,
    )
