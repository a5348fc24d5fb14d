"""Writing down, reading, printing and ending a record of 虐待の疑い, by the two whom it names.

Its events name no stay, so that no history of a stay tells that there is one.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from handoffs.access import (
    SOCIAL_WORKERS,
    may_note_concern,
    visible_concerns,
    visible_stays,
)
from handoffs.errors import BadEntry, NotPermitted, NotVisible
from handoffs.history import Act, Detail, record
from handoffs.parties import Actor, Staff, actor_of
from handoffs.plan_office import plan_office_of
from handoffs.stays.concern import LONGEST_WORDS, Concern
from handoffs.stays.stay import Stay
from rules.kinds import Labelled


class PrintReason(Labelled):
    """Why one of the two gives it to the other on paper. A choice: free words would be kept."""

    UNSEEN = "unseen", "相手が、つなぎの画面を開けないため"
    MEETING = "meeting", "二人で会って話し合うときに使うため"
    PAPER_FILE = "paper_file", "相手の紙の記録に綴じるため"


@dataclass(frozen=True)
class ConcernShown:
    """One record as its readers see it.

    care_manager: empty where nobody is named. is_current: whether the named care manager is in
    charge of the client still, and may open their pages.
    """

    id: int
    words: str
    social_worker: str
    care_manager: str
    is_current: bool
    by: str
    noted_at: datetime

    @property
    def may_be_printed(self) -> bool:
        """Whether there is another to hand it to, and something to hand over."""
        return self.is_current and bool(self.care_manager) and bool(self.words)


def concerns_of(session: Session, actor: Actor, stay: Stay) -> tuple[ConcernShown, ...]:
    """The records that name this person and were not ended, oldest first."""
    rows = session.exec(visible_concerns(actor, stay).order_by(col(Concern.id))).all()
    named = {row.social_worker_id for row in rows} | {row.noted_by for row in rows}
    named |= {row.care_manager_id for row in rows if row.care_manager_id is not None}
    found = session.exec(select(Staff).where(col(Staff.id).in_(named)))
    people = {one.id: one.name for one in found}
    reader = _reader(session, stay)
    return tuple(
        ConcernShown(
            id=row.id,
            words=row.words,
            social_worker=people[row.social_worker_id],
            care_manager=people.get(row.care_manager_id or 0, ""),
            is_current=reader is not None and reader == row.care_manager_id,
            by=people[row.noted_by],
            noted_at=row.noted_at,
        )
        for row in rows
    )


def social_workers_of(session: Session, stay: Stay) -> list[Staff]:
    """Whom a record can name in the stay's hospital."""
    return list(
        session.exec(
            select(Staff)
            .where(
                Staff.organization_id == stay.hospital_id,
                col(Staff.role).in_(SOCIAL_WORKERS),
                col(Staff.active).is_(True),
            )
            .order_by(col(Staff.id))
        )
    )


def note_concern(
    session: Session, stay: Stay, *, social_worker_id: int, words: str, by: Actor, now: datetime
) -> Concern:
    """Write a record down for the named social worker and the care manager in charge.

    Raises NotPermitted for whoever could not be named themselves, BadEntry without words, for too
    many, and for somebody who is no social worker of the hospital.
    """
    if not may_note_concern(session, by, stay):
        raise NotPermitted("この画面は、MSW等か、この方の担当のケアマネジャーだけが使えます。")
    wrong: dict[str, str] = {}
    if not words.strip():
        wrong["words"] = "気づいたことを、短く入力してください。"
    elif len(words.strip()) > LONGEST_WORDS:
        wrong["words"] = f"{LONGEST_WORDS}文字までで入力してください。"
    if social_worker_id not in {one.id for one in social_workers_of(session, stay)}:
        wrong["social_worker"] = "病院のMSW等を一覧から選んでください。"
    if wrong:
        raise BadEntry(wrong)
    row = Concern(
        stay_id=stay.id,
        social_worker_id=social_worker_id,
        care_manager_id=_reader(session, stay),
        words=words.strip(),
        noted_at=now,
        noted_by=by.person_id,
    )
    session.add(row)
    session.flush()  # The event names its id.
    record(session, by, Act.CONCERN_NOTE, now=now, detail={"concern": row.id})
    return row


def print_concern(
    session: Session,
    stay: Stay,
    concern_id: int,
    reason: PrintReason,
    *,
    by: Actor,
    now: datetime,
) -> ConcernShown:
    """Return a record that one of the two prints for the other, and write down that they did.

    Raises NotVisible for whoever it does not name, NotPermitted where nobody else reads it.
    """
    found = next((one for one in concerns_of(session, by, stay) if one.id == concern_id), None)
    if found is None:
        raise NotVisible
    if not found.may_be_printed:
        raise NotPermitted("この記録を渡せる相手がいません。担当の方に電話で伝えてください。")
    detail: Detail = {"concern": concern_id, "reason": reason.value}
    record(session, by, Act.CONCERN_PRINT, now=now, detail=detail)
    return found


def end_concern(session: Session, stay: Stay, concern_id: int, *, by: Actor, now: datetime) -> None:
    """End a record: it was a mistake, or its time is over. It then names nobody.

    Raises NotVisible for whoever it does not name.
    """
    row = session.exec(visible_concerns(by, stay).where(Concern.id == concern_id)).one_or_none()
    if row is None:
        raise NotVisible
    row.ended_at, row.ended_by = now, by.staff_id
    record(session, by, Act.CONCERN_END, now=now, detail={"concern": row.id})


def _reader(session: Session, stay: Stay) -> int | None:
    """The care manager in charge, while they may open the stay: not once consent is withdrawn."""
    plan = plan_office_of(session, stay.id)
    if plan is None or plan.care_manager_id is None:
        return None
    care_manager = actor_of(session, plan.care_manager_id)
    if care_manager is None:
        return None
    seen = visible_stays(care_manager).where(Stay.id == stay.id)
    return plan.care_manager_id if session.exec(seen).first() is not None else None
