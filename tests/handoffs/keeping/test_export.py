"""An export takes everything that is somebody's, nothing of anybody else, and can be read back."""

import csv
import json
import shutil
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from handoffs.access import visible_stays
from handoffs.csv_cell import harmless
from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.keeping.errors import KeepingError
from handoffs.keeping.export import Exported, export, organization_called
from handoffs.keeping.export_cells import cell
from handoffs.keeping.export_check import check
from handoffs.keeping.export_command import reading_of
from handoffs.keeping.export_plan import SCOPES, Scope, left_out
from handoffs.keeping.export_rows import asker_of, rows_of
from handoffs.keeping.export_words import COLUMNS, TABLES
from handoffs.parties import Organization, OrganizationKind
from handoffs.schema import METADATA
from handoffs.sheets.attachment import attach
from handoffs.sheets.reservation import ReceiverKind, reserve
from handoffs.stays.concern import Concern
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from rules import Library
from rules.library import SHIPPED
from tests.factories import admit_someone, make_stay
from tests.people import NOW, PASSWORD, Cast

ELSEWHERE, ABUSE, PDF = "ヨソノビョウイン", "虐待の疑いの言葉", b"%PDF-1.7 plan"


def taken(database: Database, to: Path, organization: int | None = None) -> Exported:
    return export(
        reading_of(database, to.parent / "data"),
        database.writing,
        to,
        organization=organization,
        regions=SHIPPED,
        printing=lambda _folder: 0,
        now=NOW,
    )


def lines_of(place: Path, table: str) -> list[dict[str, str]]:
    with (place / "tables" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def everything(place: Path) -> bytes:
    return b"".join(one.read_bytes() for one in sorted(place.rglob("*")) if one.is_file())


def fill(session: Session, library: Library, cast: Cast) -> Stay:
    """A stay that the office shares, with a formula for a name, and one of the other hospital."""
    stay = admit_someone(session, library, cast, name="=HYPERLINK(1)")
    elsewhere = make_stay(session, cast, organization_id=cast.outsider_office_id)
    elsewhere.hospital_id, elsewhere.ward_id = cast.other_hospital_id, cast.foreign_ward_id
    session.get_one(Patient, elsewhere.patient_id).kana = ELSEWHERE
    session.get_one(Patient, elsewhere.patient_id).hospital_id = cast.other_hospital_id
    attach(session, stay, PDF, pages=1, by=cast.care_manager, now=NOW)
    nurse = cast.social_worker.person_id
    session.add(
        Concern(stay_id=stay.id, social_worker_id=nurse, words=ABUSE, noted_at=NOW, noted_by=nurse)
    )
    return stay


def test_the_whole_site_is_taken_along_and_reads_back_as_it_was(
    either: tuple[Database, Cast], library: Library, tmp_path: Path
) -> None:
    database, cast = either
    with database.writing() as session:
        fill(session, library, cast)
    to = tmp_path / "out"

    made = taken(database, to)

    assert check(to) == (made.files, sum(made.rows.values()))
    with database.reading() as session:
        for table, count in made.rows.items():
            query = rows_of(table, asker_of(None))
            assert query is not None
            found = session.execute(query).all()
            if table == "event":
                found = found[:-1]  # That it was exported, it says itself.
            there = [[str(harmless(cell(v, f"attachments/{r[0]}.pdf"))) for v in r] for r in found]
            assert [list(line.values()) for line in lines_of(to, table)] == there
            assert count == len(there)
        told = session.exec(select(Event).where(Event.act == Act.RECORD_EXPORT)).one()
    assert told.detail["digest"] == made.digest
    assert lines_of(to, "patient")[0]["name"] == "'=HYPERLINK(1)"
    assert (to / "attachments" / "1.pdf").read_bytes() == PDF
    assert (to / "editions/mihon/2024-04-01.yaml").read_bytes() == (
        SHIPPED / "mihon/2024-04-01.yaml"
    ).read_bytes()
    written = everything(to)
    assert ABUSE.encode() not in written
    assert b"argon2" not in written
    assert PASSWORD.encode() not in written


def test_an_organization_takes_its_own_and_shared_stays_and_nobody_elses(
    database: Database, cast: Cast, library: Library, tmp_path: Path
) -> None:
    with database.writing() as session:
        stay = fill(session, library, cast)
        called = organization_called(session, "1870000019")
    for organization, actor in (
        (cast.hospital_id, cast.ward_nurse),
        (called, cast.care_manager),
        (cast.multifunctional_id, cast.multifunctional),
        (cast.health_center_id, cast.health_officer),
    ):
        to = tmp_path / str(organization)
        taken(database, to, organization)
        with database.reading() as session:
            expected = {str(one.id) for one in session.exec(visible_stays(actor))}
        assert {line["id"] for line in lines_of(to, "stay")} == expected
        assert ELSEWHERE.encode() not in everything(to)
        assert ABUSE.encode() not in everything(to)
        # What was attached and never sent is the office's alone.
        assert (organization == called) == (PDF in everything(to))

    with database.writing() as session:
        reserve(session, stay, [ReceiverKind.CARE_MANAGER], by=cast.ward_nurse, now=NOW)
    made = taken(database, tmp_path / "reserved", called)
    assert (made.rows["stay"], made.rows["patient"], made.kept_back) == (0, 0, 1)
    assert "入院: 1件" in (tmp_path / "reserved/README.txt").read_text(encoding="utf-8-sig")


def test_what_was_changed_after_it_was_taken_is_found(
    database: Database, cast: Cast, library: Library, tmp_path: Path
) -> None:
    with database.writing() as session:
        fill(session, library, cast)
    to = tmp_path / "out.zip"
    made = taken(database, to)
    assert check(to)[0] == made.files
    assert to.stat().st_mode & 0o077 == 0
    with pytest.raises(KeepingError, match="もうあります"):
        taken(database, to)
    with zipfile.ZipFile(to) as archive:
        archive.extractall(tmp_path / "a")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    (tmp_path / "a/tables/patient.csv").write_bytes(b"id\r\n")
    (tmp_path / "b/tables/more.csv").write_bytes(b"id\r\n")
    for place in ("a", "b"):
        with pytest.raises(KeepingError, match="違うファイルが1個"):
            check(tmp_path / place)
    listed = json.loads((tmp_path / "a/manifest.json").read_bytes())
    assert listed["rows"]["patient"] == 2
    with pytest.raises(KeepingError, match="読めません"):
        check(tmp_path)


def test_every_table_has_a_line_and_every_column_that_leaves_is_explained() -> None:
    assert set(SCOPES) == set(METADATA.tables)
    leaving = [METADATA.tables[name] for name, one in SCOPES.items() if one != Scope.NOT_AT_ALL]
    assert {table.name for table in leaving} - TABLES.keys() == set()
    columns = {c.name for t in leaving for c in t.columns if c.name not in left_out(t.name)}
    assert columns - COLUMNS.keys() == set()
    locks = ("hash", "secret", "token", "seal", "pin_", "claimed")
    assert [name for name in columns if any(lock in name for lock in locks)] == []


@pytest.mark.parametrize("kind", OrganizationKind)
def test_every_query_of_every_kind_of_organization_can_be_asked(
    kind: OrganizationKind, database: Database
) -> None:
    with database.reading() as session:
        asker = asker_of(
            session.exec(select(Organization).where(Organization.kind == kind)).first()
        )
        for table in SCOPES:
            query = rows_of(table, asker)
            if query is not None:
                session.execute(sa.select(sa.func.count()).select_from(query.subquery()))
