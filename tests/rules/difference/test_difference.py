"""What differs between two editions, in the words that a council reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules import Library, edition_of
from rules.difference import Changed, difference
from tests.rules.editions import SOUND, changed

SOUND_EDITION = edition_of(SOUND)


def told(folder: Path, *changes: tuple[str, str]) -> list[str]:
    return list(difference(SOUND_EDITION, changed(folder, *changes)).lines())[1:]


def test_the_sample_region_shows_exactly_its_one_change() -> None:
    older, newer = Library.load().of_region("mihon")
    found = difference(older, newer)
    (change,) = found.changes
    assert (change.changed, change.id) == (Changed.CHANGED, "admission-information")
    assert list(found.lines())[1:3] == [
        "第6条: 7日以内 → 5日以内 (令和9年4月1日施行)",
        "    数え方: 入院日を1日目と数える(暦日)",
    ]
    (step,) = [step for step in change.steps if step.what == "期限"]
    assert found.as_json()["changes"][0]["steps"][0]["after"] == step.after  # type: ignore[index]


def test_nothing_differs_from_itself(tmp_path: Path) -> None:
    assert told(tmp_path) == ["条文・条件・期限に違いはありません。"]
    for edition in Library.load().editions:
        assert difference(edition, edition).changes == ()


ADDED = """  - id: help-to-eat
    text: 食事に介助が必要
    when: {eating: full_help}
    source: 2頁 第3条(2)

exclusions:
"""
MOBILITY = "立ち上がり・歩行が"
REST = "(暦日)、7日目まで、休みの日でも動かさない"
SINCE = " (令和6年4月1日施行)"


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("\nexclusions:\n", ADDED, [f"第3条(2): 加わる: 食事に介助が必要{SINCE}"]),
        (
            "mobility: [partial_help, full_help]",
            "mobility: full_help",
            [f"2頁: 条件: {MOBILITY}「一部介助」「全介助」のどれか → {MOBILITY}「全介助」{SINCE}"],
        ),
        (
            "text: 歩行に介助が必要",
            "text: 歩くのに介助が必要",
            [f"2頁: 言葉: 「歩行に介助が必要」 → 「歩くのに介助が必要」{SINCE}"],
        ),
        (
            "anchor_day: day_1",
            "anchor_day: not_counted",
            [f"4頁: 数え方: 入院日を1日目と数える{REST} → 入院日は数えない{REST}{SINCE}"],
        ),
        (
            "if_closed: stay}",
            "if_closed: next_open_day, whose: office}",
            [f"4頁: 数え方: 休みの日でも動かさない → 休みの日なら次の開いている日{SINCE}"],
        ),
        (
            "receiver: hospital",
            "receiver: municipality",
            [f"4頁: 受け取る側: 「病院」 → 「市町村」{SINCE}"],
        ),
        (
            "\nexamples:\n",
            "\nstatus: partial\nunverified: [{about: due, text: 日数}]\n\nexamples:\n",
            [f"確かめられていないこと: 加わる: 期限: 日数{SINCE}"],
        ),
    ],
)
def test_each_change_is_said_in_words(
    before: str, after: str, lines: list[str], tmp_path: Path
) -> None:
    assert told(tmp_path, (before, after)) == lines


def test_a_removed_clause_stands_last(tmp_path: Path) -> None:
    with_more = changed(tmp_path, ("\nexclusions:\n", ADDED))
    lines = list(difference(with_more, SOUND_EDITION).lines())
    assert lines[-1] == f"第3条(2): なくなる: 食事に介助が必要{SINCE}"
