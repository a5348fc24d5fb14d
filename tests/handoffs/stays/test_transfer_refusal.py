"""The next hospital says that somebody does not come, and the earlier one sees it until mended."""

from typing import Any

import pytest
from sqlmodel import Session

from handoffs.database import Database
from handoffs.errors import NotPermitted, NotVisible
from handoffs.handoff import State, state
from handoffs.stays.consent import ConsentAnswer, ConsentGround
from handoffs.stays.discharge import DischargeEntry
from handoffs.stays.discharge_undo import correct_discharge, undo_discharge
from handoffs.stays.stay import Destination, Stay
from handoffs.stays.transfer import coming_to, take_over
from handoffs.stays.transfer_answer import TransferReason
from handoffs.stays.transfer_refusal import (
    refuse_transfer,
    refused_transfers,
    take_back_refusal,
)
from handoffs.tokyo import day_of
from rules import HandoffKind, Library, Party
from tests.factories import admit_someone, leave, make_handoff
from tests.people import NOW, Cast

AGREED: dict[str, Any] = {"consent": ConsentAnswer.GIVEN, "consent_ground": ConsentGround.ORAL}


def _announced(session: Session, library: Library, cast: Cast) -> Stay:
    stay = admit_someone(session, library, cast, **AGREED)
    to = {"destination": Destination.OTHER_HOSPITAL, "next_hospital_id": cast.other_hospital_id}
    leave(session, library, cast, stay, now=NOW, **to)
    session.flush()
    return stay


def _refuse(session: Session, cast: Cast, stay: Stay) -> None:
    refuse_transfer(session, stay.id, TransferReason.CHANGED, by=cast.other_nurse, now=NOW)
    session.flush()


def test_the_answer_stands_on_both_lists_until_it_is_taken_back(
    database: Database, library: Library, cast: Cast
) -> None:
    nurse = cast.other_nurse
    with database.writing() as session:
        stay = _announced(session, library, cast)
        _refuse(session, cast, stay)
        _refuse(session, cast, stay)
        (coming,) = coming_to(session, nurse, now=NOW)
        assert coming.answer is TransferReason.CHANGED
        (refused,) = refused_transfers(session, cast.ward_nurse)
        assert (refused.stay_id, refused.reason) == (stay.id, TransferReason.CHANGED)
        assert refused_transfers(session, nurse) == ()
        # Whoever plans the care learns of it too; the person may be at home.
        assert len(refused_transfers(session, cast.care_manager)) == 1
        assert refused_transfers(session, cast.outsider) == ()
        for _ in range(2):
            take_back_refusal(session, stay.id, by=nurse, now=NOW)
            session.flush()
        assert refused_transfers(session, cast.ward_nurse) == ()
        assert coming_to(session, nurse, now=NOW)[0].answer is None


def test_whoever_was_answered_not_to_come_cannot_be_taken_in_by_mistake(
    database: Database, library: Library, cast: Cast
) -> None:
    given: dict[str, Any] = {"ward_id": cast.foreign_ward_id, "library": library, "now": NOW}
    with database.writing() as session:
        stay = _announced(session, library, cast)
        _refuse(session, cast, stay)
        with pytest.raises(NotPermitted, match="先に返事を取り消して"):
            take_over(session, stay.id, by=cast.other_nurse, **given)
        take_back_refusal(session, stay.id, by=cast.other_nurse, now=NOW)
        take_over(session, stay.id, by=cast.other_nurse, **given)


@pytest.mark.parametrize("undone", [True, False])
def test_putting_the_discharge_right_ends_the_answer(
    database: Database, library: Library, cast: Cast, *, undone: bool
) -> None:
    nurse = cast.ward_nurse
    with database.writing() as session:
        stay = _announced(session, library, cast)
        _refuse(session, cast, stay)
        if undone:
            version = stay.version
            undo_discharge(session, stay, version=version, library=library, by=nurse, now=NOW)
        else:
            entry = DischargeEntry(
                discharged_on=day_of(NOW), destination=Destination.HOME, version=stay.version
            )
            correct_discharge(session, stay, entry, library=library, by=nurse, now=NOW)
        session.flush()
        assert refused_transfers(session, nurse) == ()
        assert coming_to(session, cast.other_nurse, now=NOW) == ()


def test_a_handoff_that_told_of_the_transfer_is_declined_with_it(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = _announced(session, library, cast)
        told = make_handoff(
            session,
            stay,
            kind=HandoffKind.TRANSFER_NOTICE,
            receiver=Party.NEXT_HOSPITAL,
            receiver_id=cast.other_hospital_id,
            sent_at=NOW,
        )
        _refuse(session, cast, stay)
        assert state(told, NOW) is State.DECLINED
        take_back_refusal(session, stay.id, by=cast.other_nurse, now=NOW)
        assert state(told, NOW) is State.SENT


@pytest.mark.parametrize("who", ["ward_nurse", "care_manager", "outsider", "health_officer"])
def test_nobody_else_can_answer(database: Database, library: Library, cast: Cast, who: str) -> None:
    with database.writing() as session:
        stay = _announced(session, library, cast)
        with pytest.raises((NotPermitted, NotVisible)):
            refuse_transfer(session, stay.id, TransferReason.OTHER, by=cast.people[who], now=NOW)
