"""Choosing a password: what was typed twice, and what is said against it."""

from flask import request
from sqlmodel import Session

from handoffs.accounts.account import rule_of, words_of
from handoffs.accounts.password import complaints, hash_password
from handoffs.errors import BadEntry
from handoffs.parties import Staff
from web.accounts.entering import one_of_few

HINT = (
    "13文字以上。よく使われる言葉、お名前、所属先の名前、日付だけでは登録できません。"
    "つながりのない言葉をいくつか並べると、覚えやすく長くなります。"
    "期限が来たから変える、という必要はありません。"
)
MIXED_HINT = "文字・数字・記号を、どれも一つ以上入れてください。"


def typed_password(session: Session, staff: Staff) -> str:
    """The password that somebody chose, if it can be taken. Raises BadEntry."""
    typed, again = request.form.get("new_password", ""), request.form.get("again", "")
    mixed = rule_of(session, staff.organization_id).mixed_characters
    against = complaints(typed, words_of(session, staff), mixed=mixed)
    if against:
        raise BadEntry({"new_password": "".join(against)})
    if typed != again:
        raise BadEntry(
            {"again": "上のパスワードと違います。もう一度、同じものを入力してください。"}
        )
    return typed


def hashed(typed: str) -> str:
    """The hash of a chosen password, made when it is this process's turn. Raises Refused."""
    with one_of_few():
        return hash_password(typed)


def hint(session: Session, staff: Staff) -> str:
    """What the page says beside the field."""
    mixed = rule_of(session, staff.organization_id).mixed_characters
    return f"{HINT}{MIXED_HINT}" if mixed else HINT
