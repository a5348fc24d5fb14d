"""Each status that can come of a request has a page of its own, in plain Japanese."""

import re

import pytest
from flask import Flask, abort

from handoffs.policy import DOORS, PUBLIC
from tests.web.page import Visitor

STATUSES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)


@pytest.fixture(autouse=True)
def _doors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let anybody into the routes that the tests here add."""
    monkeypatch.setitem(DOORS, ("GET", "fail"), PUBLIC)


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_a_page_of_its_own_that_says_what_to_do(
    fresh_app: Flask, status: int
) -> None:
    def fail() -> str:
        abort(status)

    fresh_app.add_url_rule("/fail", "fail", fail)
    page = Visitor(fresh_app).open("/fail", status)
    assert page.heading
    assert "ください" in page.text
    assert "サインインの画面へ" in page.text
    assert re.search(r"\b(Error|Not Found|Forbidden|Conflict|Too Many)\b", page.text) is None


def test_the_pages_of_different_statuses_do_not_read_alike(fresh_app: Flask) -> None:
    def fail(status: int) -> str:
        abort(status)

    fresh_app.add_url_rule("/fail/<int:status>", "fail", fail)
    visitor = Visitor(fresh_app)
    headings = {visitor.open(f"/fail/{status}", status).heading for status in STATUSES}
    assert len(headings) == len(STATUSES)
