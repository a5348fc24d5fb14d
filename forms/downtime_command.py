"""`python -m forms downtime-kit`: empty sheets, contacts and today's worklist as one PDF.

Without `--as` only the empty sheets: nothing of the record is read. With it the lists are those
that this person may see, and that they were read is written down.
"""

from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from forms import downtime, render
from forms.errors import FormsError
from handoffs.access import Permission, may
from handoffs.accounts import staff_named
from handoffs.database import Database
from handoffs.history import Act, record
from handoffs.parties import Actor, actor_of
from handoffs.shown.downtime import downtime_of
from rules import Library


def print_kit(
    region: str, out: Path, *, name: str = "", database: Database | None = None, now: datetime
) -> None:
    """Write the kit. Raises FormsError where nobody has the name, or the file cannot be written."""
    lists = None
    if name:
        assert database is not None  # noqa: S101
        with database.writing() as session:
            actor = _actor(session, name)
            lists = downtime_of(session, actor, library=Library.load(), now=now)
            record(session, actor, Act.DOWNTIME_KIT_MAKE, now=now)
        region = actor.region
    content = render(downtime.kit_of(region, lists))
    try:
        downtime.lay_down(content, out)
    except OSError:
        raise FormsError(
            f"{out} に書けません。フォルダーがあるか、書けるかを確かめてください。"
        ) from None


def _actor(session: Session, name: str) -> Actor:
    staff = staff_named(session, name)
    actor = actor_of(session, staff.id) if staff else None
    if actor is None or not may(actor, Permission.STAY_READ):
        raise FormsError("そのサインイン名では、一覧を印刷できません。名前を確かめてください。")
    return actor
