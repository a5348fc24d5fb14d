"""Whether the record can be reached and the scheduler runs, for whoever watches.

Public, and says nothing of anybody.
"""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from web.context import reading
from web.heartbeats import pulses
from web.log import note_error

pages = Blueprint("health", __name__)


@pages.get("/health")
def health() -> ResponseReturnValue:
    """Answer 200 while everything runs, else 503, and say what does not."""
    try:
        with reading() as session:
            found = pulses(session)
    except SQLAlchemyError as error:
        note_error(error)
        return jsonify(status="failing", database="unreachable", scheduler="unknown"), 503
    runs = all(pulse.beats for pulse in found)
    said: dict[str, str | int] = {"status": "ok" if runs else "failing", "database": "ok"}
    for pulse in found:
        said[pulse.process] = pulse.word
        if pulse.seconds is not None:
            said[f"{pulse.process}_seen_seconds_ago"] = pulse.seconds
    return jsonify(said), 200 if runs else 503
