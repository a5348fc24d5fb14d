"""Many stays at once: coded facts and days as columns of small integers.

One row is one stay. There is no name and no number of a person here, no more than in
Facts. Days are counted from 1970-01-01; a day that is not known is NO_DAY, a fact
that is not known is code 0. Decides nothing; `columns` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from rules.errors import CalendarError, FactError
from rules.facts import Fact, Facts, Vocabulary
from rules.kinds import Anchor, Whose
from rules.moments import Calendar, Calendars, Moments

Codes = npt.NDArray[np.uint8]
Days = npt.NDArray[np.int32]
Indexes = npt.NDArray[np.uint16]

UNKNOWN_CODE = 0
# Later than any day, so that "no day" also sorts last; far from overflow when counted from.
NO_DAY = 1 << 30
NO_SECOND = -1
EPOCH = date(1970, 1, 1)
MOST_VALUES = 255
MOST_CALENDARS = 65_535


@dataclass(frozen=True)
class StayColumns:
    """Facts and moments of many stays.

    facts: by fact id the code of each row's value (`codes_of`); a fact that is not there is
    unknown for every row. admitted_second: seconds after midnight, NO_SECOND where the time
    is not known. calendars: whose open days, as a place in `books` for each row.
    """

    facts: Mapping[str, Codes]
    admitted_on: Days
    admitted_second: npt.NDArray[np.int32]
    planned_discharge_on: Days
    discharged_on: Days
    need_seen_on: Days
    discharge_known_on: Days
    calendars: Mapping[Whose, Indexes]
    books: tuple[Calendar, ...]

    def __len__(self) -> int:
        """Count the stays."""
        return len(self.admitted_on)

    def __post_init__(self) -> None:
        """Refuse columns of different lengths, and a discharge before the admission.

        Raises ValueError for the first, which is a mistake of the program, and CalendarError
        for the second, as Moments does.
        """
        moments = (
            self.admitted_second,
            self.planned_discharge_on,
            self.discharged_on,
            self.need_seen_on,
            self.discharge_known_on,
        )
        lengths = {len(codes) for codes in self.facts.values()}
        lengths |= {len(column) for column in moments}
        lengths |= {len(places) for places in self.calendars.values()}
        if lengths - {len(self)}:
            message = "the columns of stays have different lengths"
            raise ValueError(message)
        for label, days in (
            ("退院予定日", self.planned_discharge_on),
            ("退院日", self.discharged_on),
        ):
            if bool(np.any(days < self.admitted_on)):
                message = f"{label}が入院日より前の入院があります。日付を直してください。"
                raise CalendarError(message)

    def part(self, start: int, stop: int) -> StayColumns:
        """Look at the rows from start up to, not including, stop; nothing is copied."""
        rows = slice(start, stop)
        return StayColumns(
            {fact: codes[rows] for fact, codes in self.facts.items()},
            self.admitted_on[rows],
            self.admitted_second[rows],
            self.planned_discharge_on[rows],
            self.discharged_on[rows],
            self.need_seen_on[rows],
            self.discharge_known_on[rows],
            {whose: places[rows] for whose, places in self.calendars.items()},
            self.books,
        )

    def on(self, anchor: Anchor) -> Days:
        """Find the days of an anchor; until someone has left, the planned day stands in."""
        match anchor:
            case Anchor.ADMISSION:
                return self.admitted_on
            case Anchor.PLANNED_DISCHARGE:
                return self.planned_discharge_on
            case Anchor.DISCHARGE:
                left = self.discharged_on
                return np.where(left == NO_DAY, self.planned_discharge_on, left)
            case Anchor.NEED_SEEN:
                return self.need_seen_on

    @property
    def days_left(self) -> Days:
        """Count the days from the news of the planned discharge to that day, or NO_DAY."""
        known = self.discharge_known_on
        told = np.where(known == NO_DAY, self.admitted_on, known)
        left = self.planned_discharge_on - np.maximum(self.admitted_on, told)
        return np.where(self.planned_discharge_on == NO_DAY, np.int32(NO_DAY), left)

    @property
    def first_and_last(self) -> tuple[int, int]:
        """Find the earliest and the latest known day from which something may be counted."""
        anchors = [self.on(anchor) for anchor in Anchor]
        if not len(self):
            return 0, 0
        first = min(int(days.min()) for days in anchors)
        known = (np.where(days == NO_DAY, np.int32(first), days) for days in anchors)
        return first, max(int(days.max()) for days in known)


def codes_of(fact: Fact) -> dict[str, int]:
    """Number the values of a fact in their order from 1; unknown is 0.

    Raises FactError for a fact with more values than a byte can hold.
    """
    if len(fact.known_values) > MOST_VALUES:
        message = f"{fact.label}({fact.id})の値が多すぎます。{MOST_VALUES}個までにしてください。"
        raise FactError(fact.id, message)
    known = {value: number for number, value in enumerate(fact.known_values, 1)}
    return {**known, "unknown": UNKNOWN_CODE}


def stay_columns(
    stays: Iterable[tuple[Facts, Moments, Calendars]], vocabulary: Vocabulary
) -> StayColumns:
    """Turn stays into columns, which costs far more than deciding them: keep the columns.

    Only the facts of the vocabulary are taken. Raises FactError for a value it lacks.
    """
    rows = list(stays)
    places: dict[Calendar, int] = {}
    for _, _, calendars in rows:
        for calendar in calendars.values():
            places.setdefault(calendar, len(places))
    if len(places) > MOST_CALENDARS:
        message = f"暦が多すぎます。一度に{MOST_CALENDARS}種類までにしてください。"
        raise CalendarError(message)
    moments = [each for _, each, _ in rows]
    shared = tuple(dict.fromkeys(whose for _, _, calendars in rows for whose in calendars))
    return StayColumns(
        facts=fact_columns([facts for facts, _, _ in rows], vocabulary),
        admitted_on=day_column([each.admitted_on for each in moments]),
        admitted_second=np.array([_second(each) for each in moments], dtype=np.int32),
        planned_discharge_on=day_column([each.planned_discharge_on for each in moments]),
        discharged_on=day_column([each.discharged_on for each in moments]),
        need_seen_on=day_column([each.need_seen_on for each in moments]),
        discharge_known_on=day_column([each.discharge_known_on for each in moments]),
        calendars={
            whose: np.array([places[calendars[whose]] for _, _, calendars in rows], np.uint16)
            for whose in shared
        },
        books=tuple(places),
    )


def fact_columns(rows: Sequence[Facts], vocabulary: Vocabulary) -> dict[str, Codes]:
    """Code the facts of many people; a fact that nobody has is left out."""
    columns: dict[str, Codes] = {}
    for fact in vocabulary.values():
        if not any(fact.id in facts.given for facts in rows):
            continue
        codes = codes_of(fact)
        for facts in rows:
            vocabulary.refuse_unknown(fact.id, facts[fact.id])
        columns[fact.id] = np.array([codes[facts[fact.id]] for facts in rows], dtype=np.uint8)
    return columns


def day_column(days: Sequence[date | None]) -> Days:
    """Count days from 1970-01-01."""
    counted = (NO_DAY if day is None else (day - EPOCH).days for day in days)
    return np.fromiter(counted, dtype=np.int32, count=len(days))


def same_for_all(value: int, rows: int) -> npt.NDArray[np.int32]:
    """Make a column that says the same in every row and takes no room."""
    return np.broadcast_to(np.int32(value), (rows,))


def day_at(days: Days, row: int) -> date | None:
    """Read one day of a column back; None where it is not known."""
    counted = int(days[row])
    return None if counted == NO_DAY else EPOCH + timedelta(days=counted)


def _second(moments: Moments) -> int:
    """Count the seconds after midnight of an admission."""
    clock = moments.admitted_time
    return NO_SECOND if clock is None else clock.hour * 3600 + clock.minute * 60 + clock.second
