"""A backup each night, in a child of its own: comparing a copy must not slow the tick down.

Whether one is due is read from the folder of backups, so that any number of schedulers, restarts
and clocks that were set back make one for each night; the child refuses to work beside another.
A night whose backup failed is tried again each hour. One JSON line in the log for each try.
"""

import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from handoffs.keeping.generation import generations
from handoffs.tokyo import TOKYO

COMMAND = (sys.executable, "-m", "handoffs", "backup")
LONGEST_SECONDS = 4 * 3600

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Nightly:
    """What is asked each hour: `folder` of the backups, and the `hour` of the night in Tokyo."""

    folder: Path
    hour: int
    clock: Callable[[], datetime]
    command: Sequence[str] = COMMAND

    def __call__(self) -> bool:
        """Make a backup if tonight's is missing; whether nothing went wrong. Raises nothing."""
        now = self.clock()
        if not is_due(self.folder, self.hour, now):
            return True
        started = time.perf_counter()
        said: dict[str, object] = {}
        try:
            ended = subprocess.run(  # noqa: S603 - our own command.
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                check=False,
                timeout=LONGEST_SECONDS,
            )
            said["code"] = ended.returncode
            if ended.returncode:
                # The command's own words: they say what to do and hold nobody's data.
                said["words"] = ended.stderr.decode("utf-8", "replace").strip()[-400:]
        except (OSError, subprocess.SubprocessError) as error:
            said["error"] = type(error).__name__
        went_through = said.get("code") == 0
        level = logging.INFO if went_through else logging.ERROR
        seconds = round(time.perf_counter() - started, 1)
        line = {"at": now.isoformat(), "job": "backup", **said, "seconds": seconds}
        _LOG.log(level, "%s", json.dumps(line, ensure_ascii=False))
        return went_through


def is_due(folder: Path, hour: int, now: datetime) -> bool:
    """Whether no backup was made since the hour of the latest night."""
    here = now.astimezone(TOKYO)
    night = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    if night > here:
        night -= timedelta(days=1)
    made = max((one.made for one in generations(folder)), default=None)
    return made is None or made < night
