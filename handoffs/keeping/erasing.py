"""Take away what names a person, and leave what is counted: rows, days, codes, the history.

What may be deleted is deleted; what a row of the history or a figure rests on is emptied. The
database refuses to rewrite what was said and decided, and lets it be emptied. What the ticked
facts say (codes without a name) stays with the decision.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from handoffs.history import Act, Detail, record
from handoffs.telling.outbox import Outcome, Reason

ERASED_NAME, ERASED_KANA = "（消去済み）", "ショウキョズミ"
ERASED_BIRTH = date(1900, 1, 1)
"""The column takes no empty day; nobody in a record is that old."""

PEOPLE_AT_ONCE = 100

EMPTIED: dict[str, dict[str, object]] = {
    "case_link": {"answered_by": ""},
    "certification": {"insurer_number": None, "insured_number": None},
    "conference_slot": {"place": "", "answer": ""},
    "correction": {"old_text": "", "new_text": ""},
    "decline": {"words": ""},
    "handed_over": {"content": ""},
    "handoff": {"waived_reason": ""},
    "miss_reason": {"words": ""},
    "plan_office": {"care_manager_name": ""},
    "sheet_attachment": {"content": b""},
    "sheet_version": {"content": "", "receiver": "", "counterpart": "", "words": ""},
    "statement": {"content": "", "counterpart": ""},
    "transfer_answer": {"reason": ""},
    "waiving": {"reason": ""},
}
"""What a table is left with, for the rows of a stay."""

PERSON: dict[str, object] = {
    "hospital_number": None,
    "name": ERASED_NAME,
    "kana": ERASED_KANA,
    "folded": "",
    "birth_on": ERASED_BIRTH,
    "municipality": "",
    "address": "",
    "telephone": "",
}
DELETED = ("concern", "contact_person", "sheet_draft")
"""Nothing else rests on them. The fields of a draft go before it, the secret of a link too."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TABLES = SQLModel.metadata.tables


def rows_about(session: Session, people: sa.Select[int]) -> dict[str, int]:
    """Count what would be emptied or deleted, by table."""
    stays = _stays_of(people)
    counts = {
        table: _count(session, table, _TABLES[table].columns.stay_id.in_(stays))
        for table in sorted({*EMPTIED, *DELETED})
    }
    return {table: count for table, count in counts.items() if count}


def erase(
    session: Session,
    people: Sequence[int],
    now: datetime,
    *,
    act: Act = Act.RECORD_ERASE,
    detail: Detail | None = None,
) -> int:
    """Erase what names these people; how many stays that concerned. The caller commits.

    What waits to be told of them is cancelled, and links to them open nothing any more.
    """
    stay = _TABLES["stay"].columns
    found = sa.select(stay.id).where(stay.patient_id.in_(people), stay.erased_at.is_(None))
    stays = list(session.execute(found.order_by(stay.id).with_for_update()).scalars())
    _silence(session, stays, now)
    _delete(session, stays)
    for table, empty in EMPTIED.items():
        columns = _TABLES[table].columns
        session.execute(_TABLES[table].update().where(columns.stay_id.in_(stays)).values(**empty))
    session.execute(
        _TABLES["sheet_version"]
        .update()
        .where(_TABLES["sheet_version"].columns.stay_id.in_(stays))
        .values(changed={})
    )
    patient = _TABLES["patient"]
    session.execute(
        patient.update().where(patient.columns.id.in_(people)).values(sex="unknown", **PERSON)
    )
    for number in stays:
        values: Mapping[str, object] = {"erased_at": now, "code": erased_code(number)}
        session.execute(_TABLES["stay"].update().where(stay.id == number).values(**values))
        record(session, None, act, now=now, stay_id=number, detail=detail)
    return len(stays)


def erased_code(number: int) -> str:
    """The code of a stay that paper no longer leads to: a sign that no sheet bears, and its id."""
    words = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        words = _DIGITS[digit] + words
    return f"-{words}"


def _silence(session: Session, stays: Sequence[int], now: datetime) -> None:
    message, link = _TABLES["message"], _TABLES["case_link"]
    waiting = message.columns.stay_id.in_(stays) & message.columns.ended_at.is_(None)
    session.execute(
        message.update()
        .where(waiting)
        .values(
            ended_at=now,
            outcome=Outcome.CANCELLED,
            reason=Reason.ERASED,
            claimed_by="",
            lease_until=None,
        )
    )
    unused = link.columns.revoked_at.is_(None) & link.columns.used_at.is_(None)
    session.execute(
        link.update().where(link.columns.stay_id.in_(stays), unused).values(revoked_at=now)
    )


def _delete(session: Session, stays: Sequence[int]) -> None:
    below = (
        ("sheet_answer", "draft_id", "sheet_draft"),
        ("case_link_secret", "link_id", "case_link"),
    )
    for table, key, above in below:
        upper = _TABLES[above].columns
        rows = sa.select(upper.id).where(upper.stay_id.in_(stays))
        session.execute(_TABLES[table].delete().where(_TABLES[table].columns[key].in_(rows)))
    for table in DELETED:
        columns = _TABLES[table].columns
        session.execute(_TABLES[table].delete().where(columns.stay_id.in_(stays)))


def _stays_of(people: sa.Select[int]) -> sa.Select[tuple[int]]:
    stay = _TABLES["stay"].columns
    return sa.select(stay.id).where(stay.patient_id.in_(people), stay.erased_at.is_(None))


def _count(session: Session, table: str, condition: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).select_from(_TABLES[table]).where(condition)
    return int(session.execute(query).scalar_one())
