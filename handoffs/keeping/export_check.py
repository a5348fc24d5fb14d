"""Whether an export is still what was written: every file by its digest, every table by its rows.

Needs neither the database nor settings. Nothing is unpacked to disk.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from handoffs.keeping.errors import KeepingError
from handoffs.keeping.export import MANIFEST, SUMS

_PIECE = 1 << 20


class _Folder:
    def __init__(self, place: Path) -> None:
        self.place = place

    def names(self) -> set[str]:
        return {str(f.relative_to(self.place)) for f in self.place.rglob("*") if f.is_file()}

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        with (self.place / name).open("rb") as stream:
            yield stream


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive

    def names(self) -> set[str]:
        return {one.filename for one in self.archive.infolist() if not one.is_dir()}

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        with self.archive.open(name) as stream:
            yield stream


def check(place: Path) -> tuple[int, int]:
    """Check an export; how many files and rows it has.

    Raises:
        KeepingError: it is none, or a file is missing, changed, cut or was added.
    """
    try:
        if place.is_dir():
            return _checked(_Folder(place))
        with zipfile.ZipFile(place) as archive:
            return _checked(_Zip(archive))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, AttributeError):
        raise KeepingError(
            f"{place} は、取り出した記録として読めません。場所を確かめてください。"
        ) from None


def _checked(held: _Folder | _Zip) -> tuple[int, int]:
    with held.opened(SUMS) as stream:
        lines = stream.read().decode("utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    there = held.names() - {SUMS}
    wrong = sorted(sums.keys() ^ there)
    wrong += [name for name in sorted(there & sums.keys()) if _digest(held, name) != sums[name]]
    if wrong:
        raise KeepingError(
            f"取り出したときと違うファイルが{len(wrong)}個あります(はじめの一つ: {wrong[0]})。"
            "もう一度取り出すか、控えで確かめてください。"
        )
    with held.opened(MANIFEST) as stream:
        rows: Mapping[str, int] = json.load(stream)["rows"]
    short = [table for table, count in rows.items() if _rows(held, table) != count]
    if short:
        raise KeepingError(f"表 {short[0]} の行数が、目録と違います。もう一度取り出してください。")
    return len(there) + 1, sum(rows.values())


def _digest(held: _Folder | _Zip, name: str) -> str:
    digest = hashlib.sha256()
    with held.opened(name) as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _rows(held: _Folder | _Zip, table: str) -> int:
    with held.opened(f"tables/{table}.csv") as stream:
        words = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        return sum(1 for _ in csv.reader(words)) - 1
