"""The people whom a leak concerns, by name where whoever asks may see them.

Keeping the accounts opens no record: a stay that the asking person's role does not reach is named
by its number alone, for a colleague who may look it up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from handoffs.access import Permission, may, visible_stays
from handoffs.parties import Actor
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay

_AT_ONCE = 500


@dataclass(frozen=True)
class Concerned:
    """One person with the stays through which a leak concerns them."""

    patient_id: int
    name: str
    kana: str
    birth_on: date
    hospital_number: str | None
    stays: tuple[int, ...]


def people_of(
    session: Session, by: Actor, stays: Sequence[int], patients: Sequence[int]
) -> tuple[list[Concerned], list[int]]:
    """The people in the order of their kana, and the stays that `by` may not look into."""
    seen: dict[int, list[int]] = {}
    for start in range(0, len(stays), _AT_ONCE):
        query = visible_stays(by).where(col(Stay.id).in_(stays[start : start + _AT_ONCE]))
        for stay in session.exec(query):
            seen.setdefault(stay.patient_id, []).append(stay.id)
    reached = {stay_id for numbers in seen.values() for stay_id in numbers}
    if by.is_hospital and may(by, Permission.STAY_READ):
        for patient_id in patients:
            seen.setdefault(patient_id, [])
    found: list[Concerned] = []
    ids = sorted(seen)
    for start in range(0, len(ids), _AT_ONCE):
        some = select(Patient).where(col(Patient.id).in_(ids[start : start + _AT_ONCE]))
        found += [
            _concerned(one, seen[one.id])
            for one in session.exec(some)
            if seen[one.id] or one.hospital_id == by.organization_id
        ]
    found.sort(key=lambda one: (one.kana, one.patient_id))
    return found, [stay_id for stay_id in stays if stay_id not in reached]


def _concerned(patient: Patient, stays: list[int]) -> Concerned:
    return Concerned(
        patient.id,
        patient.name,
        patient.kana,
        patient.birth_on,
        patient.hospital_number,
        tuple(sorted(stays)),
    )
