"""Putting a registered discharge right, and taking it back.

If somebody else put it right meanwhile, what only one of the two changed is brought together;
what both changed differently is shown side by side, and nothing is saved until one was chosen.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from handoffs.access import find_stay
from handoffs.errors import BadEntry, NotPermitted
from handoffs.history import Act
from handoffs.shown.overview import Overview
from handoffs.stays.discharge import DischargeEntry
from handoffs.stays.discharge_undo import correct_discharge, undo_discharge
from handoffs.stays.stay import Destination, Stay
from handoffs.stays.transfer import other_hospitals
from handoffs.tokyo import day_of
from web.auth import kept_draft
from web.context import acting, actor, desk, now, reading, taken_in
from web.dates import moment
from web.inputs import Posted
from web.merge import Conflict, merge
from web.overtaken import (
    CARRIED,
    Carried,
    Contested,
    carried_in,
    choices,
    filled,
    hidden_fields,
    settle,
)
from web.stays.acts import acted
from web.stays.discharge_input import (
    ANEW,
    FIELDS,
    GOING,
    MEANS,
    NOT_LISTED,
    QUESTION,
    RESULTS,
    read_discharge,
    spread,
    stored_values,
    typed_values,
)
from web.stays.stay_pages import seen

pages = Blueprint("discharge_corrections", __name__)

_OPEN_AGAIN = (
    "別の職員が退院の登録を取り消したため、いまは入院中です。入力した内容は下に残しています。"
    "退院しているときは、確かめて登録してください。"
)
_SAME = "同じ内容が、別の職員によってもう登録されています。直すところがなければ、戻ってください。"


@dataclass(frozen=True)
class Contest:
    """One statement that two people made differently, with the values to choose from."""

    field: str
    label: str
    options: list[tuple[str, str]]


@pages.get("/stays/<int:stay_id>/discharge/correction")
def correct(stay_id: int) -> ResponseReturnValue:
    """Show the discharge as it was registered, to put it right or to take it back."""
    stay = _left(stay_id)
    draft = kept_draft()
    typed = {name: texts[0] for name, texts in spread(draft or {}).items()}
    return _screen(stay, typed, carried=carried_in(draft) if draft else None)


@pages.post("/stays/<int:stay_id>/discharge/correction")
def correct_posted(stay_id: int) -> ResponseReturnValue:
    """Put the discharge right, as if the wrong one had never been written down."""
    form = request.form.to_dict(flat=False)
    carried = carried_in(form)
    posted = Posted(spread(filled(form, carried, FIELDS)), day_of(now()))
    location = url_for("stays.show", stay_id=stay_id, done="discharge_corrected")
    try:
        entry = _read(posted)
        with acting() as session:
            stay = find_stay(session, actor(), stay_id)
            if not stay.is_open:
                settled = _brought_together(posted, entry, carried, stay)
                library = desk().library
                correct_discharge(session, stay, settled, library=library, by=actor(), now=now())
            taken_in(session, location)
            is_open = stay.is_open
        if is_open:
            here = seen(stay_id)
            hidden = {"version": str(here.version)}
            errors = {"version": _OPEN_AGAIN}
            return discharge_screen(here, posted.values, errors, posted, hidden=hidden), 409
    except BadEntry as bad:
        return _screen(_left(stay_id), posted.values, bad.fields, posted, carried=carried), 422
    except Contested as contested:
        typed = {**posted.values, **_spread_texts(contested.merged)}
        return _screen(_left(stay_id), typed, None, posted, contested=contested), 409
    return redirect(location, code=303)


@pages.post("/stays/<int:stay_id>/discharge/undo")
def undo(stay_id: int) -> ResponseReturnValue:
    """Take the discharge back: the person is still in hospital."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))

    def act(session: Session, stay: Stay) -> None:
        version = posted.needed_number("version", ask=ANEW)
        posted.finish()
        undo_discharge(
            session, stay, version=version, library=desk().library, by=actor(), now=now()
        )

    return acted(
        stay_id,
        act,
        lambda errors: _screen(_left(stay_id), {}, errors),
        done="discharge_undone",
    )


