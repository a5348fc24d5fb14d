"""加算の記録の確認: the own organization's year, counted from its record, for its eyes alone.

A list with flags. It claims nothing, reaches nobody else, and is written down when it is read.
"""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from handoffs.history import Act
from handoffs.rates.evidence.hospital import (
    MEETINGS_WANTED,
    PARTNERS_WANTED,
    hospital_evidence,
)
from handoffs.rates.evidence.office import Counted, office_evidence
from handoffs.rates.yearly.fiscal_year import months_of
from web.context import actor, note_read, reading
from web.rates.yearly import OLDEST, newest_year, no_such_year

pages = Blueprint("fee_evidence", __name__)


@pages.get("/evidence")
def latest() -> ResponseReturnValue:
    """Lead to the fiscal year that runs."""
    return redirect(url_for("fee_evidence.year", year=newest_year()), code=303)


@pages.get("/evidence/<int:year>")
def year(year: int) -> ResponseReturnValue:
    """Show one fiscal year of the own house."""
    if not OLDEST <= year <= newest_year():
        return no_such_year()
    note_read(Act.EVIDENCE_READ, detail={"year": year})
    following = year + 1 if year < newest_year() else None
    if actor().is_hospital:
        with reading() as session:
            found = hospital_evidence(session, actor(), year)
        return render_template(
            "evidence/hospital.html",
            found=found,
            partners_wanted=PARTNERS_WANTED,
            meetings_wanted=MEETINGS_WANTED,
            following=following,
        )
    with reading() as session:
        mine = office_evidence(session, actor(), year)
    return render_template(
        "evidence/office.html",
        found=mine,
        kinds=list(Counted),
        months=months_of(year),
        following=following,
    )
