"""Putting right what a stay was registered with (登録内容を直す).

Shows what the record says now. If somebody else changed it meanwhile, nothing is saved, what
was typed stays in the fields, and what is new stands above them.
"""

import unicodedata
from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.access import Permission, find_stay
from handoffs.amendment import AmendmentEntry, amend, looks_wrong, particulars_of
from handoffs.certification import Application, CareNeedLevel, InsuredCategory
from handoffs.consent import ConsentAnswer
from handoffs.errors import BadEntry, Overtaken
from handoffs.history import Act
from handoffs.parties import centers, staff_of, wards_of
from handoffs.residence import ResidenceEntry
from handoffs.tokyo import day_of
from web.admission_input import CONSENT_CHOICES, GIVEN, NO_CONTACT, OUTSIDE, WITHHELD, read_consent
from web.auth import kept_draft, requires
from web.context import acting, actor, desk, now, reading, taken_in
from web.inputs import Posted, typed_day
from web.stays import seen

pages = Blueprint("amendments", __name__)

INSIDE = "inside"
"""Lives in the region; which centre is in charge is not known."""

HIDDEN = "whereabouts_hidden"
HIDDEN_ASKED = "whereabouts_asked"
"""Goes along with the box, so that a form which lost both hides and shows nothing."""

_ANEW = "画面を開き直してください。"


@pages.get("/stays/<int:stay_id>/particulars")
@requires(Permission.STAY_EDIT)
def particulars(stay_id: int) -> ResponseReturnValue:
    """Show the particulars as they are."""
    draft = {name: texts[0] for name, texts in (kept_draft() or {}).items()}
    return _screen(stay_id, draft)


@pages.post("/stays/<int:stay_id>/particulars")
@requires(Permission.STAY_EDIT)
def particulars_posted(stay_id: int) -> ResponseReturnValue:
    """Put the particulars right; what has to be passed on follows."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        entry = _read(posted)
        with acting() as session:
            stay = find_stay(session, actor(), stay_id)
            changed = amend(session, stay, entry, library=desk().library, by=actor(), now=now())
            done = "amended" if changed else "unchanged"
            if Act.STAY_CERTIFY in changed and looks_wrong(session, stay, entry):
                done = "amended_doubtful"
            location = url_for("stays.show", stay_id=stay_id, done=done)
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(stay_id, posted.values, bad.fields, posted), 422
    except Overtaken as overtaken:
        return _screen(stay_id, posted.values, {"version": overtaken.message}, posted), 409
    return redirect(location, code=303)


def _read(posted: Posted) -> AmendmentEntry:
    """Read the page. Raises BadEntry with a message for each field."""
    level = posted.word("care_level", CareNeedLevel, ask="介護認定を選んでください。")
    application = posted.word("application", Application, ask="申請の状況を選んでください。")
    category = posted.word(
        "insured_category", InsuredCategory, ask="被保険者区分を選んでください。"
    )
    valid_until = posted.day("valid_until")
    number = unicodedata.normalize("NFKC", posted.text("insured_number", longest=10)).upper()
    if len(number) > len("0000000000"):  # One sign such as ㍿ becomes several.
        posted.refuse("insured_number", "10桁の番号を入力してください。")
    consent, ground = read_consent(posted)
    said = posted.values.get("consent")
    consent_on = posted.day("consent_on")
    home = _read_residence(posted)
    hidden = _read_hidden(posted)
    ward_id = posted.number("ward_id")
    contact_staff_id = posted.number("contact_staff_id")
    version = posted.needed_number("version", ask=_ANEW)
    posted.finish()
    return AmendmentEntry(
        care_level=level,
        application=application,
        insured_category=category,
        valid_until=valid_until,
        insured_number=number or None,
        consent=consent,
        consent_ground=ground,
        consent_on=consent_on,
        wants_no_contact=said == NO_CONTACT if said else None,
        residence=ResidenceEntry.model_validate(home) if home else None,
        whereabouts_hidden=hidden,
        ward_id=ward_id,
        contact_staff_id=contact_staff_id,
        version=version,
    )


def _read_residence(posted: Posted) -> dict[str, str | int | bool | None]:
    """Read where the person lives; nothing where the page did not ask (所在秘匿)."""
    if "municipality" not in posted.values:
        return {}
    municipality = posted.text("municipality", longest=40)
    place = posted.values.get("center_id", "")
    if place in {INSIDE, OUTSIDE}:
        posted.text("center_id")
        return {"municipality": municipality, "in_region": place == INSIDE}
    center_id = posted.number("center_id")
    in_region = True if center_id is not None else None
    return {"municipality": municipality, "center_id": center_id, "in_region": in_region}


def _read_hidden(posted: Posted) -> bool | None:
    """Read whether the whereabouts are hidden; None for a form that lost the question."""
    asked = posted.one_of(HIDDEN_ASKED, ("", "yes"), ask=_ANEW) == "yes"
    ticked = posted.one_of(HIDDEN, ("", "yes"), ask=_ANEW) == "yes"
    return ticked if asked else None


def _as_typed(now_so: AmendmentEntry) -> dict[str, str]:
    """The present particulars the way the page's fields hold them."""
    home = now_so.residence or ResidenceEntry()
    place = {True: INSIDE, False: OUTSIDE, None: ""}[home.in_region]
    consent = {
        ConsentAnswer.GIVEN: GIVEN + now_so.consent_ground.value,
        ConsentAnswer.WITHHELD: WITHHELD,
        None: "",
    }[now_so.consent]
    return {
        "care_level": now_so.care_level.value,
        "application": now_so.application.value,
        "insured_category": now_so.insured_category.value,
        "valid_until": typed_day(now_so.valid_until),
        "insured_number": now_so.insured_number or "",
        "consent": NO_CONTACT if now_so.wants_no_contact else consent,
        "municipality": home.municipality,
        "center_id": str(home.center_id) if home.center_id else place,
        HIDDEN: "yes" if now_so.whereabouts_hidden else "",
        "ward_id": str(now_so.ward_id),
    }


def _screen(
    stay_id: int,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    posted: Posted | None = None,
) -> str:
    stay = seen(stay_id)
    with reading() as session:
        now_so = particulars_of(session, find_stay(session, actor(), stay_id))
        wards = wards_of(session, actor().organization_id)
        people = staff_of(session, actor().organization_id)
        region_centers = centers(session, actor().region)
    if HIDDEN_ASKED in typed:  # A browser says nothing of a box without a tick.
        typed = {HIDDEN: "", **typed}
    asked = now_so.consent is not None or now_so.wants_no_contact
    return render_template(
        "stays/particulars.html",
        stay=stay,
        values=_as_typed(now_so) | dict(typed),
        errors=errors or {},
        readings=posted.readings if posted else {},
        levels=list(CareNeedLevel),
        applications=list(Application),
        categories=list(InsuredCategory),
        # What was answered once cannot become unasked.
        consents=CONSENT_CHOICES[1:] if asked else CONSENT_CHOICES,
        residences=[
            ("", "分からない"),
            *((c.id, f"地域内（{c.name}の担当）") for c in region_centers),
            (INSIDE, "地域内（担当の包括は分からない）"),
            (OUTSIDE, "地域外に住んでいる"),
        ],
        wards=[(ward.id, f"{ward.name}（{ward.kind.label}）") for ward in wards],
        people=[
            ("", f"いまのまま（{stay.contact_staff or '未定'}）"),
            *((one.id, f"{one.name}（{one.role.label}）") for one in people),
        ],
    )
