"""Each reason why something is not needed is kept, and a page shows all of them."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select, update

from handoffs.database import Database
from handoffs.decline import DeclineEntry, DeclineReason, decline
from handoffs.handoff import State, state
from handoffs.miss_reason import MissCause, state_miss_reason
from handoffs.passing import send
from handoffs.retraction import retract, undecline, unwaive
from handoffs.shown.former import FormerLine, former_lines
from handoffs.statement import Result
from handoffs.waiving import Waiving, waive
from rules import HandoffKind, Library
from tests.factories import admit_someone, handoff_of, talked
from tests.people import NOW, Cast

HOUR = timedelta(hours=1)


def _words(lines: tuple[FormerLine, ...]) -> list[tuple[str, bool]]:
    return [(line.words, line.stands) for line in lines]


def test_waiving_again_keeps_the_first_reason_and_both_are_shown(
    database: Database, library: Library, cast: Cast
) -> None:
    nurse = cast.ward_nurse
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        handoff = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        waive(session, handoff, reason="家族が届けた", by=nurse, now=NOW)
        session.flush()
        assert former_lines(session, nurse, stay) == ()
        unwaive(session, stay, handoff, library=library, by=nurse, now=NOW + HOUR)
        session.flush()
        assert _words(former_lines(session, nurse, stay)) == [("家族が届けた", False)]
        waive(session, handoff, reason="面会で話した", by=nurse, now=NOW + 2 * HOUR)
        session.flush()
        assert state(handoff, NOW) is State.WAIVED
        for reader in (nurse, cast.care_manager):
            lines = former_lines(session, reader, stay)
            assert _words(lines) == [("家族が届けた", False), ("面会で話した", True)]
            assert {line.about for line in lines} == {handoff.kind.label}
            assert {line.by for line in lines} == {nurse.name}


def test_a_reason_can_be_emptied_and_never_reworded(
    either: tuple[Database, Cast], library: Library
) -> None:
    database, cast = either
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        handoff = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        waive(session, handoff, reason="家族が届けた", by=cast.ward_nurse, now=NOW)
    with database.writing() as session:
        session.exec(update(Waiving).values(reason=""))
    for change in ({"reason": "別の理由"}, {"staff_id": None}):
        with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
            session.exec(update(Waiving).values(**change))
    with database.reading() as session:
        assert [row.reason for row in session.exec(select(Waiving))] == [""]


def test_an_answer_given_twice_is_shown_twice_to_both_sides(
    database: Database, library: Library, cast: Cast
) -> None:
    manager = cast.care_manager
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        handoff = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        send(session, stay, handoff, talked(result=Result.SENT), by=cast.ward_nurse, now=NOW)
        first = DeclineEntry(reason=DeclineReason.NOT_A_CLIENT)
        decline(session, stay, handoff, first, by=manager, now=NOW)
        session.flush()
        undecline(session, stay, handoff, by=manager, now=NOW + HOUR)
        second = DeclineEntry(reason=DeclineReason.OTHER, words="契約の前")
        decline(session, stay, handoff, second, by=manager, now=NOW + 2 * HOUR)
        session.flush()
        for reader in (cast.ward_nurse, manager):
            assert _words(former_lines(session, reader, stay)) == [
                (DeclineReason.NOT_A_CLIENT.label, False),
                ("そのほか　契約の前", True),
            ]


def test_causes_are_each_sides_own_and_the_earlier_one_stays(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        for cause in (MissCause.OUT_OF_HOURS, MissCause.PAPERS_CROSSED):
            state_miss_reason(session, stay, cause, by=cast.ward_nurse, now=NOW)
        session.flush()
        assert _words(former_lines(session, cast.social_worker, stay)) == [
            (MissCause.OUT_OF_HOURS.label, False),
            (MissCause.PAPERS_CROSSED.label, True),
        ]
        assert former_lines(session, cast.care_manager, stay) == ()


def test_a_statement_taken_back_is_read_by_whoever_made_it(
    database: Database, library: Library, cast: Cast
) -> None:
    nurse = cast.ward_nurse
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        handoff = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        said = send(session, stay, handoff, talked(content="言い間違い"), by=nurse, now=NOW)
        session.flush()
        retract(session, stay, said.id, library=library, by=nurse, now=NOW + HOUR)
        session.flush()
        (line,) = former_lines(session, nurse, stay)
        assert (line.words, line.stands) == ("話せた　言い間違い", False)
        assert former_lines(session, cast.care_manager, stay) == ()
