"""The standing cast: two hospitals, the offices and centres around them, and who works there.

All invented. `settle` puts them into an empty database; `Cast` names them as actors, so that a
test reads as "the outsider asks". Everybody's password is `PASSWORD`, everybody's app has
`TOTP_SECRET`, and everybody's sign-in name is the name of their attribute here.
"""

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import lru_cache

from sqlmodel import Session, col, select

from handoffs.accounts import hash_password
from handoffs.accounts.account import Account
from handoffs.accounts.totp import code_at, step_at
from handoffs.parties import (
    Actor,
    Delegation,
    Organization,
    OrganizationKind,
    Role,
    Staff,
    Ward,
    WardKind,
    actor_of,
)

REGION = "mihon"
PASSWORD = "umi-to-yama-2026"
TOTP_SECRET = "UMITOYAMAUMITOYAMAUMITOYAMAUMITO"
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
"""Friday, 20 November 2026, 10:00 in Tokyo: the moment at which most tests begin."""

_HOURS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:30-17:15")


@dataclass(frozen=True)
class Cast:
    """Everybody as an actor, and the ids of the places that a test names."""

    ward_nurse: Actor
    discharge_nurse: Actor
    social_worker: Actor
    psychiatric_social_worker: Actor
    other_nurse: Actor
    """A nurse of another hospital."""
    care_manager: Actor
    colleague: Actor
    """Another care manager of the same office."""
    outsider: Actor
    """A care manager of an office that has nothing to do with the person."""
    multifunctional: Actor
    center_staff: Actor
    other_center_staff: Actor
    health_officer: Actor
    hospital_id: int
    other_hospital_id: int
    office_id: int
    outsider_office_id: int
    multifunctional_id: int
    center_id: int
    other_center_id: int
    health_center_id: int
    ward_id: int
    """The ward nurse's own ward."""
    other_ward_id: int
    foreign_ward_id: int
    """A ward of the other hospital."""

    @property
    def people(self) -> dict[str, Actor]:
        """Everybody, by the name of their attribute."""
        values = ((f.name, getattr(self, f.name)) for f in fields(self))
        return {name: value for name, value in values if isinstance(value, Actor)}


@lru_cache(maxsize=1)
def password_hash() -> str:
    """The one hash of the one password, made once because it is slow on purpose."""
    return hash_password(PASSWORD)


def code_for(session: Session, sign_in_name: str, now: datetime) -> str:
    """The code with which somebody of the cast signs in at `now`: one that they have not used.

    At a moment that stands still there are three, those of the steps before and after included.
    """
    found = session.exec(
        select(Account.totp_secret, Account.totp_step)
        .join(Staff, col(Staff.id) == col(Account.staff_id))
        .where(Staff.sign_in_name == sign_in_name)
    ).one_or_none()
    secret, used = found or (None, None)
    step = max(step_at(now) - 1, (used or 0) + 1)
    return code_at(secret or TOTP_SECRET, step)


