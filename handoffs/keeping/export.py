"""Everything that an organization, or the whole site, takes along when it leaves.

A folder or a zip with tables as CSV, attached PDFs, sheets as they were handed over, the editions
that decided, and digests of every file. Nothing is handed out before the history says so. What is
written is readable: who runs this has to look after it.
"""

import csv
import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from handoffs.csv_cell import harmless
from handoffs.errors import HandoffError
from handoffs.history import Act, Detail, record
from handoffs.keeping.errors import KeepingError
from handoffs.keeping.export_cells import cell, codes_of
from handoffs.keeping.export_papers import write_editions, write_papers
from handoffs.keeping.export_plan import SCOPES, left_out
from handoffs.keeping.export_rows import Asker, asker_of, kept_back, rows_of
from handoffs.keeping.export_words import COLUMNS, README, TABLES
from handoffs.parties import Organization
from handoffs.tokyo import TOKYO

SUMS, MANIFEST = "SHA256SUMS", "manifest.json"
_AT_ONCE = 1000

Printing = Callable[[Path], int]
"""Prints every sheet of a folder as PDF beside its JSON; how many."""


@dataclass(frozen=True)
class Exported:
    """What went out: rows by table, files, PDFs of sheets, stays that stayed out."""

    rows: Mapping[str, int]
    files: int
    printed: int
    kept_back: int
    digest: str
    told: Sequence[str] = field(default=())


def export(
    reading: Callable[[], AbstractContextManager[Session]],
    writing: Callable[[], AbstractContextManager[Session]],
    target: Path,
    *,
    organization: int | None,
    regions: Path,
    printing: Printing,
    now: datetime,
) -> Exported:
    """Write an export to `target`, a new folder or, by its name, a zip. `organization`: its id.

    `reading` opens the record as it is at one moment. Raises KeepingError; nothing is left then.
    """
    if target.exists():
        raise KeepingError(f"{target} はもうあります。別の名前にしてください。何も書いていません。")
    room = target.with_name(f".{target.name}.part")
    shutil.rmtree(room, ignore_errors=True)
    try:
        room.mkdir(mode=0o700, parents=True)
        with reading() as session:
            asker = asker_of(session.get_one(Organization, organization) if organization else None)
            made = _fill(session, room, asker, regions, printing, now)
        with writing() as session:
            detail: Detail = {
                "whose": asker.name,
                "rows": sum(made.rows.values()),
                "files": made.files,
                "digest": made.digest,
            }
            record(session, None, Act.RECORD_EXPORT, now=now, detail=detail)
        _put(room, target)
    except OSError as error:
        raise KeepingError(
            f"{target} に書けません({error.strerror})。空きと権限を確かめてください。"
        ) from None
    finally:
        shutil.rmtree(room, ignore_errors=True)
    return made


def _fill(
    session: Session, room: Path, asker: Asker, regions: Path, printing: Printing, now: datetime
) -> Exported:
    rows = write_tables(session, room / "tables", asker)
    back = kept_back(session, asker)
    told = write_editions(session, room / "editions", asker, regions)
    write_papers(session, room, asker)
    printed = printing(room / "sheets")
    for leaving in (room / "sheets").glob("*.hidden.json"):
        leaving.unlink()  # Its PDF leaves out where the person lives; the words do not.
    _write_meanings(room, rows)
    whose = "この仕組みの全体" if asker.actor is None else asker.actor.organization
    readme = README.format(
        at=f"{now.astimezone(TOKYO):%Y-%m-%d %H:%M}",
        whose=whose,
        rows=sum(rows.values()),
        printed=printed,
        kept_back=back,
        also="".join(f"・{one}\n" for one in told),
    )
    (room / "README.txt").write_text(readme, encoding="utf-8-sig")
    listed = {"made_at": now.isoformat(), "whose": asker.name, "rows": rows, "printed": printed}
    (room / MANIFEST).write_text(json.dumps(listed, indent=1), encoding="utf-8")
    files = sorted(one for one in room.rglob("*") if one.is_file())
    for one in files:
        one.chmod(0o600)
    sums = "".join(f"{digest_of(one)}  {one.relative_to(room)}\n" for one in files)
    (room / SUMS).write_text(sums, encoding="utf-8")
    (room / SUMS).chmod(0o600)
    digest = hashlib.sha256(sums.encode()).hexdigest()
    return Exported(rows, len(files) + 1, printed, back, digest, told)


def write_tables(session: Session, folder: Path, asker: Asker) -> dict[str, int]:
    """Write each table that the asker gets; rows by table."""
    folder.mkdir(mode=0o700)
    counts = {}
    for table in sorted(SCOPES):
        query = rows_of(table, asker) if table in SQLModel.metadata.tables else None
        if query is None:
            continue
        found = session.execute(query.execution_options(yield_per=_AT_ONCE))
        with (folder / f"{table}.csv").open("w", encoding="utf-8-sig", newline="") as stream:
            lines = csv.writer(stream)
            keys = list(found.keys())
            lines.writerow(keys)
            count = 0
            for row in found:
                place = f"attachments/{row[0]}.pdf"
                lines.writerow([harmless(cell(value, place)) for value in row])
                count += 1
        counts[table] = count
    return counts


def _write_meanings(room: Path, rows: Mapping[str, int]) -> None:
    tables = [SQLModel.metadata.tables[name] for name in rows]
    with (room / "columns.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        lines = csv.writer(stream)
        lines.writerow(["表", "表の意味", "列", "列の意味", "指す先"])
        for table in tables:
            for column in table.columns:
                if column.name not in left_out(table.name):
                    meaning = COLUMNS.get(column.name, "")
                    target = _target(column)
                    lines.writerow(
                        [table.name, TABLES.get(table.name, ""), column.name, meaning, target]
                    )
    with (room / "codes.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        lines = csv.writer(stream)
        lines.writerow(["表", "列", "符号", "意味"])
        lines.writerows(line for table in tables for line in codes_of(table))


def _target(column: sa.Column[Any]) -> str:
    return next((key.target_fullname for key in column.foreign_keys), "")


def digest_of(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _put(room: Path, target: Path) -> None:
    if target.suffix != ".zip":
        room.replace(target)
        return
    draft = room.with_suffix(".zip")
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            draft.chmod(0o600)
            for one in sorted(room.rglob("*")):
                if one.is_file():
                    archive.write(one, str(one.relative_to(room)))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def organization_called(session: Session, called: str) -> int:
    """The id of an organization by its number or whole name. Raises HandoffError."""
    found = session.scalars(
        sa.select(Organization).where(
            sa.or_(
                Organization.number == called,  # type: ignore[arg-type]
                Organization.name == called,  # type: ignore[arg-type]
            )
        )
    ).all()
    if len(found) != 1:
        raise HandoffError(
            f"「{called}」という機関が{'ありません' if not found else '二つ以上あります'}。"
            "10桁の機関番号か、登録された名前で書いてください。"
        )
    return found[0].id
