"""What a region decides for itself and may change on the screen: a value, since when, by whom.

Rows are added, never changed; the latest of a policy counts, and without one the configuration
does. Most policies are a closed list of values; of those that are written, such as an address or a
list of days, the history keeps that they changed and not what they say. Never commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Field, Session, SQLModel, col, func, select

from handoffs.access import Permission, require
from handoffs.errors import BadEntry
from handoffs.history import Act, record
from handoffs.parties import Actor, Organization, OrganizationKind, Staff
from handoffs.telling.mailbox import is_address
from rules.kinds import Labelled


class Policy(Labelled):
    """What can be decided here."""

    MAIL_USE = "mail_use", "メールでのお知らせ"
    FAX_USE = "fax_use", "FAXでの連絡"
    LINK_USE = "link_use", "サインインなしのリンク"
    LINK_DAYS = "link_days", "サインインなしのリンクが使える日数"
    LINK_NAMES = "link_names", "サインインなしのリンクの画面での氏名"
    PASTE_MCS = "paste_mcs", "MCSなどに貼り付ける文"
    FAX_NAME = "fax_name", "FAXの用紙での氏名"
    FAX_SECOND_PERSON = "fax_second_person", "FAX番号の確認に、もう一人の確かめ"
    BEYOND_OFFICE = "beyond_office", "返事がないときの、外への相談"
    COORDINATOR = "coordinator", "地域の調整役のメールアドレス"
    OFFICE_ACCESS = "office_access", "退院のあと、事業所・センターが記録を開ける日数"
    HOSPITAL_NAMES = "hospital_names", "病院の名前を出して並べる"
    MONTH_CLOSES = "month_closes", "月の数字を確定する日"
    YEAR_END = "year_end", "地域の年末年始の休み"
    CLOSED_DAYS = "closed_days", "そのほかの、地域の休みの日"
    NOTE = "note", "引き継ぎの覚え書き"

    @property
    def choices(self) -> Mapping[str, str]:
        """The values that can be chosen, with their words; none where it is written."""
        return _CHOICES.get(self.value, {})

    @property
    def is_written(self) -> bool:
        """Whether somebody writes the value instead of choosing it."""
        return self.value not in _CHOICES


LAST_OPEN_DAY = "last_open_day"
YEAR_ROUND = "none"
"""The choice of a region that closes at no year's turn."""

LONGEST_WORDS = 4000
MOST_DAYS = 300
_LAST_DAY = 28
"""Every month has one."""

LONGEST_LINK = 31
"""Days that a link works at most: longer, and a mailbox that somebody else opens keeps a door."""

_NAMES = {"masked": "伏せる（●本 ●子）", "full": "そのまま出す"}
_USE = {"yes": "使う", "no": "使わない"}
_ACCESS = (30, 60, 90, 180, 365, 730, 1095, 1825)
_CHOICES: Mapping[str, Mapping[str, str]] = {
    "mail_use": _USE,
    "fax_use": _USE,
    "link_use": _USE,
    "link_days": {str(days): f"{days}日" for days in range(1, LONGEST_LINK + 1)},
    "link_names": _NAMES,
    "paste_mcs": {
        "masked": "氏名を伏せて出す（●本 ●子）",
        "full": "氏名をそのまま出す",
        "none": "この文を出さない",
    },
    "fax_name": {"circles": "一部を●にする（●本●子）", "initials": "イニシャルにする（M.H.）"},
    "fax_second_person": {"no": "求めない", "yes": "求める"},
    "beyond_office": {"no": "知らせない", "yes": "知らせる（協議会で決めた）"},
    "office_access": {"0": "終わりを決めない", **{str(days): f"{days}日" for days in _ACCESS}},
    "hospital_names": {"hidden": "出さない（数だけ）", "shown": "出す（協議会で決めた）"},
    "month_closes": {
        LAST_OPEN_DAY: "翌月の最後の開庁日",
        **{str(day): f"翌月{day}日" for day in range(1, _LAST_DAY + 1)},
    },
    "year_end": {
        YEAR_ROUND: "決めない",
        "12-29_01-03": "12月29日から1月3日まで",
        "12-30_01-03": "12月30日から1月3日まで",
        "12-31_01-03": "12月31日から1月3日まで",
        "12-29_01-04": "12月29日から1月4日まで",
    },
}
_AFFIRMED = {"yes", "shown"}
_WRITTEN, _EMPTY = "written", "empty"
_KNOWN = {one.value: one for one in Policy}


class RegionPolicy(SQLModel, table=True):
    """One decision of a region. `words`: what somebody wrote, where the policy is written."""

    __tablename__ = "region_policy"

    id: int = Field(default=None, primary_key=True)
    region: str = Field(max_length=40, index=True)
    policy: str = Field(max_length=40)
    value: str = Field(max_length=40)
    set_at: datetime
    set_by: int = Field(foreign_key="staff.id")
    words: str | None = Field(default=None, max_length=LONGEST_WORDS)


