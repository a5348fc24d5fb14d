"""The end of a stay, planned and real: both move what is due before it."""

from datetime import date, datetime, time

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from handoffs.access import Permission, require
from handoffs.conference_end import end_after, end_on_leaving
from handoffs.decision.assessment import assessment_of, reassess
from handoffs.errors import BadEntry, NotPermitted, Overtaken
from handoffs.history import Act, record
from handoffs.notice import NoticeKind, tell_planner
from handoffs.parties import Actor, Organization, OrganizationKind
from handoffs.statement import Means, Result, StatementEntry, Topic, state_contact
from handoffs.stays.leave import go_on, open_leave
from handoffs.stays.moved_on import tell_of_transfer
from handoffs.stays.stay import Destination, PlannedCertainty, Stay, wrong_planned_day
from handoffs.tokyo import day_of
from rules import Library


class PlannedDischargeEntry(BaseModel):
    """A planned discharge date as it was typed and checked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    planned_discharge_on: date | None
    planned_certainty: PlannedCertainty
    version: int


class DischargeEntry(BaseModel):
    """A discharge as it was typed and checked.

    `contacted` is the hospital's own answer to the question whether somebody was
    in contact with the plan office about the discharge before the person left;
    None means that the person at the screen does not know. `next_hospital_id` is where a
    transfer goes, None for a hospital that does not take part.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    discharged_on: date
    discharged_time: time | None = None
    destination: Destination
    next_hospital_id: int | None = None
    contacted: bool | None = None
    contact_means: Means = Means.TELEPHONE
    contact_result: Result = Result.TALKED
    contacted_on: date | None = None
    version: int


def plan_discharge(
    session: Session,
    stay: Stay,
    entry: PlannedDischargeEntry,
    *,
    library: Library,
    by: Actor,
    now: datetime,
) -> None:
    """Change the planned discharge date; what is due before it moves along.

    Times of a conference that are proposed for after the new day are offered no longer.
    The old date stays in the history. Raises NotPermitted, BadEntry, or Overtaken
    if the stay changed since it was shown.
    """
    require(by, Permission.STAY_EDIT)
    _check_version(stay, entry.version)
    if not stay.is_open:
        raise NotPermitted("退院済みの方の退院予定日は変更できません。")
    planned = entry.planned_discharge_on
    wrong = wrong_planned_day(planned, entry.planned_certainty, stay.admitted_on, day_of(now))
    if wrong:
        raise BadEntry({"planned_discharge_on": wrong})
    if (planned, entry.planned_certainty) == (stay.planned_discharge_on, stay.planned_certainty):
        return
    if planned is not None:
        end_after(session, stay, planned, by=by, now=now)
    record(
        session,
        by,
        Act.STAY_PLAN_DISCHARGE,
        now=now,
        stay_id=stay.id,
        detail={
            "from": stay.planned_discharge_on,
            "to": planned,
            "certainty": entry.planned_certainty.value,
        },
    )
    stay.planned_discharge_on = planned
    stay.planned_certainty = entry.planned_certainty
    stay.version += 1
    reassess(session, stay, library=library, by=by, now=now)


def discharge(
    session: Session,
    stay: Stay,
    entry: DischargeEntry,
    *,
    library: Library,
    by: Actor,
    now: datetime,
) -> None:
    """Write down that the person left, where to, and whether the plan office knew.

    After a death everything that waits is withdrawn, and the plan office is told once. Of a
    transfer it is told by a handoff.
    Whoever leaves for good from a leave is no longer away. Raises NotPermitted, BadEntry, or
    Overtaken if the stay changed since it was shown.
    """
    require(by, Permission.STAY_DISCHARGE)
    _check_version(stay, entry.version)
    if not stay.is_open:
        raise NotPermitted("すでに退院が登録されています。")
    check_discharge(session, stay, entry, now)
    last = assessment_of(session, stay.id)
    expected = last.facts.get("destination", "") if last else ""
    write_discharge(session, stay, entry, expected=expected, by=by, now=now)
    reassess(session, stay, library=library, by=by, now=now)
    tell_of_transfer(session, stay, by=by, now=now)


