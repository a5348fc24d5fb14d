"""A sheet as it left the house, frozen: number, moment, means, sender, receiver, what changed.

What went along with a handoff says its content in `handoffs.handed_over`; what stays in the
house (退院・退所情報記録書) carries it itself. A correction is the next number.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, Text, col, select

from handoffs.access import find_stay
from handoffs.database import coded
from handoffs.errors import NotVisible
from handoffs.handed_over import Content, HandedOver
from handoffs.history import Act, Detail, record
from handoffs.parties import Actor, Organization, Staff
from handoffs.sheets.access import OWN
from handoffs.sheets.flat import flattened
from handoffs.statement import Means, Statement
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay

LONGEST_WORDS = 400


class SheetVersion(SQLModel, table=True):
    """One version. `changed` maps the fields that differ from the one before to their day."""

    __tablename__ = "sheet_version"
    __table_args__ = (
        sa.UniqueConstraint(
            "stay_id", "organization_id", "sheet", "number", name="sheet_version_once"
        ),
    )

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    organization_id: int = Field(foreign_key="organization.id", index=True)
    sheet: str = Field(max_length=40)
    number: int
    handoff_id: int | None = Field(default=None, foreign_key="handoff.id")
    handed_over_id: int | None = Field(default=None, foreign_key="handed_over.id")
    attachment_id: int | None = Field(default=None, foreign_key="sheet_attachment.id")
    content: str = Field(default="", sa_type=Text)
    means: Means = Field(sa_type=coded(Means, "sheet_means"))
    happened_on: date
    receiver: str = Field(default="", max_length=100)
    counterpart: str = Field(default="", max_length=60)
    changed: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    words: str = Field(default="", max_length=LONGEST_WORDS)
    made_at: datetime
    made_by: int | None = Field(default=None, foreign_key="staff.id")


@dataclass(frozen=True)
class Sending:
    """How a version left: to whom, how, on which day, and what was put right in it."""

    means: Means
    happened_on: date
    receiver: str = ""
    counterpart: str = ""
    words: str = ""


@dataclass(frozen=True)
class Paper:
    """What a version says: its content, what differs from the one before, what goes along.

    kept: the row that holds the content, where it went with a handoff.
    """

    content: Content
    changed: Mapping[str, str]
    attachment_id: int | None = None
    kept: HandedOver | None = None


@dataclass(frozen=True)
class VersionShown:
    """One version as a page names it. `taken_back`: the sending was recorded by mistake."""

    id: int
    sheet: str
    number: int
    office: str
    organization_id: int
    means: Means
    happened_on: date
    receiver: str
    counterpart: str
    words: str
    changed: Mapping[str, str]
    made_at: datetime
    made_by: str
    attachment_id: int | None
    taken_back: bool
    content: Content


def freeze(
    session: Session,
    stay: Stay,
    sheet: str,
    paper: Paper,
    sending: Sending,
    *,
    by: Actor,
    now: datetime,
) -> SheetVersion:
    """Keep a sheet as it is now under the next number. The session holds the stay locked."""
    kept = paper.kept
    session.flush()  # `kept` may still be without its id.
    version = SheetVersion(
        stay_id=stay.id,
        organization_id=by.organization_id,
        sheet=sheet,
        number=next_number(session, stay.id, by.organization_id, sheet),
        handoff_id=kept.handoff_id if kept else None,
        handed_over_id=kept.id if kept else None,
        attachment_id=paper.attachment_id,
        content="" if kept else json.dumps(paper.content, ensure_ascii=False, sort_keys=True),
        means=sending.means,
        happened_on=sending.happened_on,
        receiver=sending.receiver[:100],
        counterpart=sending.counterpart,
        changed=dict(paper.changed),
        words=sending.words,
        made_at=now,
        made_by=by.staff_id,
    )
    session.add(version)
    act = Act.SHEET_OWN if sheet in OWN else Act.SHEET_FREEZE
    detail: Detail = {"sheet": sheet, "number": version.number, "means": sending.means.value}
    record(session, by, act, now=now, stay_id=stay.id, detail=detail)
    return version


def next_number(session: Session, stay_id: int, organization_id: int, sheet: str) -> int:
    """Which number the next version bears."""
    made = session.exec(
        select(sa.func.max(SheetVersion.number)).where(
            SheetVersion.stay_id == stay_id,
            SheetVersion.organization_id == organization_id,
            SheetVersion.sheet == sheet,
        )
    ).one()
    return (made or 0) + 1


def versions_of(session: Session, actor: Actor, stay_id: int) -> tuple[VersionShown, ...]:
    """Every version of a stay that this person may see, the oldest first. Raises NotVisible."""
    find_stay(session, actor, stay_id)
    rows = session.exec(
        select(SheetVersion).where(SheetVersion.stay_id == stay_id).order_by(col(SheetVersion.id))
    )
    own = actor.organization_id
    return tuple(
        shown(session, one) for one in rows if one.sheet not in OWN or one.organization_id == own
    )


def find_version(session: Session, actor: Actor, stay_id: int, version_id: int) -> VersionShown:
    """One version of a stay. Raises NotVisible."""
    for one in versions_of(session, actor, stay_id):
        if one.id == version_id:
            return one
    raise NotVisible


def last_of_person(
    session: Session, stay: Stay, organization_id: int, sheet: str
) -> VersionShown | None:
    """The latest version of a sheet that this organization made of the same person.

    Also of an earlier stay, in whichever hospital: it is the writer's own paper.
    """
    patient = session.get_one(Patient, stay.patient_id)
    rows = session.exec(
        select(SheetVersion)
        .join(Stay, col(Stay.id) == SheetVersion.stay_id)
        .join(Patient, col(Patient.id) == Stay.patient_id)
        .where(
            SheetVersion.organization_id == organization_id,
            SheetVersion.sheet == sheet,
            Patient.birth_on == patient.birth_on,
            sa.or_(
                col(Patient.id) == patient.id,
                col(Patient.folded) == patient.folded,
            ),
            col(Stay.cancelled_at).is_(None),
        )
        .order_by(col(SheetVersion.id).desc())
        .limit(10)
    )
    for one in rows:
        found = shown(session, one)
        if not found.taken_back and found.content:
            return found
    return None


def shown(session: Session, version: SheetVersion) -> VersionShown:
    """Bring a version together with its content and the people whom it names."""
    office = session.get(Organization, version.organization_id)
    by = session.get(Staff, version.made_by) if version.made_by else None
    kept = session.get(HandedOver, version.handed_over_id) if version.handed_over_id else None
    text = kept.content if kept else version.content
    return VersionShown(
        id=version.id,
        sheet=version.sheet,
        number=version.number,
        office=office.name if office else "",
        organization_id=version.organization_id,
        means=version.means,
        happened_on=version.happened_on,
        receiver=version.receiver,
        counterpart=version.counterpart,
        words=version.words,
        changed=version.changed,
        made_at=version.made_at,
        made_by=by.name if by else "",
        attachment_id=version.attachment_id,
        taken_back=kept is not None and _taken_back(session, kept.statement_id),
        content=json.loads(text) if text else {},
    )


def answers_of(version: VersionShown) -> dict[str, str]:
    """What a version says, flat; nothing once its content was erased."""
    answers = version.content.get("answers")
    return flattened(answers) if isinstance(answers, Mapping) else {}


def _taken_back(session: Session, statement_id: int) -> bool:
    query = select(Statement.id).where(Statement.retracts_id == statement_id)
    return session.exec(query).first() is not None
