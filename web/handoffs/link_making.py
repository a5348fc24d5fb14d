"""The hospital's side of links without sign-in: the PIN agreed by telephone, and making a link.

A link that is not mailed is shown once, in the answer to the form that made it: it is kept
nowhere, and whoever reloads makes no second one.
"""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import SecretStr
from sqlmodel import Session

from handoffs.access import find_handoff
from handoffs.accounts import hash_password
from handoffs.errors import BadEntry, NotPermitted
from handoffs.link.agreement import (
    LONGEST_PIN,
    AgreementEntry,
    agree,
    agreement_with,
    check_agreement,
    end_agreement,
    plain_pin,
    planner_of,
)
from handoffs.link.case_link import CaseLink, address_of, links_of, make_link, revoke_link
from handoffs.link.closed import settle_link
from handoffs.link.mail import PATH
from handoffs.link.receiver import may_be_shown, receiver_of
from handoffs.parties import Staff
from handoffs.tokyo import day_of
from web.context import acting, actor, desk, now, reading, taken_in
from web.handoffs.handoff_pages import locked_handoff, seen_handoff
from web.inputs import Posted, typed_day

pages = Blueprint("link_making", __name__)

_NO_LINK = (
    "この引き継ぎのリンクは作れません。本人の同意や居場所の扱い、いまの状態を確かめ、"
    "電話で直接伝えてください。"
)
_NOT_USED = (
    "この地域では、サインインなしのリンクを使わないことに決めています。"
    "電話・FAX・つなぎの画面で伝えてください。"
)
_DONE = {
    "mailed": "リンクをメールで送ります。届かなかったときは、やることの一覧に出ます。",
    "agreed": "合い言葉を登録しました。",
    "locked": "合い言葉を止めました。決め直すまで、この事業所へのリンクは開けません。",
    "revoked": "リンクを取り消しました。",
}


@pages.get("/handoffs/<int:handoff_id>/link")
def ask(handoff_id: int) -> ResponseReturnValue:
    """Show how this handoff can be answered without signing in, and the links made so far."""
    return _screen(handoff_id, {}, _DONE.get(request.args.get("done", "")))


@pages.post("/handoffs/<int:handoff_id>/link")
def make(handoff_id: int) -> ResponseReturnValue:
    """Make a link: into the outbox, or shown once to be read out or printed."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    if not desk().links_used:
        raise NotPermitted(_NOT_USED)
    try:
        way = posted.one_of("way", ("mail", "paper"), ask="渡し方を選んでください。")
        posted.finish()
        with acting() as session:
            stay, handoff, _ = locked_handoff(session, handoff_id)
            link, secret = make_link(
                session,
                stay,
                handoff,
                lifetime=desk().link_lifetime,
                by=actor(),
                now=now(),
                mailed=way == "mail",
            )
            done = "mailed" if way == "mail" else None
            location = url_for("link_making.ask", handoff_id=handoff_id, done=done)
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(handoff_id, bad.fields), 422
    return redirect(location, code=303) if not secret else _made(handoff_id, link, secret)


@pages.post("/links/<int:link_id>/revoke")
def revoke(link_id: int) -> ResponseReturnValue:
    """Take a link back."""
    with acting() as session:
        link = revoke_link(session, link_id, by=actor(), now=now())
        location = url_for("link_making.ask", handoff_id=link.handoff_id, done="revoked")
        taken_in(session, location)
    return redirect(location, code=303)


@pages.post("/links/<int:link_id>/settle")
def settle(link_id: int) -> ResponseReturnValue:
    """Say that the office was asked by telephone about a link that had closed."""
    with acting() as session:
        settle_link(session, link_id, by=actor(), now=now())
        location = url_for("worklist.worklist", done="link_settled")
        taken_in(session, location)
    return redirect(location, code=303)


@pages.get("/organizations/<int:organization_id>/agreement")
def agreement(organization_id: int) -> ResponseReturnValue:
    """Show what was agreed with an office by telephone, and take down something new."""
    return _agreement_screen(organization_id, {}, {}, _DONE.get(request.args.get("done", "")))


@pages.post("/organizations/<int:organization_id>/agreement")
def agreed(organization_id: int) -> ResponseReturnValue:
    """Write a PIN down that was settled by call-back. Only its hash is kept."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        entry = AgreementEntry(
            pin=SecretStr(plain_pin(posted.text("pin", ask="合い言葉を入力してください。"))),
            telephone=posted.text(
                "telephone", ask="かけた電話番号を入力してください。", longest=20
            ),
            counterpart=posted.text("counterpart", ask="相手の方のお名前を入力してください。"),
            agreed_on=posted.needed_day("agreed_on", ask="電話で決めた日を入力してください。"),
            mail_address=posted.text("mail_address", longest=254),
        )
        handoff_id = posted.number("handoff")
        posted.finish()
        with reading() as session:
            check_agreement(session, organization_id, entry, by=actor(), now=now())
        # Slow on purpose, so never inside a transaction.
        pin_hash = hash_password(entry.pin.get_secret_value()[:LONGEST_PIN])
        with acting() as session:
            agree(session, organization_id, entry, pin_hash, by=actor(), now=now())
            location = _back_to(session, organization_id, handoff_id)
            taken_in(session, location)
    except BadEntry as bad:
        return _agreement_screen(organization_id, posted.values, bad.fields), 422
    return redirect(location, code=303)


