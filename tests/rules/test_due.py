"""Dues, written as people say them, under both counting conventions."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import (
    MONDAY_TO_FRIDAY,
    Anchor,
    AnchorDay,
    Calendar,
    CalendarError,
    IfClosed,
    Moments,
    Unit,
    Whose,
    due_at,
)
from rules.due import Counted, Event, Window
from rules.kinds import Direction

CLOSED = frozenset({date(2026, 11, 23), date(2026, 12, 29), date(2026, 12, 30)})
CALENDARS = {
    Whose.HOSPITAL: Calendar(frozenset(range(6)), CLOSED),
    Whose.OFFICE: Calendar(MONDAY_TO_FRIDAY.open_weekdays, CLOSED),
    Whose.PUBLIC: MONDAY_TO_FRIDAY,
}
FRIDAY = date(2026, 11, 20)
NEXT, PREVIOUS, STAY = IfClosed.NEXT_OPEN_DAY, IfClosed.PREVIOUS_OPEN_DAY, IfClosed.STAY


def after(
    latest: int, anchor_day: AnchorDay, if_closed: IfClosed = STAY, whose: Whose | None = None
) -> Counted:
    return Counted(
        Direction.AFTER,
        Anchor.ADMISSION,
        Unit.CALENDAR_DAYS,
        anchor_day,
        latest=latest,
        if_closed=if_closed,
        whose=whose,
    )


@pytest.mark.parametrize(
    ("said", "due", "day"),
    [
        ("入院日を1日目として7日目", after(7, AnchorDay.DAY_1), date(2026, 11, 26)),
        ("入院日を数えず7日", after(7, AnchorDay.NOT_COUNTED), date(2026, 11, 27)),
        ("入院日を1日目として1日目", after(1, AnchorDay.DAY_1), FRIDAY),
        ("入院日の当日", after(0, AnchorDay.NOT_COUNTED), FRIDAY),
        ("3日目、日曜でも動かさない", after(3, AnchorDay.DAY_1), date(2026, 11, 22)),
        (
            "3日目、事業所が休みなら次(土日と祝日の月曜を越える)",
            after(3, AnchorDay.DAY_1, NEXT, Whose.OFFICE),
            date(2026, 11, 24),
        ),
        (
            "3日目、官公署が休みなら次(この暦には祝日がない)",
            after(3, AnchorDay.DAY_1, NEXT, Whose.PUBLIC),
            date(2026, 11, 23),
        ),
        (
            "3日目、病院が休みなら前(土曜は開いている)",
            after(3, AnchorDay.DAY_1, PREVIOUS, Whose.HOSPITAL),
            date(2026, 11, 21),
        ),
    ],
)
def test_after_the_admission(said: str, due: Counted, day: date) -> None:
    assert due_at(due, Moments(FRIDAY), CALENDARS) == Window(opens=FRIDAY, latest=day), said


def test_a_last_day_never_moves_to_the_other_side_of_its_anchor() -> None:
    sunday = Moments(date(2026, 11, 22))
    due = after(1, AnchorDay.DAY_1, PREVIOUS, Whose.OFFICE)
    assert due_at(due, sunday, CALENDARS).latest == date(2026, 11, 22)
    leaving = Counted(
        Direction.BEFORE,
        Anchor.DISCHARGE,
        Unit.CALENDAR_DAYS,
        AnchorDay.NOT_COUNTED,
        latest=0,
        if_closed=NEXT,
        whose=Whose.OFFICE,
    )
    moments = Moments(FRIDAY, discharged_on=date(2026, 11, 22))
    assert due_at(leaving, moments, CALENDARS).latest == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("anchor_day", "days", "admitted_on", "day"),
    [
        (AnchorDay.DAY_1, 1, FRIDAY, FRIDAY),
        (AnchorDay.DAY_1, 2, FRIDAY, date(2026, 11, 24)),
        (AnchorDay.NOT_COUNTED, 1, FRIDAY, date(2026, 11, 24)),
        (AnchorDay.NOT_COUNTED, 3, FRIDAY, date(2026, 11, 26)),
        (AnchorDay.DAY_1, 1, date(2026, 11, 22), date(2026, 11, 24)),
        (AnchorDay.DAY_1, 3, date(2026, 11, 22), date(2026, 11, 26)),
    ],
)
def test_open_days_after_the_admission(
    anchor_day: AnchorDay, days: int, admitted_on: date, day: date
) -> None:
    due = Counted(
        Direction.AFTER,
        Anchor.ADMISSION,
        Unit.OPEN_DAYS,
        anchor_day,
        latest=days,
        whose=Whose.OFFICE,
    )
    assert due_at(due, Moments(admitted_on), CALENDARS).latest == day


def before(unit: Unit, latest: int, preferred: int | None = None) -> Counted:
    whose = Whose.OFFICE if unit is Unit.OPEN_DAYS else None
    return Counted(
        Direction.BEFORE,
        Anchor.PLANNED_DISCHARGE,
        unit,
        AnchorDay.NOT_COUNTED,
        latest=latest,
        preferred=preferred,
        whose=whose,
    )


def test_before_a_planned_discharge_the_window_opens_with_the_admission() -> None:
    moments = Moments(FRIDAY, planned_discharge_on=date(2026, 12, 10))
    window = due_at(before(Unit.CALENDAR_DAYS, 7, 10), moments, CALENDARS)
    assert window == Window(FRIDAY, preferred=date(2026, 11, 30), latest=date(2026, 12, 3))


def test_open_days_before_a_planned_discharge() -> None:
    moments = Moments(FRIDAY, planned_discharge_on=date(2026, 11, 25))
    assert due_at(before(Unit.OPEN_DAYS, 2), moments, CALENDARS).latest == FRIDAY


def test_while_the_discharge_is_not_planned_there_is_no_day() -> None:
    window = due_at(before(Unit.CALENDAR_DAYS, 7), Moments(FRIDAY), CALENDARS)
    assert window == Window(opens=FRIDAY)


def test_until_somebody_has_left_the_planned_day_stands_for_the_discharge() -> None:
    due = Counted(
        Direction.BEFORE,
        Anchor.DISCHARGE,
        Unit.CALENDAR_DAYS,
        AnchorDay.NOT_COUNTED,
        latest=0,
    )
    planned = Moments(FRIDAY, planned_discharge_on=date(2026, 12, 10))
    left = Moments(FRIDAY, planned_discharge_on=date(2026, 12, 10), discharged_on=date(2026, 12, 4))
    assert due_at(due, planned, CALENDARS).latest == date(2026, 12, 10)
    assert due_at(due, left, CALENDARS).latest == date(2026, 12, 4)


def test_an_event_has_no_day_but_may_say_from_when() -> None:
    seen = Moments(FRIDAY, need_seen_on=date(2026, 11, 24))
    assert due_at(Event("すみやかに", Anchor.NEED_SEEN), seen, {}) == Window(date(2026, 11, 24))
    assert due_at(Event("すみやかに"), seen, {}) == Window()


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (
            after(7, AnchorDay.DAY_1),
            "入院日を1日目と数える(暦日)、7日目まで、休みの日でも動かさない",
        ),
        (
            before(Unit.OPEN_DAYS, 2, 5),
            (
                "退院予定日は数えない(営業日・事業所の暦)、退院予定日の2日前まで、"
                "退院予定日の5日前が目安"
            ),
        ),
        (
            after(0, AnchorDay.NOT_COUNTED, NEXT, Whose.HOSPITAL),
            "入院日は数えない(暦日・病院の暦)、当日まで、休みの日なら次の開いている日",
        ),
        (Event("退院の見通しが立ったら"), "日数の定めなし(退院の見通しが立ったら)"),
    ],
)
def test_the_counting_is_said_in_words(due: Counted | Event, words: str) -> None:
    assert due.words == words


def test_a_day_beyond_the_calendar_is_refused_in_words() -> None:
    with pytest.raises(CalendarError, match="9999-12-31からは期限を数えられません"):
        due_at(after(7, AnchorDay.DAY_1), Moments(date(9999, 12, 31)), CALENDARS)


def test_a_calendar_that_never_opens_is_refused() -> None:
    with pytest.raises(CalendarError, match="開いている曜日は"):
        Calendar(frozenset())
    with pytest.raises(CalendarError, match="開いている曜日は"):
        Calendar(frozenset({7}))
    every_monday = frozenset(
        date.fromordinal(date(2026, 11, 23).toordinal() + 7 * n) for n in range(99)
    )
    closed = Calendar(frozenset({0}), every_monday)
    with pytest.raises(CalendarError, match="400日のあいだ、開いている日がありません"):
        closed.next_open(FRIDAY)


def test_a_discharge_before_the_admission_is_refused() -> None:
    with pytest.raises(CalendarError) as refused:
        Moments(FRIDAY, planned_discharge_on=date(2026, 11, 19))
    assert str(refused.value) == (
        "退院予定日(2026-11-19)が入院日(2026-11-20)より前です。どちらかの日付を直してください。"
    )
    with pytest.raises(CalendarError, match=r"^退院日"):
        Moments(FRIDAY, discharged_on=date(2026, 11, 19))


DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))


@given(
    DAYS,
    st.integers(1, 30),
    st.sampled_from(AnchorDay),
    st.sampled_from(IfClosed),
    st.sampled_from(Whose),
)
def test_a_forward_due_lies_in_its_window_and_moves_only_off_closed_days(
    admitted_on: date, days: int, anchor_day: AnchorDay, if_closed: IfClosed, whose: Whose
) -> None:
    moments = Moments(admitted_on)
    unmoved = due_at(after(days, anchor_day), moments, CALENDARS).latest
    moved = due_at(after(days, anchor_day, if_closed, whose), moments, CALENDARS).latest
    assert unmoved is not None
    assert moved is not None
    assert moved >= admitted_on
    if CALENDARS[whose].is_open(unmoved) or if_closed is STAY:
        assert moved == unmoved
    elif if_closed is NEXT:
        assert moved > unmoved
        assert CALENDARS[whose].is_open(moved)
    else:
        assert moved <= unmoved


@pytest.mark.parametrize(
    ("due", "unread"),
    [
        (Counted(Direction.AFTER, Anchor.ADMISSION, None, AnchorDay.DAY_1, 3), "暦日か営業日か"),
        (
            Counted(Direction.AFTER, Anchor.ADMISSION, Unit.CALENDAR_DAYS, None, 3),
            "起算日を1日目と数えるか",
        ),
        (
            Counted(Direction.AFTER, Anchor.ADMISSION, Unit.OPEN_DAYS, AnchorDay.DAY_1, 3),
            "誰の休みで数えるか",
        ),
        (
            Counted(
                Direction.AFTER,
                Anchor.ADMISSION,
                Unit.CALENDAR_DAYS,
                AnchorDay.DAY_1,
                3,
                if_closed=None,
            ),
            "休みの日のときに動かすか",
        ),
    ],
)
def test_a_convention_that_nobody_read_gives_no_day(due: Counted, unread: str) -> None:
    moments = Moments(FRIDAY)
    assert due_at(due, moments, CALENDARS) == Window(FRIDAY)
    assert due.words == (
        f"入院日から3日まで、数え方が原文から読めていないため、日付を出しません({unread})"
    )
