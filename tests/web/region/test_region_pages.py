"""The list of contacts and the state of a region, as each role sees them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from handoffs.database import Database
from handoffs.parties import Organization
from handoffs.stays.stay import Destination
from handoffs.tokyo import day_of
from tests.factories import make_stay
from tests.people import NAMES, NOW, Cast
from tests.web.page import Visitor
from web.context import EXTENSION

Enter = Callable[[str], Visitor]
EVERYBODY = sorted(NAMES)


@pytest.mark.parametrize("name", EVERYBODY)
def test_everybody_finds_the_list_at_the_foot_of_a_page(enter: Enter, name: str) -> None:
    page = enter(name).open("/").follow("窓口一覧")
    assert page.heading == "窓口一覧"
    for organization in ("見本中央病院", "見本ケアプランセンター", "見本市地域包括支援センター"):
        assert organization in page.text
    assert not any(person in page.text for person in NAMES.values())


def test_a_click_confirms_the_own_line_and_the_page_says_when_and_by_whom(enter: Enter) -> None:
    visitor = enter("care_manager")
    page = visitor.open("/contacts")
    assert "まだ確認なし 8" in page.text
    form = page.form("/contacts/confirmed")
    done = form.press("この内容で合っている")
    assert "確認済みにしました" in done.text
    assert "2026年11月20日(金)、見本" in done.text
    assert "見本ケアプランセンターが確認" in done.text
    assert "まだ確認なし 7" in done.text
    assert not done.forms("/contacts/confirmed")
    assert form.submit().path == "/contacts"
    assert "まだ確認なし 7" in visitor.open("/contacts").text


def test_a_line_that_changed_meanwhile_is_shown_anew(
    enter: Enter, database: Database, cast: Cast
) -> None:
    form = enter("ward_nurse").open("/contacts").form("/contacts/confirmed")
    with database.writing() as session:
        session.get_one(Organization, cast.hospital_id).telephone = "0770-00-0009"
    assert "再読み込み" in form.submit(409).text


def quiet_hospital(database: Database, cast: Cast) -> None:
    """Let the first hospital register every day until a week ago."""
    today = day_of(NOW)
    with database.writing() as session:
        for passed in range(8, 130):
            day = today - timedelta(days=passed)
            make_stay(
                session,
                cast,
                admitted_on=day,
                discharged_on=day + timedelta(days=1),
                destination=Destination.HOME,
                registered_at=NOW - timedelta(days=passed),
            )


def test_a_silent_hospital_is_named_only_where_the_council_decided_so(
    app: Flask, enter: Enter, database: Database, cast: Cast
) -> None:
    quiet_hospital(database, cast)
    visitor = enter("health_officer")
    page = visitor.open("/region")
    assert "いつもより長い 1" in page.text
    assert "見本中央病院" in page.text
    assert "同じ曜日の過去26週" in page.text
    before = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = replace(before, hospital_names=False)
    hidden = visitor.open("/region")
    assert "いつもより長い 1" in hidden.text
    assert "見本中央病院" not in hidden.text
    assert "この地域では数だけです" in hidden.text


def test_offices_that_nothing_reaches_are_listed_with_what_is_left_to_do(enter: Enter) -> None:
    page = enter("health_officer").open("/region")
    assert "まだ始められていない事業所・センター（5/5）" in page.text
    assert "となり町ケアプラン" in page.text


def test_the_editions_in_force_stand_with_what_could_not_be_verified(enter: Enter) -> None:
    page = enter("health_officer").open("/region").follow("施行中の版と、確かめられていない項目")
    assert "（この地域）" in page.text
    assert "ほかの地域" in page.text
    assert "確かめられていない項目" in page.text


@pytest.mark.parametrize("path", ["/region", "/region/editions"])
def test_the_state_of_a_region_is_for_its_health_centre(enter: Enter, path: str) -> None:
    enter("ward_nurse").open(path, 403)
    enter("care_manager").open(path, 403)
