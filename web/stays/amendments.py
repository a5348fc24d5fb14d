"""Putting right what a stay was registered with (登録内容を直す).

Shows what the record says now. If somebody else changed it meanwhile, what only one of the two
changed is brought together; what both changed otherwise is shown side by side, and nothing is
saved until one was chosen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.access import find_stay
from handoffs.errors import BadEntry
from handoffs.history import Act
from handoffs.parties import all_wards_of, centers, staff_of
from handoffs.shown.overview import Overview
from handoffs.stays.amendment import amend, looks_wrong, particulars_of
from handoffs.stays.certification import Application, CareNeedLevel, InsuredCategory
from handoffs.tokyo import day_of
from rules.kinds import Labelled
from web.auth import kept_draft
from web.context import acting, actor, desk, now, reading, taken_in
from web.dates import moment
from web.inputs import Posted
from web.looks import pairs
from web.merge import Conflict
from web.overtaken import Carried, Contested, carried_in, choices, filled, hidden_fields
from web.stays.admission_input import CONSENT_CHOICES, OUTSIDE
from web.stays.amendment_input import (
    HIDDEN,
    HIDDEN_ASKED,
    INSIDE,
    as_typed,
    brought_together,
    read_amendment,
)
from web.stays.stay_pages import seen

pages = Blueprint("amendments", __name__)

Options = Sequence[Labelled] | Sequence[tuple[object, str]]

_HOME = ("municipality", "center_id")
_FIELDS: dict[str, tuple[str, Act]] = {
    "care_level": ("介護認定", Act.STAY_CERTIFY),
    "application": ("認定の申請", Act.STAY_CERTIFY),
    "insured_category": ("被保険者区分", Act.STAY_CERTIFY),
    "valid_until": ("認定の有効期限", Act.STAY_CERTIFY),
    "insured_number": ("被保険者番号", Act.STAY_CERTIFY),
    "consent": ("事業所へ連絡することの同意", Act.STAY_CONSENT),
    "municipality": ("住まいの市町村", Act.STAY_RESIDENCE),
    "center_id": ("圏域（担当の包括）", Act.STAY_RESIDENCE),
    HIDDEN: ("所在を秘匿する", Act.STAY_HIDDEN),
    "ward_id": ("病棟", Act.STAY_WARD),
    "contact_staff_id": ("病院の窓口", Act.STAY_CONTACT),
}
"""What can be put right: how the page calls it, and the act by which it changes."""


@dataclass(frozen=True)
class Contest:
    """One field that two people changed differently, with the values to choose from."""

    field: str
    label: str
    options: list[tuple[str, str]]


@pages.get("/stays/<int:stay_id>/particulars")
def particulars(stay_id: int) -> ResponseReturnValue:
    """Show the particulars as they are."""
    draft = kept_draft()
    typed = {name: texts[0] for name, texts in (draft or {}).items()}
    return _screen(stay_id, typed, carried=carried_in(draft) if draft else None)


@pages.post("/stays/<int:stay_id>/particulars")
def particulars_posted(stay_id: int) -> ResponseReturnValue:
    """Put the particulars right; what has to be passed on follows."""
    form = request.form.to_dict(flat=False)
    carried = carried_in(form)
    posted = Posted(filled(form, carried, _FIELDS), day_of(now()))
    try:
        entry = read_amendment(posted)
        if "consent" in carried.mine and posted.values.get("consent") != carried.mine["consent"]:
            # The day was typed beside an answer that gave way to somebody else's.
            entry = entry.model_copy(update={"consent_on": None})
        with acting() as session:
            stay = find_stay(session, actor(), stay_id)
            together = False
            if stay.version != carried.version or carried.unchosen:
                there = as_typed(particulars_of(session, stay))
                entry, together = brought_together(
                    posted, entry, carried, there, version=stay.version, today=day_of(now())
                )
            changed = amend(session, stay, entry, library=desk().library, by=actor(), now=now())
            done = "amended" if changed else "unchanged"
            if Act.STAY_WARD in changed:
                done = "moved_ward"
            if together and changed:
                done = "amended_together"
            if Act.STAY_CERTIFY in changed and looks_wrong(session, stay, entry):
                done = "amended_doubtful"
            location = url_for("stays.show", stay_id=stay_id, done=done)
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(stay_id, posted.values, bad.fields, posted, carried=carried), 422
    except Contested as contested:
        typed = {**posted.values, **contested.merged}
        return _screen(stay_id, typed, None, posted, contested=contested), 409
    return redirect(location, code=303)


def _screen(
    stay_id: int,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    posted: Posted | None = None,
    *,
    carried: Carried | None = None,
    contested: Contested | None = None,
) -> str:
    stay = seen(stay_id)
    with reading() as session:
        now_so = particulars_of(session, find_stay(session, actor(), stay_id))
        # A ward that was closed meanwhile stays in the list for whoever lies there.
        wards = [
            ward
            for ward in all_wards_of(session, actor().organization_id)
            if ward.closed_at is None or ward.id == now_so.ward_id
        ]
        people = staff_of(session, actor().organization_id)
        region_centers = centers(session, actor().region)
    if HIDDEN_ASKED in typed:  # A browser says nothing of a box without a tick.
        typed = {HIDDEN: "", **typed}
    there = as_typed(now_so)
    # Hidden whereabouts are not put on this page, except for whoever was typing them.
    asks_home = not stay.whereabouts_hidden or "municipality" in typed
    if contested:
        carried = contested.carried
    if carried is None:
        carried = Carried(stay.version, there)
    if not asks_home:
        carried = replace(carried, seen={k: v for k, v in carried.seen.items() if k not in _HOME})
    values = there | dict(typed)
    if values["contact_staff_id"] == there["contact_staff_id"]:
        values["contact_staff_id"] = ""
    asked = now_so.consent is not None or now_so.wants_no_contact
    lists: dict[str, Options] = {
        "care_level": list(CareNeedLevel),
        "application": list(Application),
        "insured_category": list(InsuredCategory),
        # What was answered once cannot become unasked.
        "consent": CONSENT_CHOICES[1:] if asked else CONSENT_CHOICES,
        "center_id": [
            ("", "分からない"),
            *((c.id, f"地域内（{c.name}の担当）") for c in region_centers),
            (INSIDE, "地域内（担当の包括は分からない）"),
            (OUTSIDE, "地域外に住んでいる"),
        ],
        "ward_id": [(ward.id, f"{ward.name}（{ward.kind.label}）") for ward in wards],
        "contact_staff_id": [
            ("", f"いまのまま（{stay.contact_staff or '未定'}）"),
            *((one.id, f"{one.name}（{one.role.label}）") for one in people),
        ],
        HIDDEN: [("yes", "秘匿する"), ("", "秘匿しない")],
    }
    contests = [
        Contest(one.field, _FIELDS[one.field][0], _choices(stay, one, lists.get(one.field)))
        for one in (contested.conflicts if contested else carried.contests(there))
        if one.field in _FIELDS
    ]
    unchosen = {
        one.field: f"「{one.label}」が、あなたと別の職員で違います。どちらかを選んでください。"
        for one in contests
    }
    return render_template(
        "stays/particulars.html",
        stay=stay,
        values=values,
        errors={**unchosen, **(errors or {})},
        readings=posted.readings if posted else {},
        contests=contests,
        contested={one.field for one in contests},
        hidden_fields=hidden_fields(carried),
        asks_home=asks_home,
        lists=lists,
    )


def _choices(stay: Overview, one: Conflict, options: Options | None) -> list[tuple[str, str]]:
    """The values to choose from, in the page's own words, with who wrote them and when."""
    known = {str(value): words for value, words in pairs(options or ())}
    act = _FIELDS[one.field][1]
    written = [event for event in stay.events if event.act is act]
    who = f"{written[-1].by}　{moment(written[-1].at)}" if written else "登録済み"
    return choices(one, known, who)
