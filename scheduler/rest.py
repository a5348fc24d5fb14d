"""What is due, counted anew after a region decided when it rests: long work, in small steps.

Each step is a transaction of its own, so that nobody who types waits for more than a few stays,
and a child that is killed has lost nothing that another would not do again.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from handoffs.database import Database
from handoffs.long_work import LongWork
from handoffs.parties import Organization
from handoffs.region.rest import go_by_decisions, in_hospital, recount_stays
from rules import Library

STAYS_AT_A_TIME = 20

PASSES = 2
"""The second is for whoever was admitted by the old days while the first went on."""

Clock = Callable[[], datetime]


def recount_region(clock: Clock, database: Database, work: LongWork) -> Mapping[str, object]:
    """Count anew for everybody in hospital in the asker's region; in how many stays a day moved."""
    library = Library.load()
    with database.reading() as session:
        region = session.get_one(Organization, work.organization_id).region
        go_by_decisions(session, region)
    looked_at: set[int] = set()
    moved = 0
    for _ in range(PASSES):
        with database.reading() as session:
            numbers = [one for one in in_hospital(session, region) if one not in looked_at]
        for first in range(0, len(numbers), STAYS_AT_A_TIME):
            some = numbers[first : first + STAYS_AT_A_TIME]
            with database.writing() as session:
                moved += recount_stays(session, some, library=library, now=clock())
        looked_at.update(numbers)
    return {"looked_at": len(looked_at), "moved": moved}
