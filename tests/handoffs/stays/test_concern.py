"""虐待の疑い: two named people read it, and nothing else in the product can."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

import handoffs
from handoffs.database import Database
from handoffs.errors import BadEntry, NotPermitted, NotVisible
from handoffs.history import Act, Event
from handoffs.parties import Actor
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry, change_plan_office
from handoffs.schema import METADATA
from handoffs.stays.concern import LONGEST_WORDS, Concern
from handoffs.stays.concern_noting import concerns_of, end_concern, note_concern
from handoffs.stays.stay import Stay
from rules import Library
from tests.factories import admit_someone
from tests.people import NAMES, NOW, Cast

CANARY = "カナリアの言葉"
PACKAGES = ("rules", "handoffs", "forms", "exchange", "web", "scheduler")
READERS = {
    "handoffs/access.py",
    "handoffs/schema.py",
    "handoffs/stays/concern.py",
    "handoffs/stays/concern_noting.py",
    "web/stays/concerns.py",
}
"""Every file that may name the record. A new one here has to be argued for."""


def _noted(session: Session, library: Library, cast: Cast, by: Actor) -> Stay:
    stay = admit_someone(session, library, cast)
    named = cast.social_worker.person_id
    note_concern(session, stay, social_worker_id=named, words=CANARY, by=by, now=NOW)
    session.flush()
    return stay


@pytest.mark.parametrize("who", ["social_worker", "care_manager"])
def test_the_two_whom_it_names_read_it_and_nobody_else(
    database: Database, library: Library, cast: Cast, who: str
) -> None:
    with database.writing() as session:
        stay = _noted(session, library, cast, cast.people[who])
        readers = {name for name, one in cast.people.items() if concerns_of(session, one, stay)}
        assert readers == {"social_worker", "care_manager"}


def test_neither_the_switch_to_colleagues_nor_another_care_manager_opens_it(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = _noted(session, library, cast, cast.social_worker)
        nosy = replace(cast.colleague, with_colleagues=True)
        assert concerns_of(session, nosy, stay) == ()
        with pytest.raises(NotPermitted):
            note_concern(
                session,
                stay,
                social_worker_id=cast.social_worker.person_id,
                words="x",
                by=nosy,
                now=NOW,
            )
        entry = PlanEntry(
            status=PlanStatus.ASSIGNED,
            organization_id=cast.office_id,
            care_manager_name=NAMES["colleague"],
        )
        change_plan_office(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)
        session.flush()
        assert concerns_of(session, cast.care_manager, stay) == ()
        assert concerns_of(session, cast.colleague, stay) == ()
        (still,) = concerns_of(session, cast.social_worker, stay)
        assert not still.is_current


def test_whoever_wants_no_contact_is_read_of_in_the_hospital_alone(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, wants_no_contact=True)
        named = cast.social_worker.person_id
        note_concern(
            session, stay, social_worker_id=named, words=CANARY, by=cast.social_worker, now=NOW
        )
        session.flush()
        assert concerns_of(session, cast.care_manager, stay) == ()
        assert len(concerns_of(session, cast.social_worker, stay)) == 1


def test_a_nurse_cannot_write_one_and_nobody_names_a_nurse(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        worker = cast.social_worker
        for who in ("ward_nurse", "discharge_nurse", "outsider", "center_staff", "other_nurse"):
            with pytest.raises(NotPermitted):
                note_concern(
                    session,
                    stay,
                    social_worker_id=worker.person_id,
                    words="x",
                    by=cast.people[who],
                    now=NOW,
                )
        for named, words, field in (
            (cast.ward_nurse.person_id, "x", "social_worker"),
            (worker.person_id, " ", "words"),
            (worker.person_id, "あ" * (LONGEST_WORDS + 1), "words"),
        ):
            with pytest.raises(BadEntry) as refused:
                note_concern(session, stay, social_worker_id=named, words=words, by=worker, now=NOW)
            assert set(refused.value.fields) == {field}


def test_one_that_was_ended_is_read_by_nobody_and_stays_in_its_table(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = _noted(session, library, cast, cast.social_worker)
        (one,) = concerns_of(session, cast.care_manager, stay)
        with pytest.raises(NotVisible):
            end_concern(session, stay, one.id, by=cast.psychiatric_social_worker, now=NOW)
        end_concern(session, stay, one.id, by=cast.care_manager, now=NOW)
        session.flush()
        for name in ("social_worker", "care_manager"):
            assert concerns_of(session, cast.people[name], stay) == ()
        assert session.get_one(Concern, one.id).words == CANARY


def test_no_other_table_holds_its_words_and_its_events_name_no_stay(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        _noted(session, library, cast, cast.social_worker)
    with database.reading() as session:
        for table in METADATA.sorted_tables:
            rows = session.connection().execute(sa.select(table)).all()
            assert table.name == "concern" or CANARY not in str(rows)
        events = sa.select(Event.stay_id, Event.detail).where(Event.act == Act.CONCERN_NOTE)  # type: ignore[call-overload]
        assert session.connection().execute(events).all() == [(None, {"concern": 1})]


def test_no_other_file_of_the_product_names_the_record() -> None:
    root = Path(handoffs.__file__).resolve().parent.parent
    naming = set()
    for package in PACKAGES:
        for file in (root / package).rglob("*.py"):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            imports = {
                name
                for node in ast.walk(tree)
                for name in (
                    [f"{node.module}.{alias.name}" for alias in node.names]
                    if isinstance(node, ast.ImportFrom)
                    else [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else []
                )
            }
            if any("concern" in name for name in imports):
                naming.add(file.relative_to(root).as_posix())
    # web/__init__.py and schema.py register the page and the table; access.py says who may.
    allowed = READERS | {"web/__init__.py", "web/handoffs/news.py"}
    assert naming <= allowed
