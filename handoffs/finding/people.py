"""Finding somebody in the record, also long after they left, among the stays one may know of.

By a part of the name or kana however it is written, with or without its 濁点, by the whole case
code and, within the hospital that gave it, by the whole hospital number. Nobody outside
`visible_stays` is found, and nothing tells whether there is somebody. Read-only; whoever asks
writes the look down.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from handoffs.access import visible_stays
from handoffs.finding.voicing import has_twins, stands_in
from handoffs.parties import Actor, Ward, organizations_by_id
from handoffs.stays.certification import age_on
from handoffs.stays.patients import Patient, fold
from handoffs.stays.stay import Stay

MOST_FOUND = 30
"""How many stays one answer names; whoever has more is asked for more of the name."""

MOST_PEOPLE = 1000
"""Among how many people of one name the answer is chosen, the latest registered first."""

_TO_WIDE = {narrow: narrow + 0xFEE0 for narrow in range(ord("!"), ord("~") + 1)}
"""From a half-width sign to its full-width twin, in which a number may have been registered."""


@dataclass(frozen=True)
class FoundStay:
    """One stay of somebody who was found. `hospital_number` is empty for other organizations."""

    stay_id: int
    code: str
    name: str
    kana: str
    birth_on: date
    age: int
    hospital_number: str
    hospital: str
    ward: str
    admitted_on: date
    discharged_on: date | None


@dataclass(frozen=True)
class FoundPeople:
    """The stays that were found; `more`: there are others beyond `MOST_FOUND`.

    loosely: nobody was found but by passing over 濁点, though that was not asked for.
    """

    stays: tuple[FoundStay, ...]
    more: bool
    loosely: bool = False


def people_found(
    session: Session, actor: Actor, words: str, *, today: date, loosely: bool = False
) -> FoundPeople:
    """Find the stays of whoever is called so or has this number; nobody for empty words.

    Who is in hospital comes first, then the latest admission. Where nobody is called so, whoever
    is but for 濁点 and 半濁点 is found; `loosely` finds both at once.
    """
    name = fold(words)
    if not name:
        return FoundPeople((), more=False)
    nearly = stands_in(session, col(Patient.folded), name)
    stays = _stays(session, actor, words, nearly if loosely else _is_called(session, name))
    loosened = not stays and not loosely and has_twins(name)
    if loosened:
        stays = _stays(session, actor, words, nearly)
    return FoundPeople(
        stays_shown(session, actor, stays[:MOST_FOUND], today),
        more=len(stays) > MOST_FOUND,
        loosely=loosened and bool(stays),
    )


def _stays(
    session: Session, actor: Actor, words: str, called: sa.ColumnElement[bool]
) -> Sequence[Stay]:
    """The stays of whoever is called so, or has this number; one more than is shown."""
    means = sa.union(
        select(Stay.id).where(col(Stay.patient_id).in_(_people(actor, called))),
        select(Stay.id).where(col(Stay.patient_id).in_(_numbered(actor, words))),
        select(Stay.id).where(col(Stay.code) == _code(words)),
    )
    query = (
        visible_stays(actor)
        .where(col(Stay.id).in_(means))
        .order_by(
            col(Stay.discharged_on).is_not(None), col(Stay.admitted_on).desc(), col(Stay.id).desc()
        )
        .limit(MOST_FOUND + 1)
    )
    return session.exec(query).all()


def _is_called(session: Session, name: str) -> sa.ColumnElement[bool]:
    """Whether a folded name stands in that of the record.

    SQLite's LIKE folds case sign by sign and takes twice as long as its instr.
    """
    folded = col(Patient.folded)
    sqlite = session.get_bind().dialect.name == "sqlite"
    return sa.func.instr(folded, name) > 0 if sqlite else folded.contains(name, autoescape=True)


def _people(actor: Actor, called: sa.ColumnElement[bool]) -> SelectOfScalar[int]:
    """Ask for the people, the latest registered first, in one walk along the key.

    Left to itself SQLite would go by the index of hospitals and fetch every row apart; `+ 0`
    keeps it off that.
    """
    own: sa.ColumnElement[bool] = col(Patient.hospital_id) + 0 == actor.organization_id
    if not actor.is_hospital:
        own = col(Patient.id).in_(visible_stays(actor).with_only_columns(col(Stay.patient_id)))
    query = select(Patient.id).where(called, own).order_by(col(Patient.id).desc())
    return query.limit(MOST_PEOPLE)


def _numbered(actor: Actor, words: str) -> SelectOfScalar[int]:
    """Ask for whoever has this number in the actor's own hospital; nobody for an office."""
    number = unicodedata.normalize("NFKC", words).strip()
    numbers = {words.strip(), number, number.translate(_TO_WIDE)} if actor.is_hospital else set()
    return select(Patient.id).where(
        col(Patient.hospital_id) == actor.organization_id,
        col(Patient.hospital_number).in_(numbers),
    )


def _code(words: str) -> str:
    """The case code that was typed in either width, with or without spaces."""
    return "".join(unicodedata.normalize("NFKC", words).split()).upper()


def stays_shown(
    session: Session, actor: Actor, stays: Sequence[Stay], today: date
) -> tuple[FoundStay, ...]:
    """Name the people of some stays, in the order given. The caller chose them for this actor."""
    people = {
        patient.id: patient
        for patient in session.exec(
            select(Patient).where(col(Patient.id).in_({stay.patient_id for stay in stays}))
        )
    }
    wards = {
        ward.id: ward.name
        for ward in session.exec(
            select(Ward).where(col(Ward.id).in_({stay.ward_id for stay in stays}))
        )
    }
    hospitals = organizations_by_id(session, {stay.hospital_id for stay in stays})
    return tuple(
        FoundStay(
            stay_id=stay.id,
            code=stay.code,
            name=(patient := people[stay.patient_id]).name,
            kana=patient.kana,
            birth_on=patient.birth_on,
            age=age_on(patient.birth_on, today),
            hospital_number=(patient.hospital_number or "") if actor.is_hospital else "",
            hospital=hospitals[stay.hospital_id].name,
            ward=wards[stay.ward_id],
            admitted_on=stay.admitted_on,
            discharged_on=stay.discharged_on,
        )
        for stay in stays
    )
