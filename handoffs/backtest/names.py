"""What a kept back-test leaves out: names, looked up as its reader may see them.

A result holds ids of wards and offices and codes of stays. A code becomes a person only through
`visible_stays`; what the reader may not see, or is no longer there, stays a code.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from handoffs.access import visible_stays
from handoffs.parties import Actor, Organization, Ward
from handoffs.rates import hospital_labels
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay

CHUNK = 500


@dataclass(frozen=True)
class OwnStay:
    """A past stay, as those who looked after the person call it."""

    stay_id: int
    code: str
    name: str
    kana: str
    ward: str
    admitted_on: date
    left_on: date | None


def own_stays(session: Session, actor: Actor, codes: Iterable[str]) -> dict[str, OwnStay]:
    """Find the stays with these codes that the person may know of, by code."""
    wanted = list(dict.fromkeys(codes))
    found: dict[str, OwnStay] = {}
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        stays = session.exec(visible_stays(actor).where(col(Stay.code).in_(some))).all()
        people = {
            person.id: person
            for person in session.exec(
                select(Patient).where(col(Patient.id).in_([stay.patient_id for stay in stays]))
            )
        }
        wards = _wards(session, [stay.ward_id for stay in stays])
        for stay in stays:
            person = people[stay.patient_id]
            found[stay.code] = OwnStay(
                stay_id=stay.id,
                code=stay.code,
                name=person.name,
                kana=person.kana,
                ward=wards[stay.ward_id].name,
                admitted_on=stay.admitted_on,
                left_on=stay.discharged_on,
            )
    return found


def ward_labels(
    session: Session, actor: Actor, ward_ids: Iterable[int], *, hospital_names: bool
) -> dict[int, str]:
    """Label wards for a reader: a hospital its own by name, others with the hospital's label.

    Where the region's council did not decide to name hospitals, the wards are numbered, since
    a ward's name can give its hospital away.
    """
    wards = _wards(session, list(ward_ids))
    if actor.is_hospital:
        return {ward.id: ward.name for ward in wards.values()}
    hospitals = hospital_labels(session, actor.region, named=hospital_names)
    labels: dict[int, str] = {}
    numbers: dict[int, int] = {}
    for ward in sorted(wards.values(), key=lambda each: each.id):
        number = numbers[ward.hospital_id] = numbers.get(ward.hospital_id, 0) + 1
        name = ward.name if hospital_names else f"病棟{number}"
        labels[ward.id] = f"{hospitals.get(ward.hospital_id, '')} {name}"
    return labels


def office_labels(session: Session, office_ids: Iterable[int]) -> dict[int, str]:
    """Name offices that plan care."""
    query = select(Organization).where(col(Organization.id).in_(list(office_ids)))
    return {office.id: office.name for office in session.exec(query)}


def _wards(session: Session, ward_ids: list[int]) -> dict[int, Ward]:
    query = select(Ward).where(col(Ward.id).in_(ward_ids))
    return {ward.id: ward for ward in session.exec(query)}
