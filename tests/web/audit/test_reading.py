"""Every page that shows a person is entered with whom it showed, whoever wrote the page."""

from collections.abc import Callable

from flask import Flask
from sqlmodel import col, select

from handoffs.database import Database
from handoffs.history import Act, Event, names_of
from rules import Library
from tests.conftest import MARK
from tests.factories import admit_someone
from tests.people import Cast
from tests.web.page import Visitor
from tests.web.test_routes import ids, routes

__all__ = ["ids"]

Enter = Callable[[str], Visitor]
FEWEST = 14
"""Pages that show the person of the test. Fewer would mean that the walk has lost its way."""


def readings(database: Database, after: int) -> list[Event]:
    """What was entered since, of those acts that are about a person."""
    with database.reading() as session:
        query = select(Event).where(col(Event.id) > after).order_by(col(Event.id))
        return list(session.exec(query))


def last(database: Database) -> int:
    """The last event."""
    with database.reading() as session:
        return session.exec(select(Event.id).order_by(col(Event.id).desc())).first() or 0


def test_every_page_that_shows_a_person_is_entered_with_whom_it_showed(
    app: Flask, enter: Enter, cast: Cast, database: Database, ids: dict[str, str]
) -> None:
    visitor, stay_id = enter("discharge_nurse"), int(ids["<int:stay_id>"])
    with app.app_context():
        paths = [
            path
            for _, method, path, _ in routes(app, ids)
            if method == "GET" and not path.endswith(".pdf")  # Each takes seconds.
        ]
    showed = 0
    for path in paths:
        before = last(database)
        response = visitor.client.get(path)
        if response.status_code != 200 or MARK.encode() not in response.data:
            continue
        showed += 1
        entered = readings(database, before)
        seen = {one.stay_id for one in entered} | {
            stay for one in entered for stay in names_of(one.shown)[0]
        }
        assert stay_id in seen, f"{path} showed somebody and nobody wrote it down"
        assert {one.staff_id for one in entered} == {cast.discharge_nurse.staff_id}, path
        assert any(one.page for one in entered), path
        assert len(entered) <= 2, f"{path} writes a row for each of many"
    assert showed >= FEWEST, showed


def test_a_list_is_one_entry_with_everybody_whom_it_showed(
    enter: Enter, cast: Cast, database: Database, library: Library
) -> None:
    with database.writing() as session:
        stays = [admit_someone(session, library, cast).id for _ in range(3)]
    before = last(database)
    enter("ward_nurse").open("/stays")
    entered = [one for one in readings(database, before) if one.act is Act.STAY_LIST]
    assert [names_of(one.shown)[0] for one in entered] == [stays]


def test_a_form_that_comes_back_with_a_mistake_is_entered_and_a_refusal_is_not(
    enter: Enter, database: Database, ids: dict[str, str]
) -> None:
    path = f"/stays/{ids['<int:stay_id>']}"
    nurse = enter("ward_nurse")
    form = nurse.open(f"{path}/discharge").form(f"{path}/discharge")
    before = last(database)
    form.submit(422)
    (entered,) = readings(database, before)
    assert entered.page == "discharges.leave_posted"
    before = last(database)
    enter("other_nurse").open(path, 404)
    assert not [one for one in readings(database, before) if one.stay_id or one.shown]
