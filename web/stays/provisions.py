"""What was given to whom about a person, to be shown to them or handed over as a file.

Only the hospital of the stay opens it. The file's name bears the number of the stay and nobody's.
"""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from handoffs.history import Act
from handoffs.provision.csv_file import csv_file
from handoffs.provision.given import provisions_of
from handoffs.shown.overview import overview_of
from web.context import actor, desk, note_read, now, reading

pages = Blueprint("provisions", __name__)


@pages.get("/stays/<int:stay_id>/provisions")
def show(stay_id: int) -> ResponseReturnValue:
    """Show every provision, the oldest first."""
    with reading() as session:
        stay = overview_of(session, actor(), stay_id, library=desk().library, now=now())
        given = provisions_of(session, actor(), stay_id)
    note_read(Act.STAY_READ, stay_id=stay_id)
    return render_template("stays/provisions.html", stay=stay, given=given)


@pages.get("/stays/<int:stay_id>/provisions.csv")
def file(stay_id: int) -> ResponseReturnValue:
    """Give the list out as CSV."""
    with reading() as session:
        given = provisions_of(session, actor(), stay_id)
    note_read(Act.STAY_READ, stay_id=stay_id)
    response = Response(csv_file(given), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="provisions-{stay_id}.csv"'
    return response
