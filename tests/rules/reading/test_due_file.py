"""Every form in which a due can be written is read as it was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules import Anchor, AnchorDay, IfClosed, Unit, Whose
from rules.due import Counted, Due, Event
from rules.kinds import Direction
from tests.rules.editions import changed

SOUND = "{after: admission, latest: 7, unit: calendar_days, anchor_day: day_1, if_closed: stay}"


UNVERIFIED = "status: partial\nunverified:\n  - {about: due, text: 読めていません}\n"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            SOUND,
            Counted(Direction.AFTER, Anchor.ADMISSION, Unit.CALENDAR_DAYS, AnchorDay.DAY_1, 7),
        ),
        (
            (
                "{after: need_seen, latest: 3, unit: open_days,"
                " anchor_day: not_counted, whose: public}"
            ),
            Counted(
                Direction.AFTER,
                Anchor.NEED_SEEN,
                Unit.OPEN_DAYS,
                AnchorDay.NOT_COUNTED,
                3,
                whose=Whose.PUBLIC,
            ),
        ),
        (
            (
                "{before: discharge, latest: 3, preferred: 7, unit: calendar_days,"
                " anchor_day: not_counted, if_closed: previous_open_day, whose: hospital}"
            ),
            Counted(
                Direction.BEFORE,
                Anchor.DISCHARGE,
                Unit.CALENDAR_DAYS,
                AnchorDay.NOT_COUNTED,
                3,
                7,
                IfClosed.PREVIOUS_OPEN_DAY,
                Whose.HOSPITAL,
            ),
        ),
        (
            "{after: admission, preferred: 3, unit: unread, anchor_day: unread}",
            Counted(Direction.AFTER, Anchor.ADMISSION, None, None, preferred=3),
        ),
        (
            "{after: admission, latest: 3, unit: open_days, anchor_day: day_1, whose: unread}",
            Counted(Direction.AFTER, Anchor.ADMISSION, Unit.OPEN_DAYS, AnchorDay.DAY_1, 3),
        ),
        (
            (
                "{after: admission, latest: 3, unit: calendar_days, anchor_day: day_1,"
                " if_closed: unread}"
            ),
            Counted(
                Direction.AFTER,
                Anchor.ADMISSION,
                Unit.CALENDAR_DAYS,
                AnchorDay.DAY_1,
                3,
                if_closed=None,
            ),
        ),
        ("{event: 退院の見通しが立ったら}", Event("退院の見通しが立ったら")),
        ("{event: すみやかに, after: need_seen}", Event("すみやかに", Anchor.NEED_SEEN)),
    ],
)
def test_a_due_is_read_as_it_was_meant(said: str, meant: Due, tmp_path: Path) -> None:
    undated = ("      due: {admission-information: 2026-11-26}\n", "")
    partial = ("title: ひな形の版\n", f"title: ひな形の版\n{UNVERIFIED}")
    edition = changed(tmp_path, (f"due: {SOUND}", f"due: {said}"), undated, partial)
    assert edition.handoffs[0].due == meant
