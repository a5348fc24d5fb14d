"""The facts that the record knows by itself, so that nobody on the ward is asked for them.

Level, application and insured category from the certification, who plans, what was consented to,
the ward and the wards before it, where the person lives and where they went. Codes only; the
person is not among them. What the record cannot know for certain stays out and is asked.
"""

from collections.abc import Sequence

from handoffs.decision.circumstances import Circumstances
from handoffs.parties import Ward
from handoffs.stays.stay import Destination, Stay
from rules import UNKNOWN

_WENT_TO: dict[Destination | None, str] = {
    Destination.HOME: "home",
    Destination.SPECIFIED_FACILITY: "facility",
    Destination.GROUP_HOME: "facility",
    Destination.NURSING_HOME: "facility",
    Destination.HEALTH_FACILITY: "facility",
    Destination.MEDICAL_FACILITY: "facility",
    Destination.DISABILITY_FACILITY: "facility",
    Destination.OTHER_HOSPITAL: "other_hospital",
}
"""The fact `destination` for those who have left; who left for elsewhere leaves it open."""


def derived_facts(stay: Stay, known: Circumstances) -> dict[str, str]:
    """The facts of a stay that the record knows by itself, "unknown" where it knows that."""
    consent, seen = known.consent, known.certification
    facts = {
        "care_manager": known.plan.status.value if known.plan else UNKNOWN,
        "consent_to_contact": consent.value if consent else UNKNOWN,
    }
    if stay.wants_no_contact:
        facts["consent_to_contact"] = "withheld"
    if seen is not None:
        facts |= {
            "care_level": seen.level.value,
            "application": seen.application.value,
            "insured_category": seen.insured_category.value,
        }
    return facts | _whereabouts(stay, known)


def _whereabouts(stay: Stay, known: Circumstances) -> dict[str, str]:
    """What the record knows of the wards, the home and the way out; what it does not is asked."""
    facts = {
        "ward_kind": known.wards[0].kind.value,
        "ward_path": _ward_path(known.wards),
        "hospital_area": "in_area",
    }
    if known.in_region is not None:
        facts["home_area"] = "in_area" if known.in_region else "out_of_area"
    if stay.destination in _WENT_TO:
        facts["destination"] = _WENT_TO[stay.destination]
    return facts


def _ward_path(wards: Sequence[Ward]) -> str:
    """Whether the stay has been in one ward so far, in several of one kind, or in several kinds."""
    if len(wards) == 1:
        return "one_ward"
    return "one_kind" if len({ward.kind for ward in wards}) == 1 else "several_kinds"
