"""Who in a ward list looks like somebody else: twins, namesakes, a number under another name.

The record takes such a row for a new person, and often that is right. Only the ward can know, so
a preview asks before anything is stored. Says why by the row's line and quotes nobody. Read-only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from exchange.ward_list import WardRow
from handoffs.stays.patients import Patient, fold, folded_names, is_called, known_patient
from handoffs.stays.stay import Stay, is_registered

_RENAMED = "この患者番号は、氏名の違う方で登録されています。取り込むと氏名が変わります。"
_SAME = "カナと生年月日が同じで、患者番号の違う方"
_NAMESAKE = "同姓同名で、生年月日の違う方"
_TWIN = "同じ姓で、生年月日が同じ方（双子など）"


@dataclass(frozen=True)
class _Somebody:
    """By what two people are compared; `where` says in which words the other is told of."""

    name: str
    kana: str
    surnames: frozenset[str]
    birth_on: date
    where: str

    @classmethod
    def of(cls, name: str, kana: str, birth_on: date, where: str) -> "_Somebody":
        # The surname is told apart only where somebody wrote a space behind it.
        surnames = (text.split()[0] for text in (name, kana) if len(text.split()) > 1)
        return cls(fold(name), fold(kana), frozenset(map(fold, surnames)), birth_on, where)


def doubts_of(
    session: Session, hospital_id: int, rows: Sequence[WardRow]
) -> dict[int, tuple[str, ...]]:
    """Say for each line that looks like somebody else why; lines without doubt are absent.

    Whoever is in the record with the same day of admission is recognized: no doubt about them.
    Asked before the rows are taken in.
    """
    there = _there(session, hospital_id, rows)
    in_file = {
        row.line.number: _Somebody.of(row.name, row.kana, row.birth_on, f"{row.line.number}行目に")
        for row in rows
    }
    found: dict[int, tuple[str, ...]] = {}
    for row in rows:
        own = known_patient(
            session,
            hospital_id,
            hospital_number=row.number,
            kana=row.kana,
            birth_on=row.birth_on,
            name=row.name,
        )
        others = [
            _Somebody.of(one.name, one.kana, one.birth_on, "登録に")
            for one in there
            if own is None or one.id != own.id
        ]
        others += [one for line, one in in_file.items() if line != row.line.number]
        if own is not None and _is_there(session, own, row):
            continue
        told = [_RENAMED] if own is not None and not is_called(own, row.name) else []
        told += _alike(in_file[row.line.number], others)
        if told:
            found[row.line.number] = tuple(dict.fromkeys(told))
    return found


def _is_there(session: Session, patient: Patient, row: WardRow) -> bool:
    """Whether the stay of a row is in the record already."""
    stay = select(Stay.id).where(
        is_registered(), Stay.patient_id == patient.id, Stay.admitted_on == row.admitted_on
    )
    return session.exec(stay).first() is not None


def _there(session: Session, hospital_id: int, rows: Sequence[WardRow]) -> Sequence[Patient]:
    """Everybody of the hospital with one of these birth dates or exactly one of these names."""
    births = {row.birth_on for row in rows}
    names = {folded_names(row.name, row.kana) for row in rows}
    return session.exec(
        select(Patient).where(
            Patient.hospital_id == hospital_id,
            sa.or_(col(Patient.birth_on).in_(births), col(Patient.folded).in_(names)),
        )
    ).all()


def _alike(one: _Somebody, others: Sequence[_Somebody]) -> Iterator[str]:
    for other in others:
        if other.birth_on == one.birth_on and other.kana == one.kana:
            yield f"{other.where}、{_SAME}がいます。"
        elif other.birth_on == one.birth_on and other.surnames & one.surnames:
            yield f"{other.where}、{_TWIN}がいます。"
        elif other.name == one.name and other.kana == one.kana:
            yield f"{other.where}、{_NAMESAKE}がいます。"
