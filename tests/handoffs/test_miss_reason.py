import pytest

from handoffs.database import Database
from handoffs.errors import BadEntry
from handoffs.history import events_of
from handoffs.miss_reason import MissCause, causes_of, counted, state_miss_reason
from handoffs.shown.unsettled import unsettled_of
from handoffs.statement import Side
from handoffs.stays.stay import Destination
from tests.factories import make_stay
from tests.people import NOW, Cast


def test_the_latest_choice_of_a_side_counts_and_the_other_sides_is_its_own(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        home = Destination.HOME
        stay = make_stay(session, cast, discharged_on=NOW.date(), destination=home)
        nurse, manager = cast.ward_nurse, cast.care_manager
        for cause in (MissCause.OTHER, MissCause.OUT_OF_HOURS):
            state_miss_reason(session, stay, cause, by=nurse, now=NOW, words="休日")
        state_miss_reason(session, stay, MissCause.PAPERS_CROSSED, by=manager, now=NOW)
        session.flush()
        assert causes_of(session, [stay.id], Side.HOSPITAL) == {stay.id: MissCause.OUT_OF_HOURS}
        (one,) = unsettled_of(session, nurse, [], today=NOW.date())
        assert one.cause is MissCause.OUT_OF_HOURS
        assert "休日" not in str([e.detail for e in events_of(session, stay.id)])


def test_causes_are_counted_the_most_frequent_first() -> None:
    causes = [MissCause.OTHER, None, MissCause.SUDDEN_DISCHARGE, MissCause.SUDDEN_DISCHARGE]
    assert counted(causes) == ((MissCause.SUDDEN_DISCHARGE, 2), (MissCause.OTHER, 1))


def test_words_that_no_column_could_hold_are_refused(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        with pytest.raises(BadEntry):
            state_miss_reason(
                session, stay, MissCause.OTHER, by=cast.ward_nurse, now=NOW, words="長" * 201
            )
