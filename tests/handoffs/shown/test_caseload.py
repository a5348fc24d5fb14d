from handoffs.database import Database
from handoffs.plan_office import PlanStatus
from handoffs.shown.caseload import Way, caseload_of
from rules import HandoffKind, Party
from tests.factories import make_handoff, make_stay
from tests.people import NOW, Cast


def test_who_has_another_office_waits_for_nobody_at_the_centre(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        for plan in (PlanStatus.ASSIGNED, PlanStatus.UNASSIGNED):
            stay = make_stay(session, cast, plan=plan, center_id=cast.center_id)
            make_handoff(
                session,
                stay,
                kind=HandoffKind.REFERRAL,
                receiver=Party.COMMUNITY_SUPPORT_CENTER,
                receiver_id=cast.center_id,
                sent_at=NOW,
            )
    with database.reading() as session:
        groups = caseload_of(session, cast.center_staff, NOW).groups
    counted = {group.way: [line.office for line in group.lines] for group in groups if group.lines}
    assert counted == {Way.TURNED_TO: [""], Way.ELSEWHERE: ["見本ケアプランセンター"]}
