"""What was said before, the next hospital's answer, one's own line, and a cause on the worklist."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import time_machine

from handoffs.database import Database
from handoffs.parties import Organization
from handoffs.stays.consent import ConsentAnswer, ConsentGround
from handoffs.stays.stay import Destination
from rules import HandoffKind, Library
from tests.factories import admit_someone, handoff_of, leave
from tests.people import NOW, Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]
NURSE = "ward_nurse"
AGREED: dict[str, Any] = {"consent": ConsentAnswer.GIVEN, "consent_ground": ConsentGround.ORAL}


def test_two_reasons_why_something_is_not_needed_stand_on_the_page(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        handoff_id = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE).id
        stay_id = stay.id
    nurse = enter("ward_nurse")
    waive = f"/handoffs/{handoff_id}/waive"
    nurse.open(waive).form(waive).fill(reason="家族が届けた").submit()
    nurse.open(f"/stays/{stay_id}").form(f"/handoffs/{handoff_id}/undo-waive").submit()
    page = nurse.open(waive).form(waive).fill(reason="面会で話した").submit()
    assert "不要とした理由: 面会で話した" in page.all_text
    assert "家族が届けた" in page.all_text
    assert "いまは取り消し" in page.all_text


def test_the_next_hospital_answers_and_the_earlier_one_is_led_to_its_discharge(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, **AGREED)
        to = {"destination": Destination.OTHER_HOSPITAL, "next_hospital_id": cast.other_hospital_id}
        leave(session, library, cast, stay, now=NOW, **to)
        stay_id = stay.id
        telephone = session.get_one(Organization, cast.other_hospital_id).telephone
    told = enter("care_manager").open("/worklist").text
    assert "転院先" in told
    for text in (told, *(enter(n).open(f"/stays/{stay_id}").text for n in ("care_manager", NURSE))):
        assert telephone in text, "whom to ring in the next hospital"
    other = enter("other_nurse")
    form = other.open("/stays").form(f"/stays/{stay_id}/transfer-refusal")
    page = form.press("転院の予定が変わった")
    assert "返事: 転院の予定が変わった" in page.all_text
    board = enter("ward_nurse").open("/stays")
    assert "転院先から返事のあった方" in board.text
    assert "転院の予定が変わった" in enter("ward_nurse").open(f"/stays/{stay_id}").text
    other.open("/stays").form(f"/stays/{stay_id}/transfer-refusal/undo").submit()
    assert "転院先から返事のあった方" not in enter("ward_nurse").open("/stays").text


def test_ones_own_line_stands_on_every_page_about_the_stay(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay_id = admit_someone(session, library, cast).id
    nurse = enter("ward_nurse")
    form = nurse.open("/own-line").form("/own-line")
    form.fill(direct_line="000-0000-0007", reachable="平日 9:00–16:00").submit()
    for path in ("", "/leave", "/particulars", "/discharge", "/handoffs/new", "/correction"):
        page = nurse.open(f"/stays/{stay_id}{path}")
        assert "000-0000-0007" in page.text
        assert "平日 9:00–16:00" in page.text
    assert "000-0000-0007" in enter("care_manager").open("/worklist").text


def test_what_stood_in_the_way_is_two_clicks_on_the_worklist(
    enter: Enter,
    database: Database,
    library: Library,
    cast: Cast,
    clock: time_machine.Traveller,
) -> None:
    with database.writing() as session:
        stay_id = admit_someone(session, library, cast).id
    clock.shift(timedelta(days=9))
    nurse = Visitor(enter("ward_nurse").app).arrive(cast.ward_nurse, NOW + timedelta(days=9))
    form = nurse.open("/worklist").form(f"/stays/{stay_id}/miss-reason")
    page = form.press("夜間・休日の入院だった")
    assert "事情: 夜間・休日の入院だった" in page.all_text
    assert "やることの一覧" in page.text
