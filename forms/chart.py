"""Draw six months of a rate as static SVG text, for paper and screen alike.

Every month is a bar up to the lower end of the rate, with a whisker up to the higher end where
unknown cases widen it, and both are printed as figures: the chart is read without colour, and
without seeing it, by its title and description.

Only presentation attributes are used, no style, no script, no link: the page that shows it
forbids all three. Knows no paper and no browser; the font family is an argument.
"""

import math
from collections.abc import Callable, Sequence
from datetime import date
from xml.etree import ElementTree as ET

from handoffs.era import year_on_paper
from handoffs.rates.figures import Figure

NOBODY = "対象なし"
"""Printed where there was nobody to count; a rate of nothing is no rate."""

HIDDEN = "※"
"""Printed in place of a count that was taken out for being small."""

WIDTH, HEIGHT = 640, 236
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 632, 30, 176
_TOPS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1.0)
"""Upper ends of the scale: the first that holds every bar and whisker is taken."""


def percent(share: float | None) -> str:
    """Return 9.6%, or 対象なし where there was nobody to count."""
    if share is None:
        return NOBODY
    # Half up, as people round on paper; Python would make 12.5 of 12.45 and 12.4 of 12.35.
    return f"{math.floor(share * 1000 + 0.5) / 10:.1f}%"


def percent_range(figure: Figure) -> str:
    """Return 9.6%, or 9.6～12.1% where unknown cases widen it, or ※ where it was taken out."""
    if figure.is_hidden:
        return HIDDEN
    if "unknown" in figure.hidden:
        return f"{percent(figure.low)[:-1]}～{HIDDEN}"
    if figure.low is None or not figure.unknown:
        return percent(figure.low)
    return f"{percent(figure.low)[:-1]}～{percent(figure.high)}"


def six_months(
    trend: Sequence[tuple[date, Figure]],
    *,
    family: str,
    title: str = "退院調整もれ率の推移",
    name: str = "six-months",
    year: Callable[[date], str] = year_on_paper,
) -> str:
    """Return the chart as one `svg` element.

    Args:
        trend: the first day of each month and its figure, oldest first.
        family: the font family of the text, such as the one of the page around it.
        title: what the bars are.
        name: prefix of the ids inside, unique on the page.
        year: how a year is written under the first month and each January.
    """
    root = ET.Element("svg", {
        "xmlns": "http://www.w3.org/2000/svg", "role": "img",
        "viewBox": f"0 0 {WIDTH} {HEIGHT}", "width": str(WIDTH), "height": str(HEIGHT),
        "aria-labelledby": f"{name}-title {name}-description",
        "font-family": family, "font-size": "13", "fill": "black",
    })  # fmt: skip
    ET.SubElement(root, "title", {"id": f"{name}-title"}).text = title
    ET.SubElement(root, "desc", {"id": f"{name}-description"}).text = _in_words(trend, year)
    top = _scale([figure for _, figure in trend])
    _axis(root, top)
    step = (_RIGHT - _LEFT) / max(len(trend), 1)
    for number, (month, figure) in enumerate(trend):
        middle = _LEFT + step * (number + 0.5)
        _month(root, middle, figure, top)
        _text(root, middle, _BOTTOM + 18, f"{month.month}月")
        counted = f"{figure.counted}/{figure.of}件" if figure.low is not None else ""
        _text(root, middle, _BOTTOM + 35, counted, size=11)
        if number == 0 or month.month == 1:
            _text(root, middle, _BOTTOM + 52, year(month), size=11)
    return ET.tostring(root, encoding="unicode")


def _in_words(trend: Sequence[tuple[date, Figure]], year: Callable[[date], str]) -> str:
    if not trend:
        return "表示できる月がありません。"
    months = []
    for month, figure in trend:
        words = f"{year(month)}{month.month}月 {percent_range(figure)}"
        if figure.low is not None:
            words += f"({figure.of}件中{figure.counted}件"
            words += f"、不明{figure.unknown}件)" if figure.unknown else ")"
        months.append(words)
    return "、".join(months) + "。"


def _scale(figures: Sequence[Figure]) -> float:
    highest = max((figure.high or figure.low or 0.0 for figure in figures), default=0.0)
    return next((top for top in _TOPS if highest <= top), 1.0)


def _height(share: float, top: float) -> float:
    """Return the y coordinate of a share."""
    return _BOTTOM - (_BOTTOM - _TOP) * min(share / top, 1.0)


def _axis(root: ET.Element, top: float) -> None:
    _line(root, (_LEFT, _TOP), (_LEFT, _BOTTOM), 1.2)
    for share in (0.0, top / 2, top):
        y = _height(share, top)
        # Ticks, not lines across: a line would run through the printed figures.
        _line(root, (_LEFT, y), (_RIGHT if share == 0 else _LEFT + 6, y), 1.2)
        _text(root, _LEFT - 6, y + 4, f"{share * 100:g}%", size=11, anchor="end")


def _month(root: ET.Element, middle: float, figure: Figure, top: float) -> None:
    """Draw the bar, the whisker and the printed figure of one month."""
    if figure.low is None:
        _text(root, middle, _BOTTOM - 8, percent_range(figure))
        return
    low = _height(figure.low, top)
    high = low if figure.high is None else _height(figure.high, top)
    ET.SubElement(root, "rect", {
        "x": _number(middle - 17), "y": _number(low), "width": "34",
        "height": _number(_BOTTOM - low), "fill": "white", "stroke": "black",
        "stroke-width": "2",
    })  # fmt: skip
    if figure.unknown:
        _line(root, (middle, low), (middle, high), 2)
        for y in (low, high):
            _line(root, (middle - 7, y), (middle + 7, y), 2)
    _text(root, middle, high - 7, percent_range(figure))


def _line(
    root: ET.Element, start: tuple[float, float], end: tuple[float, float], width: float
) -> None:
    ET.SubElement(root, "line", {
        "x1": _number(start[0]), "y1": _number(start[1]),
        "x2": _number(end[0]), "y2": _number(end[1]),
        "stroke": "black", "stroke-width": _number(width),
    })  # fmt: skip


def _text(
    root: ET.Element, x: float, y: float, text: str, *, size: int = 13, anchor: str = "middle"
) -> None:
    ET.SubElement(root, "text", {
        "x": _number(x), "y": _number(y), "text-anchor": anchor, "font-size": str(size),
    }).text = text  # fmt: skip


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
