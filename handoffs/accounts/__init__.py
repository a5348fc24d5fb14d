"""Accounts: who gets in, by what, for how long, and who sees to it.

- `password`: argon2id, and what nobody may choose;
- `second_factor`, `totp`, `passkey`: the other factor, which nothing skips;
- `tries`: the wait after failures, which nobody can use against somebody else;
- `signed_in`: sessions on the server; `draft` and `posted_form`: what forms leave behind;
- `account`, `keeping`, `invitation`, `emergency`: who has an account, and how it begins and ends;
- `retention`: when what belongs to signing in goes.

What the rest of the record needs is named here.
"""

from handoffs.accounts.digests import digest
from handoffs.accounts.draft import (
    Draft,
    draft_paths,
    drafts_of,
    forget_drafts,
    has_drafts,
    keep_draft,
    save_draft,
    showing,
    take_draft,
)
from handoffs.accounts.password import hash_password, password_fits
from handoffs.accounts.posted_form import PostedForm
from handoffs.accounts.signed_in import (
    Presence,
    SignedIn,
    end_session,
    presence_of,
    show_colleagues,
    staff_named,
    start_session,
    touch,
)
from handoffs.accounts.tries import SignInTry, note_failure, wait_for

__all__ = [
    "Draft",
    "PostedForm",
    "Presence",
    "SignInTry",
    "SignedIn",
    "digest",
    "draft_paths",
    "drafts_of",
    "end_session",
    "forget_drafts",
    "has_drafts",
    "hash_password",
    "keep_draft",
    "note_failure",
    "password_fits",
    "presence_of",
    "save_draft",
    "show_colleagues",
    "showing",
    "staff_named",
    "start_session",
    "take_draft",
    "touch",
    "wait_for",
]
