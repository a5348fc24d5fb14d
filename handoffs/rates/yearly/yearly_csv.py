"""The year as CSV that Excel opens as it is, of what may leave: one row a figure, then goals."""

from collections.abc import Iterator

from handoffs.csv_cell import csv_of
from handoffs.rates.cells import HIDDEN, NOBODY
from handoffs.rates.yearly.own_figures import OwnYear
from handoffs.rates.yearly.report import YearlyReport

HEAD = ("区分", "名前", "地域", "年度", "値", "単位", "分子", "分母", "不明", "数え方", "出典")
_OWN, _INDICATOR, _GOAL, _BASELINE = "記録から数えた率", "指標", "目標", "基準値"
Cells = tuple[object, ...]


def yearly_csv(report: YearlyReport) -> bytes:
    """The file. Raises ValueError for a report in which small counts still stand."""
    if not report.leaves:
        raise ValueError("This report may not leave.")
    return csv_of(HEAD, _rows(report))


def _rows(report: YearlyReport) -> Iterator[Cells]:
    region = report.region_name
    for line in report.indicators:
        for year, figure in line.figures:
            if figure is None:
                continue
            start = (_INDICATOR, line.indicator.label, line.place or region, year)
            source = f"{figure.source}（{figure.source_on}）"
            yield (*start, figure.value, figure.unit.label, "", "", "", figure.definition, source)
    for series in report.own:
        words = "".join(series.definition)
        for year in report.years:
            start = (_OWN, series.indicator.label, region, year)
            yield (*start, *own_cells(series.of_year(year)), words, "")
    for one in report.baselines:
        about = (_BASELINE, one.label, one.place or region, one.period)
        yield (*about, one.value, one.unit.label, "", "", "", one.definition, one.source)
    for goal in report.goals:
        for label, text in (
            ("目標", goal.goal),
            ("めざす数字・状態", goal.target),
            ("取り組み", goal.measures),
            ("結果", goal.result),
            ("次の年度に向けて", goal.next_step),
        ):
            yield (_GOAL, f"{goal.number} {label}", region, report.year, text, *[""] * 6)


def own_cells(year: OwnYear) -> Cells:
    """Rate, unit, numerator, denominator and unknown of one year, or why there is none."""
    figure = year.total
    if year.changed:
        return ("数え方の変更", "", "", "", "")
    if figure.hidden:
        return (HIDDEN if year.is_whole else "年度の途中", "", "", "", "")
    if figure.low is None:
        return (NOBODY, "", 0, 0, 0)
    return (f"{figure.low * 100:.1f}", "％", figure.counted, figure.of, figure.unknown)
