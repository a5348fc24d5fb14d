"""Asking to take part, and the region's answer: an organization with its first person.

Anybody may ask. The health centre of the region makes sure that the organization is real (it
rings a number that it found elsewhere, not the one that was typed) and admits or refuses it.
Admitting makes the organization and one person who keeps its accounts, with the code of an
invitation that is shown once; from then on the organization invites its own people. Never commits.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, func, select

from handoffs.access import Permission, require
from handoffs.accounts.invitation import ROLES, Newcomer, invite_first, open_account
from handoffs.accounts.password import UNUSABLE
from handoffs.database import coded
from handoffs.errors import BadEntry, HandoffError, NotPermitted, NotVisible
from handoffs.history import Act, Detail, record
from handoffs.parties import (
    PLANNING_KINDS,
    Actor,
    Organization,
    OrganizationKind,
    Role,
    Staff,
    number_looks_wrong,
)
from handoffs.region.organizations import people_in
from handoffs.stays.patients import fold

MOST_OPEN = 100
"""Requests that wait at once in a region. Whoever floods the form keeps nobody from reading it."""

KEPT = timedelta(days=90)
"""How long a request that was settled is kept. What it led to stands in the history."""

WAITS = timedelta(days=60)
"""How long a request waits for its answer. Then it is erased, and whoever wants asks again."""

KINDS = (OrganizationKind.HOSPITAL, *PLANNING_KINDS)
"""Who may ask. A health centre is set up by whoever runs the system."""


class TooMany(HandoffError):
    """More requests wait than anybody reads."""

    def __init__(self) -> None:
        """Say whom to ring."""
        super().__init__("いまは申し込みを受け付けられません。保健所に電話で知らせてください。")


class JoiningRequest(SQLModel, table=True):
    """One request. `form_digest` is that of the posted form, so that a double click asks once."""

    __tablename__ = "joining_request"

    id: int = Field(default=None, primary_key=True)
    form_digest: str = Field(max_length=64, unique=True)
    region: str = Field(max_length=40)
    kind: OrganizationKind = Field(sa_type=coded(OrganizationKind, "joining_kind"))
    name: str = Field(max_length=100)
    kana: str = Field(max_length=100)
    number: str | None = Field(default=None, max_length=10)
    municipality: str = Field(default="", max_length=40)
    telephone: str = Field(max_length=20)
    fax: str = Field(default="", max_length=20)
    person: str = Field(max_length=60)
    role: Role = Field(sa_type=coded(Role, "joining_role"))
    asked_at: datetime
    settled_at: datetime | None = None
    settled_by: int | None = Field(default=None, foreign_key="staff.id")
    organization_id: int | None = Field(default=None, foreign_key="organization.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")


@dataclass(frozen=True)
class JoiningEntry:
    """What somebody writes who wants their organization to take part."""

    kind: OrganizationKind
    name: str
    kana: str
    number: str | None
    municipality: str
    telephone: str
    fax: str
    person: str
    role: Role


@dataclass(frozen=True, repr=False)
class Admitted:
    """Who was let in, and the code with which the first person begins; it is kept nowhere."""

    organization: str
    person: str
    sign_in_name: str
    code: str


@dataclass(frozen=True)
class RequestShown:
    """A request that waits. `alike`: organizations of the region that look like the same."""

    request: JoiningRequest
    alike: tuple[Organization, ...]
    number_is_odd: bool


def ask_to_join(
    session: Session, entry: JoiningEntry, *, region: str, form_id: str, now: datetime
) -> None:
    """Keep a request. The same form posted again keeps nothing more.

    Raises BadEntry with a message for each field, or TooMany.
    """
    if entry.kind not in KINDS:
        raise BadEntry({"kind": "機関の種類を選んでください。"})
    if entry.role not in ROLES[entry.kind]:
        raise BadEntry({"role": "機関の種類に合う職種を選んでください。"})
    digest = hashlib.sha256(form_id.encode()).hexdigest()
    if session.exec(select(JoiningRequest.id).where(JoiningRequest.form_digest == digest)).first():
        return
    waiting = session.exec(
        select(func.count())
        .select_from(JoiningRequest)
        .where(JoiningRequest.region == region, col(JoiningRequest.settled_at).is_(None))
    ).one()
    if waiting >= MOST_OPEN:
        raise TooMany
    session.add(
        JoiningRequest(
            form_digest=digest,
            region=region,
            kind=entry.kind,
            name=entry.name,
            kana=entry.kana,
            number=entry.number,
            municipality=entry.municipality,
            telephone=entry.telephone,
            fax=entry.fax,
            person=entry.person,
            role=entry.role,
            asked_at=now,
        )
    )


def requests_waiting(session: Session, actor: Actor) -> tuple[RequestShown, ...]:
    """The requests of the actor's region that wait, the oldest first. Raises NotPermitted."""
    require(actor, Permission.REGION_SET)
    waiting = session.exec(
        select(JoiningRequest)
        .where(JoiningRequest.region == actor.region, col(JoiningRequest.settled_at).is_(None))
        .order_by(col(JoiningRequest.id))
    ).all()
    there = session.exec(select(Organization).where(Organization.region == actor.region)).all()
    return tuple(
        RequestShown(
            one,
            tuple(other for other in there if _is_alike(one, other)),
            bool(one.number and number_looks_wrong(one.number)),
        )
        for one in waiting
    )


