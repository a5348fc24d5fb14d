from collections.abc import Callable

from flask import Flask

from handoffs.access import find_stay
from handoffs.database import Database
from handoffs.passing import send
from handoffs.provision.given import NO_ANSWER
from handoffs.provision.outputs import OF_FILE
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import admit_someone, handoff_of, talked
from tests.people import NOW, Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]


def test_every_address_that_gives_out_a_file_is_in_the_table_of_outputs(app: Flask) -> None:
    files = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "." in rule.rule.rsplit("/", 1)[1] and rule.endpoint != "static"
    }
    assert files - OF_FILE.keys() == set(), "say in handoffs/provision/outputs.py what it gives out"
    assert OF_FILE.keys() - files == set()


def test_the_hospital_shows_the_person_what_was_told_to_whom(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay_id = admit_someone(session, library, cast).id
    nurse, path = enter("ward_nurse"), f"/stays/{stay_id}/provisions"
    assert "まだありません" in nurse.open(path).text
    with database.writing() as session:
        stay = find_stay(session, cast.ward_nurse, stay_id)
        told = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        send(session, stay, told, talked(), by=cast.ward_nurse, now=NOW)
    enter("care_manager").open(f"/stays/{stay_id}")
    page = nurse.open(path)
    for word in (cast.care_manager.organization, "電話", "つなぎの画面", NO_ANSWER):
        assert word in page.text
    assert "外部へ伝えた記録" in nurse.open(f"/stays/{stay_id}/sheets").text
    file = nurse.fetch(f"{path}.csv")
    assert MARK not in file.text
    assert file.text.count("\r\n") == 3
    for name, status in (("care_manager", 403), ("other_nurse", 404), ("health_officer", 403)):
        enter(name).open(path, status)
        enter(name).fetch(f"{path}.csv", status)
