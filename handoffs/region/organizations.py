"""The organizations of a region in the hands of its administrator, and what was changed there.

Name, number, telephone, FAX and who may still sign in. Every change is an event with who and when;
it names the fields and not what stood in them. A FAX number that changes here is locked for every
hospital until it is verified anew (see `handoffs.fax.number`). Never commits.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlmodel import Session, col, select

from handoffs.access import Permission, require
from handoffs.accounts.keeping import shut, unlock
from handoffs.database import writes
from handoffs.errors import BadEntry, NotPermitted, NotVisible, Overtaken
from handoffs.history import Act, Detail, Event, record
from handoffs.parties import Actor, Organization, Staff, organizations_by_id

LATEST = 30
"""How many changes are listed."""

_ACTS = (
    Act.REGION_ADMIT,
    Act.REGION_CODE,
    Act.REGION_CORRECT,
    Act.REGION_POLICY,
    Act.REGION_REFUSE,
    Act.REGION_STAFF,
    Act.REGION_WARDS,
    Act.ORGANIZATION_HOURS,
)


@dataclass(frozen=True)
class Particulars:
    """What the region keeps of an organization. `number` is None where it has none."""

    name: str
    kana: str
    number: str | None
    municipality: str
    telephone: str
    fax: str

    @classmethod
    def of(cls, organization: Organization) -> "Particulars":
        """What stands there now."""
        return cls(**{one.name: getattr(organization, one.name) for one in fields(cls)})

    @property
    def seen(self) -> str:
        """What stands there, short enough to go along with a form."""
        content = json.dumps([getattr(self, one.name) for one in fields(self)])
        return hashlib.sha256(content.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class ChangeShown:
    """One change by the region: what, where, when, by whom. `fields`: what of it changed."""

    act: Act
    organization: str
    at: datetime
    by: str
    fields: tuple[str, ...]


def organizations_in(session: Session, actor: Actor) -> Sequence[Organization]:
    """Every organization of the actor's region, by kind and kana. Raises NotPermitted."""
    require(actor, Permission.REGION_SET)
    return session.exec(
        select(Organization)
        .where(Organization.region == actor.region)
        .order_by(col(Organization.kind), col(Organization.kana), col(Organization.id))
    ).all()


def organization_in(session: Session, actor: Actor, organization_id: int) -> Organization:
    """One organization of the actor's region. Raises NotPermitted or NotVisible."""
    require(actor, Permission.REGION_SET)
    query = select(Organization).where(
        Organization.id == organization_id, Organization.region == actor.region
    )
    if writes(session):
        query = query.with_for_update()
    found = session.exec(query).one_or_none()
    if found is None:
        raise NotVisible
    return found


def correct_organization(
    session: Session,
    organization_id: int,
    entry: Particulars,
    *,
    seen: str,
    by: Actor,
    now: datetime,
) -> tuple[str, ...]:
    """Write down what an organization is called and how it is reached; name what changed.

    Raises NotPermitted, NotVisible, BadEntry, or Overtaken if somebody changed it meanwhile.
    """
    organization = organization_in(session, by, organization_id)
    before = Particulars.of(organization)
    if seen != before.seen:
        raise Overtaken
    if entry.number is not None and entry.number != before.number:
        _refuse_taken_number(session, organization, entry.number)
    changed = tuple(
        one.name for one in fields(entry) if getattr(entry, one.name) != getattr(before, one.name)
    )
    for name in changed:
        setattr(organization, name, getattr(entry, name))
    if changed:
        detail: Detail = {"organization": organization_id, "fields": ",".join(changed)}
        record(session, by, Act.REGION_CORRECT, now=now, detail=detail)
    return changed


def _refuse_taken_number(session: Session, organization: Organization, number: str) -> None:
    taken = session.exec(
        select(Organization.id).where(
            Organization.kind == organization.kind,
            Organization.number == number,
            Organization.id != organization.id,
        )
    ).first()
    if taken is not None:
        raise BadEntry({"number": "別の機関がこの番号で登録されています。番号を確かめてください。"})


def people_in(session: Session, actor: Actor, organization_id: int) -> Sequence[Staff]:
    """Everybody who works or worked for an organization of the region, in their order."""
    organization_in(session, actor, organization_id)
    return session.exec(
        select(Staff)
        .where(Staff.organization_id == organization_id)
        .order_by(col(Staff.active).desc(), col(Staff.id))
    ).all()


def let_sign_in(
    session: Session,
    organization_id: int,
    staff_id: int,
    *,
    allowed: bool,
    by: Actor,
    now: datetime,
) -> None:
    """Stop somebody's account at once, or open it again: it then needs a new code.

    Raises NotPermitted, also for one's own account, or NotVisible.
    """
    organization_in(session, by, organization_id)
    staff = session.get(Staff, staff_id)
    if staff is None or staff.organization_id != organization_id:
        raise NotVisible
    if staff.id == by.staff_id:
        raise NotPermitted("自分のアカウントは止められません。ほかの担当者に頼んでください。")
    if staff.active is not allowed:
        if allowed:
            unlock(staff)
        else:
            shut(session, staff, by=by, now=now)
        detail: Detail = {"organization": organization_id, "staff": staff.id, "allowed": allowed}
        record(session, by, Act.REGION_STAFF, now=now, detail=detail)


def changes_in(session: Session, actor: Actor) -> tuple[ChangeShown, ...]:
    """What the region changed lately, the last first. Raises NotPermitted."""
    require(actor, Permission.REGION_SET)
    rows = session.exec(
        select(Event, Staff.name)
        .join(Staff, col(Staff.id) == col(Event.staff_id))
        .where(Event.organization_id == actor.organization_id, col(Event.act).in_(_ACTS))
        .order_by(col(Event.id).desc())
        .limit(LATEST)
    ).all()
    ids = {int(event.detail.get("organization") or 0) for event, _ in rows}
    named = organizations_by_id(session, ids - {0})
    return tuple(
        ChangeShown(
            act=event.act,
            organization=named[key].name
            if (key := int(event.detail.get("organization") or 0)) in named
            else "",
            at=event.recorded_at,
            by=name,
            fields=_fields_of(event),
        )
        for event, name in rows
    )


def _fields_of(event: Event) -> tuple[str, ...]:
    """The codes of what was corrected or decided."""
    named = event.detail.get("fields") or event.detail.get("policy") or ""
    return tuple(one for one in str(named).split(",") if one)
