"""The reply slip that came back: its code, typed by somebody of the hospital, closes the loop.

The paper is the receiver's own word; who typed it is kept with it. A slip that says 受領 confirms
the handoff with FAX as its means. One that says 担当ではない declines it for that office, with its
reason, so that it can be sent elsewhere. One that says anything else makes the sending 返信あり and
leaves the handoff to a person.
"""

from datetime import date, datetime

from sqlmodel import Session

from handoffs.access import Permission, find_stay, require
from handoffs.decline import DeclineEntry, take_decline
from handoffs.errors import BadEntry, NotPermitted, NotVisible
from handoffs.fax.channel import FaxSending, FaxState, sending_with_code
from handoffs.fax.code import is_fax_code, plain_fax_code
from handoffs.handoff import Handoff
from handoffs.history import Act, record
from handoffs.link.receiver import receiver_of
from handoffs.parties import Actor
from handoffs.passing import take_receipt
from handoffs.statement import Means
from handoffs.stays.stay import Stay
from rules.kinds import Labelled

_MISTYPED = (
    "コードの文字が一つ違うか、入れ替わっています。返信の用紙をもう一度見て入力してください。"
)
_UNKNOWN = (
    "このコードの送信は、この病院にはありません。返信の用紙のあて先とコードを確かめてください。"
)


class SlipAnswer(Labelled):
    """What is ticked on a slip."""

    RECEIVED = "received", "受け取りました"
    DECLINED = "declined", "担当は別の事業所です"
    REPLIED = "replied", "そのほかの返信（届いていない枚数がある、電話をください など）"


def sending_of_slip(session: Session, typed: str, *, by: Actor) -> FaxSending:
    """Find the sending that a slip answers. Raises BadEntry, and says which: typo, or unknown."""
    require(by, Permission.HANDOFF_SEND)
    code = plain_fax_code(typed)
    if not is_fax_code(code):
        raise BadEntry({"code": _MISTYPED})
    found = sending_with_code(session, code)
    if found is None or not by.is_hospital or found.hospital_id != by.organization_id:
        raise BadEntry({"code": _UNKNOWN})
    try:
        find_stay(session, by, found.stay_id)
    except NotVisible:
        raise BadEntry({"code": _UNKNOWN}) from None
    session.refresh(found)
    return found


def take_slip(
    session: Session,
    typed: str,
    answer: SlipAnswer,
    *,
    received_on: date,
    by: Actor,
    now: datetime,
    declined: DeclineEntry | None = None,
) -> FaxSending:
    """Take a slip in. The same slip a second time changes nothing.

    `declined` says why the office does not take it, where the slip says so. Raises BadEntry for
    a code that is none of this hospital's, an impossible day or a missing reason, and
    NotPermitted for a handoff that is over, or that asks another office by now.
    """
    sending = sending_of_slip(session, typed, by=by)
    to = FaxState.RECEIVED if answer is SlipAnswer.RECEIVED else FaxState.REPLIED
    if sending.state is FaxState.RECEIVED:
        return sending
    if sending.state is to and answer is not SlipAnswer.DECLINED:
        return sending
    stay = find_stay(session, by, sending.stay_id)
    handoff = session.get_one(Handoff, sending.handoff_id, populate_existing=True)
    if answer is SlipAnswer.RECEIVED:
        if handoff.declined_at is not None:
            raise NotPermitted(
                "この引き継ぎには、担当ではないという返事があります。記録の画面で確かめてください。"
            )
        take_receipt(
            session, stay, handoff, means=Means.FAX, received_on=received_on, by=by, now=now
        )
    if answer is SlipAnswer.DECLINED:
        if handoff.declined_at is not None:
            return sending
        _decline(session, stay, handoff, sending, declined, by=by, now=now)
    sending.state, sending.state_at, sending.state_by = to, now, by.staff_id
    record(
        session,
        by,
        Act.FAX_SLIP,
        now=now,
        stay_id=stay.id,
        handoff_id=handoff.id,
        detail={"fax_state": to.value, "fax": sending.id},
    )
    return sending


def _decline(
    session: Session,
    stay: Stay,
    handoff: Handoff,
    sending: FaxSending,
    entry: DeclineEntry | None,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Write down that the office which got the FAX does not take the handoff, and why."""
    receiver = receiver_of(session, stay, handoff)
    if receiver is None or receiver.id != sending.organization_id:
        raise NotPermitted(
            "この引き継ぎの送り先は、もう変わっています。記録の画面で確かめてください。"
        )
    if entry is None:
        raise BadEntry({"reason": "担当ではない理由を選んでください。"})
    take_decline(
        session, stay, handoff, entry, organization_id=sending.organization_id, by=by, now=now
    )
