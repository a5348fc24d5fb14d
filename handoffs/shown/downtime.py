"""What a house keeps on paper for the hours without network: whom to ring, and what is due.

Read for one person, who sees no more of anybody here than on the worklist: no address, no
telephone and no family of a client, so that 所在秘匿 has nothing to take off. Read-only.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from handoffs.parties import Actor, Organization, Role, Staff, wards_of
from handoffs.shown.main_contact import MainContact
from handoffs.shown.worklist import ClientWork, clients_of
from rules import Library

KEEPERS = (
    Role.DISCHARGE_NURSE,
    Role.SOCIAL_WORKER,
    Role.PSYCHIATRIC_SOCIAL_WORKER,
    Role.CARE_MANAGER,
    Role.CENTER_STAFF,
)
"""In whose name the kit of the night is made, the first that a house has."""


@dataclass(frozen=True)
class Address:
    """One place to ring: a ward of the house, or another organization of the region."""

    kind: str
    name: str
    telephone: str
    fax: str = ""


@dataclass(frozen=True)
class DueLine:
    """What is to be done about one person, each with its last permitted day, if there is one."""

    ward: str
    name: str
    kana: str
    code: str
    admitted_on: date
    due: tuple[tuple[str, date | None], ...]
    whom: str
    telephone: str


@dataclass(frozen=True)
class Downtime:
    """What the lists of one house say at one moment."""

    house: str
    made_at: datetime
    contacts: tuple[Address, ...]
    due: tuple[DueLine, ...]


def downtime_of(session: Session, actor: Actor, *, library: Library, now: datetime) -> Downtime:
    """Read the contact list and today's worklist, whole, as this person may see them."""
    clients = clients_of(session, actor, library=library, now=now)
    return Downtime(
        house=actor.organization,
        made_at=now,
        contacts=_contacts(session, actor),
        due=tuple(map(_line, clients)),
    )


def keeper_of(session: Session, organization_id: int) -> int | None:
    """Return the person in whose name a house's kit is made at night; None where nobody can."""
    staff = session.exec(
        select(Staff)
        .where(Staff.organization_id == organization_id, col(Staff.active).is_(True))
        .order_by(col(Staff.id))
    ).all()
    # Who works for the whole house comes before whoever has a ward of their own.
    fit = [one for one in staff if one.role in KEEPERS]
    fit.sort(key=lambda one: (one.ward_id is not None, KEEPERS.index(one.role), one.id))
    return fit[0].id if fit else None


def _contacts(session: Session, actor: Actor) -> tuple[Address, ...]:
    own = wards_of(session, actor.organization_id) if actor.is_hospital else []
    found = [Address("病棟", ward.name, ward.telephone) for ward in own]
    others = session.exec(
        select(Organization)
        .where(Organization.region == actor.region, Organization.id != actor.organization_id)
        .order_by(col(Organization.kind), col(Organization.kana), col(Organization.id))
    ).all()
    return (*found, *(Address(one.kind.label, one.name, one.telephone, one.fax) for one in others))


def _line(client: ClientWork) -> DueLine:
    whom, telephone = _whom(client.contact)
    person = client.person
    due = tuple((task.title, task.due_on) for task in client.tasks)
    return DueLine(
        ward=client.ward,
        name=person.name,
        kana=person.kana,
        code=person.code,
        admitted_on=client.admitted_on,
        due=due or (("担当を決める", None),),
        whom=whom,
        telephone=telephone,
    )


def _whom(contact: MainContact) -> tuple[str, str]:
    return "　".join(filter(None, (contact.organization, contact.name))), contact.telephone
