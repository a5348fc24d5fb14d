"""A case without signing in: a PIN, the least that an answer needs, and the answer.

Fetching a page here looks nothing up, takes no try and changes nothing, so that a scanner which
follows links does no harm. Every link that cannot be opened, for whatever reason, gets the same
page after the same work. The address is a secret: no page tells it to another, none may be
indexed, and the line of a request names the route alone.
"""

from collections.abc import Mapping

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.accounts import password_fits
from handoffs.decline import DeclineEntry, DeclineReason
from handoffs.errors import BadEntry, HandoffError
from handoffs.link.agreement import LONGEST_PIN, plain_pin
from handoffs.link.answer import LONGEST_NAME, choose_by_link, confirm_by_link, decline_by_link
from handoffs.link.opening import LinkCase, case_of, end_try, opened_link, take_try
from handoffs.parties import planning_organizations
from handoffs.tokyo import day_of
from web import csrf
from web.auth import LINKS
from web.context import desk, now, reading
from web.inputs import Posted

pages = Blueprint(LINKS, __name__)

_LONGEST_SECRET = 64


@pages.after_request
def _tell_nobody(response: Response) -> Response:
    """Keep the address to this page. With no-referrer browsers would hide where a form is from."""
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@pages.get("/l/<secret>")
def show(secret: str) -> ResponseReturnValue:
    """Ask for the PIN; show the case only in the browser that has entered it."""
    case = _case(secret)
    return _door(secret) if case is None else _case_screen(secret, case, {}, {})


@pages.post("/l/<secret>")
def enter(secret: str) -> ResponseReturnValue:
    """Take in a PIN and open the link, or say what is said of every link that does not open."""
    pin = plain_pin(request.form.get("pin", ""))[: LONGEST_PIN + 1]
    if not pin:
        return _door(secret, "合い言葉を入れてください。"), 422
    with desk().database.writing() as session:
        one = take_try(session, secret[:_LONGEST_SECRET], now=now())
    fits = password_fits(one.pin_hash, pin)  # As long for a link that nobody made.
    token = None
    if one.link_id is not None:
        with desk().database.writing() as session:
            token = end_try(session, one.link_id, fits=fits, now=now())
    if token is None:
        return _door(secret, "開けませんでした。下の説明を確かめてください。"), 422
    response = make_response(redirect(url_for("case_links.show", secret=secret), code=303))
    csrf.set_cookie(response, csrf.link_cookie(), token)
    return response


@pages.post("/l/<secret>/received")
def received(secret: str) -> ResponseReturnValue:
    """Write down that the office has it."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        answered_by = posted.text("answered_by", longest=LONGEST_NAME)
        posted.finish()
        with desk().database.writing() as session:
            confirm_by_link(session, secret, _token(), answered_by=answered_by, now=now())
    except BadEntry as bad:
        return _again(secret, posted.values, bad.fields)
    except HandoffError:
        return _back(secret)
    return _back(secret)


@pages.post("/l/<secret>/declined")
def declined(secret: str) -> ResponseReturnValue:
    """Write down that this office does not take it, and who does, as far as it knows."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        entry = DeclineEntry(
            reason=posted.word("reason", DeclineReason, ask="理由を選んでください。"),
            words=posted.text("words", longest=200),
            suggested_id=posted.number("suggested"),
        )
        answered_by = posted.text("declined_by", longest=LONGEST_NAME)
        posted.finish()
        with desk().database.writing() as session:
            decline_by_link(session, secret, _token(), entry, answered_by=answered_by, now=now())
    except BadEntry as bad:
        return _again(secret, posted.values, bad.fields)
    except HandoffError:
        return _back(secret)
    return _back(secret)


@pages.post("/l/<secret>/times")
def times(secret: str) -> ResponseReturnValue:
    """Take one of the proposed times of a conference, or say that none fits."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        slot_id = posted.number("slot")
        words = posted.text("answer", longest=200)
        posted.finish()
        with desk().database.writing() as session:
            choose_by_link(session, secret, _token(), slot_id, words, now=now())
    except BadEntry as bad:
        return _again(secret, posted.values, bad.fields)
    except HandoffError:
        return _back(secret)
    return _back(secret)


def _token() -> str:
    return request.cookies.get(csrf.link_cookie(), "")


def _case(secret: str) -> LinkCase | None:
    """What this browser may see of a link; None without asking anything where it opened none."""
    if not _token():
        return None
    with reading() as session:
        link = opened_link(session, secret[:_LONGEST_SECRET], _token(), now=now())
        return None if link is None else case_of(session, link, masked=desk().link_names_masked)


def _back(secret: str) -> ResponseReturnValue:
    """Lead to the link's own page: it shows the answer, or asks for the PIN once more."""
    return redirect(url_for("case_links.show", secret=secret), code=303)


def _again(
    secret: str, values: Mapping[str, str], errors: Mapping[str, str]
) -> ResponseReturnValue:
    case = _case(secret)
    return _back(secret) if case is None else (_case_screen(secret, case, values, errors), 422)


def _door(secret: str, message: str | None = None) -> str:
    errors = {} if message is None else {"pin": message}
    return render_template("case_links/door.html", secret=secret, errors=errors)


def _case_screen(
    secret: str, case: LinkCase, values: Mapping[str, str], errors: Mapping[str, str]
) -> str:
    if case.answer is not None:
        return render_template("case_links/answered.html", case=case)
    with reading() as session:
        known = planning_organizations(session, case.region)
    return render_template(
        "case_links/case.html",
        secret=secret,
        case=case,
        reasons=DeclineReason,
        offices=[
            (o.id, f"{o.name}（{o.municipality}）" if o.municipality else o.name)
            for o in known
            if o.id != case.organization_id
        ],
        values=values,
        errors=errors,
    )
