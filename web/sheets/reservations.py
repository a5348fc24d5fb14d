"""Whom the person does not want to be told, by kind of receiver."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.access import find_stay
from handoffs.errors import BadEntry
from handoffs.sheets.reservation import ReceiverKind, reserve, reserved_of
from handoffs.shown.overview import overview_of
from web.context import acting, actor, desk, now, reading, taken_in
from web.sheets.blueprint import pages

FIELD = "reserved"


@pages.get("/stays/<int:stay_id>/reservations")
def reservations(stay_id: int) -> ResponseReturnValue:
    """Show the kinds of receiver, with those that the person does not want told."""
    return _screen(stay_id, {})


@pages.post("/stays/<int:stay_id>/reservations")
def reserved(stay_id: int) -> ResponseReturnValue:
    """Write down exactly these."""
    try:
        kinds = {ReceiverKind(word) for word in request.form.getlist(FIELD)}
    except ValueError:
        return _screen(stay_id, {FIELD: "一覧から選び直してください。"}), 422
    try:
        with acting() as session:
            stay = find_stay(session, actor(), stay_id)
            reserve(session, stay, kinds, by=actor(), now=now())
            location = url_for("sheets.of_stay", stay_id=stay_id, done="reserved")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(stay_id, bad.fields), 422
    return redirect(location, code=303)


def _screen(stay_id: int, errors: dict[str, str]) -> str:
    with reading() as session:
        stay = overview_of(session, actor(), stay_id, library=desk().library, now=now())
        there = reserved_of(session, stay_id)
    values = [kind.value for kind in there]
    return render_template(
        "sheets/reservations.html", stay=stay, kinds=ReceiverKind, values=values, errors=errors
    )
