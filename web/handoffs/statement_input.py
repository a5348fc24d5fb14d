"""What a side says of a contact, read into a `StatementEntry`.

Two screens ask for it: the small form on the page of a stay, and the page on which a
handoff is written down as passed on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from handoffs.parties import Actor
from handoffs.shown.task import Task
from handoffs.statement import Means, Result, StatementEntry, Topic
from rules import HandoffKind, Party
from web.inputs import Posted

_OF_OFFICE = (
    (Result.NOTHING_HEARD.value, "病院から連絡はなかった"),
    (Result.THROUGH_FAMILY.value, "家族を通じて知った"),
    (Result.TALKED.value, "病院の担当者と話せた"),
)
_OF_HOSPITAL = (
    (Result.TALKED.value, "計画作成担当と話せた"),
    (Result.THROUGH_FAMILY.value, "家族を通じて伝わった"),
    (Result.NOT_CONTACTED.value, "連絡していない"),
)
TOPICS = (Topic.DISCHARGE, Topic.ADMISSION)

BEFORE = "before_admission"
"""The box that says: yes, it was on a day before the admission."""

CALLS = (
    ("telephone-talked", "話せた"),
    ("telephone-message", "伝言を頼んだ"),
    ("telephone-absent", "不在だった"),
)
"""What comes of a telephone call, one tap each. The moment of the tap is that of the call."""

_SENDINGS = (
    ("fax-sent", "FAXで送った"),
    ("in_person-sent", "手渡した"),
    ("network-sent", "MCSなどの連携ネットワークで送った"),
    ("mail-sent", "メールで送った"),
    ("post-sent", "郵送した"),
)
_MEETINGS = (("in_person-met", "面会した"), ("in_person-conference", "会議をした"))
_ADVICE = (
    ("in_person-advised", "本人・家族に対面で案内した"),
    ("telephone-advised", "本人・家族に電話で案内した"),
)
_ABOUT_DISCHARGE = {
    HandoffKind.DISCHARGE_NOTICE,
    HandoffKind.DISCHARGE_CONFERENCE,
    HandoffKind.DISCHARGE_INFORMATION,
    HandoffKind.DISCHARGE_DATE,
}


@dataclass(frozen=True)
class Claim:
    """What one side says, and what the contact was about."""

    entry: StatementEntry
    topic: Topic


def claims_of(actor: Actor) -> tuple[tuple[str, str], ...]:
    """What this side can say apart from any handoff, as pairs of word and label."""
    return _OF_HOSPITAL if actor.is_hospital else _OF_OFFICE


def calls_of(task: Task) -> tuple[tuple[str, str], ...]:
    """The outcomes of a telephone call that end or leave open this handoff."""
    return () if task.receiver is Party.PERSON_OR_FAMILY else CALLS


def outcomes_of(task: Task) -> tuple[tuple[str, str], ...]:
    """In which ways this handoff can have been passed on, as pairs of word and label."""
    if task.receiver is Party.PERSON_OR_FAMILY:
        return _ADVICE
    by_telephone = tuple((word, f"電話: {label}") for word, label in CALLS)
    met = _MEETINGS if task.kind in _ABOUT_DISCHARGE else _MEETINGS[:1]
    advised = _ADVICE if task.kind is HandoffKind.REFERRAL else ()
    return (*by_telephone, *_SENDINGS, *met, *advised)


def read_claim(posted: Posted, actor: Actor) -> Claim:
    """Read the small form of a stay's page. Raises BadEntry."""
    topic = posted.one_of(
        "topic",
        [topic.value for topic in TOPICS],
        ask="何についての連絡かを選んでください。",
    )
    words = [word for word, _ in claims_of(actor)]
    claim = posted.one_of("claim", words, ask="連絡の有無を選んでください。")
    day = posted.needed_day("happened_on", ask="連絡した日、または知った日を入力してください。")
    content = posted.text("content", longest=2000)
    posted.finish()
    result = Result(claim)
    means = Means.TELEPHONE if result is Result.TALKED else Means.NONE
    entry = StatementEntry(means=means, result=result, happened_on=day, content=content)
    return Claim(entry, Topic(topic))


def tapped(typed: Mapping[str, list[str]]) -> tuple[dict[str, list[str]], bool]:
    """Read a button of the board, which says outcome and version in one, as the two fields."""
    rest = dict(typed)
    said = rest.pop("called", None)
    if said is None:
        return rest, False
    word, _, version = said[0].partition("/")
    return rest | {"call": [word], "version": [version]}, True


def read_call(posted: Posted, task: Task, at: datetime) -> StatementEntry | None:
    """Read the one tap after a telephone call, which took place just now (`at`, in Tokyo).

    None where another form was posted. Raises BadEntry.
    """
    if "call" not in posted.values:
        return None
    words = [word for word, _ in calls_of(task)]
    call = posted.one_of("call", words, ask="電話の結果を選んでください。")
    posted.finish()
    _, _, result = call.partition("-")
    return StatementEntry(
        means=Means.TELEPHONE,
        result=Result(result),
        happened_on=at.date(),
        happened_time=at.time().replace(second=0, microsecond=0),
    )


def read_sending(posted: Posted, task: Task, admitted_on: date) -> StatementEntry:
    """Read how a handoff was passed on: day, time, means, content and who took it. BadEntry.

    A day before the admission is asked about once: what was given beforehand counts for
    the fee, and most such days are slips of the finger.
    """
    words = [word for word, _ in outcomes_of(task)]
    outcome = posted.one_of("outcome", words, ask="どのように伝えたかを選んでください。")
    day = posted.needed_day("happened_on", ask="伝えた日を入力してください。")
    at = posted.clock("happened_time")
    sure = posted.one_of(BEFORE, ("", "yes"), ask="画面を開き直してください。") == "yes"
    early = date.min < day < admitted_on and task.topic is Topic.ADMISSION
    if early and not sure:
        posted.refuse(
            BEFORE,
            "入院日より前の日付です。入院前に渡した場合はこの欄にチェックを付け、"
            "そうでなければ伝えた日を直してください。",
        )
    counterpart = posted.text("counterpart")
    content = posted.text("content", longest=2000)
    with_sheet = posted.one_of("with_sheet", ("", "yes"), ask="画面を開き直してください。")
    digest = posted.text("sheet_digest", longest=64)
    posted.finish()
    means, _, result = outcome.partition("-")
    return StatementEntry(
        means=Means(means),
        result=Result(result),
        happened_on=day,
        happened_time=at,
        counterpart=counterpart,
        content=content,
        sheet_digest=(digest or None) if with_sheet else None,
    )
