"""A handoff that no rule asks for, opened by the side that judges it needed, with its reason.

The hospital may open what it wants to tell and what it wants to be told; a plan office what
it wants to tell. No later decision withdraws it; a death, a cancelled stay and the person's
wish not to be contacted do.
"""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Entry
from sqlmodel import Session

from handoffs.errors import BadEntry, NotPermitted
from handoffs.handoff import BY_HAND, LONGEST_REASON, Handoff, handoffs_of, note_opened
from handoffs.parties import Actor
from handoffs.plan_office import plan_office_of
from handoffs.sides import speaks_for
from handoffs.stays.consent import ConsentAnswer, consent_of
from handoffs.stays.stay import Destination, Stay
from handoffs.tokyo import day_of, late_from
from rules import Duty, HandoffKind, Party, Standing

OFFICE_JUDGED = "計画作成担当の判断"
"""The source of what a plan office opened although no rule asks for it."""

_TO_PLANNER = (Party.HOSPITAL, (Party.CARE_MANAGER,))
_TO_HOSPITAL = (Party.CARE_MANAGER, (Party.HOSPITAL,))

ROUTES: Mapping[HandoffKind, tuple[Party, tuple[Party, ...]]] = MappingProxyType(
    {
        HandoffKind.ADMISSION_NOTICE: _TO_PLANNER,
        HandoffKind.DISCHARGE_NOTICE: _TO_PLANNER,
        HandoffKind.DISCHARGE_CONFERENCE: _TO_PLANNER,
        HandoffKind.DISCHARGE_INFORMATION: _TO_PLANNER,
        HandoffKind.DISCHARGE_DATE: _TO_PLANNER,
        HandoffKind.TRANSFER_NOTICE: _TO_PLANNER,
        HandoffKind.WARD_MOVE_NOTICE: _TO_PLANNER,
        HandoffKind.REFERRAL: (
            Party.HOSPITAL,
            (Party.PERSON_OR_FAMILY, Party.COMMUNITY_SUPPORT_CENTER),
        ),
        HandoffKind.ADMISSION_INFORMATION: _TO_HOSPITAL,
        HandoffKind.CARE_MANAGER_ASSIGNED: _TO_HOSPITAL,
        HandoffKind.CARE_PLAN_COPY: _TO_HOSPITAL,
        HandoffKind.AFTER_DISCHARGE_INFORMATION: _TO_HOSPITAL,
        HandoffKind.OUTCOME: _TO_HOSPITAL,
    }
)
"""Who sends each kind, and who can receive it. A centre that was told of a new case receives
that alone; for everything else the plan office is spoken to."""

_ONLY_AFTER_LEAVING = {HandoffKind.AFTER_DISCHARGE_INFORMATION, HandoffKind.OUTCOME}
_ONLY_BEFORE_LEAVING = {HandoffKind.DISCHARGE_CONFERENCE, HandoffKind.WARD_MOVE_NOTICE}


