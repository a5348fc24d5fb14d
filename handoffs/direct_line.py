"""One's own direct line and when one is reached there, as it stands on pages and sheets.

Each person writes down their own. Empty is an answer: then the ward's or the house's number and
the organization's hours stand there (`handoffs.shown.main_contact`).
"""

import re
import unicodedata
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Entry
from sqlmodel import Session

from handoffs.access import Permission, require
from handoffs.errors import BadEntry
from handoffs.history import Act, record
from handoffs.parties import Actor, Staff

LONGEST_LINE = 20
LONGEST_HOURS = 40
_NUMBER = re.compile(r"[0-9][0-9\-() ]{3,}( ?内線 ?[0-9]+)?")


class LineEntry(BaseModel):
    """A direct line and the hours in one's own words, as they were typed."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    direct_line: str = Entry(default="", max_length=LONGEST_LINE)
    reachable: str = Entry(default="", max_length=LONGEST_HOURS)


def own_line(session: Session, actor: Actor) -> LineEntry:
    """What this person wrote down of themselves. Raises NotPermitted."""
    require(actor, Permission.STAY_READ)
    own = session.get_one(Staff, actor.person_id)
    return LineEntry(direct_line=own.direct_line, reachable=own.reachable)


def set_own_line(session: Session, entry: LineEntry, *, by: Actor, now: datetime) -> bool:
    """Write one's own line down; say whether it changed.

    Raises NotPermitted, or BadEntry for what is no telephone number.
    """
    require(by, Permission.STAY_READ)
    number = unicodedata.normalize("NFKC", entry.direct_line).strip()
    if number and not _NUMBER.fullmatch(number):
        raise BadEntry(
            {"direct_line": "電話番号を数字とハイフンで入力してください。例 000-0000-0000 内線 123"}
        )
    own = session.get_one(Staff, by.person_id)
    if (own.direct_line, own.reachable) == (number, entry.reachable):
        return False
    own.direct_line, own.reachable = number, entry.reachable
    record(session, by, Act.LINE_SET, now=now)
    return True
