"""What the care manager wishes on the 入院時情報提供書, as work of the ward.

Each wish opens one handoff of the hospital, once for a stay, however often the sheet is sent. It
counts as opened by hand: no later decision takes it back, and the ward may say 不要 with a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlmodel import Session

from handoffs.handoff import BY_HAND, LONGEST_REASON, Handoff, handoffs_of
from handoffs.history import Act, Detail, record
from handoffs.parties import Actor
from handoffs.plan_office import plan_office_of
from handoffs.stays.stay import Stay
from rules import HandoffKind, Party, Standing

WISHED = "wish"
SOURCE = "ケアマネジャーの希望（入院時情報提供書）"


@dataclass(frozen=True)
class _Wish:
    title: str
    """What stands above the ward's work: the three are one kind, and not one thing to do."""
    words: str
    more: str = ""
    """The field in which the wish is told more closely."""


WISHES: Mapping[str, _Wish] = MappingProxyType(
    {
        "ward_conference": _Wish(
            "院内カンファレンス（参加の希望）",
            "院内の多職種カンファレンスへの参加を希望しています。",
        ),
        "discharge_conference": _Wish(
            "退院前カンファレンス（参加の希望）",
            "退院前カンファレンスへの参加を希望しています。",
            "conference_wish",
        ),
        "home_visit": _Wish(
            "退院前訪問（同行の希望）", "退院前訪問指導を行う場合の同行を希望しています。"
        ),
    }
)
_RULE_IDS = MappingProxyType({f"{BY_HAND}{WISHED}-{field}": wish for field, wish in WISHES.items()})


def title_of(handoff: Handoff) -> str:
    """Return what a page calls a handoff: what is wished, or else the words of its kind."""
    wish = _RULE_IDS.get(handoff.rule_id)
    return wish.title if wish else handoff.kind.label


def open_wishes(
    session: Session, stay: Stay, answers: Mapping[str, str], *, by: Actor, now: datetime
) -> list[Handoff]:
    """Open what is wished and was not opened before; nothing once the person has left."""
    plan = plan_office_of(session, stay.id)
    if not stay.is_open or plan is None or plan.organization_id is None:
        return []
    there = {handoff.rule_id for handoff in handoffs_of(session, stay.id)}
    opened = []
    for field, wish in WISHES.items():
        rule_id = f"{BY_HAND}{WISHED}-{field}"
        if answers.get(field) != WISHED or rule_id in there:
            continue
        more = answers.get(wish.more, "")
        handoff = Handoff(
            stay_id=stay.id,
            rule_id=rule_id,
            kind=HandoffKind.DISCHARGE_CONFERENCE,
            sender=Party.HOSPITAL,
            receiver=Party.CARE_MANAGER,
            receiver_id=plan.organization_id,
            standing=Standing.REQUIRED,
            text=(f"{wish.words}要望: {more}" if more else wish.words)[:LONGEST_REASON],
            source=SOURCE,
            counting="日の決まりはありません",
            opened_at=now,
        )
        session.add(handoff)
        session.flush()  # The event names its id.
        detail: Detail = {"kind": handoff.kind.value, "by_hand": True, "wish": field}
        record(
            session,
            by,
            Act.HANDOFF_OPEN,
            now=now,
            stay_id=stay.id,
            handoff_id=handoff.id,
            detail=detail,
        )
        opened.append(handoff)
    return opened
