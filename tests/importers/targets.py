"""Everything that reads a file of somebody else's, as a function of bytes that must not fail.

Each lets pass the one kind of error that its caller shows in words. Anything else is a finding.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from exchange.carried_rows import carried_lines
from exchange.csv_file import FileRefused
from exchange.roster_list import read_roster
from exchange.ward_list import read_ward_list, ward_list_of
from forms.definition_file import definition_of as sheet_of
from handoffs.backtest.work import draft_of
from handoffs.errors import BadEntry
from handoffs.rates.definition_file import definition_of as rates_of
from handoffs.rates.yearly.outside_lines import LinesRefused, _entry, lines_of
from rules import RulesError
from rules.errors import FileError
from tests.importers.seeds import WARDS
from web.sheets.plan_pdf import pages_of

DAY = date(2026, 11, 20)


def ward_list(content: bytes) -> None:
    with suppress(FileRefused):
        read_ward_list(content, WARDS, DAY)


def roster(content: bytes) -> None:
    with suppress(FileRefused):
        read_roster(content, DAY)


def carried(content: bytes) -> None:
    with suppress(FileRefused):
        ward_list_of(carried_lines(content.decode("utf-8", "replace")), WARDS, DAY)


def outside_lines(content: bytes) -> None:
    with suppress(LinesRefused):
        for _, line in lines_of(content.decode("utf-8", "replace")):
            with suppress(BadEntry, ValueError):
                _entry(line, DAY)


def edition(content: bytes) -> None:
    with suppress(RulesError):
        draft_of(content.decode("utf-8", "replace"))


def sheet_definition(content: bytes) -> None:
    with _File(content) as file, suppress(FileError):
        sheet_of(file, {})


def rates_definition(content: bytes) -> None:
    with _File(content) as file, suppress(FileError):
        rates_of(file)


def plans(content: bytes) -> None:
    with suppress(BadEntry):
        pages_of(content)


class _File:
    """A file with these bytes, for as long as it is read."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __enter__(self) -> Path:
        self.folder = TemporaryDirectory(prefix="tsunagi-fuzz-")
        # As a definition of sheets is laid down: a folder with its name, a file with its version.
        file = Path(self.folder.name) / "slip" / "2026-11-22.yaml"
        file.parent.mkdir()
        file.write_bytes(self.content)
        return file

    def __exit__(self, *_error: object) -> None:
        self.folder.cleanup()


TARGETS: dict[str, Callable[[bytes], None]] = {
    one.__name__: one
    for one in (
        ward_list,
        roster,
        carried,
        outside_lines,
        edition,
        sheet_definition,
        rates_definition,
        plans,
    )
}
