"""窓口一覧: every organization of a region with its desks, telephone, FAX, hours and channels.

Of people it names none: whoever is on duty is there by the kind of work. Read-only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlmodel import Session, col, select

from handoffs.parties import Actor, Organization, OrganizationKind, Role, Staff, Ward
from handoffs.region.contact_confirmation import (
    Confirmed,
    ContactConfirmation,
    digest_of,
    latest_confirmations,
    standing_of,
)
from handoffs.shown.main_contact import hours_in_words
from handoffs.telling.duty_person import DutyPerson, Post
from handoffs.telling.mailbox import Mailbox
from handoffs.tokyo import day_of
from rules.contacts import ContactList, Desk
from rules.kinds import Labelled


class Way(Labelled):
    """By what an organization can be reached."""

    SCREEN = "screen", "つなぎの画面"
    MAIL = "mail", "メールのお知らせ"
    TELEPHONE = "telephone", "電話"
    FAX = "fax", "FAX"


@dataclass(frozen=True)
class DeskLine:
    """One desk of an organization: a ward, or what the region's printed list names."""

    name: str
    telephone: str
    hours: str = ""
    note: str = ""


@dataclass(frozen=True)
class ContactLine:
    """One organization of the list. on_duty: the kind of work of whoever is on duty, or empty."""

    organization_id: int
    kind: OrganizationKind
    name: str
    municipality: str
    telephone: str
    fax: str
    hours: str
    desks: tuple[DeskLine, ...]
    on_duty: str
    ways: tuple[Way, ...]
    confirmed: Confirmed
    confirmed_on: date | None
    digest: str


@dataclass(frozen=True)
class RegionContacts:
    """The list of a region, by kind of organization, in kana order within each."""

    groups: tuple[tuple[OrganizationKind, tuple[ContactLine, ...]], ...]
    own: ContactLine

    def count(self, standing: Confirmed) -> int:
        """How many organizations stand like this."""
        return sum(line.confirmed is standing for _, lines in self.groups for line in lines)


def region_contacts(
    session: Session, actor: Actor, *, printed: ContactList | None, today: date
) -> RegionContacts:
    """The list of the actor's region. printed: desks that the region published, by name."""
    organizations = session.exec(
        select(Organization)
        .where(Organization.region == actor.region)
        .order_by(col(Organization.kana), col(Organization.id))
    ).all()
    ids = [one.id for one in organizations]
    confirmations = latest_confirmations(session, actor.region)
    desks, duties, ways = (
        _desks(session, ids),
        _on_duty(session, ids),
        _ways(session, organizations),
    )
    published = printed.desks if printed else ()
    lines = [
        _line(
            one,
            confirmations.get(one.id),
            desks=(*_published(one.name, published), *desks.get(one.id, ())),
            on_duty=duties.get(one.id, ""),
            ways=ways[one.id],
            today=today,
        )
        for one in organizations
    ]
    kinds = list(OrganizationKind)
    lines.sort(key=lambda line: kinds.index(line.kind))
    return RegionContacts(
        groups=tuple((kind, tuple(ones)) for kind, ones in groupby(lines, lambda one: one.kind)),
        own=next(line for line in lines if line.organization_id == actor.organization_id),
    )


def _line(
    one: Organization,
    confirmation: ContactConfirmation | None,
    *,
    desks: tuple[DeskLine, ...],
    on_duty: str,
    ways: tuple[Way, ...],
    today: date,
) -> ContactLine:
    return ContactLine(
        organization_id=one.id,
        kind=one.kind,
        name=one.name,
        municipality=one.municipality,
        telephone=one.telephone,
        fax=one.fax,
        hours=hours_in_words(one.hours),
        desks=desks,
        on_duty=on_duty,
        ways=ways,
        confirmed=standing_of(confirmation, one, today),
        confirmed_on=day_of(confirmation.confirmed_at) if confirmation else None,
        digest=digest_of(one),
    )


def _ways(session: Session, organizations: Sequence[Organization]) -> dict[int, tuple[Way, ...]]:
    """By what each of them can be reached: what is registered, not what it likes best."""
    ids = [one.id for one in organizations]
    working = select(Staff.organization_id).where(
        col(Staff.organization_id).in_(ids), col(Staff.active).is_(True)
    )
    mailed = select(Mailbox.organization_id).where(col(Mailbox.organization_id).in_(ids))
    signing_in, with_mail = set(session.exec(working)), set(session.exec(mailed))
    return {
        one.id: tuple(
            way
            for way, there in (
                (Way.SCREEN, one.id in signing_in),
                (Way.MAIL, one.id in with_mail),
                (Way.TELEPHONE, bool(one.telephone)),
                (Way.FAX, bool(one.fax)),
            )
            if there
        )
        for one in organizations
    }


def _published(name: str, desks: Iterable[Desk]) -> tuple[DeskLine, ...]:
    return tuple(
        DeskLine(desk.desk, desk.telephone or "", desk.hours or "", desk.note or "")
        for desk in desks
        if desk.organization == name
    )


def _desks(session: Session, ids: list[int]) -> dict[int, tuple[DeskLine, ...]]:
    """The wards that have a telephone of their own."""
    found: dict[int, tuple[DeskLine, ...]] = {}
    rows = session.exec(
        select(Ward)
        .where(col(Ward.hospital_id).in_(ids), Ward.telephone != "", col(Ward.closed_at).is_(None))
        .order_by(col(Ward.name))
    )
    for ward in rows:
        line = DeskLine(ward.name, ward.telephone)
        found[ward.hospital_id] = (*found.get(ward.hospital_id, ()), line)
    return found


def _on_duty(session: Session, ids: list[int]) -> dict[int, str]:
    rows = session.exec(
        select(DutyPerson.organization_id, Staff.role)
        .join(Staff, col(Staff.id) == col(DutyPerson.staff_id))
        .where(
            col(DutyPerson.organization_id).in_(ids),
            DutyPerson.post == Post.ON_DUTY,
            col(Staff.active).is_(True),
            col(Staff.organization_id) == col(DutyPerson.organization_id),
        )
    )
    return {organization_id: Role(role).label for organization_id, role in rows}
