"""地域の決めごと: what the region decides, each with what follows from it, since when and by whom.

For the health centre. What a site alone can give, such as servers, folders and secrets, stays in
its configuration; the page says so.
"""

import unicodedata
from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from handoffs.errors import BadEntry
from handoffs.long_work import LongWork, WorkState, state_of
from handoffs.region.policy import (
    LONGEST_WORDS,
    Policy,
    PolicyShown,
    days_written,
    decisions_of,
    last_decision,
    policies_of,
    refusal_of,
    set_policy,
    take_turn,
)
from handoffs.region.rest import RESTING, ask_for_recount, last_recount
from handoffs.tokyo import day_of
from web.auth import fresh
from web.context import acting, actor, now, reading, taken_in
from web.dates import moment
from web.inputs import Posted
from web.office_hours import day_lines, read_days
from web.region.decided import configured, fax_server_is_there, mail_is_possible, value_of
from web.region.policy_words import GROUPS

pages = Blueprint("area_policies", __name__)

_DONE = {
    "decided": "地域の決めごとを変えました。いまから、すべての画面とお知らせで使われます。"
    "退院のあとに開ける日数は、今夜の見回りから効きます。",
    "recounting": "地域の決めごとを受け付けました。入院中の方の期限を、これから数え直します。"
    "変わった期限は、それぞれの経過に残ります。",
    "unchanged": "変わったところはありませんでした。",
}
_OVERTAKEN = (
    "あなたが開いているあいだに、ほかの方が決めごとを変えました。下の入力はそのまま残してあります。"
    "「これまでに決めたこと」で何が変わったかを確かめ、よければもう一度「この内容に決める」を押してください。"
)
_ON_THE_FORM = tuple(policy for group in GROUPS for policy, _ in group.policies)


@pages.get("/area/policies")
@fresh
def show() -> ResponseReturnValue:
    """Show what holds now, to be decided anew."""
    return _screen({}, {}, _DONE.get(request.args.get("done", "")))


@pages.post("/area/policies")
@fresh
def decided() -> ResponseReturnValue:
    """Take down what the region decided."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    with reading() as session:
        held = policies_of(session, actor().region)
    values = {policy: _read(posted, policy, held) for policy in _ON_THE_FORM}
    seen = posted.text("seen", longest=12)
    try:
        posted.finish()
        with acting() as session:
            _refuse_stale(session, seen)
            before = policies_of(session, actor().region)
            # What stands in the configuration is no decision until somebody changes it.
            changed = [p for p, value in values.items() if value != value_of(p, before)]
            for policy in changed:
                set_policy(session, policy, values[policy], by=actor(), now=now())
            rests = any(policy in RESTING for policy in changed)
            last = last_recount(session, actor())
            again = rests or (last is not None and last.failure is not None)
            if again:
                ask_for_recount(session, by=actor(), now=now())
            done = "recounting" if again else "decided" if changed else "unchanged"
            location = url_for(".show", done=done)
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(posted.values, bad.fields), 409 if "seen" in bad.fields else 422
    return redirect(location, code=303)


def shown_words(policy: Policy, value: str) -> str:
    """The words of a value, as a table shows them."""
    if policy is Policy.CLOSED_DAYS:
        return "、".join(day_lines(sorted(days_written(value)))) or "なし"
    if policy.is_written:
        return value or "なし"
    return policy.choices.get(value, f"{value}日")


def standing_decisions(decisions: tuple[PolicyShown, ...]) -> dict[Policy, PolicyShown]:
    """The decision that holds of each policy, of all that were made, the latest first."""
    found: dict[Policy, PolicyShown] = {}
    for one in decisions:
        found.setdefault(one.policy, one)
    return found


def _read(posted: Posted, policy: Policy, decided: Mapping[Policy, str]) -> str:
    """Read one value, as it is kept; complaints stay with `posted`."""
    if policy.is_written:
        if policy is Policy.CLOSED_DAYS:
            days = sorted(read_days(posted, policy.value))
            value = " ".join(day.isoformat() for day in days)
        else:
            value = unicodedata.normalize("NFKC", posted.text(policy.value, longest=LONGEST_WORDS))
        refusal = refusal_of(policy, value)
        if refusal:
            posted.refuse(policy.value, refusal)
        return value
    # The configuration's own value, which may be none of ours, stands until somebody decides.
    held = decided.get(policy)
    offered = (*policy.choices, *(() if held else (configured(policy),)))
    return posted.one_of(policy.value, offered, ask="どれかを選んでください。")


def _refuse_stale(session: Session, seen: str) -> None:
    """Raise BadEntry where somebody decided since the page was shown."""
    take_turn(session, actor())
    if seen != str(last_decision(session, actor())):
        raise BadEntry({"seen": _OVERTAKEN})


def _options(policy: Policy, decided: Mapping[Policy, str]) -> list[tuple[str, str]]:
    """What can be chosen; until somebody decides, the configuration's value too."""
    if policy.is_written:
        return []
    other = configured(policy)
    own = (
        []
        if other in policy.choices or policy in decided
        else [(other, shown_words(policy, other))]
    )
    return [*own, *policy.choices.items()]


def _screen(typed: Mapping[str, str], errors: Mapping[str, str], done: str | None = None) -> str:
    with reading() as session:
        decisions = decisions_of(session, actor())
        held = policies_of(session, actor().region)
        seen = str(last_decision(session, actor()))
        recount = _recount_words(last_recount(session, actor()))
    values = {}
    for policy in _ON_THE_FORM:
        value = value_of(policy, held)
        days = policy is Policy.CLOSED_DAYS
        values[policy.value] = "\n".join(day_lines(sorted(days_written(value)))) if days else value
    return render_template(
        "region/policies.html",
        groups=GROUPS,
        options={policy: _options(policy, held) for policy in _ON_THE_FORM},
        values=values | dict(typed) | {"seen": seen},
        standing=standing_decisions(decisions),
        decisions=[(one, shown_words(one.policy, one.kept)) for one in decisions],
        mail_is_possible=mail_is_possible(),
        fax_server=fax_server_is_there(),
        recount=recount,
        errors=errors,
        done=done,
    )


def _recount_words(work: LongWork | None) -> str:
    """How far the last recount of what is due is, in a sentence; empty where there was none."""
    if work is None:
        return ""
    asked = f"{moment(work.asked_at)}に休みの日を変えたので、入院中の方の期限を"
    if work.failure is not None:
        return (
            f"{asked}数え直そうとしましたが、途中で止まりました。「この内容に決める」をもう一度押すと、"
            "はじめから数え直します。同じことが続くときは、システムの管理者に"
            f"「作業{work.id}」と伝えてください。"
        )
    return asked + {
        WorkState.WAITING: "数え直します。順番を待っています。",
        WorkState.RUNNING: "数え直しています。このページを離れてもかまいません。",
    }.get(state_of(work, now()), "数え直しました。変わった期限は、それぞれの経過に残っています。")
