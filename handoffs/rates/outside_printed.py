"""What the yearly and outside pages show, laid out for the terminal and for JSON.

Counts and the hospital's own signs; never a person.
"""

from collections.abc import Iterator

from handoffs.rates.figures import Figure
from handoffs.rates.shadow.compared import Occasion, ShadowMonth
from handoffs.rates.survey.compared import COMPARED, Beside, Compared
from handoffs.rates.yearly.coverage import Coverage
from handoffs.rates.yearly.report import YearlyReport


def yearly_json(report: YearlyReport) -> dict[str, object]:
    """Lay a year out for JSON."""
    return {
        "region": report.region,
        "year": report.year,
        "years": list(report.years),
        "own": [
            {
                "id": series.indicator.value,
                "label": series.indicator.label,
                "definition": list(series.definition),
                "years": {
                    str(one.year): {
                        **_figure(one.total),
                        "whole": one.is_whole,
                        "months": {f"{m:%Y-%m}": _figure(f) for m, f in one.months},
                    }
                    for one in series.years
                },
            }
            for series in report.own
        ],
        "indicators": [
            {
                "id": line.indicator.value,
                "label": line.indicator.label,
                "place": line.place,
                "unit": line.unit,
                "values": {str(year): f.value for year, f in line.figures if f is not None},
            }
            for line in report.indicators
        ],
        "goals": [
            {
                "number": goal.number,
                "goal": goal.goal,
                "target": goal.target,
                "measures": goal.measures,
                "result": goal.result,
                "next_step": goal.next_step,
            }
            for goal in report.goals
        ],
    }


def yearly_lines(report: YearlyReport) -> Iterator[str]:
    """A year for the terminal."""
    yield f"{report.region_name}　{report.year}年度"
    for line in report.indicators:
        values = "　".join(f"{year}年度 {f.value if f else '―'}" for year, f in line.figures)
        yield f"{line.indicator.label}（{line.place or report.region_name}）　{values}"
    for series in report.own:
        values = "　".join(f"{one.year}年度 {in_one_line(one.total)}" for one in series.years)
        yield f"{series.indicator.label}　{values}"
        yield from (f"  {words}" for words in series.definition)
    for goal in report.goals:
        yield f"目標{goal.number} {goal.goal}　{goal.target}　結果: {goal.result or '―'}"


def survey_json(found: Compared) -> dict[str, object]:
    """Lay a survey beside the record out for JSON."""
    return {
        "month": f"{found.survey.month:%Y-%m}",
        "returned": found.returned,
        "waiting": len(found.waiting),
        "questions": [
            {
                "id": question.value,
                "label": question.label,
                "offices": [_beside(row) for row in found.offices[question]],
                "total": _beside(found.totals[question]),
                "note": found.notes.get(question, ""),
            }
            for question in COMPARED
        ],
        "reflected": _figure(found.reflected),
    }


def _beside(row: Beside) -> dict[str, object]:
    return {
        "label": row.label,
        "system": _figure(row.system),
        "survey": None if row.survey is None else _figure(row.survey),
        "direction": row.direction.value,
    }


def survey_lines(found: Compared, region_name: str) -> Iterator[str]:
    """A survey beside the record, for the terminal."""
    month = f"{found.survey.month:%Y-%m}"
    yield f"{region_name}　{month} の調査　回答 {found.returned}か所"
    for question in COMPARED:
        yield question.label
        if question in found.notes:
            yield f"  {found.notes[question]}"
        for row in (*found.offices[question], found.totals[question]):
            survey = "―" if row.survey is None else in_one_line(row.survey)
            words = f"記録 {in_one_line(row.system)}　調査 {survey}　{row.direction.label}"
            yield f"  {row.label}　{words}"
    yield f"ケアプランへの反映　{in_one_line(found.reflected)}"


def covered(one: Coverage) -> dict[str, object]:
    """Lay one outside count with ours out for JSON."""
    return {
        "period": one.outside.period,
        "count": one.count.value,
        "outside": int(float(one.outside.value)),
        "own": one.own,
        "share": one.share,
        "definition": one.outside.definition,
        "source": one.outside.source,
    }


def covered_line(one: Coverage) -> str:
    """One outside count with ours, for the terminal."""
    share = "―" if one.share is None else f"{one.share:.1%}"
    own = "―" if one.own is None else f"{one.own}件"
    words = f"外の統計 {one.outside.value}件　つなぎ {own}　{share}　{one.words}"
    return f"{one.outside.period}　{one.count.label}　{words}".rstrip()


def shadow_json(found: ShadowMonth) -> dict[str, object]:
    """Lay a shadow month out for JSON; signs of the hospital, no person."""
    return {
        "counts": {
            occasion.value: {b.value: n for b, n in found.counts(occasion).items()}
            | {"paper_later": found.later(occasion)}
            for occasion in Occasion
        },
        "lines": [
            {
                "code": one.code,
                "occasion": one.occasion.value,
                "beside": one.beside.value,
                "due": one.due.isoformat() if one.due else None,
                "paper_on": one.paper_on.isoformat() if one.paper_on else None,
            }
            for one in found.lines
        ],
    }


def shadow_lines(found: ShadowMonth) -> Iterator[str]:
    """A shadow month for the terminal."""
    for occasion in Occasion:
        yield occasion.label
        for beside, count in found.counts(occasion).items():
            codes = "、".join(one.code for one in found.of(occasion, beside))
            yield f"  {beside.label}　{count}件{'　' + codes if codes else ''}"
        late = "、".join(one.code for one in found.late(occasion))
        words = f"  紙の連絡が、ルールの期限より後　{found.later(occasion)}件　{late}"
        yield words.rstrip()


def _figure(figure: Figure) -> dict[str, object]:
    return {
        "counted": figure.counted,
        "of": figure.of,
        "unknown": figure.unknown,
        "low": figure.low,
        "high": figure.high,
    }


def in_one_line(figure: Figure) -> str:
    """A rate with its counts for the terminal."""
    if figure.low is None:
        return "対象なし"
    high = "" if not figure.unknown or figure.high is None else f"〜{figure.high:.1%}"
    return f"{figure.low:.1%}{high} {figure.counted}/{figure.of}件"
