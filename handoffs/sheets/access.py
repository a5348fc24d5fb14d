"""Who may write the sheets of a stay. Who may see a stay at all is in `handoffs.access`."""

from enum import StrEnum

from sqlmodel import Session

from handoffs.parties import Actor
from handoffs.sides import speaks_for
from handoffs.stays.stay import Stay
from rules import Party

OWN = frozenset({"discharge_record"})
"""Sheets that only the office which wrote them sees."""


class Writer(StrEnum):
    """Which side writes a sheet."""

    HOSPITAL = "hospital"
    PLAN_OFFICE = "plan_office"
    EITHER = "either"


def may_write(
    session: Session, stay: Stay, actor: Actor, written_by: Writer = Writer.EITHER
) -> bool:
    """Whether a person belongs to the side that writes: who gets a copy writes nothing."""
    if actor.is_hospital:
        return written_by is not Writer.PLAN_OFFICE
    speaks = speaks_for(session, actor, stay, Party.CARE_MANAGER)
    return speaks and written_by is not Writer.HOSPITAL
