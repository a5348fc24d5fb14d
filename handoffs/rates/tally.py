"""Count cases as a definition says: who is in the denominator, and what is counted of them.

Each case is looked at once for each figure. Whoever is left out is counted beside it, for one
reason; unknown cases widen a range and never vanish. Knows no person and reads no record.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from enum import IntEnum
from functools import lru_cache

from handoffs.plan_office import PlanStatus
from handoffs.rates.cases import Case
from handoffs.rates.coordination import Contact
from handoffs.rates.counts import Counts
from handoffs.rates.cuts import CutBy
from handoffs.rates.definition import (
    FACILITIES,
    Answering,
    Asked,
    Counted,
    Definition,
    Event,
    People,
    Treatment,
    Window,
)
from handoffs.rates.figures import Figure
from handoffs.rates.spread import spread_of
from handoffs.stays.stay import Destination
from rules import Coordination

Holds = Callable[[Case], bool]
UNTRACEABLE = "他の病院に移った方のうち、参加していない病院（追跡不能）"
BEFORE_NOTICE = "お知らせ前（入院の連絡の記録がなく、提供もない）"
LEFT_OUT = "分母に含まない: "


class Outcome(IntEnum):
    """What is known of one case: the place of its count in a tally."""

    MET = 0
    NOT_MET = 1
    UNKNOWN = 2


def _without_planner(case: Case) -> bool:
    return not (case.group and case.plan.has_planner)


@lru_cache(maxsize=256)
def left_out(definition: Definition) -> tuple[tuple[str, Holds], ...]:
    """Why a case is not in the denominator, the first reason that holds counts."""
    reasons: list[tuple[str, Holds]] = []
    if definition.event is Event.DISCHARGES:
        reasons.append(("死亡退院", lambda c: c.destination is Destination.DEATH))
        if definition.transfers is Treatment.LEFT_OUT:
            reasons.append(("転院", lambda c: c.destination is Destination.OTHER_HOSPITAL))
        if definition.facility_discharges is Treatment.LEFT_OUT:
            reasons.append(("施設への退院", lambda c: c.destination in FACILITIES))
    if definition.no_contact_wanted is Treatment.LEFT_OUT:
        reasons.append(("本人が連絡を希望しない", lambda c: c.wants_no_contact))
    if definition.excluded_by_rule is Treatment.LEFT_OUT:
        reasons.append(("ルールの対象外", lambda c: c.excluded))
    if definition.people is People.WITHOUT_PLAN_OFFICE:
        reasons += [
            ("計画作成担当の有無が不明", lambda c: c.plan is PlanStatus.UNKNOWN),
            ("計画作成担当が決まっている", lambda c: c.plan is not PlanStatus.UNASSIGNED),
            (
                "ルールが案内を求めない",
                lambda c: c.coordination is Coordination.NOT_REQUIRED,
            ),
        ]
    else:
        reasons += [
            ("介護認定がない・不明", lambda c: not c.group),
            ("計画作成担当が決まっていない・不明", _without_planner),
        ]
    return (*reasons, *_not_asked(definition))


def _not_asked(definition: Definition) -> list[tuple[str, Holds]]:
    """Of whom the question itself cannot be asked."""
    reasons: list[tuple[str, Holds]] = []
    if definition.known_to_office_only:
        reasons.append(("計画作成担当の記録がない", lambda c: not c.known_to_office))
    if definition.asked is Asked.AGREEMENT:
        reasons.append(("双方の記録がそろっていない", lambda c: not c.both_told))
    if definition.asked is Asked.SHEETS_REFLECTED:
        reasons.append(
            (
                "退院時の情報の提供の記録がない",
                lambda c: not (c.discharge_information or c.conference),
            )
        )
    if definition.asked is Asked.ADMISSION_INFORMATION and definition.window is Window.REGIONAL:
        reasons.append(("期限の定めがない", lambda c: c.information_in_time is None))
    return reasons


def _known(holds: bool | None) -> Outcome:  # noqa: FBT001 - three answers.
    if holds is None:
        return Outcome.UNKNOWN
    return Outcome.MET if holds else Outcome.NOT_MET


def _contact(definition: Definition) -> Callable[[Case], Outcome]:
    family = definition.through_family is Treatment.COUNTED
    late = definition.late_contact is Treatment.COUNTED

    def both(case: Case) -> Outcome:
        if case.contact.took_place or (late and case.contacted_late):
            return Outcome.MET
        if case.contact.is_unknown:
            return Outcome.UNKNOWN
        met = family and case.contact is Contact.THROUGH_FAMILY
        return Outcome.MET if met else Outcome.NOT_MET

    def one_side(case: Case) -> Outcome:
        office = definition.answered_by is Answering.OFFICE
        said = case.said_by_office if office else case.said_by_hospital
        if said or (late and case.contacted_late):
            return Outcome.MET
        if case.through_family and office:
            return Outcome.MET if family else Outcome.NOT_MET
        return _known(said)

    return both if definition.answered_by is Answering.BOTH else one_side


def _referral(case: Case) -> Outcome:
    if case.advised:
        return Outcome.MET
    undetermined = case.coordination is Coordination.UNDETERMINED
    return Outcome.UNKNOWN if undetermined else Outcome.NOT_MET


def _information(window: Window) -> Callable[[Case], Outcome]:
    def given(case: Case) -> bool:
        if window is Window.REGIONAL:
            return bool(case.information_in_time)
        return case.information_confirmed if window is Window.CONFIRMED else case.informed

    def outcome(case: Case) -> Outcome:
        if given(case):
            return Outcome.MET
        open_still = case.information_may_come and not case.informed
        return Outcome.UNKNOWN if open_still else Outcome.NOT_MET

    return outcome


def _recorded(holds: Holds) -> Callable[[Case], Outcome]:
    def outcome(case: Case) -> Outcome:
        if holds(case):
            return Outcome.MET
        silent = case.contact is Contact.UNKNOWN
        return Outcome.UNKNOWN if silent else Outcome.NOT_MET

    return outcome


@lru_cache(maxsize=256)
def outcome_of(definition: Definition) -> Callable[[Case], Outcome]:
    """How to read the answer of one case in the denominator."""
    if definition.asked is Asked.CONTACT:
        return _contact(definition)
    if definition.asked is Asked.ADMISSION_INFORMATION:
        return _information(definition.window)
    return {
        Asked.REFERRAL: _referral,
        Asked.DISCHARGE_INFORMATION: _recorded(
            lambda case: case.discharge_information or case.conference
        ),
        Asked.CONFERENCE: _recorded(lambda case: case.conference),
        Asked.AGREEMENT: lambda case: _known(case.contact is Contact.CONTRADICTED),
        Asked.SHEETS_REFLECTED: lambda case: _known(case.sheets_reflected),
        Asked.DAYS_TO_INFORMATION: lambda case: _known(case.information_days is not None),
        Asked.DAYS_OF_NOTICE: lambda case: _known(case.notice_days is not None),
        Asked.HEARD_OF_ADMISSION: lambda case: _known(
            case.told_of_admission or case.heard_from_family
        ),
    }[definition.asked]


Within = tuple[Sequence[Case], Sequence[int]]
"""The cases of a denominator, and how many were left out for each reason."""


class Sorted:
    """Cases of one month, sorted once for every definition that leaves out the same people."""

    def __init__(self, cases: Sequence[Case]) -> None:
        """Keep the cases of one event."""
        self.cases = cases
        self._found: dict[tuple[str, ...], Within] = {}
        self._keys: dict[tuple[int, str], list[str]] = {}

    def within(self, definition: Definition) -> Within:
        """Who is in the denominator of a definition, and how many are not, by reason."""
        reasons = left_out(definition)
        # The reason's words name it: two definitions that say the same ask the same.
        words = tuple(label for label, _ in reasons)
        if words not in self._found:
            self._found[words] = _sorted(self.cases, [holds for _, holds in reasons])
        return self._found[words]

    def keys(self, within: Sequence[Case], cut: CutBy) -> list[str]:
        """The line of each case of a denominator, looked up once for all figures of it."""
        place = id(within), cut.id
        if place not in self._keys:
            self._keys[place] = [cut.key(case) for case in within]
        return self._keys[place]


def _sorted(cases: Sequence[Case], reasons: Sequence[Holds]) -> Within:
    within, beside = [], [0] * len(reasons)
    for case in cases:
        for place, holds in enumerate(reasons):
            if holds(case):
                beside[place] += 1
                break
        else:
            within.append(case)
    return within, beside


def figure_of(definition: Definition, cases: Sequence[Case]) -> Figure:
    """Count one definition over cases, without anything beside it."""
    within, _ = Sorted(cases).within(definition)
    found = Counter(map(outcome_of(definition), within))
    return _figure(definition, [found[one] for one in Outcome])


def counts_of(definition: Definition, cases: Sorted, by: Sequence[CutBy]) -> Counts:
    """Count one definition over cases, by the keys of each split, with everybody else beside."""
    within, beside = cases.within(definition)
    outcomes = list(map(outcome_of(definition), within))
    tally = Counter(outcomes)
    spread, middle = spread_of(definition, within)
    return Counts(
        definition=definition.digest,
        total=_figure(definition, [tally[one] for one in Outcome]),
        cuts={
            one.id: _lines(definition, Counter(zip(cases.keys(within, one), outcomes, strict=True)))
            for one in by
        },
        beside=(
            *_states(definition, within),
            *(
                (LEFT_OUT + label, number)
                for (label, _), number in zip(left_out(definition), beside, strict=True)
            ),
            *_further(definition, cases.cases, within),
        ),
        spread=spread,
        middle=middle,
    )


def _figure(definition: Definition, tally: Sequence[int]) -> Figure:
    wanted = Outcome.MET if definition.counted is Counted.MET else Outcome.NOT_MET
    return Figure(tally[wanted], sum(tally), tally[Outcome.UNKNOWN])


def _lines(definition: Definition, counter: Counter[tuple[str, Outcome]]) -> dict[str, Figure]:
    """The figure of each line that has anybody in it."""
    keys = dict.fromkeys(key for key, _ in counter)
    return {key: _figure(definition, [counter[key, one] for one in Outcome]) for key in keys}


def _states(definition: Definition, within: Sequence[Case]) -> list[tuple[str, int]]:
    """What is known of the contact, for those in the denominator."""
    if definition.asked is not Asked.CONTACT or definition.answered_by is not Answering.BOTH:
        return []
    states = Counter(case.contact for case in within)
    return [(contact.label, states[contact]) for contact in Contact]


def _further(
    definition: Definition, cases: Sequence[Case], within: Sequence[Case]
) -> list[tuple[str, int]]:
    if definition.event is Event.DISCHARGES and definition.transfers is Treatment.LEFT_OUT:
        if definition.asked is Asked.CONTACT:
            return [(UNTRACEABLE, sum(case.untraceable for case in cases))]
        return []
    if definition.asked is Asked.ADMISSION_INFORMATION:
        waiting = (not case.informed and not case.told_of_admission for case in within)
        return [(BEFORE_NOTICE, sum(waiting))]
    return []
