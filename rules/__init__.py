"""What a region agreed about discharge coordination, and what follows for one patient.

An edition is one whole agreed document (退院調整ルールの版), written as a YAML file by
the person who holds the paper: who needs coordination, who is left out, who passes what to
whom and by when, with a source for each, and examples that must come out. A Library finds the
edition that is in force; `decide` takes an edition, Facts and the days of a stay, and
says 要, 不要 or 判定保留, why, what is still to be asked, and what must be handed
over by which day.

Pure: no database, no clock, no network, no settings, and no person. Facts are closed
lists; what was not assessed is unknown, never "no".
"""

from __future__ import annotations

from rules.check import check_examples
from rules.decision import Decision, decide
from rules.due import due_at
from rules.duty import Duty
from rules.edition import Edition, EditionRef, Example
from rules.errors import (
    CalendarError,
    EditionError,
    EngineError,
    ExampleError,
    FactError,
    FileError,
    InputError,
    NoEdition,
    RulesError,
)
from rules.facts import UNKNOWN, Fact, Facts, Vocabulary
from rules.kinds import (
    Anchor,
    AnchorDay,
    Concern,
    Coordination,
    HandoffKind,
    IfClosed,
    Party,
    Recipient,
    Standing,
    Strength,
    Truth,
    Unit,
    Whose,
)
from rules.library import Library
from rules.moments import MONDAY_TO_FRIDAY, Calendar, Calendars, Moments
from rules.prepared import Reason
from rules.reading.edition_file import edition_of
from rules.vocabulary import VOCABULARY

__all__ = [
    "MONDAY_TO_FRIDAY",
    "UNKNOWN",
    "VOCABULARY",
    "Anchor",
    "AnchorDay",
    "Calendar",
    "CalendarError",
    "Calendars",
    "Concern",
    "Coordination",
    "Decision",
    "Duty",
    "Edition",
    "EditionError",
    "EditionRef",
    "EngineError",
    "Example",
    "ExampleError",
    "Fact",
    "FactError",
    "Facts",
    "FileError",
    "HandoffKind",
    "IfClosed",
    "InputError",
    "Library",
    "Moments",
    "NoEdition",
    "Party",
    "Reason",
    "Recipient",
    "RulesError",
    "Standing",
    "Strength",
    "Truth",
    "Unit",
    "Vocabulary",
    "Whose",
    "check_examples",
    "decide",
    "due_at",
    "edition_of",
]
