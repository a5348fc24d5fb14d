"""The organizations of the sample region with their wards, hours, accounts and numbers.

Numbers carry right check digits under prefecture 99, which does not exist, and
telephones begin with 000-0000, which nobody can dial.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlmodel import Session

from handoffs.accounts.account import Account
from handoffs.calendars import calendar_of
from handoffs.parties import (
    Actor,
    Delegation,
    Organization,
    OrganizationKind,
    Role,
    Staff,
    Ward,
    WardKind,
    check_digit,
)
from handoffs.sample.people import HOME_TOWNS, worker
from handoffs.sample.sign_ins import KEEPERS, SIGN_INS, TOTP_SECRET
from rules import Calendar

REGION = "mihon"
OFFICE_COUNT = 20
_WEEK = ("mon", "tue", "wed", "thu", "fri")
_NO_PREFECTURE = "99"
_SATURDAY_EVERY = 4
_OFFICE_SIZES = (3, 2, 2, 1)
"""How many care managers the offices have, in turn."""

_HOSPITALS: tuple[tuple[str, str, str, tuple[tuple[str, WardKind], ...]], ...] = (
    (
        "見本総合病院",
        "ミホンソウゴウビョウイン",
        "見本市",
        (
            ("3階東病棟", WardKind.GENERAL),
            ("4階西病棟", WardKind.GENERAL),
            ("5階病棟", WardKind.COMMUNITY_CARE),
            ("救急病棟", WardKind.EMERGENCY),
        ),
    ),
    (
        "試作中央病院",
        "シサクチュウオウビョウイン",
        "試作町",
        (
            ("2階病棟", WardKind.GENERAL),
            ("3階病棟", WardKind.COMMUNITY_MEDICAL),
            ("4階病棟", WardKind.REHABILITATION),
            ("緩和ケア病棟", WardKind.PALLIATIVE),
        ),
    ),
    (
        "例示こころの病院",
        "レイジココロノビョウイン",
        "例示村",
        (
            ("1病棟", WardKind.GENERAL),
            ("2病棟", WardKind.LONG_TERM),
            ("3病棟", WardKind.PSYCHIATRIC),
            ("4病棟", WardKind.DEMENTIA),
        ),
    ),
)


@dataclass
class House:
    """One organization with its wards and the people who work there."""

    organization: Organization
    wards: list[Ward] = field(default_factory=list)
    staff: list[Actor] = field(default_factory=list)

    def of_role(self, *roles: Role) -> list[Actor]:
        """Those of the staff who have one of these roles."""
        return [actor for actor in self.staff if actor.role in roles]

    def nurse_of(self, ward: Ward) -> Actor:
        """The nurse who works on a ward."""
        return next(actor for actor in self.staff if actor.ward_id == ward.id)

    def calendar(self, around: date) -> Calendar:
        """On which days the house is open."""
        return calendar_of(self.organization, around)


@dataclass
class Houses:
    """Every house of the region. The first centre lets some offices plan for it."""

    hospitals: list[House] = field(default_factory=list)
    offices: list[House] = field(default_factory=list)
    small: list[House] = field(default_factory=list)
    centers: list[House] = field(default_factory=list)
    health: list[House] = field(default_factory=list)
    delegated: list[House] = field(default_factory=list)


def found_houses(session: Session, *, password_hash: str, today: date) -> Houses:
    """Add every organization, ward and account to the session and hand back the houses.

    One hash serves all accounts: hashing one by one would take as long as the rest.
    """
    builder = _Builder(session, password_hash, today)
    houses = Houses()
    for number, (name, kana, town, wards) in enumerate(_HOSPITALS, start=1):
        houses.hospitals.append(builder.hospital(number, (name, kana, town), wards))
    houses.offices = [builder.office(number) for number in range(1, OFFICE_COUNT + 1)]
    houses.small = [builder.small_multifunctional()]
    houses.centers = [builder.center(n, town) for n, town in enumerate(HOME_TOWNS, start=1)]
    houses.health = [builder.health_center()]
    houses.delegated = houses.offices[:4]
    for office in houses.delegated:
        session.add(
            Delegation(
                center_id=houses.centers[0].organization.id, office_id=office.organization.id
            )
        )
    return houses


def year_end(today: date) -> list[str]:
    """29 December to 3 January, from last winter to the winter after next."""
    first = [date(year, 12, 29) for year in range(today.year - 2, today.year + 2)]
    return [(day + timedelta(days=n)).isoformat() for day in first for n in range(6)]


class _Builder:
    def __init__(self, session: Session, password_hash: str, today: date) -> None:
        self._session = session
        self._hash = password_hash
        self._closed = year_end(today)
        self._telephones = 0
        self._workers = 0
        self._main = {sign_in.role: sign_in.name for sign_in in SIGN_INS}

    def hospital(
        self, number: int, named: tuple[str, str, str], wards: Iterable[tuple[str, WardKind]]
    ) -> House:
        name, kana, town = named
        saturday = "08:30-12:30" if number == 1 else None
        house = self._house(
            OrganizationKind.HOSPITAL,
            name,
            kana,
            town,
            body=f"{_NO_PREFECTURE}1{number:02}0001",
            hours=_hours("08:30-17:15", saturday),
        )
        for ward_name, kind in wards:
            ward = Ward(
                hospital_id=house.organization.id,
                name=ward_name,
                kind=kind,
                telephone=self._telephone(),
            )
            house.wards.append(ward)
            self._session.add(ward)
        self._session.flush()  # The nurses name the wards' ids.
        for ward in house.wards:
            self._hire(house, Role.WARD_NURSE, f"h{number}-nurse-{len(house.staff) + 1}", ward)
        # The smallest hospital has no discharge office, only social workers.
        smallest = number == len(_HOSPITALS)
        first = Role.PSYCHIATRIC_SOCIAL_WORKER if smallest else Role.DISCHARGE_NURSE
        for role in (first, Role.SOCIAL_WORKER):
            self._hire(house, role, f"h{number}-{role.value.replace('_', '-')}")
        return house

    def office(self, number: int) -> House:
        town = HOME_TOWNS[(number - 1) % len(HOME_TOWNS)]
        saturday = "09:00-12:00" if number % _SATURDAY_EVERY == 0 else None
        house = self._house(
            OrganizationKind.CARE_SUPPORT_OFFICE,
            f"居宅介護支援事業所 見本{number}",
            f"キョタクカイゴシエンジギョウショ ミホン{number:02}",
            town,
            body=f"{_NO_PREFECTURE}7{number:02}0001",
            hours=_hours("08:30-17:30", saturday),
        )
        for n in range(_OFFICE_SIZES[(number - 1) % len(_OFFICE_SIZES)]):
            self._hire(house, Role.CARE_MANAGER, f"o{number:02}-care-manager-{n + 1}")
        return house

    def small_multifunctional(self) -> House:
        house = self._house(
            OrganizationKind.SMALL_MULTIFUNCTIONAL,
            "小規模多機能ホーム 試作の家",
            "ショウキボタキノウホーム シサクノイエ",
            "試作町",
            body=f"{_NO_PREFECTURE}9010001",
            hours=_hours("09:00-18:00", "09:00-18:00") | {"sun": "09:00-18:00"},
        )
        house.organization.open_on_public_holidays = True
        house.organization.closed_days = []
        self._hire(house, Role.CARE_MANAGER, "small-care-manager")
        return house

    def center(self, number: int, town: str) -> House:
        house = self._house(
            OrganizationKind.COMMUNITY_SUPPORT_CENTER,
            f"{town}地域包括支援センター",
            f"チイキホウカツシエンセンター {number}",
            town,
            body=f"{_NO_PREFECTURE}0{number:02}0001",
            hours=_hours("08:30-17:15", "08:30-12:00" if number == 1 else None),
        )
        for n in range(2):
            self._hire(house, Role.CENTER_STAFF, f"c{number}-center-{n + 1}")
        return house

    def health_center(self) -> House:
        house = self._house(
            OrganizationKind.HEALTH_CENTER,
            "見本保健所",
            "ミホンホケンジョ",
            "見本市",
            hours=_hours("08:30-17:15"),
        )
        self._hire(house, Role.HEALTH_OFFICER, "health-officer")
        return house

    def _house(
        self,
        kind: OrganizationKind,
        name: str,
        kana: str,
        town: str,
        *,
        hours: dict[str, str],
        body: str = "",
    ) -> House:
        organization = Organization(
            kind=kind,
            region=REGION,
            name=name,
            kana=kana,
            number=f"{body}{check_digit(body)}" if body else None,
            municipality=town,
            telephone=self._telephone(),
            fax=self._telephone(),
            hours=hours,
            closed_days=list(self._closed),
        )
        self._session.add(organization)
        self._session.flush()  # Wards and accounts name its id.
        return House(organization)

    def _hire(self, house: House, role: Role, sign_in_name: str, ward: Ward | None = None) -> None:
        """Make an account. The first of each role gets the short name that is printed."""
        organization = house.organization
        staff = Staff(
            organization_id=organization.id,
            ward_id=ward.id if ward else None,
            role=role,
            name=worker(self._workers),
            sign_in_name=self._main.pop(role, sign_in_name),
            password_hash=self._hash,
        )
        self._workers += 1
        self._session.add(staff)
        self._session.flush()  # The actor names its id.
        self._session.add(
            Account(
                staff_id=staff.id,
                sample=True,
                totp_secret=TOTP_SECRET,
                keeps_accounts=staff.sign_in_name in KEEPERS,
            )
        )
        house.staff.append(
            Actor(
                staff_id=staff.id,
                name=staff.name,
                role=role,
                organization_id=organization.id,
                organization=organization.name,
                kind=organization.kind,
                region=REGION,
                ward_id=staff.ward_id,
            )
        )

    def _telephone(self) -> str:
        self._telephones += 1
        return f"000-0000-{self._telephones:04}"


def _hours(weekdays: str, saturday: str | None = None) -> dict[str, str]:
    return dict.fromkeys(_WEEK, weekdays) | ({"sat": saturday} if saturday else {})
