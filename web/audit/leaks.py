"""Cases of a leak: what happened, by when it is reported, and the list of the people concerned."""

from collections.abc import Mapping
from datetime import time

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.accounts.account import require_keeper
from handoffs.accounts.invitation import everybody_of
from handoffs.audit import leak as leaks
from handoffs.audit.leak import LeakEntry, LeakKind
from handoffs.audit.people import people_of
from handoffs.errors import BadEntry
from handoffs.history import Act
from handoffs.tokyo import day_of
from web.audit.seen import moment
from web.auth import fresh
from web.context import acting, actor, note_read, now, reading, taken_in
from web.inputs import Posted, typed_day

pages = Blueprint("leaks", __name__)

_KIND = "何があったかを選んでください。"
_KNOWN = "知った日を入力してください。"


@pages.get("/accounts/leaks")
@fresh
def begin() -> ResponseReturnValue:
    """List the cases of the house, and ask for a new one."""
    return _screen({"known_on": typed_day(day_of(now()))}, {})


@pages.post("/accounts/leaks")
@fresh
def begun() -> ResponseReturnValue:
    """Begin a case."""
    typed = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        kind = typed.word("kind", LeakKind, ask=_KIND)
        staff_id, number = typed.number("staff"), typed.number("number")
        if kind is LeakKind.ACCOUNT and staff_id is None:
            typed.refuse("staff", "操作した人を選んでください。")
        if kind is not LeakKind.ACCOUNT and number is None:
            typed.refuse("number", "番号を入力してください。")
        subject = staff_id if kind is LeakKind.ACCOUNT else number
        entry = LeakEntry(
            kind=kind,
            subject_id=subject or 0,
            since=moment(typed, "since", time(0)),
            until=moment(typed, "until", time(0), end=True),
            known_on=typed.needed_day("known_on", ask=_KNOWN),
            wrongful=typed.text("wrongful") == "yes",
        )
        typed.finish()
        with acting() as session:
            leak = leaks.open_leak(session, entry, by=actor(), now=now())
            location = url_for("leaks.show", leak_id=leak.id)
            taken_in(session, location)
    except BadEntry as bad:
        errors = dict(bad.fields)
        if "subject_id" in errors:
            errors["number"] = errors.pop("subject_id")
        return _screen(typed.values, errors)
    return redirect(location, code=303)


@pages.get("/accounts/leaks/<int:leak_id>")
@fresh
def show(leak_id: int) -> ResponseReturnValue:
    """Show the dates and the people concerned, to be printed."""
    return _case(leak_id, None, {})


@pages.post("/accounts/leaks/<int:leak_id>/reported")
@fresh
def reported(leak_id: int) -> ResponseReturnValue:
    """Write down when the reports were made."""
    typed = Posted(request.form.to_dict(flat=False), day_of(now()))
    location = url_for("leaks.show", leak_id=leak_id)
    try:
        first_on, full_on = typed.day("first_on"), typed.day("full_on")
        typed.finish()
        with acting() as session:
            leak = leaks.find_leak(session, leak_id, actor())
            leaks.report(session, leak, first_on=first_on, full_on=full_on, by=actor(), now=now())
            taken_in(session, location)
    except BadEntry as bad:
        return _case(leak_id, typed.values, bad.fields)
    return redirect(location, code=303)


def _case(
    leak_id: int, typed: Mapping[str, str] | None, errors: Mapping[str, str]
) -> ResponseReturnValue:
    with reading() as session:
        leak = leaks.find_leak(session, leak_id, actor())
        stays, patients = leaks.concerned(session, leak)
        people, beyond = people_of(session, actor(), stays, patients)
    note_read(Act.AUDIT_READ, detail={"leak": leak_id, "stays": len(stays)})
    dates = leaks.dates_of(leak.known_on, wrongful=leak.wrongful)
    values = typed or {
        "first_on": typed_day(leak.first_reported_on),
        "full_on": typed_day(leak.reported_on),
    }
    page = render_template(
        "audit/leak.html",
        leak=leak,
        dates=dates,
        people=people,
        beyond=beyond,
        values=values,
        errors=errors,
    )
    return page, 422 if errors else 200


def _screen(typed: Mapping[str, str], errors: Mapping[str, str]) -> ResponseReturnValue:
    with reading() as session:
        require_keeper(session, actor())
        people = everybody_of(session, actor().organization_id)
        cases = [
            (one, leaks.dates_of(one.known_on, wrongful=one.wrongful))
            for one in leaks.leaks_of(session, actor())
        ]
    page = render_template(
        "audit/leaks.html",
        values=typed,
        errors=errors,
        kinds=LeakKind,
        people=[(one.id, f"{one.name}（{one.role.label}）") for one in people],
        cases=cases,
    )
    return page, 422 if errors else 200
