"""What a national fee table says, as read: units, windows, words, and how sure each is.

A table holds from its first day until the next one begins. Whatever no document
confirmed says so, in `unverified`: it is shown with the answer, never printed as law.
Who may bill is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from rules.edition import Source
from rules.wording import without_repeats


class Extension(StrEnum):
    """When a window of the admission fee is one day longer."""

    NONE = "none"
    AFTER_HOURS_OR_CLOSED_DAY = "after_hours_or_closed_day"
    AFTER_HOURS_AND_LAST_DAY_CLOSED = "after_hours_and_last_day_closed"


class Told(StrEnum):
    """By what the tiers of the admission fee differ: the day, or the means."""

    DAY = "day"
    MEANS = "means"


class BeforeAdmission(StrEnum):
    """What the table says about information that was given before the admission."""

    COUNTS = "counts"
    NOT_STATED = "not_stated"


class Counting(StrEnum):
    """Whether the wording settles that the admission day is day 1."""

    SETTLED = "settled"
    UNSETTLED = "unsettled"


class IfAllClosed(StrEnum):
    """What a hospital's clock does where none of its days is a weekday that is open."""

    FIRST_OPEN_WEEKDAY = "first_open_weekday"


@dataclass(frozen=True)
class Statement:
    """One thing that is said about a fee, and by whom.

    unverified: why it could not be confirmed; None where a source was read.
    """

    text: str
    sources: tuple[Source, ...]
    unverified: str | None


@dataclass(frozen=True)
class Table:
    """What every table has: its first day, its name and its statements.

    next_revision: from this day on the table may be replaced by one that is not read yet.
    """

    file: Path
    in_force: date
    title: str
    next_revision: date | None
    statements: tuple[Statement, ...]

    def unverified(self) -> Iterator[Statement]:
        """List what no document confirmed."""
        return (each for each in self.statements if each.unverified is not None)

    def sources(self) -> tuple[Source, ...]:
        """List the documents that the statements name, each once."""
        return without_repeats(source for each in self.statements for source in each.sources)


@dataclass(frozen=True)
class Tier:
    """One tier of 入院時情報連携加算: its units and its window.

    days: the last day of the window, the admission day being day 1.
    """

    id: str
    label: str
    units: int
    days: int
    extension: Extension
    text: str


@dataclass(frozen=True)
class AdmissionTable(Table):
    """入院時情報連携加算 of one period: what a care manager's office gets for informing."""

    told: Told
    counting: Counting
    before_admission: BeforeAdmission
    tiers: tuple[Tier, ...]


@dataclass(frozen=True)
class DischargeClass:
    """One class of 退院・退所加算: its units, and the least that the hearing log must show."""

    id: str
    label: str
    units: int
    hearings: int
    conference: bool


@dataclass(frozen=True)
class DischargeTable(Table):
    """退院・退所加算 of one period, from the lowest class to the highest.

    days_after: until how many days after discharge a hearing counts.
    origins: the kinds of place that the person may have left, with their labels.
    """

    days_after: int
    origins: Mapping[str, str]
    classes: tuple[DischargeClass, ...]


@dataclass(frozen=True)
class Clock:
    """One step of 入退院支援加算; `days` is None where it is "as early as possible".

    long_term_care_days: the days on 療養 wards where they differ.
    """

    id: str
    fee: str
    label: str
    days: int | None
    long_term_care_days: int | None
    if_all_closed: IfAllClosed | None
    text: str


@dataclass(frozen=True)
class HospitalTable(Table):
    """入退院支援加算 of one period: points (None where not read) and the steps with their days.

    points: by fee and kind of ward, for instance `{"1": {"general": 700}}`.
    """

    counting: Counting
    points: Mapping[str, Mapping[str, int | None]]
    clocks: tuple[Clock, ...]
