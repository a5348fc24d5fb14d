"""The PIN of links without sign-in: what a hospital and an office agreed by call-back. 合い言葉.

A hospital telephones the office at a number that it knows otherwise, and both settle a PIN. Kept
are its slow hash, who was spoken to, when and at which number. Ended, it locks every link to that
office until a new one has been agreed. Nothing that stands in a directory is taken as a PIN.
"""

import re
import unicodedata
from datetime import date, datetime

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, SecretStr
from pydantic import Field as Entry
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.access import Permission, require
from handoffs.errors import BadEntry, NotPermitted, NotVisible
from handoffs.history import Act, record
from handoffs.parties import Actor, Organization
from handoffs.telling.mailbox import LONGEST, is_address
from handoffs.tokyo import day_of

SHORTEST_PIN, LONGEST_PIN = 6, 10
"""Digits: five tries at a link then open one in 200,000 at best, and nobody misspells a digit."""

_NUMBER = re.compile(r"\+?\d[\d\-]{4,18}")
_STANDING = "ended_at IS NULL"


class LinkAgreement(SQLModel, table=True):
    """One PIN between a hospital and an office. `counterpart` is who agreed to it there.

    `telephone` is the number that was called, `recorded_by` who called. `mail_address` is where
    links are sent, "" where they are only printed or read out.
    """

    __tablename__ = "link_agreement"
    __table_args__ = (
        sa.Index(
            "link_agreement_current",
            "hospital_id",
            "organization_id",
            unique=True,
            sqlite_where=sa.text(_STANDING),
            postgresql_where=sa.text(_STANDING),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    hospital_id: int = Field(foreign_key="organization.id")
    organization_id: int = Field(foreign_key="organization.id")
    pin_hash: str = Field(max_length=200)
    mail_address: str = Field(default="", max_length=LONGEST)
    telephone: str = Field(max_length=20)
    counterpart: str = Field(max_length=60)
    agreed_on: date
    recorded_at: datetime
    recorded_by: int = Field(foreign_key="staff.id")
    ended_at: datetime | None = None
    ended_by: int | None = Field(default=None, foreign_key="staff.id")


class AgreementEntry(BaseModel):
    """What was settled on the telephone, as it was typed. The PIN shows itself in no text."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    pin: SecretStr
    telephone: str = Entry(max_length=20)
    counterpart: str = Entry(max_length=60)
    agreed_on: date
    mail_address: str = Entry(default="", max_length=LONGEST)


def plain_pin(typed: str) -> str:
    """A PIN as it is compared: half-width, without spaces and hyphens."""
    return re.sub(r"[\s\-ー―‐]", "", unicodedata.normalize("NFKC", typed))


def agreement_with(
    session: Session, hospital_id: int, organization_id: int
) -> LinkAgreement | None:
    """The agreement that stands between a hospital and an office; None where there is none."""
    return session.exec(
        select(LinkAgreement).where(
            LinkAgreement.hospital_id == hospital_id,
            LinkAgreement.organization_id == organization_id,
            col(LinkAgreement.ended_at).is_(None),
        )
    ).one_or_none()


def planner_of(session: Session, organization_id: int, by: Actor) -> Organization:
    """An organization with which this person's hospital can agree on a PIN.

    Raises NotVisible for any other, NotPermitted for somebody who works at no hospital.
    """
    require(by, Permission.HANDOFF_SEND)
    if not by.is_hospital:
        raise NotPermitted("合い言葉は、病院の方が事業所に電話をかけて決めます。")
    found = session.get(Organization, organization_id)
    if found is None or found.region != by.region or not found.kind.plans_care:
        raise NotVisible
    return found


def check_agreement(
    session: Session, organization_id: int, entry: AgreementEntry, *, by: Actor, now: datetime
) -> None:
    """Look whether an agreement can be kept. Raises BadEntry with a message for each field."""
    organization = planner_of(session, organization_id, by)
    wrong: dict[str, str] = {}
    pin = plain_pin(entry.pin.get_secret_value())
    message = _wrong_pin(pin, organization)
    if message is not None:
        wrong["pin"] = message
    if not _NUMBER.fullmatch(entry.telephone):
        wrong["telephone"] = "かけた電話番号を、0770-00-0001 のように入力してください。"
    if not entry.counterpart:
        wrong["counterpart"] = "合い言葉を決めた相手の方のお名前を入力してください。"
    if entry.agreed_on > day_of(now):
        wrong["agreed_on"] = "日付が今日より後です。電話で決めた日を入力してください。"
    if entry.mail_address and not is_address(entry.mail_address):
        wrong["mail_address"] = "メールアドレスとして読めません。例のように半角で入力してください。"
    if wrong:
        raise BadEntry(wrong)


def _wrong_pin(pin: str, organization: Organization) -> str | None:
    """Say why a PIN cannot be taken; None if it can."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST_PIN <= len(pin) <= LONGEST_PIN):
        return f"合い言葉は、{SHORTEST_PIN}桁から{LONGEST_PIN}桁の数字にしてください。"
    if len(set(pin)) == 1 or pin in "01234567890123456789" or pin in "98765432109876543210":
        return "同じ数字や続き番号は使えません。電話で別の数字に決め直してください。"
    known = (organization.telephone, organization.fax, organization.number or "")
    if any(pin in re.sub(r"\D", "", number) for number in known):
        return (
            "電話番号や事業所番号など、だれでも調べられる数字は使えません。"
            "電話で別の数字に決め直してください。"
        )
    return None


def agree(
    session: Session,
    organization_id: int,
    entry: AgreementEntry,
    pin_hash: str,
    *,
    by: Actor,
    now: datetime,
) -> LinkAgreement:
    """Write an agreement down; an earlier one ends. `pin_hash` was made outside the transaction.

    Raises as `check_agreement` does.
    """
    check_agreement(session, organization_id, entry, by=by, now=now)
    _end(session, organization_id, by=by, now=now)
    agreement = LinkAgreement(
        hospital_id=by.organization_id,
        organization_id=organization_id,
        pin_hash=pin_hash,
        mail_address=entry.mail_address,
        telephone=entry.telephone,
        counterpart=entry.counterpart,
        agreed_on=entry.agreed_on,
        recorded_at=now,
        recorded_by=by.person_id,
    )
    session.add(agreement)
    record(
        session,
        by,
        Act.LINK_AGREE,
        now=now,
        detail={"office": organization_id, "on": entry.agreed_on},
    )
    return agreement


def end_agreement(session: Session, organization_id: int, *, by: Actor, now: datetime) -> None:
    """End the agreement that stands. Every link to that office is locked from now on."""
    planner_of(session, organization_id, by)
    if _end(session, organization_id, by=by, now=now):
        record(session, by, Act.LINK_LOCK, now=now, detail={"office": organization_id})


def _end(session: Session, organization_id: int, *, by: Actor, now: datetime) -> bool:
    standing = agreement_with(session, by.organization_id, organization_id)
    if standing is None:
        return False
    standing.ended_at, standing.ended_by = now, by.staff_id
    session.flush()  # One stands at a time.
    return True
