"""The papers of an export: attached PDFs, sheets as they were kept, the editions that decided."""

import hashlib
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from handoffs.keeping.export_rows import Asker, rows_of

HIDDEN = ".hidden.json"
"""The ending of a sheet of somebody whose whereabouts are hidden (所在秘匿)."""


def write_papers(session: Session, room: Path, asker: Asker) -> None:
    """Write attached PDFs, and each kept sheet as JSON to be printed."""
    attachments, sheets = room / "attachments", room / "sheets"
    for folder in (attachments, sheets):
        folder.mkdir(mode=0o700)
    query = rows_of("sheet_attachment", asker)
    if query is not None:
        for row in session.execute(query.execution_options(yield_per=5)).mappings():
            if row["content"]:
                (attachments / f"{row['id']}.pdf").write_bytes(row["content"])
    hidden = _hidden(session)
    for table in ("handed_over", "sheet_version"):
        query = rows_of(table, asker)
        if query is None:
            continue
        for row in session.execute(query.execution_options(yield_per=100)).mappings():
            if row["content"]:
                ending = HIDDEN if row["stay_id"] in hidden else ".json"
                name = f"{table.replace('_', '-')}-{row['id']}{ending}"
                (sheets / name).write_text(row["content"], encoding="utf-8")


def _hidden(session: Session) -> set[int]:
    stay, patient = (SQLModel.metadata.tables[name].columns for name in ("stay", "patient"))
    query = sa.select(stay.id).where(
        stay.patient_id.in_(sa.select(patient.id).where(patient.whereabouts_hidden))
    )
    return set(session.execute(query).scalars())


def write_editions(session: Session, folder: Path, asker: Asker, regions: Path) -> list[str]:
    """Copy the editions by which the asker's stays were decided; what could not be, in words."""
    folder.mkdir(mode=0o700)
    query = rows_of("assessment", asker)
    if query is None:
        return []
    found = query.order_by(None).subquery().columns
    names = sa.select(found.region, found.edition_in_force, found.edition_digest).distinct()
    missing = []
    for region, in_force, digest in session.execute(names):
        source = regions / region / f"{in_force or 'undated'}.yaml"
        content = source.read_bytes() if source.is_file() else b""
        if hashlib.sha256(content).hexdigest() != digest:
            missing.append(
                f"ルールの版 {region} {in_force} は、判定したときの内容では残っていません。"
            )
            continue
        (folder / region).mkdir(exist_ok=True)
        (folder / region / source.name).write_bytes(content)
    return missing
