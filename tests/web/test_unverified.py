"""What of an edition could not be verified stands once on every page that uses one."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from handoffs.database import Database
from handoffs.handoff import handoffs_of
from rules import HandoffKind, Library
from rules.condition import ALWAYS
from rules.edition import Unverified
from rules.kinds import Concern
from tests.factories import ADMITTED, admit_someone
from tests.people import Cast
from tests.web.page import Visitor
from web.context import EXTENSION, Desk

Enter = Callable[[str], Visitor]
DUE = "入院の連絡の日数は読めていません。期限は計算しません"
HEADING = "この版で確かめられていないこと（1件）"


@pytest.fixture
def partial(app: Flask, library: Library) -> Iterator[Library]:
    """The editions, that of 見本医療圏 with one thing that could not be read."""
    unread = (Unverified(Concern.DUE, DUE, ALWAYS, 1),)
    mine = library.in_force("mihon", ADMITTED)
    edited = tuple(
        replace(each, unverified=unread, partial=True) if each is mine else each
        for each in library.editions
    )
    before: Desk = app.extensions[EXTENSION]
    changed = replace(library, editions=edited)
    app.extensions[EXTENSION] = replace(before, library=changed)
    yield changed
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], library=library)


@pytest.fixture
def stay_id(database: Database, partial: Library, cast: Cast) -> int:
    with database.writing() as session:
        return admit_someone(session, partial, cast).id


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("ward_nurse", "/stays"),
        ("ward_nurse", "/stays/{}"),
        ("ward_nurse", "/stays/{}/assessment"),
        ("ward_nurse", "/stays/{}/why"),
        ("ward_nurse", "/worklist"),
        ("care_manager", "/stays/{}"),
        ("care_manager", "/worklist"),
        ("health_officer", "/simulator?edition=mihon.2024-04-01"),
    ],
)
def test_it_stands_once_on_the_page(enter: Enter, stay_id: int, name: str, path: str) -> None:
    text = enter(name).open(path.format(stay_id)).text
    assert text.count(HEADING) == 1
    assert text.count(DUE) == 1


@pytest.mark.parametrize(
    ("name", "page"), [("ward_nurse", "send"), ("ward_nurse", "waive"), ("care_manager", "decline")]
)
def test_it_stands_once_on_the_page_of_one_handoff(
    enter: Enter, database: Database, stay_id: int, name: str, page: str
) -> None:
    with database.reading() as session:
        notice = next(
            each
            for each in handoffs_of(session, stay_id)
            if each.kind is HandoffKind.ADMISSION_NOTICE
        )
    text = enter(name).open(f"/handoffs/{notice.id}/{page}").text
    assert text.count(HEADING) == 1
    assert text.count(DUE) == 1


def test_an_edition_of_which_all_was_read_says_nothing(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay_id = admit_someone(session, library, cast).id
    for path in ("/stays", f"/stays/{stay_id}", f"/stays/{stay_id}/assessment", "/worklist"):
        assert "確かめられていないこと" not in enter("ward_nurse").open(path).text
