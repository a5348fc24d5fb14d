"""How the parties agreed to work: stages, tiers, sheets, channels, contacts, old names.

These are words of the document that are not about one patient. A decision hands them
on with the handoffs they belong to; only tiers and stages carry a condition, and it
is a condition tree like every other.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from rules.condition import Condition
from rules.kinds import Labelled, Party


class SendingMeans(Labelled):
    """How something is sent."""

    MAIL = "mail", "郵送"
    HAND = "hand", "手渡し"
    TELEPHONE = "telephone", "電話"
    MEETING = "meeting", "面会"
    FAX = "fax", "FAX"
    ELECTRONIC = "electronic", "電子(連携システムなど)"


class ChannelUse(Labelled):
    """When a means may be used."""

    USUAL = "usual", "ふだん使う"
    EMERGENCY = "emergency", "急ぐときだけ"
    NOT_ALLOWED = "not_allowed", "使わない"


class Shown(Labelled):
    """What of a person's identity may stand on something that is sent."""

    INITIALS = "initials", "イニシャル"
    MASKED_NAME = "masked_name", "一部を伏せた氏名"
    AGE = "age", "年齢"
    MUNICIPALITY = "municipality", "市町村"


class Substitution(Labelled):
    """Whether another form may stand in for a sheet."""

    IF_COMPLETE = "if_complete", "足りない項目を補えば、別の様式でもよい"
    ALLOWED = "allowed", "別の様式でもよい"
    NOT_ALLOWED = "not_allowed", "この様式を使う"
    EACH_HOSPITAL = "each_hospital", "病院ごとの様式を使う"
    UNREAD = "unread", "別の様式でもよいかは、原文から読めていない"


class ContactRole(Labelled):
    """Who in a hospital can be the one contact of a case."""

    WARD_NURSE = "ward_nurse", "病棟看護師"
    DISCHARGE_NURSE = "discharge_nurse", "退院支援看護師"
    SOCIAL_WORKER = "social_worker", "医療ソーシャルワーカー"
    PSYCHIATRIC_SOCIAL_WORKER = "psychiatric_social_worker", "精神保健福祉士"


@dataclass(frozen=True)
class Tier:
    """A grade of need that the paper tells apart, such as 要介護相当 and 要支援相当.

    condition: a criterion of this tier holds, and none of an earlier tier does or could.
    """

    id: str
    text: str
    condition: Condition
    line: int


@dataclass(frozen=True)
class Stage:
    """One step of the paper's procedure, and who enters there.

    condition: the case enters here and at no later stage. passed_over: it enters at a
    later stage, so that the handoffs of this one do not come.
    """

    id: str
    text: str
    condition: Condition
    passed_over: Condition
    source: str
    line: int


@dataclass(frozen=True)
class Sheet:
    """A form of the region: its title, and whether another may stand in for it.

    must_have: the headings that any form must have, where the paper names them.
    """

    id: str
    title: str
    substitution: Substitution
    must_have: tuple[str, ...]
    text: str
    source: str

    def lacking(self, headings: Collection[str]) -> tuple[str, ...]:
        """List what another form, with these headings, must still be given."""
        return tuple(heading for heading in self.must_have if heading not in headings)


@dataclass(frozen=True)
class Channel:
    """One way of sending: when it may be used, and what may stand on it.

    shows: the only things that may tell who the person is; empty where the paper sets no
    limit. counts_pages: a cover sheet says how many pages follow.
    """

    means: SendingMeans
    use: ChannelUse
    shows: tuple[Shown, ...]
    counts_pages: bool
    text: str
    source: str


@dataclass(frozen=True)
class Fallback:
    """Who does it instead where the one before cannot, in the order of the paper."""

    sender: Party
    text: str


@dataclass(frozen=True)
class MainContact:
    """One contact is chosen for each case, from these."""

    one_of: tuple[ContactRole, ...]
    text: str
    source: str


@dataclass(frozen=True)
class FormerName:
    """What the rule or its area was called before. until: the last day, where it is known."""

    name: str
    until: date | None
