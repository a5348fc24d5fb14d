"""Twenty organizations in pairs of a hospital and an office, whose texts carry a mark each.

Somebody opens every address there is; what stood where is written down.
"""

import io
import re
import secrets
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import Flask
from pypdf import PdfReader
from sqlmodel import Session
from werkzeug.test import TestResponse

from handoffs.accounts import start_session
from handoffs.database import Database
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
from handoffs.policy.formats import Form, Receiver
from rules import Library
from tests.conftest import MARK
from tests.factories import admit_someone, make_handoff
from tests.people import NOW, REGION, Cast
from tests.web.policy.columns import COLUMNS, mark_of, planted


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
    found: set[tuple[Form, Receiver, str, str]] = field(default_factory=set)
    """Which column of the own stay stood in which form for whom, as it was walked."""
    walked: list[str] = field(default_factory=list)


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


def pair_of(session: Session, library: Library, cast: Cast, number: int) -> Pair:
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


def _told(response: TestResponse) -> str:
    """What an answer says: its words, those of a PDF as they are printed, and its headings."""
    head = str(response.headers)
    if response.mimetype == "application/pdf":
        pages = PdfReader(io.BytesIO(response.data)).pages
        return head + "".join(page.extract_text() for page in pages)
    if _FORMS.get(response.mimetype or "") is Form.WORKBOOK:
        with zipfile.ZipFile(io.BytesIO(response.data)) as parts:
            return head + "".join(parts.read(one).decode() for one in parts.namelist())
    return head + response.text


_FORMS = {
    "application/pdf": Form.PDF,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": Form.WORKBOOK,
    "application/json": Form.TEXT,
    "text/csv": Form.CSV,
    "text/html": Form.PAGE,
    "text/plain": Form.TEXT,
}


def columns_in(words: str, mark: str) -> set[tuple[str, str]]:
    """The columns of a pair's stay whose marks stand in a text."""
    return {one for one in COLUMNS if mark_of(mark, *one) in words}


def _stands(who: Actor, pair: Pair) -> Receiver:
    return Receiver.HOSPITAL if who is pair.nurse else Receiver.PLANNER


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


def crawl(town: Town, who: Actor, own: Pair | None, other: Pair, *, papers: bool) -> list[str]:
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
            response = client.get(path)
            words = _told(response)
            if own is not None:
                form, receiver = _FORMS[response.mimetype or ""], _stands(who, own)
                town.found.update(
                    (form, receiver, *column) for column in columns_in(words, own.mark)
                )
            seen += own is not None and own.mark in words
            leaks += [f"{who.role.label} {path}: {mark}" for mark in foreign if mark in words]
            leaks += [f"address {path}"] if MARK in path else []
    assert own is None or seen >= 3, f"{who.role.label} is shown too little to prove anything"
    return leaks
