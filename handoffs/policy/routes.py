"""Which door stands before which route: every method of every endpoint, once.

The gate of web reads this table and nothing else, so that a line changed here changes who gets
in. An endpoint that has no line is closed to everybody. What a route shows of a stay is a second
question: `relations` answers it.
"""

from collections.abc import Mapping

from handoffs.policy.permissions import Permission

PUBLIC = "public"
"""The door through which anybody gets in, signed in or not."""

Door = str | Permission

_TABLE: dict[Door, dict[str, str]] = {
    PUBLIC: {
        "": "GET static",
        "case_links": "POST declined, POST enter, POST received, GET show, POST times",
        "health": "GET health",
        "invited": "POST entered, POST set_up, GET show",
        "join": "GET ask, POST asked",
        "passkeys": "POST answered, POST ask",
        "sign_in": "GET home, GET sign_in, POST sign_in_posted, POST sign_out, POST text_size",
    },
    Permission.ACCOUNT_OWN: {
        "drafts": "POST forgotten, POST keep, GET waiting",
        "emergency_accounts": "POST close, POST review, GET show",
        "house_accounts": (
            "POST close, POST code_again, GET invite_form, POST invited, POST keeper, GET one, "
            "POST reopen, GET rule, POST rule_posted, GET show"
        ),
        "leaks": "GET begin, POST begun, POST reported, GET show",
        "own_account": (
            "GET app, POST app_posted, GET ask_again, POST confirmed, POST end_others, "
            "GET password, POST password_posted, POST recovery, GET show"
        ),
        "passkeys": "POST add, POST begin_new, GET new, POST remove",
        "seen": "GET ask, POST asked",
    },
    Permission.BACKTEST_RUN: {
        "backtests": "GET ask, POST asked, GET look",
    },
    Permission.COLLEAGUES_SHOW: {
        "sign_in": "POST colleagues",
    },
    Permission.CONCERN_NOTE: {
        "concerns": "POST ended, POST noted, POST printed, GET show",
    },
    Permission.CONTACTS_CONFIRM: {
        "contacts": "POST confirmed",
    },
    Permission.EVIDENCE_READ: {
        "both_sides": "GET show",
        "evidence_months": "GET latest, GET sent_file, GET show",
        "fee_evidence": "GET latest, GET year",
    },
    Permission.FIGURES_WRITE: {
        "outside_figures": "POST entered, POST lines_entered, GET one, GET show, POST taken_back",
        "yearly_goals": "GET edit, POST edit_posted, GET new, POST new_posted, POST taken_back",
    },
    Permission.HANDOFF_CONFIRM: {
        "answers": "POST declined, GET not_ours, POST undeclined",
        "conferences": "POST chosen, POST no_fit",
        "handoffs": "POST received",
    },
    Permission.HANDOFF_SEND: {
        "by_hand": "GET ask, POST opened, GET tell, POST told",
        "conferences": "GET ask, POST proposed",
        "fax": (
            "GET ask, POST noted, POST prepared, GET printed, GET scanned, POST settled, "
            "GET slip, POST taken"
        ),
        "fax_numbers": "POST called, GET printed, POST seconded, GET show, POST tested, POST typed",
        "handoffs": "POST pass_on, GET passing",
        "link_making": (
            "POST agreed, GET agreement, GET ask, POST ended, POST make, POST revoke, POST settle"
        ),
        "messages": "POST settle, POST take_up",
    },
    Permission.HANDOFF_SHEET: {
        "sheets": (
            "GET admission_information, GET all_sheets, GET as_handed_over, GET as_it_is_kept, "
            "GET as_it_went, GET for_the_pen, GET of_stay, GET side_by_side"
        ),
    },
    Permission.HANDOFF_WAIVE: {
        "answers": "POST unwaived",
        "handoffs": "GET not_needed, POST waived",
    },
    Permission.HOURS_EDIT: {
        "messages": "POST office",
        "office_hours": "GET show, POST show_posted",
    },
    Permission.RATES_READ: {
        "month_reopening": "GET asked, POST opened",
        "outside_figures": "GET coverage, GET elsewhere",
        "quarters": "GET slides",
        "region_standing": "GET editions, GET show",
        "reports": "GET first_sheet, GET latest, GET rates, GET rates_file",
        "yearly": "GET latest, GET year, GET year_file",
    },
    Permission.RECORD_CHECK_READ: {
        "record_check": "GET latest, GET month",
    },
    Permission.REGION_READ: {
        "contacts": "GET show",
        "glossary": "GET show",
        "guides": "GET first_day, GET printed, GET show",
    },
    Permission.REGION_SET: {
        "area": "POST admitted, POST refused, GET show",
        "area_organizations": (
            "POST corrected, POST first_code, GET hours, POST hours_posted, GET show, "
            "POST signing_in"
        ),
        "area_policies": "POST decided, GET show",
        "area_wards": "POST added, POST closed, POST corrected, GET one, GET show",
        "districts": "POST posted, GET show",
        "region_handover": "POST noted, GET show",
    },
    Permission.ROSTER_KEEP: {
        "rosters": "POST imported, POST left_out, POST previewed, GET show, POST undone",
    },
    Permission.RULES_TRY: {
        "simulator": "GET look, POST look_posted",
    },
    Permission.SHADOW_KEEP: {
        "shadow_months": (
            "POST emptied, GET empty_file, GET latest, POST lines_kept, GET month, "
            "POST paper_ticked"
        ),
    },
    Permission.SHEET_WRITE: {
        "sheets": (
            "GET as_it_stands, POST attached, GET attached_file, GET check, GET entry, "
            "GET plans, GET reservations, POST reserved, POST sent, POST write"
        ),
    },
    Permission.STATEMENT_MAKE: {
        "answers": "POST retracted",
        "miss_reasons": "POST stated",
        "statements": "POST state",
    },
    Permission.STAY_ADMIT: {
        "admissions": "GET register, POST register_posted",
        "cancellations": "GET ask, POST cancelled, GET listed, POST reinstated",
        "grid": "GET decided, GET type_in, POST typed_in",
        "transfers": "POST refusal_taken_back, POST refused, POST taken_over",
        "ward_lists": "GET choose, POST imported, POST previewed, GET show, POST undone",
    },
    Permission.STAY_ASSESS: {
        "assessments": "GET tick, POST tick_posted, GET why",
        "support_log": "GET log, POST noted, POST taken_back",
    },
    Permission.STAY_DISCHARGE: {
        "discharge_corrections": "GET correct, POST correct_posted, POST undo",
        "discharges": "GET leave, POST leave_posted",
    },
    Permission.STAY_EDIT: {
        "amendments": "GET particulars, POST particulars_posted",
        "answers": "GET elsewhere, POST rerouted",
        "plan_offices": "GET choose, POST choose_posted",
        "planned_discharges": "GET plan, POST plan_posted",
        "provisions": "GET file, GET show",
        "roster_matches": "POST plans",
        "stay_events": (
            "GET corrected, POST corrected_posted, GET leave, POST leave_posted, "
            "POST leave_undone, POST return_posted"
        ),
    },
    Permission.STAY_READ: {
        "direct_lines": "POST posted, GET show",
        "downtime_kit": "GET about, GET made",
        "fee_windows": "GET strip",
        "finding": "GET ask, POST found",
        "messages": "POST away, POST back, POST own_address, GET settings",
        "notices": "POST acknowledged",
        "paste_texts": "GET show",
        "stays": "GET board, GET board_file, POST search, GET show",
        "unconfirmed": "GET file, GET listed",
        "worklist": "GET worklist, GET worklist_file",
    },
    Permission.STAY_TAKE: {
        "plan_offices": "POST take",
        "worklist": "POST date_seen",
    },
    Permission.STEP_STATE: {
        "caseloads": "POST retracted, GET show, GET step, POST step_posted",
    },
    Permission.SURVEY_ANSWER: {
        "surveys": "POST answered, GET form, GET form_file",
    },
    Permission.SURVEY_LIST: {
        "surveys": "GET every",
    },
    Permission.SURVEY_OPEN: {
        "surveys": "POST opened, GET results, GET results_file",
    },
}
"""Door, then the part of web, then its views with their method."""


def _spread(table: Mapping[Door, Mapping[str, str]]) -> dict[tuple[str, str], Door]:
    """Turn the table into one line for each method and endpoint. ValueError for one named twice."""
    doors: dict[tuple[str, str], Door] = {}
    for door, parts in table.items():
        for part, views in parts.items():
            for view in views.split(", "):
                method, _, name = view.partition(" ")
                line = method, f"{part}.{name}" if part else name
                if line in doors:
                    raise ValueError(f"Two doors stand before {line}.")
                doors[line] = door
    return doors


DOORS: dict[tuple[str, str], Door] = _spread(_TABLE)
"""Method and endpoint to door. Changing a line changes behaviour; only tests do."""


def door_of(endpoint: str, method: str) -> Door | None:
    """The door before a route; None where the table names none. HEAD and OPTIONS look as GET."""
    asked = "POST" if method == "POST" else "GET"
    found = DOORS.get((asked, endpoint))
    if found is None and method == "OPTIONS":
        return DOORS.get(("POST", endpoint))
    return found
