"""One organization of the region in the hands of its administrator: entry, hours, people."""

import unicodedata
from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.errors import BadEntry, Overtaken
from handoffs.office_hours import HoursShown, hours_shown, set_hours
from handoffs.parties import number_looks_wrong, wards_of
from handoffs.region.joining import first_code_again, waits_for_first
from handoffs.region.organizations import (
    Particulars,
    correct_organization,
    let_sign_in,
    organization_in,
    people_in,
)
from handoffs.tokyo import day_of
from web.auth import fresh
from web.context import acting, actor, desk, now, reading, taken_in
from web.inputs import Posted
from web.office_hours import hours_screen, read_hours, values_of

pages = Blueprint("area_organizations", __name__)

_DONE = {
    "corrected": "登録内容を直しました。窓口一覧では「確認のあとに変更あり」になります。",
    "number_odd": "登録内容を直しました。ただし、番号の最後の桁が計算と合いません。"
    "写し間違いがないか確かめてください。",
    "fax": "登録内容を直しました。FAX番号が変わったため、病院がもう一度確かめるまで、"
    "この機関にFAXは送れません。",
    "unchanged": "変わったところはありませんでした。",
    "stopped": "この方のサインインを止めました。開いていた画面も閉じました。",
    "restored": (
        "止めるのをやめました。前のパスワードと端末は使えません。"
        "その機関のアカウント担当者が作る番号で、入り直してもらってください。"
    ),
    "saved": "営業日・営業時間を登録しました。",
}
_LONGEST_PLACE, _LONGEST_LINE, _LONGEST_NAME = 40, 20, 100


@pages.get("/area/organizations/<int:organization_id>")
@fresh
def show(organization_id: int) -> ResponseReturnValue:
    """Show what is kept of an organization, to be corrected, and who works there."""
    return _screen(organization_id, {}, {})


@pages.post("/area/organizations/<int:organization_id>")
@fresh
def corrected(organization_id: int) -> ResponseReturnValue:
    """Take a correction in."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    entry = read_particulars(posted)
    seen = posted.text("seen", longest=16)
    try:
        posted.finish()
        with acting() as session:
            changed = correct_organization(
                session, organization_id, entry, seen=seen, by=actor(), now=now()
            )
            location = url_for(".show", organization_id=organization_id, done=_word(changed, entry))
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(organization_id, posted.values, bad.fields), 422
    except Overtaken as overtaken:
        values = {name: text for name, text in posted.values.items() if name != "seen"}
        return _screen(organization_id, values, {"seen": overtaken.message}), 409
    return redirect(location, code=303)


@pages.post("/area/organizations/<int:organization_id>/people/<int:staff_id>")
@fresh
def signing_in(organization_id: int, staff_id: int) -> ResponseReturnValue:
    """Stop somebody's account, or let them sign in again."""
    allowed = request.form.get("allowed") == "yes"
    with acting() as session:
        let_sign_in(session, organization_id, staff_id, allowed=allowed, by=actor(), now=now())
        done = "restored" if allowed else "stopped"
        location = url_for(".show", organization_id=organization_id, done=done)
        taken_in(session, location)
    return redirect(location, code=303)


@pages.post("/area/organizations/<int:organization_id>/first-code")
@fresh
def first_code(organization_id: int) -> ResponseReturnValue:
    """Make a new code for the first person of an organization that nobody has entered yet."""
    with acting() as session:
        made = first_code_again(session, organization_id, by=actor(), now=now())
        taken_in(session, url_for(".show", organization_id=organization_id))
    return render_template("region/admitted.html", made=made)


@pages.get("/area/organizations/<int:organization_id>/hours")
@fresh
def hours(organization_id: int) -> ResponseReturnValue:
    """Show the hours of an organization, to be changed."""
    shown = _hours(organization_id)
    return _hours_screen(organization_id, shown, values_of(shown), {})


@pages.post("/area/organizations/<int:organization_id>/hours")
@fresh
def hours_posted(organization_id: int) -> ResponseReturnValue:
    """Take the hours in; what is due on open days is counted anew."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        entry = read_hours(posted)
        with acting() as session:
            set_hours(
                session,
                entry,
                library=desk().library,
                by=actor(),
                now=now(),
                organization_id=organization_id,
            )
            location = url_for(".show", organization_id=organization_id, done="saved")
            taken_in(session, location)
    except BadEntry as bad:
        shown = _hours(organization_id)
        return _hours_screen(organization_id, shown, posted.values, bad.fields), 422
    except Overtaken as overtaken:
        shown = _hours(organization_id)
        values = posted.values | {"seen": shown.seen}
        return _hours_screen(organization_id, shown, values, {"seen": overtaken.message}), 409
    return redirect(location, code=303)


def read_particulars(posted: Posted) -> Particulars:
    """Read what somebody typed about an organization; complaints stay with `posted`."""
    name = posted.text("name", ask="機関の名前を入力してください。", longest=_LONGEST_NAME)
    kana = posted.kana("kana", ask="読みをカナで入力してください。", longest=_LONGEST_NAME)
    number = _plain(posted.text("number", longest=_LONGEST_LINE)).upper()
    if number and not (number.isascii() and number.isalnum() and len(number) == 10):  # noqa: PLR2004
        posted.refuse("number", "10桁の番号を入力してください。ないときは空欄にします。")
    municipality = posted.text("municipality", longest=_LONGEST_PLACE)
    telephone = read_line(posted, "telephone", ask="代表の電話番号を入力してください。")
    fax = read_line(posted, "fax")
    return Particulars(name, kana, number or None, municipality, telephone, fax)


def read_line(posted: Posted, name: str, ask: str | None = None) -> str:
    """Read a telephone or FAX number as somebody typed it; `ask` complains about an empty one."""
    text = _plain(posted.text(name, ask=ask, longest=_LONGEST_LINE))
    if text and not set(text) <= set("0123456789-+()"):
        posted.refuse(name, "数字とハイフンで入力してください。例 0770-00-0000")
    return text


def _plain(text: str) -> str:
    wide = unicodedata.normalize("NFKC", text).translate(dict.fromkeys(map(ord, "‐−–—ー"), "-"))
    return "".join(wide.split())


def _word(changed: tuple[str, ...], entry: Particulars) -> str:
    if not changed:
        return "unchanged"
    if "fax" in changed:
        return "fax"
    odd = "number" in changed and entry.number is not None and number_looks_wrong(entry.number)
    return "number_odd" if odd else "corrected"


def _hours(organization_id: int) -> HoursShown:
    with reading() as session:
        return hours_shown(session, actor(), organization_id)


def _hours_screen(
    organization_id: int, shown: HoursShown, values: Mapping[str, str], errors: Mapping[str, str]
) -> str:
    return hours_screen(
        shown,
        values,
        errors,
        action=url_for(".hours_posted", organization_id=organization_id),
        back=url_for(".show", organization_id=organization_id),
    )


def _screen(organization_id: int, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with reading() as session:
        organization = organization_in(session, actor(), organization_id)
        people = people_in(session, actor(), organization_id)
        wards = wards_of(session, organization_id)
    waits = waits_for_first(people) is not None
    held = Particulars.of(organization)
    values = {**vars(held), "number": held.number or "", "seen": held.seen, **typed}
    return render_template(
        "region/organization.html",
        organization=organization,
        people=people,
        wards=wards,
        waits=waits,
        values=values,
        errors=errors,
        done=_DONE.get(request.args.get("done", "")),
    )
