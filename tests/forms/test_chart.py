import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.chart import HEIGHT, NOBODY, WIDTH, percent, percent_range, six_months
from handoffs.rates.figures import Figure

MONTHS = [date(2026, month, 1) for month in range(5, 11)]
TREND = [
    (month, Figure(*counts))
    for month, counts in zip(
        MONTHS, [(24, 141, 5), (0, 0, 0), (19, 133, 6), (17, 140, 0), (0, 129, 0), (12, 125, 4)],
        strict=True,
    )
]  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"
INK = {"fill", "stroke", "stroke-width"}
PLAIN = {
    "svg": {
        "role", "viewBox", "width", "height", "aria-labelledby", "font-family", "font-size", "fill",
    },
    "title": {"id"},
    "desc": {"id"},
    "rect": {"x", "y", "width", "height", *INK},
    "path": {"d", "transform", *INK},
    "text": {"x", "y", "text-anchor", "font-size"},
}  # fmt: skip
"""What may be in the drawing, and with which attributes."""
FIGURES = st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300)).map(
    lambda parts: Figure(parts[0], sum(parts), parts[1])
)


def drawn(trend: list[tuple[date, Figure]]) -> ET.Element:
    return parsed(six_months(trend, family="sans-serif"))


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314  our own drawing


def number(node: ET.Element, name: str) -> float:
    return float(node.attrib[name])


def inside(x: float, y: float) -> bool:
    return 0 <= x <= WIDTH and 0 <= y <= HEIGHT


def lines(root: ET.Element) -> list[list[tuple[float, float]]]:
    """The corners of every path where they stand in the frame: the two axes, then whiskers."""
    return [corners(path) for path in root.iter(f"{SVG}path")]


def corners(path: ET.Element) -> list[tuple[float, float]]:
    """Read M and L (to a place), h and v (so far along); anything else is not known here."""
    moved = re.fullmatch(r"translate\(([\d.]+) ([\d.]+)\)", path.attrib["transform"])
    assert moved, path.attrib["transform"]
    found: list[tuple[float, float]] = []
    steps = re.findall(r"([A-Za-z])([^A-Za-z]*)", path.attrib["d"])
    for letter, given_numbers in steps:
        there = [float(one) for one in given_numbers.split()]
        if letter in {"M", "L"}:
            found.append((there[0], there[1]))
        elif letter == "h":
            found.append((found[-1][0] + there[0], found[-1][1]))
        else:
            assert letter == "v", letter
            found.append((found[-1][0], found[-1][1] + there[0]))
    return [(x + float(moved[1]), y + float(moved[2])) for x, y in found]


def words(root: ET.Element) -> list[str]:
    return [one.text or "" for one in root.iter(f"{SVG}text")]


def test_every_month_has_its_figures_in_print() -> None:
    printed = words(drawn(TREND))
    for expected in ("5月", "17.0～20.6%", "24/141件", "12.1%", "0.0%", "令和8年"):
        assert expected in printed


def test_a_month_without_anybody_says_so_and_has_no_bar() -> None:
    root = drawn(TREND)
    assert words(root).count(NOBODY) == 1
    assert len(list(root.iter(f"{SVG}rect"))) == 5


def test_a_screen_reader_hears_a_title_and_every_figure() -> None:
    root = drawn(TREND)
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == "退院調整もれ率の推移"
    assert "令和8年5月 17.0～20.6%(141件中24件、不明5件)" in (description.text or "")
    assert f"令和8年6月 {NOBODY}" in (description.text or "")


@given(st.lists(FIGURES, min_size=1, max_size=6))
def test_whiskers_stand_only_where_unknown_cases_widen_the_rate(figures: list[Figure]) -> None:
    root = drawn(list(zip(MONTHS, figures, strict=False)))
    axes, whiskers = lines(root)[:2], lines(root)[2:]
    bottom = axes[0][0][1]
    counted = [figure for figure in figures if figure.of]
    bars = list(root.iter(f"{SVG}rect"))
    assert len(bars) == len(counted)
    widened = [
        (bar, figure) for bar, figure in zip(bars, counted, strict=True) if figure.unknown > 0
    ]
    assert len(whiskers) == len(widened)
    for points, (bar, figure) in zip(whiskers, widened, strict=True):
        assert figure.low is not None
        assert figure.high is not None
        left, top, width, height = (number(bar, name) for name in ("x", "y", "width", "height"))
        assert all(left < x < left + width for x, _ in points)
        upper, lower = min(y for _, y in points), max(y for _, y in points)
        assert lower == pytest.approx(top, abs=0.2)
        # As long against the bar as the rates are, to the tenths that are written down.
        assert (bottom - upper) * figure.low == pytest.approx(height * figure.high, abs=0.2)
        assert upper < lower


def test_a_rate_of_nothing_known_has_a_whisker_only_with_unknown_cases() -> None:
    assert len(lines(drawn([(MONTHS[0], Figure(0, 100, 0))]))) == 2
    assert len(lines(drawn([(MONTHS[0], Figure(0, 100, 10))]))) == 3


@given(st.lists(FIGURES, max_size=6))
def test_the_chart_is_plain_svg_and_stays_inside_its_frame(figures: list[Figure]) -> None:
    root = drawn(list(zip(MONTHS, figures, strict=False)))
    for one in root.iter():
        kind = one.tag.removeprefix(SVG)
        assert kind in PLAIN
        # Every attribute is one that only places or inks: no style, class, link or handler.
        assert set(one.attrib) <= PLAIN[kind]
        assert not any("url(" in value for value in one.attrib.values())
    for box in root.iter(f"{SVG}rect"):
        x, y, width, height = (number(box, name) for name in ("x", "y", "width", "height"))
        assert min(width, height) >= 0
        assert inside(x, y)
        assert inside(x + width, y + height)
    for text in root.iter(f"{SVG}text"):
        assert inside(number(text, "x"), number(text, "y"))
    for points in lines(root):
        assert all(inside(x, y) for x, y in points)


def test_texts_given_to_the_chart_are_escaped() -> None:
    hostile = '"><script>alert(1)</script>'
    svg = six_months(TREND, family=hostile, title=hostile, name=hostile, year=lambda _: hostile)
    assert "<script" not in svg
    assert parsed(svg).get("font-family") == hostile


def test_the_page_around_it_chooses_how_years_are_written() -> None:
    svg = six_months(TREND, family="sans-serif", year=lambda month: f"{month.year}年")
    assert ">2026年<" in svg


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (Figure(0, 0), NOBODY),
        (Figure(0, 8), "0.0%"),
        (Figure(8, 8), "100.0%"),
        (Figure(1, 16), "6.3%"),
        (Figure(3, 16, 2), "18.8～31.3%"),
        (Figure(0, 3, 3), "0.0～100.0%"),
    ],
)
def test_a_rate_is_a_percentage_or_a_range(figure: Figure, expected: str) -> None:
    assert percent_range(figure) == expected


def test_nobody_to_count_is_no_rate() -> None:
    assert percent(None) == "対象なし"
