"""A made year of stays with planted misses, flips and notices, and what a back-test must find.

Imports nothing of the product: every expected figure is planted while the stay is made, by
plain arithmetic on the two papers below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

import jpholiday

REGION = "hinagata"
FIRST, LAST = date(2025, 11, 1), date(2026, 10, 31)

HEAD = """
region: hinagata
region_name: ひな形
title: {title}
in_force: {in_force}
source: {{title: 試験のための文書, url: "https://example.invalid/hinagata"}}
"""
ASSIGNED = """
  - id: care-manager-assigned
    text: ケアマネジャーが決まっている
    when: {care_manager: assigned}
    source: 1頁
"""
ALONE = """
  - id: lives-alone
    text: 独居
    when: {living: alone}
    source: 1頁
"""
WALK = """
  - id: help-to-walk
    text: 歩行に介助が必要
    when: {mobility: [partial_help, full_help]}
    source: 1頁
"""
SHORT = """
exclusions:
  - id: short-stay
    text: 短い入院
    when: {stay_length: short}
    source: 2頁
"""
HANDOFFS = """
handoffs:
  - id: admission-notice
    kind: admission_notice
    sender: hospital
    receiver: care_manager
    due: {{after: admission, latest: 3, unit: calendar_days, anchor_day: day_1, if_closed: stay}}
    text: 入院を知らせる
    source: 3頁
  - id: discharge-notice
    kind: discharge_notice
    sender: hospital
    receiver: care_manager
    due:
      before: planned_discharge
      latest: {days}
      unit: calendar_days
      anchor_day: not_counted
      if_closed: stay
    text: 退院を知らせる
    source: 3頁
"""
CONFERENCE = """
  - id: conference
    kind: discharge_conference
    sender: hospital
    receiver: care_manager
    due: {event: 退院までに}
    text: カンファレンスを開く
    source: 3頁
"""
EXAMPLES = """
examples:
  - name: 決まっていれば要
    given: {care_manager: assigned, stay_length: longer}
    expect: {coordination: required, because: [care-manager-assigned]}
  - name: 分からなければ保留
    given: {stay_length: longer}
    expect: {coordination: undetermined}
"""
EXAMPLE_ALONE = """
  - name: 独居なら要
    given: {living: alone, stay_length: longer}
    expect: {coordination: required, because: [lives-alone]}
  - name: 短ければ不要
    given: {living: alone, stay_length: short}
    expect: {coordination: not_required, excluded_by: [short-stay]}
"""
EXAMPLE_WALK = """
  - name: 歩行に介助が要れば要
    given: {mobility: full_help}
    expect: {coordination: required, because: [help-to-walk]}
  - name: どれにも当てはまらなければ不要
    given: {care_manager: unassigned, mobility: independent}
    expect: {coordination: not_required}
