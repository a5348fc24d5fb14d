"""Acceptance rows 2, 3 and 6: a text of one organization never stands in what another is shown.

Twenty organizations, in pairs of a hospital and an office. Every text about a person, in every
table that can name one, carries the mark of its pair. Somebody then opens every address there
is, with their own ids and with another pair's.
"""

import io
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlmodel import Session
from werkzeug.test import TestResponse

from handoffs.access import visible_stays
from handoffs.accounts import start_session
from handoffs.database import Database, open_database
from handoffs.parties import (
    Actor,
    Organization,
    OrganizationKind,
    Role,
    Staff,
    Ward,
    WardKind,
    actor_of,
)
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry
from handoffs.policy import DOORS, PERMISSIONS, PUBLIC
from handoffs.policy.fields import FIELDS
from rules import Library
from tests.conftest import MARK
from tests.factories import admit_someone, make_handoff
from tests.people import NOW, REGION, Cast
from tests.web.conftest import _settings
from tests.web.policy.columns import planted, text_columns
from web.context import EXTENSION

PAIRS = 10


@dataclass(frozen=True)
class Pair:
    """A hospital, the office that plans for its patients, and one of these."""

    mark: str
    nurse: Actor
    manager: Actor
    stay_id: int
    handoff_id: int


@dataclass(frozen=True)
class Town:
    """The application over a database of twenty organizations."""

    app: Flask
    database: Database
    pairs: list[Pair]
    officer: Actor


def _mark(number: int) -> str:
    return f"鍵{number:02d}錠"


def _staff(session: Session, organization_id: int, role: Role, ward_id: int | None = None) -> Actor:
    staff = Staff(
        organization_id=organization_id,
        ward_id=ward_id,
        role=role,
        name="見本 はたらく",
        sign_in_name=secrets.token_hex(6),
        password_hash="-",
    )
    session.add(staff)
    session.flush()
    actor = actor_of(session, staff.id)
    assert actor is not None
    return actor


def _organization(session: Session, kind: OrganizationKind, number: int) -> int:
    name = f"{number}番{kind.label}"
    row = Organization(kind=kind, region=REGION, name=name, kana=name, number=f"9{number:09d}")
    session.add(row)
    session.flush()
    return row.id


def _pair(session: Session, library: Library, cast: Cast, number: int) -> Pair:
    hospital = _organization(session, OrganizationKind.HOSPITAL, number)
    office = _organization(session, OrganizationKind.CARE_SUPPORT_OFFICE, number)
    ward = Ward(hospital_id=hospital, name="1階", kind=WardKind.GENERAL)
    session.add(ward)
    session.flush()
    nurse = _staff(session, hospital, Role.SOCIAL_WORKER, ward.id)
    manager = _staff(session, office, Role.CARE_MANAGER)
    plan = PlanEntry(
        status=PlanStatus.ASSIGNED, organization_id=office, care_manager_name=manager.name
    )
    mark = _mark(number)
    stay = admit_someone(
        session, library, cast, by=nurse, ward_id=ward.id, plan=plan, name=f"{MARK} {mark}"
    )
    session.flush()
    handoff = make_handoff(session, stay)
    made = {"stay": stay.id, "handoff": handoff.id, "organization": hospital}
    made |= {"staff": nurse.person_id, "patient": stay.patient_id}
    planted(session, mark, made)
    return Pair(mark, nurse, manager, stay.id, handoff.id)


@pytest.fixture(scope="module")
def town(
    put_together: Flask,
    settled: tuple[Path, Cast],
    library: Library,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Town]:
    """Twenty organizations beside the cast, and a health centre."""
    settings = _settings(settled[0], tmp_path_factory.mktemp("canaries"))
    database = open_database(settings.database_url)
    before = put_together.extensions[EXTENSION]
    put_together.extensions[EXTENSION] = replace(before, database=database)
    with database.writing() as session:
        pairs = [_pair(session, library, settled[1], number) for number in range(PAIRS)]
    yield Town(put_together, database, pairs, settled[1].health_officer)
    put_together.extensions[EXTENSION] = before
    database.close()


