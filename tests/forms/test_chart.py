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
FIGURES = st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300)).map(
    lambda parts: Figure(parts[0], sum(parts), parts[1])
)


def drawn(trend: list[tuple[date, Figure]]) -> ET.Element:
    return parsed(six_months(trend, family="sans-serif"))


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314  our own drawing


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


def test_whiskers_stand_only_where_unknown_cases_widen_the_rate() -> None:
    sure = drawn([(MONTHS[0], Figure(10, 100, 0))])
    unsure = drawn([(MONTHS[0], Figure(10, 100, 10))])
    assert len(list(unsure.iter(f"{SVG}line"))) == len(list(sure.iter(f"{SVG}line"))) + 3


@given(st.lists(FIGURES, max_size=6))
def test_the_chart_is_plain_svg_and_stays_inside_its_frame(figures: list[Figure]) -> None:
    root = drawn(list(zip(MONTHS, figures, strict=False)))
    for one in root.iter():
        assert one.tag.removeprefix(SVG) in {"svg", "title", "desc", "line", "rect", "text"}
        assert not {"style", "class", "href", "onclick", "onload"} & set(one.attrib)
        for name, limit in (("x", WIDTH), ("x1", WIDTH), ("y", HEIGHT), ("y1", HEIGHT)):
            assert 0 <= float(one.get(name, "0")) <= limit
        assert float(one.get("height", "0")) >= 0


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
