"""How often what happens in the sample region.

The rates begin where regions stood before they had an agreement and end where they
stood some years later (about 31 % and 12 % missed; 50 % and 75 % informed). 要介護 is
about 79 % of those who are certified, and 要支援 fares worse in everything: the
published figures say so. Six values stand for the six months, oldest first; months
before and after use the nearest.
"""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Item = TypeVar("Item")

CARE, SUPPORT = "要介護", "要支援"

DISCHARGES = (92, 98)
"""How many people leave in a month, at least and at most."""

CARE_SHARE = 0.79

MISSED = {
    CARE: (0.26, 0.225, 0.19, 0.155, 0.12, 0.09),
    SUPPORT: (0.50, 0.47, 0.42, 0.36, 0.30, 0.24),
}
"""退院調整もれ, of those who count."""

UNKNOWN_CONTACT = 0.05
"""Nothing known, or the two sides contradict each other."""

INFORMED = {
    CARE: (0.57, 0.62, 0.67, 0.72, 0.77, 0.82),
    SUPPORT: (0.25, 0.30, 0.35, 0.40, 0.45, 0.49),
}
"""入院時情報提供, by the month of admission."""

ADVISED = (0.50, 0.56, 0.62, 0.68, 0.74, 0.80)
"""新規相談につないだ, of those without a plan office."""

OUTSIDE_SHARE = 0.3
"""People who live beyond the border are about a third of the work."""

KINDS = {
    "death": 0.05,
    "transfer": 0.06,
    "no_contact": 0.02,
    "short": 0.04,
    "without_office": 0.09,
    "not_required": 0.03,
    "unassessed": 0.03,
}
"""Of all who leave; everybody else has a plan office and counts."""

CONTACTS: dict[str, float] = {"hospital": 0.58, "agreed": 0.34, "office": 0.08}
"""Who says so, where there was a contact: mostly the hospital alone."""

LEVELS = {
    CARE: {"care_1": 28, "care_2": 27, "care_3": 19, "care_4": 15, "care_5": 11},
    SUPPORT: {"support_1": 45, "support_2": 55},
}

LEVELS_WITHOUT_OFFICE = {"none": 50, "support_1": 25, "care_1": 25}

LIGHTNESS = {"support_1": 6, "support_2": 4, "care_1": 5, "care_2": 4, "care_3": 2}
"""How much likelier a light case is missed than a heavy one of the same group."""

HOSPITALS = (50, 32, 18)
"""Shares of the three hospitals."""

HOSPITAL_MISSES = (1.0, 1.2, 2.2)
"""How much likelier each of them misses somebody: the smallest has no discharge office."""

LENGTHS = {
    "general": (4, 22),
    "community_care": (12, 36),
    "community_medical": (10, 32),
    "rehabilitation": (28, 62),
    "long_term": (28, 60),
    "psychiatric": (18, 50),
    "dementia": (24, 56),
    "palliative": (6, 26),
    "emergency": (3, 9),
}
"""Nights in hospital by the kind of ward, at least and at most."""

SHORT_STAY = (2, 3)
"""Nights of a stay for an examination."""

TIME_UNKNOWN = 0.08
"""Admissions of which nobody wrote down the hour."""

WARDS = {
    "general": 58,
    "community_care": 20,
    "community_medical": 22,
    "rehabilitation": 16,
    "long_term": 14,
    "psychiatric": 14,
    "dementia": 14,
    "palliative": 6,
    "emergency": 18,
}
"""How often people leave from each kind of ward of a hospital."""

DESTINATIONS = {
    "home": 70,
    "specified_facility": 6,
    "group_home": 5,
    "nursing_home": 6,
    "health_facility": 7,
    "medical_facility": 2,
    "disability_facility": 1,
    "self_discharge": 1,
    "unknown": 2,
}


def share(values: Sequence[float], month: int) -> float:
    """The value for a month (0 is the oldest of the six); the nearest for months outside."""
    return values[max(0, min(month, len(values) - 1))]


def drawn(rng: Random, weights: dict[str, int]) -> str:
    """Draw one key by its weight."""
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def spread(total: int, shares: dict[str, float], rest: str) -> list[str]:
    """As many keys as `total`, each as often as its share says and `rest` for the others."""
    keys = [key for key, part in shares.items() for _ in range(round(total * part))]
    return (keys + [rest] * total)[:total]


def picked(rng: Random, items: Sequence[Item], weights: Sequence[float], count: int) -> list[Item]:
    """Draw `count` different items, the heavier ones likelier."""
    order = sorted(range(len(items)), key=lambda i: rng.random() ** (1 / weights[i]), reverse=True)
    return [items[i] for i in order[:count]]
