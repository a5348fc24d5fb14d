"""What may be typed in from outside: the handbook's indicators, counts for coverage, baselines.

The indicator list is that of the national handbook for 入退院支援. Two of its figures (※) no
statistics hold; they are counted from our own events and cannot be typed in here.
"""

from rules.kinds import Labelled


class FigureKind(Labelled):
    """What an outside figure is for."""

    INDICATOR = "indicator", "指標（人口10万人あたり）"
    COVERAGE = "coverage", "外の統計の件数"
    BASELINE = "baseline", "地域の基準値（％）"


class Unit(Labelled):
    """What is counted."""

    TIMES = "times", "回"
    PEOPLE = "people", "人"
    CASES = "cases", "件"
    PERCENT = "percent", "％"


class Indicator(Labelled):
    """The figures of the list that are fees, in its order; per 100,000 people."""

    DISCHARGE_SUPPORT = "discharge_support", "入退院支援加算"
    CARE_LIAISON_GUIDANCE = "care_liaison_guidance", "介護支援等連携指導料"
    JOINT_GUIDANCE = "joint_guidance", "退院時共同指導料"
    VISIT_BEFORE_DISCHARGE = "visit_before_discharge", "退院前訪問指導料"
    MEDICAL_INFORMATION = "medical_information", "診療情報提供料"
    ADMISSION_LIAISON = "admission_liaison", "入院時情報連携加算"
    DISCHARGE_ADDITION = "discharge_addition", "退院・退所加算"
    DISCHARGE_LIAISON = "discharge_liaison", "退院・退所時連携加算"


class OutsideCount(Labelled):
    """What an outside statistic counts, to set our own number of cases beside it."""

    CERTIFIED_DISCHARGES = "certified_discharges", "要介護・要支援の方の退院（死亡を除く）"
    DISCHARGES = "discharges", "退院（死亡を除く）"


class OwnIndicator(Labelled):
    """The two of the list that are counted from our own events (※)."""

    ADMISSION_INFORMATION = "admission_information", "※入院時情報提供率"
    COORDINATION = "missed_coordination", "※退院調整率"


UNITS = {
    FigureKind.INDICATOR: (Unit.TIMES, Unit.PEOPLE, Unit.CASES),
    FigureKind.COVERAGE: (Unit.CASES, Unit.PEOPLE),
    FigureKind.BASELINE: (Unit.PERCENT,),
}
"""Which units fit a kind; the first stands where none is named."""


def name_label(kind: FigureKind, name: str) -> str:
    """What a figure is called on pages. Raises ValueError for a name that the list has not."""
    if kind is FigureKind.INDICATOR:
        return Indicator(name).label
    if kind is FigureKind.COVERAGE:
        return OutsideCount(name).label
    return BASELINES[name]


BASELINES = {
    "missed_coordination": "退院調整率",
    "referral": "新規相談につないだ率",
    "admission_information": "入院時情報提供率",
    "discharge_information": "退院時情報提供率",
}
"""Figures of which a region may have an older value of its own, from a survey before."""


def names_of(kind: FigureKind) -> tuple[str, ...]:
    """The names that a kind knows."""
    if kind is FigureKind.INDICATOR:
        return tuple(one.value for one in Indicator)
    if kind is FigureKind.COVERAGE:
        return tuple(one.value for one in OutsideCount)
    return tuple(BASELINES)
