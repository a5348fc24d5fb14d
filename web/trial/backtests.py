"""Try a draft on past stays: ask for it, wait without JavaScript, read what came out.

The work is done elsewhere (`handoffs.long_work`); a page asks for it and shows how far it is.
A health centre reads counts, a hospital its own stays, and each organization only what it
asked for itself. Every asking and every reading of a result is written down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import col, func, select

from handoffs.backtest.names import OwnStay, office_labels, own_stays, ward_labels
from handoffs.backtest.work import MOST_DRAFT, BacktestEntry, ask_backtest
from handoffs.errors import BadEntry
from handoffs.history import Act
from handoffs.long_work import (
    KEPT,
    LEASE,
    LongWork,
    WorkKind,
    WorkState,
    state_of,
    work_of,
    works_of,
)
from handoffs.stays.stay import Stay, is_registered
from handoffs.tokyo import day_of, first_of_month, months_before
from rules import Coordination, NoEdition
from web import dates
from web.auth import kept_draft
from web.context import acting, actor, desk, note_read, now, reading, taken_in
from web.inputs import Posted
from web.trial.draft import Refused, read_draft

pages = Blueprint("backtests", __name__)

MONTHS_OFFERED = 36
USUAL_MONTHS = 6
REFRESH_SECONDS = 5
PATIENCE = 4 * LEASE
"""How long a page asks again by itself. Longer than three tries take, and short enough that a
page left open while nothing works is signed out like any other."""

STAYS_ON_A_PAGE = 50
Labels = list[tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class OneStay:
    """A line of the list of stays: the code, the person where the reader may know of them."""

    code: str
    own: OwnStay | None
    was: Coordination | None = None
    would_be: Coordination | None = None
    clauses: tuple[str, ...] = ()


@pages.get("/backtests")
def ask() -> ResponseReturnValue:
    """Show what can be asked for, and what the own organization asked for before."""
    draft = kept_draft()
    return _asking({name: texts[0] for name, texts in (draft or {}).items() if texts})


@pages.post("/backtests")
def asked() -> ResponseReturnValue:
    """Take the question in, if the draft can be read and does what its examples say."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        entry, refused = _read(posted)
        posted.finish()
        with acting() as session:
            work = ask_backtest(session, entry, by=actor(), now=now())
            location = url_for("backtests.look", work_id=work.id)
            taken_in(session, location)
    except BadEntry as bad:
        return _asking(posted.values, bad.fields, refused), 422
    return redirect(location, code=303)


@pages.get("/backtests/<int:work_id>")
def look(work_id: int) -> ResponseReturnValue:
    """Show how far a back-test is, or what came out."""
    with reading() as session:
        work = work_of(session, actor(), WorkKind.BACKTEST, work_id)
    state = state_of(work, now())
    entry = BacktestEntry.of(work.parameters)
    if state is WorkState.DONE and work.result is not None:
        return _result(work, entry, work.result)
    patient = now() - work.asked_at < PATIENCE
    waits = state in (WorkState.WAITING, WorkState.RUNNING)
    return render_template(
        "backtests/waiting.html",
        work=work,
        state=state,
        months=_months_words(entry),
        draft=_named(entry),
        waits=waits,
        again=REFRESH_SECONDS if waits and patient else None,
    )


def _read(posted: Posted) -> tuple[BacktestEntry, Refused | None]:
    """Read the months and the draft; what is wrong stands in `posted.errors` afterwards."""
    months = [f"{month:%Y-%m}" for month in _months()]
    again = "月を一覧から選び直してください。"
    first = posted.one_of("first", months, ask=again, default=months[0])
    last = posted.one_of("last", months, ask=again, default=months[0])
    if first > last:
        posted.refuse("last", "最後の月が最初の月より前です。どちらかを選び直してください。")
    chosen = posted.one_of(
        "edition", ("", *(key for key, _ in _editions())), ask="版を一覧から選び直してください。"
    )
    typed = posted.text("draft", longest=MOST_DRAFT)
    if chosen and typed:
        posted.refuse("edition", "版を選ぶか、案を貼り付けるか、どちらか一つにしてください。")
    elif not chosen and not typed:
        posted.refuse("draft", "案を貼り付けるか、上の一覧から版を選んでください。")
    # As it was typed but for the ends of lines, so that numbers of lines are those of the page.
    text = posted.values.get("draft", "").replace("\r\n", "\n")
    _, refused = read_draft(posted, text) if typed and not posted.errors else (None, None)
    entry = BacktestEntry(
        first=date.fromisoformat(f"{first}-01"),
        last=date.fromisoformat(f"{last}-01"),
        text="" if chosen else text,
        in_force=date.fromisoformat(chosen) if chosen and not posted.errors else None,
    )
    return entry, refused


