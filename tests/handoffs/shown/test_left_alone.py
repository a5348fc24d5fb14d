"""Whoever left without a known contact, found by columns: the same people as by whole dossiers.

Many stays drawn at random; also that the list of work, which leaves out in the question whoever
asks nobody for anything, lists no other people than it did.
"""

import random
from datetime import date, time, timedelta
from unittest.mock import patch

from sqlmodel import Session, col, select

import handoffs.shown.worklist as work
from handoffs.access import visible_stays
from handoffs.database import Database
from handoffs.decision.assessment import Assessment, Occasion
from handoffs.parties import Actor
from handoffs.plan_office import PlanStatus
from handoffs.shown.dossier import dossiers_of
from handoffs.shown.left_alone import LOOK_BACK, left_alone
from handoffs.shown.worklist import clients_of
from handoffs.statement import Result, Side, Statement, Topic
from handoffs.stays.stay import Destination, Stay
from rules import Coordination, HandoffKind, Library
from tests.factories import make_handoff, make_statement, make_stay
from tests.people import NOW, Cast

TODAY = date(2026, 11, 20)
STAYS = 150


def draw(session: Session, cast: Cast, chance: random.Random) -> None:
    """One stay: gone or not, told of or not, taken back, excluded, to be done or done."""
    left_on = chance.choice([None, *(TODAY - timedelta(days=days) for days in (0, 3, 31, 32))])
    stay = make_stay(
        session,
        cast,
        admitted_on=TODAY - timedelta(days=40),
        plan=chance.choice(list(PlanStatus)),
        care_manager=chance.choice([None, cast.care_manager]),
        discharged_on=left_on,
        discharged_time=chance.choice([None, time(11)]) if left_on else None,
        destination=chance.choice(list(Destination)) if left_on else None,
        wants_no_contact=chance.random() < 0.1,
    )
    for _ in range(chance.randrange(3)):
        said = make_statement(
            session,
            stay,
            chance.choice(list(Side)),
            chance.choice(list(Result)),
            on=(left_on or TODAY) + timedelta(days=chance.choice([-2, 0, 1])),
            at=chance.choice([None, time(9), time(15)]),
            topic=chance.choice(list(Topic)),
        )
        if chance.random() < 0.2:
            back = said.model_dump(exclude={"id", "retracts_id"})
            session.add(Statement(**back, retracts_id=said.id))
    for excluded in chance.choices([True, False], k=chance.randrange(3)):
        session.add(
            Assessment(
                stay_id=stay.id,
                occasion=Occasion.CHANGE,
                region=stay.region,
                edition_in_force="2024-04-01",
                edition_digest="",
                coordination=Coordination.NOT_REQUIRED,
                excluded=excluded,
                made_at=NOW,
            )
        )
    for kind in chance.choices(list(HandoffKind), k=chance.randrange(3)):
        done = {"waived_at": NOW} if chance.random() < 0.5 else {}
        make_handoff(session, stay, kind=kind, due_on=TODAY, **done)


def by_dossier(session: Session, actor: Actor) -> set[int]:
    stays = session.exec(
        visible_stays(actor).where(col(Stay.discharged_on) >= TODAY - LOOK_BACK)
    ).all()
    return {
        one.stay.id
        for one in dossiers_of(session, stays)
        if one.asks_for_contact and not one.contact.took_place
    }


def test_by_columns_and_by_dossiers_the_same_people_are_found(
    database: Database, cast: Cast, library: Library
) -> None:
    chance = random.Random(7)
    with database.writing() as session:
        for _ in range(STAYS):
            draw(session, cast, chance)
    with database.reading() as session:
        for actor in (cast.ward_nurse, cast.care_manager, cast.other_nurse):
            found = left_alone(session, actor, today=TODAY)
            assert set(found) == by_dossier(session, actor)
            days = {one.id: one.discharged_on or TODAY for one in session.exec(select(Stay))}
            assert [days[one] for one in found] == sorted(days[one] for one in found)
            listed = clients_of(session, actor, library=library, now=NOW)
            with patch.object(work, "_may_ask", lambda _: [col(Stay.id).is_not(None)]):
                assert clients_of(session, actor, library=library, now=NOW) == listed
        assert len(left_alone(session, cast.ward_nurse, today=TODAY)) > STAYS / 20
        assert len(clients_of(session, cast.ward_nurse, library=library, now=NOW)) > STAYS / 10