@dataclass(frozen=True)
class PolicyShown:
    """One decision that was made, when, by whom. `kept`: what was chosen or written, as kept."""

    policy: Policy
    kept: str
    set_at: datetime
    by: str


def policies_of(session: Session, region: str) -> dict[Policy, str]:
    """What a region has decided; a policy that it never touched is absent."""
    rows = session.exec(
        select(RegionPolicy.policy, RegionPolicy.value, RegionPolicy.words)
        .where(RegionPolicy.region == region)
        .order_by(col(RegionPolicy.id))
    )
    found = {}
    for policy, value, words in rows:
        known = _KNOWN.get(policy)
        if known is not None and known.is_written:
            found[known] = words or ""
        elif known is not None and value in known.choices:
            found[known] = value
    return found


def last_decision(session: Session, actor: Actor) -> int:
    """The number of the latest decision of the actor's region; 0 where it made none.

    What is written for whoever takes over decides nothing, and has its own page.
    """
    last = select(func.max(RegionPolicy.id)).where(
        RegionPolicy.region == actor.region, RegionPolicy.policy != Policy.NOTE.value
    )
    return session.exec(last).one() or 0


def take_turn(session: Session, actor: Actor) -> None:
    """Let whoever decides for the same region wait until this transaction is over.

    Without it PostgreSQL would let two of them read the same last decision. The lock leaves
    everybody else's work alone (it is not one on the key).
    """
    deciding = (
        select(Organization.id)
        .where(
            Organization.region == actor.region,
            Organization.kind == OrganizationKind.HEALTH_CENTER,
        )
        .order_by(col(Organization.id))
    )
    session.exec(deciding.with_for_update(key_share=True)).all()


def holds(session: Session, region: str, policy: Policy, *, configured: bool) -> bool:
    """Whether a policy of two values holds: as the region decided, else as configured."""
    value = policies_of(session, region).get(policy)
    return configured if value is None else value in _AFFIRMED


def closing_on(session: Session, region: str, *, configured: int | None) -> int | None:
    """On which day of the next month the figures close; None for its last open day."""
    value = policies_of(session, region).get(Policy.MONTH_CLOSES)
    if value is None:
        return configured
    return None if value == LAST_OPEN_DAY else int(value)


def set_policy(session: Session, policy: Policy, value: str, *, by: Actor, now: datetime) -> None:
    """Decide something anew; a written value may be empty, and then it holds for nothing.

    Raises NotPermitted, or BadEntry for a value of no choice, an address that is none, or days
    that are none.
    """
    require(by, Permission.REGION_SET)
    if policy.is_written:
        refusal = refusal_of(policy, value)
        if refusal:
            raise BadEntry({policy.value: refusal})
    elif value not in policy.choices:
        raise BadEntry({policy.value: "どれかを選んでください。"})
    if policies_of(session, by.region).get(policy) == value:
        return
    code = value if not policy.is_written else _WRITTEN if value else _EMPTY
    session.add(
        RegionPolicy(
            region=by.region,
            policy=policy.value,
            value=code,
            set_at=now,
            set_by=by.person_id,
            words=value if policy.is_written else None,
        )
    )
    record(session, by, Act.REGION_POLICY, now=now, detail={"policy": policy.value, "value": code})


def days_written(words: str) -> frozenset[date]:
    """The days of a written list, as it is kept. Raises ValueError for anything else."""
    return frozenset(date.fromisoformat(word) for word in words.split())


def refusal_of(policy: Policy, words: str) -> str:
    """Why what somebody wrote cannot be kept, and what to write instead; empty where it can."""
    if len(words) > LONGEST_WORDS:
        return f"{LONGEST_WORDS}文字までで入力してください。"
    if policy is Policy.COORDINATOR and words and not is_address(words):
        return (
            "メールアドレスとして読めません。"
            "chousei@example.jp のように、半角で一つだけ入力してください。"
        )
    if policy is not Policy.CLOSED_DAYS:
        return ""
    try:
        days = days_written(words)
    except ValueError:
        return "日付として読めない行があります。"
    if len(days) > MOST_DAYS:
        return f"休みの日は{MOST_DAYS}日までです。過ぎた日を消してください。"
    return ""


def decisions_of(session: Session, actor: Actor) -> tuple[PolicyShown, ...]:
    """Every decision of the actor's region, the latest first. Raises NotPermitted."""
    require(actor, Permission.REGION_SET)
    rows = session.exec(
        select(RegionPolicy, Staff.name)
        .join(Staff, col(Staff.id) == col(RegionPolicy.set_by))
        .where(RegionPolicy.region == actor.region)
        .order_by(col(RegionPolicy.id).desc())
    )
    return tuple(
        PolicyShown(
            known,
            (row.words or "") if known.is_written else row.value,
            row.set_at,
            name,
        )
        for row, name in rows
        if (known := _KNOWN.get(row.policy)) is not None
        and (known.is_written or row.value in known.choices)
    )
