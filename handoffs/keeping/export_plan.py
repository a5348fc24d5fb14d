"""What of each table leaves the house with an export: every table once.

Which stays are an organization's is not decided here but by `handoffs.access`, and which columns
nobody reads by `handoffs.policy.fields`; a test fails for a table that has no line.
"""

from enum import StrEnum

from handoffs.policy.fields import FIELDS, Readers


class Scope(StrEnum):
    """Which rows of a table an organization's export takes. That of a site takes all of them."""

    STAYS = "stays"
    """Those of the stays that the organization reaches."""
    OWN = "own"
    """Of those stays, what the organization itself wrote or was sent."""
    HOUSE = "house"
    """Those of the organization, with or without a stay."""
    REGION = "region"
    """What everybody of the region may read."""
    HEALTH_CENTER = "health_center"
    """What a health centre alone reads."""
    SITE = "site"
    """None: only the export of the whole site takes them."""
    NOT_AT_ALL = "not_at_all"
    """None, ever: secrets, digests, and what names two people alone."""


_PLAN = {
    Scope.STAYS: (
        "patient stay assessment certification certification_step conference_slot consent "
        "contact_person correction decline handed_over handoff leave miss_reason overdue_flag "
        "plan_office sharing_reservation sheet_version statement support_step transfer_answer "
        "waiving"
    ),
    Scope.OWN: (
        "acknowledgement case_link fax_sending message notice sheet_answer sheet_attachment "
        "sheet_draft survey_answer"
    ),
    Scope.HOUSE: (
        "absence account_rule contact_confirmation delegation duty_person emergency_account event "
        "fax_number keeping_hold leak link_agreement mailbox shadow_line staff survey_return"
    ),
    Scope.REGION: "district_part organization survey ward",
    Scope.HEALTH_CENTER: (
        "joining_request month_close month_company month_count month_sheet outside_figure "
        "region_policy regional_goal"
    ),
    Scope.SITE: "reminder",
    Scope.NOT_AT_ALL: (
        "account audit_block case_link_secret concern draft heartbeat invitation known_browser "
        "long_work passkey passkey_challenge posted_form recovery_code roster roster_entry "
        "roster_key roster_left_out sign_in_try signed_in"
    ),
}
SCOPES = {table: scope for scope, tables in _PLAN.items() for table in tables.split()}
"""Table to scope."""

_LOCKS = FIELDS[Readers.NOBODY]
_ALSO = {
    "assessment": {"edition_digest", "edition_in_force", "region"},
    "event": {"detail", "page", "shown"},
    "handed_over": {"digest"},
    "month_close": {"digest"},
    "month_sheet": {"digest"},
    "sheet_attachment": {"digest"},
    "statement": {"sheet_digest"},
}
"""What no page shows and an export says nevertheless: which edition decided, and what the digest
of a paper is."""


def left_out(table: str) -> frozenset[str]:
    """The columns of a table that no export takes: hashes, locks, what the machine searches by."""
    return frozenset(_LOCKS.get(table, "").split()) - _ALSO.get(table, set())
