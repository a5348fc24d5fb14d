"""What a browser sees: server-rendered Japanese pages that need no JavaScript.

A view reads what was asked, asks the record or calls one verb of `handoffs`, and shows what
came of it. It decides nothing and counts nothing. What a browser posts is an *input*; "forms"
means printed sheets.

`context` is what one request works with, `auth` the gate before every view, `errors` the one
place where an error becomes a status and a page.
"""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import StrictUndefined

from forms import printer
from web import (
    auth,
    direct_lines,
    downtime_kit,
    drafts,
    errors,
    headers,
    health,
    log,
    looks,
    messages,
    numbers,
    office_hours,
    packed,
    sheets,
    sign_in,
)
from web.accounts import emergency_accounts, house_accounts, invited, own_account, passkeys
from web.audit import leaks, reading
from web.audit import seen as audit_seen
from web.caseloads import pages as caseloads
from web.context import EXTENSION, Desk
from web.evidence import both_sides
from web.evidence import months as evidence_months
from web.finding import people as finding
from web.handoffs import (
    answers,
    by_hand,
    case_links,
    conferences,
    fax,
    fax_numbers,
    fee_windows,
    handoff_pages,
    link_making,
    miss_reasons,
    notices,
    statements,
    worklist,
)
from web.help import glossary, guides
from web.rates import (
    fee_evidence,
    outside_figures,
    quarters,
    reopening,
    reports,
    shadow_months,
    surveys,
    yearly,
    yearly_goals,
)
from web.region import (
    administration,
    contacts,
    districts,
    handover,
    join,
    organizations,
    policies,
    standing,
    wards,
)
from web.rosters import matches
from web.rosters import pages as rosters
from web.sheets import plans
from web.stays import (
    admissions,
    amendments,
    assessments,
    cancellations,
    concerns,
    discharge_corrections,
    discharges,
    events,
    grid,
    paste_texts,
    plan_offices,
    planned_discharges,
    provisions,
    record_check,
    stay_pages,
    support_log,
    transfers,
    unconfirmed,
)
from web.trial import backtests, simulator
from web.turns import TURNS
from web.ward_lists import pages as ward_lists
from web.ward_lists import uploads

__all__ = ["Desk", "register"]

LARGEST_POST = 256 * 1024
"""Bytes of one posted form. The longest text is 2,000 characters; nothing is uploaded here."""

MOST_PARTS = 500
"""Fields of one posted form. The assessment page has under a hundred."""

_BLUEPRINTS = (
    sign_in.pages,
    passkeys.pages,
    invited.pages,
    own_account.pages,
    house_accounts.pages,
    emergency_accounts.pages,
    audit_seen.pages,
    leaks.pages,
    health.pages,
    drafts.pages,
    stay_pages.pages,
    events.pages,
    cancellations.pages,
    transfers.pages,
    notices.pages,
    messages.pages,
    paste_texts.pages,
    admissions.pages,
    grid.pages,
    unconfirmed.pages,
    support_log.pages,
    amendments.pages,
    assessments.pages,
    discharges.pages,
    discharge_corrections.pages,
    concerns.pages,
    direct_lines.pages,
    planned_discharges.pages,
    plan_offices.pages,
    provisions.pages,
    statements.pages,
    worklist.pages,
    fee_windows.pages,
    office_hours.pages,
    handoff_pages.pages,
    answers.pages,
    link_making.pages,
    case_links.pages,
    fax.pages,
    fax_numbers.pages,
    by_hand.pages,
    conferences.pages,
    miss_reasons.pages,
    sheets.pages,
    downtime_kit.pages,
    reports.pages,
    reopening.pages,
    quarters.pages,
    simulator.pages,
    backtests.pages,
    yearly.pages,
    yearly_goals.pages,
    outside_figures.pages,
    surveys.pages,
    fee_evidence.pages,
    record_check.pages,
    shadow_months.pages,
    contacts.pages,
    standing.pages,
    glossary.pages,
    guides.pages,
    both_sides.pages,
    evidence_months.pages,
    finding.pages,
    ward_lists.pages,
    rosters.pages,
    matches.pages,
    caseloads.pages,
    administration.pages,
    handover.pages,
    policies.pages,
    districts.pages,
    organizations.pages,
    wards.pages,
    join.pages,
)


def register(app: Flask, desk: Desk) -> None:
    """Give an application everything of web. `desk` is what its views work with."""
    app.extensions[EXTENSION] = desk
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_POST
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_POST
    app.config["MAX_FORM_PARTS"] = MOST_PARTS
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    app.url_map.converters.update(numbers.CONVERTERS)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    log.keep(app)
    headers.head(app)  # Before the next, which may put another answer in the place of one.
    reading.stand_around(app)
    plans.take_larger_posts(app)
    uploads.take_larger_posts(app)
    auth.stand_before(app)
    TURNS.stand_before(app)  # After the gate, which has read the form: it may come slowly.
    printer.stand_aside = TURNS.aside
    packed.pack_static_files(app)
    errors.answer_errors(app)
    looks.dress(app)
    for pages in _BLUEPRINTS:
        app.register_blueprint(pages)
    _name_static_files_by_content(app)


def _name_static_files_by_content(app: Flask) -> None:
    """Let the address of a static file change with its content, so that browsers ask anew."""
    folder = Path(app.static_folder or "")
    versions = {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()[:8]
        for file in folder.rglob("*")
        if file.is_file()
    }

    @app.url_defaults
    def _add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and values.get("filename") in versions:
            values.setdefault("v", versions[values["filename"]])
