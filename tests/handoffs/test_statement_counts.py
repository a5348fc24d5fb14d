"""How many statements a verb has the database execute: a bound, so that it cannot creep back.

Counted as they are handed over: a statement with many rows is one, however a database takes it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session

from handoffs.database import Database
from handoffs.decision.assessment import assess
from handoffs.handoff import handoffs_of
from handoffs.history import Act, events_of
from handoffs.passing import confirm, send
from handoffs.stays.admission import admit
from handoffs.stays.consent import ConsentAnswer
from handoffs.stays.discharge import (
    DischargeEntry,
    PlannedDischargeEntry,
    discharge,
    plan_discharge,
)
from handoffs.stays.stay import Destination, PlannedCertainty, Stay
from rules import HandoffKind, Library
from tests.factories import ADMITTED, admission, handoff_of, talked
from tests.people import NOW, Cast

PLANNED = ADMITTED + timedelta(days=14)
TICKED = {"mobility": "partial_help", "living": "alone", "falls": "fell"}

Verb = Callable[[Session, Stay], object]


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Write down the beginning of every statement that is executed meanwhile."""
    executed: list[str] = []

    def note(_connection: object, statement: object, *_more: object) -> None:
        executed.append(" ".join(str(statement).split())[:60])

    sa.event.listen(database.engine, "before_execute", note)
    try:
        yield executed
    finally:
        sa.event.remove(database.engine, "before_execute", note)


def executed_by(database: Database, stay_id: int, verb: Verb) -> list[str]:
    """Do one act in a transaction of its own, on a stay that a page has found already."""
    with database.writing() as session:
        stay = session.get_one(Stay, stay_id)
        held = handoffs_of(session, stay_id)
        with counted(database) as executed:
            verb(session, stay)
            session.commit()
        assert held is not None
    return executed


def test_an_admission_asks_little_and_writes_each_table_once(
    either: tuple[Database, Cast], library: Library
) -> None:
    database, cast = either
    entry = admission(
        cast,
        consent=ConsentAnswer.GIVEN,
        planned_discharge_on=PLANNED,
        planned_certainty=PlannedCertainty.ABOUT,
    )
    with database.writing() as session, counted(database) as executed:
        admit(session, entry, library=library, by=cast.ward_nurse, now=NOW)
        session.commit()
    # What PostgreSQL's wall is told goes over no table.
    asked = [words for words in executed if "tsunagi.crossing" not in words]
    assert len(asked) <= 17, executed
    for table in ("handoff", "event", "assessment", "certification", "plan_office", "consent"):
        written = [words for words in executed if words.startswith(f"INSERT INTO {table} ")]
        assert len(written) <= (2 if table == "event" else 1), executed


def test_the_verbs_of_a_stay_execute_few_statements(
    either: tuple[Database, Cast], library: Library
) -> None:
    database, cast = either
    with database.writing() as session:
        entry = admission(cast, consent=ConsentAnswer.GIVEN)
        stay_id = admit(session, entry, library=library, by=cast.ward_nurse, now=NOW).id

    def tick(session: Session, stay: Stay) -> None:
        assess(session, stay, TICKED, library=library, by=cast.ward_nurse, now=NOW)

    def plan(session: Session, stay: Stay) -> None:
        planned = PlannedDischargeEntry(
            planned_discharge_on=PLANNED,
            planned_certainty=PlannedCertainty.FIXED,
            version=stay.version,
        )
        plan_discharge(session, stay, planned, library=library, by=cast.ward_nurse, now=NOW)

    def tell(session: Session, stay: Stay) -> None:
        handoff = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        send(session, stay, handoff, talked(), by=cast.ward_nurse, now=NOW)

    def take(session: Session, stay: Stay) -> None:
        handoff = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        confirm(session, stay, handoff, received_on=ADMITTED, by=cast.care_manager, now=NOW)

    def go(session: Session, stay: Stay) -> None:
        left = DischargeEntry(
            discharged_on=ADMITTED,
            destination=Destination.HOME,
            contacted=True,
            version=stay.version,
        )
        discharge(session, stay, left, library=library, by=cast.ward_nurse, now=NOW)

    # Each has found its handoff with one of them, as a page would.
    bounds: tuple[tuple[Verb, int], ...] = ((tick, 7), (plan, 10), (tell, 8), (take, 8), (go, 14))
    for verb, most in bounds:
        executed = executed_by(database, stay_id, verb)
        assert len(executed) <= most, (verb.__name__, executed)


def test_the_history_can_be_asked_in_the_middle_of_an_act(
    either: tuple[Database, Cast], library: Library
) -> None:
    database, cast = either
    with database.writing() as session:
        stay = admit(session, admission(cast), library=library, by=cast.ward_nurse, now=NOW)
        acts = [event.act for event in events_of(session, stay.id)]
    assert acts[:3] == [Act.STAY_PLAN_OFFICE, Act.STAY_ADMIT, Act.STAY_ASSESS]
    assert set(acts[3:]) == {Act.HANDOFF_OPEN}
