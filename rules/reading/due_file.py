"""Read `due`: a number of days with its counting convention, or an event without a number.

A number without its convention is refused: on real papers the day of admission is day 1
in one region and not counted in the next, and a guess would be a day off. Where a part of
the paper could not be read, the word `unread` stands in the convention's place: no day is
counted then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TypeVar

from rules.due import MOVING, Counted, Due, Event
from rules.kinds import Anchor, AnchorDay, Direction, IfClosed, Labelled, Unit, Whose
from rules.reading.document import Entry

COUNTED_KEYS = (
    "after",
    "before",
    "latest",
    "preferred",
    "unit",
    "anchor_day",
    "if_closed",
    "whose",
    "after_hours",
    "early",
)
EVENT_KEYS = ("event", "after")
DUE_KEYS = (*COUNTED_KEYS, "event")
MOST_DAYS = 366
UNREAD = "unread"
ONLY_IN_PARTS = (
    "「unread」(読めていない)は、一部だけを読めた版にしか書けません。",
    "紙のとおりの語を書くか、「status: partial」と unverified を書いてください。",
)
NEXT_TO_DISCHARGE = (Anchor.PLANNED_DISCHARGE, Anchor.DISCHARGE)


def due_of(entry: Entry, beside: Collection[str] = ()) -> Due:
    """Read one due of either form; `beside` are words that stand there and are read elsewhere."""
    written = entry.mapping(known=(*DUE_KEYS, *beside))
    lines = {key: value for key, value in written.items() if key not in beside}
    if "event" in lines:
        return _event(lines)
    return _counted(entry, lines)


def refuse_unread(entry: Entry, dues: Iterable[Due]) -> None:
    """Refuse a counting convention that is said to be unread in a whole edition."""
    for due in dues:
        if isinstance(due, Counted) and due.unread:
            raise entry.refusal(*ONLY_IN_PARTS)


def _event(lines: dict[str, Entry]) -> Event:
    """Read a due that is tied to an event; numbers beside it are refused."""
    for key, value in lines.items():
        if key not in EVENT_KEYS:
            raise value.refusal(
                f"出来事(event)による期限に「{key}」は書けません。",
                "日数の定めがあるなら event を消し、なければこの項目を消してください。",
            )
    anchor = Anchor(lines["after"].word(tuple(Anchor))) if "after" in lines else None
    return Event(lines["event"].text(), anchor)


def _counted(entry: Entry, lines: dict[str, Entry]) -> Counted:
    """Read a due that is counted in days."""
    direction, anchor = _anchor(entry, lines)
    if "latest" not in lines and "preferred" not in lines:
        raise entry.refusal(
            "日数がありません。",
            "「latest: 7」(目安だけなら preferred)を書くか、"
            "日数の定めがなければ「event: 紙の言葉」だけにしてください。",
        )
    for key, why in (
        ("anchor_day", "起算日を1日目と数えるなら day_1、数えないなら not_counted"),
        ("unit", "暦日なら calendar_days、営業日なら open_days"),
    ):
        if key not in lines:
            raise entry.refusal(f"期限の数え方「{key}」がありません。", f"{why} と書いてください。")
    unit = _convention(lines["unit"], Unit)
    anchor_day = _convention(lines["anchor_day"], AnchorDay)
    lowest = 0 if unit is Unit.CALENDAR_DAYS and anchor_day is AnchorDay.NOT_COUNTED else 1
    limits = {
        key: lines[key].number(lowest, MOST_DAYS) if key in lines else None
        for key in ("latest", "preferred")
    }
    if_closed, whose = _closed_days(entry, lines, unit)
    due = Counted(
        direction,
        anchor,
        unit,
        anchor_day,
        latest=limits["latest"],
        preferred=limits["preferred"],
        if_closed=if_closed,
        whose=whose,
        after_hours=_after_hours(lines, anchor, whose),
        early=direction is Direction.AFTER and _early(lines),
    )
    if "early" in lines and direction is Direction.BEFORE:
        raise lines["early"].refusal(
            "before の期限に early は要りません(入院日から渡せます)。", "この行を消してください。"
        )
    _refuse_wish_after_limit(lines, due)
    return due


def _anchor(entry: Entry, lines: dict[str, Entry]) -> tuple[Direction, Anchor]:
    """Read `after` or `before`, exactly one of them; what lies before needs a discharge."""
    if ("after" in lines) == ("before" in lines):
        raise entry.refusal(
            "いつから数えるかが決まりません。",
            "after(その日から)か before(その日の前)の、どちらか一つを書いてください。",
        )
    if "after" in lines:
        return Direction.AFTER, Anchor(lines["after"].word(tuple(Anchor)))
    return Direction.BEFORE, Anchor(lines["before"].word(NEXT_TO_DISCHARGE))


Word = TypeVar("Word", bound=Labelled)


def _convention(entry: Entry, known: type[Word]) -> Word | None:
    """Read a word of one convention; None where it is said to be unread."""
    word = entry.word((*known, UNREAD))
    return None if word == UNREAD else known(word)


def _closed_days(
    entry: Entry, lines: dict[str, Entry], unit: Unit | None
) -> tuple[IfClosed | None, Whose | None]:
    """Read whose closed days matter; a calendar is named exactly where one is needed."""
    if unit is Unit.OPEN_DAYS and "if_closed" in lines:
        raise lines["if_closed"].refusal(
            "営業日で数える期限に if_closed は要りません。", "この行を消してください。"
        )
    if unit is Unit.CALENDAR_DAYS and "if_closed" not in lines:
        raise entry.refusal(
            "期限日が休みのときの扱い「if_closed」がありません。",
            "動かさないなら stay、動かすなら next_open_day か previous_open_day と書いてください。",
        )
    if_closed: IfClosed | None = IfClosed.STAY
    if "if_closed" in lines:
        if_closed = _convention(lines["if_closed"], IfClosed)
    needed = unit is Unit.OPEN_DAYS or if_closed in MOVING
    if needed and "whose" not in lines:
        raise entry.refusal(
            "誰の休みで数えるか「whose」がありません。",
            "病院なら hospital、事業所なら office、官公署なら public と書いてください。",
        )
    if not needed and "whose" in lines:
        raise lines["whose"].refusal(
            "休みを見ない期限に whose は要りません。",
            "この行を消すか、if_closed を直してください。",
        )
    return if_closed, _convention(lines["whose"], Whose) if needed else None


def _after_hours(lines: dict[str, Entry], anchor: Anchor, whose: Whose | None) -> bool:
    """Read `after_hours: next_day`, which needs an admission and somebody's hours."""
    if "after_hours" not in lines:
        return False
    lines["after_hours"].word(("next_day",))
    if anchor is not Anchor.ADMISSION or whose is None:
        raise lines["after_hours"].refusal(
            "営業時間の後の扱い(after_hours)には、入院日と、誰の営業時間かが要ります。",
            "「after: admission」と「whose: office」を書くか、この行を消してください。",
        )
    return True


def _early(lines: dict[str, Entry]) -> bool:
    """Read `early: counts`."""
    return "early" in lines and bool(lines["early"].word(("counts",)))


def _refuse_wish_after_limit(lines: dict[str, Entry], due: Counted) -> None:
    """Refuse a preferred day that lies later than the last permitted one."""
    if due.latest is None or due.preferred is None:
        return
    early = due.latest - due.preferred
    if (early if due.direction is Direction.AFTER else -early) < 0:
        raise lines["preferred"].refusal(
            "目安(preferred)が期限(latest)より遅くなっています。",
            "目安は期限より早い日にしてください。",
        )
