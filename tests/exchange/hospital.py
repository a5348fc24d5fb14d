"""A hospital with two wards, its nurse, an office, and ward lists to import."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from handoffs.parties import (
    Actor,
    Organization,
    OrganizationKind,
    Role,
    Staff,
    Ward,
    WardKind,
    actor_of,
    check_digit,
)
from handoffs.tokyo import TOKYO
from tests.conftest import MARK

NOW = datetime(2026, 11, 20, 10, tzinfo=TOKYO)
TODAY = NOW.date()
WARDS = {"3東": 1, "3西": 2}
OFFICE_NUMBER = f"137000001{check_digit('137000001')}"

GOOD = {
    "対象": "○",
    "患者番号": "1001",
    "氏名": f"見本　{MARK}",
    "カナ": "ミホン シメイヒ",
    "生年月日": "S12.3.4",
    "入院日": "2026-11-19",
    "入院時刻": "10:30",
    "病棟": "3東",
    "介護認定": "要介護2",
    "退院予定日": "",
    "計画作成担当の事業所番号": "",
}
"""A row that can be taken in as it is."""


def person(number: int, **cells: str) -> dict[str, str]:
    """Another person, whose number, kana and birth date are their own."""
    kana = "アイウエオカキクケコ"
    reading = "".join(kana[int(digit)] for digit in f"{number:04}")
    own = {"患者番号": str(number), "カナ": f"ミホン {reading}", "生年月日": "1937-03-04"}
    return {**GOOD, **own, **cells}


def ward_list(*rows: Mapping[str, str], encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    """The bytes of a list with these rows."""
    out = io.StringIO(newline="")
    heading = list(dict.fromkeys(name for row in rows for name in row)) or list(GOOD)
    writer = csv.DictWriter(out, heading, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def open_hospital(session: Session) -> Actor:
    """Make the hospital, its wards, its nurse, and an office with a good number."""
    hospital = Organization(
        kind=OrganizationKind.HOSPITAL, region="mihon", name="見本病院", number="1310000001"
    )
    office = Organization(
        kind=OrganizationKind.CARE_SUPPORT_OFFICE,
        region="mihon",
        name="見本居宅",
        number=OFFICE_NUMBER,
    )
    session.add_all([hospital, office])
    session.flush()
    for name, ward_id in WARDS.items():
        session.add(Ward(id=ward_id, hospital_id=hospital.id, name=name, kind=WardKind.GENERAL))
    staff = Staff(
        organization_id=hospital.id,
        role=Role.WARD_NURSE,
        name=f"見本 {MARK}",
        sign_in_name="nurse",
        password_hash="x",
    )
    manager = Staff(
        organization_id=office.id,
        role=Role.CARE_MANAGER,
        name=f"見本 {MARK}",
        sign_in_name="manager",
        password_hash="x",
    )
    session.add_all([staff, manager])
    session.flush()
    actor = actor_of(session, staff.id)
    assert actor is not None
    return actor
