"""A month of admission information that an office sent: when, how, and where in the fee window.

For the office's own file at the end of the month. It lists what the record holds and says which
window a day lies in; it claims nothing, and the office alone sees it.
"""

from dataclasses import dataclass, replace
from datetime import date, time

from sqlmodel import Session, col, select

from handoffs.access import visible_stays
from handoffs.csv_cell import csv_of
from handoffs.fee_window import FeeShown, fee_windows_of
from handoffs.handoff import Handoff
from handoffs.parties import Actor, Organization
from handoffs.rates.evidence.said import still_said
from handoffs.statement import Result, Side, Statement
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay, is_registered
from handoffs.tokyo import next_month
from rules import HandoffKind

_PASSED = frozenset({Result.SENT, Result.TALKED, Result.MET, Result.CONFERENCE, Result.RECEIVED})
AFTER_WINDOW = "期間のあと"
HEAD = (
    "管理番号", "病院", "入院日", "入院時刻", "送った日", "送った時刻", "手段", "結果",
    "相手の名前", "様式の照合番号", "加算の期間（目安）", "期間の終わり", "そろっていないもの",
)  # fmt: skip


@dataclass(frozen=True)
class SentLine:
    """One sending of the month, the first about its stay.

    window: in which tier the day lies, in words; until: the last safe day of each tier, in
    words. missing: what the evidence asks for and the record does not hold.
    """

    code: str
    stay_id: int
    hospital: str
    admitted_on: date
    admitted_time: time | None
    sent_on: date
    sent_time: time | None
    means: str
    result: str
    counterpart: str
    digest: str
    window: str
    until: str
    missing: tuple[str, ...]


def sent_in_month(
    session: Session, actor: Actor, month: date, *, today: date
) -> tuple[SentLine, ...]:
    """What the actor's own office sent in a month, oldest first; nothing for anybody else.

    Whoever wants no contact is left out, and so is what was taken back.
    """
    if not actor.plans_care:
        return ()
    first = _first_sendings(session, actor, month)
    if not first:
        return ()
    stays = {
        stay.id: (stay, hospital)
        for stay, hospital in session.exec(
            select(Stay, Organization.name)
            .join(Organization, col(Organization.id) == col(Stay.hospital_id))
            .where(col(Stay.id).in_(first), is_registered(), col(Stay.wants_no_contact).is_(False))
        )
    }
    # The window of a colleague's client is the same office's, so the switch does not matter here.
    fees = fee_windows_of(session, _whole_office(actor), list(stays), today=today)
    lines = [
        _line(stays[stay_id], said, fees.get(stay_id))
        for stay_id, said in first.items()
        if stay_id in stays
    ]
    return tuple(sorted(lines, key=lambda line: (line.sent_on, line.code)))


def names_of(session: Session, actor: Actor, lines: tuple[SentLine, ...]) -> dict[int, str]:
    """The names by stay of those of some lines whom the actor may open now, for the screen alone.

    The file names nobody: it is kept where this record cannot protect it.
    """
    seen = visible_stays(actor).where(col(Stay.id).in_({line.stay_id for line in lines}))
    patients = {stay.id: stay.patient_id for stay in session.exec(seen)}
    found = session.exec(select(Patient).where(col(Patient.id).in_(patients.values())))
    names = {patient.id: patient.name for patient in found}
    return {stay_id: names[patient_id] for stay_id, patient_id in patients.items()}


def sent_csv(lines: tuple[SentLine, ...]) -> bytes:
    """The lines as CSV that Excel opens as it is; a cell that looks like a formula is text."""
    return csv_of(
        HEAD,
        (
            (
                line.code, line.hospital, line.admitted_on.isoformat(), _clock(line.admitted_time),
                line.sent_on.isoformat(), _clock(line.sent_time), line.means, line.result,
                line.counterpart, line.digest, line.window, line.until, "、".join(line.missing),
            )
            for line in lines
        ),
    )  # fmt: skip


def _whole_office(actor: Actor) -> Actor:
    return replace(actor, with_colleagues=True)


def _first_sendings(session: Session, actor: Actor, month: date) -> dict[int, Statement]:
    """The first standing word of each stay that its information was passed on, of this month."""
    rows = session.exec(
        select(Handoff, Statement)
        .join(Statement, col(Statement.handoff_id) == col(Handoff.id))
        .where(
            Handoff.kind == HandoffKind.ADMISSION_INFORMATION,
            col(Handoff.withdrawn_at).is_(None),
            Statement.organization_id == actor.organization_id,
            Statement.side == Side.PLAN_OFFICE,
            Statement.happened_on < next_month(month),
            *still_said(),
        )
        .order_by(col(Statement.happened_on), col(Statement.id))
    ).all()
    first: dict[int, Statement] = {}
    for handoff, said in rows:
        if said.result in _PASSED:
            first.setdefault(handoff.stay_id, said)
    return {stay_id: said for stay_id, said in first.items() if said.happened_on >= month}


def _line(found: tuple[Stay, str], said: Statement, fee: FeeShown | None) -> SentLine:
    stay, hospital = found
    window, until = _window(fee, said.happened_on)
    missing = (
        ("相手の名前", not said.counterpart),
        ("送った内容", not said.content and said.sheet_digest is None),
    )
    return SentLine(
        code=stay.code,
        stay_id=stay.id,
        hospital=hospital,
        admitted_on=stay.admitted_on,
        admitted_time=stay.admitted_time,
        sent_on=said.happened_on,
        sent_time=said.happened_time,
        means=said.means.label,
        result=said.result.label,
        counterpart=said.counterpart,
        digest=(said.sheet_digest or "")[:12],
        window=window,
        until=until,
        missing=tuple(words for words, lacks in missing if lacks),
    )


def _window(fee: FeeShown | None, day: date) -> tuple[str, str]:
    """In which tier a day lies, and until when each tier is safe, in words."""
    if fee is None:
        return "いまは担当ではないため数えていません", ""
    if fee.window is None:
        why = "営業時間の登録がないため数えていません" if fee.hours_missing else ""
        return fee.outside or fee.no_table or why, ""
    until = "、".join(
        f"{one.tier.label} {one.until.month}/{one.until.day}まで" for one in fee.window.tiers
    )
    covers = fee.window.covers(day)
    if not covers:
        return AFTER_WINDOW, until
    cover = covers[0]
    asked = "（要確認）" if cover.ask or fee.depends else ""
    return f"{cover.tier.label}の期間{asked}", until


def _clock(moment: time | None) -> str:
    return f"{moment:%H:%M}" if moment else ""
