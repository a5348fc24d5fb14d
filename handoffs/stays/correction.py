"""Correcting what a stay was registered with: name, kana, birth date, sex, admission.

The old value stays in the history: its day as a day, its words in a row of their own that can be
emptied when their time is over. The stay is decided again under the edition of its admission
day, as if it had been registered rightly; what was late by the wrong day is no miss.

Refuses what would make two stays of one person overlap, and to turn one person into another:
a stay that was registered for somebody else is cancelled and registered anew.
"""

from datetime import date, datetime, time

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Entry
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.access import Permission, require
from handoffs.database import coded
from handoffs.decision.assessment import reassess
from handoffs.errors import BadEntry, Overtaken
from handoffs.history import Act, Detail, record
from handoffs.names import wrong_name
from handoffs.parties import Actor
from handoffs.stays.admission_check import wrong_days
from handoffs.stays.certification import Certification, certification_of, insured_category_of
from handoffs.stays.leave import Leave
from handoffs.stays.namesakes import open_stay_of
from handoffs.stays.patients import Patient, Sex, alike, folded_names
from handoffs.stays.stay import Stay, overlapping
from handoffs.tokyo import day_of
from rules import Library
from rules.kinds import Labelled


class Corrected(Labelled):
    """What was corrected."""

    NAME = "name", "氏名"
    KANA = "kana", "カナ"
    BIRTH_ON = "birth_on", "生年月日"
    SEX = "sex", "性別"
    HOSPITAL_NUMBER = "hospital_number", "患者番号"
    ADMITTED_ON = "admitted_on", "入院日"
    ADMITTED_TIME = "admitted_time", "入院の時刻"


_OF_PERSON = (
    Corrected.NAME,
    Corrected.KANA,
    Corrected.BIRTH_ON,
    Corrected.SEX,
    Corrected.HOSPITAL_NUMBER,
)


class Correction(SQLModel, table=True):
    """One value that was put right. The texts may be emptied; nothing else ever changes."""

    __tablename__ = "correction"

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    field: Corrected = Field(sa_type=coded(Corrected, "corrected_field"))
    old_text: str = Field(default="", max_length=60)
    new_text: str = Field(default="", max_length=60)
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="staff.id")


class CorrectionEntry(BaseModel):
    """What a stay should have been registered with, typed and checked."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: str = Entry(min_length=1, max_length=60)
    kana: str = Entry(min_length=1, max_length=60)
    birth_on: date
    sex: Sex
    hospital_number: str | None = Entry(default=None, max_length=20)
    admitted_on: date
    admitted_time: time | None
    version: int


def registered_with(session: Session, stay: Stay) -> CorrectionEntry:
    """What a stay is registered with now; correcting with it changes nothing."""
    patient = session.get_one(Patient, stay.patient_id)
    return CorrectionEntry(
        name=patient.name,
        kana=patient.kana,
        birth_on=patient.birth_on,
        sex=patient.sex,
        hospital_number=patient.hospital_number,
        admitted_on=stay.admitted_on,
        admitted_time=stay.admitted_time,
        version=stay.version,
    )


def correct(
    session: Session,
    stay: Stay,
    entry: CorrectionEntry,
    *,
    library: Library,
    by: Actor,
    now: datetime,
) -> tuple[Corrected, ...]:
    """Put right what a stay was registered with and decide again; say what changed.

    Nothing happens where nothing differs. Raises NotPermitted, Overtaken if the stay changed
    since it was shown, BadEntry with a message for each field that cannot be taken, and
    NoEdition where no agreement was in force on the day.
    """
    require(by, Permission.STAY_EDIT)
    if stay.version != entry.version:
        raise Overtaken
    patient = session.get_one(Patient, stay.patient_id)
    was = registered_with(session, stay)
    changed = tuple(
        field for field in Corrected if getattr(was, field.value) != getattr(entry, field.value)
    )
    if not changed:
        return ()
    _check(session, stay, patient, entry, changed, now=now)
    for field in changed:
        old, new = getattr(was, field.value), getattr(entry, field.value)
        session.add(
            Correction(
                stay_id=stay.id,
                field=field,
                old_text=_text(old),
                new_text=_text(new),
                recorded_at=now,
                recorded_by=by.staff_id,
            )
        )
        setattr(patient if field in _OF_PERSON else stay, field.value, new)
    patient.folded = folded_names(patient.name, patient.kana)
    if Corrected.BIRTH_ON in changed:
        _follow_age(session, stay, was.birth_on, entry.birth_on, by=by, now=now)
    stay.version += 1
    detail = _told(was, entry, changed)
    record(session, by, Act.STAY_CORRECT, now=now, stay_id=stay.id, detail=detail)
    reassess(session, stay, library=library, by=by, now=now)
    return changed


def corrections_of(session: Session, stay_id: int) -> list[Correction]:
    """What was put right of a stay, oldest first."""
    return list(
        session.exec(
            select(Correction).where(Correction.stay_id == stay_id).order_by(col(Correction.id))
        )
    )


def _told(was: CorrectionEntry, entry: CorrectionEntry, changed: tuple[Corrected, ...]) -> Detail:
    """What the history says: which fields, and the days of the stay. Nobody's words."""
    detail: dict[str, str | date | None] = {"fields": " ".join(field.value for field in changed)}
    if Corrected.ADMITTED_ON in changed:
        detail |= {"from": was.admitted_on, "to": entry.admitted_on}
    return detail


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date | time) else str(value or "")