def test_every_column_of_words_says_who_may_read_it() -> None:
    said = [
        (table, column)
        for tables in FIELDS.values()
        for table, columns in tables.items()
        for column in columns.split()
    ]
    assert len(said) == len(set(said)), "a column stands twice"
    assert text_columns() - set(said) == set(), "say in handoffs/policy/fields.py who reads these"
    assert set(said) - text_columns() == set(), "these columns are gone"


def _told(response: TestResponse) -> str:
    """What an answer says: its words, those of a PDF as they are printed, and its headings."""
    head = str(response.headers)
    if response.mimetype == "application/pdf":
        pages = PdfReader(io.BytesIO(response.data)).pages
        return head + "".join(page.extract_text() for page in pages)
    return head + response.text


def _addresses(town: Town, who: Actor, pair: Pair, *, papers: bool) -> Iterator[str]:
    """Every address that this work opens, about the stay of a pair."""
    values = {
        "code": "K7RTN4",
        "guide": "hospital",
        "handoff_id": str(pair.handoff_id),
        "month": "2026-11",
        "number": "1",
        "organization_id": str(pair.manager.organization_id),
        "quarter": "2026-07",
        "sheet": "admission_information",
        "stay_id": str(pair.stay_id),
        "year": "2026",
    }
    for rule in sorted(town.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        door = DOORS.get(("GET", rule.endpoint), PUBLIC)
        is_paper = rule.rule.endswith(".pdf")
        if door == PUBLIC or door not in PERMISSIONS[who.role] or (is_paper and not papers):
            continue
        yield re.sub(
            r"<(?:[a-z]+:)?([a-z_]+)>", lambda found: values.get(found.group(1), "1"), rule.rule
        )


def _crawl(town: Town, who: Actor, own: Pair | None, other: Pair, *, papers: bool) -> list[str]:
    """Open everything; where a mark of another pair stood. The own pair's must be seen."""
    with town.database.writing() as session:
        token = start_session(session, session.get_one(Staff, who.staff_id), NOW)
    client = town.app.test_client()
    client.set_cookie("tsunagi", token)
    foreign = [pair.mark for pair in town.pairs if pair is not own]
    leaks, seen, opened = [], 0, set()
    for about in (own, other):
        if about is None:
            continue
        for path in _addresses(town, who, about, papers=papers):
            if path in opened:
                continue
            opened.add(path)
            words = _told(client.get(path))
            seen += own is not None and own.mark in words
            leaks += [f"{who.role.label} {path}: {mark}" for mark in foreign if mark in words]
            leaks += [f"address {path}"] if MARK in path else []
    assert own is None or seen >= 3, f"{who.role.label} is shown too little to prove anything"
    return leaks


def test_nobody_is_shown_a_mark_of_another_pair(town: Town) -> None:
    first, second = town.pairs[:2]
    leaks = _crawl(town, first.nurse, first, second, papers=False)
    leaks += _crawl(town, first.manager, first, second, papers=False)
    leaks += _crawl(town, town.officer, None, first, papers=False)
    assert leaks == []


@pytest.mark.long
def test_nobody_of_twenty_organizations_is_shown_a_mark_of_another_printed_papers_too(
    town: Town,
) -> None:
    leaks = _crawl(town, town.officer, None, town.pairs[0], papers=True)
    for number, pair in enumerate(town.pairs):
        other = town.pairs[(number + 1) % PAIRS]
        for who in (pair.nurse, pair.manager):
            leaks += _crawl(town, who, pair, other, papers=number == 0)
    assert leaks == []


def test_a_search_finds_nobody_of_another_pair(town: Town) -> None:
    first, second = town.pairs[:2]
    with town.database.reading() as session:
        found = {stay.id for stay in session.exec(visible_stays(first.manager)).all()}
    assert found == {first.stay_id}
    assert second.stay_id not in found