def write_discharge(
    session: Session,
    stay: Stay,
    entry: DischargeEntry,
    *,
    expected: str,
    by: Actor,
    now: datetime,
) -> None:
    """Write a checked discharge into a stay; the caller has it decided about again.

    `expected` is where the person was to go before, for the case that the discharge is undone.
    """
    leave = open_leave(session, stay.id)
    end_on_leaving(session, stay, entry.discharged_on, by=by, now=now)
    stay.discharged_on = entry.discharged_on
    stay.discharged_time = entry.discharged_time
    stay.destination = entry.destination
    stay.next_hospital_id = entry.next_hospital_id
    stay.version += 1
    record(
        session,
        by,
        Act.STAY_DISCHARGE,
        now=now,
        stay_id=stay.id,
        detail={
            "on": entry.discharged_on,
            "destination": entry.destination.value,
            **({"expected": expected} if expected else {}),
        },
    )
    if leave is not None:
        go_on(session, stay, away_since=leave.left_on, by=by, now=now)
    if entry.destination is Destination.DEATH:
        tell_planner(session, stay, NoticeKind.DEATH, now=now)
    elif entry.contacted is not None:
        state_contact(session, stay, _contact_said(entry), topic=Topic.DISCHARGE, by=by, now=now)


def _contact_said(entry: DischargeEntry) -> StatementEntry:
    if entry.contacted:
        return StatementEntry(
            means=entry.contact_means,
            result=entry.contact_result,
            happened_on=entry.contacted_on or entry.discharged_on,
        )
    return StatementEntry(
        means=Means.NONE, result=Result.NOT_CONTACTED, happened_on=entry.discharged_on
    )


def check_discharge(session: Session, stay: Stay, entry: DischargeEntry, now: datetime) -> None:
    """Refuse a discharge that cannot be, whatever the stay says now. Raises BadEntry."""
    wrong = _wrong_next_hospital(session, stay, entry)
    if entry.discharged_on < stay.admitted_on:
        wrong["discharged_on"] = "退院日が入院日より前です。日付を直してください。"
    elif entry.discharged_on > day_of(now):
        wrong["discharged_on"] = "退院日が今日より後です。退院した日に登録してください。"
    elif _left_before_coming(stay, entry):
        wrong["discharged_time"] = "退院の時刻が入院の時刻より前です。どちらかを直してください。"
    if entry.contacted and entry.contacted_on is not None:
        if entry.contacted_on > entry.discharged_on:
            wrong["contacted_on"] = "退院より後の日付です。退院前に連絡した日を入力してください。"
        elif entry.contacted_on < stay.admitted_on:
            wrong["contacted_on"] = "入院日より前の日付です。連絡した日を確かめてください。"
    if wrong:
        raise BadEntry(wrong)


def _wrong_next_hospital(session: Session, stay: Stay, entry: DischargeEntry) -> dict[str, str]:
    if entry.next_hospital_id is None:
        return {}
    if entry.destination is not Destination.OTHER_HOSPITAL:
        return {"next_hospital_id": "転院先は、退院先が「他の病院（転院）」のときだけ選びます。"}
    hospital = session.get(Organization, entry.next_hospital_id)
    listed = hospital is not None and hospital.kind is OrganizationKind.HOSPITAL
    if not listed or entry.next_hospital_id == stay.hospital_id:
        return {"next_hospital_id": "転院先の病院を一覧から選び直してください。"}
    return {}


def _left_before_coming(stay: Stay, entry: DischargeEntry) -> bool:
    if entry.discharged_on != stay.admitted_on:
        return False
    came, left = stay.admitted_time, entry.discharged_time
    return came is not None and left is not None and left < came


def _check_version(stay: Stay, version: int) -> None:
    if stay.version != version:
        raise Overtaken
