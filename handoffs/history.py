"""The append-only account of every act, reading included.

An event carries ids, codes, days and digests, never a person's text: content
may be erased when its time is over and the history still stands. The database
refuses to change or delete a row (see migrations). Each is sealed as it is written, with a key
that stands outside the database, and chained afterwards (see `handoffs.audit`).
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import append, coded, keys_of, plain
from handoffs.keys import SEAL_LENGTH
from handoffs.parties import Actor
from rules.kinds import Labelled

Detail = Mapping[str, str | int | bool | date | datetime | None]


class Act(Labelled):
    """What was done. Codes read `<subject>:<action>`; the list is alphabetical."""

    ABSENCE_END = "absence:end", "不在の登録を終えた"
    ABSENCE_SET = "absence:set", "不在を登録した"
    ACCESS_END = "access:end", "事業所からの閲覧が終わった"
    ACCESS_RETURN = "access:return", "事業所からの閲覧に戻した"
    ACCOUNT_CLOSE = "account:close", "アカウントを止めた"
    ACCOUNT_REOPEN = "account:reopen", "アカウントをもう一度使えるようにした"
    ACCOUNT_RULE = "account:rule", "アカウントの決めごとを変えた"
    AUDIT_READ = "audit:read", "閲覧の記録を見た"
    COLLEAGUES_HIDE = "colleagues:hide", "事業所全体の表示を終えた"
    COLLEAGUES_SHOW = "colleagues:show", "事業所全体の利用者を表示した"
    CONCERN_END = "concern:end", "限られた方だけの記録を終えた"
    CONCERN_NOTE = "concern:note", "限られた方だけの記録を書いた"
    CONCERN_PRINT = "concern:print", "限られた方だけの記録を、相手に渡すために印刷した"
    CONCERN_READ = "concern:read", "限られた方だけの記録を見た"
    CONFERENCE_CHOOSE = "conference:choose", "会議の日時を決めた"
    CONFERENCE_CLOSE = "conference:close", "会議の候補日を取り下げた"
    CONFERENCE_NO_FIT = "conference:no_fit", "会議の候補日がどれも合わなかった"
    CONFERENCE_PROPOSE = "conference:propose", "会議の候補日を挙げた"
    CONTACTS_CONFIRM = "contacts:confirm", "窓口一覧の自分の行を確かめた"
    DOWNTIME_KIT_MAKE = "downtime_kit:make", "停止時用紙一式を作った"
    DUTY_NAME = "duty:name", "当番・責任者を決めた"
    EMERGENCY_CLOSE = "emergency:close", "緊急用アカウントを閉じた"
    EMERGENCY_OPEN = "emergency:open", "緊急用アカウントを開いた"
    EMERGENCY_REVIEW = "emergency:review", "緊急用アカウントの操作を点検した"
    EVIDENCE_READ = "evidence:read", "加算の記録の確認を見た"
    FACTOR_SET = "factor:set", "認証アプリを登録した"
    FAX_NUMBER_CALL = "fax_number:call", "FAX番号を電話で読み合わせた"
    FAX_NUMBER_SECOND = "fax_number:second", "FAX番号を二人目が確かめた"
    FAX_NUMBER_SET = "fax_number:set", "FAX番号を登録した"
    FAX_NUMBER_TEST = "fax_number:test", "FAXの試し送りが届いた"
    FAX_PREPARE = "fax:prepare", "FAXを準備した"
    FAX_SETTLE = "fax:settle", "送れなかったFAXの内容を別の方法で伝えた"
    FAX_SLIP = "fax:slip", "FAXの返信のコードを入力した"
    FAX_STATE = "fax:state", "FAXの送信の結果を記録した"
    FIGURE_ENTER = "figure:enter", "外の統計の数字を入力した"
    FIGURE_TAKE_BACK = "figure:take_back", "外の統計の数字を取り消した"
    GOAL_WRITE = "goal:write", "地域の目標を書いた"
    HANDOFF_ACKNOWLEDGE = "handoff:acknowledge", "対応中にした"
    HANDOFF_CONFIRM = "handoff:confirm", "受領を確認した"
    HANDOFF_DECLINE = "handoff:decline", "担当ではないと返事をした"
    HANDOFF_DELIVER = "handoff:deliver", "相手に届いた"
    HANDOFF_KEEP = "handoff:keep", "送った様式の内容を残した"
    HANDOFF_MOVE = "handoff:move", "期限が変わった"
    HANDOFF_NOTICE = "handoff:notice", "入院の連絡により、情報提供の状態が変わった"
    HANDOFF_OPEN = "handoff:open", "引継ぎが必要になった"
    HANDOFF_OVERDUE = "handoff:overdue", "期限を過ぎた"
    HANDOFF_PAUSE = "handoff:pause", "外泊のあいだ期限を止めた"
    HANDOFF_REROUTE = "handoff:reroute", "送り先を変えた"
    HANDOFF_RESTORE = "handoff:restore", "引継ぎを元に戻した"
    HANDOFF_RESUME = "handoff:resume", "引継ぎを再開した"
    HANDOFF_REWORD = "handoff:reword", "当てはまる定めが変わった"
    HANDOFF_SEND = "handoff:send", "連絡・送付を記録した"
    HANDOFF_SHEET = "handoff:sheet", "様式を印刷した"
    HANDOFF_UNDO = "handoff:undo", "記録を取り消し、元に戻した"
    HANDOFF_WAIVE = "handoff:waive", "不要とした"
    HANDOFF_WITHDRAW = "handoff:withdraw", "引継ぎが不要になった"
    HOLD_END = "hold:end", "消去の差し止めを終えた"
    HOLD_SET = "hold:set", "消去を差し止めた"
    IMPORT_UNDO = "import:undo", "病棟の一覧の取り込みを取り消した"
    IMPORT_WARD_LIST = "import:ward_list", "病棟の一覧を取り込んだ"
    INVITATION_MAKE = "invitation:make", "招待・再設定の番号を作った"
    INVITATION_REDEEM = "invitation:redeem", "招待・再設定の番号を使った"
    KEEPER_NAME = "keeper:name", "アカウント担当者を決めた・外した"
    LEAK_CLOSE = "leak:close", "漏えい等の報告を済ませた"
    LEAK_OPEN = "leak:open", "漏えい等のおそれを書き留めた"
    LINE_SET = "line:set", "直通と、つながる時間を登録した"
    LINK_AGREE = "link:agree", "リンクの合い言葉を電話で決めた"
    LINK_CLOSE = "link:close", "合い言葉が続けて違い、リンクが閉じた"
    LINK_LOCK = "link:lock", "リンクの合い言葉を止めた"
    LINK_MAKE = "link:make", "サインインなしのリンクを作った"
    LINK_OPEN = "link:open", "リンクを開いた"
    LINK_REVOKE = "link:revoke", "リンクを取り消した"
    LINK_SETTLE = "link:settle", "閉じたリンクについて電話で確かめた"
    LONG_WORK_ASK = "long_work:ask", "時間のかかる計算を頼んだ"
    LONG_WORK_READ = "long_work:read", "時間のかかる計算の結果を見た"
    MAILBOX_SET = "mailbox:set", "お知らせの宛先を変えた"
    MESSAGE_SETTLE = "message:settle", "届かなかった連絡を別の方法で伝えた"
    MISS_REASON = "miss_reason:state", "確認がとれていない事情を記録した"
    MONTH_CLOSE = "month:close", "月の数字を確定した"
    MONTH_REOPEN = "month:reopen", "確定した月をもう一度開いた"
    NOTICE_ACKNOWLEDGE = "notice:acknowledge", "お知らせを確認した"
    ORGANIZATION_HOURS = "organization:hours", "営業日・営業時間を変えた"
    OVERDUE_CLOSE = "overdue:close", "期限の変更により超過の記録を閉じた"
    OVERDUE_REOPEN = "overdue:reopen", "取り消しにより超過の記録を戻した"
    PASSKEY_ADD = "passkey:add", "パスキーを登録した"
    PASSKEY_REMOVE = "passkey:remove", "パスキーを外した"
    PASSWORD_CHANGE = "password:change", "パスワードを変えた"
    RATES_READ = "rates:read", "月報を見た"
    RECORD_CHECK_READ = "record_check:read", "記録の確認を見た"
    RECORD_ERASE = "record:erase", "時期が来て、内容を消した"
    RECORD_ERASE_ASKED = "record:erase_asked", "本人の求めにより、内容を消した"
    RECORD_ERASE_REFUSED = "record:erase_refused", "本人の求めによる消去を断った"
    RECORD_EXPORT = "record:export", "記録のすべてを取り出した"
    RECOVERY_MAKE = "recovery:make", "予備コードを作り直した"
    RECOVERY_USE = "recovery:use", "予備コードを使った"
    REGION_ADMIT = "region:admit", "機関の登録の申し込みを認めた"
    REGION_CODE = "region:code", "はじめのコードを作り直した"
    REGION_CORRECT = "region:correct", "機関の名前・電話・FAXを直した"
    REGION_DISTRICTS = "region:districts", "圏域表を変えた"
    REGION_LAPSE = "region:lapse", "返事のない機関の登録の申し込みが消えた"
    REGION_POLICY = "region:policy", "地域の決めごとを変えた"
    REGION_REFUSE = "region:refuse", "機関の登録の申し込みを断った"
    REGION_STAFF = "region:staff", "職員を止めた・戻した"
    REGION_WARDS = "region:wards", "病棟を足した・直した・閉じた"
    ROSTER_IMPORT = "roster:import", "担当者名簿を取り込んだ"
    ROSTER_LEAVE_OUT = "roster:leave_out", "本人の希望で名簿から外した"
    ROSTER_LET_IN = "roster:let_in", "名簿から外すのをやめた"
    ROSTER_MATCH = "roster:match", "名簿と一致した事業所を見た"
    ROSTER_UNDO = "roster:undo", "担当者名簿の取り込みを取り消した"
    SESSIONS_END = "sessions:end", "ほかの端末のサインインを終えた"
    SHADOW_LINES = "shadow:lines", "試行の月の行を書いた"
    SHEET_ATTACH = "sheet:attach", "様式に添える書類を変えた"
    SHEET_DRAFT = "sheet:draft", "様式の下書きを書いた"
    SHEET_FREEZE = "sheet:freeze", "様式の版を残した"
    SHEET_OWN = "sheet:own", "事業所の控えの様式を書いた"
    SHEET_RESERVE = "sheet:reserve", "知らせてほしくない相手を記録した"
    SIGN_IN = "sign_in:success", "サインインした"
    SIGN_IN_CONFIRM = "sign_in:confirm", "本人であることをもう一度確かめた"
    SIGN_IN_FAILED = "sign_in:failure", "サインインに失敗した"
    SIGN_OUT = "sign_out:done", "サインアウトした"
    STATEMENT_MAKE = "statement:make", "連絡の有無を記録した"
    STATEMENT_RETRACT = "statement:retract", "連絡の記録を取り消した"
    STAY_ADMIT = "stay:admit", "入院を登録した"
    STAY_ASSESS = "stay:assess", "判定した"
    STAY_CANCEL = "stay:cancel", "入院の登録を取り消した"
    STAY_CERTIFY = "stay:certify", "介護認定を記録した"
    STAY_CONSENT = "stay:consent", "同意を記録した"
    STAY_CONTACT = "stay:contact", "病院の窓口を変えた"
    STAY_CORRECT = "stay:correct", "入院の登録内容を訂正した"
    STAY_DATE_SEEN = "stay:date_seen", "退院予定日の変更を確かめた"
    STAY_DISCHARGE = "stay:discharge", "退院を登録した"
    STAY_DISCHARGE_UNDO = "stay:discharge_undo", "退院の登録を取り消した"
    STAY_HIDDEN = "stay:hidden", "住まいなどを見せるかどうかを変えた"
    STAY_LEAVE = "stay:leave", "外泊・一時退院を登録した"
    STAY_LEAVE_UNDO = "stay:leave_undo", "外泊・一時退院の登録を取り消した"
    STAY_LIST = "stay:list", "一覧を見た"
    STAY_NO_CONTACT = "stay:no_contact", "連絡についての本人の希望を記録した"
    STAY_PLAN_DISCHARGE = "stay:plan_discharge", "退院予定日を変えた"
    STAY_PLAN_OFFICE = "stay:plan_office", "計画作成担当を記録した"
    STAY_READ = "stay:read", "記録を見た"
    STAY_REINSTATE = "stay:reinstate", "取り消した入院の登録を元に戻した"
    STAY_RESIDENCE = "stay:residence", "住まいと圏域を記録した"
    STAY_RETURN = "stay:return", "外泊・一時退院から戻った"
    STAY_TAKE = "stay:take", "担当になった"
    STAY_TAKE_OVER = "stay:take_over", "転院してきた方を受け入れた"
    STAY_TEXT = "stay:text", "貼り付け用の文を開いた"
    STAY_TRANSFER_DECLINE = "stay:transfer_decline", "転院の受け入れについて返事をした"
    STAY_TRANSFER_UNDECLINE = "stay:transfer_undecline", "転院の受け入れについての返事を取り消した"
    STAY_WARD = "stay:ward", "病棟を変えた（転棟）"
    STEP_RETRACT = "step:retract", "認定までの歩みを取り消した"
    STEP_STATE = "step:state", "認定までの歩みを記録した"
    SUPPORT_NOTE = "support:note", "入退院支援の日付を記録した"
    SUPPORT_TAKE_BACK = "support:take_back", "入退院支援の日付の記録を取り消した"
    SURVEY_ANSWER = "survey:answer", "調査の回答を直した"
    SURVEY_OPEN = "survey:open", "調査を始めた"
    SURVEY_READ = "survey:read", "調査票を見た"
    SURVEY_RETURN = "survey:return", "調査票を出した"


class Event(SQLModel, table=True):
    """One act. `at` is when it became true, `recorded_at` when it was written down.

    Of a reading, `shown` names whom it showed beside `stay_id` (see `names_of`), and `page` the
    page. `seal` is empty where the database was opened without keys.
    """

    __tablename__ = "event"
    __table_args__ = (
        sa.Index("ix_event_organization_id_recorded_at", "organization_id", "recorded_at"),
    )

    id: int = Field(default=None, primary_key=True)
    at: datetime
    recorded_at: datetime
    act: Act = Field(sa_type=coded(Act, "event_act", checked=False))
    staff_id: int | None = Field(default=None, foreign_key="staff.id", index=True)
    organization_id: int | None = Field(default=None, foreign_key="organization.id")
    stay_id: int | None = Field(default=None, foreign_key="stay.id", index=True)
    handoff_id: int | None = Field(default=None, foreign_key="handoff.id")
    detail: dict[str, str | int | bool | None] = Field(default_factory=dict, sa_type=sa.JSON)
    shown: str | None = Field(default=None, sa_type=sa.Text)
    page: str | None = Field(default=None, max_length=60)
    seal: str | None = Field(default=None, max_length=SEAL_LENGTH, unique=True, index=True)


SEALED = (
    "at",
    "recorded_at",
    "act",
    "staff_id",
    "organization_id",
    "stay_id",
    "handoff_id",
    "detail",
    "shown",
    "page",
)
"""What a seal covers: everything but the id, which the database gives afterwards."""

PURPOSE = "event"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_PAGE = 60

_INSERT = SQLModel.metadata.tables["event"].insert().inline()


def record(  # noqa: PLR0913 - what an act is, and of a reading also whom it showed.
    session: Session,
    by: Actor | None,
    act: Act,
    *,
    now: datetime,
    at: datetime | None = None,
    stay_id: int | None = None,
    handoff_id: int | None = None,
    detail: Detail | None = None,
    shown: str | None = None,
    page: str | None = None,
) -> None:
    """Add one event, at the next flush. Without an actor it was the clock that acted.

    `detail` holds codes, ids, days and moments only. What it names must have its id. `shown` and
    `page` are those of a reading.
    """
    # Not an object of the session: nobody ever changes an event, and keeping one for a flush
    # costs several times the insert. A verb writes several, which go in one round trip.
    row: dict[str, object] = {
        "at": at or now,
        "recorded_at": now,
        "act": act,
        "staff_id": by.staff_id if by else None,
        "organization_id": by.organization_id if by else None,
        "stay_id": stay_id,
        "handoff_id": handoff_id,
        "detail": {key: plain(value) for key, value in (detail or {}).items()},
        "shown": shown,
        "page": page and page[:_LONGEST_PAGE],
    }
    keys = keys_of(session)
    append(
        session, _INSERT, {**row, "seal": None if keys is None else keys.seal(PURPOSE, sealed(row))}
    )


def sealed(row: Mapping[str, object]) -> bytes:
    """What a seal of an event covers, the same bytes before it is written and after it is read."""
    moments = [(row[name] - _EPOCH) // timedelta(microseconds=1) for name in SEALED[:2]]  # type: ignore[operator]
    return json.dumps(
        [*moments, *(row[name] for name in SEALED[2:])], sort_keys=True, separators=(",", ":")
    ).encode()


def named(stays: Iterable[int], patients: Iterable[int] = ()) -> str:
    """Name stays, and patients without one, as `Event.shown` keeps them: `,12,15,p7,`."""
    names = [*map(str, sorted(stays)), *(f"p{one}" for one in sorted(patients))]
    return f",{','.join(names)}," if names else ""


def names_of(shown: str | None) -> tuple[list[int], list[int]]:
    """Read what `named` wrote: stays, and patients without one."""
    words = [word for word in (shown or "").split(",") if word]
    patients = [int(word[1:]) for word in words if word[0] == "p"]
    return [int(word) for word in words if word[0] != "p"], patients


def events_of(session: Session, stay_id: int) -> list[Event]:
    """Everything that happened to a stay, oldest first."""
    return list(
        session.exec(
            select(Event).where(Event.stay_id == stay_id).order_by(col(Event.at), col(Event.id))
        )
    )
