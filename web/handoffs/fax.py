"""A FAX about one handoff: prepared, written down as the machine says, closed by its slip.

The papers are printed from the record when somebody opens them; nothing of them is kept here.
"""

from collections.abc import Mapping

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.fax_papers import papers
from handoffs.decline import DeclineEntry, DeclineReason
from handoffs.errors import BadEntry, NotPermitted
from handoffs.fax.channel import (
    BY_MACHINE,
    FaxState,
    Gateway,
    alike,
    find_sending,
    note_state,
    prepare,
)
from handoffs.fax.number import number_of
from handoffs.fax.shown import sendings_of, settle_fax
from handoffs.fax.slip import SlipAnswer, sending_of_slip, take_slip
from handoffs.fax.values import fax_values
from handoffs.handoff import LONGEST_REASON
from handoffs.history import Act
from handoffs.link.receiver import may_be_shown, receiver_of
from handoffs.parties import planning_organizations
from handoffs.shown.overview import overview_of
from handoffs.tokyo import day_of
from web.context import acting, actor, desk, note_read, now, reading, taken_in
from web.handoffs.handoff_pages import locked_handoff, seen_handoff
from web.inputs import Posted, typed_day

pages = Blueprint("fax", __name__)

_NOT_BY_FAX = (
    "この引き継ぎはFAXで送れません。本人の同意や居場所の扱い、いまの状態を確かめ、"
    "電話で直接伝えてください。"
)
_NOT_USED = (
    "この地域では、FAXを使わないことに決めています。電話・つなぎの画面・リンクで伝えてください。"
)
_DONE = {
    "prepared": "FAXを準備しました。用紙を印刷して送り、結果を記録してください。",
    "queued": "FAXサーバーに渡します。送れなかったときは、やることの一覧に出ます。",
    "noted": "送信の結果を記録しました。",
}
_SLIP_DONE = {
    "received": "返信を記録しました。この引き継ぎは受領確認済みです。",
}


@pages.get("/handoffs/<int:handoff_id>/fax")
def ask(handoff_id: int) -> ResponseReturnValue:
    """Show to which number this handoff would go, and the sendings so far."""
    return _screen(handoff_id, {}, _DONE.get(request.args.get("done", "")))


@pages.post("/handoffs/<int:handoff_id>/fax")
def prepared(handoff_id: int) -> ResponseReturnValue:
    """Prepare a FAX; with a FAX server, hand it over."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    if not desk().fax_used:
        raise NotPermitted(_NOT_USED)
    try:
        seen_alike = posted.text("seen_alike") == "yes"
        posted.finish()
        with acting() as session:
            stay, handoff, _ = locked_handoff(session, handoff_id)
            gateway = Gateway(desk().fax_gateway, desk().fax_second_person)
            prepare(
                session,
                stay,
                handoff,
                seen_alike=seen_alike,
                gateway=gateway,
                by=actor(),
                now=now(),
            )
            done = "queued" if gateway.is_on else "prepared"
            location = url_for("fax.ask", handoff_id=handoff_id, done=done)
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(handoff_id, bad.fields), 422
    return redirect(location, code=303)


@pages.post("/faxes/<int:fax_id>/state")
def noted(fax_id: int) -> ResponseReturnValue:
    """Write down what the machine said, in one tap."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    with acting() as session:
        sending = find_sending(session, actor(), fax_id)
        to = posted.word("state", FaxState, ask="送信の結果を選んでください。")
        posted.finish()
        note_state(session, sending, to, by=actor(), now=now())
        location = url_for("fax.ask", handoff_id=sending.handoff_id, done="noted")
        taken_in(session, location)
    return redirect(location, code=303)


@pages.post("/faxes/<int:fax_id>/settle")
def settled(fax_id: int) -> ResponseReturnValue:
    """Say that what did not get through was told otherwise."""
    with acting() as session:
        settle_fax(session, fax_id, by=actor(), now=now())
        location = url_for("worklist.worklist", done="fax_settled")
        taken_in(session, location)
    return redirect(location, code=303)


@pages.get("/faxes/<int:fax_id>/papers.pdf")
def printed(fax_id: int) -> ResponseReturnValue:
    """Print cover and slip of a sending."""
    with reading() as session:
        sending = find_sending(session, actor(), fax_id)
        values = fax_values(session, sending, now=now())
    note_read(Act.HANDOFF_SHEET, stay_id=sending.stay_id, detail={"fax": fax_id})
    return pdf(papers(values), f"fax-{sending.code}.pdf")


