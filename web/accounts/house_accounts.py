"""The accounts of a house, for whoever keeps them: invite, let in again, close, name keepers.

A code is shown once, on the page that made it, and handed over on paper or by word of mouth. Nobody
here reaches a record that their role does not open, nor another organization's people.
"""

from collections.abc import Mapping
from typing import NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from handoffs.accounts import keeping
from handoffs.accounts.account import Account, keepers_of, require_keeper, rule_of
from handoffs.accounts.emergency import awaiting_review
from handoffs.accounts.invitation import (
    LONGEST_NAME,
    ROLES,
    Newcomer,
    colleague,
    everybody_of,
    invite,
    invite_again,
    open_invitations,
)
from handoffs.accounts.keeping import RuleEntry
from handoffs.errors import BadEntry
from handoffs.parties import Role, Staff, wards_of
from handoffs.tokyo import day_of
from web.auth import fresh
from web.context import acting, actor, now, reading, taken_in
from web.inputs import Posted

pages = Blueprint("house_accounts", __name__)

_LONGEST = 40
_NAME = "希望のサインイン名を入力してください。"
_DONE = {
    "closed": "アカウントを止めました。開いていた画面も、次の操作から使えません。",
    "reopened": "アカウントを使えるようにしました。入り直すための番号を作って渡してください。",
    "keeper": "アカウント担当者を変えました。",
    "rule": "決めごとを登録しました。次の操作から効きます。",
    "made": "番号は一度だけ表示されました。書き留められなかったときは、作り直してください。",
}


class Line(NamedTuple):
    """One colleague on the page."""

    staff: Staff
    keeps: bool
    ready: bool
    """Whether the account has a second factor, so that somebody can sign in to it."""
    invited: bool


@pages.get("/accounts")
def show() -> ResponseReturnValue:
    """List everybody of the house with how their account stands."""
    by = actor()
    with reading() as session:
        require_keeper(session, by)
        waiting = {one.staff_id for one in open_invitations(session, by.organization_id, now())}
        keepers = {one.id for one in keepers_of(session, by.organization_id)}
        lines = [
            Line(one, one.id in keepers, _is_ready(session, one), one.id in waiting)
            for one in everybody_of(session, by.organization_id)
        ]
        waiting_for_review = awaiting_review(session, by.organization_id)
    return render_template(
        "accounts/house.html",
        lines=lines,
        awaiting_review=waiting_for_review,
        done=_DONE.get(request.args.get("done", "")),
    )


@pages.get("/accounts/invite")
@fresh
def invite_form() -> ResponseReturnValue:
    """Ask whom to invite."""
    return _invite_screen({}, {})


@pages.post("/accounts/invite")
@fresh
def invited() -> ResponseReturnValue:
    """Make the account, and show its code this once."""
    typed = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        newcomer = Newcomer(
            name=typed.text("name", ask="氏名を入力してください。", longest=LONGEST_NAME)[
                :LONGEST_NAME
            ],
            sign_in_name=typed.text("sign_in_name", ask=_NAME, longest=_LONGEST)[:_LONGEST],
            role=typed.word("role", Role, ask="職種を選んでください。"),
            ward_id=typed.number("ward"),
        )
        typed.finish()
        with acting() as session:
            staff, code = invite(session, newcomer, by=actor(), now=now())
            taken_in(session, url_for("house_accounts.show", done="made"))
    except BadEntry as bad:
        return _invite_screen(typed.values, bad.fields)
    return render_template("accounts/slip.html", staff=staff, code=code)


@pages.get("/accounts/<int:staff_id>")
def one(staff_id: int) -> ResponseReturnValue:
    """Show a colleague's account and what can be done with it."""
    with reading() as session:
        require_keeper(session, actor())
        staff = colleague(session, staff_id, actor())
        account = session.get(Account, staff_id)
    keeps = account is not None and account.keeps_accounts
    return render_template("accounts/colleague.html", staff=staff, keeps=keeps)


