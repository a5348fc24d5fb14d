"""What can go wrong in rules, worded for the person who must mend it.

Messages are plain Japanese and say what to do next. They carry file names,
lines and ids of the vocabulary, never a person: rules do not know one.
"""

from __future__ import annotations

from pathlib import Path


class RulesError(Exception):
    """Anything that rules refuses to do; the text is fit to be shown as it is."""


class FileError(RulesError):
    """A file cannot be read as what it should be.

    file: the file as it was named by the caller.
    line: counted from 1; 0 where the whole file is meant (missing, not text).
    found: what stands there.
    instead: what to write there, or what to do.
    """

    def __init__(self, file: Path, line: int, found: str, instead: str) -> None:
        """Keep the four parts and join them into one line of Japanese."""
        self.file = file
        self.line = line
        self.found = found
        self.instead = instead
        place = f"{file}:{line}" if line else f"{file}"
        super().__init__(f"{place}: {found} {instead}")


class EditionError(FileError):
    """An edition file is refused; a rule author mends it and runs the check again."""


class ExampleError(EditionError):
    """An edition can be read, but does not do what its own examples say."""


class InputError(FileError):
    """A facts or calendar file given on the command line is refused."""


class UsageError(RulesError):
    """Words of a command line that do not fit together."""


class FactError(RulesError):
    """A fact, or a value of a fact, that the vocabulary does not have.

    fact: the id as it was given, so that a page can put the message beside its box.
    """

    def __init__(self, fact: str, message: str) -> None:
        """Keep the id beside the message."""
        self.fact = fact
        super().__init__(message)


class NoEdition(RulesError):
    """No edition is in force for this region on this day."""


class CalendarError(RulesError):
    """A calendar that is never open, or moments that contradict each other."""


class EngineError(RulesError):
    """durable-rules did not run, or did not answer as the condition tree reads.

    Nothing may be decided from it: silence is not an answer. The text never
    quotes what was asserted.
    """
