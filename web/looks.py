"""What templates are given: filters for days, the menu, the shape and tone of a state.

A state is shown as a word, a shape and a colour. The word stands beside its definition; shape
and tone stand here. Tones: calm, good, soon, late, open (to be asked), over.
"""

from collections.abc import Iterable
from enum import StrEnum

from flask import Flask, g, request

from forms.chart import percent, percent_range
from handoffs.access import Permission, may
from handoffs.fax.channel import FaxState
from handoffs.handoff import State
from handoffs.parties import Actor
from handoffs.rates.coordination import Contact
from handoffs.tokyo import day_of
from rules import Coordination, Standing
from rules.kinds import Labelled
from web import csrf, dates
from web.auth import keeps_here
from web.context import desk, now, presence_or_none
from web.heartbeats import CLOCK, DELIVERY
from web.unverified import notes_for

_LOOKS: tuple[tuple[StrEnum, str, str], ...] = (
    (State.WITHDRAWN, "dash", "over"),
    (State.WAIVED, "dash", "over"),
    (State.CONFIRMED, "check", "good"),
    (State.DECLINED, "back", "soon"),
    (State.DELIVERED, "full", "calm"),
    (State.SENT, "half", "calm"),
    (State.UNDETERMINED, "diamond", "open"),
    (State.PAUSED, "dash", "calm"),
    (State.BEFORE_NOTICE, "dots", "open"),
    (State.AT_ONCE, "bang", "late"),
    (State.MISSED, "triangle", "late"),
    (State.DUE_SOON, "clock", "soon"),
    (State.WAITING, "ring", "calm"),
    (Coordination.REQUIRED, "square", "calm"),
    (Coordination.NOT_REQUIRED, "dash", "over"),
    (Coordination.UNDETERMINED, "diamond", "open"),
    (Standing.REQUIRED, "ring", "calm"),
    (Standing.UNDETERMINED, "diamond", "open"),
    (Contact.AGREED, "check", "good"),
    (Contact.HOSPITAL_ONLY, "half", "calm"),
    (Contact.OFFICE_ONLY, "half", "calm"),
    (Contact.THROUGH_FAMILY, "dots", "open"),
    (Contact.NONE, "ring", "open"),
    (Contact.CONTRADICTED, "bang", "soon"),
    (Contact.UNKNOWN, "ring", "open"),
    (FaxState.PREPARED, "ring", "calm"),
    (FaxState.SENT, "half", "calm"),
    (FaxState.DELIVERED, "full", "calm"),
    (FaxState.BUSY, "clock", "soon"),
    (FaxState.FAILED, "bang", "late"),
    (FaxState.RECEIVED, "check", "good"),
    (FaxState.REPLIED, "back", "soon"),
)
# By type and value: members of two lists with the same word are equal, being text.
_LOOK_OF = {(type(member), member.value): (shape, tone) for member, shape, tone in _LOOKS}
_PLAIN = ("ring", "calm")

_HOSPITAL_MENU = (
    ("/stays", "入院中の方"),
    ("/stays/new", "入院の登録"),
    ("/stays/unconfirmed", "確認がとれていない方"),
    ("/worklist", "やることの一覧"),
    ("/find", "人をさがす"),
    ("/slips", "FAXの返信"),
)
_HOSPITAL_MORE = (
    (
        "加算と記録",
        (
            ("/support-log", "入退院支援加算の3日・7日"),
            ("/evidence", "加算の記録"),
            ("/record-check", "記録の確認"),
            ("/shadow", "試行の月"),
        ),
    ),
    (
        "設定とルール",
        (
            ("/messages/settings", "お知らせと不在"),
            ("/simulator", "ルールを試す"),
            ("/backtests", "案を試す"),
        ),
    ),
)
"""What a ward needs less than daily, folded under two words so that the menu is one line."""

