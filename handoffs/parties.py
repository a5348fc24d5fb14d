"""Who takes part: organizations, their wards, who plans for whom, and their staff.

Everybody signs in as a person of one organization. A role says what kind of
work somebody does; what that allows is in `access`.
"""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from rules.kinds import Labelled


class OrganizationKind(Labelled):
    """The kinds of organization that take part."""

    HOSPITAL = "hospital", "病院"
    CARE_SUPPORT_OFFICE = "care_support_office", "居宅介護支援事業所"
    SMALL_MULTIFUNCTIONAL = "small_multifunctional", "小規模多機能型居宅介護"
    COMMUNITY_SUPPORT_CENTER = "community_support_center", "地域包括支援センター"
    HEALTH_CENTER = "health_center", "保健所"

    @property
    def plans_care(self) -> bool:
        """Whether such an organization can be somebody's plan office."""
        return self in PLANNING_KINDS


PLANNING_KINDS = (
    OrganizationKind.CARE_SUPPORT_OFFICE,
    OrganizationKind.SMALL_MULTIFUNCTIONAL,
    OrganizationKind.COMMUNITY_SUPPORT_CENTER,
)


class WardKind(Labelled):
    """Kinds of ward, as far as a rule or a clock may tell them apart."""

    GENERAL = "general", "一般"
    COMMUNITY_CARE = "community_care", "地域包括ケア"
    COMMUNITY_MEDICAL = "community_medical", "地域包括医療"
    REHABILITATION = "rehabilitation", "回復期リハビリテーション"
    LONG_TERM = "long_term", "療養"
    PSYCHIATRIC = "psychiatric", "精神科"
    DEMENTIA = "dementia", "認知症治療"
    PALLIATIVE = "palliative", "緩和ケア"
    EMERGENCY = "emergency", "救急"


class Role(Labelled):
    """What kind of work a person does."""

    WARD_NURSE = "ward_nurse", "病棟看護師"
    DISCHARGE_NURSE = "discharge_nurse", "退院支援看護師"
    SOCIAL_WORKER = "social_worker", "医療ソーシャルワーカー"
    PSYCHIATRIC_SOCIAL_WORKER = "psychiatric_social_worker", "精神保健福祉士"
    CARE_MANAGER = "care_manager", "介護支援専門員"
    CENTER_STAFF = "center_staff", "地域包括支援センター職員"
    HEALTH_OFFICER = "health_officer", "保健所担当者"


HOSPITAL_ROLES = (
    Role.WARD_NURSE,
    Role.DISCHARGE_NURSE,
    Role.SOCIAL_WORKER,
    Role.PSYCHIATRIC_SOCIAL_WORKER,
)
PLANNING_ROLES = (Role.CARE_MANAGER, Role.CENTER_STAFF)


class Organization(SQLModel, table=True):
    """A hospital, an office that plans care, or a health centre.

    `hours` maps `mon` … `sun` to "08:30-17:30"; a weekday that is absent is closed.
    `closed_days` are its own closed days as ISO dates, beside the public holidays.
    """

    __tablename__ = "organization"
    __table_args__ = (sa.UniqueConstraint("kind", "number", name="organization_number"),)

    id: int = Field(default=None, primary_key=True)
    kind: OrganizationKind = Field(sa_type=coded(OrganizationKind, "organization_kind"))
    region: str = Field(max_length=40, index=True)
    name: str = Field(max_length=100)
    kana: str = Field(default="", max_length=100)
    number: str | None = Field(default=None, max_length=10)
    municipality: str = Field(default="", max_length=40)
    telephone: str = Field(default="", max_length=20)
    fax: str = Field(default="", max_length=20)
    hours: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    closed_days: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    open_on_public_holidays: bool = Field(default=False)


class Delegation(SQLModel, table=True):
    """An office that plans for a community support centre (委託)."""

    __tablename__ = "delegation"
    __table_args__ = (sa.UniqueConstraint("center_id", "office_id", name="delegation_pair"),)

    id: int = Field(default=None, primary_key=True)
    center_id: int = Field(foreign_key="organization.id")
    office_id: int = Field(foreign_key="organization.id", index=True)


class Ward(SQLModel, table=True):
    """A ward of a hospital. `closed_at`: since when nothing new happens there, None while open."""

    __tablename__ = "ward"
    __table_args__ = (sa.UniqueConstraint("hospital_id", "name", name="ward_name"),)

    id: int = Field(default=None, primary_key=True)
    hospital_id: int = Field(foreign_key="organization.id", index=True)
    name: str = Field(max_length=40)
    kind: WardKind = Field(sa_type=coded(WardKind, "ward_kind"))
    telephone: str = Field(default="", max_length=20)
    closed_at: datetime | None = None


class Staff(SQLModel, table=True):
    """A person who signs in. `password_hash` is argon2id; the password is nowhere.

    `direct_line` and `reachable` are where and when they are reached, as they write it themselves
    (see `handoffs.direct_line`); empty: by their ward or organization.
    """

    __tablename__ = "staff"

    id: int = Field(default=None, primary_key=True)
    organization_id: int = Field(foreign_key="organization.id", index=True)
    ward_id: int | None = Field(default=None, foreign_key="ward.id")
    role: Role = Field(sa_type=coded(Role, "staff_role"))
    name: str = Field(max_length=60)
    sign_in_name: str = Field(max_length=60, unique=True)
    password_hash: str = Field(max_length=200)
    active: bool = Field(default=True)
    direct_line: str = Field(default="", max_length=20)
    reachable: str = Field(default="", max_length=40)


