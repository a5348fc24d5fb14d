"""Whether the record can be reached and the scheduler's clock runs, for whoever watches.

Public, and says nothing of anybody.
"""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from handoffs.heartbeat import age_of
from web.auth import public
from web.context import desk, now, reading
from web.log import note_error

pages = Blueprint("health", __name__)


@pages.get("/health")
@public
def health() -> ResponseReturnValue:
    """Answer 200 while everything runs, else 503, and say what does not."""
    try:
        with reading() as session:
            age = age_of(session, "scheduler", now())
    except SQLAlchemyError as error:
        note_error(error)
        return jsonify(status="failing", database="unreachable", scheduler="unknown"), 503
    if age is None:
        return jsonify(status="failing", database="ok", scheduler="never seen"), 503
    seconds = int(age.total_seconds())
    runs = age <= desk().heartbeat_max
    return jsonify(
        status="ok" if runs else "failing",
        database="ok",
        scheduler="ok" if runs else "silent",
        scheduler_seen_seconds_ago=seconds,
    ), 200 if runs else 503
