"""What kinds of act there are, and which kind of work allows which.

With whose record is a second question: `relations` answers it.
"""

from enum import StrEnum

from handoffs.parties import HOSPITAL_ROLES, PLANNING_ROLES, Role


class Permission(StrEnum):
    """What somebody may do. `<subject>:<action>`; the list is alphabetical."""

    ACCOUNT_OWN = "account:own"
    BACKTEST_RUN = "backtest:run"
    COLLEAGUES_SHOW = "colleagues:show"
    CONCERN_NOTE = "concern:note"
    CONTACTS_CONFIRM = "contacts:confirm"
    EVIDENCE_READ = "evidence:read"
    FIGURES_WRITE = "figures:write"
    HANDOFF_CONFIRM = "handoff:confirm"
    HANDOFF_SEND = "handoff:send"
    HANDOFF_SHEET = "handoff:sheet"
    HANDOFF_WAIVE = "handoff:waive"
    HOURS_EDIT = "hours:edit"
    RATES_READ = "rates:read"
    RECORD_CHECK_READ = "record_check:read"
    REGION_READ = "region:read"
    REGION_SET = "region:set"
    ROSTER_KEEP = "roster:keep"
    RULES_TRY = "rules:try"
    SHADOW_KEEP = "shadow:keep"
    SHEET_WRITE = "sheet:write"
    STATEMENT_MAKE = "statement:make"
    STAY_ADMIT = "stay:admit"
    STAY_ASSESS = "stay:assess"
    STAY_DISCHARGE = "stay:discharge"
    STAY_EDIT = "stay:edit"
    STAY_READ = "stay:read"
    STAY_TAKE = "stay:take"
    STEP_STATE = "step:state"
    SURVEY_ANSWER = "survey:answer"
    SURVEY_LIST = "survey:list"
    SURVEY_OPEN = "survey:open"


_EVERYBODY = frozenset(
    {Permission.ACCOUNT_OWN, Permission.CONTACTS_CONFIRM, Permission.REGION_READ}
)
_HANDOFFS = _EVERYBODY | frozenset(
    {
        Permission.EVIDENCE_READ,
        Permission.HANDOFF_CONFIRM,
        Permission.HANDOFF_SEND,
        Permission.HANDOFF_SHEET,
        Permission.HANDOFF_WAIVE,
        Permission.HOURS_EDIT,
        Permission.RULES_TRY,
        Permission.SHEET_WRITE,
        Permission.STATEMENT_MAKE,
        Permission.STAY_READ,
    }
)
_HOSPITAL = _HANDOFFS | {
    Permission.BACKTEST_RUN,
    Permission.RECORD_CHECK_READ,
    Permission.SHADOW_KEEP,
    Permission.STAY_ADMIT,
    Permission.STAY_ASSESS,
    Permission.STAY_DISCHARGE,
    Permission.STAY_EDIT,
}
_PLANNING = _HANDOFFS | {
    Permission.COLLEAGUES_SHOW,
    Permission.CONCERN_NOTE,
    Permission.ROSTER_KEEP,
    Permission.STAY_TAKE,
    Permission.SURVEY_ANSWER,
    Permission.SURVEY_LIST,
}
SOCIAL_WORKERS = (Role.SOCIAL_WORKER, Role.PSYCHIATRIC_SOCIAL_WORKER)
"""Whom a record of 虐待の疑い can name in a hospital."""

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    **dict.fromkeys(HOSPITAL_ROLES, _HOSPITAL),
    **dict.fromkeys(SOCIAL_WORKERS, _HOSPITAL | {Permission.CONCERN_NOTE}),
    **dict.fromkeys(PLANNING_ROLES, _PLANNING),
    Role.CENTER_STAFF: _PLANNING | {Permission.STEP_STATE},
    Role.HEALTH_OFFICER: _EVERYBODY
    | frozenset(
        {
            Permission.BACKTEST_RUN,
            Permission.FIGURES_WRITE,
            Permission.RATES_READ,
            Permission.REGION_SET,
            Permission.RULES_TRY,
            Permission.SURVEY_LIST,
            Permission.SURVEY_OPEN,
        }
    ),
}
"""The whole table. A health centre works with counts and reaches no stay at all."""