@dataclass(frozen=True)
class Actor:
    """Whoever acts, as every question and verb receives them: a person who signed in.

    `staff_id` is None for an organization that answers through a link without signing in: what
    it does is its own act, and nobody by name did it. `ward_id` is the person's own ward,
    None where they work for the whole house. `with_colleagues` is true while somebody has
    switched to the clients of the whole office, which is logged.
    """

    staff_id: int | None
    name: str
    role: Role
    organization_id: int
    organization: str
    kind: OrganizationKind
    region: str
    ward_id: int | None = None
    with_colleagues: bool = False

    @property
    def person_id(self) -> int:
        """The person, where an act asks for one. Raises RuntimeError for a link without sign-in."""
        if self.staff_id is None:
            raise RuntimeError("This act needs somebody who signed in.")
        return self.staff_id

    @property
    def is_hospital(self) -> bool:
        """Whether the person works for a hospital."""
        return self.kind is OrganizationKind.HOSPITAL

    @property
    def plans_care(self) -> bool:
        """Whether the person works for an office or centre that plans care."""
        return self.kind.plans_care


def actor_of(session: Session, staff_id: int, *, with_colleagues: bool = False) -> Actor | None:
    """Build the actor for a signed-in person; None when the account is no longer active."""
    found = session.exec(
        select(Staff, Organization)
        .join(Organization, col(Staff.organization_id) == col(Organization.id))
        .where(col(Staff.id) == staff_id, col(Staff.active).is_(True))
    ).one_or_none()
    if found is None:
        return None
    staff, organization = found
    return Actor(
        staff_id=staff_id,
        name=staff.name,
        role=staff.role,
        organization_id=staff.organization_id,
        organization=organization.name,
        kind=organization.kind,
        region=organization.region,
        ward_id=staff.ward_id,
        with_colleagues=with_colleagues,
    )


def wards_of(session: Session, hospital_id: int) -> list[Ward]:
    """The wards of a hospital that are open, in the order of their names."""
    return [ward for ward in all_wards_of(session, hospital_id) if ward.closed_at is None]


def all_wards_of(session: Session, hospital_id: int) -> list[Ward]:
    """The wards of a hospital, closed ones too, in the order of their names."""
    return list(
        session.exec(select(Ward).where(Ward.hospital_id == hospital_id).order_by(col(Ward.name)))
    )


def staff_of(session: Session, organization_id: int) -> list[Staff]:
    """Everybody who works for an organization now, in the order in which they came."""
    return list(
        session.exec(
            select(Staff)
            .where(Staff.organization_id == organization_id, col(Staff.active).is_(True))
            .order_by(col(Staff.id))
        )
    )


def planning_organizations(session: Session, region: str) -> list[Organization]:
    """Every organization of a region that can plan somebody's care, in kana order.

    The order recommends nobody.
    """
    return list(
        session.exec(
            select(Organization)
            .where(Organization.region == region, col(Organization.kind).in_(PLANNING_KINDS))
            .order_by(col(Organization.kana), col(Organization.id))
        )
    )


def centers(session: Session, region: str) -> list[Organization]:
    """The community support centres of a region, in kana order."""
    return [
        organization
        for organization in planning_organizations(session, region)
        if organization.kind is OrganizationKind.COMMUNITY_SUPPORT_CENTER
    ]


def organizations_by_id(session: Session, ids: set[int]) -> dict[int, Organization]:
    """Look up several organizations at once."""
    if not ids:
        return {}
    found = session.exec(select(Organization).where(col(Organization.id).in_(ids)))
    return {organization.id: organization for organization in found}


def check_digit(body: str) -> int:
    """Compute the check digit (検証番号) of an institution or office number.

    Modulus 10 with weights 2 and 1 from the right, digits of the products summed.
    Letters count A=10, B=11 …, leaving out I, O and Q.
    """
    letters = {c: 10 + i for i, c in enumerate("ABCDEFGHJKLMNPRSTUVWXYZ")}
    total = 0
    for position, character in enumerate(reversed(body)):
        product = letters.get(character, 0) or int(character)
        product *= 2 if position % 2 == 0 else 1
        total += sum(int(digit) for digit in str(product))
    return (10 - total % 10) % 10


def number_looks_wrong(number: str) -> bool:
    """Whether a ten-character number fails its check digit. A reason to warn, never to block."""
    body, last = number[:-1], number[-1:]
    try:
        return len(number) != 10 or check_digit(body) != int(last)  # noqa: PLR2004
    except ValueError:
        return True


def closed_dates(organization: Organization) -> frozenset[date]:
    """An organization's own closed days."""
    return frozenset(date.fromisoformat(text) for text in organization.closed_days)


def as_choices(organizations: list[Organization]) -> list[tuple[int, str]]:
    """Pairs of id and shown name for a selection list."""
    return [(o.id, f"{o.name}（{o.kind.label}）") for o in organizations]


def ward_or_none(session: Session, hospital_id: int, ward_id: int) -> Ward | None:
    """Find an open ward of this hospital; None for any other."""
    ward = session.get(Ward, ward_id)
    if ward is None or ward.hospital_id != hospital_id or ward.closed_at is not None:
        return None
    return ward
