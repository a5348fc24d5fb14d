"""Until which day informing a hospital falls into which tier of 入院時情報連携加算.

It informs and never promises: where the wording does not settle a day there is a safe
last day (`until`), an outer one (`outer`), and the insurer is to be asked. The regional rule's own
deadline is another thing and is not looked at here. Reads no clock and knows no person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from rules.fees import AdmissionTable, BeforeAdmission, Counting, Extension, Tier, Told
from rules.fees.office_hours import Arrival, OfficeHours

DAY = timedelta(days=1)


@dataclass(frozen=True)
class TierWindow:
    """The window of one tier: the safe last day, and the last that the wording may allow.

    why: in Japanese, how the days came about and what is to be asked of whom.
    """

    tier: Tier
    until: date
    outer: date
    why: str

    @property
    def ask(self) -> bool:
        """Whether something must be asked before a day after `until` is relied on."""
        return self.until != self.outer


@dataclass(frozen=True)
class Cover:
    """A tier whose window covers a day; `ask` where only the outer date covers it."""

    tier: Tier
    ask: bool


@dataclass(frozen=True)
class FeeWindow:
    """Both tiers' windows for one admission, under the table that held on that day."""

    table: AdmissionTable
    admitted_on: date
    admitted_time: time | None
    arrival: Arrival
    tiers: tuple[TierWindow, ...]

    @property
    def last_day(self) -> date:
        """The last outer day of all tiers."""
        return max(window.outer for window in self.tiers)

    def covers(self, day: date) -> tuple[Cover, ...]:
        """List the tiers for information given on a day, the higher first.

        Where the tiers differ by the day, a later tier begins when the window of the one
        before it has surely ended. Empty after the last window: the information comes late for
        the fee, though the hospital still needs it.
        """
        if day < self.admitted_on:
            return self._before_admission()
        covers = []
        for window in self.tiers:
            if day > window.outer:
                continue
            covers.append(Cover(window.tier, ask=day > window.until))
            if self.table.told is Told.DAY and day <= window.until:
                break
        return tuple(covers)

    def _before_admission(self) -> tuple[Cover, ...]:
        """Say which tiers information counts for that was given before the admission."""
        if self.table.before_admission is BeforeAdmission.COUNTS:
            return (Cover(self.tiers[0].tier, ask=False),)
        by_means = self.table.told is Told.MEANS
        return tuple(
            Cover(window.tier, ask=True) for window in (self.tiers if by_means else self.tiers[:1])
        )


def fee_window(
    table: AdmissionTable, admitted_on: date, admitted_time: time | None, office: OfficeHours
) -> FeeWindow:
    """Work out both tiers' windows from the admission and the office's own hours.

    Without a time of admission on an open day both readings are shown: `until` as if
    in hours, `outer` as if after closing.
    """
    arrival = office.arrival(admitted_on, admitted_time)
    windows = tuple(
        _unknown_time(table, tier, admitted_on, office)
        if arrival is Arrival.UNKNOWN
        else _window(table, tier, admitted_on, arrival, office)
        for tier in table.tiers
    )
    return FeeWindow(table, admitted_on, admitted_time, arrival, windows)


def _unknown_time(
    table: AdmissionTable, tier: Tier, admitted_on: date, office: OfficeHours
) -> TierWindow:
    """Join the window of an admission in hours with that of one after closing."""
    early = _window(table, tier, admitted_on, Arrival.IN_HOURS, office)
    late = _window(table, tier, admitted_on, Arrival.AFTER_HOURS, office)
    if tier.extension is Extension.NONE or early.until == late.outer:
        return early
    why = (
        "入院時刻が不明です。営業時間が終わるまでの入院なら早い日まで、"
        "終わったあとの入院なら遅い日までです。病院に入院時刻を確かめてください"
    )
    if late.ask:
        why += f"。終わったあとの入院なら、{late.why}"
    return TierWindow(tier, early.until, late.outer, why)


def _window(
    table: AdmissionTable, tier: Tier, admitted_on: date, arrival: Arrival, office: OfficeHours
) -> TierWindow:
    """Work out one tier's window for a known way of arriving."""
    last = admitted_on + (tier.days - 1) * DAY
    if table.counting is Counting.UNSETTLED:
        why = (
            f"入院日を1日目と数えれば{tier.days}日目、翌日から数えれば一日あとです。"
            "翌日から数えるかは保険者に確かめてください"
        )
        return TierWindow(tier, last, last + DAY, why)
    if tier.extension is Extension.AFTER_HOURS_OR_CLOSED_DAY:
        if arrival is Arrival.IN_HOURS:
            return TierWindow(tier, last, last, f"{arrival.label}なので、入院した日まで")
        return TierWindow(tier, last + DAY, last + DAY, f"{arrival.label}なので、翌日まで")
    if tier.extension is Extension.AFTER_HOURS_AND_LAST_DAY_CLOSED and not office.is_open(last):
        return _last_day_closed(tier, last, arrival, office)
    return TierWindow(tier, last, last, f"入院日を1日目と数えて{tier.days}日目まで")


def _last_day_closed(tier: Tier, last: date, arrival: Arrival, office: OfficeHours) -> TierWindow:
    """Work out the window whose last day is closed: it may be one day longer, never more."""
    after = last + DAY
    if arrival is Arrival.IN_HOURS:
        why = f"{tier.days}日目は営業日ではありませんが、営業時間が終わるまでの入院なので延びません"
        return TierWindow(tier, last, last, why)
    if arrival is Arrival.CLOSED_DAY:
        why = (
            "営業日でない日の入院で、3日目も営業日ではありません。一日延ばす定めは営業時間が"
            "終わったあとの入院について書かれているため、保険者に確かめてください"
        )
        return TierWindow(tier, last, after, why)
    if office.is_open(after):
        why = "営業時間が終わったあとの入院で、3日目が営業日でないため、その翌日まで"
        return TierWindow(tier, after, after, why)
    why = (
        "営業時間が終わったあとの入院で、3日目が営業日でないため文言ではその翌日までですが、"
        "その日も営業日ではありません。さらに次の営業日までは延びません。保険者に確かめてください"
    )
    return TierWindow(tier, last, after, why)
