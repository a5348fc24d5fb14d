"""The append-only account of every act, reading included.

An event carries ids, codes, days and digests, never a person's text: content
may be erased when its time is over and the history still stands. The database
refuses to change or delete a row (see migrations).
"""

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded, plain
from handoffs.parties import Actor
from rules.kinds import Labelled

Detail = Mapping[str, str | int | bool | date | datetime | None]


class Act(Labelled):
    """What was done. Codes read `<subject>:<action>`; the list is alphabetical."""

    COLLEAGUES_HIDE = "colleagues:hide", "事業所全体の表示を終えた"
    COLLEAGUES_SHOW = "colleagues:show", "事業所全体の利用者を表示した"
    HANDOFF_CONFIRM = "handoff:confirm", "受領を確認した"
    HANDOFF_MOVE = "handoff:move", "期限が変わった"
    HANDOFF_OPEN = "handoff:open", "引継ぎが必要になった"
    HANDOFF_OVERDUE = "handoff:overdue", "期限を過ぎた"
    HANDOFF_SEND = "handoff:send", "連絡・送付を記録した"
    HANDOFF_SHEET = "handoff:sheet", "様式を印刷した"
    HANDOFF_WAIVE = "handoff:waive", "不要とした"
    HANDOFF_WITHDRAW = "handoff:withdraw", "引継ぎが不要になった"
    IMPORT_WARD_LIST = "import:ward_list", "病棟の一覧を取り込んだ"
    OVERDUE_CLOSE = "overdue:close", "期限の変更により超過の記録を閉じた"
    RATES_READ = "rates:read", "月報を見た"
    SIGN_IN = "sign_in:success", "サインインした"
    SIGN_IN_FAILED = "sign_in:failure", "サインインに失敗した"
    SIGN_OUT = "sign_out:done", "サインアウトした"
    STATEMENT_MAKE = "statement:make", "連絡の有無を記録した"
    STAY_ADMIT = "stay:admit", "入院を登録した"
    STAY_ASSESS = "stay:assess", "判定した"
    STAY_CERTIFY = "stay:certify", "介護認定を記録した"
    STAY_CONSENT = "stay:consent", "同意を記録した"
    STAY_CONTACT = "stay:contact", "病院の窓口を変えた"
    STAY_DISCHARGE = "stay:discharge", "退院を登録した"
    STAY_HIDDEN = "stay:hidden", "住まいなどを見せるかどうかを変えた"
    STAY_LIST = "stay:list", "一覧を見た"
    STAY_NO_CONTACT = "stay:no_contact", "連絡についての本人の希望を記録した"
    STAY_PLAN_DISCHARGE = "stay:plan_discharge", "退院予定日を変えた"
    STAY_PLAN_OFFICE = "stay:plan_office", "計画作成担当を記録した"
    STAY_READ = "stay:read", "記録を見た"
    STAY_RESIDENCE = "stay:residence", "住まいと圏域を記録した"
    STAY_TAKE = "stay:take", "担当になった"
    STAY_WARD = "stay:ward", "病棟を変えた（転棟）"


class Event(SQLModel, table=True):
    """One act. `at` is when it became true, `recorded_at` when it was written down."""

    __tablename__ = "event"

    id: int = Field(default=None, primary_key=True)
    at: datetime
    recorded_at: datetime
    act: Act = Field(sa_type=coded(Act, "event_act", checked=False))
    staff_id: int | None = Field(default=None, foreign_key="staff.id", index=True)
    organization_id: int | None = Field(default=None, foreign_key="organization.id")
    stay_id: int | None = Field(default=None, foreign_key="stay.id", index=True)
    handoff_id: int | None = Field(default=None, foreign_key="handoff.id")
    detail: dict[str, str | int | bool | None] = Field(default_factory=dict, sa_type=sa.JSON)


def record(
    session: Session,
    by: Actor | None,
    act: Act,
    *,
    now: datetime,
    at: datetime | None = None,
    stay_id: int | None = None,
    handoff_id: int | None = None,
    detail: Detail | None = None,
) -> Event:
    """Add one event. Without an actor it was the clock that acted.

    `detail` holds codes, ids, days and moments only.
    """
    event = Event(
        at=at or now,
        recorded_at=now,
        act=act,
        staff_id=by.staff_id if by else None,
        organization_id=by.organization_id if by else None,
        stay_id=stay_id,
        handoff_id=handoff_id,
        detail={key: plain(value) for key, value in (detail or {}).items()},
    )
    session.add(event)
    return event


def events_of(session: Session, stay_id: int) -> list[Event]:
    """Everything that happened to a stay, oldest first."""
    return list(
        session.exec(
            select(Event).where(Event.stay_id == stay_id).order_by(col(Event.at), col(Event.id))
        )
    )
