"""Every way in which something about a person reaches another organization, as one table.

Each says what goes along and what stops it: a withdrawn consent, a reservation about this kind of
receiver, the wish not to be contacted, hidden whereabouts (所在秘匿). Each is asked when something
is made and once more when it leaves. Every act of the history, every purpose of a message and
every address that gives out a file is either here or named as one by which nothing leaves; a test
fails for one that is neither. Nothing here asks the database.
"""

from collections.abc import Mapping
from types import MappingProxyType

from handoffs.history import Act
from handoffs.telling.outbox import Purpose
from rules.kinds import Labelled


class Stop(Labelled):
    """What keeps an output back."""

    CONSENT = "consent", "同意がない・取り消された"
    RESERVATION = "reservation", "知らせてほしくない相手"
    WISH = "wish", "連絡を希望しない"
    HIDDEN = "hidden", "所在秘匿"


class Output(Labelled):
    """A way by which something about a person reaches another organization."""

    SCREEN = "screen", "つなぎの画面"
    TOLD = "told", "電話・対面などの連絡"
    SHEET = "sheet", "様式"
    FAX = "fax", "FAX"
    LINK = "link", "サインインなしのリンク"
    NETWORK = "network", "連携ネットワークに貼り付ける文"
    TRANSFER = "transfer", "転院先への引き継ぎ"
    EXPORT = "export", "記録の取り出し"


_WISHES = frozenset({Stop.CONSENT, Stop.RESERVATION, Stop.WISH})
_ALL = frozenset(Stop)

STOPS: Mapping[Output, frozenset[Stop]] = MappingProxyType(
    {
        Output.SCREEN: _WISHES,
        Output.TOLD: frozenset(),
        Output.SHEET: _WISHES,
        Output.FAX: _ALL,
        Output.LINK: _ALL,
        Output.NETWORK: _ALL,
        Output.TRANSFER: _WISHES,
        Output.EXPORT: _ALL,
    }
)
"""What stops each. A call is written down after it was made, so that nothing stops its record.

Where 所在秘匿 does not stop an output whole, it withholds the home: on screens, sheets and to the
next hospital.
"""

ITEMS: Mapping[Output, str] = MappingProxyType(
    {
        Output.SCREEN: "担当する方の入退院・認定・連絡の記録",
        Output.TOLD: "連絡した内容",
        Output.SHEET: "様式に書かれた内容",
        Output.FAX: "氏名・年齢・市町村・入院先・連絡の種類",
        Output.LINK: "管理番号・氏名（地域の決めごとにより伏せ字）・入院先・連絡の種類",
        Output.NETWORK: "氏名（伏せ字の設定あり）・入院先・予定・次の連絡",
        Output.TRANSFER: "氏名・生年月日・認定・計画作成担当・連絡先",
        Output.EXPORT: "その機関が画面で見られる記録",
    }
)
"""What goes along, as the person is told."""

OF_ACT: Mapping[Act, Output] = MappingProxyType(
    {
        Act.FAX_STATE: Output.FAX,
        Act.HANDOFF_SEND: Output.TOLD,
        Act.LINK_OPEN: Output.LINK,
        Act.RECORD_EXPORT: Output.EXPORT,
        Act.SHEET_FREEZE: Output.SHEET,
        Act.STATEMENT_MAKE: Output.TOLD,
        Act.STAY_TAKE_OVER: Output.TRANSFER,
        Act.STAY_TEXT: Output.NETWORK,
    }
)
"""The acts that are written down when something goes. What others read is Output.SCREEN."""

READ = frozenset(
    {
        Act.AUDIT_READ,
        Act.CONCERN_READ,
        Act.EVIDENCE_READ,
        Act.HANDOFF_SHEET,
        Act.LONG_WORK_READ,
        Act.RATES_READ,
        Act.RECORD_CHECK_READ,
        Act.STAY_LIST,
        Act.STAY_READ,
        Act.SURVEY_READ,
    }
)
"""The acts of reading: an output where somebody of another organization reads."""

_WITHIN = """
absence: access: account: colleagues: conference: contacts: downtime_kit: duty: emergency: factor:
figure: goal: hold: import: invitation: keeper: leak: line: long_work:ask mailbox: message:
miss_reason: month: notice: organization: overdue: passkey: password: recovery: region: roster:
sessions: shadow: sign_in: sign_out: step: support: survey:answer survey:open survey:return
statement:retract record:erase record:erase_asked record:erase_refused concern:end concern:note
concern:print fax_number: fax:prepare fax:settle fax:slip
handoff:acknowledge handoff:confirm handoff:decline handoff:deliver handoff:keep handoff:move
handoff:notice handoff:open handoff:overdue handoff:pause handoff:reroute handoff:restore
handoff:resume handoff:reword handoff:undo handoff:waive handoff:withdraw link:agree link:close
link:lock link:make link:revoke link:settle sheet:attach sheet:draft sheet:own sheet:reserve
stay:admit stay:assess stay:cancel stay:certify stay:consent stay:contact stay:correct
stay:date_seen stay:discharge stay:discharge_undo stay:hidden stay:leave stay:leave_undo
stay:no_contact stay:plan_discharge stay:plan_office stay:reinstate stay:residence stay:return
stay:take stay:transfer_decline stay:transfer_undecline stay:ward
"""


def stays_within(act: Act) -> bool:
    """Whether an act by itself gives nothing to another organization, because somebody looked.

    A subject without an action names all of its acts: those that are never about one person, or
    that others learn of by reading, which is an output of its own.
    """
    subject = act.value.partition(":")[0]
    words = _WITHIN.split()
    return act.value in words or f"{subject}:" in words


OF_PURPOSE: Mapping[Purpose, Output | None] = MappingProxyType(
    {
        Purpose.REMINDER: None,
        Purpose.DIGEST: None,
        Purpose.CLOSED_DAYS: None,
        Purpose.BEYOND_OFFICE: None,
        Purpose.LINK: Output.LINK,
        Purpose.FAX: Output.FAX,
    }
)
"""What each message brings; None where it says how many and where to look, and nobody's name."""

OF_FILE: Mapping[str, Output | None] = MappingProxyType(
    {
        "downtime_kit.made": None,
        "evidence_months.sent_file": None,
        "fax.printed": Output.FAX,
        "fax_numbers.printed": None,
        "guides.printed": None,
        "provisions.file": None,
        "quarters.slides": None,
        "reports.first_sheet": None,
        "reports.rates_file": None,
        "sheets.as_handed_over": Output.SHEET,
        "sheets.as_it_is_kept": Output.SHEET,
        "sheets.as_it_stands": Output.SHEET,
        "sheets.as_it_went": Output.SHEET,
        "sheets.admission_information": Output.SHEET,
        "sheets.attached_file": Output.SHEET,
        "shadow_months.empty_file": None,
        "stays.board_file": None,
        "sheets.for_the_pen": None,
        "surveys.form_file": None,
        "surveys.results_file": None,
        "unconfirmed.file": None,
        "worklist.worklist_file": None,
        "yearly.year_file": None,
    }
)
"""Every address that gives out a file; None where it holds counts, or the own house's record.

A list of the day is Output.SCREEN as the page is: whom it shows is entered with its reading.
"""
