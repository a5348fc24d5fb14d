"""Each night: erase what is over where a hospital decided so, and end offices' access.

Also old kits for hours without network, which name whoever lay in the wards that day. Asked each
hour, done between the hours of one night; idempotent, so that a second time changes nothing.
Raises nothing. One JSON line in the log where anything was done, with counts and no names.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from handoffs.database import Database
from handoffs.keeping.nightly import end_access, erase_due, refuse_walled
from handoffs.region.reach import access_days_of
from handoffs.tokyo import TOKYO

NIGHT = range(3, 6)
"""Hours in Tokyo: after the backup of the night, before the day."""

KITS = timedelta(days=7)
"""A kit is made anew each night; one that nobody renewed for a week is nobody's list any more."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Retention:
    """What is asked each hour. `days` of offices' access after a discharge, 0 without end.

    `days` are the configuration's; what `region` decided counts before them.
    """

    database: Database
    years: Mapping[str, int]
    days: int
    kits: Path
    clock: Callable[[], datetime]
    stop_asked: Callable[[], bool] = lambda: False
    region: str = ""

    def __call__(self) -> bool:
        """Do what is due if it is night; whether nothing went wrong. Raises nothing."""
        now = self.clock()
        if now.astimezone(TOKYO).hour not in NIGHT:
            return True
        said: dict[str, object] = {}
        try:
            with self.database.reading() as session:
                refuse_walled(session)
                days = access_days_of(session, self.region, configured=self.days)
            said["people"] = erase_due(self.database.writing, self.years, now, self.stop_asked)
            # Also where nobody was erased: last night somebody who read may have stood in the way.
            if not self.database.write_back():
                said["log_left"] = True
            said["closed"], said["opened"] = end_access(self.database.writing, days, now)
            said["kits"] = forget_kits(self.kits, now)
        except Exception as error:  # noqa: BLE001 - Whatever it is, the next hour must come.
            said["error"] = type(error).__name__
        if any(said.values()):
            level = logging.ERROR if "error" in said else logging.INFO
            line = {"at": now.isoformat(), "job": "retention", **said}
            _LOG.log(level, "%s", json.dumps(line))
        return "error" not in said


def forget_kits(folder: Path, now: datetime) -> int:
    """Delete kits that nobody renewed; how many. Raises OSError."""
    oldest = (now - KITS).timestamp()
    old = [file for file in folder.glob("*.pdf") if file.stat().st_mtime < oldest]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)
