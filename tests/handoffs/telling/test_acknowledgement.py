"""対応中: by whom, until when, and that it is the turn's own side."""

import pytest
from sqlmodel import select

from handoffs.database import Database
from handoffs.errors import NotPermitted
from handoffs.handoff import Handoff, State, state
from handoffs.history import Act, Event
from handoffs.stays.stay import Stay
from handoffs.telling.acknowledgement import acknowledge, acknowledged_until
from tests.handoffs.notices import owe, stay_in_charge, tokyo
from tests.people import Cast

AT = tokyo(19, 11)


def made(database: Database, cast: Cast, **columns: object) -> int:
    with database.writing() as session:
        return owe(session, stay_in_charge(session, cast), **columns).id


def take_up(database: Database, handoff_id: int, cast: Cast, who: str) -> None:
    with database.writing() as session:
        handoff = session.get_one(Handoff, handoff_id)
        stay = session.get_one(Stay, handoff.stay_id)
        acknowledge(session, stay, handoff, by=cast.people[who], now=AT)


def test_it_lasts_two_open_days_and_changes_nothing_of_the_handoff(
    database: Database, cast: Cast
) -> None:
    handoff_id = made(database, cast)
    take_up(database, handoff_id, cast, "ward_nurse")

    with database.reading() as session:
        handoff = session.get_one(Handoff, handoff_id)
        (event,) = session.exec(select(Event).where(Event.act == Act.HANDOFF_ACKNOWLEDGE)).all()
        # Saturday, Sunday and a public holiday lie between.
        assert acknowledged_until(session, [handoff]) == {handoff_id: tokyo(24, 8, 30)}
    assert state(handoff, tokyo(21, 1)) is State.MISSED
    assert event.staff_id == cast.ward_nurse.staff_id


@pytest.mark.parametrize(
    ("columns", "who"),
    [
        ({}, "care_manager"),
        ({"sent_at": AT}, "ward_nurse"),
        ({"sent_at": AT, "declined_at": AT}, "care_manager"),
        ({"waived_at": AT}, "ward_nurse"),
        ({"withdrawn_at": AT}, "ward_nurse"),
        ({"sent_at": AT, "confirmed_at": AT}, "care_manager"),
    ],
)
def test_only_the_side_whose_turn_it_is_takes_it_up(
    database: Database, cast: Cast, columns: dict[str, object], who: str
) -> None:
    handoff_id = made(database, cast, **columns)

    with pytest.raises(NotPermitted):
        take_up(database, handoff_id, cast, who)


def test_what_was_sent_since_then_is_not_taken_up_any_more(database: Database, cast: Cast) -> None:
    handoff_id = made(database, cast)
    take_up(database, handoff_id, cast, "ward_nurse")
    with database.writing() as session:
        session.get_one(Handoff, handoff_id).sent_at = tokyo(19, 14)

    with database.reading() as session:
        handoff = session.get_one(Handoff, handoff_id)
        assert acknowledged_until(session, [handoff]) == {}
