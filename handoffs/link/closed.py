"""Links that too many wrong PINs closed: work for whoever made them, by telephone.

It stays on the list until somebody says that they asked, or nothing is left to be answered.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from handoffs.access import visible_stays
from handoffs.handoff import Handoff, unsettled
from handoffs.history import Act, record
from handoffs.link.case_link import MOST_TRIES, CaseLink, find_own
from handoffs.parties import Actor, Organization
from handoffs.stays.stay import Stay
from rules import HandoffKind


@dataclass(frozen=True)
class ClosedLink:
    """One closed link: which case, which handoff, and whom to telephone."""

    link_id: int
    stay_id: int
    code: str
    kind: HandoffKind
    to: str
    telephone: str
    since: datetime


def closed_links_of(session: Session, actor: Actor) -> tuple[ClosedLink, ...]:
    """The closed links of this person's hospital that nobody has asked about yet, oldest first."""
    if not actor.is_hospital:
        return ()
    found = session.exec(
        select(CaseLink, Handoff.kind, Stay.code, Organization)
        .join(Handoff, col(Handoff.id) == col(CaseLink.handoff_id))
        .join(Stay, col(Stay.id) == col(CaseLink.stay_id))
        .join(Organization, col(Organization.id) == col(CaseLink.organization_id))
        .where(
            CaseLink.hospital_id == actor.organization_id,
            CaseLink.tries >= MOST_TRIES,
            col(CaseLink.used_at).is_(None),
            col(CaseLink.revoked_at).is_(None),
            col(CaseLink.settled_at).is_(None),
            *unsettled(),
            col(Stay.id).in_(visible_stays(actor).with_only_columns(col(Stay.id))),
        )
        .order_by(col(CaseLink.tried_at), col(CaseLink.id))
    )
    return tuple(
        ClosedLink(
            link_id=link.id,
            stay_id=link.stay_id,
            code=code,
            kind=HandoffKind(kind),
            to=organization.name,
            telephone=organization.telephone,
            since=link.tried_at or link.made_at,
        )
        for link, kind, code, organization in found
    )


def settle_link(session: Session, link_id: int, *, by: Actor, now: datetime) -> None:
    """Say that somebody asked by telephone. A second time changes nothing. Raises NotVisible."""
    link = find_own(session, by, link_id)
    if link.settled_at is not None:
        return
    link.settled_at, link.settled_by = now, by.staff_id
    record(
        session,
        by,
        Act.LINK_SETTLE,
        now=now,
        stay_id=link.stay_id,
        handoff_id=link.handoff_id,
    )