def _follow_age(
    session: Session, stay: Stay, was: date, born: date, *, by: Actor, now: datetime
) -> None:
    """Let the insured category follow the age, where it was only guessed from it."""
    seen = certification_of(session, stay.id)
    guess = insured_category_of(born, stay.admitted_on)
    guessed_before = insured_category_of(was, stay.admitted_on)
    if seen is None or guess is guessed_before or seen.insured_category is not guessed_before:
        return
    kept = seen.model_dump(exclude={"id", "insured_category", "recorded_at", "recorded_by"})
    session.add(
        Certification(**kept, insured_category=guess, recorded_at=now, recorded_by=by.staff_id)
    )
    record(
        session,
        by,
        Act.STAY_CERTIFY,
        now=now,
        stay_id=stay.id,
        detail={
            "level": seen.level.value,
            "application": seen.application.value,
            "insured_category": guess.value,
        },
    )


def _check(
    session: Session,
    stay: Stay,
    patient: Patient,
    entry: CorrectionEntry,
    changed: tuple[Corrected, ...],
    *,
    now: datetime,
) -> None:
    wrong = wrong_days(
        birth_on=entry.birth_on,
        admitted_on=entry.admitted_on,
        planned=stay.planned_discharge_on,
        certainty=None,
        today=day_of(now),
    )
    for field, text in (("name", entry.name), ("kana", entry.kana)):
        told = wrong_name(text)
        if told:
            wrong[field] = told
    if {Corrected.ADMITTED_ON, Corrected.ADMITTED_TIME} & set(changed):
        wrong = _wrong_admission(session, stay, entry) | wrong
    if {Corrected.KANA, Corrected.BIRTH_ON} & set(changed) and stay.is_open:
        same = alike(session, stay.hospital_id, kana=entry.kana, birth_on=entry.birth_on)
        if any(one.id != patient.id and open_stay_of(session, one) for one in same):
            wrong["kana"] = (
                "同じカナと生年月日の方が、別に入院中として登録されています。"
                "二重の登録なら、どちらかの登録を取り消してください。"
            )
    if entry.hospital_number and Corrected.HOSPITAL_NUMBER in changed:
        taken = select(Patient.id).where(
            Patient.hospital_id == patient.hospital_id,
            Patient.hospital_number == entry.hospital_number,
        )
        if session.exec(taken).first() is not None:
            wrong["hospital_number"] = "この患者番号は、別の方で登録されています。"
    if wrong:
        raise BadEntry(wrong)


def _wrong_admission(session: Session, stay: Stay, entry: CorrectionEntry) -> dict[str, str]:
    on, left_on = entry.admitted_on, stay.discharged_on
    planned = stay.planned_discharge_on
    away = session.exec(
        select(Leave.id).where(
            Leave.stay_id == stay.id, col(Leave.taken_back_at).is_(None), Leave.left_on < on
        )
    ).first()
    same_day = left_on == on and entry.admitted_time and stay.discharged_time
    if left_on is not None and on > left_on:
        return {"admitted_on": "入院日が退院日より後です。どちらかの日付を直してください。"}
    if same_day and (entry.admitted_time or time.min) > (stay.discharged_time or time.max):
        return {"admitted_time": "入院の時刻が退院の時刻より後です。どちらかを直してください。"}
    if planned is not None and on > planned:
        return {"admitted_on": "入院日が退院予定日より後です。先に退院予定日を直してください。"}
    if away is not None:
        return {"admitted_on": "入院日が外泊の日より後です。外泊の登録を確かめてください。"}
    if overlapping(session, stay.patient_id, on, left_on, but=stay.id) is not None:
        return {"admitted_on": "同じ方の別の入院と日付が重なります。日付を確かめてください。"}
    return {}
