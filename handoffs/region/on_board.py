"""Offices and centres that nothing reaches yet, or where nobody has looked in for a while.

For whoever helps them to begin. It says nothing of how an office works. Read-only.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from handoffs.accounts import SignedIn
from handoffs.fax.number import FaxNumber
from handoffs.parties import Organization, Staff, planning_organizations
from handoffs.telling.mailbox import Mailbox

NOT_SEEN_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Boarding:
    """How far one office has come. seen: somebody signed in within `NOT_SEEN_FOR`."""

    organization_id: int
    kind: str
    name: str
    telephone: str
    mail: bool
    fax: bool
    seen: bool

    @property
    def is_reached(self) -> bool:
        """Whether a notice can reach it without anybody looking at a screen."""
        return self.mail or self.fax

    @property
    def is_on_board(self) -> bool:
        """Whether nothing is left to do."""
        return self.is_reached and self.seen


def boarding_of(
    session: Session, region: str, *, second_person: bool, now: datetime
) -> tuple[Boarding, ...]:
    """Every office and centre of a region, in kana order.

    second_person: whether a FAX number counts only once two people looked at it.
    """
    offices = planning_organizations(session, region)
    ids = [office.id for office in offices]
    mailed = set(
        session.exec(select(Mailbox.organization_id).where(col(Mailbox.organization_id).in_(ids)))
    )
    faxed = _with_verified_fax(session, offices, second_person=second_person)
    seen = set(
        session.exec(
            select(Staff.organization_id)
            .join(SignedIn, col(SignedIn.staff_id) == col(Staff.id))
            .where(col(Staff.organization_id).in_(ids), SignedIn.seen_at >= now - NOT_SEEN_FOR)
        )
    )
    return tuple(
        Boarding(
            organization_id=office.id,
            kind=office.kind.label,
            name=office.name,
            telephone=office.telephone,
            mail=office.id in mailed,
            fax=office.id in faxed,
            seen=office.id in seen,
        )
        for office in offices
    )


def _with_verified_fax(
    session: Session, offices: list[Organization], *, second_person: bool
) -> set[int]:
    """Offices to which at least one hospital can send a FAX."""
    by_id = {office.id: office for office in offices}
    numbers = session.exec(
        select(FaxNumber).where(
            col(FaxNumber.organization_id).in_(by_id), col(FaxNumber.ended_at).is_(None)
        )
    )
    return {
        number.organization_id
        for number in numbers
        if number.is_verified(by_id[number.organization_id], second_person=second_person)
    }
