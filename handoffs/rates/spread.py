"""Answers that are no yes or no: days, and where an office heard of an admission.

Grouped, with the median in words; every case of the denominator is in one group.
"""

from collections import Counter
from collections.abc import Sequence
from statistics import median_low

from handoffs.rates.cases import Case
from handoffs.rates.definition import Asked, Definition

_STEPS = ((0, "当日"), (1, "1日"), (2, "2日"), (3, "3日"), (7, "4〜7日"), (14, "8〜14日"))
_BEYOND = "15日以上"


def _step(days: int) -> str:
    return next((label for most, label in _STEPS if days <= most), _BEYOND)


def spread_of(
    definition: Definition, within: Sequence[Case]
) -> tuple[tuple[tuple[str, int], ...], str]:
    """The groups of an answer that is no yes or no, and its median in words."""
    if definition.asked is Asked.HEARD_OF_ADMISSION:
        told = sum(case.told_of_admission for case in within)
        family = sum(case.heard_from_family and not case.told_of_admission for case in within)
        rest = len(within) - told - family
        return (("病院からの連絡", told), ("家族を通じて", family), ("記録なし", rest)), ""
    if not definition.asked.is_spread:
        return (), ""
    to_information = definition.asked is Asked.DAYS_TO_INFORMATION
    days = [case.information_days if to_information else case.notice_days for case in within]
    known = sorted(each for each in days if each is not None)
    groups = Counter(_step(each) for each in known)
    labels = [*(label for _, label in _STEPS), _BEYOND]
    spread = (*((label, groups[label]) for label in labels), ("記録なし", len(days) - len(known)))
    return spread, f"中央値 {median_low(known)}日" if known else ""
