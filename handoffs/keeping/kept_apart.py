"""Generations that the product's own user cannot change: fetched by another user of the machine.

The other user runs this from a timer of its own, once a day. It reads the folder of backups and
copies the newest generation that has a slip and fits its digest into a folder that belongs to it
alone. It keeps the newest ones and the first of each month. A product that was broken into can
write rubbish into its own folder. It cannot reach what was fetched before, it pushes in one file
a day however many it writes, none dated back or ahead, and the months stay.
"""

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from handoffs.keeping.errors import KeepingError
from handoffs.keeping.generation import (
    Generation,
    digest_of_file,
    generations,
    remove,
    sealed_file,
    write_slip,
)

FEWEST = 2
"""Generations out of reach that are kept at least."""

_FINISHED = 0o444
"""Rights of a file that nobody writes again."""

_AHEAD = timedelta(hours=1)
"""How far the clock that dated a backup may be ahead of ours."""


def fetch(
    source: Path, target: Path, *, newest: int, months: int, now: datetime
) -> tuple[list[str], list[str]]:
    """Fetch the newest generation and take away what is old; the names of both.

    Raises:
        KeepingError: a folder cannot be read or written.
    """
    try:
        target.mkdir(mode=0o755, parents=True, exist_ok=True)
        latest = max((one.made for one in generations(target)), default=None)
        fresh = [
            one
            for one in generations(source)
            if one.made <= now + _AHEAD and (latest is None or one.made > latest)
        ]
        fetched = [one.name for one in fresh[-1:] if _copied(source, target, one)]
        gone = _without_old(target, max(newest, FEWEST), months)
    except OSError as error:
        raise KeepingError(
            f"バックアップを別に残せません({error.strerror})。フォルダーの権限を確かめてください。"
        ) from None
    return fetched, gone


def _copied(source: Path, target: Path, one: Generation) -> bool:
    part = target / f"{one.name}.part"
    shutil.copyfile(sealed_file(source, one.name), part)
    if digest_of_file(part) != one.sha256:
        part.unlink()
        return False
    with part.open("rb") as stream:
        os.fsync(stream.fileno())
    part.chmod(_FINISHED)
    part.replace(sealed_file(target, one.name))
    write_slip(target, one, _FINISHED)
    return True


def _without_old(target: Path, newest: int, months: int) -> list[str]:
    """Take away what is neither among the newest nor the first of one of the last months."""
    found = generations(target)
    keep = {one.name for one in found[-newest:]}
    firsts: dict[tuple[int, int], Generation] = {}
    for one in found:
        firsts.setdefault(_month(one.made), one)
    keep |= {firsts[month].name for month in sorted(firsts)[-months:]} if months else set()
    gone = [one for one in found if one.name not in keep]
    for one in gone:
        remove(target, one)
    return [one.name for one in gone]


def _month(moment: datetime) -> tuple[int, int]:
    return moment.year, moment.month
