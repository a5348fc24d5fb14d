"""What a field begins with: what the record knows of it, else what the last sheet said.

Pure. A definition says by `prefill` under which word the record is asked; without it the field's
own id is the word. `never` asks nobody, `record` leaves the last sheet aside.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

NEVER = "never"
RECORD = "record"

WORDS = (
    "address", "admitted_on", "age", "application", "application_state", "birth_on", "care_group",
    "care_level", "care_manager", "carer_name", "carer_relation", "carer_telephone", "case_code",
    "consent_given", "contact_hours", "contacts", "destination", "destination_kind", "discharge_on",
    "discharge_sure", "hospital", "hospital_contact", "hospital_fax", "hospital_telephone",
    "household", "household_here", "insured_number", "key_name", "key_relation", "key_telephone",
    "next_care_manager", "office", "office_fax", "office_hours", "office_telephone", "origin",
    "other_contacts",
    "patient_kana", "patient_name", "plan_maker", "provided_on", "sex", "telephone", "today",
    "town", "valid_from", "valid_until", "ward", "ward_bathing", "ward_contact_hours",
    "ward_eating", "ward_mobility",
    "ward_transfer", "writer", "writer_house", "written_on",
)  # fmt: skip
"""Every word under which the record can be asked (`handoffs.sheets.known`)."""

PREFILLS = (*WORDS, NEVER, RECORD)

FIXED = frozenset({"case_code", "consent_given"})
"""What only the record says: nobody types it into a sheet."""


@dataclass(frozen=True)
class Known:
    """One value and where it comes from, in words for the person at the screen."""

    value: str
    origin: str


@dataclass(frozen=True)
class Slot:
    """One key of a sheet, and how it is asked for. `word` is empty where nobody knows it."""

    key: str
    word: str
    carried: bool = True


def slot_of(key: str, field: str, prefill: str) -> Slot:
    """How a key of a field is asked for, by what the definition says of the field."""
    rest = key[len(field) :]
    if prefill == NEVER:
        return Slot(key, "", carried=False)
    word = prefill if prefill and prefill != RECORD else field
    carried = prefill != RECORD and word not in FIXED and word not in {"today", "written_on"}
    return Slot(key, f"{word}{rest}" if word in WORDS else "", carried=carried)


def prefilled(
    slots: Iterable[Slot], known: Mapping[str, Known], last: Mapping[str, str], last_origin: str
) -> Mapping[str, Known]:
    """What each key begins with, with its origin; a key that nothing is known of is left out.

    A table is taken whole from one of the two: rows of both would not belong together.
    """
    found: dict[str, Known] = {}
    told = {word.partition(":")[0] for word in known if ":" in word}
    for slot in slots:
        table = slot.word.partition(":")[0] if ":" in slot.word else ""
        if slot.word in known and known[slot.word].value:
            found[slot.key] = known[slot.word]
        elif table in told and table:
            continue
        elif slot.carried and last.get(slot.key):
            found[slot.key] = Known(last[slot.key], last_origin)
    return MappingProxyType(found)
