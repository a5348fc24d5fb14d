"""The fields of 登録内容を直す, read into an `AmendmentEntry` and written back the way people type.

Where somebody else put something right meanwhile, the two are brought together here, field by
field, in the words of the page.
"""

import unicodedata
from dataclasses import replace
from datetime import date

from handoffs.stays.amendment import AmendmentEntry
from handoffs.stays.certification import Application, CareNeedLevel, InsuredCategory
from handoffs.stays.consent import ConsentAnswer
from handoffs.stays.residence import ResidenceEntry
from web.inputs import Posted, typed_day
from web.overtaken import CARRIED, Carried, settle
from web.stays.admission_input import GIVEN, NO_CONTACT, OUTSIDE, WITHHELD, read_consent

INSIDE = "inside"
"""Lives in the region; which centre is in charge is not known."""

HIDDEN = "whereabouts_hidden"
HIDDEN_ASKED = "whereabouts_asked"
"""Goes along with the box, so that a form which lost both hides and shows nothing."""

_ANEW = "画面を開き直してください。"
_CERTIFICATION = ("care_level", "application", "insured_category", "valid_until", "insured_number")


def read_amendment(posted: Posted) -> AmendmentEntry:
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
    posted.let_pass(CARRIED)
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


def as_typed(now_so: AmendmentEntry) -> dict[str, str]:
    """Particulars the way the page's fields hold them."""
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
        "ward_id": str(now_so.ward_id or ""),
        "contact_staff_id": str(now_so.contact_staff_id or ""),
    }


def brought_together(
    posted: Posted,
    entry: AmendmentEntry,
    carried: Carried,
    there: dict[str, str],
    *,
    version: int,
    today: date,
) -> tuple[AmendmentEntry, bool]:
    """What was typed together with what is `there` now, and whether the latter holds news.

    Raises Contested where the two cannot both stand.
    """
    offered = {name: value for name, value in as_typed(entry).items() if name in posted.values}
    if entry.whereabouts_hidden is not None:
        offered[HIDDEN] = "yes" if entry.whereabouts_hidden else ""
    if entry.contact_staff_id is None:
        offered.pop("contact_staff_id", None)
    if entry.consent_on is not None:
        # Whoever writes the day of an answer says it anew, even where it is the same one.
        seen_so = {name: value for name, value in carried.seen.items() if name != "consent"}
        carried = replace(carried, seen=seen_so)
    settled, together = settle(carried, offered, there, version)
    said = {name: settled[name] for name in {*offered, *_CERTIFICATION}}
    if entry.contact_staff_id is None:
        stays_so = carried.seen.get("contact_staff_id") == there["contact_staff_id"]
        said["contact_staff_id"] = "" if stays_so else there["contact_staff_id"]
    said |= {
        "consent_on": typed_day(entry.consent_on),
        HIDDEN_ASKED: posted.values.get(HIDDEN_ASKED, ""),
        "version": str(version),
    }
    anew = Posted({name: [value] for name, value in said.items()}, today)
    return read_amendment(anew), together
