"""Whom the person does not want to be told, by kind of receiver, and when that was said.

Beside the consent, which is about being told of at all. Rows are added and never changed; the
latest one of each kind counts, so that a reservation can be taken back.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from handoffs.errors import NotPermitted
from handoffs.history import Act, Detail, record
from handoffs.parties import Actor, OrganizationKind
from handoffs.sheets.access import may_write
from handoffs.stays.stay import Stay
from rules.kinds import Labelled


class ReceiverKind(Labelled):
    """What kind of place a sheet goes to."""

    HOSPITAL = "hospital", "病院・診療所"
    CARE_MANAGER = "care_manager", "担当のケアマネジャー"
    CENTER = "center", "地域包括支援センター"
    SERVICES = "services", "介護サービスの事業所"
    DOCTOR = "doctor", "かかりつけ医・歯科・薬局"
    MUNICIPALITY = "municipality", "市町村の介護保険の係"


RECEIVER_OF: Mapping[OrganizationKind, ReceiverKind] = MappingProxyType(
    {
        OrganizationKind.HOSPITAL: ReceiverKind.HOSPITAL,
        OrganizationKind.CARE_SUPPORT_OFFICE: ReceiverKind.CARE_MANAGER,
        OrganizationKind.SMALL_MULTIFUNCTIONAL: ReceiverKind.CARE_MANAGER,
        OrganizationKind.COMMUNITY_SUPPORT_CENTER: ReceiverKind.CENTER,
    }
)
"""Which kind of receiver an organization is. A health centre gets counts and is none."""


class SharingReservation(SQLModel, table=True):
    """That the person does not want a kind of receiver told, or does again."""

    __tablename__ = "sharing_reservation"

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    receiver: ReceiverKind = Field(sa_type=coded(ReceiverKind, "reservation_receiver"))
    reserved: bool
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="staff.id")
    organization_id: int = Field(foreign_key="organization.id")


def reserved_of(session: Session, stay_id: int) -> frozenset[ReceiverKind]:
    """The kinds of receiver that the person does not want to be told."""
    rows = session.exec(
        select(SharingReservation)
        .where(SharingReservation.stay_id == stay_id)
        .order_by(col(SharingReservation.id))
    )
    latest = {row.receiver: row.reserved for row in rows}
    return frozenset(kind for kind, reserved in latest.items() if reserved)


def is_reserved(session: Session, stay_id: int, organization: OrganizationKind) -> bool:
    """Whether the person does not want this kind of organization told."""
    return RECEIVER_OF.get(organization) in reserved_of(session, stay_id)


def reserve(
    session: Session,
    stay: Stay,
    kinds: Collection[ReceiverKind],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Let exactly these kinds be reserved. Raises NotPermitted for who only gets a copy."""
    if not may_write(session, stay, by):
        raise NotPermitted("知らせる相手の希望は、病院か計画作成担当の方が記録します。")
    before = reserved_of(session, stay.id)
    for kind in ReceiverKind:
        if (kind in kinds) == (kind in before):
            continue
        session.add(
            SharingReservation(
                stay_id=stay.id,
                receiver=kind,
                reserved=kind in kinds,
                recorded_at=now,
                recorded_by=by.staff_id,
                organization_id=by.organization_id,
            )
        )
        detail: Detail = {"receiver": kind.value, "reserved": kind in kinds}
        record(session, by, Act.SHEET_RESERVE, now=now, stay_id=stay.id, detail=detail)