def _asking(
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    refused: Refused | None = None,
) -> str:
    months = _months()
    # The last six months that are over, as far as there are any.
    over = [month for month in months if month < first_of_month(day_of(now()))] or months
    usual = {
        "first": f"{over[min(USUAL_MONTHS, len(over)) - 1]:%Y-%m}",
        "last": f"{over[0]:%Y-%m}",
    }
    with reading() as session:
        works = works_of(session, actor(), WorkKind.BACKTEST)
    return render_template(
        "backtests/ask.html",
        values={**usual, **values},
        errors=errors or {},
        refused=refused,
        months=[(f"{month:%Y-%m}", dates.month(month)) for month in months],
        editions=_editions(),
        longest=MOST_DRAFT,
        works=[
            (work, state_of(work, now()), _months_words(entry), _named(entry))
            for work in works
            for entry in (BacktestEntry.of(work.parameters),)
        ],
    )


def _months() -> list[date]:
    """The months that can be chosen, newest first: from the first discharge until this one."""
    this_month = first_of_month(day_of(now()))
    query = select(func.min(Stay.discharged_on)).where(
        is_registered(), Stay.region == actor().region
    )
    if actor().is_hospital:
        query = query.where(col(Stay.hospital_id) == actor().organization_id)
    with reading() as session:
        first: date | None = session.exec(query).one()
    offered = months_before(this_month, MONTHS_OFFERED)
    oldest = this_month if first is None else first_of_month(first)
    return [month for month in reversed(offered) if month >= oldest] or [this_month]


def _editions() -> list[tuple[str, str]]:
    """The dated editions of the own region, by their first days."""
    try:
        editions = desk().library.of_region(actor().region)
    except NoEdition:
        return []
    days = [edition.in_force for edition in editions if edition.in_force is not None]
    return [(day.isoformat(), f"{dates.day(day)}施行の版") for day in days]


def _months_words(entry: BacktestEntry) -> str:
    if entry.first == entry.last:
        return dates.month(entry.first)
    return f"{dates.month(entry.first)}から{dates.month(entry.last)}まで"


def _named(entry: BacktestEntry) -> str:
    if entry.in_force is not None:
        return f"{dates.day(entry.in_force)}施行の版"
    return "貼り付けた案"


def _result(work: LongWork, entry: BacktestEntry, result: Mapping[str, Any]) -> str:
    """Show what came out, with names as this reader may see them; the reading is on record."""
    flipped: Sequence[Mapping[str, Any]] = result["flips"].get("stays", ())
    missed: Mapping[str, Sequence[str]] = result.get("missed_stays", {})
    pages_in_all = max(-(-len(flipped) // STAYS_ON_A_PAGE), 1)
    page = min(max(request.args.get("page", default=1, type=int), 1), pages_in_all)
    shown = flipped[(page - 1) * STAYS_ON_A_PAGE : page * STAYS_ON_A_PAGE]
    codes = [each["code"] for each in shown]
    codes += [code for several in missed.values() for code in several]
    with reading() as session:
        own = own_stays(session, actor(), codes)
        wards = ward_labels(
            session,
            actor(),
            [loads["id"] for loads in result["wards"]],
            hospital_names=desk().hospital_names,
        )
        offices = office_labels(session, [loads["id"] for loads in result["offices"]])
    note_read(Act.LONG_WORK_READ, detail={"work": work.id, "stays": len(own)})
    return render_template(
        "backtests/result.html",
        work=work,
        months=_months_words(entry),
        draft=_named(entry),
        result=result,
        labels={one.value: one for one in Coordination},
        wards=_by_label(result["wards"], wards),
        offices=_by_label(result["offices"], offices),
        flipped=[
            OneStay(
                each["code"],
                own.get(each["code"]),
                Coordination(each["in_force"]),
                Coordination(each["draft"]),
                tuple(each["clauses"]),
            )
            for each in shown
        ],
        missed={
            kind: [OneStay(code, own.get(code)) for code in several]
            for kind, several in missed.items()
        },
        page=page,
        pages=pages_in_all,
        kept_until=day_of(work.asked_at + KEPT),
    )


def _by_label(
    loads: Sequence[Mapping[str, Any]], labels: Mapping[int, str]
) -> tuple[Labels, Labels]:
    """Put loads in the order of their labels: those that change, and those that do not.

    A place that is no more is called so.
    """
    named = [(labels.get(each["id"], "今はない病棟・事業所"), each) for each in loads]
    named.sort(key=lambda pair: pair[0])
    changed = [pair for pair in named if pair[1]["in_force"] != pair[1]["draft"]]
    return changed, [pair for pair in named if pair not in changed]
