"""Make one backup: copy, seal, open again, restore elsewhere, compare; only then it counts.

Nothing readable is left behind: the copy lies in a scratch folder inside the data folder, closed
to others, that is emptied at the end and, after a kill, at the next beginning.
"""

import fcntl
import json
import os
import shutil
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from handoffs.keeping import sealed, snapshot
from handoffs.keeping.digests import Digests
from handoffs.keeping.errors import KeepingError
from handoffs.keeping.generation import (
    FOR_THE_KEEPER,
    Generation,
    digest_of_file,
    name_at,
    remove_old,
    sealed_file,
    write_slip,
)

SCRATCH = "keeping"
"""The folder inside the data folder in which a copy lies while it is made."""

KEYS_FILE = "record-keys.txt"
"""The keys of the record, where the site left them in the data folder: without them the secrets
that stand locked in the database stay locked. `settings_secrets` names the same file."""

_MANIFEST, _DATABASE = "manifest.json", "database"


@dataclass(frozen=True)
class Manifest:
    """What lies in a backup: where it came from and what every table held."""

    made_at: str
    backend: str
    digests: Digests


@dataclass(frozen=True)
class Places:
    """Where things lie: the database's address, the data folder, the backups, the key file."""

    url: str
    data: Path
    folder: Path
    key: Path

    def keys(self) -> sealed.Keys:
        """Read the key file. Raises KeepingError."""
        return sealed.read_keys(self.key, [self.data, self.folder])


def make_backup(places: Places, *, revision: str, keep: int, now: datetime) -> Generation:
    """Make a generation, let it count after it was compared, and take away the oldest.

    Raises:
        KeepingError: anything at all went wrong; no older generation was touched.
    """
    started = time.perf_counter()
    keys = places.keys()
    name = name_at(now)
    target = sealed_file(places.folder, name)
    part = target.with_suffix(".part")
    with _at_work(places.folder), workroom(places.data) as room:
        try:
            manifest = _seal(places, keys, room, part, now)
            _read_back(places, keys, room, part, manifest)
            part.chmod(FOR_THE_KEEPER)
            part.replace(target)
        except OSError as error:
            raise KeepingError(
                f"バックアップを書けません({error.strerror})。空きと権限を確かめてください。"
            ) from None
        finally:
            part.unlink(missing_ok=True)
        made = Generation(
            name=name,
            made_at=now.isoformat(),
            backend=manifest.backend,
            revision=revision,
            size=target.stat().st_size,
            sha256=digest_of_file(target),
            rows={table: int(one.split(":")[0]) for table, one in manifest.digests.items()},
            seconds=round(time.perf_counter() - started, 1),
        )
        write_slip(places.folder, made)
        remove_old(places.folder, keep, now)
    return made


def _seal(places: Places, keys: sealed.Keys, room: Path, target: Path, now: datetime) -> Manifest:
    """Copy the database and put it, with its manifest, into one sealed file."""
    copy, packed = room / _DATABASE, room / "packed"
    digests = snapshot.take(places.url, copy)
    manifest = Manifest(now.isoformat(), snapshot.backend_of(places.url), digests)
    words = {"made_at": manifest.made_at, "backend": manifest.backend, "digests": dict(digests)}
    (room / _MANIFEST).write_text(json.dumps(words, sort_keys=True), encoding="utf-8")
    with tarfile.open(packed, "w:gz", compresslevel=1) as archive:
        archive.add(room / _MANIFEST, _MANIFEST)
        archive.add(copy, _DATABASE)
        if (places.data / KEYS_FILE).exists():
            archive.add(places.data / KEYS_FILE, KEYS_FILE)
    copy.unlink()
    sealed.seal(packed, target, keys)
    packed.unlink()
    with target.open("rb") as stream:
        os.fsync(stream.fileno())
    return manifest


def _read_back(
    places: Places, keys: sealed.Keys, room: Path, source: Path, manifest: Manifest
) -> None:
    """Open what was just sealed, restore it and compare it with what was copied."""
    found, copy = open_backup(source, keys, room)
    if found != manifest:
        raise KeepingError("バックアップの目録が違います。もう一度実行してください。")
    snapshot.compare(places.url, copy, manifest.digests, room / "restored")


def open_backup(source: Path, keys: sealed.Keys, room: Path) -> tuple[Manifest, Path]:
    """Decrypt and unpack a backup into `room`: what it should hold, and the database's copy.

    Raises:
        KeepingError: it cannot be opened, or is no backup of this product.
    """
    packed, copy = room / "opened", room / _DATABASE
    sealed.unseal(source, packed, keys)
    try:
        with tarfile.open(packed, "r:gz") as archive:
            words = archive.extractfile(_MANIFEST)
            content = archive.extractfile(_DATABASE)
            if words is None or content is None:
                raise KeyError(_MANIFEST)  # noqa: TRY301 - the same as a member that is missing.
            manifest = Manifest(**json.load(words))
            with copy.open("wb") as stream:
                shutil.copyfileobj(content, stream, 1 << 20)
            if KEYS_FILE in archive.getnames():
                _unpack_keys(archive, room)
    except (tarfile.TarError, KeyError, TypeError, ValueError, EOFError):
        raise KeepingError(
            f"{source.name} は、このシステムのバックアップではありません。"
        ) from None
    finally:
        packed.unlink(missing_ok=True)
    return manifest, copy


def _unpack_keys(archive: tarfile.TarFile, room: Path) -> None:
    kept = archive.extractfile(KEYS_FILE)
    if kept is not None:
        (room / KEYS_FILE).write_bytes(kept.read())
        (room / KEYS_FILE).chmod(0o600)


@contextmanager
def workroom(data: Path) -> Iterator[Path]:
    """An empty folder that only we can open, gone at the end."""
    room = data / SCRATCH
    shutil.rmtree(room, ignore_errors=True)
    try:
        room.mkdir(mode=0o700, parents=True)
        yield room
    except OSError as error:
        raise KeepingError(
            f"{room} に書けません({error.strerror})。空きと権限を確かめてください。"
        ) from None
    finally:
        shutil.rmtree(room, ignore_errors=True)


@contextmanager
def _at_work(folder: Path) -> Iterator[None]:
    """Be the only one who writes into the folder of backups."""
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w")
    except OSError as error:
        raise KeepingError(
            f"バックアップのフォルダー {folder} に書けません({error.strerror})。"
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise KeepingError(
                "別のバックアップが進んでいます。終わってから実行してください。"
            ) from None
        yield
