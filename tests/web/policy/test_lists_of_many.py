"""Acceptance row 6: what really happened once, a list of everybody sent to four offices.

Fifty offices with a thousand patients each, and every list that an office can take out.
"""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import Session, SQLModel

from handoffs.access import visible_stays
from handoffs.accounts import start_session
from handoffs.database import Database, open_database
from handoffs.parties import Actor, Organization, OrganizationKind, Role, Staff, actor_of
from rules import Library
from tests.conftest import MARK
from tests.factories import admit_someone
from tests.people import NOW, REGION, Cast
from tests.web.conftest import _settings
from web.context import EXTENSION

OFFICES, EACH = 50, 1_000
LISTS = ("/worklist", "/sheets", "/stays/unconfirmed", "/evidence/months/2026-11")


@dataclass(frozen=True)
class Crowd:
    """The application, and a care manager of each office."""

    app: Flask
    database: Database
    managers: list[Actor]


def _mark(office: int) -> str:
    return f"鍵{office:02d}錠"


def _manager(session: Session, number: int) -> Actor:
    name = f"{number}番事業所"
    kind = OrganizationKind.CARE_SUPPORT_OFFICE
    office = Organization(kind=kind, region=REGION, name=name, kana=name, number=f"8{number:09d}")
    session.add(office)
    session.flush()
    staff = Staff(
        organization_id=office.id,
        role=Role.CARE_MANAGER,
        name="見本 はたらく",
        sign_in_name=secrets.token_hex(6),
        password_hash="-",
    )
    session.add(staff)
    session.flush()
    actor = actor_of(session, staff.id)
    assert actor is not None
    return actor


def _copies(session: Session, stay_id: int, patient_id: int, managers: list[Actor]) -> None:
    """Put a thousand copies of one stay down for each office, every name with the office's mark."""
    connection = session.connection()
    table = SQLModel.metadata.tables

    def rows(name: str, where: str, value: int) -> list[dict[str, Any]]:
        found = connection.execute(sa.select(table[name]).where(table[name].c[where] == value))
        return [dict(row._mapping) for row in found]

    patient, stay = rows("patient", "id", patient_id)[0], rows("stay", "id", stay_id)[0]
    parts = {name: rows(name, "stay_id", stay_id) for name in ("certification", "assessment")}
    parts |= {name: rows(name, "stay_id", stay_id) for name in ("plan_office", "handoff")}
    for number, manager in enumerate(managers):
        made: dict[str, list[dict[str, Any]]] = {}
        for one in range(EACH):
            key = 100_000 + number * EACH + one
            name = f"{MARK} {_mark(number)} {one}"
            person = {"id": key, "name": name, "kana": name, "folded": name}
            made.setdefault("patient", []).append(patient | person)
            lies = {"id": key, "patient_id": key, "code": f"{key:06d}"}
            made.setdefault("stay", []).append(stay | lies)
            for part, templates in parts.items():
                for template in templates:
                    row = {k: v for k, v in template.items() if k != "id"} | {"stay_id": key}
                    if part == "plan_office":
                        row |= {"organization_id": manager.organization_id}
                        row |= {"care_manager_id": manager.staff_id}
                    made.setdefault(part, []).append(row)
        for part, several in made.items():
            connection.execute(sa.insert(table[part]), several)


@pytest.fixture
def crowd(
    put_together: Flask, settled: tuple[Path, Cast], library: Library, tmp_path: Path
) -> Iterator[Crowd]:
    """Fifty thousand stays of one hospital."""
    database = open_database(_settings(settled[0], tmp_path).database_url)
    before = put_together.extensions[EXTENSION]
    put_together.extensions[EXTENSION] = replace(before, database=database)
    with database.writing() as session:
        stay = admit_someone(session, library, settled[1])
        managers = [_manager(session, number) for number in range(OFFICES)]
        session.flush()
        _copies(session, stay.id, stay.patient_id, managers)
    yield Crowd(put_together, database, managers)
    put_together.extensions[EXTENSION] = before
    database.close()


@pytest.mark.long
def test_each_of_fifty_offices_gets_its_own_list_and_nobody_elses(crowd: Crowd) -> None:
    for number, manager in enumerate(crowd.managers):
        with crowd.database.reading() as session:
            ids = {stay.id for stay in session.exec(visible_stays(manager)).all()}
        first = 100_000 + number * EACH
        assert ids == set(range(first, first + EACH))
    for number in range(0, OFFICES, 10):
        manager = crowd.managers[number]
        with crowd.database.writing() as session:
            token = start_session(session, session.get_one(Staff, manager.staff_id), NOW)
        client = crowd.app.test_client()
        client.set_cookie("tsunagi", token)
        seen = set()
        for path in LISTS:
            response = client.get(path)
            assert response.status_code < 400, path
            seen |= set(re.findall("鍵[0-9]{2}錠", response.text))
        assert seen == {_mark(number)}
