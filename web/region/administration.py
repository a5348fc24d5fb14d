"""地域の管理: who asks to take part, the organizations, the region's own decisions, what changed.

For the health centre. No stay is on these pages; of people only those who work somewhere.
"""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.errors import BadEntry
from handoffs.parties import OrganizationKind
from handoffs.region import joining
from handoffs.region.districts import parts_of
from handoffs.region.organizations import changes_in, organizations_in
from handoffs.region.policy import Policy, decisions_of, policies_of
from web.auth import fresh
from web.context import acting, actor, now, reading, taken_in
from web.region.decided import value_of
from web.region.policies import shown_words, standing_decisions

pages = Blueprint("area", __name__)

_DONE = {
    "admitted": "機関を登録しました。はじめのコードは一度だけ表示しました。"
    "控えられなかったときは、その機関の画面で作り直せます。",
    "refused": "申し込みを断りました。電話でもお伝えください。",
}
_WAITS_LONG = timedelta(days=30)
FIELDS = {
    "name": "名前",
    "kana": "読み",
    "number": "番号",
    "municipality": "市町村",
    "telephone": "電話",
    "fax": "FAX",
}
"""What each field of an organization is called."""


@pages.get("/area")
@fresh
def show() -> ResponseReturnValue:
    """Show what waits, everybody who takes part, what the region decided, what changed lately."""
    return _screen({})


@pages.post("/area/requests/<int:request_id>/admitted")
@fresh
def admitted(request_id: int) -> ResponseReturnValue:
    """Let an organization take part, and show the code of its first person, this once."""
    try:
        with acting() as session:
            made = joining.admit(session, request_id, by=actor(), now=now())
            taken_in(session, url_for("area.show", done="admitted"))
    except BadEntry as bad:
        return _screen(bad.fields), 422
    return render_template("region/admitted.html", made=made)


@pages.post("/area/requests/<int:request_id>/refused")
@fresh
def refused(request_id: int) -> ResponseReturnValue:
    """Refuse a request."""
    with acting() as session:
        joining.refuse(session, request_id, by=actor(), now=now())
        location = url_for("area.show", done="refused")
        taken_in(session, location)
    return redirect(location, code=303)


def _screen(errors: dict[str, str]) -> str:
    with reading() as session:
        waiting = joining.requests_waiting(session, actor())
        organizations = organizations_in(session, actor())
        standing = standing_decisions(decisions_of(session, actor()))
        decided = policies_of(session, actor().region)
        changes = changes_in(session, actor())
        districts = len(parts_of(session, actor().region))
    kinds = list(OrganizationKind)
    return render_template(
        "region/area.html",
        waiting=waiting,
        long_before=now() - _WAITS_LONG,
        erased_after=joining.WAITS.days,
        groups=[
            (kind, [one for one in organizations if one.kind is kind])
            for kind in kinds
            if any(one.kind is kind for one in organizations)
        ],
        policies=[
            (policy, shown_words(policy, value_of(policy, decided)), standing.get(policy))
            for policy in Policy
            if policy is not Policy.NOTE
        ],
        changes=changes,
        fields=FIELDS | {policy.value: policy.label for policy in Policy},
        districts=districts,
        errors=errors,
        done=_DONE.get(request.args.get("done", "")),
    )
