import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from handoffs import long_work
from handoffs.access import Permission
from handoffs.database import Database
from handoffs.policy import PUBLIC, door_of
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import admit_someone, handoff_of
from tests.people import NOW, Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]

PUBLIC_ROUTES = {
    "/",
    "/health",
    "/join",
    "/invited",
    "/invited/set-up",
    "/l/<secret>",
    "/l/<secret>/declined",
    "/l/<secret>/received",
    "/l/<secret>/times",
    "/sign-in",
    "/sign-in/passkey",
    "/sign-in/passkey/answer",
    "/sign-out",
    "/static/<path:filename>",
    "/text-size",
}


BACKTEST = {"from": "2026-05", "to": "2026-10", "edition": "2024-04-01"}


@pytest.fixture
def ids(database: Database, library: Library, cast: Cast) -> dict[str, str]:
    """A stay of the cast's hospital and care manager, and one of its handoffs."""
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        handoff = handoff_of(session, stay, HandoffKind.ADMISSION_INFORMATION)
        kind, by = long_work.WorkKind.BACKTEST, cast.discharge_nurse
        work = long_work.ask(session, kind, BACKTEST, by=by, now=NOW)
        return {
            "<int:stay_id>": str(stay.id),
            "<int:handoff_id>": str(handoff.id),
            "<sheet>": "admission_information",
            "<int:work_id>": str(work.id),
            "<code>": "K7RTN4",
            "<int:organization_id>": str(cast.office_id),
            "<int:year>": "2026",
            "<int:number>": "1",
            "<guide>": "hospital",
        }


def routes(app: Flask, ids: dict[str, str]) -> Iterator[tuple[Rule, str, str, Permission]]:
    """Every route that asks for a permission, by method, with its path filled in.

    What the test knows no id for is 1, which nothing in an empty database has.
    """
    for rule in app.url_map.iter_rules():
        path = rule.rule.replace("<month:month>", "2026-10").replace("<month:quarter>", "2026-07")
        for part, value in ids.items():
            path = path.replace(part, value)
        path = re.sub(r"<int:[a-z_]+_id>", "1", path)
        for method in (rule.methods or set()) & {"GET", "POST"}:
            asks = door_of(rule.endpoint, method)
            if asks not in {PUBLIC, None}:
                assert "<" not in path, f"the test knows no value for {path}"
                yield rule, method, path, Permission(str(asks))


def test_every_route_says_who_may_come_in(app: Flask) -> None:
    with app.app_context():
        for rule in app.url_map.iter_rules():
            for method in rule.methods or ():
                assert door_of(rule.endpoint, method) is not None, f"{method} {rule.rule}"


def test_the_public_routes_are_these_and_no_others(app: Flask) -> None:
    with app.app_context():
        public = {
            rule.rule
            for rule in app.url_map.iter_rules()
            for method in rule.methods or ()
            if door_of(rule.endpoint, method) == PUBLIC
        }
    assert public == PUBLIC_ROUTES


def test_reading_pages_and_posting_forms_are_the_only_methods(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS", "POST"}, rule.rule


def test_a_colleague_reaches_the_client_only_while_the_logged_switch_is_on(
    enter: Enter, ids: dict[str, str]
) -> None:
    visitor = enter("colleague")
    path = f"/stays/{ids['<int:stay_id>']}"
    visitor.open(path, 404)
    page = visitor.open("/worklist").form("/colleagues").press("事業所全体を表示する")
    assert MARK in visitor.open(path).text
    page.form("/colleagues").press("自分の利用者だけにする")
    visitor.open(path, 404)


def test_somebody_who_wants_no_contact_is_reached_by_no_office(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, wants_no_contact=True)
    assert MARK in enter("ward_nurse").open(f"/stays/{stay.id}").text
    enter("care_manager").open(f"/stays/{stay.id}", 404)


def test_the_test_knows_a_care_manager_who_may(enter: Enter, ids: dict[str, str]) -> None:
    assert MARK in enter("care_manager").open(f"/stays/{ids['<int:stay_id>']}").text
