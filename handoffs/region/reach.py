"""What the region decided about telling and about access, laid over what a site configured.

A region can do without a way that a site has; it cannot make one that the site lacks: servers,
folders and secrets are the site's.
"""

from dataclasses import replace

from sqlmodel import Session

from handoffs.region.policy import Policy, policies_of
from handoffs.telling.mailbox import Reach


def reach_of(session: Session, region: str, configured: Reach) -> Reach:
    """By what anybody is told now, and whether anybody beyond the office is."""
    decided = policies_of(session, region)
    beyond = decided.get(Policy.BEYOND_OFFICE)
    return replace(
        configured,
        mail=configured.mail and decided.get(Policy.MAIL_USE) != "no",
        fax=configured.fax and decided.get(Policy.FAX_USE) != "no",
        beyond_office=configured.beyond_office if beyond is None else beyond == "yes",
        coordinator=decided.get(Policy.COORDINATOR, configured.coordinator),
    )


def access_days_of(session: Session, region: str, *, configured: int) -> int:
    """How many days after a discharge an office may still open a stay; 0 without end."""
    value = policies_of(session, region).get(Policy.OFFICE_ACCESS)
    return configured if value is None else int(value)