def _is_alike(request: JoiningRequest, other: Organization) -> bool:
    same_number = request.number is not None and other.number == request.number
    return same_number or fold(other.name) == fold(request.name)


def admit(session: Session, request_id: int, *, by: Actor, now: datetime) -> Admitted:
    """Let the organization take part, with one person who keeps its accounts from now on.

    Raises NotPermitted, NotVisible, or BadEntry where its number is taken.
    """
    request = _open(session, request_id, by)
    if (
        request.number is not None
        and session.exec(
            select(Organization.id).where(
                Organization.kind == request.kind, Organization.number == request.number
            )
        ).first()
    ):
        raise BadEntry(
            {"number": "この番号の機関はもう登録されています。断って、電話で伝えてください。"}
        )
    organization = Organization(
        kind=request.kind,
        region=request.region,
        name=request.name,
        kana=request.kana,
        number=request.number,
        municipality=request.municipality,
        telephone=request.telephone,
        fax=request.fax,
    )
    session.add(organization)
    session.flush()
    newcomer = Newcomer(
        name=request.person, sign_in_name=f"kikan{organization.id}", role=request.role
    )
    staff = open_account(session, newcomer, organization.id, organization.kind)
    code = invite_first(session, staff, now)
    request.organization_id, request.staff_id = organization.id, staff.id
    _settle(request, by, now)
    record(
        session,
        by,
        Act.REGION_ADMIT,
        now=now,
        detail={"request": request.id, "organization": organization.id, "staff": staff.id},
    )
    return Admitted(organization.name, staff.name, staff.sign_in_name, code)


def waits_for_first(people: Sequence[Staff]) -> Staff | None:
    """Whose code could be made anew: the first of people of whom nobody has a password yet."""
    if any(one.password_hash != UNUSABLE for one in people):
        return None
    return next((one for one in people if one.active), None)


def first_code_again(
    session: Session, organization_id: int, *, by: Actor, now: datetime
) -> Admitted:
    """Make a new code where the first one was lost or ran out before anybody began.

    Raises NotPermitted or NotVisible; once somebody has a password, the organization's own keeper
    of the accounts is the one to ask.
    """
    people = people_in(session, by, organization_id)
    staff = waits_for_first(people)
    if staff is None:
        raise NotPermitted("もう使い始めた方がいます。その機関のアカウント担当者に頼んでください。")
    code = invite_first(session, staff, now)
    detail: Detail = {"organization": organization_id, "staff": staff.id}
    record(session, by, Act.REGION_CODE, now=now, detail=detail)
    name = session.get_one(Organization, organization_id).name
    return Admitted(name, staff.name, staff.sign_in_name, code)


def refuse(session: Session, request_id: int, *, by: Actor, now: datetime) -> None:
    """Refuse a request. Raises NotPermitted or NotVisible."""
    request = _open(session, request_id, by)
    _settle(request, by, now)
    record(session, by, Act.REGION_REFUSE, now=now, detail={"request": request.id})


def _open(session: Session, request_id: int, by: Actor) -> JoiningRequest:
    require(by, Permission.REGION_SET)
    request = session.exec(
        select(JoiningRequest)
        .where(
            JoiningRequest.id == request_id,
            JoiningRequest.region == by.region,
            col(JoiningRequest.settled_at).is_(None),
        )
        .with_for_update()
    ).one_or_none()
    if request is None:
        raise NotVisible
    return request


def _settle(request: JoiningRequest, by: Actor, now: datetime) -> None:
    request.settled_at, request.settled_by = now, by.staff_id


def has_old_requests(session: Session, now: datetime) -> bool:
    """Whether a request is kept longer than it may be."""
    return session.exec(select(JoiningRequest.id).where(_is_old(now)).limit(1)).first() is not None


def purge_requests(session: Session, now: datetime) -> int:
    """Erase what was settled long ago, and what nobody answered for long; return how many."""
    old = session.exec(select(JoiningRequest).where(_is_old(now))).all()
    for request in old:
        if request.settled_at is None:
            record(session, None, Act.REGION_LAPSE, now=now, detail={"request": request.id})
        session.delete(request)
    return len(old)


def _is_old(now: datetime) -> sa.ColumnElement[bool]:
    unanswered = col(JoiningRequest.settled_at).is_(None) & (
        col(JoiningRequest.asked_at) < now - WAITS
    )
    return unanswered | (col(JoiningRequest.settled_at) < now - KEPT)