_PLANNER_MENU = (
    ("/worklist", "やることの一覧"),
    ("/stays", "利用者の一覧"),
    ("/find", "人をさがす"),
    ("/evidence", "加算の記録"),
    ("/contacts", "窓口一覧"),
)
_CENTER_MENU = (*_PLANNER_MENU[:2], ("/caseload", "圏域と委託先"), *_PLANNER_MENU[2:])
_PLANNER_MORE = (
    (
        "設定とルール",
        (
            ("/roster", "担当者名簿"),
            ("/messages/settings", "お知らせと不在"),
            ("/surveys", "調査票"),
            ("/simulator", "ルールを試す"),
        ),
    ),
)
_OFFICER_MENU = (
    ("/rates", "月報"),
    ("/yearly", "年報"),
    ("/region", "地域の状況"),
    ("/area", "地域の管理"),
    ("/surveys", "調査"),
    ("/simulator", "ルールを試す"),
    ("/backtests", "案を試す"),
)

_WHOLE = (
    "/rates",
    "/backtests",
    "/yearly",
    "/surveys",
    "/evidence",
    "/record-check",
    "/shadow",
    "/region",
    "/area",
    "/roster",
    "/support-log",
)
"""Menu entries that stand for every page below them."""

TEXT_SIZE = "tsunagi-text"
"""The cookie that remembers a larger text on this computer. It says nothing of anybody."""


def dress(app: Flask) -> None:
    """Give the templates of an application what they need."""
    app.jinja_env.filters.update(
        day=dates.day,
        short_day=dates.short_day,
        month=dates.month,
        moment=dates.moment,
        percent=percent,
        percent_range=percent_range,
    )
    app.jinja_env.globals.update(
        form_token=csrf.form_token,
        new_form_id=csrf.new_form_id,
        look_of=look_of,
        pairs=pairs,
        notes_for=notes_for,
        Permission=Permission,
        draft_taken=_draft_taken,
        fax_used=_fax_used,
    )
    app.context_processor(_page)


def look_of(state: StrEnum) -> tuple[str, str]:
    """The shape and the tone of a state; a ring in a calm tone for one that has none of its own."""
    return _LOOK_OF.get((type(state), state.value), _PLAIN)


def pairs(options: Iterable[Labelled | tuple[object, str]]) -> list[tuple[object, str]]:
    """Value and label of each option, whether they came as pairs or as a labelled list."""
    return [(one.value, one.label) if isinstance(one, Labelled) else one for one in options]


def _fax_used() -> bool:
    return desk().fax_used


def _draft_taken() -> bool:
    return bool(g.get("draft_taken"))


def _menu(somebody: Actor | None) -> tuple[tuple[str, str], ...]:
    if somebody is None:
        return ()
    if may(somebody, Permission.RATES_READ):
        return _OFFICER_MENU
    if somebody.is_hospital:
        return _HOSPITAL_MENU
    return _CENTER_MENU if may(somebody, Permission.STEP_STATE) else _PLANNER_MENU


def _menu_more(somebody: Actor | None) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Groups of entries that stand folded at the end of the menu: words, and what is below."""
    if somebody is None or may(somebody, Permission.RATES_READ):
        return ()
    return _HOSPITAL_MORE if somebody.is_hospital else _PLANNER_MORE


def _page() -> dict[str, object]:
    """What every page knows. Reads no database: error pages are rendered without one."""
    present = presence_or_none()
    somebody = present.actor if present else None
    return {
        "actor": somebody,
        "may": lambda permission: somebody is not None and may(somebody, permission),
        "menu": _menu(somebody),
        "menu_more": _menu_more(somebody),
        "here": next((one for one in _WHOLE if request.path.startswith(one)), request.path),
        "account_ends_at": present.ends_at if present else None,
        "keeps": keeps_here(),
        "drafts_wait": "sent" if request.method == "POST" else g.get("drafts_wait") and "wait",
        "quiet_seconds": int(present.idle.total_seconds()) if present and present.idle else 0,
        "clock_stands": CLOCK in g.get("standing_still", ()),
        "delivery_stands": DELIVERY in g.get("standing_still", ()),
        "large_text": request.cookies.get(TEXT_SIZE) == "large",
        "region_name": desk().region_name,
        "today": day_of(now()),
    }
