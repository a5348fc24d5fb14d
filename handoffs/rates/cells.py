"""A month's figures as plain tables of words and numbers, for files that others open.

One layout for the workbook, the CSV and the terminal, so that they cannot differ. What was
taken out for being small is ※ and never a number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handoffs.rates.figures import COUNTED, OF, UNKNOWN, Figure, Measure, MonthlyRates
from handoffs.rates.references import References

HIDDEN = "※"
HIDDEN_IN_WORDS = (
    "※ 10件未満の件数と、そこから10件未満の件数が分かってしまう件数は、示していません。"
)
SPLITS_WAIT = "内訳は、月が確定してから示します（速報は合計だけです）。"
NOBODY = "対象なし"
HEAD = ("地域", "月", "区分", "指標", "分け方", "内訳", "分子", "分母", "不明", "率(下)", "率(上)")

Cell = str | int | float


@dataclass(frozen=True)
class Sheet:
    """One table with its heading line."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def rate(share: float | None, figure: Figure) -> Cell:
    """A share from 0 to 1 with four digits; ※ where it was taken out, 対象なし where of nobody."""
    if share is not None:
        return round(share, 4)
    return HIDDEN if figure.hidden else NOBODY


def counts(figure: Figure) -> tuple[Cell, Cell, Cell]:
    """Numerator, denominator and unknown; ※ for what was taken out."""
    return (
        HIDDEN if COUNTED in figure.hidden else figure.counted,
        HIDDEN if OF in figure.hidden else figure.of,
        HIDDEN if UNKNOWN in figure.hidden else figure.unknown,
    )


def lines(rates: MonthlyRates) -> Iterator[tuple[Cell, ...]]:
    """Every figure and every line of its cuts, one row each, under `HEAD`."""
    month = f"{rates.month:%Y-%m}"
    standing = "速報" if rates.provisional else "確定"
    for measure in (*rates.measures, *rates.others):
        start: tuple[Cell, ...] = (rates.region_name, month, standing, measure.label)
        yield (*start, "合計", "", *_numbers(measure.total))
        for cut in measure.cuts:
            for row in cut.rows:
                yield (*start, cut.label, row.label, *_numbers(row.figure))
        for label, number in measure.spread:
            yield (*start, "分布", label, number, "", "", "", "")
        for label, number in measure.beside:
            yield (*start, "欄外", label, number, "", "", "", "")
    for each, figure in rates.trend:
        start = (rates.region_name, f"{each:%Y-%m}", "", rates.trend_label)
        yield (*start, "推移", "", *_numbers(figure))


def _numbers(figure: Figure) -> tuple[Cell, ...]:
    return (*counts(figure), rate(figure.low, figure), rate(figure.high, figure))


def definitions(rates: MonthlyRates) -> Sheet:
    """What each figure counts, in sentences: the first sheet of the workbook."""
    about = (
        (rates.region_name, f"{rates.month.year}年{rates.month.month}月分", _standing(rates)),
        ("", "率の幅は、不明の件がすべて含まれない場合から、すべて含まれる場合まで。", ""),
        *(("", words, "") for words in notes(rates)),
    )
    words = tuple(
        (measure.label if place == 0 else "", sentence, measure.digest[:12] if place == 0 else "")
        for measure in (*rates.measures, *rates.others)
        for place, sentence in enumerate(measure.definition)
    )
    return Sheet("数え方", ("指標", "数え方", "数え方の版"), (*about, *words))


def notes(rates: MonthlyRates) -> tuple[str, ...]:
    """What a file says of what is not in it."""
    return (HIDDEN_IN_WORDS, SPLITS_WAIT) if rates.provisional else (HIDDEN_IN_WORDS,)


def _standing(rates: MonthlyRates) -> str:
    word = "速報" if rates.provisional else "確定"
    digest = f" 照合番号 {rates.digest[:12]}" if rates.digest else ""
    return f"{word}（{rates.as_of:%Y-%m-%d} 集計{digest}）"


def figures(rates: MonthlyRates) -> Sheet:
    """Every figure, one row each."""
    return Sheet("数字", HEAD, tuple(lines(rates)))


def elsewhere(known: Sequence[References]) -> Sheet:
    """The published figures of other regions, each with its definition."""
    rows = tuple(
        (one.region, one.when, one.label, one.text, one.definition, one.unverified, one.source)
        for one in known
    )
    head = ("地域", "時期", "指標", "公表された数字", "数え方", "確かめられていないこと", "出典")
    return Sheet("ほかの地域", head, rows)


def sheets(rates: MonthlyRates, known: Sequence[References]) -> tuple[Sheet, ...]:
    """The tables of the workbook, the definitions first."""
    return definitions(rates), figures(rates), elsewhere(known)


def measure_lines(measure: Measure) -> Iterator[str]:
    """One figure for the terminal: the rate, the counts, the definition, the cuts."""
    yield f"{measure.label}　{_in_one_line(measure.total)}"
    yield from (f"  {sentence}" for sentence in measure.definition)
    for cut in measure.cuts:
        yield f"  [{cut.label}]"
        if cut.note:
            yield f"    {cut.note}"
        yield from (f"    {row.label}　{_in_one_line(row.figure)}" for row in cut.rows)
    for label, number in measure.spread:
        yield f"  {label} {number}件"
    if measure.middle:
        yield f"  {measure.middle}"
    yield from (f"  {label} {number}件" for label, number in measure.beside)


def _in_one_line(figure: Figure) -> str:
    if figure.low is None:
        return HIDDEN if figure.hidden else NOBODY
    high = "" if not figure.unknown or figure.high is None else f"〜{figure.high:.1%}"
    unknown = f"(不明 {figure.unknown}件)" if figure.unknown else ""
    return f"{figure.low:.1%}{high}　{figure.counted}/{figure.of}件{unknown}"
