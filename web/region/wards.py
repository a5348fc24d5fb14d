"""The wards of one hospital in the hands of the region's administrator."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.errors import BadEntry, NotVisible, Overtaken
from handoffs.parties import WardKind
from handoffs.region.wards import WardEntry, add_ward, close_ward, correct_ward, wards_in
from handoffs.tokyo import day_of
from web.auth import fresh
from web.context import acting, actor, now, reading, taken_in
from web.inputs import Posted
from web.region.organizations import read_line

pages = Blueprint("area_wards", __name__)

_DONE = {
    "added": "病棟を足しました。入院の登録で、いまから選べます。",
    "corrected": "病棟の登録を直しました。",
    "unchanged": "変わったところはありませんでした。",
    "closed": "病棟を閉じました。新しい入院と転棟では選べなくなりました。"
    "この病棟で登録した方の記録は、そのまま残ります。",
    "opened": "この病棟を、また使えるようにしました。",
}
_LONGEST_NAME = 40


@pages.get("/area/organizations/<int:organization_id>/wards")
@fresh
def show(organization_id: int) -> ResponseReturnValue:
    """Show every ward of a hospital, each to be corrected or closed, and a form for a new one."""
    return _screen(organization_id, {}, {})


@pages.post("/area/organizations/<int:organization_id>/wards")
@fresh
def added(organization_id: int) -> ResponseReturnValue:
    """Take a new ward in."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    entry = _read(posted)
    try:
        posted.finish()
        with acting() as session:
            add_ward(session, organization_id, entry, by=actor(), now=now())
            location = url_for(".show", organization_id=organization_id, done="added")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(organization_id, posted.values, bad.fields), 422
    return redirect(location, code=303)


@pages.get("/area/organizations/<int:organization_id>/wards/<int:ward_id>")
@fresh
def one(organization_id: int, ward_id: int) -> ResponseReturnValue:
    """Show one ward, to be corrected, closed or opened again."""
    return _screen(organization_id, {}, {}, ward_id)


@pages.post("/area/organizations/<int:organization_id>/wards/<int:ward_id>")
@fresh
def corrected(organization_id: int, ward_id: int) -> ResponseReturnValue:
    """Take a correction in."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    entry = _read(posted)
    seen = posted.text("seen", longest=16)
    try:
        posted.finish()
        with acting() as session:
            changed = correct_ward(
                session, organization_id, ward_id, entry, seen=seen, by=actor(), now=now()
            )
            done = "corrected" if changed else "unchanged"
            location = url_for(".show", organization_id=organization_id, done=done)
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(organization_id, posted.values, bad.fields, ward_id), 422
    except Overtaken as overtaken:
        values = {name: text for name, text in posted.values.items() if name != "seen"}
        return _screen(organization_id, values, {"seen": overtaken.message}, ward_id), 409
    return redirect(location, code=303)


@pages.post("/area/organizations/<int:organization_id>/wards/<int:ward_id>/closed")
@fresh
def closed(organization_id: int, ward_id: int) -> ResponseReturnValue:
    """Close a ward, or open it again."""
    shut = request.form.get("closed") == "yes"
    with acting() as session:
        close_ward(session, organization_id, ward_id, closed=shut, by=actor(), now=now())
        done = "closed" if shut else "opened"
        location = url_for(".show", organization_id=organization_id, done=done)
        taken_in(session, location)
    return redirect(location, code=303)


def _read(posted: Posted) -> WardEntry:
    name = posted.text("name", ask="病棟の名前を入力してください。", longest=_LONGEST_NAME)
    kind = posted.one_of(
        "kind", [one.value for one in WardKind], ask="病棟の種類を選んでください。"
    )
    telephone = read_line(posted, "telephone")
    # A kind that was not chosen is complained of before this entry is ever used.
    return WardEntry(name, WardKind(kind or WardKind.GENERAL), telephone)


def _screen(
    organization_id: int,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    ward_id: int | None = None,
) -> str:
    with reading() as session:
        hospital, wards = wards_in(session, actor(), organization_id)
    ward = next((one for one in wards if one.id == ward_id), None)
    if ward_id is not None and ward is None:
        raise NotVisible
    held = {} if ward is None else {**vars(WardEntry.of(ward)), "seen": WardEntry.of(ward).seen}
    return render_template(
        "region/wards.html",
        hospital=hospital,
        wards=wards,
        ward=ward,
        kinds=list(WardKind),
        values={**held, **typed},
        errors=errors,
        done=_DONE.get(request.args.get("done", "")),
    )
