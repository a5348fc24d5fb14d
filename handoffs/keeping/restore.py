"""Bring a backup back: into an empty place only, compared with what it should hold.

Nothing is overwritten. A SQLite file that stands there is moved aside under another name when
that was asked for; a PostgreSQL database has to be empty.
"""

import os
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from handoffs.keeping import postgresql, sealed, snapshot
from handoffs.keeping.backup import KEYS_FILE, Manifest, Places, open_backup, workroom
from handoffs.keeping.errors import KeepingError
from handoffs.keeping.generation import name_at

_BESIDE = ("-wal", "-shm", "-journal")


def restore(places: Places, source: Path, *, aside: bool, now: datetime) -> Manifest:
    """Restore a backup; what it held, which is what is there now.

    Raises:
        KeepingError: it cannot be opened, is of the other database, differs from its manifest,
            or there is a record already.
    """
    if not source.is_file():
        raise KeepingError(f"{source} がありません。バックアップのファイル名を確かめてください。")
    backend = snapshot.backend_of(places.url)
    with workroom(places.data) as room:
        _refuse_occupied(places.url, aside=aside)
        keys = sealed.read_keys(places.key, [places.data])
        manifest, copy = open_backup(source, keys, room)
        if manifest.backend != backend:
            raise KeepingError(
                f"このバックアップは {manifest.backend} のものです。"
                "config.yaml の database を同じ種類にしてください。"
            )
        if backend == snapshot.POSTGRESQL:
            url = make_url(places.url)
            snapshot.refuse_differences(manifest.digests, postgresql.load(url, copy))
        else:
            checked = room / "checked"
            snapshot.compare(places.url, copy, manifest.digests, checked)
            _put_in_place(checked, Path(make_url(places.url).database or ""), now)
        _put_keys_in_place(room, places.data)
    return manifest


def _put_keys_in_place(room: Path, data: Path) -> None:
    """Bring back the keys of the record; keys that stand there already stay, before them.

    Keys that a site passes in the environment are kept by the site.
    """
    kept, target = room / KEYS_FILE, data / KEYS_FILE
    if not kept.exists():
        return
    if target.exists() and target.read_bytes() != kept.read_bytes():
        # A ring opens with every key and seals with its first.
        lines = dict.fromkeys(
            (target.read_text(encoding="utf-8") + kept.read_text(encoding="utf-8")).splitlines()
        )
        kept.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    kept.replace(target)


def _refuse_occupied(url: str, *, aside: bool) -> None:
    if snapshot.backend_of(url) == snapshot.POSTGRESQL:
        occupied = not postgresql.is_empty(url)
        advice = "空のデータベースを作り、DATABASE_URL でそれを指定してください。"
    else:
        occupied = Path(make_url(url).database or "").exists() and not aside
        advice = "画面と見回りを止めてから、--aside を付けると、今のファイルを別名で残します。"
    if occupied:
        raise KeepingError(f"戻す先に、もう記録があります。何も変えていません。{advice}")


def _put_in_place(checked: Path, target: Path, now: datetime) -> None:
    """Move the restored file to where the record stands; the earlier one gets another name."""
    for ending in ("", *_BESIDE):
        old = target.with_name(target.name + ending)
        if old.exists():
            old.rename(target.with_name(f"{target.name}.before-{name_at(now)}{ending}"))
    checked.chmod(0o600)
    checked.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
