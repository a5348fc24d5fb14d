"""Who plans the person's care: the hospital writes it down, a care manager takes charge.

If somebody else wrote down another office meanwhile, both are shown side by side, and nothing is
saved until one was chosen; what only one of the two changed is brought together.
"""

import unicodedata
from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from handoffs.access import find_stay
from handoffs.errors import BadEntry
from handoffs.history import Act
from handoffs.parties import (
    PLANNING_KINDS,
    Organization,
    centers,
    number_looks_wrong,
    planning_organizations,
)
from handoffs.plan_office import PlanOffice, PlanStatus, plan_office_of
from handoffs.planning import PlanEntry, change_plan_office, take_charge
from handoffs.shown.known import PlanShown
from handoffs.shown.overview import Overview
from handoffs.tokyo import day_of
from web.auth import kept_draft
from web.context import acting, actor, desk, now, reading, taken_in
from web.dates import moment
from web.finding.offices import FIND, WORDS, office_choices, search_in
from web.inputs import Posted
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
from web.stays.admission_input import OFFICE, PLAN_CHOICES, read_plan
from web.stays.stay_pages import seen

pages = Blueprint("plan_offices", __name__)

PLAN, VIA = "plan", "via_center_id"
"""What two people can disagree about: who plans, and the centre that passed the person on."""

_LABELS = {PLAN: "計画作成担当", VIA: "委託元の地域包括支援センター"}
_LONGEST_PLAN = 120
_ANEW = "画面を開き直してください。"


@pages.get("/stays/<int:stay_id>/plan-office")
def choose(stay_id: int) -> ResponseReturnValue:
    """Show who plans, and the offices of the region in neutral order."""
    stay = seen(stay_id)
    draft = kept_draft()
    typed = {name: texts[0] for name, texts in (draft or {}).items()}
    carried = carried_in(draft) if draft else Carried(stay.version, _there(stay.plan))
    return _screen(stay, typed, {}, carried)


@pages.post("/stays/<int:stay_id>/plan-office")
def choose_posted(stay_id: int) -> ResponseReturnValue:
    """Let somebody else plan from now on; the duties move along."""
    form = request.form.to_dict(flat=False)
    carried = carried_in(form)
    posted = Posted(filled(form, carried, (PLAN, VIA)), day_of(now()))
    if FIND in form:
        return _screen(seen(stay_id), posted.values, {}, carried)
    try:
        entry, number = _read(posted, carried)
        with acting() as session:
            if number:
                entry = _numbered(session, entry, number)
            stay = find_stay(session, actor(), stay_id)
            row = plan_office_of(session, stay_id)
            mine = {PLAN: plan_text(entry), VIA: str(entry.via_center_id or "")}
            there = {
                PLAN: plan_text(row) if row else plan_text(PlanEntry()),
                VIA: str((row and row.via_center_id) or ""),
            }
            settled, _ = settle(carried, mine, there, stay.version)
            entry = _entry(settled[PLAN])
            via_center_id = _center(session, int(settled[VIA]) if settled[VIA] else None)
            entry = entry.model_copy(update={"via_center_id": via_center_id})
            change_plan_office(session, stay, entry, library=desk().library, by=actor(), now=now())
            location = url_for("stays.show", stay_id=stay_id, done=_done(entry, number))
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(seen(stay_id), posted.values, bad.fields, carried), 422
    except Contested as contested:
        typed = {**posted.values, **contested.merged}
        return _screen(seen(stay_id), typed, {}, contested.carried), 409
    return redirect(location, code=303)


@pages.post("/stays/<int:stay_id>/take")
def take(stay_id: int) -> ResponseReturnValue:
    """Become the care manager of a client whom nobody of the own office has taken yet."""
    with acting() as session:
        take_charge(session, find_stay(session, actor(), stay_id), by=actor(), now=now())
        location = url_for("stays.show", stay_id=stay_id, done="taken")
        taken_in(session, location)
    return redirect(location, code=303)


def plan_text(plan: PlanEntry | PlanOffice) -> str:
    """Who plans, as one statement: a name belongs to an office, and so does a pause."""
    return f"{plan.status.value}/{plan.organization_id or ''}/{plan.care_manager_name}"


def _there(plan: PlanShown) -> dict[str, str]:
    stored = PlanEntry(
        status=plan.status,
        organization_id=plan.organization_id,
        care_manager_name=plan.care_manager,
    )
    return {PLAN: plan_text(stored), VIA: str(plan.via_center_id or "")}


def _entry(text: str) -> PlanEntry:
    """Read a statement back. Raises BadEntry for one that was never shown."""
    status, _, rest = text.partition("/")
    office, _, name = rest.partition("/")
    try:
        return PlanEntry(
            status=PlanStatus(status),
            organization_id=int(office) if office else None,
            care_manager_name=name,
        )
    except ValueError:
        raise BadEntry({PLAN: _ANEW}) from None


