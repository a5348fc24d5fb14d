"""Backups as files: one sealed file and one slip of paper beside it for each generation.

The slip (JSON) says when, how large, which digest, which tables with how many rows: nobody's data.
A file without its slip does not count: the slip is written last, after the copy was compared.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

FEWEST = 5
"""Generations that are kept at least: the guideline's example for records of patients."""

FOR_THE_KEEPER = 0o640
"""Rights of a file: its group may fetch it, whatever mask the process was started with."""

_NAME = re.compile(r"tsunagi-\d{8}T\d{6}Z")
_SEALED, _SLIP = ".age", ".json"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Generation:
    """One backup that was read back and found equal. `rows` by table; `seconds` it took."""

    name: str
    made_at: str
    backend: str
    revision: str
    size: int
    sha256: str
    rows: Mapping[str, int]
    seconds: float

    @property
    def made(self) -> datetime:
        """The moment whose state it holds."""
        return datetime.fromisoformat(self.made_at)


def name_at(moment: datetime) -> str:
    """Name the generation of a moment."""
    return f"tsunagi-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def sealed_file(folder: Path, name: str) -> Path:
    """Say where the encrypted file of a generation lies."""
    return folder / f"{name}{_SEALED}"


def digest_of_file(file: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def write_slip(folder: Path, generation: Generation, mode: int = FOR_THE_KEEPER) -> None:
    """Let a generation count: its slip appears whole or not at all, with these rights."""
    slip = folder / f"{generation.name}{_SLIP}"
    part = slip.with_suffix(".part")
    with part.open("w", encoding="utf-8") as stream:
        json.dump(asdict(generation), stream, ensure_ascii=False, indent=1, sort_keys=True)
        stream.flush()
        os.fsync(stream.fileno())
    part.chmod(mode)
    part.replace(slip)


def generations(folder: Path) -> list[Generation]:
    """Every generation that counts, oldest first. What cannot be read is none."""
    found = []
    for slip in sorted(folder.glob(f"tsunagi-*{_SLIP}")):
        try:
            one = Generation(**json.loads(slip.read_text(encoding="utf-8")))
            fits = one.name == slip.stem and bool(_NAME.fullmatch(one.name)) and bool(one.made)
            fits = fits and sealed_file(folder, one.name).stat().st_size == one.size
        except (OSError, ValueError, TypeError):
            continue
        if fits:
            found.append(one)
    return found


def remove(folder: Path, generation: Generation) -> None:
    """Take a generation away, its slip first."""
    (folder / f"{generation.name}{_SLIP}").unlink(missing_ok=True)
    sealed_file(folder, generation.name).unlink(missing_ok=True)


def remove_old(folder: Path, keep: int, now: datetime) -> list[str]:
    """Take away all but the newest `keep` generations; the names of those that went.

    One that is dated after `now` pushes none out: a clock that was ahead must not cost tonight's.
    """
    old = [one for one in generations(folder) if one.made <= now][: -max(keep, FEWEST)]
    for one in old:
        remove(folder, one)
    return [one.name for one in old]
