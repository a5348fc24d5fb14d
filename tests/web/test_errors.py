import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import DataError, OperationalError

from forms import DefinitionError, FontError, PdfError
from handoffs.database import open_database
from handoffs.errors import BadEntry, NotPermitted, NotVisible, Overtaken
from handoffs.policy import DOORS, PUBLIC
from rules import FactError, NoEdition
from tests.conftest import MARK
from tests.web.page import Visitor
from web.context import EXTENSION, AlreadyTaken

Enter = Callable[[str], Visitor]
SECRET = f"{MARK} 花子 昭和15年"

RAISED = [
    (NotVisible(), 404, "一覧に戻って"),
    (NotPermitted("担当の方に依頼してください。"), 403, "担当の方に依頼してください。"),
    (Overtaken(), 409, "再読み込みし"),
    (BadEntry({"birth_on": "元号と年を確かめてください。"}), 422, "元号と年を確かめてください。"),
    (NoEdition("有効な版がありません。"), 422, "システムの管理者"),
    (FactError("mobility", "一覧から選び直してください。"), 422, "一覧から選び直してください。"),
    (PdfError("「住所」が長すぎます。"), 422, "「住所」が長すぎます。"),
    (DefinitionError(Path(f"/{SECRET}"), 7, SECRET, ""), 500, "お問い合わせの番号"),
    (FontError("文字がありません。"), 503, "お問い合わせの番号"),
    (OperationalError("INSERT", {"name": SECRET}, Exception(SECRET)), 503, "1分ほど待って"),
    (DataError("INSERT", {"name": SECRET}, Exception(SECRET)), 400, "大きすぎる数"),
    (OverflowError(SECRET), 400, "大きすぎる数"),
    (ValueError(SECRET), 500, "お問い合わせの番号"),
    (AssertionError(SECRET), 500, "お問い合わせの番号"),
]


