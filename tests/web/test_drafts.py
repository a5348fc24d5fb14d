from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select
from time_machine import Traveller

from handoffs.accounts import Draft
from handoffs.accounts.totp import code_at, step_at
from handoffs.database import Database
from handoffs.parties import Organization
from tests.conftest import MARK
from tests.people import PASSWORD, TOTP_SECRET, Cast
from tests.web.page import Form, Visitor

Enter = Callable[[str], Visitor]

NEW = "/stays/new"


def save(visitor: Visitor, form: Form, of: str, *instead: str) -> dict[str, object]:
    """Do what the script does while somebody types."""
    fields = {name: [v for n, v in form.fields if n == name] for name, _ in form.fields}
    data = {**fields, "draft_of": [of], "draft_instead": list(instead)}
    answer = visitor.client.post("/drafts", data=data)
    assert answer.status_code == 200, answer.status_code
    return dict(answer.get_json())


def waiting(visitor: Visitor, *of: str) -> list[dict[str, object]]:
    answer = visitor.client.get("/drafts", query_string={"of": list(of)})
    return list(answer.get_json()["drafts"])


def test_what_is_typed_is_kept_for_its_writer_until_the_form_is_taken_in(enter: Enter) -> None:
    visitor, other = enter("ward_nurse"), enter("discharge_nurse")
    form = visitor.open(NEW).form(NEW).fill(name=f"{MARK} 花子", birth_on="S15.5.3")
    form.fill(kana="シメイヒ ハナコ", admitted_on="R8.11.20", care_level="care_2")
    assert save(visitor, form, NEW)["kept"] is True
    assert save(visitor, form.fill(municipality="見本市"), NEW)["kept"] is True
    (draft,) = waiting(visitor, NEW, "/elsewhere")
    assert draft["fields"]["municipality"] == ["見本市"]  # type: ignore[index]
    assert "form_token" not in draft["fields"]  # type: ignore[operator]
    assert waiting(other, NEW) == []
    assert waiting(visitor, "/elsewhere") == []
    assert 'data-drafts="wait"' in visitor.client.get(NEW).text
    form.submit()
    assert waiting(visitor, NEW) == []
    assert save(visitor, form, NEW)["kept"] is False
    assert waiting(visitor, NEW) == []


def test_a_form_that_was_sent_with_a_mistake_goes_on_being_kept(enter: Enter) -> None:
    visitor = enter("ward_nurse")
    form = visitor.open(NEW).form(NEW).fill(name=f"{MARK} 花子", birth_on="S15.13.3")
    save(visitor, form, NEW)
    page = form.submit(422)
    assert 'data-drafts="sent"' in page.response.text
    (old,) = waiting(visitor, NEW)
    save(visitor, page.form(NEW).fill(birth_on="S15.5.3"), NEW, str(old["path"]))
    (draft,) = waiting(visitor, NEW)
    assert draft["fields"]["birth_on"] == ["S15.5.3"]  # type: ignore[index]
    marks = {name: page.form(NEW).value(name) for name in ("form_token", "form_id")}
    gone = {**marks, "draft_instead": str(draft["path"])}
    assert visitor.client.post("/drafts/forgotten", data=gone).status_code == 200
    assert waiting(visitor, NEW) == []


@pytest.mark.parametrize("place", ["/stays/{}/concern", "/sign-in", "/account/confirm", "/nowhere"])
def test_what_may_not_be_kept_is_not(enter: Enter, database: Database, place: str) -> None:
    visitor = enter("ward_nurse")
    form = visitor.open(NEW).form(NEW).fill(name=f"{MARK} 花子")
    assert save(visitor, form, place.format(1))["kept"] is False
    with database.reading() as session:
        assert session.exec(select(Draft)).all() == []


def test_what_was_saved_on_another_day_does_not_come_back(enter: Enter, clock: Traveller) -> None:
    visitor = enter("ward_nurse")
    save(visitor, visitor.open(NEW).form(NEW).fill(name=f"{MARK} 花子"), NEW)
    clock.shift(timedelta(hours=13))
    visitor.open("/stays/new").form("/sign-in").fill(
        sign_in_name="ward_nurse", password=PASSWORD
    ).submit()
    assert waiting(visitor, NEW) == []


def test_a_script_whose_session_ran_out_keeps_nothing_at_an_address_of_its_own(
    enter: Enter, database: Database, clock: Traveller
) -> None:
    visitor = enter("ward_nurse")
    form = visitor.open(NEW).form(NEW).fill(name=f"{MARK} 花子")
    clock.shift(timedelta(minutes=20))
    data = {**dict(form.fields), "draft_of": NEW}
    assert visitor.client.post("/drafts", data=data).status_code == 303
    with database.reading() as session:
        assert session.exec(select(Draft)).all() == []


def test_what_was_typed_goes_along_while_both_factors_are_asked_for(
    enter: Enter, database: Database, cast: Cast, clock: Traveller
) -> None:
    visitor = enter("health_officer")
    path = f"/area/organizations/{cast.office_id}"
    form = visitor.open(path).form(path).fill(name=f"{MARK} 事業所", kana="シメイヒ")
    clock.shift(timedelta(minutes=11))
    page = form.submit()
    assert "さきほど入力した内容は残っています" in page.text
    asked = page.form("/account/confirm")
    asked = asked.fill(password=PASSWORD, code="000000").submit(422).form("/account/confirm")
    step = step_at(datetime.now(UTC))  # noqa: TID251 - the browser's clock.
    page = asked.fill(password=PASSWORD, code=code_at(TOTP_SECRET, step)).submit()
    assert "入力し直す必要はありません" in page.text
    page.form(path).submit()
    with database.reading() as session:
        assert session.get_one(Organization, cast.office_id).name == f"{MARK} 事業所"
        assert session.exec(select(Draft)).all() == []
