"""What was given to whom about the person of a stay, and on which ground, for the person to read.

Everything comes from the append-only history and from the answers about consent, of which none is
ever changed: the ground of a provision is the answer that counted when it was written down. So
the list needs no table of its own, and cannot differ from what was done. Read-only; for the
hospital of the stay, which has the duty to tell.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from handoffs.access import find_stay
from handoffs.errors import NotVisible
from handoffs.fax.channel import FaxSending, FaxState
from handoffs.handoff import PASSED_ON, Handoff
from handoffs.history import Act, Event
from handoffs.parties import Actor, Organization
from handoffs.plan_office import PlanOffice
from handoffs.provision.outputs import ITEMS, OF_ACT, READ, Output
from handoffs.sheets.version import SheetVersion
from handoffs.statement import Means, Result
from handoffs.stays.consent import Consent, ConsentAnswer
from handoffs.stays.stay import Stay
from rules import HandoffKind, Party

NO_ANSWER = "同意についての記録がありません"
WITHHELD = "同意がないと記録されている間の連絡"
UNNAMED = "記録にありません"
NETWORK = "連携ネットワークに参加している機関（貼り付けたかどうかは記録されません）"
_PASSED_ON = frozenset(result.value for result in PASSED_ON)
_BY_MACHINE = (FaxState.SENT.value, FaxState.DELIVERED.value)


@dataclass(frozen=True)
class Provision:
    """One thing that was given, or everything that one organization read on one ground.

    until and times are of readings; taken_back: it was written down by mistake.
    """

    at: datetime
    output: Output
    way: str
    giver: str
    receiver: str
    items: str
    ground: str
    until: datetime | None = None
    times: int = 1
    taken_back: bool = False


@dataclass(frozen=True)
class _Record:
    """What the list of one stay is made from, each read once."""

    stay: Stay
    answers: Sequence[Consent]
    plans: Sequence[PlanOffice]
    handoffs: Mapping[int, Handoff]
    names: Mapping[int, str]

    def answer_at(self, moment: datetime) -> Consent | None:
        """The answer about consent that counted at a moment."""
        return next((one for one in reversed(self.answers) if one.recorded_at <= moment), None)

    def planner_at(self, moment: datetime) -> int | None:
        """The office that planned at a moment."""
        known = (one for one in reversed(self.plans) if one.recorded_at <= moment)
        return next((one.organization_id for one in known), None)

    def name(self, organization_id: int | None) -> str:
        """What an organization is called."""
        return self.names.get(organization_id or 0, "")


def provisions_of(session: Session, actor: Actor, stay_id: int) -> tuple[Provision, ...]:
    """Everything about a stay that went to another organization, the oldest first.

    Raises NotVisible for anybody but the hospital of the stay.
    """
    stay = find_stay(session, actor, stay_id)
    if not actor.is_hospital:
        raise NotVisible
    known = _record_of(session, stay)
    found = [*_sent(session, known), *_read(session, known)]
    return tuple(sorted(found, key=lambda one: (one.at, one.receiver)))


def ground_of(answer: Consent | None) -> str:
    """The ground of what was given while an answer counted, in the record's own words."""
    if answer is None:
        return NO_ANSWER
    return WITHHELD if answer.answer is ConsentAnswer.WITHHELD else answer.ground.label


def _record_of(session: Session, stay: Stay) -> _Record:
    answers = select(Consent).where(Consent.stay_id == stay.id).order_by(col(Consent.id))
    plans = select(PlanOffice).where(PlanOffice.stay_id == stay.id).order_by(col(PlanOffice.id))
    handoffs = session.exec(select(Handoff).where(Handoff.stay_id == stay.id))
    names = session.exec(select(Organization.id, Organization.name)).all()
    return _Record(
        stay,
        session.exec(answers).all(),
        session.exec(plans).all(),
        {one.id: one for one in handoffs},
        dict(names),
    )


def _sent(session: Session, known: _Record) -> list[Provision]:
    """What somebody sent, told, opened for another or handed on, as the history has it."""
    query = select(Event).where(
        Event.stay_id == known.stay.id, col(Event.act).in_([*OF_ACT, Act.HANDOFF_UNDO])
    )
    found: list[Provision] = []
    latest: dict[int | None, int] = {}
    faxed: set[tuple[int | None, datetime]] = set()
    for event in session.exec(query.order_by(col(Event.id))):
        if event.act is Act.HANDOFF_UNDO:
            place = latest.pop(event.handoff_id, None)
            if place is not None:
                found[place] = replace(found[place], taken_back=True)
            continue
        one = _provision(session, known, event)
        by_fax = (event.handoff_id, event.recorded_at) in faxed  # It stands there already.
        if one is None or (event.act is Act.HANDOFF_SEND and by_fax):
            continue
        if one.output is Output.FAX:
            faxed.add((event.handoff_id, event.recorded_at))
        if event.act is Act.HANDOFF_SEND:
            latest[event.handoff_id] = len(found)
        found.append(one)
    return found


def _provision(session: Session, known: _Record, event: Event) -> Provision | None:
    """What an act gave to whom; None where it gave nothing to another organization."""
    ways = {
        Act.HANDOFF_SEND: _told,
        Act.FAX_STATE: _faxed,
        Act.LINK_OPEN: _opened,
        Act.SHEET_FREEZE: _frozen,
        Act.STATEMENT_MAKE: _talked,
        Act.STAY_TEXT: _pasted,
        Act.STAY_TAKE_OVER: _taken_over,
    }
    make = ways.get(event.act)
    return make(session, known, event) if make else None


