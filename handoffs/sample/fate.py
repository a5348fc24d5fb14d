"""What will become of one stay: the cards that `months` deals and `story` plays out."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from handoffs.sample.course import Course
from handoffs.stays.stay import Destination


class Kind(StrEnum):
    """What sort of case a stay is, as the rates will see it."""

    COUNTED = "counted"
    DEATH = "death"
    TRANSFER = "transfer"
    NO_CONTACT = "no_contact"
    SHORT = "short"
    WITHOUT_OFFICE = "without_office"
    NOT_REQUIRED = "not_required"
    UNASSESSED = "unassessed"

    @property
    def has_plan_office(self) -> bool:
        """Whether somebody plans the person's care."""
        return self in {Kind.COUNTED, Kind.DEATH, Kind.TRANSFER, Kind.NO_CONTACT}


class Said(StrEnum):
    """Who says that there was a contact about the discharge, if anybody does."""

    HOSPITAL = "hospital"
    AGREED = "agreed"
    OFFICE = "office"
    MISSED = "missed"
    UNKNOWN = "unknown"


@dataclass
class Fate:
    """One stay with what will become of it. `hospital` is the position among the hospitals."""

    kind: Kind
    course: Course
    hospital: int
    leaves_on: date
    destination: Destination
    said: Said = Said.HOSPITAL
    is_informed: bool = False
    is_advised: bool = False

    @property
    def group(self) -> str:
        """要介護, 要支援 or nothing."""
        return self.course.level.group
