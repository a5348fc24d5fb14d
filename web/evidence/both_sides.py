"""双方の記録の突き合わせ: how often the own house's record and another house's differ in a year.

For the two houses of each line and nobody else; that somebody read it is written down.
"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from handoffs.history import Act
from handoffs.rates.evidence.both_sides import both_sides
from web.context import actor, desk, note_read, now, reading
from web.rates.yearly import OLDEST, newest_year, no_such_year

pages = Blueprint("both_sides", __name__)


@pages.get("/evidence/both-sides/<int:year>")
def show(year: int) -> ResponseReturnValue:
    """Show one fiscal year of the own house."""
    if not OLDEST <= year <= newest_year():
        return no_such_year()
    note_read(Act.EVIDENCE_READ, detail={"year": year})
    with reading() as session:
        found = both_sides(session, actor(), desk().region, year, now=now())
    return render_template(
        "evidence/both_sides.html",
        found=found,
        following=year + 1 if year < newest_year() else None,
    )
