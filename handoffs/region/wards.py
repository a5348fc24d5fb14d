"""The wards of a hospital in the hands of the region's administrator: added, corrected, closed.

A closed ward is offered for nothing new; stays that name it keep it, and it can be opened again.
No ward is ever deleted. Every change is an event with who and when. Never commits.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from handoffs.errors import BadEntry, NotVisible, Overtaken
from handoffs.history import Act, Detail, record
from handoffs.parties import Actor, Organization, OrganizationKind, Ward, WardKind, all_wards_of
from handoffs.region.organizations import organization_in


@dataclass(frozen=True)
class WardEntry:
    """What somebody writes about a ward. `telephone` may be empty: the hospital's own counts."""

    name: str
    kind: WardKind
    telephone: str

    @classmethod
    def of(cls, ward: Ward) -> "WardEntry":
        """What stands there now."""
        return cls(ward.name, ward.kind, ward.telephone)

    @property
    def seen(self) -> str:
        """What stands there, short enough to go along with a form."""
        content = json.dumps([self.name, self.kind.value, self.telephone])
        return hashlib.sha256(content.encode()).hexdigest()[:16]


def wards_in(
    session: Session, actor: Actor, hospital_id: int
) -> tuple[Organization, Sequence[Ward]]:
    """A hospital of the actor's region and all its wards, the closed ones last.

    Raises NotPermitted, or NotVisible, also for an organization that is no hospital.
    """
    organization = organization_in(session, actor, hospital_id)
    if organization.kind is not OrganizationKind.HOSPITAL:
        raise NotVisible
    wards = all_wards_of(session, hospital_id)
    return organization, sorted(wards, key=lambda ward: ward.closed_at is not None)


def add_ward(
    session: Session, hospital_id: int, entry: WardEntry, *, by: Actor, now: datetime
) -> None:
    """Add a ward. Raises NotPermitted, NotVisible, or BadEntry for a name that is taken."""
    _, wards = wards_in(session, by, hospital_id)
    _refuse_taken_name(wards, entry.name)
    ward = Ward(
        hospital_id=hospital_id, name=entry.name, kind=entry.kind, telephone=entry.telephone
    )
    session.add(ward)
    session.flush()
    _write_down(session, ward, "added", by=by, now=now)


def correct_ward(
    session: Session,
    hospital_id: int,
    ward_id: int,
    entry: WardEntry,
    *,
    seen: str,
    by: Actor,
    now: datetime,
) -> bool:
    """Rename a ward or change its kind or telephone; whether anything changed.

    Raises NotPermitted, NotVisible, BadEntry, or Overtaken if somebody changed it meanwhile.
    """
    ward, others = _ward_in(session, by, hospital_id, ward_id)
    before = WardEntry.of(ward)
    if seen != before.seen:
        raise Overtaken
    if entry == before:
        return False
    _refuse_taken_name(others, entry.name)
    ward.name, ward.kind, ward.telephone = entry.name, entry.kind, entry.telephone
    _write_down(session, ward, "corrected", by=by, now=now)
    return True


def close_ward(
    session: Session, hospital_id: int, ward_id: int, *, closed: bool, by: Actor, now: datetime
) -> None:
    """Close a ward, or open it again; twice is once. Raises NotPermitted or NotVisible."""
    ward, _ = _ward_in(session, by, hospital_id, ward_id)
    if (ward.closed_at is not None) is not closed:
        ward.closed_at = now if closed else None
        _write_down(session, ward, "closed" if closed else "opened", by=by, now=now)


def _ward_in(
    session: Session, by: Actor, hospital_id: int, ward_id: int
) -> tuple[Ward, list[Ward]]:
    _, wards = wards_in(session, by, hospital_id)
    for ward in wards:
        if ward.id == ward_id:
            return ward, [one for one in wards if one is not ward]
    raise NotVisible


def _refuse_taken_name(wards: Sequence[Ward], name: str) -> None:
    taken = next((ward for ward in wards if ward.name == name), None)
    if taken is None:
        return
    if taken.closed_at is not None:
        raise BadEntry(
            {"name": "閉じた病棟に同じ名前があります。その病棟を「また使う」で戻してください。"}
        )
    raise BadEntry({"name": "同じ名前の病棟があります。ほかの名前にしてください。"})


def _write_down(session: Session, ward: Ward, what: str, *, by: Actor, now: datetime) -> None:
    detail: Detail = {"organization": ward.hospital_id, "ward": ward.id, "change": what}
    record(session, by, Act.REGION_WARDS, now=now, detail=detail)