@pytest.fixture(autouse=True)
def _doors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let anybody into the routes that the tests here add."""
    monkeypatch.setitem(DOORS, ("GET", "fail"), PUBLIC)
    monkeypatch.setitem(DOORS, ("POST", "fail"), PUBLIC)
    monkeypatch.setitem(DOORS, ("GET", "again"), PUBLIC)


@pytest.mark.parametrize(("error", "status", "words"), RAISED)
def test_what_goes_wrong_becomes_a_page_that_says_what_to_do(
    fresh_app: Flask, error: Exception, status: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> str:
        raise error

    fresh_app.add_url_rule("/fail", "fail", fail)
    page = Visitor(fresh_app).open("/fail", status)
    assert words in page.text
    assert MARK not in page.response.text
    line = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert (line["route"], line["status"]) == ("/fail", status)
    if status >= 500:
        assert line["request"] in page.text
        assert line["error"] == type(error).__name__
        assert any(at.startswith("tests/web/test_errors.py:") for at in line["at"])


def test_a_form_taken_in_before_leads_where_it_led(fresh_app: Flask) -> None:
    def again() -> str:
        raise AlreadyTaken("/sign-in")

    fresh_app.add_url_rule("/again", "again", again)
    assert Visitor(fresh_app).open("/again").path == "/sign-in"


@pytest.mark.parametrize("path", ["/nowhere", "/stays/0", "/stays/99999999999999999999", "/%00"])
def test_an_address_that_leads_nowhere_says_so(stranger: Visitor, path: str) -> None:
    assert stranger.open(path, 404).heading == "ページが見つかりません"


@pytest.mark.parametrize(("field", "kept"), [("words", True), ("pin", False), ("password", False)])
def test_what_was_typed_is_kept_for_another_try_but_no_secret(
    fresh_app: Flask, field: str, *, kept: bool
) -> None:
    def fail() -> str:
        raise OperationalError("INSERT", {}, Exception())

    fresh_app.add_url_rule("/fail", "fail", fail, methods=["POST"])
    visitor = Visitor(fresh_app)
    marks = visitor.open("/sign-in").form("/sign-in")
    fields = [(name, marks.value(name)) for name in ("form_token", "form_id")]
    page = visitor.post("/fail", [*fields, (field, SECRET)], 503)
    assert (SECRET in page.response.text) is kept
    found = page.forms("/fail")
    assert len(found) == kept
    assert all(form.value(field) == SECRET for form in found)
    assert "1分ほど待って" in page.text


def test_an_address_that_only_takes_posts_says_so(stranger: Visitor) -> None:
    page = stranger.open("/sign-out", 405)
    assert "画面のボタンから" in page.text
    assert page.response.headers["Allow"] == "OPTIONS, POST"


def test_a_huge_post_is_refused_in_words(stranger: Visitor) -> None:
    form = stranger.open("/sign-in").form("/sign-in").fill(sign_in_name="あ" * 300_000)
    assert form.submit(413).heading == "送られた内容が大きすぎます"


def test_a_post_of_a_thousand_fields_is_refused_in_words(stranger: Visitor) -> None:
    body = "--x\r\n" + "".join(
        f'Content-Disposition: form-data; name="f{n}"\r\n\r\n1\r\n--x\r\n' for n in range(1000)
    )
    response = stranger.client.post(
        "/sign-in", data=body, content_type="multipart/form-data; boundary=x"
    )
    assert response.status_code == 413


GARBAGE: list[tuple[bytes, str]] = [
    (b"", "application/x-www-form-urlencoded"),
    (b"\xff\xfe\x00\x81\x82", "application/x-www-form-urlencoded"),
    (b"sign_in_name=%00&password=%FF%FE", "application/x-www-form-urlencoded"),
    (b"&&&===;;;", "application/x-www-form-urlencoded"),
    (b"a=" * 2000, "application/x-www-form-urlencoded"),
    (b"--x\r\nnot a part", "multipart/form-data; boundary=x"),
    (b"--x", "multipart/form-data"),
    (b'{"form_id": 1}', "application/json"),
    (b"\x00" * 100, "text/plain; charset=no-such-charset"),
]


@pytest.mark.parametrize(("body", "content_type"), GARBAGE)
def test_what_is_no_form_is_refused_everywhere(
    app: Flask, enter: Enter, body: bytes, content_type: str
) -> None:
    visitor = enter("ward_nurse")
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or set()):
            continue
        path = re.sub("<[^>]+>", "1", re.sub("<month:[^>]+>", "2026-10", rule.rule))
        response = visitor.client.post(path, data=body, content_type=content_type)
        assert response.status_code in {400, 413}, f"{path}: {response.status_code}"


def test_fields_sent_twice_or_never_asked_for_never_break_a_page(enter: Enter) -> None:
    visitor = enter("ward_nurse")
    dice = random.Random(20261120)
    odd = ["", "\t\r\n", "あ" * 3000, "-1", "99999999999999999999", "1e9", "<b>", "'; --", "\u202e"]
    for _ in range(40):
        form = visitor.open("/stays/new").form("/stays/new")
        fields = [pair for pair in form.fields if pair[0] in {"form_token", "form_id"}]
        # The button that looks for an office asks for nothing and answers with the form.
        known = form.names - {"form_token", "form_id", "find"}
        names = [*sorted(known), "id", "stay_id", "__class__"]
        fields += [(dice.choice(names), dice.choice(odd)) for _ in range(12)]
        visitor.post("/stays/new", fields, 422)


def test_a_nul_in_a_field_is_refused(enter: Enter) -> None:
    visitor = enter("ward_nurse")
    form = visitor.open("/stays/new").form("/stays/new").fill(name="名\0前")
    assert "受け付けられませんでした" in form.submit(400).heading


def test_a_record_that_is_away_is_told_without_a_second_failure(
    app: Flask, enter: Enter, tmp_path_factory: pytest.TempPathFactory
) -> None:
    visitor = enter("ward_nurse")
    lost = open_database(f"sqlite:///{tmp_path_factory.mktemp('lost') / 'no' / 'tsunagi.db'}")
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], database=lost)
    page = visitor.open("/stays", 503)
    assert "急ぐ連絡は電話で" in page.text


def test_a_request_leaves_one_line_without_path_or_typed_words(
    enter: Enter, capsys: pytest.CaptureFixture[str]
) -> None:
    visitor = enter("ward_nurse")
    form = visitor.open("/stays/new").form("/stays/new").fill(name=SECRET)
    capsys.readouterr()
    form.submit(422)
    (written,) = capsys.readouterr().err.splitlines()
    line = json.loads(written)
    assert set(line) == {"request", "staff", "method", "route", "status", "ms"}
    assert (line["method"], line["route"], line["status"]) == ("POST", "/stays/new", 422)
    assert isinstance(line["staff"], int)
    assert MARK not in written
