"""Into which class of 退院・退所加算 a hearing log falls, and why.

The log is the care manager's own: on which days the hospital or facility was heard, and whether
a conference was attended. It says a class, or that the fee does not apply, or what is
still open. It never says that the fee may be billed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rules.errors import FactError
from rules.fees import DischargeClass, DischargeTable, Statement
from rules.wording import nearest

UNKNOWN_ORIGIN = "unknown"
OTHER_ORIGIN = "other"


class CareGroup(StrEnum):
    """The care level as far as the fee looks at it."""

    CARE = "care"
    SUPPORT = "support"
    NONE = "none"
    UNKNOWN = "unknown"


class PlanMaker(StrEnum):
    """Who plans the person's care after discharge."""

    CARE_SUPPORT_OFFICE = "care_support_office"
    SMALL_MULTIFUNCTION = "small_multifunction"
    FACILITY = "facility"
    UNKNOWN = "unknown"


class FeeStanding(StrEnum):
    """What can be said: a class, that the fee does not apply, or not yet either."""

    CLASS = "class"
    NOT_COVERED = "not_covered"
    UNDETERMINED = "undetermined"

    @property
    def label(self) -> str:
        """The words for people."""
        return {
            FeeStanding.CLASS: "区分の目安",
            FeeStanding.NOT_COVERED: "対象外",
            FeeStanding.UNDETERMINED: "まだ決まらない",
        }[self]


NOT_COVERED_GROUPS = {
    CareGroup.SUPPORT: "要支援の人は対象外です",
    CareGroup.NONE: "要介護の認定がない人は対象外です",
}
NOT_COVERED_MAKERS = {
    PlanMaker.SMALL_MULTIFUNCTION: "小規模多機能・看護小規模多機能の利用者は対象外です",
    PlanMaker.FACILITY: "施設に入る人は対象外です",
}


@dataclass(frozen=True)
class Hearing:
    """One entry of the log: the day, whether a conference was attended (None: not written).

    earlier_institution: heard at a hospital from which the person was moved on.
    """

    on: date
    conference: bool | None
    earlier_institution: bool = False


@dataclass(frozen=True)
class HearingLog:
    """What the fee looks at for one stay; coded, without the person.

    admitted_on: the first day of the stay, transfers included.
    origin: the kind of place that was left, in the words of the table, `other` or `unknown`.
    first_time_fee: whether 初回加算 is counted for the same month; None where not known.
    """

    hearings: tuple[Hearing, ...]
    admitted_on: date
    discharged_on: date
    origin: str
    care_group: CareGroup
    plan_maker: PlanMaker
    first_time_fee: bool | None


@dataclass(frozen=True)
class DischargeFee:
    """The class that a log falls into, why, what is missing, and what is unverified about it."""

    standing: FeeStanding
    fee_class: DischargeClass | None
    why: tuple[str, ...]
    missing: tuple[str, ...]
    unverified: tuple[Statement, ...]


def discharge_fee_class(table: DischargeTable, log: HearingLog) -> DischargeFee:
    """Say into which class a log falls; FactError for an origin that the table lacks."""
    reasons = _not_covered(table, log)
    if reasons:
        return _answer(table, FeeStanding.NOT_COVERED, None, reasons)
    counted, why = _counted(table, log)
    if not counted:
        return _answer(
            table, FeeStanding.NOT_COVERED, None, (*why, "数えられる聞き取りがありません")
        )
    days = len({hearing.on for hearing in counted})
    why = (*why, f"聞き取りは{days}日(同じ日は1回と数える)")
    attended = any(hearing.conference for hearing in counted)
    lowest = _class_of(table, days, conference=attended)
    missing = _missing(log)
    open_conference = not attended and any(hearing.conference is None for hearing in counted)
    if open_conference and _class_of(table, days, conference=True) != lowest:
        missing = (*missing, "会議に出席したか")
    if missing:
        return _answer(table, FeeStanding.UNDETERMINED, None, why, missing)
    why = (*why, "会議に出席した" if attended else "会議への出席はない")
    return _answer(table, FeeStanding.CLASS, lowest, why)


def _answer(
    table: DischargeTable,
    standing: FeeStanding,
    fee_class: DischargeClass | None,
    why: tuple[str, ...],
    missing: tuple[str, ...] = (),
) -> DischargeFee:
    """Put an answer together with what the table could not confirm."""
    return DischargeFee(standing, fee_class, why, missing, tuple(table.unverified()))


def _not_covered(table: DischargeTable, log: HearingLog) -> tuple[str, ...]:
    """List every reason for which the fee does not apply, whatever was heard."""
    reasons = []
    known = (*table.origins, OTHER_ORIGIN, UNKNOWN_ORIGIN)
    if log.origin not in known:
        message = f"「{log.origin}」という退院・退所元はありません。{nearest(log.origin, known)}"
        raise FactError("origin", message)
    if log.origin == OTHER_ORIGIN:
        reasons.append(f"対象の退院・退所元({'・'.join(table.origins.values())})ではありません")
    if log.care_group in NOT_COVERED_GROUPS:
        reasons.append(NOT_COVERED_GROUPS[log.care_group])
    if log.plan_maker in NOT_COVERED_MAKERS:
        reasons.append(NOT_COVERED_MAKERS[log.plan_maker])
    if log.first_time_fee:
        reasons.append("初回加算とは同時に数えません")
    return tuple(reasons)


def _counted(table: DischargeTable, log: HearingLog) -> tuple[tuple[Hearing, ...], tuple[str, ...]]:
    """Keep the hearings that count, and say why the others do not."""
    last = log.discharged_on + timedelta(days=table.days_after)
    counted: list[Hearing] = []
    why: list[str] = []
    for hearing in sorted(log.hearings, key=lambda each: each.on):
        if hearing.on < log.admitted_on:
            why.append(f"{hearing.on}は入院・入所の前なので数えない")
        elif hearing.on > last:
            why.append(f"{hearing.on}は退院・退所から{table.days_after}日を過ぎているので数えない")
        else:
            counted.append(hearing)
    if counted and all(hearing.earlier_institution for hearing in counted):
        why.append("最後の病院・施設から聞いていないので、転院の前の聞き取りは数えない")
        return (), tuple(why)
    if any(hearing.earlier_institution for hearing in counted):
        why.append("転院の前の聞き取りは、計画に反映されていることが要る")
    return tuple(counted), tuple(why)


def _missing(log: HearingLog) -> tuple[str, ...]:
    """List what must be known before a class can be said."""
    asked = (
        ("退院・退所元の種類", log.origin == UNKNOWN_ORIGIN),
        ("要介護か要支援か", log.care_group is CareGroup.UNKNOWN),
        ("退院・退所のあとの計画の担当", log.plan_maker is PlanMaker.UNKNOWN),
        ("初回加算を数えるか", log.first_time_fee is None),
    )
    return tuple(label for label, is_missing in asked if is_missing)


def _class_of(table: DischargeTable, days: int, *, conference: bool) -> DischargeClass:
    """Find the highest class that so many days, with or without a conference, reach."""
    reached = [
        each
        for each in table.classes
        if each.hearings <= days and (conference or not each.conference)
    ]
    return max(reached, key=lambda each: (each.units, each.hearings))
