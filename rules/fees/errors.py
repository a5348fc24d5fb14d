"""What can go wrong with a fee table, worded for the person who must mend it."""

from __future__ import annotations

from rules.errors import FileError, RulesError


class FeeTableError(FileError):
    """A fee table file is refused, with its line and what to write instead."""


class NoFeeTable(RulesError):
    """No fee table that could be checked holds on this day."""