@pages.post("/organizations/<int:organization_id>/agreement/end")
def ended(organization_id: int) -> ResponseReturnValue:
    """End a PIN: links to that office are locked until another one is agreed."""
    with acting() as session:
        end_agreement(session, organization_id, by=actor(), now=now())
        location = url_for("link_making.agreement", organization_id=organization_id, done="locked")
        taken_in(session, location)
    return redirect(location, code=303)


def _back_to(session: Session, organization_id: int, handoff_id: int | None) -> str:
    """To the handoff that somebody came from, if it is one of theirs."""
    if handoff_id is None:
        return url_for("link_making.agreement", organization_id=organization_id, done="agreed")
    find_handoff(session, actor(), handoff_id)
    return url_for("link_making.ask", handoff_id=handoff_id, done="agreed")


def _screen(handoff_id: int, errors: Mapping[str, str], done: str | None = None) -> str:
    stay, task = seen_handoff(handoff_id)
    with reading() as session:
        found, handoff, _ = locked_handoff(session, handoff_id)
        receiver = receiver_of(session, found, handoff)
        if not actor().is_hospital or receiver is None:
            raise NotPermitted(_NO_LINK)
        standing = agreement_with(session, actor().organization_id, receiver.id)
        return render_template(
            "links/make.html",
            stay=stay,
            task=task,
            receiver=receiver,
            standing=standing,
            address=address_of(session, standing) if standing else "",
            may_make=may_be_shown(session, found, handoff) and handoff.declined_at is None,
            no_link=_NO_LINK,
            links=links_of(session, handoff_id, now()),
            days=desk().link_lifetime.days,
            mail_on=desk().mail_on,
            errors=errors,
            done=done,
        )


def _made(handoff_id: int, link: CaseLink, secret: str) -> str:
    stay, task = seen_handoff(handoff_id)
    return render_template(
        "links/made.html",
        stay=stay,
        task=task,
        address=f"{desk().public_origin}{PATH}{secret}",
        expires_at=link.expires_at,
    )


def _agreement_screen(
    organization_id: int,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    done: str | None = None,
) -> str:
    with reading() as session:
        organization = planner_of(session, organization_id, actor())
        standing = agreement_with(session, actor().organization_id, organization_id)
        caller = session.get(Staff, standing.recorded_by) if standing else None
    values = {
        "telephone": organization.telephone,
        "agreed_on": typed_day(day_of(now())),
        "mail_address": standing.mail_address if standing else "",
        "handoff": request.args.get("handoff", ""),
        # A PIN that was refused is not shown again.
        **{name: value for name, value in typed.items() if name != "pin"},
    }
    return render_template(
        "links/agreement.html",
        organization=organization,
        standing=standing,
        caller=caller.name if caller else "",
        values=values,
        errors=errors,
        done=done,
    )
