"""Whether the hospital was in contact with the plan office before somebody left.

Both sides' statements are read side by side. A contact counts when it was about
the discharge and took place before the person left, whenever it was written
down: 話せた, 面会, 会議, or a confirmed receipt. 不在 and 伝言 alone never count, and
news through the family is a state of its own.
"""

from collections.abc import Sequence

from handoffs.statement import ATTEMPTED, REACHED, Result, Side, Statement, Topic
from handoffs.stay import Stay
from rules.kinds import Labelled

_DENIALS = frozenset({Result.NOTHING_HEARD, Result.NOT_CONTACTED})
"""That there was no contact. It is said of the whole stay, so its day may lie after leaving."""


class Contact(Labelled):
    """What is known of the contact about one discharge."""

    AGREED = "agreed", "双方確認"
    HOSPITAL_ONLY = "hospital_only", "病院申告"
    OFFICE_ONLY = "office_only", "計画作成担当の申告"
    THROUGH_FAMILY = "through_family", "家族を通じて"
    NONE = "none", "連絡なし"
    CONTRADICTED = "contradicted", "双方の記録が食い違う"
    UNKNOWN = "unknown", "不明"

    @property
    def took_place(self) -> bool:
        """Whether it counts as coordinated."""
        return self in {Contact.AGREED, Contact.HOSPITAL_ONLY, Contact.OFFICE_ONLY}

    @property
    def is_unknown(self) -> bool:
        """Whether it widens the range instead of counting one way or the other."""
        return self in {Contact.CONTRADICTED, Contact.UNKNOWN}


def contact_about_discharge(stay: Stay, statements: Sequence[Statement]) -> Contact:
    """Read what both sides say about the discharge of one stay."""
    about = [
        s
        for s in statements
        if s.topic is Topic.DISCHARGE
        and (s.result in _DENIALS or not stay.left_before(s.happened_on, s.happened_time))
    ]
    hospital = _said([s for s in about if s.side is Side.HOSPITAL])
    office = _said([s for s in about if s.side is Side.PLAN_OFFICE])
    if office and (hospital or _sent(about)):
        return Contact.AGREED
    if (hospital and _denied(about, Side.PLAN_OFFICE)) or (
        office and _denied(about, Side.HOSPITAL)
    ):
        return Contact.CONTRADICTED
    if hospital:
        return Contact.HOSPITAL_ONLY
    if office:
        return Contact.OFFICE_ONLY
    if any(s.result is Result.THROUGH_FAMILY for s in about):
        return Contact.THROUGH_FAMILY
    if hospital is False or office is False:
        return Contact.NONE
    return Contact.UNKNOWN


def _said(statements: Sequence[Statement]) -> bool | None:
    """What one side says: there was a contact, there was none, or nothing.

    A later denial takes back nothing that was a contact: whoever reached the
    other side on the 18th and writes 連絡していない on the 20th means the 20th.
    Only an office that says 連絡はなかった denies the whole.
    """
    latest_denial = max((s.id for s in statements if s.result is Result.NOTHING_HEARD), default=0)
    if any(s.result in REACHED and (s.id) > latest_denial for s in statements):
        return True
    return False if any(s.result in _DENIALS | ATTEMPTED for s in statements) else None


def _sent(statements: Sequence[Statement]) -> bool:
    """Whether the hospital sent something. Alone it proves nothing, with a receipt it agrees."""
    return any(s.side is Side.HOSPITAL and s.result is Result.SENT for s in statements)


def _denied(statements: Sequence[Statement], side: Side) -> bool:
    """Whether a side says that there was no contact; its own failed attempts say nothing of it."""
    return any(s.side is side and s.result in _DENIALS for s in statements)
