"""Verifying a FAX number: typed twice, read back in a call, proved by a test page."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.fax_papers import trial_page
from handoffs.errors import BadEntry, NotVisible
from handoffs.fax.channel import alike
from handoffs.fax.number import (
    CallEntry,
    NumberEntry,
    note_call,
    note_test,
    number_of,
    second,
    set_number,
)
from handoffs.fax.values import trial_values
from handoffs.link.agreement import planner_of
from handoffs.parties import Staff
from handoffs.tokyo import day_of
from web.context import acting, actor, desk, now, reading, taken_in
from web.handoffs.fax import pdf
from web.inputs import Posted, typed_day

pages = Blueprint("fax_numbers", __name__)

_DONE = {
    "set": "FAX番号を登録しました。次に、電話で番号を読み合わせてください。",
    "called": "電話での読み合わせを記録しました。",
    "tested": "試し送りが届いたことを記録しました。",
    "seconded": "二人目の確かめを記録しました。",
}


@pages.get("/organizations/<int:organization_id>/fax")
def show(organization_id: int) -> ResponseReturnValue:
    """Show how far the number of an organization is verified, and what is next."""
    return _screen(organization_id, {}, {}, _DONE.get(request.args.get("done", "")))


@pages.post("/organizations/<int:organization_id>/fax")
def typed(organization_id: int) -> ResponseReturnValue:
    """Take down a number that was typed twice. Another than before is locked until verified."""
    posted = _posted()
    try:
        entry = NumberEntry(
            number=posted.text("number", ask="FAX番号を入力してください。", longest=40),
            again=posted.text("again", ask="FAX番号をもう一度入力してください。", longest=40),
        )
        posted.finish()
        with acting() as session:
            set_number(session, organization_id, entry, by=actor(), now=now())
            location = _here(organization_id, "set")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(organization_id, posted.values, bad.fields), 422
    return redirect(location, code=303)


@pages.post("/organizations/<int:organization_id>/fax/call")
def called(organization_id: int) -> ResponseReturnValue:
    """Write down that the number was read back in a call."""
    posted = _posted()
    try:
        entry = CallEntry(
            telephone=posted.text(
                "telephone", ask="かけた電話番号を入力してください。", longest=20
            ),
            counterpart=posted.text("counterpart", ask="相手の方のお名前を入力してください。"),
            called_on=posted.needed_day("called_on", ask="電話で確かめた日を入力してください。"),
        )
        posted.finish()
        with acting() as session:
            note_call(session, organization_id, entry, by=actor(), now=now())
            location = _here(organization_id, "called")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(organization_id, posted.values, bad.fields), 422
    return redirect(location, code=303)


@pages.post("/organizations/<int:organization_id>/fax/test")
def tested(organization_id: int) -> ResponseReturnValue:
    """Take in the code that the office read from the test page."""
    posted = _posted()
    try:
        code = posted.text("test_code", ask="届いた用紙のコードを入力してください。", longest=20)
        posted.finish()
        with acting() as session:
            note_test(session, organization_id, code, by=actor(), now=now())
            location = _here(organization_id, "tested")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(organization_id, posted.values, bad.fields), 422
    return redirect(location, code=303)


@pages.post("/organizations/<int:organization_id>/fax/second")
def seconded(organization_id: int) -> ResponseReturnValue:
    """Let a second person vouch for the number."""
    with acting() as session:
        second(session, organization_id, by=actor(), now=now())
        location = _here(organization_id, "seconded")
        taken_in(session, location)
    return redirect(location, code=303)


@pages.get("/organizations/<int:organization_id>/fax/test.pdf")
def printed(organization_id: int) -> ResponseReturnValue:
    """Print the test page: a cover about nobody, with the code to be read out."""
    with reading() as session:
        planner_of(session, organization_id, actor())
        number = number_of(session, actor().organization_id, organization_id)
        if number is None:
            raise NotVisible
        values = trial_values(session, number, now=now())
    return pdf(trial_page(values), "fax-test.pdf")


def _posted() -> Posted:
    return Posted(request.form.to_dict(flat=False), day_of(now()))


def _here(organization_id: int, done: str) -> str:
    return url_for("fax_numbers.show", organization_id=organization_id, done=done)


def _screen(
    organization_id: int,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    done: str | None = None,
) -> str:
    with reading() as session:
        organization = planner_of(session, organization_id, actor())
        number = number_of(session, actor().organization_id, organization_id)
        names = {
            key: staff.name
            for key in ("recorded_by", "called_by", "tested_by", "seconded_by")
            if number is not None
            and (staff := session.get(Staff, getattr(number, key) or 0)) is not None
        }
        others = alike(session, organization)
    second_person = desk().fax_second_person
    return render_template(
        "fax/number.html",
        organization=organization,
        number=number,
        names=names,
        overtaken=number is not None and number.is_overtaken(organization),
        verified=number is not None
        and number.is_verified(organization, second_person=second_person),
        second_person=second_person,
        alike=others,
        values={
            "number": organization.fax,
            "telephone": organization.telephone,
            "called_on": typed_day(day_of(now())),
            **values,
        },
        errors=errors,
        done=done,
    )
