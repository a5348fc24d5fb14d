"""The person in hospital, as one hospital registered them.

Each hospital keeps its own record of a person, so nobody reaches another
hospital's patient through a shared row. Names are kept as they were typed; a
folded form beside them finds 高橋 for 髙橋.
"""

import unicodedata
from datetime import date, datetime

import joyokanji
import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from rules.kinds import Labelled

_VARIANTS = str.maketrans(
    {
        "邉": "辺",
        "濵": "浜",
        "嶋": "島",
        "嶌": "島",
        "冨": "富",
        "渕": "淵",
        "舘": "館",
        "斉": "斎",
        "舩": "船",
        "桒": "桑",
    }
)
"""Shapes met in surnames that the table of old forms (旧字体) does not hold."""
_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""Characters that only choose a shape of the one before them (異体字セレクタ)."""
_LONGEST_FOLDED = 130


class Sex(Labelled):
    """性別, as the sheets ask for it; may stay unknown."""

    UNKNOWN = "unknown", "未記入"
    FEMALE = "female", "女"
    MALE = "male", "男"


class Patient(SQLModel, table=True):
    """A person. `hospital_number` is the hospital's own patient number.

    `whereabouts_hidden` (所在秘匿, as after abuse) is obeyed by every output.
    """

    __tablename__ = "patient"
    __table_args__ = (
        sa.UniqueConstraint("hospital_id", "hospital_number", name="patient_hospital_number"),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 60", name="patient_name"),
        sa.CheckConstraint("length(kana) BETWEEN 1 AND 60", name="patient_kana"),
    )

    id: int = Field(default=None, primary_key=True)
    hospital_id: int = Field(foreign_key="organization.id", index=True)
    hospital_number: str | None = Field(default=None, max_length=20)
    name: str = Field(max_length=60)
    kana: str = Field(max_length=60)
    folded: str = Field(max_length=_LONGEST_FOLDED, index=True)
    birth_on: date
    sex: Sex = Field(default=Sex.UNKNOWN, sa_type=coded(Sex, "patient_sex"))
    municipality: str = Field(default="", max_length=40)
    address: str = Field(default="", max_length=200)
    telephone: str = Field(default="", max_length=20)
    in_region: bool | None = Field(default=None)
    whereabouts_hidden: bool = Field(default=False)
    created_at: datetime


def fold(text: str) -> str:
    """Bring a name to the form in which names are compared and searched.

    Width, spaces, hiragana or katakana, variation selectors, old forms of kanji
    (髙 邊 廣) and variants common in surnames make no difference.
    """
    plain = unicodedata.normalize("NFKC", text)
    kept = (c for c in plain if not c.isspace() and c not in _SELECTORS)
    katakana = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in kept)
    modern: str = joyokanji.convert(katakana, variants=True)
    return modern.translate(_VARIANTS).casefold()


def folded_names(name: str, kana: str) -> str:
    """The search text of a person: folded name and kana.

    Cut to the width of its column: a sign such as ㍿ folds to several characters.
    """
    return f"{fold(name)} {fold(kana)}"[:_LONGEST_FOLDED]


def is_called(patient: Patient, name: str) -> bool:
    """Whether a name is the one of the record, however it was written."""
    return fold(patient.name) == fold(name)


def alike(session: Session, hospital_id: int, *, kana: str, birth_on: date) -> list[Patient]:
    """Everybody whom the hospital has with this kana and birth date, the earliest first."""
    born = session.exec(
        select(Patient)
        .where(Patient.hospital_id == hospital_id, Patient.birth_on == birth_on)
        .order_by(col(Patient.id))
    )
    return [patient for patient in born if fold(patient.kana) == fold(kana)]


def known_patient(
    session: Session,
    hospital_id: int,
    *,
    hospital_number: str | None,
    kana: str,
    birth_on: date,
    name: str | None,
) -> Patient | None:
    """Find the hospital's record of the same person, by its number or by kana and birth date.

    With a number, a record of that name which was begun without one is the same person's; a
    record with another number is somebody else's, however alike the two are. Without a number
    a record of another name may come back: ask `is_called` before taking it for the same
    person. None as the name is for somebody of whom it is known that the name changed.
    """
    if hospital_number:
        numbered = session.exec(
            select(Patient).where(
                Patient.hospital_id == hospital_id, Patient.hospital_number == hospital_number
            )
        ).one_or_none()
        if numbered is not None:
            return numbered
    found = alike(session, hospital_id, kana=kana, birth_on=birth_on)
    same = [p for p in found if not (hospital_number and p.hospital_number)]
    called = [p for p in same if name is None or is_called(p, name)]
    if called or hospital_number:
        return next(iter(called), None)
    return next(iter(same), None)
