"""Whether the hospital was in contact with the plan office before somebody left.

Both sides' statements are read side by side. A contact counts when it was about
the discharge and took place before the person left, whenever it was written
down: 話せた, 面会, 会議, or a confirmed receipt. 不在 and 伝言 alone never count, and
news through the family is a state of its own.
"""

from collections.abc import Sequence
from functools import lru_cache

from handoffs.statement import ATTEMPTED, REACHED, Result, Side, Statement, Topic, standing
from handoffs.stays.stay import Stay
from rules.kinds import Labelled

DENIALS = frozenset({Result.NOTHING_HEARD, Result.NOT_CONTACTED})
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
    def words(self) -> str:
        """What it means, for both sides alike."""
        return _WORDS[self]

    @property
    def took_place(self) -> bool:
        """Whether it counts as coordinated."""
        return self in {Contact.AGREED, Contact.HOSPITAL_ONLY, Contact.OFFICE_ONLY}

    @property
    def is_unknown(self) -> bool:
        """Whether it widens the range instead of counting one way or the other."""
        return self in {Contact.CONTRADICTED, Contact.UNKNOWN}


_WORDS = {
    Contact.AGREED: "病院と計画作成担当の両方が、連絡があったと記録しています。",
    Contact.HOSPITAL_ONLY: "病院だけが、連絡があったと記録しています。",
    Contact.OFFICE_ONLY: "計画作成担当だけが、連絡があったと記録しています。",
    Contact.THROUGH_FAMILY: "家族を通じて伝わったという記録だけがあります。"
    "直接の連絡があれば、記録してください。",
    Contact.NONE: "連絡がついたという記録は、まだありません。",
    Contact.CONTRADICTED: "双方の記録が違っています。電話などで確かめてください。",
    Contact.UNKNOWN: "どちらの記録もまだありません。",
}


Claim = tuple[Side, Result]
"""What one statement about the discharge comes down to."""


def contact_about_discharge(stay: Stay, statements: Sequence[Statement]) -> Contact:
    """Read what both sides say about the discharge of one stay; what was taken back is nothing."""
    about = [
        s
        for s in standing(statements)
        if s.topic is Topic.DISCHARGE
        and (s.result in DENIALS or not stay.left_before(s.happened_on, s.happened_time))
    ]
    return contact_of(tuple((s.side, s.result) for s in sorted(about, key=lambda s: s.id)))


@lru_cache(maxsize=4096)
def contact_of(claims: tuple[Claim, ...]) -> Contact:
    """Read the claims of both sides, in the order in which they were written down.

    They are those about the discharge that stand: denials, and what was before leaving. Stays
    are many and what is said of them is alike, so each reading is made once.
    """
    hospital = said(claims, Side.HOSPITAL)
    office = said(claims, Side.PLAN_OFFICE)
    if office and (hospital or (Side.HOSPITAL, Result.SENT) in claims):
        return Contact.AGREED
    if (hospital and _denied(claims, Side.PLAN_OFFICE)) or (
        office and _denied(claims, Side.HOSPITAL)
    ):
        return Contact.CONTRADICTED
    if hospital:
        return Contact.HOSPITAL_ONLY
    if office:
        return Contact.OFFICE_ONLY
    if any(result is Result.THROUGH_FAMILY for _, result in claims):
        return Contact.THROUGH_FAMILY
    if hospital is False or office is False:
        return Contact.NONE
    return Contact.UNKNOWN


@lru_cache(maxsize=4096)
def said(claims: tuple[Claim, ...], side: Side) -> bool | None:
    """What one side says: there was a contact, there was none, or nothing.

    A later denial takes back nothing that was a contact: whoever reached the
    other side on the 18th and writes 連絡していない on the 20th means the 20th.
    Only an office that says 連絡はなかった denies the whole.
    """
    results = [result for whose, result in claims if whose is side]
    if Result.NOTHING_HEARD in results:
        latest = len(results) - results[::-1].index(Result.NOTHING_HEARD)
        reached = any(result in REACHED for result in results[latest:])
    else:
        reached = any(result in REACHED for result in results)
    if reached:
        return True
    return False if any(result in DENIALS | ATTEMPTED for result in results) else None


def _denied(claims: Sequence[Claim], side: Side) -> bool:
    """Whether a side says that there was no contact; its own failed attempts say nothing of it."""
    return any(whose is side and result in DENIALS for whose, result in claims)