class ByHandEntry(BaseModel):
    """What somebody wants handed over, as it was typed and checked."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    kind: HandoffKind
    receiver: Party
    reason: str = Entry(max_length=LONGEST_REASON)
    wanted_on: date | None = None


def kinds_for(stay: Stay, actor: Actor) -> tuple[HandoffKind, ...]:
    """Which kinds a person can open for a stay now."""
    wrong = _ONLY_AFTER_LEAVING if stay.is_open else _ONLY_BEFORE_LEAVING
    return tuple(
        kind
        for kind, (sender, _) in ROUTES.items()
        if kind not in wrong and (actor.is_hospital or sender is Party.CARE_MANAGER)
    )


def open_by_hand(
    session: Session, stay: Stay, entry: ByHandEntry, *, by: Actor, now: datetime
) -> Handoff:
    """Open a handoff that no rule asks for.

    Raises NotPermitted for whoever is neither the hospital nor the plan office, after a
    death or against the person's wish, and BadEntry without a reason, for a day that is
    over, and for a receiver who is not there or must not be told.
    """
    party = Party.HOSPITAL if by.is_hospital else Party.CARE_MANAGER
    if not speaks_for(session, by, stay, party):
        raise NotPermitted("引き継ぎを開けるのは、病院か計画作成担当の方です。")
    if stay.destination is Destination.DEATH or stay.cancelled_at is not None:
        raise NotPermitted("この記録では、引き継ぎを新しく開くことはできません。")
    receiver_id = _receiver(session, stay, entry, by)
    _check(entry, now)
    source = "病院の判断" if by.is_hospital else OFFICE_JUDGED
    return open_for(session, stay, entry, receiver_id, source=source, by=by, now=now)


def open_for(
    session: Session,
    stay: Stay,
    entry: ByHandEntry,
    receiver_id: int | None,
    *,
    source: str,
    by: Actor,
    now: datetime,
) -> Handoff:
    """Open a handoff whose entry and receiver are known to be right. `source` says by what."""
    taken = [h for h in handoffs_of(session, stay.id) if h.is_by_hand]
    handoff = Handoff(
        stay_id=stay.id,
        rule_id=f"{BY_HAND}{len(taken) + 1}",
        kind=entry.kind,
        sender=ROUTES[entry.kind][0],
        receiver=entry.receiver,
        receiver_id=receiver_id,
        standing=Standing.REQUIRED,
        text=entry.reason,
        source=source,
        counting="希望の日まで" if entry.wanted_on else "日の決まりはありません",
        due_on=entry.wanted_on,
        due_at=late_from(entry.wanted_on) if entry.wanted_on else None,
        opened_at=now,
    )
    session.add(handoff)
    session.flush()  # The event names its id.
    note_opened(session, handoff, by=by, now=now, more={"by_hand": True})
    return handoff


def as_it_stands(handoff: Handoff) -> Duty:
    """What somebody opened by hand, in the shape of what a rule asks for."""
    return Duty(
        rule_id=handoff.rule_id,
        kind=handoff.kind,
        sender=handoff.sender,
        receiver=handoff.receiver,
        standing=handoff.standing,
        due=handoff.due_on,
        window_from=handoff.window_from,
        preferred=handoff.preferred_on,
        waits_for=(),
        text=handoff.text,
        source=handoff.source,
        counting=handoff.counting,
    )


def _check(entry: ByHandEntry, now: datetime) -> None:
    wrong: dict[str, str] = {}
    if not entry.reason:
        wrong["reason"] = "引き継ぎを開く理由を入力してください。"
    if entry.wanted_on is not None and entry.wanted_on < day_of(now):
        wrong["wanted_on"] = "希望の日が今日より前です。日付を直すか、空欄にしてください。"
    if wrong:
        raise BadEntry(wrong)


def _receiver(session: Session, stay: Stay, entry: ByHandEntry, by: Actor) -> int | None:
    """Find the receiver's organization, and see that they may be told."""
    if entry.kind not in kinds_for(stay, by):
        raise BadEntry({"kind": "いまは開けない種類です。一覧から選び直してください。"})
    if entry.receiver not in ROUTES[entry.kind][1]:
        raise BadEntry({"receiver": "この種類の相手ではありません。相手を選び直してください。"})
    if stay.wants_no_contact and entry.receiver is not Party.PERSON_OR_FAMILY:
        raise BadEntry({"receiver": "ご本人が事業所への連絡を希望していません。"})
    if entry.receiver is Party.HOSPITAL:
        return stay.hospital_id
    if entry.receiver is Party.CARE_MANAGER:
        plan = plan_office_of(session, stay.id)
        if plan is None or plan.organization_id is None:
            raise BadEntry(
                {"receiver": "計画作成担当が決まっていません。先に計画作成担当を登録してください。"}
            )
        return plan.organization_id
    return _center(session, stay) if entry.receiver is Party.COMMUNITY_SUPPORT_CENTER else None


def _center(session: Session, stay: Stay) -> int:
    """The centre for where the person lives; told of a person only with consent."""
    if stay.center_id is None:
        raise BadEntry({"receiver": "担当の地域包括支援センターが登録されていません。"})
    consent = consent_of(session, stay.id)
    if consent is None or consent.answer is not ConsentAnswer.GIVEN:
        raise BadEntry(
            {"receiver": "地域包括支援センターに伝えるには、先に同意を記録してください。"}
        )
    return stay.center_id
