"""Who may read what stands in each column of words: every one of every table, once.

The table is read by tests, which plant a mark in the columns about a person and look for it in
what everybody else is shown, and by whoever asks what is held about whom. Columns of numbers,
days and closed lists follow their row.
"""

from rules.kinds import Labelled


class Readers(Labelled):
    """Who may read a column. The label is what docs call them."""

    REACHES = "reaches", "whoever reaches the stay"
    NAMED = "named", "the two whom the record names"
    SIDES = "sides", "the side that wrote it, and the side that it was handed to"
    WRITER = "writer", "whoever typed it"
    HOUSE = "house", "the own organization"
    HEALTH_CENTER = "health_center", "the health centre"
    REGION = "region", "everybody of the region who signed in"
    NOBODY = "nobody", "nobody: digests, locks and what the machine keeps for itself"


FIELDS: dict[Readers, dict[str, str]] = {
    Readers.REACHES: {
        "assessment": "facts outcome",
        "certification": "insurer_number insured_number",
        "conference_slot": "place answer",
        "contact_person": "name relation telephone",
        "correction": "old_text new_text",
        "decline": "words",
        "handoff": "counting rule_id source text waits_for waived_reason",
        "miss_reason": "words",
        "patient": "hospital_number name kana municipality address telephone birth_on",
        "plan_office": "care_manager_name",
        "statement": "counterpart",
        "stay": "code region",
        "waiving": "reason",
    },
    Readers.NAMED: {"concern": "words"},
    Readers.SIDES: {
        "handed_over": "content sheet",
        "sheet_answer": "field value",
        "sheet_attachment": "content",
        "sheet_draft": "sheet",
        "sheet_version": "changed content counterpart receiver sheet words",
        "statement": "content",
    },
    Readers.WRITER: {"draft": "fields path"},
    Readers.HOUSE: {
        "case_link": "answered_by",
        "emergency_account": "reason",
        "fax_number": "counterpart directory number telephone test_code",
        "fax_sending": "code",
        "link_agreement": "counterpart mail_address telephone",
        "long_work": "parameters result",
        "keeping_hold": "reason",
        "mailbox": "address",
        "passkey": "label",
        "shadow_line": "code facts region",
        "staff": "direct_line name reachable sign_in_name",
    },
    Readers.HEALTH_CENTER: {
        "joining_request": "fax kana municipality name number person region telephone",
        "month_close": "figures reason region",
        "month_company": "named region several",
        "month_count": "figures made_by region",
        "month_sheet": "content region",
        "outside_figure": "definition name period place region source value",
        "region_policy": "words",
        "regional_goal": "goal measures next_step region result target",
    },
    Readers.REGION: {
        "district_part": "municipality region town",
        "organization": "closed_days fax hours kana municipality name number region telephone",
        "region_policy": "policy region value",
        "survey": "region told",
        "ward": "name telephone",
    },
    Readers.NOBODY: {
        "account": "totp_secret",
        "assessment": "edition_digest edition_in_force region",
        "audit_block": "digest events key_name",
        "case_link": "opening_digest",
        "case_link_secret": "digest",
        "contact_confirmation": "digest",
        "event": "detail page seal shown",
        "handed_over": "digest",
        "heartbeat": "process",
        "invitation": "code_digest totp_secret",
        "joining_request": "form_digest",
        "known_browser": "browser_digest",
        "link_agreement": "pin_hash",
        "long_work": "claimant",
        "message": "claimed_by key",
        "month_close": "digest",
        "month_sheet": "digest",
        "passkey": "credential credential_id",
        "passkey_challenge": "challenge",
        "patient": "folded",
        "posted_form": "form_id location",
        "recovery_code": "code_digest",
        "reminder": "recipient",
        "roster_entry": "insured person",
        "roster_key": "key",
        "roster_left_out": "person",
        "sheet_attachment": "digest",
        "sign_in_try": "name_digest",
        "signed_in": "form_token token_digest",
        "staff": "password_hash",
        "statement": "sheet_digest",
    },
}
"""Readers, then table, then its columns."""
