"""The yearly survey: opened by the health centre, corrected by each office, then compared.

An office sees its own people and its own answers; the health centre sees counts, and the names
of the offices that have not answered, to ring them up.
"""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.errors import BadEntry, NotVisible
from handoffs.history import Act
from handoffs.rates.survey.compared import COMPARED, compared, compared_csv
from handoffs.rates.survey.office_form import OfficeForm, form_csv, office_form
from handoffs.rates.survey.survey import (
    WORDS,
    Question,
    Survey,
    Unlisted,
    Word,
    answer,
    open_survey,
    survey_of,
    surveys_of,
)
from handoffs.tokyo import day_of, months_before
from web import dates
from web.auth import kept_draft
from web.context import acting, actor, desk, note_read, now, reading, taken_in
from web.inputs import Posted

pages = Blueprint("surveys", __name__)

MONTHS_OFFERED = 18
_UNLISTED = (
    ("unlisted_met", "この一覧にない退院の方で、退院の前に病院から連絡があった人数"),
    ("unlisted_not_met", "この一覧にない退院の方で、連絡がなかった人数"),
    ("unlisted_informed", "この一覧にない入院の方で、入院時の情報を提供した人数"),
    ("unlisted_not_informed", "この一覧にない入院の方で、提供しなかった人数"),
)
_DONE = {
    "opened": "調査を始めました。各事業所の「調査票」に出ています。",
    "returned": "調査票を出しました。締め切りまでは、何度でも直して出し直せます。",
}


@pages.get("/surveys")
def every() -> ResponseReturnValue:
    """List the surveys of the region; the health centre can open one."""
    return _list(_draft(), {})


@pages.post("/surveys")
def opened() -> ResponseReturnValue:
    """Open the survey of a month, or move its last day."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    offered = [f"{month:%Y-%m}" for month in _months()]
    month = posted.one_of("month", offered, ask="調べる月を選んでください。", default=offered[0])
    until = posted.needed_day("answers_until", ask="回答の締め切りを入力してください。")
    try:
        posted.finish()
        with acting() as session:
            first = date.fromisoformat(f"{month}-01")
            open_survey(session, first, until, by=actor(), now=now())
            location = url_for("surveys.every", done="opened")
            taken_in(session, location)
    except BadEntry as bad:
        return _list(posted.values, bad.fields), 422
    return redirect(location, code=303)


@pages.get("/surveys/<month:month>/results")
def results(month: date) -> ResponseReturnValue:
    """Show the survey beside the record."""
    survey = _survey(month)
    note_read(Act.SURVEY_READ, detail={"survey": survey.id})
    with reading() as session:
        found = compared(session, survey)
    return render_template("surveys/results.html", found=found, questions=COMPARED)


@pages.get("/surveys/<month:month>/results.csv")
def results_file(month: date) -> ResponseReturnValue:
    """Take out which way the two differ, without any count."""
    survey = _survey(month)
    note_read(Act.SURVEY_READ, detail={"survey": survey.id})
    with reading() as session:
        content = compared_csv(compared(session, survey), desk().region_name)
    return _file(content, f"survey-{month:%Y-%m}-results.csv")


@pages.get("/surveys/<month:month>")
def form(month: date) -> ResponseReturnValue:
    """Show the office's own form, filled in from the events."""
    draft = _draft()
    shown = _form(month)
    return _form_screen(shown, draft, {}, _DONE.get(request.args.get("done", "")))


@pages.post("/surveys/<month:month>")
def answered(month: date) -> ResponseReturnValue:
    """Take the office's form in."""
    shown = _form(month)
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    words = {
        (line.asked.stay_id, line.asked.question): (
            line.asked.filled,
            _word(posted, line.field, line.asked.question, line.word),
        )
        for line in shown.lines
    }
    counts = {name: _count(posted, name) for name, _ in _UNLISTED}
    try:
        posted.finish()
        with acting() as session:
            survey = session.get_one(Survey, shown.survey.id)
            answer(session, survey, words, Unlisted(**counts), by=actor(), now=now())
            location = url_for("surveys.form", month=month, done="returned")
            taken_in(session, location)
    except BadEntry as bad:
        return _form_screen(shown, posted.values, bad.fields), 422
    return redirect(location, code=303)


@pages.get("/surveys/<month:month>.csv")
def form_file(month: date) -> ResponseReturnValue:
    """Take the office's own form out for its file: codes and answers, no name."""
    return _file(form_csv(_form(month)), f"survey-{month:%Y-%m}.csv")


def _file(content: bytes, name: str) -> Response:
    response = Response(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _survey(month: date) -> Survey:
    with reading() as session:
        survey = survey_of(session, actor().region, month)
    if survey is None:
        raise NotVisible
    return survey


def _form(month: date) -> OfficeForm:
    survey = _survey(month)
    note_read(Act.SURVEY_READ, detail={"survey": survey.id})
    with reading() as session:
        return office_form(session, actor(), month)


def _word(posted: Posted, field: str, question: Question, before: Word) -> Word:
    offered = [word.value for word in WORDS[question]]
    return Word(
        posted.one_of(field, offered, ask="選択肢から選んでください。", default=before.value)
    )


def _count(posted: Posted, name: str) -> int:
    return posted.number(name) or 0


def _months() -> tuple[date, ...]:
    """The months that are over, the newest first."""
    return tuple(reversed(months_before(day_of(now()), MONTHS_OFFERED + 1)[:-1]))


def _draft() -> dict[str, str]:
    return {name: texts[0] for name, texts in (kept_draft() or {}).items() if texts}


def _list(values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with reading() as session:
        found = surveys_of(session, actor().region)
    return render_template(
        "surveys/list.html",
        surveys=found,
        months=[(f"{month:%Y-%m}", dates.month(month)) for month in _months()],
        values=values,
        errors=errors,
        done=_DONE.get(request.args.get("done", "")),
    )


def _form_screen(
    shown: OfficeForm,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    done: str | None = None,
) -> str:
    returned = shown.returned
    values = {name: str(getattr(returned, name)) if returned else "" for name, _ in _UNLISTED}
    return render_template(
        "surveys/form.html",
        form=shown,
        is_over=day_of(now()) > shown.survey.answers_until,
        questions=list(Question),
        words=WORDS,
        unlisted=_UNLISTED,
        values=values | dict(typed),
        errors=errors,
        done=done,
    )
