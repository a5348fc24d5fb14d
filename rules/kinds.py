"""The closed lists of the field: outcomes, kinds of handoff, parties, units of time.

Each value is the word that stands in edition files and in stored records; its
Japanese label stands beside it, once. Knows no rule and decides nothing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A closed list whose members carry the Japanese word that people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """Make a member from the word of the files and its Japanese label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Coordination(Labelled):
    """The answer of a decision: is discharge coordination (退院調整) needed?"""

    REQUIRED = "required", "要"
    NOT_REQUIRED = "not_required", "不要"
    UNDETERMINED = "undetermined", "判定保留"


class Standing(Labelled):
    """Whether a handoff of a decision is owed now or waits for a fact."""

    REQUIRED = "required", "必要"
    UNDETERMINED = "undetermined", "確認待ち"


class Truth(Labelled):
    """How a condition stands: it holds, could still hold, or cannot hold any more."""

    MET = "met", "当てはまる"
    OPEN = "open", "不明"
    CLOSED = "closed", "当てはまらない"


class HandoffKind(Labelled):
    """What is passed from one party to another."""

    ADMISSION_NOTICE = "admission_notice", "入院の連絡"
    ADMISSION_INFORMATION = "admission_information", "入院時情報提供"
    DISCHARGE_NOTICE = "discharge_notice", "退院調整開始の連絡"
    DISCHARGE_CONFERENCE = "discharge_conference", "退院前カンファレンス"
    DISCHARGE_INFORMATION = "discharge_information", "退院時情報提供"
    REFERRAL = "referral", "新規相談・認定申請の案内"
    DISCHARGE_DATE = "discharge_date", "退院日の決定・変更の連絡"
    TRANSFER_NOTICE = "transfer_notice", "転院の連絡"
    WARD_MOVE_NOTICE = "ward_move_notice", "転棟の連絡"
    CARE_MANAGER_ASSIGNED = "care_manager_assigned", "担当決定の連絡"
    AFTER_DISCHARGE_INFORMATION = "after_discharge_information", "退院後の情報提供"
    CARE_PLAN_COPY = "care_plan_copy", "ケアプランの写し"
    OUTCOME = "outcome", "その後の連絡"


class Party(Labelled):
    """A side of a handoff. CARE_MANAGER is whoever plans this month, of whatever office."""

    HOSPITAL = "hospital", "病院"
    CARE_MANAGER = "care_manager", "ケアマネジャー"
    COMMUNITY_SUPPORT_CENTER = "community_support_center", "地域包括支援センター"
    MUNICIPALITY = "municipality", "市町村"
    PERSON_OR_FAMILY = "person_or_family", "本人・家族"
    NEXT_HOSPITAL = "next_hospital", "転院先の病院"


class Recipient(Labelled):
    """Who gets a handoff beside its receiver. The record follows the receiver, not these.

    Those that stand for a side of the record (`DESKS`) may also be the receiver themselves.
    """

    FAMILY_DOCTOR = "family_doctor", "かかりつけ医"
    DENTIST = "dentist", "歯科"
    PHARMACIST = "pharmacist", "薬剤師"
    VISITING_NURSE = "visiting_nurse", "訪問看護"
    FIRE_DEPARTMENT = "fire_department", "消防"
    WELFARE_CONSULTANT = "welfare_consultant", "相談支援専門員"
    FACILITY = "facility", "施設"
    LIAISON_OFFICE = "liaison_office", "病院の連携室"
    SMALL_MULTIFUNCTIONAL = "small_multifunctional", "小規模多機能・看護小規模多機能"
    COMMUNITY_SUPPORT_CENTER = "community_support_center", "地域包括支援センター"
    MUNICIPALITY = "municipality", "市町村"


# Receivers of their own in a routing table, and the side of the record that answers for them:
# an office of 小規模多機能 plans the care itself, and the 連携室 is a desk of the hospital.
DESKS = {
    Recipient.SMALL_MULTIFUNCTIONAL: Party.CARE_MANAGER,
    Recipient.LIAISON_OFFICE: Party.HOSPITAL,
}


class Strength(Labelled):
    """How binding a handoff is. What was not done is worded by it, and never accuses."""

    DUTY = "duty", "定め"
    STANDARD = "standard", "標準(強制ではない)"

    @property
    def undone(self) -> str:
        """Say that a handoff has not been seen to be done."""
        if self is Strength.DUTY:
            return "期限までの引き継ぎの確認がとれていません"
        return "標準の流れでは、引き継ぎの確認がまだとれていません(強制ではありません)"


class Whose(Labelled):
    """Whose calendar decides what an open day is."""

    HOSPITAL = "hospital", "病院"
    OFFICE = "office", "事業所"
    PUBLIC = "public", "官公署"


class Unit(Labelled):
    """What is counted."""

    CALENDAR_DAYS = "calendar_days", "暦日"
    OPEN_DAYS = "open_days", "営業日"


class Anchor(Labelled):
    """The day from which, or back from which, a due is counted.

    DISCHARGE is the day of leaving; until it has happened the planned day stands in.
    """

    ADMISSION = "admission", "入院日"
    PLANNED_DISCHARGE = "planned_discharge", "退院予定日"
    DISCHARGE = "discharge", "退院日"
    NEED_SEEN = "need_seen", "必要と分かった日"


class Direction(Labelled):
    """Whether a due lies after its anchor or before it."""

    AFTER = "after", "から"
    BEFORE = "before", "の前"


class AnchorDay(Labelled):
    """The counting convention: is the anchor day itself day 1?"""

    DAY_1 = "day_1", "を1日目と数える"
    NOT_COUNTED = "not_counted", "は数えない"


class IfClosed(Labelled):
    """What happens to a last day that falls on a closed day."""

    STAY = "stay", "休みの日でも動かさない"
    NEXT_OPEN_DAY = "next_open_day", "休みの日なら次の開いている日"
    PREVIOUS_OPEN_DAY = "previous_open_day", "休みの日なら前の開いている日"


class Convention(Labelled):
    """A way of counting that a paper may leave unsaid, or that could not be read."""

    UNIT = "unit", "暦日か営業日か"
    ANCHOR_DAY = "anchor_day", "起算日を1日目と数えるか"
    IF_CLOSED = "if_closed", "休みの日のときに動かすか"
    WHOSE = "whose", "誰の休みで数えるか"


class Concern(Labelled):
    """What an unverified part of an edition is about. The first two forbid 不要."""

    SCOPE = "scope", "対象者の範囲"
    CRITERIA = "criteria", "基準"
    EXCLUSIONS = "exclusions", "除外"
    HANDOFFS = "handoffs", "引継ぎ"
    DUE = "due", "期限"
    START = "start", "施行日"
    REVISIONS = "revisions", "改訂"
    PRECEDENCE = "precedence", "優先順位"
    SHEETS = "sheets", "様式"
    WORDING = "wording", "言葉の範囲"
