"""Which sheet goes with which handoff, where it goes to, and whether it may.

The definition says who writes a sheet and what kind of place it goes to; this file brings that
together with the stay.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sqlmodel import Session

from forms import Definition
from handoffs.access import find_stay
from handoffs.errors import NotPermitted
from handoffs.parties import Organization, OrganizationKind
from handoffs.plan_office import plan_office_of
from handoffs.sheets.access import Writer, may_write
from handoffs.sheets.reservation import ReceiverKind
from handoffs.sheets.sharing import refuse_without_leave
from handoffs.stays.stay import Stay
from rules import HandoffKind
from web.context import actor, desk, now
from web.sheets.composing import Composed, composed

SHEET_OF: Mapping[HandoffKind, str] = MappingProxyType(
    {
        HandoffKind.ADMISSION_NOTICE: "admission_notice",
        HandoffKind.ADMISSION_INFORMATION: "admission_information",
        HandoffKind.DISCHARGE_NOTICE: "discharge_notice",
        HandoffKind.DISCHARGE_INFORMATION: "discharge_coordination",
    }
)
KIND_OF: Mapping[str, HandoffKind] = MappingProxyType(
    {sheet: kind for kind, sheet in SHEET_OF.items()}
)
_PLAN_OFFICE = "plan_office"
_NOT_WRITER = "この様式は、あなたの側では書きません。送られた版は「様式」の画面で見られます。"


def receiver_kind(session: Session, stay: Stay, definition: Definition) -> ReceiverKind | None:
    """What kind of place a sheet goes to; None for a paper that stays, or is the person's own."""
    if not definition.goes_to:
        return None
    if definition.goes_to != _PLAN_OFFICE:
        return ReceiverKind(definition.goes_to)
    office = planner_of(session, stay)
    if office is not None and office.kind is OrganizationKind.COMMUNITY_SUPPORT_CENTER:
        return ReceiverKind.CENTER
    return ReceiverKind.CARE_MANAGER


def planner_of(session: Session, stay: Stay) -> Organization | None:
    """The office that plans now."""
    plan = plan_office_of(session, stay.id)
    return (
        session.get(Organization, plan.organization_id) if plan and plan.organization_id else None
    )


def receiver_name(session: Session, stay: Stay, definition: Definition) -> str:
    """Where a sheet goes, by name; empty where somebody has to say it."""
    place: Organization | None = None
    if definition.goes_to == _PLAN_OFFICE:
        place = planner_of(session, stay)
    elif definition.goes_to == ReceiverKind.HOSPITAL:
        place = session.get(Organization, stay.hospital_id)
    return place.name if place else ""


def to_write(session: Session, stay_id: int, name: str) -> tuple[Stay, Composed]:
    """A sheet that this person may write now, as it stands.

    Raises NotVisible for no such stay or sheet, NotPermitted where another side writes it or
    consent, wish or a reservation forbids it.
    """
    stay = find_stay(session, actor(), stay_id)
    sheet = composed(session, stay, actor(), name, library=desk().library, now=now())
    if not may_write(session, stay, actor(), Writer(sheet.definition.written_by)):
        raise NotPermitted(_NOT_WRITER)
    refuse_without_leave(session, stay, receiver_kind(session, stay, sheet.definition))
    return stay, sheet
