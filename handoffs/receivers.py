"""Which organization stands behind each side that a decision names as a receiver."""

from handoffs.plan_office import PlanOffice
from handoffs.stays.stay import Stay
from rules import Party


def receivers_of(stay: Stay, plan: PlanOffice | None) -> dict[Party, int]:
    """The organizations by side; a side of which nobody is known is left out."""
    receivers = {Party.HOSPITAL: stay.hospital_id}
    if plan is not None and plan.organization_id is not None:
        receivers[Party.CARE_MANAGER] = plan.organization_id
    if stay.center_id is not None:
        receivers[Party.COMMUNITY_SUPPORT_CENTER] = stay.center_id
    if stay.next_hospital_id is not None:
        receivers[Party.NEXT_HOSPITAL] = stay.next_hospital_id
    return receivers
