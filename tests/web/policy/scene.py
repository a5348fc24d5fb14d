"""One database in which somebody stands in every relation to a stay, and how each stands.

How a stay lies is written down here a second time, in plain words: what the policy table must
answer for it is worked out from these words and not from the query that is tested.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from sqlmodel import Session

from handoffs.handoff import Handoff, withdraw
from handoffs.parties import Actor
from handoffs.passing import send
from handoffs.plan_office import PlanArrangement, PlanOffice, PlanStatus, replace_plan_office
from handoffs.planning import PlanEntry
from handoffs.policy import LESS, UNTOLD, Permission, Relation, reach_of
from handoffs.stays.stay import Stay
from rules import HandoffKind, Library, Party
from tests.factories import admit_someone, make_handoff, talked
from tests.people import NOW, Cast


@dataclass(frozen=True)
class Lie:
    """How one stay lies: everything that decides who may know of it."""

    name: str
    stay: Stay
    handoff: Handoff
    hospital: int
    office: int | None = None
    manager: int | None = None
    former: int | None = None
    copied: int | None = None
    told: frozenset[int] = field(default_factory=frozenset)
    no_contact: bool = False

    def relations(self, actor: Actor) -> set[Relation]:
        """In which relations somebody's organization stands to it."""
        here, held = actor.organization_id, set()
        if actor.is_hospital and self.hospital == here:
            held.add(Relation.HOUSE)
        if self.office == here:
            held.add(Relation.COLLEAGUES)
            if self.manager is None:
                held.add(Relation.UNTAKEN)
            if self.manager == actor.staff_id:
                held.add(Relation.CLIENT)
        if self.former == here:
            held.add(Relation.FORMER)
        if self.copied == here:
            held.add(Relation.COPIED)
        if here in self.told:
            held.add(Relation.TOLD)
        return held

    def is_reached(self, actor: Actor, act: Permission) -> bool:
        """Whether the table lets somebody reach it for an act."""
        reach = reach_of(actor.role, with_colleagues=actor.with_colleagues)
        reach &= LESS.get(act, reach)
        shown = UNTOLD[actor.role] or not self.no_contact
        return shown and bool(reach & self.relations(actor))


def lay(session: Session, library: Library, cast: Cast) -> list[Lie]:
    """Register one stay for each way of lying. The caller commits."""
    office, outside, center = cast.office_id, cast.outsider_office_id, cast.center_id
    mine, others = cast.care_manager.person_id, cast.colleague.person_id

    def lie(name: str, planners: list[tuple[int, int | None]], **how: Any) -> Lie:  # noqa: ANN401
        given = {key: how.pop(key) for key in ("ward_id", "wants_no_contact") if key in how}
        by = cast.other_nurse if "ward_id" in given else cast.ward_nurse
        center_id = how.pop("center_id", None)
        nobody = PlanEntry(status=PlanStatus.UNASSIGNED)
        stay = admit_someone(session, library, cast, by=by, plan=nobody, **given)
        stay.center_id = center_id or stay.center_id
        for organization_id, person in planners:
            row = PlanOffice(
                stay_id=stay.id,
                status=PlanStatus.ASSIGNED,
                arrangement=PlanArrangement.OFFICE,
                organization_id=organization_id,
                care_manager_id=person,
                via_center_id=how.get("copied"),
                recorded_at=NOW,
            )
            replace_plan_office(session, row)
        return Lie(name, stay, make_handoff(session, stay), by.organization_id, **how)

    def refer(found: Lie) -> Handoff:
        return make_handoff(
            session,
            found.stay,
            kind=HandoffKind.REFERRAL,
            receiver=Party.COMMUNITY_SUPPORT_CENTER,
            receiver_id=center,
        )

    told = lie("told", [], center_id=center, told=frozenset({center}))
    untold = lie("not yet told", [], center_id=center)
    withdrawn = lie("told and withdrawn", [], center_id=center)
    refer(untold)
    for found in (told, withdrawn):
        referral = refer(found)
        send(session, found.stay, referral, talked(), by=cast.ward_nurse, now=NOW)
        if found is withdrawn:
            withdraw(session, referral, by=cast.ward_nurse, now=NOW)
    foreign = cast.foreign_ward_id
    lies = [
        lie("own", [(office, mine)], office=office, manager=mine),
        lie("taken by a colleague", [(office, others)], office=office, manager=others),
        lie("untaken", [(office, None)], office=office),
        lie("other office", [(outside, None)], office=outside),
        lie("former office", [(office, mine), (outside, None)], office=outside, former=office),
        lie("copied", [(outside, None)], office=outside, copied=center),
        told,
        untold,
        withdrawn,
        lie("other hospital", [(outside, None)], office=outside, ward_id=foreign),
        lie("no contact", [(office, mine)], office=office, manager=mine, wants_no_contact=True),
    ]
    session.flush()
    return [replace(one, no_contact=one.stay.wants_no_contact) for one in lies]