@pages.get("/slips")
def slip() -> ResponseReturnValue:
    """Ask for the code of a slip that came back."""
    return _slip_screen({}, {}, _SLIP_DONE.get(request.args.get("done", "")))


@pages.get("/slips/<code>")
def scanned(code: str) -> ResponseReturnValue:
    """The same, with a code that was read by a camera."""
    return _slip_screen({"code": code[:20]}, {})


@pages.post("/slips")
def taken() -> ResponseReturnValue:
    """Take a slip in: show whose it is first, then write down what it says."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        code = posted.text("code", ask="返信の用紙のコードを入力してください。", longest=20)
        if "answer" not in posted.values and "looked" not in posted.values:
            posted.finish()
            return _slip_screen(posted.values, {})
        answer = posted.word("answer", SlipAnswer, ask="返信の内容を選んでください。")
        on = posted.needed_day("received_on", ask="相手が受け取った日を入力してください。")
        declined = _declined(posted) if answer is SlipAnswer.DECLINED else None
        posted.let_pass(("looked", "reason", "words", "suggested"))
        posted.finish()
        with acting() as session:
            sending = take_slip(
                session, code, answer, received_on=on, by=actor(), now=now(), declined=declined
            )
            if answer is SlipAnswer.RECEIVED:
                location = url_for("fax.slip", done="received")
            elif answer is SlipAnswer.DECLINED:
                location = url_for("answers.elsewhere", handoff_id=sending.handoff_id)
            else:
                location = url_for("stays.show", stay_id=sending.stay_id, done="fax_replied")
            taken_in(session, location)
    except BadEntry as bad:
        name = "received_on" if "happened_on" in bad.fields else ""
        errors = {name or key: message for key, message in bad.fields.items()}
        return _slip_screen(posted.values, errors), 422
    return redirect(location, code=303)


def _declined(posted: Posted) -> DeclineEntry:
    """Why the office does not take it, as somebody read it from the slip or asked by telephone."""
    return DeclineEntry(
        reason=posted.word("reason", DeclineReason, ask="担当ではない理由を選んでください。"),
        words=posted.text("words", longest=LONGEST_REASON),
        suggested_id=posted.number("suggested"),
    )


def pdf(content: bytes, name: str) -> Response:
    """Give out a PDF under a name that names nobody."""
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _screen(handoff_id: int, errors: Mapping[str, str], done: str | None = None) -> str:
    stay, task = seen_handoff(handoff_id)
    with reading() as session:
        found, handoff, _ = locked_handoff(session, handoff_id)
        receiver = receiver_of(session, found, handoff)
        if not actor().is_hospital or receiver is None:
            raise NotPermitted(_NOT_BY_FAX)
        number = number_of(session, actor().organization_id, receiver.id)
        second_person = desk().fax_second_person
        verified = number is not None and number.is_verified(receiver, second_person=second_person)
        return render_template(
            "fax/send.html",
            stay=stay,
            task=task,
            receiver=receiver,
            number=number,
            verified=verified,
            alike=alike(session, receiver),
            may_send=(
                desk().fax_used
                and may_be_shown(session, found, handoff)
                and handoff.declined_at is None
            ),
            not_by_fax=_NOT_BY_FAX if desk().fax_used else _NOT_USED,
            sendings=sendings_of(session, handoff_id),
            states=BY_MACHINE,
            gateway=desk().fax_gateway,
            errors=errors,
            done=done,
        )


def _slip_screen(
    typed: Mapping[str, str], errors: Mapping[str, str], done: str | None = None
) -> str:
    """Ask for a code; where one stands there already and fits, show whose it is."""
    code, stay, task, offices = typed.get("code", ""), None, None, []
    if code and "code" not in errors:
        try:
            with reading() as session:
                sending = sending_of_slip(session, code, by=actor())
                stay = overview_of(
                    session, actor(), sending.stay_id, library=desk().library, now=now()
                )
                task = next((t for t in stay.tasks if t.id == sending.handoff_id), None)
                offices = [
                    (one.id, f"{one.name}（{one.municipality}）" if one.municipality else one.name)
                    for one in planning_organizations(session, actor().region)
                    if one.id != sending.organization_id
                ]
        except BadEntry as bad:
            errors = {**errors, **bad.fields}
        else:
            note_read(Act.STAY_READ, stay_id=sending.stay_id)
    return render_template(
        "fax/slip.html",
        code=code,
        stay=stay,
        task=task,
        answers=SlipAnswer,
        reasons=DeclineReason,
        offices=offices,
        values={"received_on": typed_day(day_of(now())), **typed},
        errors=errors,
        done=done,
    )