def _read(posted: Posted, carried: Carried) -> tuple[PlanEntry, str]:
    """Read what this person says, typed, chosen or kept, and the office number they typed."""
    posted.let_pass({*CARRIED, FIND, WORDS})
    posted.needed_number("version", ask=_ANEW)
    via_center_id = posted.number(VIA)
    number = ""
    if PLAN in carried.mine:
        entry = _entry(posted.text(PLAN, ask=_ANEW, longest=_LONGEST_PLAN))
    else:
        entry = read_plan(posted)
        number = unicodedata.normalize("NFKC", posted.text("office_number", longest=20))
        paused = posted.one_of("paused", ("", "yes"), ask=_ANEW) == "yes"
        if paused and (number or entry.status is PlanStatus.ASSIGNED):
            entry = entry.model_copy(update={"status": PlanStatus.PAUSED})
    posted.finish()
    return entry.model_copy(update={"via_center_id": via_center_id}), number


def _numbered(session: Session, entry: PlanEntry, number: str) -> PlanEntry:
    """Take the office with this number instead; where nobody has it, somebody not listed.

    A number warns and never blocks: the office may lie outside the region.
    """
    found = session.exec(
        select(Organization.id).where(
            Organization.number == number,
            Organization.region == actor().region,
            col(Organization.kind).in_(PLANNING_KINDS),
        )
    ).first()
    paused = entry.status is PlanStatus.PAUSED
    status = PlanStatus.PAUSED if paused else PlanStatus.ASSIGNED
    return entry.model_copy(update={"status": status, "organization_id": found})


def _done(entry: PlanEntry, number: str) -> str:
    """Which of the closed messages the next page shows."""
    if not number:
        return "plan_office"
    wrong = number_looks_wrong(number)
    if entry.organization_id is None:
        return "number_unknown_warning" if wrong else "number_unknown"
    return "number_warning" if wrong else "plan_office"


def _center(session: Session, center_id: int | None) -> int | None:
    """Check that it is a centre of this region. Raises BadEntry."""
    if center_id is not None and center_id not in {c.id for c in centers(session, actor().region)}:
        raise BadEntry({"via_center_id": "地域包括支援センターを一覧から選び直してください。"})
    return center_id


def _screen(
    stay: Overview, typed: Mapping[str, str], errors: Mapping[str, str], carried: Carried
) -> str:
    with reading() as session:
        offices = planning_organizations(session, actor().region)
        region_centers = centers(session, actor().region)
        # What stands chosen stays among the choices, in the record or on the page.
        chosen = {"plan_organization_id": f"{OFFICE}{stay.plan.organization_id}", **typed}
        search = search_in(session, chosen, offices)
    plan = stay.plan
    center_choices = [("", "委託ではない・分からない"), *((c.id, c.name) for c in region_centers)]
    names = {office.id: office.name for office in offices}
    words = {VIA: {str(value): name for value, name in center_choices}}
    contests = []
    for one in carried.contests(_there(plan)):
        if one.field == PLAN:
            texts = (one.before, one.mine, one.theirs)
            words[PLAN] = {text: _words(text, names) for text in texts if text is not None}
        contests.append((one.field, _LABELS[one.field], choices(one, words[one.field], _who(stay))))
    unchosen = {
        name: f"「{label}」が、あなたと別の職員で違います。どちらかを選んでください。"
        for name, label, _ in contests
    }
    values = {
        "plan_organization_id": f"{OFFICE}{plan.organization_id}"
        if plan.organization_id
        else plan.status.value,
        "care_manager_name": plan.care_manager,
        VIA: str(plan.via_center_id or ""),
        "paused": "yes" if plan.status is PlanStatus.PAUSED else "",
    }
    if "plan_organization_id" in typed:  # A browser says nothing of a box without a tick.
        values["paused"] = ""
    return render_template(
        "stays/plan_office.html",
        stay=stay,
        values=values | dict(typed),
        errors={**unchosen, **errors},
        search=search,
        plans=[*PLAN_CHOICES, *office_choices(search.offices if search else offices)],
        centers=center_choices,
        contests=contests,
        contested={name for name, _, _ in contests},
        hidden_fields=hidden_fields(carried),
    )


def _words(text: str, names: Mapping[int, str]) -> str:
    """A statement as the page says it."""
    try:
        entry = _entry(text)
    except BadEntry:
        return text
    known = dict(PLAN_CHOICES)
    office = names.get(entry.organization_id or 0, known[entry.status.value])
    name = f"　担当 {entry.care_manager_name}" if entry.care_manager_name else ""
    pause = "（休止中）" if entry.status is PlanStatus.PAUSED and entry.organization_id else ""
    return f"{office}{pause}{name}"


def _who(stay: Overview) -> str:
    """Who said last who plans, and when."""
    said = [one for one in stay.events if one.act in {Act.STAY_PLAN_OFFICE, Act.STAY_TAKE}]
    return f"{said[-1].by}　{moment(said[-1].at)}" if said else "登録済み"
