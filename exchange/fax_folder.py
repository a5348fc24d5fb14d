"""A FAX server that takes jobs from a folder: a PDF and a small JSON file beside it.

`out/CODE.pdf` is written first and `out/CODE.json` last, both under another name and then renamed,
so a server that looks for JSON never finds half a job. `results/CODE.json` is what the server says
afterwards. A mark in `sent/` keeps a job that is handed over again from being sent twice.

The PDF names a person as its sheet does; the JSON holds the number and the code alone. Logs
nothing and quotes no file.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from handoffs.fax.channel import BY_MACHINE, FaxState
from handoffs.fax.code import is_fax_code
from handoffs.telling.despatch import Answer, Parcel
from handoffs.telling.outbox import Reason

VERSION = 1
Sheets = Callable[[Mapping[str, object]], bytes]
"""Prints cover and slip from the values of one sending."""

_MODE = 0o640
_LARGEST_RESULT = 4096


@dataclass(frozen=True)
class FaxReport:
    """What the server says of one job. `name` finds it again when it was taken in."""

    name: str
    code: str
    state: FaxState
    at: datetime


class FaxGateway(Protocol):
    """Whatever sends FAXes for us: it takes a job, and says later what became of it."""

    def hand_over(self, parcel: Parcel) -> Answer:
        """Give one job to the server. Taken is not sent."""

    def reports(self) -> Iterator[FaxReport]:
        """What the server has said and nobody has taken in yet."""

    def put_away(self, report: FaxReport) -> None:
        """Say that a report was taken in."""


@dataclass(frozen=True)
class FaxFolder:
    """The gateway that every FAX server with a hot folder can be joined to."""

    folder: Path
    sheets: Sheets

    def hand_over(self, parcel: Parcel) -> Answer:
        """Put one job into the folder. A job that was put there before is taken already."""
        if parcel.fax is None:
            return Answer(Reason.NOT_ACCEPTED, final=True)
        code = str(parcel.fax.values["code"])
        try:
            out, sent = self._made("out"), self._made("sent")
            if (sent / code).exists():
                return Answer()
            _write(out / f"{code}.pdf", self.sheets(parcel.fax.values))
            job = {
                "version": VERSION,
                "job": code,
                "number": parcel.fax.number,
                "pdf": f"{code}.pdf",
                "made_at": parcel.made_at.isoformat(),
            }
            _write(out / f"{code}.json", json.dumps(job, sort_keys=True).encode())
            _write(sent / code, b"")
        except OSError:
            return Answer(Reason.UNREACHABLE)
        return Answer()

    def reports(self) -> Iterator[FaxReport]:
        """Read the results in the order of their names; what cannot be read is put aside."""
        try:
            files = sorted(self._made("results").glob("*.json"))
        except OSError:
            return
        for file in files:
            report = _read(file)
            if report is None:
                self._put(file, "unread")
            else:
                yield report

    def put_away(self, report: FaxReport) -> None:
        """Move a result to `results/done`."""
        self._put(self.folder / "results" / report.name, "done")

    def _made(self, name: str) -> Path:
        """A folder inside ours. Ours itself is the site's and is not made here."""
        if not self.folder.is_dir():
            raise FileNotFoundError(name)
        inside = self.folder / name
        inside.mkdir(exist_ok=True)
        return inside

    def _put(self, file: Path, name: str) -> None:
        aside = file.parent / name
        try:
            aside.mkdir(exist_ok=True)
            file.replace(aside / file.name)
        except OSError:
            return  # It is read again in the next round; the same word changes nothing.


def _write(file: Path, content: bytes) -> None:
    """Write a file whole or not at all: nobody who lists the folder sees half of it."""
    half = file.with_name(f".{file.name}.part")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _MODE), "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    half.replace(file)


def _read(file: Path) -> FaxReport | None:
    """Read one result; None where it is none of ours or says nothing that we know."""
    try:
        if file.stat().st_size > _LARGEST_RESULT:
            return None
        said = json.loads(file.read_bytes())
        code, state = said["job"], FaxState(said["state"])
        at = datetime.fromisoformat(said["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not isinstance(code, str) or not is_fax_code(code):
        return None
    if state not in BY_MACHINE or at.tzinfo is None:
        return None
    return FaxReport(file.name, code, state, at)
