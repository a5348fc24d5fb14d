"""Text to paste elsewhere, in fields that can only be read and copied."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from handoffs.history import Act
from handoffs.sheets.reservation import reserved_of
from handoffs.shown.overview import overview_of
from handoffs.shown.paste_text import Target, paste_texts
from web.context import actor, desk, note_read, now, reading

pages = Blueprint("paste_texts", __name__)


@pages.get("/stays/<int:stay_id>/text")
def show(stay_id: int) -> ResponseReturnValue:
    """Show the texts of a stay for this person, each in a field of its own."""
    with reading() as session:
        stay = overview_of(session, actor(), stay_id, library=desk().library, now=now())
        reserved = bool(reserved_of(session, stay_id))
    texts = tuple(
        one
        for one in paste_texts(
            stay, actor(), masked=desk().masked_texts, now=now(), is_reserved=reserved
        )
        if one.target is not Target.MCS or desk().network_used
    )
    network = any(one.target is Target.MCS for one in texts)
    note_read(Act.STAY_TEXT, stay_id=stay_id, detail={"network": network})
    return render_template("stays/text.html", stay=stay, texts=texts)
