"""What stands on the cover and the slip of one FAX, for the sheets to print. Names and no layout.

The name is given whole: the sheet masks it, in the way (`mask`) that the region decided. Nothing
is given where nothing may be told any more, so what is printed is never older than the refusal.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from handoffs.errors import NotPermitted
from handoffs.fax.channel import FaxSending
from handoffs.fax.number import FaxNumber
from handoffs.handoff import Handoff
from handoffs.link.receiver import may_be_shown, receiver_of
from handoffs.parties import Organization
from handoffs.region.policy import Policy, policies_of
from handoffs.sheets.wishes import title_of
from handoffs.shown.dossier import dossiers_of
from handoffs.shown.main_contact import contact_ids, hospital_contact, people_by_id
from handoffs.stays.certification import age_on
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of


def trial_values(session: Session, number: FaxNumber, *, now: datetime) -> Mapping[str, object]:
    """The values of a test page: who sends it where, and the code to be read out. Nobody's case."""
    hospital = session.get_one(Organization, number.hospital_id)
    office = session.get_one(Organization, number.organization_id)
    return {
        "code": number.test_code,
        "region": hospital.region,
        "written_on": day_of(now),
        "to": office.name,
        "to_number": number.number,
        "hospital": hospital.name,
        "hospital_fax": hospital.fax,
        "hospital_telephone": hospital.telephone,
        "contact": "",
    }


def fax_values(session: Session, sending: FaxSending, *, now: datetime) -> Mapping[str, object]:
    """The values of cover and slip. `code` is printed on both; the slip comes back with it.

    `hospital_telephone` is the number of the case's main contact and when it is answered.

    Raises NotPermitted where nothing may be told any more.
    """
    stay = session.get_one(Stay, sending.stay_id)
    handoff = session.get_one(Handoff, sending.handoff_id)
    to = receiver_of(session, stay, handoff)
    elsewhere = to is None or to.id != sending.organization_id  # Somebody else plans by now.
    if elsewhere or not may_be_shown(session, stay, handoff):
        raise NotPermitted("この引き継ぎはFAXで送れません。電話で直接伝えてください。")
    hospital = session.get_one(Organization, sending.hospital_id)
    office = session.get_one(Organization, sending.organization_id)
    patient = session.get_one(Patient, stay.patient_id)
    (dossier,) = dossiers_of(session, [stay])
    contact = hospital_contact(dossier, people_by_id(session, contact_ids(dossier)))
    return {
        "code": sending.code,
        "region": stay.region,
        "written_on": day_of(now),
        "to": office.name,
        "to_number": session.get_one(FaxNumber, sending.number_id).number,
        "hospital": hospital.name,
        "hospital_fax": hospital.fax,
        "hospital_telephone": "　".join(filter(None, (contact.telephone, contact.reachable))),
        "ward": dossier.ward.name,
        "contact": contact.name,
        "kind": title_of(handoff),
        "due_on": handoff.due_on,
        "name": patient.name,
        "kana": patient.kana,
        "age": age_on(patient.birth_on, day_of(now)),
        "municipality": patient.municipality,
        "mask": policies_of(session, stay.region).get(Policy.FAX_NAME, "circles"),
    }