"""
IN_FORCE = "".join(
    (
        HEAD.format(title="いまの版", in_force="2024-04-01"),
        f"criteria:{ASSIGNED}{ALONE}{SHORT}",
        HANDOFFS.format(days=3),
        EXAMPLES + EXAMPLE_ALONE,
    )
)
DRAFT = "".join(
    (
        HEAD.format(title="案", in_force="2027-04-01"),
        f"criteria:{ASSIGNED}{WALK}",
        HANDOFFS.format(days=7) + CONFERENCE,
        EXAMPLES + EXAMPLE_WALK,
    )
)

KNOWN = {"stay_length": "longer", "living": "with_family", "mobility": "independent"}


@dataclass(frozen=True)
class Kind:
    """What is planted: facts, the answers of both papers, who flips it, contact or none."""

    facts: dict[str, str]
    answers: tuple[str, str]
    clauses: tuple[str, ...] = ()
    contact: bool = True
    plan: str = "assigned"
    planned: bool = True
    says: bool = True
    goes: str = "home"
    early: int = 0

    @property
    def is_missed(self) -> bool:
        """Told of by nobody, as both sides know: silence is no miss, and the dead are none."""
        told = self.contact or not self.says
        return not told and self.plan != "unassigned" and self.goes == "home"


KINDS = {
    "both flag it": Kind(
        {**KNOWN, "care_manager": "assigned"}, ("required", "required"), contact=False
    ),
    "in contact": Kind({**KNOWN, "care_manager": "assigned"}, ("required", "required")),
    "no day planned": Kind(
        {**KNOWN, "care_manager": "assigned"},
        ("required", "required"),
        contact=False,
        planned=False,
    ),
    "excluded until now": Kind(
        {**KNOWN, "care_manager": "assigned", "stay_length": "short"},
        ("not_required", "required"),
        ("short-stay",),
        contact=False,
    ),
    "perhaps excluded": Kind(
        {"living": "with_family", "mobility": "independent", "care_manager": "assigned"},
        ("undetermined", "required"),
        ("short-stay",),
    ),
    "only the draft sees": Kind(
        {**KNOWN, "care_manager": "paused", "mobility": "full_help"},
        ("not_required", "required"),
        ("help-to-walk",),
        contact=False,
        plan="paused",
    ),
    "two changes together": Kind(
        {
            "care_manager": "paused",
            "living": "with_family",
            "mobility": "partial_help",
            "stay_length": "short",
        },
        ("not_required", "required"),
        ("help-to-walk", "short-stay"),
        contact=False,
        plan="paused",
    ),
    "two changes, one of which did it": Kind(
        {**KNOWN, "care_manager": "assigned", "mobility": "full_help", "stay_length": "short"},
        ("not_required", "required"),
        ("short-stay",),
        contact=False,
    ),
    "only the old one saw": Kind(
        {**KNOWN, "care_manager": "paused", "living": "alone"},
        ("required", "not_required"),
        ("lives-alone",),
        contact=False,
        plan="paused",
    ),
    "two changes, one of which would leave it open": Kind(
        {"care_manager": "paused", "living": "with_family", "mobility": "full_help"},
        ("not_required", "required"),
        ("help-to-walk", "short-stay"),
        plan="paused",
    ),
    "left on the last day of the old one": Kind(
        {**KNOWN, "care_manager": "assigned"},
        ("required", "required"),
        contact=False,
        early=3,
    ),
    "nobody says": Kind(
        {**KNOWN, "care_manager": "assigned"}, ("required", "required"), contact=False, says=False
    ),
    "died": Kind(
        {**KNOWN, "care_manager": "assigned"},
        ("required", "required"),
        contact=False,
        goes="death",
    ),
    "nobody's": Kind(
        {**KNOWN, "care_manager": "unassigned"},
        ("not_required", "not_required"),
        plan="unassigned",
    ),
}


@dataclass(frozen=True)
class MadeStay:
    code: str
    kind: Kind
    ward: int
    office: int
    admitted_on: date
    planned_on: date | None
    left_on: date


@dataclass
class MadeYear:
    """The stays, and the planted figures. Places are numbers: 0, 1, 2 of wards and offices."""

    stays: list[MadeStay] = field(default_factory=list)
    inside: int = 0
    missed: Counter[str] = field(default_factory=Counter)
    flipped: dict[str, tuple[str, str, tuple[str, ...]]] = field(default_factory=dict)
    clauses: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    notices: Counter[tuple[str, str, int, date | None]] = field(default_factory=Counter)

    def plant(self, stay: MadeStay) -> None:
        self.stays.append(stay)
        if not FIRST <= stay.left_on <= LAST:
            return
        self.inside += 1
        kind = stay.kind
        was, would_be = kind.answers
        if kind.is_missed:
            flags = [
                answer == "required" and kind.planned and kind.early < before
                for answer, before in zip(kind.answers, (3, 7), strict=True)
            ]
            self.missed["missed"] += 1
            self.missed["in_time_in_force"] += flags[0]
            self.missed["in_time_draft"] += flags[1]
            self.missed["newly_in_time"] += flags[1] and not flags[0]
            self.missed["no_longer_in_time"] += flags[0] and not flags[1]
        if was != would_be:
            self.flipped[stay.code] = (was, would_be, kind.clauses)
            for clause in kind.clauses:
                self.clauses[clause, was, would_be] += 1
        for edition, answer, before in (("in_force", was, 3), ("draft", would_be, 7)):
            if answer == "required":
                self._notice(edition, stay, stay.admitted_on + timedelta(days=2))
                due = stay.planned_on and stay.planned_on - timedelta(days=before)
                # Without a planned day the day of leaving is not looked at; work can begin at once.
                self._notice(edition, stay, due or stay.admitted_on)
                if edition == "draft":
                    self._notice(edition, stay, None)

    def _notice(self, edition: str, stay: MadeStay, day: date | None) -> None:
        if day is None or FIRST <= day <= LAST:
            self.notices[edition, "ward", stay.ward, day] += 1
            if stay.kind.plan != "unassigned":
                self.notices[edition, "office", stay.office, day] += 1

    def load(self, edition: str, whose: str, place: int) -> dict[str, object]:
        """One ward's or office's load, laid out as the command does."""

        def peak(wanted: Callable[[date], bool]) -> dict[str, object]:
            days = [day for day in every_day() if wanted(day)]
            counts = [self.notices[edition, whose, place, day] for day in days]
            return {
                "days": len(days),
                "notices": sum(counts),
                "most": max(counts),
                "a_day": sum(counts) / len(days),
            }

        undated = self.notices[edition, whose, place, None]
        whole = peak(lambda _: True)
        dated = whole["notices"]
        assert isinstance(dated, int)
        return {
            "notices": dated + undated,
            "undated": undated,
            "all_days": whole,
            "mondays": peak(lambda day: day.weekday() == 0),
            "after_closures": peak(follows_a_long_closure),
        }


def every_day() -> list[date]:
    return [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


def is_closed(day: date) -> bool:
    return day.weekday() > 4 or bool(jpholiday.is_holiday(day))


def follows_a_long_closure(day: date) -> bool:
    return not is_closed(day) and all(is_closed(day - timedelta(days=back)) for back in (1, 2, 3))


def made_year(seed: int, stays: int = 400) -> MadeYear:
    random = Random(seed)
    year = MadeYear()
    kinds = list(KINDS.values())
    for number in range(stays):
        # Some end before the first month or after the last, and count for nothing.
        left_on = FIRST + timedelta(days=random.randrange(-30, 395))
        kind = kinds[number % len(kinds)]
        year.plant(
            MadeStay(
                code=f"M{number:05d}",
                kind=kind,
                ward=random.randrange(3),
                office=random.randrange(2),
                admitted_on=left_on - timedelta(days=random.randrange(14, 40)),
                planned_on=left_on + timedelta(days=kind.early) if kind.planned else None,
                left_on=left_on,
            )
        )
    return year
