"""Which offices have somebody in their roster: for the hospital that has registered that person.

There is one way to ask, and it takes a stay that the hospital may see. Nothing is asked while
somebody types, searches or previews a list, so no page answers before a registration stands in
the history under somebody's name. Nobody is told at all about a person who wants no contact,
withheld consent, left hospital, or whose plan office is known already. The office learns nothing
by a match: whether it is told is the hospital's act, with the person's consent. Read-only.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session, col, func, select

from handoffs.access import Permission, find_stay, may
from handoffs.parties import PLANNING_KINDS, Actor, Organization
from handoffs.plan_office import plan_office_of
from handoffs.roster.kept import (
    HOLDS,
    Roster,
    RosterEntry,
    RosterKey,
    insured_digest,
    person_digest,
)
from handoffs.stays.certification import certification_of
from handoffs.stays.consent import ConsentAnswer, consent_of
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from handoffs.wall import Crossing, crossing


def offices_that_know(
    session: Session, actor: Actor, stay_id: int, now: datetime
) -> tuple[Organization, ...]:
    """The offices of the region that have this person as a client, in kana order.

    The match is exact: kana, however written, and birth date; where the office and the hospital
    both know an insured number, it has to agree too. Raises NotVisible.
    """
    stay = find_stay(session, actor, stay_id)
    if not _may_be_told(session, actor, stay):
        return ()
    patient = session.get_one(Patient, stay.patient_id)
    certification = certification_of(session, stay_id)
    number = certification.insured_number if certification else None
    with crossing(session, Crossing.ROSTER):
        return tuple(_that_know(session, patient, number, actor.region, now))


def _that_know(
    session: Session, patient: Patient, number: str | None, region: str, now: datetime
) -> Iterator[Organization]:
    for office, key, roster_id in _rosters(session, region, now):
        known = session.exec(
            select(RosterEntry.insured).where(
                RosterEntry.roster_id == roster_id,
                RosterEntry.person == person_digest(key, patient.kana, patient.birth_on),
            )
        ).all()
        own = insured_digest(key, number) if number else None
        if any(other is None or own is None or other == own for other in known):
            yield office


def _may_be_told(session: Session, actor: Actor, stay: Stay) -> bool:
    if not actor.is_hospital or not may(actor, Permission.STAY_EDIT):
        return False
    plan = plan_office_of(session, stay.id)
    consent = consent_of(session, stay.id)
    withheld = consent is not None and consent.answer is ConsentAnswer.WITHHELD
    known = plan is not None and plan.status.has_planner
    return stay.is_open and not stay.wants_no_contact and not withheld and not known


def _rosters(session: Session, region: str, now: datetime) -> list[tuple[Organization, str, int]]:
    """Every office of a region with its key and the roster that counts."""
    latest = select(func.max(Roster.id)).group_by(col(Roster.organization_id))
    rows = session.exec(
        select(Organization, RosterKey.key, Roster.id)
        .join(RosterKey, col(RosterKey.organization_id) == col(Organization.id))
        .join(Roster, col(Roster.organization_id) == col(Organization.id))
        .where(
            Organization.region == region,
            col(Organization.kind).in_(PLANNING_KINDS),
            col(Roster.id).in_(latest),
            col(Roster.imported_at) >= now - HOLDS,
        )
        .order_by(col(Organization.kana), col(Organization.id))
    )
    return [(office, key, roster_id) for office, key, roster_id in rows]