def settle(session: Session) -> Cast:
    """Put the cast into an empty database. The caller commits."""
    hospital = _organization(session, OrganizationKind.HOSPITAL, "見本中央病院", "1810000014")
    other_hospital = _organization(session, OrganizationKind.HOSPITAL, "見本東病院", "1810000022")
    office = _organization(
        session, OrganizationKind.CARE_SUPPORT_OFFICE, "見本ケアプランセンター", "1870000019"
    )
    outsider_office = _organization(
        session, OrganizationKind.CARE_SUPPORT_OFFICE, "となり町ケアプラン", "1870000027"
    )
    multifunctional = _organization(
        session, OrganizationKind.SMALL_MULTIFUNCTIONAL, "小規模多機能みほん", "1890000015"
    )
    center = _organization(
        session,
        OrganizationKind.COMMUNITY_SUPPORT_CENTER,
        "見本市地域包括支援センター",
        "1800000016",
    )
    other_center = _organization(
        session,
        OrganizationKind.COMMUNITY_SUPPORT_CENTER,
        "となり町地域包括支援センター",
        "1800000024",
    )
    health_center = _organization(session, OrganizationKind.HEALTH_CENTER, "見本保健所", None)
    session.add(Delegation(center_id=center, office_id=office))
    ward = _ward(session, hospital, "3階東", WardKind.GENERAL)
    other_ward = _ward(session, hospital, "4階西", WardKind.COMMUNITY_CARE)
    foreign_ward = _ward(session, other_hospital, "2階", WardKind.GENERAL)
    return Cast(
        ward_nurse=_staff(session, "ward_nurse", Role.WARD_NURSE, hospital, ward),
        discharge_nurse=_staff(session, "discharge_nurse", Role.DISCHARGE_NURSE, hospital),
        social_worker=_staff(session, "social_worker", Role.SOCIAL_WORKER, hospital),
        psychiatric_social_worker=_staff(
            session, "psychiatric_social_worker", Role.PSYCHIATRIC_SOCIAL_WORKER, hospital
        ),
        other_nurse=_staff(session, "other_nurse", Role.WARD_NURSE, other_hospital, foreign_ward),
        care_manager=_staff(session, "care_manager", Role.CARE_MANAGER, office),
        colleague=_staff(session, "colleague", Role.CARE_MANAGER, office),
        outsider=_staff(session, "outsider", Role.CARE_MANAGER, outsider_office),
        multifunctional=_staff(session, "multifunctional", Role.CARE_MANAGER, multifunctional),
        center_staff=_staff(session, "center_staff", Role.CENTER_STAFF, center),
        other_center_staff=_staff(session, "other_center_staff", Role.CENTER_STAFF, other_center),
        health_officer=_staff(session, "health_officer", Role.HEALTH_OFFICER, health_center),
        hospital_id=hospital,
        other_hospital_id=other_hospital,
        office_id=office,
        outsider_office_id=outsider_office,
        multifunctional_id=multifunctional,
        center_id=center,
        other_center_id=other_center,
        health_center_id=health_center,
        ward_id=ward,
        other_ward_id=other_ward,
        foreign_ward_id=foreign_ward,
    )


NAMES = {
    "ward_nurse": "病棟 みどり",
    "discharge_nurse": "退院 あおい",
    "social_worker": "相談 しろう",
    "psychiatric_social_worker": "精神 はるか",
    "other_nurse": "東 なぎさ",
    "care_manager": "計画 そうた",
    "colleague": "同僚 ゆき",
    "outsider": "部外 てつや",
    "multifunctional": "多機能 りん",
    "center_staff": "包括 まこと",
    "other_center_staff": "隣町 かおる",
    "health_officer": "保健 つばさ",
}
"""What each of them is called, by sign-in name."""


def _organization(session: Session, kind: OrganizationKind, name: str, number: str | None) -> int:
    organization = Organization(
        kind=kind,
        region=REGION,
        name=name,
        kana=name,
        number=number,
        telephone="0770-00-0001",
        hours=_HOURS,
    )
    session.add(organization)
    session.flush()
    return organization.id


def _ward(session: Session, hospital_id: int, name: str, kind: WardKind) -> int:
    ward = Ward(hospital_id=hospital_id, name=name, kind=kind)
    session.add(ward)
    session.flush()
    return ward.id


def _staff(
    session: Session, name: str, role: Role, organization_id: int, ward_id: int | None = None
) -> Actor:
    staff = Staff(
        organization_id=organization_id,
        ward_id=ward_id,
        role=role,
        name=NAMES[name],
        sign_in_name=name,
        password_hash=password_hash(),
    )
    session.add(staff)
    session.flush()
    session.add(Account(staff_id=staff.id, totp_secret=TOTP_SECRET))
    actor = actor_of(session, staff.id)
    assert actor is not None
    return actor
