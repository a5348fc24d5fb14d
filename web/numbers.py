"""The parts of our addresses: numbers that a record can have, and months.

What is not of this shape is no page of ours and gets a 404, before any view sees it.
"""

from datetime import date

from werkzeug.routing import BaseConverter


class RecordNumber(BaseConverter):
    """The id of a record: from 1 to 999999999, which every database can be asked for."""

    regex = r"[1-9]\d{0,8}"

    def to_python(self, value: str) -> int:
        """The number that stands in an address."""
        return int(value)

    def to_url(self, value: int) -> str:
        """A number as it stands in an address."""
        return str(value)


class Month(BaseConverter):
    """A month as 2026-10, given to views as its first day."""

    regex = r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> date:
        """The first day of the month that stands in an address."""
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value: date) -> str:
        """A month as it stands in an address."""
        return f"{value:%Y-%m}"


CONVERTERS = {"int": RecordNumber, "month": Month}
