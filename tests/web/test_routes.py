from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlmodel import col, func, select
from werkzeug.routing import Rule

from handoffs import long_work
from handoffs.access import Permission, may
from handoffs.database import Database
from handoffs.history import Act, Event
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import admit_someone, handoff_of
from tests.people import NOW, Cast
from tests.web.page import Visitor
from web.auth import PUBLIC, access_of

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
    "/sign-in",
    "/sign-in/passkey",
    "/sign-in/passkey/answer",
    "/sign-out",
    "/static/<path:filename>",
    "/text-size",
}
BACKTEST = {"from": "2026-05", "to": "2026-10", "edition": "2024-04-01"}
READINGS = (
    Act.SIGN_IN,
    Act.STAY_LIST,
    Act.STAY_READ,
    Act.RATES_READ,
    Act.EVIDENCE_READ,
    Act.RECORD_CHECK_READ,
    Act.SURVEY_READ,
)


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
            "<int:kept_id>": "1",
            "<sheet>": "admission_information",
            "<int:version_id>": "1",
            "<int:left_id>": "1",
            "<int:right_id>": "1",
            "<int:work_id>": str(work.id),
            "<int:message_id>": "1",
            "<int:notice_id>": "1",
            "<int:absence_id>": "1",
            "<int:concern_id>": "1",
            "<int:link_id>": "1",
            "<int:fax_id>": "1",
            "<code>": "K7RTN4",
            "<int:organization_id>": str(cast.office_id),
            "<int:year>": "2026",
            "<int:figure_id>": "1",
            "<int:number>": "1",
            "<guide>": "hospital",
            "<int:import_id>": "1",
            "<int:passkey_id>": "1",
            "<int:roster_id>": "1",
            "<int:step_id>": "1",
            "<int:request_id>": "1",
            "<int:staff_id>": "1",
        }


def routes(app: Flask, ids: dict[str, str]) -> Iterator[tuple[Rule, str, str, Permission]]:
    """Every route that asks for a permission, by method, with its path filled in."""
    for rule in app.url_map.iter_rules():
        asks = access_of(rule.endpoint)
        if asks in {PUBLIC, None}:
            continue
        path = rule.rule.replace("<month:month>", "2026-10").replace("<month:quarter>", "2026-07")
        for part, value in ids.items():
            path = path.replace(part, value)
        assert "<" not in path, f"the test knows no value for {path}"
        for method in (rule.methods or set()) & {"GET", "POST"}:
            yield rule, method, path, Permission(str(asks))


def ask(visitor: Visitor, method: str, path: str) -> tuple[int, str]:
    """Fetch, or post nothing but a right token and a fresh id."""
    if method == "GET":
        response = visitor.client.get(path)
    else:
        form = visitor.open("/nowhere", 404).form("/text-size")
        marks = {name: form.value(name) for name in ("form_token", "form_id")}
        response = visitor.client.post(path, data=marks)
    return response.status_code, response.text


def changes(database: Database) -> int:
    """How many acts are on record, reading and signing in left aside."""
    with database.reading() as session:
        query = select(func.count()).select_from(Event).where(col(Event.act).not_in(READINGS))
        return session.exec(query).one()


def test_every_route_says_who_may_come_in(app: Flask) -> None:
    with app.app_context():
        for rule in app.url_map.iter_rules():
            assert access_of(rule.endpoint) is not None, rule.rule


def test_the_public_routes_are_these_and_no_others(app: Flask) -> None:
    with app.app_context():
        public = {r.rule for r in app.url_map.iter_rules() if access_of(r.endpoint) == PUBLIC}
    assert public == PUBLIC_ROUTES


def test_reading_pages_and_posting_forms_are_the_only_methods(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS", "POST"}, rule.rule


def test_nobody_comes_in_without_signing_in(
    app: Flask, stranger: Visitor, ids: dict[str, str], database: Database
) -> None:
    before = changes(database)
    with app.app_context():
        asked = list(routes(app, ids))
    for _, method, path, _ in asked:
        status, text = ask(stranger, method, path)
        assert status == 303, f"{method} {path}: {status}"
        assert MARK not in text
    assert changes(database) == before


@pytest.mark.parametrize(
    "name", ["ward_nurse", "care_manager", "center_staff", "health_officer", "other_nurse"]
)
def test_a_role_without_the_permission_is_refused(
    app: Flask, enter: Enter, cast: Cast, ids: dict[str, str], database: Database, name: str
) -> None:
    visitor, before = enter(name), changes(database)
    with app.app_context():
        asked = list(routes(app, ids))
    refused = [(m, p) for _, m, p, permission in asked if not may(cast.people[name], permission)]
    assert refused
    for method, path in refused:
        status, text = ask(visitor, method, path)
        assert status == 403, f"{method} {path}: {status}"
        assert MARK not in text
    assert changes(database) == before


@pytest.mark.parametrize(
    "name", ["other_nurse", "outsider", "multifunctional", "other_center_staff", "health_officer"]
)
def test_nobody_reaches_the_patient_of_another_organization(
    app: Flask, enter: Enter, ids: dict[str, str], database: Database, name: str
) -> None:
    visitor, before = enter(name), changes(database)
    with app.app_context():
        asked = [one for one in routes(app, ids) if one[0].arguments & {"stay_id", "handoff_id"}]
    assert len(asked) > 10
    for _, method, path, _ in asked:
        status, text = ask(visitor, method, path)
        assert status in {403, 404}, f"{method} {path}: {status}"
        assert MARK not in text
    for path in ("/stays", "/worklist"):
        assert MARK not in visitor.client.get(path).text
    assert changes(database) == before


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
