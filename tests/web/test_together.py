"""Eight people at once at one case: nothing is overwritten in silence, and nothing is lost.

Four move the planned date, one field that all of them want; four others each put right a field
of their own. Each goes on when somebody else was first: whoever wants the same field sees both
and says which; whoever wants another field is never asked.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlmodel import col, select
from werkzeug.test import TestResponse

from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.parties import Actor, Role, Staff, actor_of
from handoffs.stays.amendment import particulars_of
from handoffs.stays.stay import Stay
from rules import Library
from tests.factories import admit_someone
from tests.people import NOW, Cast
from tests.web.page import Form, Page, Visitor

FIRST = date(2026, 12, 1)
DAYS = 300
TRIES = 200
MOST_CLICKS = 10


def colleagues(database: Database, cast: Cast) -> list[Actor]:
    """Eight nurses of one hospital."""
    with database.writing() as session:
        staff = [
            Staff(
                organization_id=cast.hospital_id,
                role=Role.WARD_NURSE,
                name=f"見本 {number}",
                sign_in_name=f"colleague-{number}",
                password_hash="x",
            )
            for number in range(8)
        ]
        session.add_all(staff)
        session.flush()
        found = [actor_of(session, one.id) for one in staff]
    return [one for one in found if one is not None]


def clicked(visitor: Visitor, form: Form) -> TestResponse:
    """Send a form; where the page says that nothing was registered, click once more as it asks.

    On a machine that is busy with other things SQLite's lock may be waited for in vain.
    """
    for _ in range(MOST_CLICKS):
        answer = visitor.client.post(form.action, data=dict(form.fields))
        if answer.status_code != 503:
            return answer
        assert "何も登録されていません" in answer.get_data(as_text=True)
    raise AssertionError("never came through")


def mover(app: Flask, who: Actor, stay_id: int, times: int, offset: int) -> list[tuple[str, str]]:
    """Move the planned date; what was seen, or knowingly replaced, and what was acknowledged."""
    visitor, done = Visitor(app).arrive(who, NOW), []
    for number in range(times):
        day = FIRST + timedelta(days=(offset + number * 4) % DAYS)
        page = visitor.open(f"/stays/{stay_id}/planned-discharge")
        form = page.form(page.path)
        seen = form.value("seen")
        form = form.fill(planned_discharge_on=day.isoformat(), planned_certainty="about")
        for _ in range(TRIES):
            answer = clicked(visitor, form)
            if answer.status_code == 303:
                done.append((seen, f"{day.isoformat()}/about"))
                break
            assert answer.status_code == 409
            page = Page(visitor, answer)
            form = page.form(form.action)
            seen = form.value("seen")
            offered = {one["value"] for one in form.node.all("input") if one["name"] == "planned"}
            assert f"{day.isoformat()}/about" in offered
            assert len(offered) >= 2
            form = form.fill(planned=f"{day.isoformat()}/about")
        else:
            raise AssertionError("never came through")
    return done


def own_field(
    app: Flask, who: Actor, stay_id: int, times: int, field: str, value: Callable[[int], str]
) -> str:
    """Put right a field that nobody else touches; the last value that was acknowledged."""
    visitor = Visitor(app).arrive(who, NOW)
    for number in range(times):
        page = visitor.open(f"/stays/{stay_id}/particulars")
        form = page.form(page.path).fill(**{field: value(number)})
        answer = clicked(visitor, form)
        assert answer.status_code == 303, f"{field}: {answer.status_code}"
    return value(times - 1)


OWN: dict[str, Callable[[int], str]] = {
    "municipality": lambda number: f"見本{number}市",
    "insured_number": lambda number: f"{number:010d}",
    "valid_until": lambda number: (date(2027, 1, 1) + timedelta(days=number % DAYS)).isoformat(),
    "care_level": lambda number: f"care_{number % 5 + 1}",
}


@pytest.mark.parametrize("edits", [24, pytest.param(1000, marks=pytest.mark.long)])
def test_eight_people_who_edit_one_case_overwrite_nothing_in_silence(
    app: Flask, database: Database, library: Library, cast: Cast, edits: int
) -> None:
    people = colleagues(database, cast)
    with database.writing() as session:
        stay_id = admit_someone(session, library, cast).id
    each = edits // len(people)

    with ThreadPoolExecutor(len(people)) as threads:
        moved = [
            threads.submit(mover, app, who, stay_id, each, offset)
            for offset, who in enumerate(people[:4])
        ]
        righted = {
            field: threads.submit(own_field, app, who, stay_id, each, field, value)
            for who, (field, value) in zip(people[4:], OWN.items(), strict=True)
        }
        acknowledged = [one.result() for one in moved]
        last = {field: one.result() for field, one in righted.items()}

    with database.reading() as session:
        told = session.exec(
            select(Event).where(Event.act == Act.STAY_PLAN_DISCHARGE).order_by(col(Event.id))
        ).all()
        stay = session.get_one(Stay, stay_id)
        now_so = particulars_of(session, stay)
    # One line of changes, each from what the last one left.
    assert [event.detail["from"] for event in told[1:]] == [e.detail["to"] for e in told[:-1]]
    assert str(stay.planned_discharge_on) == told[-1].detail["to"]
    for who, theirs in zip(people[:4], acknowledged, strict=True):
        mine = [event for event in told if event.staff_id == who.staff_id]
        assert [str(event.detail["to"]) for event in mine] == [
            said.partition("/")[0] for _, said in theirs
        ]
        for event, (seen, _) in zip(mine, theirs, strict=True):
            before = str(event.detail["from"] or "")
            assert f"planned={before}%2F" in seen, "somebody's date was replaced unseen"
    assert now_so.residence is not None
    assert now_so.residence.municipality == last["municipality"]
    assert now_so.insured_number == last["insured_number"]
    assert str(now_so.valid_until) == last["valid_until"]
    assert now_so.care_level.value == last["care_level"]
