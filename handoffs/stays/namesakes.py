"""Whether somebody who comes in has been in the hospital before, or only looks like it.

Kana and birth date are no identity: two people share them, and one person changes their name.
Where the record cannot tell the two apart it asks the ward, and never takes one for the other.
"""

from datetime import date
from functools import partial

from sqlmodel import Session, col, select

from handoffs.errors import BadEntry
from handoffs.stays.patients import Patient, alike, is_called, known_patient
from handoffs.stays.stay import Stay, is_registered

_OTHER_NAME = (
    "同じカナと生年月日で、氏名の違う方が登録されています。別の方なら患者番号を入力してください。"
    "同じ方で氏名が変わったのなら「同じ方です」を選んでください。"
)
_SEVERAL = (
    "同じカナと生年月日の方が複数登録されています。どの方か決められないので、"
    "患者番号を入力してください。"
)


def earlier_record(
    session: Session,
    hospital_id: int,
    *,
    hospital_number: str | None,
    kana: str,
    birth_on: date,
    name: str,
    same_person: bool,
) -> Patient | None:
    """Find the hospital's record of the person who was typed; None for somebody new.

    A number typed beside somebody who is in hospital without one says that this is another.
    `same_person` is the ward's word that the name changed. Raises BadEntry where only the
    ward can say whether two names are one person's.
    """
    find = partial(
        known_patient,
        session,
        hospital_id,
        hospital_number=hospital_number,
        kana=kana,
        birth_on=birth_on,
    )
    patient = find(name=name)
    if patient is None and same_person:
        patient = find(name=None)
    if patient is None:
        return None
    if hospital_number:
        another = not patient.hospital_number and open_stay_of(session, patient) is not None
        return None if another else patient
    if is_called(patient, name) or open_stay_of(session, patient) is not None:
        return patient
    if not same_person:
        raise BadEntry({"same_person": _OTHER_NAME})
    if len(alike(session, hospital_id, kana=kana, birth_on=birth_on)) > 1:
        raise BadEntry({"hospital_number": _SEVERAL})
    return patient


def open_stay_of(session: Session, patient: Patient) -> Stay | None:
    """The stay in which somebody is in hospital now."""
    return session.exec(
        select(Stay).where(
            is_registered(), Stay.patient_id == patient.id, col(Stay.discharged_on).is_(None)
        )
    ).first()
