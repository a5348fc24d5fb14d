"""Draw six months of a rate as static SVG text, for paper and screen alike.

pygal draws scale, bars and whiskers: a bar up to the lower end of the rate, with a whisker up to
the higher end where unknown cases widen it. Both ends are printed as figures, so that the chart
is read without colour, and without seeing it, by its title and description.

What pygal draws comes with a style sheet, a script and the day of drawing; the page that shows it
forbids the first two, and a sheet has the same bytes every day. So only its lines, boxes and texts
are taken over, with presentation attributes. Knows no paper and no browser; the font family is an
argument.
"""

import math
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree as ET

from pygal import Bar
from pygal.style import Style

from handoffs.era import year_on_paper
from handoffs.rates.figures import Figure

# pygal leaves a finder of plug-ins behind that Python 3.11 warns of at every module that is not
# found and 3.12 no longer asks. There are no plug-ins.
sys.meta_path[:] = [one for one in sys.meta_path if type(one).__name__ != "PluginImportFixer"]

NOBODY = "対象なし"
"""Printed where there was nobody to count; a rate of nothing is no rate."""

HIDDEN = "※"
"""Printed in place of a count that was taken out for being small."""

WIDTH, HEIGHT = 640, 236
_LABEL = 11
_ABOVE, _BELOW = 26, 40
"""Room for the printed rate over the highest bar, and for counts and years under the months."""
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
    if trend:
        pieces = list(_pieces(_drawn(trend)))
        for piece in pieces:
            _take_over(root, piece)
        _print(root, pieces, trend, year)
    return ET.tostring(root, encoding="unicode")


class _Bars(Bar):  # type: ignore[misc]  # pygal has no types
    """Narrower bars than the library's, so that months stand apart."""

    _series_margin = 0.3


def _drawn(trend: Sequence[tuple[date, Figure]]) -> ET.Element:
    """Have the library draw scale, bars and whiskers."""
    top = _scale([figure for _, figure in trend])
    bars = _Bars(
        js=(),
        css=(),
        no_prefix=True,
        width=WIDTH,
        height=HEIGHT,
        margin=4,
        margin_top=_ABOVE,
        margin_bottom=_BELOW,
        show_legend=False,
        range=(0, top),
        y_labels=(0, top / 2, top),
        value_formatter=lambda share: f"{share * 100:g}%",
        x_labels=[f"{month.month}月" for month, _ in trend],
        style=Style(label_font_size=_LABEL),
    )
    bars.add("", [_bar(figure) for _, figure in trend])
    drawn: ET.Element = bars.render_tree()
    return drawn


def _bar(figure: Figure) -> dict[str, object] | None:
    """One bar as the library takes it, with its whisker; nothing where there is no rate."""
    if figure.low is None:
        return None
    if figure.high is None or not figure.unknown:
        return {"value": figure.low}
    return {"value": figure.low, "ci": {"low": figure.low, "high": figure.high}}


@dataclass(frozen=True)
class _Piece:
    """One box, line or text that was drawn, where it stands, and the groups that it is in."""

    kind: str
    node: ET.Element
    x: float
    y: float
    within: frozenset[str]


_TRANSLATED = re.compile(r"translate\(([-\d.]+)[ ,]+([-\d.]+)\)")
_NOT_OURS = frozenset({"tooltip-overlay", "background", "guide"})


def _pieces(
    node: ET.Element, x: float = 0, y: float = 0, within: frozenset[str] = frozenset()
) -> Iterator[_Piece]:
    """Everything that is drawn, without style sheet, script, tooltips and backgrounds."""
    # A comment's tag is a function; comments name the day of drawing.
    kind = str(node.tag).rpartition("}")[2]
    within |= set((node.get("class") or "").split())
    if kind in {"defs", "title", "desc"} or callable(node.tag) or within & _NOT_OURS:
        return
    moved = _TRANSLATED.match(node.get("transform") or "")
    if moved:
        x, y = x + float(moved[1]), y + float(moved[2])
    if kind in {"rect", "path", "text"}:
        yield _Piece(kind, node, x, y, within)
    for child in node:
        yield from _pieces(child, x, y, within)


def _take_over(root: ET.Element, piece: _Piece) -> None:
    x, y = piece.x + float(piece.node.get("x", 0)), piece.y + float(piece.node.get("y", 0))
    if piece.kind == "rect":
        size = {k: _number(float(piece.node.get(k, 0))) for k in ("width", "height")}
        ET.SubElement(root, "rect", {
            "x": _number(x), "y": _number(y), **size,
            "fill": "white", "stroke": "black", "stroke-width": "2",
        })  # fmt: skip
    elif piece.kind == "path":
        ET.SubElement(root, "path", {
            "d": piece.node.get("d", ""),
            "transform": f"translate({_number(piece.x)} {_number(piece.y)})",
            "fill": "none", "stroke": "black",
            "stroke-width": "2" if "ci" in piece.within else "1.2",
        })  # fmt: skip
    elif _is_month(piece):
        _text(root, x, y, piece.node.text or "")
    else:
        _text(root, x, y, piece.node.text or "", size=_LABEL, anchor="end")


def _is_month(piece: _Piece) -> bool:
    return piece.kind == "text" and {"axis", "x"} <= piece.within


def _print(
    root: ET.Element,
    pieces: Sequence[_Piece],
    trend: Sequence[tuple[date, Figure]],
    year: Callable[[date], str],
) -> None:
    """Print each month's rate over its bar, and its counts and year under it."""
    months = [piece for piece in pieces if _is_month(piece)]
    # The texts of the scale stand a little under their height; that is the library's own shift.
    scale = [
        piece.y + float(piece.node.get("y", 0)) - 0.35 * _LABEL
        for piece in pieces
        if piece.kind == "text" and {"axis", "y"} <= piece.within
    ]
    bottom, highest = max(scale), min(scale)
    top = _scale([figure for _, figure in trend])
    for number, (piece, (month, figure)) in enumerate(zip(months, trend, strict=True)):
        x = piece.x + float(piece.node.get("x", 0))
        under = piece.y + float(piece.node.get("y", 0))
        end = figure.high or figure.low or 0.0
        _text(root, x, bottom - (bottom - highest) * end / top - 8, percent_range(figure))
        if figure.low is not None:
            _text(root, x, under + 16, f"{figure.counted}/{figure.of}件", size=_LABEL)
        if number == 0 or month.month == 1:
            _text(root, x, under + 32, year(month), size=_LABEL)


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


def _text(
    root: ET.Element, x: float, y: float, text: str, *, size: int = 13, anchor: str = "middle"
) -> None:
    ET.SubElement(root, "text", {
        "x": _number(x), "y": _number(y), "text-anchor": anchor, "font-size": str(size),
    }).text = text  # fmt: skip


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
