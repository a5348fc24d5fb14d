"""What a region decides for itself and may change on the screen: a value, since when, by whom.

Rows are added, never changed; the latest of a policy counts, and without one the configuration
does. Each policy is a closed list of values. Never commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.access import Permission, require
from handoffs.errors import BadEntry
from handoffs.history import Act, record
from handoffs.parties import Actor, Staff
from rules.kinds import Labelled


class Policy(Labelled):
    """What can be decided here."""

    LINK_USE = "link_use", "サインインなしのリンク"
    LINK_DAYS = "link_days", "サインインなしのリンクが使える日数"
    LINK_NAMES = "link_names", "サインインなしのリンクの画面での氏名"
    PASTE_MCS = "paste_mcs", "MCSに貼り付ける文での氏名"
    FAX_SECOND_PERSON = "fax_second_person", "FAX番号の確認に、もう一人の確かめ"
    HOSPITAL_NAMES = "hospital_names", "病院の名前を出して並べる"
    MONTH_CLOSES = "month_closes", "月の数字を確定する日"

    @property
    def choices(self) -> Mapping[str, str]:
        """The values that can be chosen, with their words."""
        return _CHOICES[self.value]


LAST_OPEN_DAY = "last_open_day"
_LAST_DAY = 28
"""Every month has one."""

LONGEST_LINK = 31
"""Days that a link works at most: longer, and a mailbox that somebody else opens keeps a door."""

_NAMES = {"masked": "伏せる（●本 ●子）", "full": "そのまま出す"}
_CHOICES: Mapping[str, Mapping[str, str]] = {
    "link_use": {"yes": "使う", "no": "使わない（電話・FAX・つなぎの画面で伝える）"},
    "link_days": {str(days): f"{days}日" for days in range(1, LONGEST_LINK + 1)},
    "link_names": _NAMES,
    "paste_mcs": _NAMES,
    "fax_second_person": {"no": "求めない", "yes": "求める"},
    "hospital_names": {"hidden": "出さない（数だけ）", "shown": "出す（協議会で決めた）"},
    "month_closes": {
        LAST_OPEN_DAY: "翌月の最後の開庁日",
        **{str(day): f"翌月{day}日" for day in range(1, _LAST_DAY + 1)},
    },
}


class RegionPolicy(SQLModel, table=True):
    """One decision of a region."""

    __tablename__ = "region_policy"

    id: int = Field(default=None, primary_key=True)
    region: str = Field(max_length=40, index=True)
    policy: str = Field(max_length=40)
    value: str = Field(max_length=40)
    set_at: datetime
    set_by: int = Field(foreign_key="staff.id")


@dataclass(frozen=True)
class PolicyShown:
    """One decision that was made: its value, when, by whom."""

    policy: Policy
    value: str
    set_at: datetime
    by: str


def policies_of(session: Session, region: str) -> dict[Policy, str]:
    """What a region has decided; a policy that it never touched is absent."""
    rows = session.exec(
        select(RegionPolicy.policy, RegionPolicy.value)
        .where(RegionPolicy.region == region)
        .order_by(col(RegionPolicy.id))
    )
    known = {one.value: one for one in Policy}
    return {
        known[policy]: value
        for policy, value in rows
        if policy in known and value in known[policy].choices
    }


def holds(session: Session, region: str, policy: Policy, *, configured: bool) -> bool:
    """Whether a policy of two values holds: as the region decided, else as configured.

    Of the two values the last one is the one that holds.
    """
    value = policies_of(session, region).get(policy)
    return configured if value is None else value == list(policy.choices)[-1]


def closing_on(session: Session, region: str, *, configured: int | None) -> int | None:
    """On which day of the next month the figures close; None for its last open day."""
    value = policies_of(session, region).get(Policy.MONTH_CLOSES)
    if value is None:
        return configured
    return None if value == LAST_OPEN_DAY else int(value)


def set_policy(session: Session, policy: Policy, value: str, *, by: Actor, now: datetime) -> None:
    """Decide something anew. Raises NotPermitted, or BadEntry for a value of no choice."""
    require(by, Permission.REGION_SET)
    if value not in policy.choices:
        raise BadEntry({policy.value: "どちらかを選んでください。"})
    if policies_of(session, by.region).get(policy) == value:
        return
    session.add(
        RegionPolicy(
            region=by.region, policy=policy.value, value=value, set_at=now, set_by=by.person_id
        )
    )
    record(session, by, Act.REGION_POLICY, now=now, detail={"policy": policy.value, "value": value})


def decisions_of(session: Session, actor: Actor) -> tuple[PolicyShown, ...]:
    """Every decision of the actor's region, the latest first. Raises NotPermitted."""
    require(actor, Permission.REGION_SET)
    rows = session.exec(
        select(RegionPolicy, Staff.name)
        .join(Staff, col(Staff.id) == col(RegionPolicy.set_by))
        .where(RegionPolicy.region == actor.region)
        .order_by(col(RegionPolicy.id).desc())
    )
    known = {one.value: one for one in Policy}
    return tuple(
        PolicyShown(known[row.policy], known[row.policy].choices[row.value], row.set_at, name)
        for row, name in rows
        if row.policy in known and row.value in known[row.policy].choices
    )