def _made(
    known: _Record,
    event: Event,
    output: Output,
    receiver: str,
    *,
    way: str = "",
    about: str = "",
    giver: int | None = None,
) -> Provision:
    return Provision(
        at=event.recorded_at,
        output=output,
        way=way or output.label,
        giver=known.name(giver or event.organization_id or known.stay.hospital_id),
        receiver=receiver,
        items="・".join(part for part in (about, ITEMS[output]) if part),
        ground=ground_of(known.answer_at(event.recorded_at)),
    )


def _told(_session: Session, known: _Record, event: Event) -> Provision | None:
    handoff = known.handoffs.get(event.handoff_id or 0)
    if handoff is None or handoff.receiver is Party.PERSON_OR_FAMILY:
        return None
    output = Output.SHEET if event.detail.get("sheet") else Output.TOLD
    means = Means(str(event.detail.get("means") or Means.NONE.value))
    kind = HandoffKind(str(event.detail.get("kind") or handoff.kind.value))
    way = f"{output.label}（{means.label}）" if output is Output.SHEET else means.label
    to = _receiver(known, handoff, event.recorded_at)
    return _made(known, event, output, to, way=way, about=kind.label)


def _talked(_session: Session, known: _Record, event: Event) -> Provision | None:
    """A contact that was no handoff, with whoever planned then or with the hospital."""
    result = event.detail.get("result")
    if event.handoff_id is not None or result == Result.ADVISED.value or result not in _PASSED_ON:
        return None
    own = event.organization_id == known.stay.hospital_id
    other = known.planner_at(event.recorded_at) if own else known.stay.hospital_id
    way = Means(str(event.detail["means"])).label
    return _made(known, event, Output.TOLD, known.name(other) or UNNAMED, way=way)


def _receiver(known: _Record, handoff: Handoff, moment: datetime) -> str:
    """Whom a handoff went to at a moment, by name where it is an organization that takes part."""
    if handoff.receiver is Party.HOSPITAL:
        return known.name(known.stay.hospital_id)
    if handoff.receiver is Party.CARE_MANAGER:
        place = known.planner_at(moment)
    elif handoff.receiver is Party.COMMUNITY_SUPPORT_CENTER:
        place = handoff.receiver_id or known.stay.center_id
    else:
        place = handoff.receiver_id
    return known.name(place) or handoff.receiver.label


def _faxed(session: Session, known: _Record, event: Event) -> Provision | None:
    if event.detail.get("fax_state") not in _BY_MACHINE:
        return None
    number = event.detail.get("fax")
    sending = session.get(FaxSending, number) if isinstance(number, int) else None
    if sending is None:
        return None
    state = FaxState(str(event.detail["fax_state"])).label
    way = f"{Output.FAX.label}（{state}）"
    return _made(
        known,
        event,
        Output.FAX,
        known.name(sending.organization_id),
        way=way,
        giver=sending.hospital_id,
    )


def _opened(_session: Session, known: _Record, event: Event) -> Provision | None:
    hospital = known.stay.hospital_id
    return _made(known, event, Output.LINK, known.name(event.organization_id), giver=hospital)


def _frozen(session: Session, known: _Record, event: Event) -> Provision | None:
    """A sheet that goes with no handoff: to services, a doctor or the municipality."""
    query = select(SheetVersion).where(
        SheetVersion.stay_id == known.stay.id,
        SheetVersion.organization_id == event.organization_id,
        SheetVersion.sheet == event.detail.get("sheet"),
        SheetVersion.number == event.detail.get("number"),
        col(SheetVersion.handoff_id).is_(None),
    )
    version = session.exec(query).first()
    if version is None or version.means is Means.NONE:
        return None
    way = f"{Output.SHEET.label}（{version.means.label}）"
    return _made(known, event, Output.SHEET, version.receiver or UNNAMED, way=way)


def _pasted(_session: Session, known: _Record, event: Event) -> Provision | None:
    return _made(known, event, Output.NETWORK, NETWORK) if event.detail.get("network") else None


def _taken_over(_session: Session, known: _Record, event: Event) -> Provision | None:
    if event.organization_id == known.stay.hospital_id:
        return None
    to = known.name(event.organization_id)
    return _made(known, event, Output.TRANSFER, to, giver=known.stay.hospital_id)


def _read(session: Session, known: _Record) -> Iterator[Provision]:
    """What others read on their screens: one line for each organization and each ground."""
    stay = known.stay
    others = {stay.center_id, stay.next_hospital_id}
    others |= {one.organization_id for one in known.plans}
    others |= {one.via_center_id for one in known.plans}
    others |= {one.receiver_id for one in known.handoffs.values()}
    others -= {None, stay.hospital_id}
    query = (
        sa.select(col(Event.recorded_at), col(Event.organization_id))
        .where(
            col(Event.organization_id).in_(others),
            col(Event.recorded_at) >= stay.registered_at,
            col(Event.act).in_([*READ, Act.STAY_TEXT]),
            sa.or_(col(Event.stay_id) == stay.id, col(Event.shown).like(f"%,{stay.id},%")),
        )
        .order_by(col(Event.recorded_at))
    )
    lines: dict[tuple[int, str], Provision] = {}
    for at, reader in session.execute(query):
        ground = ground_of(known.answer_at(at))
        before = lines.get((reader, ground))
        if before is not None:
            lines[reader, ground] = replace(before, until=at, times=before.times + 1)
            continue
        lines[reader, ground] = Provision(
            at=at,
            output=Output.SCREEN,
            way=Output.SCREEN.label,
            giver=known.name(stay.hospital_id),
            receiver=known.name(reader),
            items=ITEMS[Output.SCREEN],
            ground=ground,
            until=at,
        )
    yield from lines.values()
