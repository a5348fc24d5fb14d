"""What a ward ticks on the assessment page, by how much help somebody needs.

The facts are those of the edition's vocabulary; what nobody asked stays out and is
therefore unknown.
"""

from random import Random

from handoffs.stays.certification import CareNeedLevel

_HELP = ("independent", "supervised", "partial_help", "full_help")
_WEIGHT = {
    CareNeedLevel.SUPPORT_1: 0,
    CareNeedLevel.SUPPORT_2: 0,
    CareNeedLevel.CARE_1: 1,
    CareNeedLevel.CARE_2: 1,
    CareNeedLevel.CARE_3: 2,
    CareNeedLevel.CARE_4: 2,
    CareNeedLevel.CARE_5: 3,
}
_SELDOM, _OFTEN = 0.08, 0.4


def answers_for(rng: Random, level: CareNeedLevel) -> dict[str, str]:
    """Answers that fit a level, with a box left open here and there."""
    weight = _WEIGHT.get(level, 0)

    def help_needed(*, shift: int = 0) -> str:
        return _HELP[max(0, min(3, weight + shift + rng.choice((-1, 0, 0, 0, 1))))]

    answers = {
        "residence": "home",
        "living": rng.choice(("alone", "nearly_alone", "with_family", "with_family")),
        "housework": "independent" if not weight and rng.random() < _OFTEN else "partial_help",
        "medication": rng.choice(("independent", "partial_help")),
        "mobility": help_needed(),
        "eating": help_needed(shift=-1),
        "toileting": help_needed(shift=-1),
        "portable_toilet": "in_use" if weight > 1 else "not_in_use",
        "bathing": help_needed(),
        "dementia": rng.choice(("none", "without_trouble", "with_trouble")) if weight else "none",
        "cancer": "not_terminal" if rng.random() < _SELDOM else "none",
        "medical_procedure": "new" if rng.random() < _SELDOM else "none",
        "falls": "fell" if rng.random() < _OFTEN else "none",
        "stay_length": "longer",
        "support_change": "changed" if rng.random() < _OFTEN else "unchanged",
    }
    return {fact: value for fact, value in answers.items() if rng.random() >= _SELDOM} | {
        "stay_length": "longer"
    }


INDEPENDENT = {
    "residence": "home",
    "living": "with_family",
    "housework": "independent",
    "medication": "independent",
    "mobility": "independent",
    "eating": "independent",
    "toileting": "independent",
    "portable_toilet": "not_in_use",
    "bathing": "independent",
    "dementia": "none",
    "cancer": "none",
    "medical_procedure": "none",
    "falls": "none",
    "stay_length": "longer",
    "support_change": "unchanged",
    "ward_judgement": "not_needed",
}
"""Somebody whom no criterion applies to."""

SHORT_EXAMINATION = INDEPENDENT | {"stay_length": "short"}
"""Somebody who comes for an examination and goes home as before: excluded."""

HALF_ASKED = {"residence": "home", "living": "alone", "mobility": "independent"}
"""A beginning of an assessment: nothing can be decided from it yet."""
