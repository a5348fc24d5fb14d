"""The registration of an admission, on one screen."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from handoffs.era import DateError, EraReading, parse_birth_date
from handoffs.errors import BadEntry
from handoffs.parties import centers, planning_organizations, wards_of
from handoffs.plan_office import PlanStatus
from handoffs.stays.admission import AdmissionEntry, admit
from handoffs.stays.admission_check import IN_HOSPITAL, recognized
from handoffs.stays.certification import Application, CareNeedLevel, age_on
from handoffs.stays.stay import PlannedCertainty
from handoffs.tokyo import day_of
from rules import NoEdition
from web.auth import kept_draft
from web.context import acting, actor, desk, now, reading, taken_in
from web.errors import NO_EDITION
from web.finding.offices import FIND, WORDS, office_choices, search_in
from web.inputs import Posted, Typed, typed_day
from web.stays.admission_input import (
    CONSENT_CHOICES,
    OUTSIDE,
    PLAN_CHOICES,
    identity_in,
    read_admission,
)

pages = Blueprint("admissions", __name__)

CHECK = "check"
"""The button that only says what was read."""

LOOKING = (FIND, WORDS)
"""What the search for an office posts along."""


@pages.get("/stays/new")
def register() -> ResponseReturnValue:
    """Show the registration screen: today, the nurse's own ward, everything else open."""
    draft = kept_draft()
    values = {name: texts[0] for name, texts in draft.items()} if draft else {}
    own_ward = actor().ward_id
    defaults = {
        "admitted_on": typed_day(day_of(now())),
        "ward_id": str(own_ward) if own_ward else "",
        "plan_organization_id": PlanStatus.UNKNOWN.value,
        "planned_certainty": PlannedCertainty.UNDECIDED.value,
    }
    return _screen({**defaults, **values})


@pages.post("/stays/new")
def register_posted() -> ResponseReturnValue:
    """Take in an admission and show at once what follows from it.

    `check` is the page's first button, which Enter in any field presses: it only says what
    was read, so that no half-typed admission is registered by a slip of the key.
    """
    form = request.form.to_dict(flat=False)
    posted = Posted(form, day_of(now()))
    posted.let_pass({CHECK, *LOOKING})
    if FIND in form:
        return _screen(posted.values)
    try:
        entry = read_admission(posted, day_of(now()))
        if CHECK in form:
            wrong = told_besides(form)
            status = 422 if wrong else 200
            return _screen(posted.values, wrong, posted.readings, read=entry), status
        with acting() as session:
            stay = admit(session, entry, library=desk().library, by=actor(), now=now())
            location = url_for("stays.show", stay_id=stay.id, done="registered")
            taken_in(session, location)
    except BadEntry as bad:
        wrong = in_order({**told_besides(form), **bad.fields})
        return _screen(posted.values, wrong, posted.readings), 422
    except NoEdition:
        wrong = {"admitted_on": NO_EDITION}
        return _screen(posted.values, wrong, posted.readings), 422
    except IntegrityError:
        # Two terminals at once: the database takes one open stay for a person.
        message = "同じ方が、いま別の画面で登録されました。一覧で確かめてください。"
        return _screen(posted.values, {"name": message}, posted.readings), 422
    return redirect(location, code=303)


def told_besides(form: Typed) -> dict[str, str]:
    """What the record says against an admission, however much else is still to be mended.

    Without it a nurse would mend one mistake only to be told of the next.
    """
    who = identity_in(form, day_of(now()))
    if who is None:
        return {}
    wrong: dict[str, str] = {}
    try:
        if who.admitted_on is not None and who.admitted_on <= day_of(now()):
            desk().library.in_force(actor().region, who.admitted_on)
    except NoEdition:
        wrong["admitted_on"] = NO_EDITION
    try:
        with reading() as session:
            recognized(
                session,
                actor().organization_id,
                hospital_number=who.hospital_number,
                name=who.name,
                kana=who.kana,
                birth_on=who.birth_on,
                admitted_on=who.admitted_on,
                same_person=who.same_person,
            )
    except BadEntry as bad:
        wrong = {**bad.fields, **wrong}
    return wrong


def in_order(wrong: Mapping[str, str]) -> dict[str, str]:
    """Complaints in the order in which their fields stand on the page."""
    places = {name: place for place, name in enumerate(request.form)}
    return dict(sorted(wrong.items(), key=lambda one: places.get(one[0], len(places))))


def _screen(
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    readings: Mapping[str, tuple[EraReading, ...]] | None = None,
    *,
    read: AdmissionEntry | None = None,
) -> str:
    with reading() as session:
        wards = wards_of(session, actor().organization_id)
        offices = planning_organizations(session, actor().region)
        region_centers = centers(session, actor().region)
        search = search_in(session, values, offices)
    return render_template(
        "stays/new.html",
        search=search,
        values=values,
        errors=errors or {},
        readings=readings or {},
        age=_age(values),
        read=None if errors else read,
        wards=[(ward.id, f"{ward.name}（{ward.kind.label}）") for ward in wards],
        levels=list(CareNeedLevel),
        applications=list(Application),
        certainties=list(PlannedCertainty),
        plans=[*PLAN_CHOICES, *office_choices(search.offices if search else offices)],
        residences=[
            ("", "分からない"),
            *((c.id, f"地域内（{c.name}の担当）") for c in region_centers),
            (OUTSIDE, "地域外に住んでいる"),
        ],
        consents=CONSENT_CHOICES,
        # A namesake born on the same day needs the hospital's own number; nobody else does.
        asks_number=bool(values.get("hospital_number"))
        or bool({"hospital_number", "same_person"} & set(errors or {}))
        or (errors or {}).get("name") == IN_HOSPITAL,
        # Offered only to whom the record asked whether two names are one person's.
        asks_same_person=bool(values.get("same_person")) or "same_person" in (errors or {}),
    )


def _age(values: Mapping[str, str]) -> int | None:
    """The age that was typed, shown back so that a wrong era is noticed."""
    today = day_of(now())
    try:
        return age_on(parse_birth_date(values.get("birth_on", ""), today=today), today)
    except DateError:
        return None
