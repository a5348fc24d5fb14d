"""A centre's caseload, and the steps that it states and a hospital reads."""

from collections.abc import Callable

import pytest

from handoffs.database import Database
from handoffs.plan_office import PlanStatus
from rules import HandoffKind, Party
from tests.factories import make_handoff, make_stay
from tests.people import NOW, Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]


@pytest.fixture
def stays(database: Database, cast: Cast) -> dict[str, int]:
    """Somebody of each group, and one about whom a hospital turned to the centre."""
    with database.writing() as session:
        own = make_stay(session, cast, organization_id=cast.center_id, center_id=cast.center_id)
        copied = make_stay(
            session,
            cast,
            care_manager=cast.care_manager,
            via_center_id=cast.center_id,
            center_id=cast.other_center_id,
        )
        told = make_stay(session, cast, plan=PlanStatus.UNASSIGNED, center_id=cast.center_id)
        make_handoff(
            session,
            told,
            kind=HandoffKind.REFERRAL,
            receiver=Party.COMMUNITY_SUPPORT_CENTER,
            receiver_id=cast.center_id,
            sent_at=NOW,
        )
        unseen = make_stay(session, cast, plan=PlanStatus.UNASSIGNED, center_id=cast.center_id)
        return {"own": own.id, "copied": copied.id, "told": told.id, "unseen": unseen.id}


def test_the_caseload_counts_by_who_plans_and_by_district(
    enter: Enter, stays: dict[str, int]
) -> None:
    page = enter("center_staff").open("/caseload")
    words = page.text.replace(" ", "")
    assert "入院中3人" in words
    assert "直営（このセンターが担当）1人0人0人1人" in words
    assert "見本ケアプランセンター委託先0人1人0人1人" in words
    assert "相談・申請中（担当はまだ）1人0人0人1人" in words
    links = page.links.values()
    assert f"/stays/{stays['told']}" in links
    assert f"/stays/{stays['unseen']}" not in links


def test_a_step_is_read_by_the_hospital_and_taken_back_by_the_centre(
    enter: Enter, stays: dict[str, int], cast: Cast
) -> None:
    center, path = enter("center_staff"), f"/stays/{stays['told']}"
    form = center.open(f"{path}/steps").form(f"{path}/steps")
    assert form.value("step") == "applied"
    form.submit()
    form = center.open(f"{path}/steps").form(f"{path}/steps")
    assert form.value("step") == "surveyed"
    page = form.fill(step="certified", happened_on="R8.11.19", level="support_1").submit()
    assert "認定までの歩みを記録しました" in page.text
    form = center.open(f"{path}/steps").form(f"{path}/steps")
    form.fill(step="assigned", office_id=str(cast.office_id)).submit()
    nurse = enter("ward_nurse")
    seen = nurse.open(path)
    assert "認定の結果が出た 11/19(木) 要支援1" in " ".join(seen.text.split())
    assert "調査 未記録" in seen.text
    assert "担当の事業所が決まった" in seen.text
    assert "見本ケアプランセンター" in seen.text
    assert not [f for f in seen.forms() if "/steps/" in f.action]
    page = center.open(path)
    undo = next(f.action for f in page.forms() if "/steps/" in f.action)
    page = page.form(undo).submit()
    assert "申請 未記録" in nurse.open(path).text
    nurse.open(f"{path}/steps", 403)
    enter("care_manager").open("/caseload", 403)
    enter("other_center_staff").open(f"{path}/steps", 404)


def test_a_step_of_tomorrow_is_refused_beside_its_field(
    enter: Enter, stays: dict[str, int]
) -> None:
    path = f"/stays/{stays['own']}/steps"
    form = enter("center_staff").open(path).form(path)
    assert set(form.fill(happened_on="R8.11.21").submit(422).errors) == {"happened_on"}
