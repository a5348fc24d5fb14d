from handoffs.database import Database
from handoffs.history import Act, events_of
from handoffs.stays.certification_steps import Step, StepEntry, state_step, steps_shown
from tests.factories import make_stay
from tests.people import NOW, Cast


def test_a_centre_takes_back_its_own_step_alone_and_each_taking_back_is_an_event(
    database: Database, cast: Cast
) -> None:
    entry = StepEntry(Step.APPLIED, NOW.date())
    with database.writing() as session:
        stay = make_stay(session, cast, center_id=cast.center_id)
        first = state_step(session, stay, entry, by=cast.other_center_staff, now=NOW)
        second = state_step(session, stay, entry, by=cast.center_staff, now=NOW)
        assert first.retracted_at is None
        (shown, *_) = steps_shown(session, cast.center_staff, stay.id)
        assert (shown.id, shown.may_retract) == (second.id, True)
        third = state_step(session, stay, entry, by=cast.center_staff, now=NOW)
        assert (first.retracted_at, second.retracted_at) == (None, NOW)
        session.flush()
        taken = [e for e in events_of(session, stay.id) if e.act is Act.STEP_RETRACT]
        assert [event.detail["statement"] for event in taken] == [second.id]
        assert steps_shown(session, cast.other_center_staff, stay.id)[0].id == third.id