@pages.post("/accounts/<int:staff_id>/code")
@fresh
def code_again(staff_id: int) -> ResponseReturnValue:
    """Make a new code for a colleague, and show it this once."""
    with acting() as session:
        staff, code = invite_again(session, staff_id, by=actor(), now=now())
        taken_in(session, url_for("house_accounts.show", done="made"))
    return render_template("accounts/slip.html", staff=staff, code=code)


@pages.post("/accounts/<int:staff_id>/close")
def close(staff_id: int) -> ResponseReturnValue:
    """Close a colleague's account. Not asked to be fresh: it must be quick, and opens nothing."""
    with acting() as session:
        keeping.close_account(session, staff_id, by=actor(), now=now())
        return _done(session, "closed")


@pages.post("/accounts/<int:staff_id>/reopen")
@fresh
def reopen(staff_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    with acting() as session:
        keeping.reopen_account(session, staff_id, by=actor(), now=now())
        return _done(session, "reopened")


@pages.post("/accounts/<int:staff_id>/keeper")
@fresh
def keeper(staff_id: int) -> ResponseReturnValue:
    """Let a colleague keep the accounts, or no longer."""
    keeps = request.form.get("keeps") == "yes"
    with acting() as session:
        keeping.name_keeper(session, staff_id, keeps=keeps, by=actor(), now=now())
        return _done(session, "keeper")


@pages.get("/accounts/rule")
def rule() -> ResponseReturnValue:
    """Show what the house asks of its own people."""
    return _rule_screen(None, {})


@pages.post("/accounts/rule")
@fresh
def rule_posted() -> ResponseReturnValue:
    """Set it."""
    typed = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        idle = _within(typed, "idle_minutes", keeping.SHORTEST_IDLE, keeping.LONGEST_IDLE)
        whole = _within(typed, "absolute_hours", keeping.SHORTEST_WHOLE, keeping.LONGEST_WHOLE)
        mixed = typed.text("mixed_characters") == "yes"
        typed.finish()
        entry = RuleEntry(mixed_characters=mixed, idle_minutes=idle, absolute_hours=whole)
        with acting() as session:
            keeping.set_rule(session, entry, by=actor(), now=now())
            return _done(session, "rule")
    except BadEntry as bad:
        return _rule_screen(typed.values, bad.fields)


def _within(typed: Posted, name: str, lowest: int, highest: int) -> int | None:
    found = typed.number(name)
    if found is not None and not lowest <= found <= highest:
        typed.refuse(name, f"{lowest}から{highest}までの数字を入力してください。")
        return None
    return found


def _is_ready(session: Session, staff: Staff) -> bool:
    account = session.get(Account, staff.id)
    return account is not None and account.totp_secret is not None


def _done(session: Session, what: str) -> ResponseReturnValue:
    location = url_for("house_accounts.show", done=what)
    taken_in(session, location)
    return redirect(location, code=303)


def _invite_screen(typed: Mapping[str, str], errors: Mapping[str, str]) -> ResponseReturnValue:
    by = actor()
    with reading() as session:
        require_keeper(session, by)
        wards = [(one.id, one.name) for one in wards_of(session, by.organization_id)]
    page = render_template(
        "accounts/invite.html", values=typed, errors=errors, roles=ROLES[by.kind], wards=wards
    )
    return page, 422 if errors else 200


def _rule_screen(typed: Mapping[str, str] | None, errors: Mapping[str, str]) -> ResponseReturnValue:
    with reading() as session:
        require_keeper(session, actor())
        stands = rule_of(session, actor().organization_id)
    values: dict[str, object] = {
        "mixed_characters": "yes" if stands.mixed_characters else "",
        "idle_minutes": stands.idle_minutes,
        "absolute_hours": stands.absolute_hours,
    }
    if typed is not None:
        values = {"mixed_characters": "", **typed}
    page = render_template("accounts/rule.html", values=values, errors=errors)
    return page, 422 if errors else 200
