"""Whom to ring about a case, on each side: one person, the number that reaches them, and when.

The number is the person's own direct line, else the ward's, else the house's; the hours are those
that the person wrote down, else those of the organization. Nothing is made up: what nobody
entered stands empty. Read-only.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from handoffs.calendars import WEEKDAYS
from handoffs.parties import Organization, Staff
from handoffs.shown.dossier import Dossier

_DAYS = dict(zip(WEEKDAYS, "月火水木金土日", strict=True))


@dataclass(frozen=True)
class MainContact:
    """One side's contact of a case. Empty texts: nobody entered it, or nobody is known.

    line: by which word the number goes, such as 直通.
    """

    organization: str = ""
    name: str = ""
    role: str = ""
    line: str = ""
    telephone: str = ""
    reachable: str = ""

    @property
    def is_known(self) -> bool:
        """Whether there is anybody, or any number, to turn to."""
        return bool(self.organization or self.name or self.telephone)


def contact_ids(dossier: Dossier) -> set[int]:
    """The people whom `hospital_contact` and `office_contact` ask for."""
    plan = dossier.plan
    ids = {dossier.stay.contact_staff_id, plan.care_manager_id if plan else None}
    return {key for key in ids if key is not None}


def people_by_id(session: Session, ids: set[int]) -> dict[int, Staff]:
    """Look up several people at once."""
    if not ids:
        return {}
    found = session.exec(select(Staff).where(col(Staff.id).in_(ids)))
    return {one.id: one for one in found}


def hospital_contact(dossier: Dossier, people: Mapping[int, Staff]) -> MainContact:
    """The hospital's contact: the named person, reached directly or in the ward."""
    person = people.get(dossier.stay.contact_staff_id or 0)
    hospital, ward = dossier.hospital, dossier.ward
    ways = (
        ("直通", person.direct_line if person else ""),
        (f"病棟（{ward.name}）", ward.telephone),
        ("代表", hospital.telephone),
    )
    return _contact(hospital, person.name if person else "", person, ways)


def office_contact(dossier: Dossier, people: Mapping[int, Staff]) -> MainContact:
    """The plan office's contact: the care manager by name, whether they sign in or not."""
    plan, office = dossier.plan, dossier.office
    if plan is None or office is None:
        return MainContact(name=plan.care_manager_name if plan else "")
    person = people.get(plan.care_manager_id or 0)
    ways = (("直通", person.direct_line if person else ""), ("電話", office.telephone))
    return _contact(office, plan.care_manager_name or (person.name if person else ""), person, ways)


def hours_in_words(hours: Mapping[str, str]) -> str:
    """Opening hours in short words, days of the same hours together: 月–金 8:30–17:15."""
    groups: list[tuple[list[str], str]] = []
    for day in WEEKDAYS:
        span = hours.get(day, "")
        if groups and groups[-1][1] == span:
            groups[-1][0].append(_DAYS[day])
        else:
            groups.append(([_DAYS[day]], span))
    return "、".join(f"{_together(days)} {_clock(span)}" for days, span in groups if span)


def _together(days: list[str]) -> str:
    return "・".join(days) if len(days) <= len("土日") else f"{days[0]}–{days[-1]}"


def _clock(span: str) -> str:
    opens, _, closes = span.partition("-")
    return "–".join(part.strip().removeprefix("0") for part in (opens, closes))


def _contact(
    organization: Organization,
    name: str,
    person: Staff | None,
    ways: tuple[tuple[str, str], ...],
) -> MainContact:
    line, telephone = next(((line, number) for line, number in ways if number), ("", ""))
    return MainContact(
        organization=organization.name,
        name=name,
        role=person.role.label if person else "",
        line=line,
        telephone=telephone,
        reachable=(person.reachable if person else "") or hours_in_words(organization.hours),
    )
