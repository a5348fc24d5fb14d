from datetime import timedelta

from handoffs.database import Database
from handoffs.decision.assessment import assessment_of
from handoffs.decision.circumstances import circumstances_of
from handoffs.decision.standpoint import standpoint
from handoffs.moved import moments_as_json
from handoffs.plan_office import PlanOffice, PlanStatus, replace_plan_office
from handoffs.stays.admission import admit
from handoffs.stays.consent import Consent, ConsentAnswer, ConsentGround
from handoffs.stays.leave import LeaveKind
from handoffs.stays.leave_taking import LeaveEntry, go_on_leave
from handoffs.stays.stay import PlannedCertainty, Stay
from rules import Library
from tests.factories import ADMITTED, admission, admit_someone, make_stay
from tests.people import NOW, Cast


def test_an_admission_is_decided_from_what_the_record_says_of_it_afterwards(
    either: tuple[Database, Cast], library: Library
) -> None:
    database, cast = either
    entry = admission(
        cast,
        consent=ConsentAnswer.GIVEN,
        in_region=False,
        planned_discharge_on=ADMITTED + timedelta(days=9),
        planned_certainty=PlannedCertainty.ABOUT,
    )
    with database.writing() as session:
        stay_id = admit(session, entry, library=library, by=cast.ward_nurse, now=NOW).id
    with database.reading() as session:
        made, stay = assessment_of(session, stay_id), session.get_one(Stay, stay_id)
        assert made is not None
        known = circumstances_of(session, stay)
        here = standpoint(stay, {}, known, required_at=made.made_at, library=library, now=NOW)
        assert dict(here.facts.given) == made.facts
        assert moments_as_json(here.moments) == made.outcome["moments"]
        assert (known.hospital.id, known.wards[0].id) == (cast.hospital_id, cast.ward_id)
        assert known.office is not None
        assert known.office.id == cast.office_id


def test_the_latest_row_of_each_kind_counts(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay, other = make_stay(session, cast), make_stay(session, cast)
        replace_plan_office(
            session, PlanOffice(stay_id=stay.id, status=PlanStatus.UNASSIGNED, recorded_at=NOW)
        )
        for answer in (ConsentAnswer.GIVEN, ConsentAnswer.WITHHELD):
            session.add(
                Consent(
                    stay_id=stay.id,
                    answer=answer,
                    ground=ConsentGround.ORAL,
                    answered_on=ADMITTED,
                    recorded_at=NOW,
                )
            )
            session.flush()
        known, beside = circumstances_of(session, stay), circumstances_of(session, other)
        assert known.consent is ConsentAnswer.WITHHELD
        assert known.plan is not None
        assert (known.plan.status, known.office) == (PlanStatus.UNASSIGNED, None)
        assert beside.consent is None
        assert beside.plan is not None
        assert beside.plan.status is PlanStatus.ASSIGNED


def test_who_is_away_is_away_until_they_come_back(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        assert circumstances_of(session, stay).leave is None
        entry = LeaveEntry(kind=LeaveKind.OVERNIGHT, left_on=ADMITTED, version=stay.version)
        leave = go_on_leave(session, stay, entry, by=cast.ward_nurse, now=NOW)
        session.flush()
        assert circumstances_of(session, stay).leave is leave
        leave.returned_on = ADMITTED
        session.flush()
        assert circumstances_of(session, stay).leave is None