def beside_stored(stay: Overview, posted: Posted, form: Mapping[str, list[str]]) -> str:
    """Show a first discharge that somebody else registered meanwhile beside what was typed."""
    stored = stored_values(stay)
    try:
        mine = typed_values(_read(Posted(form, day_of(now()))))
    except BadEntry as bad:
        return _screen(stay, posted.values, bad.fields, posted)
    outcome = merge({}, mine, stored)
    if not outcome.conflicts:
        return _screen(stay, posted.values, {"version": _SAME}, posted)
    contested = Contested(outcome.merged, outcome.conflicts, stored=stored, version=stay.version)
    return _screen(stay, posted.values, None, posted, contested=contested)


def _read(posted: Posted) -> DischargeEntry:
    posted.let_pass(CARRIED)
    return read_discharge(posted)


def _brought_together(
    posted: Posted, entry: DischargeEntry, carried: Carried, stay: Stay
) -> DischargeEntry:
    """What was typed together with what is stored. Raises Contested where both cannot stand."""
    if stay.version == carried.version and not carried.unchosen:
        return entry
    settled, _ = settle(carried, typed_values(entry), stored_values(stay), stay.version)
    said = {**posted.values, **_spread_texts(settled), "version": str(stay.version)}
    for name in CARRIED:
        said.pop(name, None)
    return read_discharge(Posted({name: [text] for name, text in said.items()}, day_of(now())))


def _spread_texts(values: Mapping[str, str]) -> dict[str, str]:
    form = spread({name: [text] for name, text in values.items()})
    return {name: texts[0] for name, texts in form.items()}


def _left(stay_id: int) -> Overview:
    """Read a stay that ended. Raises NotVisible, or NotPermitted while the person is there."""
    stay = seen(stay_id)
    if stay.is_open:
        raise NotPermitted("この方の退院は登録されていません。最新の画面を開いてください。")
    return stay


def _screen(
    stay: Overview,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    posted: Posted | None = None,
    *,
    carried: Carried | None = None,
    contested: Contested | None = None,
) -> str:
    stored = stored_values(stay)
    if contested is not None:
        carried = contested.carried
    if carried is None:
        carried = Carried(stay.version, stored)
    hospitals = _hospitals()
    contests = [
        Contest(one.field, FIELDS[one.field], _choices(stay, one, hospitals))
        for one in (contested.conflicts if contested else carried.contests(stored))
        if one.field in FIELDS
    ]
    unchosen = {
        one.field: f"「{one.label}」が、あなたと別の職員で違います。どちらかを選んでください。"
        for one in contests
    }
    return discharge_screen(
        stay,
        {**_spread_texts(stored), **typed},
        {**unchosen, **(errors or {})},
        posted,
        hidden=hidden_fields(carried),
        contests=contests,
    )


def _choices(
    stay: Overview, one: Conflict, hospitals: list[tuple[object, str]]
) -> list[tuple[str, str]]:
    """The values to choose from in the page's words, with who wrote them and when."""
    written = [event for event in stay.events if event.act is Act.STAY_DISCHARGE]
    who = f"{written[-1].by}　{moment(written[-1].at)}" if written else "登録済み"
    words: dict[str, str] = {}
    if one.field == GOING:
        named = {str(key): name for key, name in hospitals}
        for text in (one.before, one.mine, one.theirs):
            destination, _, following = (text or "").partition("/")
            known = {d.value: d.label for d in Destination}
            parts = (known.get(destination, ""), named.get(following, ""))
            words[text or ""] = "　".join(part for part in parts if part)
    return choices(one, words, who)


def _hospitals() -> list[tuple[object, str]]:
    with reading() as session:
        hospitals = [(one.id, one.name) for one in other_hospitals(session, actor())]
    return [*hospitals, (NOT_LISTED, "一覧にない・分からない")]


def discharge_screen(
    stay: Overview,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    posted: Posted | None,
    *,
    hidden: Mapping[str, str],
    contests: list[Contest] | None = None,
) -> str:
    """Render the page of a discharge: of somebody in hospital the first, else the correction."""
    return render_template(
        "stays/discharge.html",
        stay=stay,
        values=values,
        errors=errors,
        readings=posted.readings if posted else {},
        destinations=list(Destination),
        hospitals=_hospitals(),
        question=QUESTION,
        means=MEANS,
        results=RESULTS,
        hidden_fields=hidden,
        contests=contests or [],
        contested={one.field for one in contests or []},
    )
