"""The page on which somebody is found, in hospital or long gone, by name, kana or number.

What is searched for is posted, never part of an address, and kept nowhere. Every answer is
written down as a list that was read, by how many it named.
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from handoffs.finding.people import FoundPeople, people_found
from handoffs.history import Act
from handoffs.tokyo import day_of
from web.context import actor, note_read, now, reading

pages = Blueprint("finding", __name__)

LONGEST = 60


@pages.get("/find")
def ask() -> ResponseReturnValue:
    """Ask for whom to look."""
    return _screen("", None)


@pages.post("/find")
def found() -> ResponseReturnValue:
    """Show whom the words mean."""
    words = request.form.get("words", "")[:LONGEST]
    if not words.strip():
        return _screen("", None, {"words": "氏名・カナ・番号のどれかを入力してください。"}), 422
    loosely = request.form.get("loosely") == "yes"
    with reading() as session:
        people = people_found(session, actor(), words, today=day_of(now()), loosely=loosely)
    note_read(Act.STAY_LIST, detail={"found": len(people.stays)})
    return _screen(words, people, loosely=loosely)


def _screen(
    words: str,
    people: FoundPeople | None,
    errors: dict[str, str] | None = None,
    *,
    loosely: bool = False,
) -> str:
    return render_template(
        "finding/people.html",
        words=words,
        people=people,
        errors=errors or {},
        longest=LONGEST,
        loosely=loosely,
    )
