"""Where a person lives, which centre is in charge (圏域), and whether that is kept hidden.

所在秘匿, as after abuse, belongs to the person and therefore to each of their stays. Refuses to
say who may see the whereabouts: `overview` leaves them out and the sheets never print them.
"""

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from handoffs.history import Detail
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay


class ResidenceEntry(BaseModel):
    """Where the person lives, and the community support centre in charge (圏域)."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    municipality: str = Field(default="", max_length=40)
    center_id: int | None = None
    in_region: bool | None = None


def residence_of(session: Session, stay: Stay) -> ResidenceEntry:
    """Where the person lives as the record has it; settling in with it changes nothing."""
    patient = session.get_one(Patient, stay.patient_id)
    return ResidenceEntry(
        municipality=patient.municipality,
        center_id=stay.center_id,
        in_region=patient.in_region,
    )


def settle_in(session: Session, stay: Stay, home: ResidenceEntry | None) -> Detail | None:
    """Let the person live there from now on; what to record, or None where nothing changed."""
    if home is None or home == residence_of(session, stay):
        return None
    patient = session.get_one(Patient, stay.patient_id)
    patient.municipality, patient.in_region = home.municipality, home.in_region
    left, stay.center_id = stay.center_id, home.center_id
    return {"center": stay.center_id, "left_center": left, "in_region": home.in_region}


def hide(session: Session, stay: Stay, *, hidden: bool | None) -> Detail | None:
    """Hide the whereabouts or show them again; what to record, or None where nothing changed."""
    patient = session.get_one(Patient, stay.patient_id)
    if hidden in {None, patient.whereabouts_hidden}:
        return None
    patient.whereabouts_hidden = not patient.whereabouts_hidden
    return {"hidden": patient.whereabouts_hidden}
