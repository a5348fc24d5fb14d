"""FAX sendings as their hospital sees them: those of one handoff, and those that failed.

話中 and 失敗 are work until the papers went through, the handoff is done, or somebody says that
they told it otherwise.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from handoffs.access import visible_stays
from handoffs.fax.channel import FaxSending, FaxState, find_sending
from handoffs.fax.number import FaxNumber
from handoffs.handoff import Handoff, unsettled
from handoffs.history import Act, record
from handoffs.parties import Actor, Organization, Staff
from handoffs.stays.stay import Stay
from rules import HandoffKind

BY_SERVER = "FAXサーバー"
"""Who says how a sending went where no person wrote it down."""


@dataclass(frozen=True)
class FaxShown:
    """One sending. `by_gateway`: a FAX server sends it; otherwise a person at the machine."""

    id: int
    code: str
    state: FaxState
    state_at: datetime
    state_by: str
    to: str
    number: str
    made_at: datetime
    made_by: str
    by_gateway: bool
    is_settled: bool


@dataclass(frozen=True)
class FaxTrouble:
    """One sending that did not get through."""

    sending_id: int
    stay_id: int
    handoff_id: int
    case_code: str
    kind: HandoffKind
    state: FaxState
    since: datetime
    to: str
    number: str
    telephone: str


def sendings_of(session: Session, handoff_id: int) -> tuple[FaxShown, ...]:
    """Every sending of a handoff, the newest first."""
    found = session.exec(
        select(FaxSending, Organization.name, FaxNumber.number, Staff.name)
        .join(Organization, col(Organization.id) == col(FaxSending.organization_id))
        .join(FaxNumber, col(FaxNumber.id) == col(FaxSending.number_id))
        .join(Staff, col(Staff.id) == col(FaxSending.made_by))
        .where(FaxSending.handoff_id == handoff_id)
        .order_by(col(FaxSending.id).desc())
    )
    return tuple(
        FaxShown(
            id=sending.id,
            code=sending.code,
            state=sending.state,
            state_at=sending.state_at,
            state_by=_reporter(session, sending),
            to=to,
            number=number,
            made_at=sending.made_at,
            made_by=made_by,
            by_gateway=sending.message_id is not None,
            is_settled=sending.settled_at is not None,
        )
        for sending, to, number, made_by in found
    )


def _reporter(session: Session, sending: FaxSending) -> str:
    staff = session.get(Staff, sending.state_by) if sending.state_by is not None else None
    return staff.name if staff is not None else BY_SERVER


def fax_troubles_of(session: Session, actor: Actor) -> tuple[FaxTrouble, ...]:
    """What did not get through and was not sent again since, the oldest first."""
    if not actor.is_hospital:
        return ()
    latest = select(func.max(FaxSending.id)).group_by(col(FaxSending.handoff_id))
    found = session.exec(
        select(FaxSending, Stay.code, Handoff.kind, Organization)
        .join(Handoff, col(Handoff.id) == col(FaxSending.handoff_id))
        .join(Stay, col(Stay.id) == col(FaxSending.stay_id))
        .join(Organization, col(Organization.id) == col(FaxSending.organization_id))
        .where(
            FaxSending.hospital_id == actor.organization_id,
            col(FaxSending.state).in_([FaxState.BUSY, FaxState.FAILED]),
            col(FaxSending.settled_at).is_(None),
            col(FaxSending.id).in_(latest),
            *unsettled(),
            col(Stay.id).in_(visible_stays(actor).with_only_columns(col(Stay.id))),
        )
        .order_by(col(FaxSending.state_at), col(FaxSending.id))
    )
    return tuple(
        FaxTrouble(
            sending_id=sending.id,
            stay_id=sending.stay_id,
            handoff_id=sending.handoff_id,
            case_code=case_code,
            kind=HandoffKind(kind),
            state=sending.state,
            since=sending.state_at,
            to=organization.name,
            number=session.get_one(FaxNumber, sending.number_id).number,
            telephone=organization.telephone,
        )
        for sending, case_code, kind, organization in found
    )


def settle_fax(session: Session, sending_id: int, *, by: Actor, now: datetime) -> None:
    """Say that the matter was told otherwise. A second time changes nothing. Raises NotVisible."""
    sending = find_sending(session, by, sending_id)
    if sending.settled_at is not None:
        return
    sending.settled_at, sending.settled_by = now, by.staff_id
    record(
        session,
        by,
        Act.FAX_SETTLE,
        now=now,
        stay_id=sending.stay_id,
        handoff_id=sending.handoff_id,
        detail={"fax": sending.id},
    )
