"""試行の月: the rule beside the paper, on coded lines. Nothing is sent and no stay is registered.

A hospital pastes its lines (its own sign, facts, days), says what paper told, and reads at the
end of the month what each of the two would have told that the other did not.
"""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.errors import BadEntry
from handoffs.parties import Organization
from handoffs.rates.shadow.compared import Beside, Occasion, compare
from handoffs.rates.shadow.line import (
    keep_lines,
    lines_of,
    months_with_lines,
    take_month_back,
    tick_paper,
)
from handoffs.rates.shadow.reading import FIRST_COLUMNS, heading, read_lines
from handoffs.rates.yearly.outside_lines import LinesRefused
from handoffs.tokyo import day_of, first_of_month, months_before
from rules import Edition, NoEdition
from web import errors
from web.auth import kept_draft
from web.context import acting, actor, desk, now, reading, taken_in
from web.inputs import Posted, typed_day

pages = Blueprint("shadow_months", __name__)

LONGEST_PASTE = 60_000
TICKED_ON_A_PAGE = 100
MONTHS_OFFERED = 13
_DONE = {
    "ticked": "紙の連絡の日を登録しました。",
    "emptied": "この月の行を空にしました。",
}


@pages.get("/shadow")
def latest() -> ResponseReturnValue:
    """Lead to the newest month with lines, or to the one that runs."""
    with reading() as session:
        months = months_with_lines(session, actor().organization_id)
    month = months[0] if months else first_of_month(day_of(now()))
    return redirect(url_for("shadow_months.month", month=month), code=303)


@pages.get("/shadow/<month:month>")
def month(month: date) -> ResponseReturnValue:
    """Show one month: the comparison, the lines, and where to paste more."""
    if month not in _offered():
        return _no_such_month()
    draft = {name: texts[0] for name, texts in (kept_draft() or {}).items() if texts}
    return _screen(month, draft, {}, done=_done())


@pages.post("/shadow/<month:month>/lines")
def lines_kept(month: date) -> ResponseReturnValue:
    """Take pasted lines in, all of them or none."""
    if month not in _offered():
        return _no_such_month()
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    text = posted.text("lines", ask="行を貼り付けてください。", longest=LONGEST_PASTE)
    edition = _edition(month)
    if edition is None:
        return _no_such_month()
    try:
        posted.finish()
        entries = read_lines(text, edition.vocabulary, today=day_of(now()))
        with acting() as session:
            new = keep_lines(
                session,
                month,
                entries,
                by=actor(),
                hospital_id=actor().organization_id,
                region=actor().region,
                now=now(),
            )
            location = url_for("shadow_months.month", month=month, done=f"lines-{new}")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(month, posted.values, bad.fields), 422
    except LinesRefused as refused:
        wrong = {"lines": refused.problems[0]}
        return _screen(month, posted.values, wrong, refused.problems), 422
    return redirect(location, code=303)


@pages.post("/shadow/<month:month>/paper")
def paper_ticked(month: date) -> ResponseReturnValue:
    """Take in on which day paper told, line by line."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    with reading() as session:
        lines = lines_of(session, actor().organization_id, month)
    ticked = {
        line.code: (posted.day(f"admission-{line.id}"), posted.day(f"discharge-{line.id}"))
        for line in lines
        if f"admission-{line.id}" in posted.values
    }
    try:
        posted.finish()
        with acting() as session:
            tick_paper(session, month, ticked, by=actor(), now=now())
            location = url_for("shadow_months.month", month=month, done="ticked")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(month, posted.values, bad.fields), 422
    return redirect(location, code=303)


@pages.post("/shadow/<month:month>/emptied")
def emptied(month: date) -> ResponseReturnValue:
    """Begin a month anew."""
    Posted(request.form.to_dict(flat=False), day_of(now())).finish()
    location = url_for("shadow_months.month", month=month, done="emptied")
    with acting() as session:
        take_month_back(session, month, by=actor(), now=now())
        taken_in(session, location)
    return redirect(location, code=303)


@pages.get("/shadow/<month:month>.csv")
def empty_file(month: date) -> ResponseReturnValue:
    """The heading line to begin from."""
    edition = _edition(month)
    if edition is None:
        return _no_such_month()
    response = Response(heading(edition.vocabulary), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="shadow-{month:%Y-%m}.csv"'
    return response


def _edition(month: date) -> Edition | None:
    try:
        return desk().library.in_force(actor().region, month)
    except NoEdition:
        return None


def _offered() -> tuple[date, ...]:
    return months_before(day_of(now()), MONTHS_OFFERED)


def _done() -> str | None:
    done = request.args.get("done", "")
    if done.startswith("lines-") and done[6:].isdigit():
        return f"{int(done[6:])}行を登録しました。"
    return _DONE.get(done)


def _no_such_month() -> ResponseReturnValue:
    return errors.page(
        404,
        heading="この月の試行はありません",
        advice="今月までの一年で、地域のルールの版が有効な月を選べます。"
        "上のメニューの「試行の月」から開いてください。",
    )


def _screen(
    month: date,
    values: Mapping[str, str],
    errors_: Mapping[str, str],
    problems: list[str] | None = None,
    *,
    done: str | None = None,
) -> str:
    with reading() as session:
        lines = lines_of(session, actor().organization_id, month)
        hospital = session.get_one(Organization, actor().organization_id)
        months = months_with_lines(session, actor().organization_id)
    found = compare(lines, region=actor().region, hospital=hospital, library=desk().library)
    edition = _edition(month)
    typed = {
        f"{name}-{line.id}": typed_day(day)
        for line in lines
        for name, day in (
            ("admission", line.paper_admission_on),
            ("discharge", line.paper_discharge_on),
        )
    }
    return render_template(
        "shadow/month.html",
        month=month,
        months=sorted({*months, *_offered()[-3:]}, reverse=True),
        lines=lines[:TICKED_ON_A_PAGE],
        more=max(len(lines) - TICKED_ON_A_PAGE, 0),
        found=found,
        occasions=list(Occasion),
        besides=list(Beside),
        told=(Beside.TOOL_ONLY, Beside.PAPER_ONLY, Beside.ASK_FIRST),
        facts={} if edition is None else {id_: f.label for id_, f in edition.vocabulary.items()},
        first_columns=FIRST_COLUMNS,
        values=typed | dict(values),
        errors=errors_,
        problems=problems or [],
        done=done,
    )
