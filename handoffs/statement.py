"""What one side says took place: each side's claim, kept apart from the other's.

The hospital says that it telephoned on the 20th; the care manager says that
nothing was heard. Both stand. Nothing is merged or changed; a later statement
of the same side counts before an earlier one. What was said by mistake is taken
back by a row of its own (`retracts_id`), and everything then reads as if it had
not been said (`standing`).
"""

from collections.abc import Iterable
from datetime import date, datetime, time

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Entry
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from handoffs.errors import BadEntry, NotPermitted
from handoffs.history import Act, record
from handoffs.parties import Actor
from handoffs.plan_office import plan_office_of
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from rules.kinds import Labelled


class Side(Labelled):
    """Whose statement it is."""

    HOSPITAL = "hospital", "病院"
    PLAN_OFFICE = "plan_office", "計画作成担当"


class Topic(Labelled):
    """What the contact was about."""

    ADMISSION = "admission", "入院について"
    DISCHARGE = "discharge", "退院について"
    REFERRAL = "referral", "新規相談について"
    OTHER = "other", "そのほか"


class Means(Labelled):
    """How the sides were in contact."""

    IN_PERSON = "in_person", "対面"
    TELEPHONE = "telephone", "電話"
    FAX = "fax", "FAX"
    MAIL = "mail", "メール"
    POST = "post", "郵送"
    NETWORK = "network", "MCSなどの連携ネットワーク"
    TSUNAGI = "tsunagi", "つなぎ"
    NONE = "none", "―"


class Result(Labelled):
    """What came of it."""

    TALKED = "talked", "話せた"
    ABSENT = "absent", "不在"
    MESSAGE = "message", "伝言"
    MET = "met", "面会した"
    CONFERENCE = "conference", "会議をした"
    SENT = "sent", "送付した"
    RECEIVED = "received", "受領を確認した"
    ADVISED = "advised", "本人・家族に案内した"
    THROUGH_FAMILY = "through_family", "家族を通じて伝わった"
    NOTHING_HEARD = "nothing_heard", "連絡はなかった"
    NOT_CONTACTED = "not_contacted", "連絡していない"


REACHED = frozenset({Result.TALKED, Result.MET, Result.CONFERENCE, Result.RECEIVED})
"""What counts as a contact. 不在 and 伝言 alone never do."""

ATTEMPTED = frozenset({Result.ABSENT, Result.MESSAGE})

TOLD = REACHED | {Result.SENT}
"""With which results the hospital's word of the admission counts as told."""


class Statement(SQLModel, table=True):
    """One claim of one side. `happened_on` is when it took place, whenever it was written."""

    __tablename__ = "statement"
    __table_args__ = (sa.Index("statement_retracted_once", "retracts_id", unique=True),)

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    handoff_id: int | None = Field(default=None, foreign_key="handoff.id", index=True)
    side: Side = Field(sa_type=coded(Side, "statement_side"))
    topic: Topic = Field(sa_type=coded(Topic, "statement_topic"))
    means: Means = Field(sa_type=coded(Means, "statement_means"))
    result: Result = Field(sa_type=coded(Result, "statement_result"))
    happened_on: date
    happened_time: time | None = None
    content: str = Field(default="", max_length=2000)
    counterpart: str = Field(default="", max_length=60)
    """The name of the person on the other side, as the fee's evidence asks for it."""
    sheet_digest: str | None = Field(default=None, max_length=64)
    organization_id: int = Field(foreign_key="organization.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    recorded_at: datetime
    retracts_id: int | None = Field(default=None, foreign_key="statement.id")
    """The statement that this row takes back. Such a row claims nothing itself."""


class StatementEntry(BaseModel):
    """What somebody says took place, as it was typed and checked."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    means: Means
    result: Result
    happened_on: date
    happened_time: time | None = None
    content: str = Entry(default="", max_length=2000)
    counterpart: str = Entry(default="", max_length=60)
    sheet_digest: str | None = None


def side_of(actor: Actor) -> Side:
    """On whose side a person speaks."""
    return Side.HOSPITAL if actor.is_hospital else Side.PLAN_OFFICE


def _has_a_say(session: Session, stay: Stay, topic: Topic, by: Actor) -> bool:
    """Whether a person's word counts as a side's: the hospital's or the plan office's.

    A centre that gets a copy is neither. One that was told of a new case has a say
    about that alone.
    """
    if by.is_hospital:
        return True
    plan = plan_office_of(session, stay.id)
    if plan is not None and plan.organization_id == by.organization_id:
        return True
    return topic is Topic.REFERRAL and stay.center_id == by.organization_id


def state_contact(
    session: Session,
    stay: Stay,
    entry: StatementEntry,
    *,
    topic: Topic,
    by: Actor,
    now: datetime,
    handoff_id: int | None = None,
) -> Statement:
    """Write down what one side says took place.

    Raises NotPermitted for an office that does not plan here, and BadEntry if it lies
    in the future, or before the stay without being about the admission.
    """
    if not _has_a_say(session, stay, topic, by):
        raise NotPermitted("連絡の有無は、病院か計画作成担当の方が記録します。")
    if entry.happened_on > day_of(now):
        raise BadEntry({"happened_on": "日付が今日より後です。連絡した日を入力してください。"})
    if entry.happened_on < stay.admitted_on and topic is not Topic.ADMISSION:
        # An admission may be announced beforehand; what else lies before it is another stay's.
        raise BadEntry({"happened_on": "入院日より前の日付です。連絡した日を確かめてください。"})
    statement = Statement(
        stay_id=stay.id,
        handoff_id=handoff_id,
        side=side_of(by),
        topic=topic,
        organization_id=by.organization_id,
        staff_id=by.staff_id,
        recorded_at=now,
        **entry.model_dump(),
    )
    session.add(statement)
    record(
        session,
        by,
        Act.STATEMENT_MAKE,
        now=now,
        stay_id=stay.id,
        handoff_id=handoff_id,
        detail={
            "topic": topic.value,
            "means": entry.means.value,
            "result": entry.result.value,
            "on": entry.happened_on,
        },
    )
    return statement


_OF_STAY = (
    select(Statement)
    .where(col(Statement.stay_id) == sa.bindparam("stay_id"))
    .order_by(col(Statement.happened_on), col(Statement.happened_time), col(Statement.id))
)


def statements_of(session: Session, stay_id: int) -> list[Statement]:
    """Everything that both sides say of a stay and did not take back, oldest first."""
    return standing(session.exec(_OF_STAY, params={"stay_id": stay_id}))


def standing(statements: Iterable[Statement]) -> list[Statement]:
    """Leave out what was taken back, and the rows that took it back."""
    rows = list(statements)
    retracted = {row.retracts_id for row in rows}
    return [row for row in rows if row.retracts_id is None and row.id not in retracted]


def told_of_admission(statements: Iterable[Statement]) -> bool:
    """Whether the plan office knows of the admission from the hospital.

    The hospital says that it told, or the office that the hospital's word arrived.
    """
    return any(
        s.topic is Topic.ADMISSION
        and s.result in (TOLD if s.side is Side.HOSPITAL else {Result.RECEIVED})
        for s in statements
    )
