"""From what went wrong to a status and a page that says what to do next. Once, for all views.

No page shows the text of an unexpected error, and no log does: it can hold what somebody typed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DataError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from forms import DefinitionError, FontError, FormsError
from handoffs.errors import BadEntry, HandoffError, NotPermitted, NotVisible, Overtaken
from rules import FactError, NoEdition
from web.context import AlreadyTaken
from web.log import note_error, request_id


@dataclass(frozen=True)
class Words:
    """A heading, and what to do next."""

    heading: str
    advice: str


_TOO_OLD = "何も登録されていません。前の画面に戻って再読み込みし、もう一度お試しください。"

NO_EDITION = (
    "この日に使える退院調整ルールが登録されていません。入院日の年を確かめてください。"
    "日付が正しいときは、入院日とともにシステムの管理者に伝えてください。"
)
"""No agreement was in force on a day: what a person at the screen can do about it."""

_BY_STATUS = {
    400: Words(
        "送信を受け付けられませんでした",
        "画面が古くなったか、つなぎの画面以外から送られました。" + _TOO_OLD,
    ),
    403: Words(
        "この画面は使えません",
        "あなたの職種では使わない画面です。上のメニューから選び直してください。",
    ),
    404: Words(
        "ページが見つかりません",
        "アドレスを確かめるか、一覧に戻って選び直してください。",
    ),
    405: Words(
        "このアドレスは直接開けません",
        "一覧に戻って、画面のボタンから操作してください。",
    ),
    409: Words("先に変更されています", _TOO_OLD),
    413: Words(
        "送られた内容が大きすぎます",
        "何も登録されていません。前の画面に戻り、文章を短くして、もう一度登録してください。",
    ),
    422: Words(
        "入力内容を確かめてください",
        "何も登録されていません。前の画面に戻って直し、もう一度登録してください。",
    ),
    429: Words(
        "少し待ってからお試しください",
        "短い時間に続けて送られました。1分ほど待って、もう一度お試しください。",
    ),
    500: Words(
        "処理できませんでした",
        "何も登録されていません。もう一度お試しください。"
        "続くときは、下の番号をシステムの管理者に伝えてください。",
    ),
    503: Words(
        "いま混み合っているか、記録につながりません",
        "何も登録されていません。1分ほど待って、もう一度お試しください。"
        "続くときは、下の番号をシステムの管理者に伝えてください。急ぐ連絡は電話でお願いします。",
    ),
}
Typed = tuple[tuple[str, str], ...]
"""The fields of a form with their values, in the order in which they were sent."""

_NEVER_SHOWN = frozenset({"password", "pin"})
"""Fields whose values stand in no page of ours, not even hidden."""

_READ_ONLY = "25006"
"""The SQLSTATE of a write where only reading is allowed."""

_REFUSALS: dict[type[HandoffError], int] = {
    NotVisible: 404,
    NotPermitted: 403,
    Overtaken: 409,
    BadEntry: 422,
}


def answer_errors(app: Flask) -> None:
    """Let an application answer errors with our pages."""
    app.register_error_handler(AlreadyTaken, _again)
    app.register_error_handler(HandoffError, _refused)
    app.register_error_handler(HTTPException, _by_status)
    for kind, answer in _ANSWERS:
        app.register_error_handler(kind, answer)


def page(
    status: int,
    *,
    heading: str | None = None,
    advice: str | None = None,
    messages: tuple[str, ...] = (),
    again: Typed = (),
) -> tuple[str, int]:
    """The error page of a status, with other words or further messages where there are any.

    `again` is what was typed, for one button that sends the same form once more.
    """
    words = _BY_STATUS[status]
    return render_template(
        "error.html",
        heading=heading or words.heading,
        advice=advice or words.advice,
        messages=messages,
        again=again,
        number=request_id() if status >= 500 else None,  # noqa: PLR2004
    ), status


def _again(error: AlreadyTaken) -> ResponseReturnValue:
    return redirect(error.location, code=303)


def _refused(error: HandoffError) -> ResponseReturnValue:
    status = next((code for kind, code in _REFUSALS.items() if isinstance(error, kind)), 422)
    if isinstance(error, BadEntry):
        return page(status, messages=tuple(error.fields.values()))
    if isinstance(error, Overtaken):
        # This page is shown where no form keeps what was typed; the browser's does.
        return page(
            status,
            advice="ほかの画面または別の職員が、先にこの記録を変更しました。" + _TOO_OLD,
        )
    return page(status, advice=error.message)


def _by_status(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if error.response is not None or 300 <= code < 400:  # noqa: PLR2004
        return error.get_response()
    if isinstance(error, MethodNotAllowed):
        return *page(code), {"Allow": ", ".join(sorted(error.valid_methods or ()))}
    if code in _BY_STATUS:
        return page(code)
    return page(400 if code < 500 else 500)  # noqa: PLR2004


def _unavailable(error: Exception) -> ResponseReturnValue:
    note_error(error)
    return page(503, again=_typed())


def _typed() -> Typed:
    """What was posted, so that nobody types it twice; nothing where it cannot be shown again.

    The same form id goes along: whatever came through after all is not done a second time.
    """
    if request.method != "POST" or request.files or "form_id" not in request.form:
        return ()
    if not _NEVER_SHOWN.isdisjoint(request.form):
        return ()
    return tuple(request.form.items(multi=True))


def _perhaps_read_only(error: Exception) -> ResponseReturnValue:
    """PostgreSQL calls it an internal error when it may only be read, as after a failover."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return _unavailable(error) if state == _READ_ONLY else _unexpected(error)


def _not_as_it_is(error: Exception) -> ResponseReturnValue:
    # These two are written for the person at the screen and hold no person.
    return page(422, messages=(str(error),))


def _no_edition(_error: Exception) -> ResponseReturnValue:
    return page(422, heading="使える退院調整ルールがありません", advice=NO_EDITION)


def _out_of_range(error: Exception) -> ResponseReturnValue:
    note_error(error)
    return page(400, advice="使えない文字か、大きすぎる数が含まれていました。" + _TOO_OLD)


def _unexpected(error: Exception) -> ResponseReturnValue:
    note_error(error)
    return page(500)


_ANSWERS: tuple[tuple[type[Exception], Callable[[Exception], ResponseReturnValue]], ...] = (
    (OperationalError, _unavailable),
    (InterfaceError, _unavailable),
    (InternalError, _perhaps_read_only),
    (NoConnection, _unavailable),
    (FontError, _unavailable),
    (FactError, _not_as_it_is),
    (NoEdition, _no_edition),
    # A file of the site is wrong: nobody at a screen can mend it, or has to know where it lies.
    (DefinitionError, _unexpected),
    (FormsError, _not_as_it_is),
    (DataError, _out_of_range),
    (OverflowError, _out_of_range),
    (Exception, _unexpected),
)
