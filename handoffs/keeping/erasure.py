"""One person's request to have their record erased: looked at, then done or refused.

In two steps. The first counts and changes nothing, and gives a sign of what it saw; the second
takes the sign, and does nothing where the record became another since. Whether a request has to
be followed is the hospital's to judge; a ground of refusal stands in the history as a code. Never
somebody in hospital, nor whom a hold keeps. What the person's time being over would erase goes
(`erasing`), with it typed drafts and the digests of the person in every office's roster.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, delete, select

from handoffs.accounts.draft import Draft
from handoffs.handoff import Handoff
from handoffs.history import Act, Detail, record
from handoffs.keeping.erasing import erase, rows_about
from handoffs.keeping.errors import KeepingError
from handoffs.keeping.hold import held_patients, is_held
from handoffs.parties import Staff
from handoffs.plan_office import PlanOffice
from handoffs.roster.kept import RosterEntry, RosterKey, insured_digest, person_digest
from handoffs.stays.certification import Certification
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from handoffs.telling.outbox import Message
from handoffs.tokyo import day_of
from rules.kinds import Labelled

UNTOLD = {"concern"}
"""Counted before nobody: that there is such a record is known to the two whom it names."""


class Refusal(Labelled):
    """Why a hospital does not follow a request."""

    MUST_KEEP = "must_keep", "保存しなければならない期間のうち"
    IN_USE = "in_use", "入院中、または引継ぎの途中"
    DISPUTE = "dispute", "係争や調査のために残す"
    NOT_CERTAIN = "not_certain", "本人または代理人からの求めと確かめられない"


@dataclass(frozen=True)
class Erasure:
    """What a request concerns. `elsewhere`: stays of the same episode in other hospitals."""

    patient_id: int
    stays: tuple[tuple[str, date, date | None], ...]
    rows: Mapping[str, int]
    messages: int
    drafts: tuple[int, ...]
    roster_entries: tuple[int, ...]
    houses: tuple[int, ...]
    elsewhere: int
    obstacle: str
    sign: str


def look(session: Session, hospital_id: int, code: str) -> Erasure:
    """Count what a request concerns, from the code of any of the person's stays; change nothing.

    Raises KeepingError where the hospital has no such stay.
    """
    stay = session.exec(
        select(Stay).where(
            Stay.hospital_id == hospital_id,
            Stay.code == code.strip().upper(),
            col(Stay.erased_at).is_(None),
        )
    ).one_or_none()
    if stay is None:
        raise KeepingError(
            "その病院に、その番号の入院はありません。用紙か画面の6文字の番号を確かめてください。"
        )
    patient = session.get_one(Patient, stay.patient_id)
    stays = session.exec(
        select(Stay)
        .where(Stay.patient_id == patient.id, col(Stay.erased_at).is_(None))
        .order_by(col(Stay.id))
    ).all()
    numbers = [one.id for one in stays]
    rows = rows_about(session, sa.select(col(Patient.id)).where(col(Patient.id) == patient.id))
    waiting = session.exec(
        select(Message.id).where(col(Message.stay_id).in_(numbers), col(Message.ended_at).is_(None))
    ).all()
    houses = _houses(session, hospital_id, numbers)
    drafts = _drafts(session, patient, numbers, houses)
    entries = _entries(session, patient, numbers)
    seen = [patient.id, [(one.id, one.version) for one in stays], rows, len(waiting)]
    return Erasure(
        patient_id=patient.id,
        stays=tuple((one.code, one.admitted_on, one.discharged_on) for one in stays),
        rows={table: count for table, count in rows.items() if table not in UNTOLD},
        messages=len(waiting),
        drafts=drafts,
        roster_entries=entries,
        houses=houses,
        elsewhere=_elsewhere(session, stays),
        obstacle=_obstacle(session, patient, stays),
        sign=hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:8],
    )


def erase_asked(
    session: Session, hospital_id: int, code: str, sign: str, asked_on: date, now: datetime
) -> Erasure:
    """Erase what was looked at. Raises KeepingError where it must not be, or is another by now."""
    _check_day(asked_on, now)
    asked = look(session, hospital_id, code)
    # Locked before it is looked at for good, so that nobody registers anything in between.
    session.exec(select(Patient).where(Patient.id == asked.patient_id).with_for_update()).one()
    own = select(Stay.id).where(Stay.patient_id == asked.patient_id).order_by(col(Stay.id))
    session.exec(own.with_for_update()).all()
    session.expire_all()
    asked = look(session, hospital_id, code)
    if asked.obstacle:
        raise KeepingError(asked.obstacle)
    if sign != asked.sign:
        raise KeepingError(
            "確かめたあとに記録が変わったか、確認の番号が違います。"
            "もう一度、番号なしで実行して中身を確かめてください。"
        )
    erase(
        session,
        [asked.patient_id],
        now,
        act=Act.RECORD_ERASE_ASKED,
        detail={"asked_on": asked_on},
    )
    session.exec(delete(Draft).where(col(Draft.id).in_(asked.drafts)))
    session.exec(delete(RosterEntry).where(col(RosterEntry.id).in_(asked.roster_entries)))
    return asked


def refuse(
    session: Session, hospital_id: int, code: str, why: Refusal, asked_on: date, now: datetime
) -> None:
    """Write down that a request was refused, and why. Raises KeepingError."""
    _check_day(asked_on, now)
    asked = look(session, hospital_id, code)
    latest = session.exec(
        select(Stay.id).where(Stay.patient_id == asked.patient_id).order_by(col(Stay.id).desc())
    ).first()
    detail: Detail = {"asked_on": asked_on, "why": why.value}
    record(session, None, Act.RECORD_ERASE_REFUSED, now=now, stay_id=latest, detail=detail)


def _check_day(asked_on: date, now: datetime) -> None:
    if asked_on > day_of(now):
        raise KeepingError("求めを受けた日が先の日付です。今日までの日付を書いてください。")


def _obstacle(session: Session, patient: Patient, stays: Sequence[Stay]) -> str:
    """Why nothing may be erased now, in words; "" where it may."""
    if any(one.is_open and one.cancelled_at is None for one in stays):
        return "入院中の方です。退院を登録してから、もう一度実行してください。"
    held = sa.select(sa.true()).where(
        sa.or_(is_held(patient.hospital_id), sa.literal(patient.id).in_(held_patients()))
    )
    if session.execute(held).scalar_one_or_none():
        return (
            "消去が差し止められています。retention list で確かめ、"
            "続けるときは先に retention release で終えてください。"
        )
    return ""


def _drafts(
    session: Session, patient: Patient, stays: list[int], houses: Sequence[int]
) -> tuple[int, ...]:
    """Whatever somebody typed about the person and did not send."""
    handoffs = session.exec(select(Handoff.id).where(col(Handoff.stay_id).in_(stays))).all()
    pages = [f"/stays/{one}" for one in stays] + [f"/handoffs/{one}" for one in handoffs]
    words = [word for word in (patient.name, patient.kana) if word]
    near = set(
        session.exec(select(Staff.id).where(col(Staff.organization_id).in_(houses)))
    )  # A namesake's form elsewhere is somebody else's.
    return tuple(
        draft.id
        for draft in session.exec(select(Draft).order_by(col(Draft.id)))
        if any(f"{draft.path}/".startswith(f"{page}/") for page in pages)
        or (
            draft.staff_id in near
            and any(
                word in text for texts in draft.fields.values() for text in texts for word in words
            )
        )
    )


def _entries(session: Session, patient: Patient, stays: list[int]) -> tuple[int, ...]:
    """The rows about the person in the rosters of every office, each under its own key."""
    insured = {
        one
        for one in session.exec(
            select(Certification.insured_number).where(col(Certification.stay_id).in_(stays))
        )
        if one
    }
    found: list[int] = []
    for key in session.exec(select(RosterKey.key)):
        person = person_digest(key, patient.kana, patient.birth_on)
        numbers = [insured_digest(key, one) for one in insured]
        found += session.exec(
            select(RosterEntry.id).where(
                sa.or_(col(RosterEntry.person) == person, col(RosterEntry.insured).in_(numbers))
            )
        ).all()
    return tuple(sorted(found))


def _houses(session: Session, hospital_id: int, stays: list[int]) -> tuple[int, ...]:
    """Whose paper for hours without network may bear the name: the hospital, its offices."""
    plans = session.exec(
        select(PlanOffice.organization_id, PlanOffice.via_center_id).where(
            col(PlanOffice.stay_id).in_(stays)
        )
    )
    told = session.exec(select(Handoff.receiver_id).where(col(Handoff.stay_id).in_(stays)))
    houses = {hospital_id, *told, *(one for pair in plans for one in pair)}
    return tuple(sorted(one for one in houses if one is not None))


def _elsewhere(session: Session, stays: Sequence[Stay]) -> int:
    numbers = [one.id for one in stays]
    before = [one.continues_id for one in stays if one.continues_id is not None]
    query = (
        select(sa.func.count())
        .select_from(Stay)
        .where(
            sa.or_(col(Stay.id).in_(before), col(Stay.continues_id).in_(numbers)),
            col(Stay.id).not_in(numbers),
        )
    )
    return session.exec(query).one()
