"""Several people and the clock at work on one record, in any order, against a small model.

The model remembers only what was acknowledged: how many statements, and which version each thing
had. Everything else is asked of the record itself: does its history, replayed, give the state that
it shows; is there one flag for each missed due moment; does the outsider see nothing.
"""

import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session, func, select

from handoffs.access import find_handoff, find_stay, visible_stays
from handoffs.conference import ConferenceSlot, SlotEntry, choose, open_slots, propose, slots_of
from handoffs.database import Database, open_database
from handoffs.decision.assessment import assess
from handoffs.decline import Decline, DeclineEntry, DeclineReason, decline
from handoffs.errors import HandoffError, NotVisible, Overtaken
from handoffs.handoff import PASSED_ON, Handoff, State, handoffs_of, state
from handoffs.history import Act, Event
from handoffs.miss_reason import MissCause, MissReason, state_miss_reason
from handoffs.missed import flag_overdue
from handoffs.notice import notices_of
from handoffs.outcome import Outcome, OutcomeEntry, may_tell_outcome, tell_outcome
from handoffs.overdue_flag import OverdueFlag
from handoffs.parties import Actor
from handoffs.passing import confirm, send
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry, change_plan_office
from handoffs.rerouting import reroute
from handoffs.retraction import retract, undecline, unwaive
from handoffs.sheets.version import Paper, Sending, freeze
from handoffs.statement import Means, Result, Side, Statement
from handoffs.stays.amendment import amend, particulars_of
from handoffs.stays.cancellation import CancelReason, cancel, find_cancelled, reinstate
from handoffs.stays.certification import CareNeedLevel
from handoffs.stays.concern import Concern
from handoffs.stays.concern_noting import concerns_of, note_concern
from handoffs.stays.correction import correct, registered_with
from handoffs.stays.discharge import (
    DischargeEntry,
    PlannedDischargeEntry,
    discharge,
    plan_discharge,
)
from handoffs.stays.discharge_undo import correct_discharge, undo_discharge
from handoffs.stays.leave import LeaveKind, leave_of
from handoffs.stays.leave_taking import (
    LeaveEntry,
    ReturnEntry,
    come_back,
    go_on_leave,
    take_back_leave,
)
from handoffs.stays.stay import Destination, PlannedCertainty, Stay, is_registered
from handoffs.stays.transfer_answer import TransferAnswer, TransferReason, standing_answer
from handoffs.stays.transfer_refusal import (
    refuse_transfer,
    refused_transfers,
    take_back_refusal,
)
from handoffs.tokyo import day_of, late_from
from handoffs.waiving import Waiving, waive
from rules import HandoffKind, Library, Party, Standing
from tests.factories import admit_someone, talked
from tests.handoffs.confirmed import confirmed_rows
from tests.people import NOW, Cast

PICK = st.integers(0, 1_000)
STAFF = st.sampled_from(["ward_nurse", "discharge_nurse", "care_manager"])
LEVELS = [CareNeedLevel.SUPPORT_1, CareNeedLevel.CARE_2, CareNeedLevel.CARE_4]
TO = [Destination.HOME, Destination.DEATH, Destination.OTHER_HOSPITAL]
PLANS = {
    PlanStatus.ASSIGNED: PlanEntry(status=PlanStatus.ASSIGNED),
    PlanStatus.UNASSIGNED: PlanEntry(status=PlanStatus.UNASSIGNED),
}


class Killed(Exception):
    """A process that dies in the middle of an act."""


class RecordMachine(RuleBasedStateMachine):
    """What people and the clock may do. The file, the cast and the editions are set below."""

    file: Path
    cast: Cast
    library: Library

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="tsunagi-machine-"))
        shutil.copyfile(self.file, self.folder / "tsunagi.db")
        self.database: Database = open_database(f"sqlite:///{self.folder / 'tsunagi.db'}")
        self.now = NOW
        self.stays: list[int] = []
        self.statements: Counter[int] = Counter()
        self.answered: dict[int, int | None] = {}
        self.retracted: set[int] = set()
        self.rows: Counter[str] = Counter()
        self.versions: dict[tuple[str, int], int] = {}
        self.confirmed: dict[tuple[str, int], str] = {}

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)

    def _actor(self, name: str) -> Actor:
        return self.cast.people[name]

    def _handoff(self, pick: int) -> int | None:
        with self.database.reading() as session:
            ids = session.exec(select(Handoff.id).order_by(Handoff.id)).all()  # type: ignore[arg-type]
        return ids[pick % len(ids)] if ids else None

    def _stay(self, pick: int) -> int:
        return self.stays[pick % len(self.stays)]

    @initialize()
    def somebody_comes_first(self) -> None:
        self._admit()

    @precondition(lambda self: len(self.stays) < 3)
    @rule()
    def somebody_comes(self) -> None:
        self._admit()

    def _admit(self) -> None:
        with self.database.writing() as session:
            stay = admit_someone(
                session, self.library, self.cast, now=self.now, admitted_on=day_of(self.now)
            )
        self.stays.append(stay.id)

    @rule(hours=st.sampled_from([1, 14, 24, 24 * 4, 24 * 9]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(times=st.integers(1, 3))
    def the_clock_sweeps(self, times: int) -> None:
        found = [flag_overdue(self.database.writing, self.now) for _ in range(times)]
        assert found[1:] == [0] * (times - 1)
        with self.database.reading() as session:
            flags = Counter((f.handoff_id, f.due_at) for f in session.exec(select(OverdueFlag)))
            missed = [
                (h.id, h.due_at)
                for h in session.exec(select(Handoff))
                if h.due_at is not None and state(h, self.now) is State.MISSED
            ]
        assert all(flags[key] == 1 for key in missed)

    @rule(pick=PICK, who=STAFF, result=st.sampled_from(Result), days_ago=st.integers(0, 3))
    def somebody_passes_on(self, pick: int, who: str, result: Result, days_ago: int) -> None:
        handoff_id = self._handoff(pick)
        if handoff_id is None:
            return
        entry = talked(day_of(self.now) - timedelta(days=days_ago), result=result)
        try:
            with self.database.writing() as session:
                stay, handoff = find_handoff(session, self._actor(who), handoff_id)
                send(session, stay, handoff, entry, by=self._actor(who), now=self.now)
        except HandoffError:
            return
        self.statements[stay.id] += 1

    @rule(pick=PICK, who=STAFF)
    def somebody_confirms(self, pick: int, who: str) -> None:
        handoff_id = self._handoff(pick)
        if handoff_id is None:
            return
        try:
            with self.database.writing() as session:
                stay, handoff = find_handoff(session, self._actor(who), handoff_id)
                was_confirmed = handoff.confirmed_at is not None
                by, on = self._actor(who), day_of(self.now)
                confirm(session, stay, handoff, received_on=on, by=by, now=self.now)
        except HandoffError:
            return
        self.statements[stay.id] += not was_confirmed

    @rule(pick=PICK, who=STAFF, reason=st.sampled_from(["", "面会のときに伝えた"]))
    def somebody_waives(self, pick: int, who: str, reason: str) -> None:
        handoff_id = self._handoff(pick)
        if handoff_id is None:
            return
        try:
            with self.database.writing() as session:
                _, handoff = find_handoff(session, self._actor(who), handoff_id)
                waive(session, handoff, reason=reason, by=self._actor(who), now=self.now)
        except HandoffError:
            return
        assert reason
        self.rows["waiving"] += 1

    @rule(pick=PICK, who=STAFF)
    def a_process_dies_before_it_commits(self, pick: int, who: str) -> None:
        handoff_id = self._handoff(pick)
        if handoff_id is None:
            return
        with suppress(Killed, HandoffError), self.database.writing() as session:
            stay, handoff = find_handoff(session, self._actor(who), handoff_id)
            send(
                session, stay, handoff, talked(day_of(self.now)), by=self._actor(who), now=self.now
            )
            session.flush()
            raise Killed

    @rule(pick=PICK, who=STAFF)
    def somebody_takes_a_statement_back(self, pick: int, who: str) -> None:
        with self.database.reading() as session:
            said = session.exec(
                select(Statement)
                .where(Statement.retracts_id.is_(None))  # type: ignore[union-attr]
                .order_by(Statement.id)  # type: ignore[arg-type]
            ).all()
        if not said:
            return
        one, by = said[pick % len(said)], self._actor(who)
        try:
            with self.database.writing() as session:
                stay = find_stay(session, by, one.stay_id)
                retract(session, stay, one.id, library=self.library, by=by, now=self.now)
        except HandoffError:
            return
        self._taken_back(one.stay_id, one.id)

    def _taken_back(self, stay_id: int, statement_id: int | None) -> None:
        """A row of its own says that a statement is taken back: once, whoever asks again."""
        if statement_id is not None and statement_id not in self.retracted:
            self.statements[stay_id] += 1
            self.retracted.add(statement_id)

    @rule(pick=PICK, who=STAFF, reason=st.sampled_from(DeclineReason), undone=st.booleans())
    def somebody_declines(
        self, pick: int, who: str, reason: DeclineReason, *, undone: bool
    ) -> None:
        handoff_id, by = self._handoff(pick), self._actor(who)
        if handoff_id is None:
            return
        entry = DeclineEntry(reason=reason, words="担当が変わった")
        with suppress(HandoffError), self.database.writing() as session:
            stay, handoff = find_handoff(session, by, handoff_id)
            if undone:
                undecline(session, stay, handoff, by=by, now=self.now)
                return
            decline(session, stay, handoff, entry, by=by, now=self.now)
            self.rows["decline"] += 1

    @rule(pick=PICK, who=STAFF)
    def somebody_takes_a_waiving_back(self, pick: int, who: str) -> None:
        handoff_id, by = self._handoff(pick), self._actor(who)
        if handoff_id is None:
            return
        with suppress(HandoffError), self.database.writing() as session:
            stay, handoff = find_handoff(session, by, handoff_id)
            unwaive(session, stay, handoff, library=self.library, by=by, now=self.now)

    @rule(pick=PICK)
    def a_nurse_sends_it_to_somebody_else(self, pick: int) -> None:
        handoff_id, nurse = self._handoff(pick), self.cast.ward_nurse
        if handoff_id is None:
            return
        given: dict[str, Any] = {"library": self.library, "by": nurse, "now": self.now}
        with suppress(HandoffError), self.database.writing() as session:
            stay, handoff = find_handoff(session, nurse, handoff_id)
            reroute(session, stay, handoff, self.cast.office_id, **given)

    @rule(pick=PICK, who=STAFF, cause=st.sampled_from(MissCause))
    def somebody_says_what_stood_in_the_way(self, pick: int, who: str, cause: MissCause) -> None:
        handoff_id, by = self._handoff(pick), self._actor(who)
        if handoff_id is None:
            return
        with suppress(HandoffError), self.database.writing() as session:
            stay, handoff = find_handoff(session, by, handoff_id)
            state_miss_reason(session, stay, cause, by=by, now=self.now, handoff=handoff)
            self.rows["miss_reason"] += 1

    @rule(pick=PICK, who=STAFF, slots=st.integers(0, 2))
    def somebody_looks_for_a_day_for_the_conference(self, pick: int, who: str, slots: int) -> None:
        by = self._actor(who)
        with self.database.reading() as session:
            kind = HandoffKind.DISCHARGE_CONFERENCE
            asked = select(Handoff.id).where(Handoff.kind == kind).order_by(Handoff.id)  # type: ignore[arg-type]
            ids = session.exec(asked).all()
        if not ids:
            return
        day = day_of(self.now) + timedelta(days=2)
        entries = [
            SlotEntry(day=day, starts_at=time(10 + number), ends_at=time(11 + number))
            for number in range(slots)
        ]
        with suppress(HandoffError), self.database.writing() as session:
            stay, handoff = find_handoff(session, by, ids[pick % len(ids)])
            if slots:
                propose(session, stay, handoff, entries, by=by, now=self.now)
                self.rows["slot"] += slots
                return
            offered = open_slots(slots_of(session, handoff.id))
            if offered:
                choose(session, stay, handoff, offered[0].id, by=by, now=self.now)

    @precondition(lambda self: self.stays)
    @rule(pick=PICK, days=st.sampled_from([None, 0, 3, 8, 30]), stale=st.booleans())
    def a_nurse_plans_the_discharge(self, pick: int, days: int | None, *, stale: bool) -> None:
        on = None if days is None else day_of(self.now) + timedelta(days=days)
        certainty = PlannedCertainty.UNDECIDED if on is None else PlannedCertainty.ABOUT
        nurse = self.cast.discharge_nurse
        try:
            with self.database.writing() as session:
                stay = find_stay(session, nurse, self._stay(pick))
                entry = PlannedDischargeEntry(
                    planned_discharge_on=on,
                    planned_certainty=certainty,
                    version=stay.version - stale,
                )
                plan_discharge(session, stay, entry, library=self.library, by=nurse, now=self.now)
        except Overtaken:
            assert stale
            return
        except HandoffError:
            return
        assert not stale
        assert stay.planned_discharge_on == on

    @precondition(lambda self: self.stays)
    @rule(pick=PICK, short=st.booleans())
    def a_nurse_ticks_boxes(self, pick: int, *, short: bool) -> None:
        ticked = {
            "stay_length": "short" if short else "longer",
            "support_change": "unchanged",
            "ward_judgement": "not_needed",
        }
        by = self.cast.ward_nurse
        with suppress(NotVisible), self.database.writing() as session:
            stay = find_stay(session, by, self._stay(pick))
            assess(session, stay, ticked, library=self.library, by=by, now=self.now)

    @precondition(lambda self: self.stays)
    @rule(pick=PICK, status=st.sampled_from(sorted(PLANS)))
    def a_nurse_says_who_plans(self, pick: int, status: PlanStatus) -> None:
        entry = PlanEntry(
            status=status,
            organization_id=self.cast.office_id if status is PlanStatus.ASSIGNED else None,
        )
        by = self.cast.ward_nurse
        with suppress(NotVisible), self.database.writing() as session:
            stay = find_stay(session, by, self._stay(pick))
            change_plan_office(session, stay, entry, library=self.library, by=by, now=self.now)

    @precondition(lambda self: self.stays)
    @rule(
        pick=PICK,
        destination=st.sampled_from([Destination.HOME, Destination.DEATH]),
        contacted=st.sampled_from([True, False, None]),
    )
    def a_nurse_discharges(
        self, pick: int, destination: Destination, *, contacted: bool | None
    ) -> None:
        nurse = self.cast.ward_nurse
        try:
            with self.database.writing() as session:
                stay = find_stay(session, nurse, self._stay(pick))
                entry = DischargeEntry(
                    discharged_on=day_of(self.now),
                    destination=destination,
                    contacted=contacted,
                    version=stay.version,
                )
                discharge(session, stay, entry, library=self.library, by=nurse, now=self.now)
                session.flush()
                newest = session.exec(
                    select(func.max(Statement.id)).where(Statement.stay_id == stay.id)
                ).one()
        except HandoffError:
            return
        said = contacted is not None and destination is not Destination.DEATH
        self.statements[stay.id] += said
        self.answered[stay.id] = newest if said else None

    @precondition(lambda self: self.stays)
    @rule(pick=PICK)
    def a_nurse_undoes_a_discharge(self, pick: int) -> None:
        nurse = self.cast.ward_nurse
        try:
            with self.database.writing() as session:
                stay = find_stay(session, nurse, self._stay(pick))
                version = stay.version
                undo_discharge(
                    session, stay, version=version, library=self.library, by=nurse, now=self.now
                )
        except HandoffError:
            return
        self._taken_back(stay.id, self.answered.pop(stay.id, None))

    @precondition(lambda self: self.stays)
    @rule(pick=PICK, days_ago=st.integers(0, 3))
    def somebody_goes_on_leave(self, pick: int, days_ago: int) -> None:
        nurse, left_on = self.cast.ward_nurse, day_of(self.now) - timedelta(days=days_ago)
        with suppress(HandoffError), self.database.writing() as session:
            stay = find_stay(session, nurse, self._stay(pick))
            entry = LeaveEntry(kind=LeaveKind.OVERNIGHT, left_on=left_on, version=stay.version)
            go_on_leave(session, stay, entry, by=nurse, now=self.now)

    @precondition(lambda self: self.stays)
    @rule(pick=PICK, mistaken=st.booleans())
    def somebody_comes_back(self, pick: int, *, mistaken: bool) -> None:
        nurse = self.cast.ward_nurse
        given: dict[str, Any] = {"library": self.library, "by": nurse, "now": self.now}
        with suppress(HandoffError), self.database.writing() as session:
            stay = find_stay(session, nurse, self._stay(pick))
            entry = ReturnEntry(returned_on=day_of(self.now), version=stay.version)
            if mistaken:
                take_back_leave(session, stay, version=stay.version, **given)
            else:
                come_back(session, stay, entry, **given)

    @precondition(lambda self: self.stays)
    @rule(pick=PICK, reason=st.sampled_from(CancelReason))
    def a_nurse_cancels_a_registration(self, pick: int, reason: CancelReason) -> None:
        nurse = self.cast.ward_nurse
        with suppress(HandoffError), self.database.writing() as session:
            stay = find_stay(session, nurse, self._stay(pick))
            cancel(session, stay, reason, version=stay.version, by=nurse, now=self.now)

    @precondition(lambda self: self.stays)
    @rule(pick=PICK)
    def a_nurse_reinstates_a_registration(self, pick: int) -> None:
        nurse = self.cast.ward_nurse
        with suppress(HandoffError), self.database.writing() as session:
            stay = find_cancelled(session, nurse, self._stay(pick))
            version = stay.version
            reinstate(session, stay, version=version, library=self.library, by=nurse, now=self.now)

    @precondition(lambda self: self.stays)
    @rule(pick=PICK, days=st.integers(-4, 4))
    def a_nurse_corrects_the_admission(self, pick: int, days: int) -> None:
        nurse = self.cast.ward_nurse
        with suppress(HandoffError), self.database.writing() as session:
            stay = find_stay(session, nurse, self._stay(pick))
            on = stay.admitted_on + timedelta(days=days)
            entry = registered_with(session, stay).model_copy(update={"admitted_on": on})
            correct(session, stay, entry, library=self.library, by=nurse, now=self.now)

    @precondition(lambda self: self.stays)
    @rule(pick=PICK, other=st.booleans(), stale=st.booleans(), level=st.sampled_from(LEVELS))
    def two_nurses_put_particulars_right_at_once(
        self, pick: int, level: CareNeedLevel, *, other: bool, stale: bool
    ) -> None:
        """One changes the ward, the other the level; a form of before the first is refused."""
        first, second = self.cast.ward_nurse, self.cast.discharge_nurse
        ward_id = self.cast.other_ward_id if other else self.cast.ward_id
        with suppress(HandoffError):
            with self.database.reading() as session:
                shown = particulars_of(session, find_stay(session, first, self._stay(pick)))
            with self.database.writing() as session:
                stay = find_stay(session, first, self._stay(pick))
                if stay.version != shown.version:
                    return
                moved = shown.model_copy(update={"ward_id": ward_id})
                made = amend(session, stay, moved, library=self.library, by=first, now=self.now)
                if Act.STAY_WARD in made:
                    self._told_of_the_ward(session, stay)
            with self.database.writing() as session:
                stay = find_stay(session, second, self._stay(pick))
                seen = shown if stale else particulars_of(session, stay)
                entry = seen.model_copy(update={"care_level": level})
                assert not made or not stale or stay.version != shown.version
                try:
                    amend(session, stay, entry, library=self.library, by=second, now=self.now)
                except Overtaken:
                    assert stale
                    assert made
                    return
                assert stay.ward_id == (ward_id if stay.is_open else stay.ward_id)

    def _told_of_the_ward(self, session: Session, stay: Stay) -> None:
        """A move to another ward passes its own handoff on, where there is an office."""
        session.flush()
        kind = HandoffKind.WARD_MOVE_NOTICE
        told = [h for h in handoffs_of(session, stay.id) if h.kind is kind]
        standing = [h for h in told if h.withdrawn_at is None and h.confirmed_at is None]
        assert len([h for h in standing if h.waived_at is None]) <= 1
        said = session.exec(select(Statement).where(Statement.stay_id == stay.id)).all()
        self.statements[stay.id] = len(said)

    @precondition(lambda self: self.stays)
    @rule(pick=PICK, days_ago=st.integers(0, 2), to=st.sampled_from(TO), stale=st.booleans())
    def a_nurse_puts_a_discharge_right(
        self, pick: int, days_ago: int, to: Destination, *, stale: bool
    ) -> None:
        nurse, transfer = self.cast.ward_nurse, to is Destination.OTHER_HOSPITAL
        try:
            with self.database.writing() as session:
                stay = find_stay(session, nurse, self._stay(pick))
                told_before = self._told_of_transfer(session, stay)
                entry = DischargeEntry(
                    discharged_on=day_of(self.now) - timedelta(days=days_ago),
                    destination=to,
                    next_hospital_id=self.cast.other_hospital_id if transfer else None,
                    version=stay.version - stale,
                )
                correct_discharge(
                    session, stay, entry, library=self.library, by=nurse, now=self.now
                )
                told = self._told_of_transfer(session, stay) - told_before
        except HandoffError:
            return
        assert not stale
        assert transfer or not told
        self._taken_back(stay.id, self.answered.pop(stay.id, None))
        self.statements[stay.id] += len(told)

    @precondition(lambda self: self.stays)
    @rule(pick=PICK)
    def a_nurse_transfers(self, pick: int) -> None:
        nurse = self.cast.ward_nurse
        try:
            with self.database.writing() as session:
                stay = find_stay(session, nurse, self._stay(pick))
                told_before = self._told_of_transfer(session, stay)
                entry = DischargeEntry(
                    discharged_on=day_of(self.now),
                    destination=Destination.OTHER_HOSPITAL,
                    next_hospital_id=self.cast.other_hospital_id,
                    version=stay.version,
                )
                discharge(session, stay, entry, library=self.library, by=nurse, now=self.now)
                told = self._told_of_transfer(session, stay) - told_before
        except HandoffError:
            return
        assert len(told) <= 1
        self.statements[stay.id] += len(told)
        self.answered[stay.id] = None

    def _told_of_transfer(self, session: Session, stay: Stay) -> set[int]:
        """The notices of a transfer that stand and went out."""
        session.flush()
        return {
            one.id
            for one in handoffs_of(session, stay.id)
            if one.kind is HandoffKind.TRANSFER_NOTICE
            and one.is_by_hand
            and one.sent_at is not None
            and one.withdrawn_at is None
        }

    @precondition(lambda self: self.stays)
    @rule(pick=PICK, undone=st.booleans())
    def the_next_hospital_answers(self, pick: int, *, undone: bool) -> None:
        by, stay_id = self.cast.other_nurse, self._stay(pick)
        with suppress(HandoffError), self.database.writing() as session:
            if undone:
                take_back_refusal(session, stay_id, by=by, now=self.now)
                return
            stands = standing_answer(session, stay_id) is not None
            refuse_transfer(session, stay_id, TransferReason.CHANGED, by=by, now=self.now)
            self.rows["refusal"] += not stands

    @precondition(lambda self: self.stays)
    @rule(pick=PICK, who=STAFF, outcome=st.sampled_from(Outcome))
    def somebody_tells_what_became_of_the_person(
        self, pick: int, who: str, outcome: Outcome
    ) -> None:
        by, entry = self._actor(who), OutcomeEntry(outcome=outcome)
        with suppress(HandoffError):
            with self.database.writing() as session:
                stay = find_stay(session, by, self._stay(pick))
                tell_outcome(session, stay, entry, by=by, now=self.now)
            assert not by.is_hospital
            assert may_tell_outcome(stay)
            self.statements[stay.id] += 1

    @precondition(lambda self: self.stays)
    @rule(pick=PICK, who=STAFF)
    def somebody_notes_a_concern(self, pick: int, who: str) -> None:
        by, named = self._actor(who), self.cast.social_worker.person_id
        with suppress(HandoffError), self.database.writing() as session:
            stay = find_stay(session, by, self._stay(pick))
            note_concern(
                session, stay, social_worker_id=named, words="見たこと", by=by, now=self.now
            )
            self.rows["concern"] += 1

    @precondition(lambda self: self.stays)
    @rule(pick=PICK, who=STAFF, answer=st.sampled_from(["一人で歩けます", "杖を使います"]))
    def somebody_keeps_a_sheet(self, pick: int, who: str, answer: str) -> None:
        by, sending = self._actor(who), Sending(Means.POST, day_of(self.now), "見本薬局")
        with suppress(HandoffError), self.database.writing() as session:
            stay = find_stay(session, by, self._stay(pick))
            paper = Paper({"answers": {"mobility": answer}}, {})
            freeze(session, stay, "pharmacy_slip", paper, sending, by=by, now=self.now)

    @invariant()
    def what_was_confirmed_stands_as_it_was_written(self) -> None:
        with self.database.reading() as session:
            standing = confirmed_rows(session)
        assert self.confirmed.items() <= standing.items()
        self.confirmed = standing

    @invariant()
    def a_concern_is_read_by_the_two_whom_it_names(self) -> None:
        allowed = {"social_worker", "care_manager"}
        with self.database.reading() as session:
            for stay in session.exec(select(Stay).where(is_registered())):
                for name, actor in self.cast.people.items():
                    assert name in allowed or not concerns_of(session, actor, stay)

    @invariant()
    def an_answer_of_the_next_hospital_stands_beside_a_transfer_alone(self) -> None:
        with self.database.reading() as session:
            for stay_id in self.stays:
                if standing_answer(session, stay_id) is not None:
                    stay = session.get_one(Stay, stay_id)
                    assert stay.destination is Destination.OTHER_HOSPITAL
            assert refused_transfers(session, self.cast.other_nurse) == ()

    @invariant()
    def nothing_of_a_cancelled_stay_waits(self) -> None:
        with self.database.reading() as session:
            waiting = session.exec(
                select(Handoff)
                .join(Stay, Stay.id == Handoff.stay_id)  # type: ignore[arg-type]
                .where(~is_registered(), Handoff.withdrawn_at.is_(None))  # type: ignore[union-attr]
            ).all()
            assert all(handoff.confirmed_at for handoff in waiting)
            assert notices_of(session, self.cast.outsider) == ()

    @invariant()
    def whatever_rests_rests_because_somebody_is_away(self) -> None:
        with self.database.reading() as session:
            for stay in session.exec(select(Stay).where(is_registered())):
                away = leave_of(session, stay) is not None
                rests = [h.paused_at for h in handoffs_of(session, stay.id)]
                assert away or not any(rests)

    @invariant()
    def the_outsider_sees_nothing(self) -> None:
        with self.database.reading() as session:
            for name in ("outsider", "other_nurse", "other_center_staff", "health_officer"):
                assert session.exec(visible_stays(self._actor(name))).all() == []
            for stay_id in self.stays:
                with pytest.raises(NotVisible):
                    find_stay(session, self.cast.outsider, stay_id)

    @invariant()
    def every_acknowledged_statement_is_there(self) -> None:
        with self.database.reading() as session:
            stored = Counter(session.exec(select(Statement.stay_id)).all())
            counted = {
                "decline": len(session.exec(select(Decline)).all()),
                "miss_reason": len(session.exec(select(MissReason)).all()),
                "slot": len(session.exec(select(ConferenceSlot)).all()),
                "waiving": len(session.exec(select(Waiving)).all()),
                "concern": len(session.exec(select(Concern)).all()),
                "refusal": len(session.exec(select(TransferAnswer)).all()),
            }
        assert stored == +self.statements
        assert counted == {name: self.rows[name] for name in counted}

    @invariant()
    def one_duty_of_a_rule_stands_and_one_appointment(self) -> None:
        with self.database.reading() as session:
            standing = session.exec(select(Handoff).where(Handoff.withdrawn_at.is_(None))).all()  # type: ignore[union-attr]
            agreed = session.exec(select(ConferenceSlot)).all()
        duties = Counter((handoff.stay_id, handoff.rule_id) for handoff in standing)
        assert set(duties.values()) <= {1}
        chosen = Counter(s.handoff_id for s in agreed if s.chosen_at and not s.closed_at)
        assert set(chosen.values()) <= {1}

    @invariant()
    def versions_only_grow(self) -> None:
        with self.database.reading() as session:
            found = {("stay", s.id): s.version for s in session.exec(select(Stay))}
            found |= {("handoff", h.id): h.version for h in session.exec(select(Handoff))}
        assert set(self.versions) <= set(found)
        assert all(found[key] >= version for key, version in self.versions.items())
        self.versions = found

    @invariant()
    def history_replays_to_where_each_handoff_stands(self) -> None:
        with self.database.reading() as session:
            for handoff in session.exec(select(Handoff)).all():
                replayed = _replayed(session, handoff)
                assert state(replayed, self.now) is state(handoff, self.now)
                assert replayed.due_on == handoff.due_on

    @invariant()
    def a_flag_stands_for_one_due_moment_that_was_over(self) -> None:
        with self.database.reading() as session:
            flags = session.exec(select(OverdueFlag)).all()
            events = session.exec(select(Event).where(Event.act == Act.HANDOFF_OVERDUE)).all()
        keys = Counter((f.handoff_id, f.due_at) for f in flags)
        assert set(keys.values()) <= {1}
        assert all(f.due_at <= f.noticed_at for f in flags)
        assert Counter((e.handoff_id, e.at) for e in events) == keys


def _replayed(session: Session, handoff: Handoff) -> Handoff:
    """A handoff as its own events tell of it; nothing is taken from its row but who receives."""
    events = session.exec(select(Event).where(Event.handoff_id == handoff.id).order_by(Event.id))  # type: ignore[arg-type]
    told = Handoff(
        stay_id=handoff.stay_id,
        rule_id="",
        kind=handoff.kind,
        sender=handoff.sender,
        receiver=handoff.receiver,
        standing=Standing.UNDETERMINED,
        text="",
        source="",
        opened_at=NOW,
    )
    for event in events:
        _replay_clock(told, event)
        _replay_answer(told, event)
        if event.act is Act.HANDOFF_SEND:
            told.sent_at = told.sent_at or event.at
            if told.receiver is Party.PERSON_OR_FAMILY:
                told.confirmed_at = event.at
        elif event.act is Act.HANDOFF_CONFIRM:
            told.sent_at = told.sent_at or event.at
            told.confirmed_at = event.at
        elif event.act is Act.STATEMENT_RETRACT:
            _replay_what_stands(session, told, handoff.id, event)
        elif event.act is Act.HANDOFF_WAIVE:
            told.waived_at = event.at
        elif event.act is Act.HANDOFF_WITHDRAW:
            told.withdrawn_at = event.at
    return told


_UNDONE = {"waive": "waived_at", "decline": "declined_at"}


def _replay_answer(told: Handoff, event: Event) -> None:
    """What an event says of 担当ではない, and of what was taken back."""
    if event.act in {Act.HANDOFF_SEND, Act.HANDOFF_CONFIRM}:
        told.declined_at = None
    if event.act is Act.HANDOFF_DECLINE:
        told.declined_at = event.at
    if event.act is Act.HANDOFF_UNDO:
        setattr(told, _UNDONE[str(event.detail["what"])], None)


def _replay_what_stands(session: Session, told: Handoff, handoff_id: int, event: Event) -> None:
    """Sent and confirmed, by the statements that stood when one was taken back."""
    said = session.exec(select(Statement).where(Statement.handoff_id == handoff_id)).all()
    (taken_back,) = [s.id for s in said if s.retracts_id == event.detail["statement"]]
    gone = {s.retracts_id for s in said if s.id <= taken_back}
    standing = sorted(
        (
            s
            for s in said
            if s.id < taken_back
            and s.retracts_id is None
            and s.id not in gone
            and s.result in PASSED_ON
        ),
        key=lambda s: s.id,
    )
    hospital = told.receiver is Party.HOSPITAL
    receipts = [
        s for s in standing if s.result is Result.RECEIVED and (s.side is Side.HOSPITAL) is hospital
    ]
    if told.receiver is Party.PERSON_OR_FAMILY:
        receipts = standing
    told.sent_at = standing[0].recorded_at if standing else None
    told.confirmed_at = receipts[0].recorded_at if receipts else None
    if not standing:
        told.declined_at = None


_DUE_STANDS = {
    Act.HANDOFF_OPEN: "due",
    Act.HANDOFF_MOVE: "to",
    Act.HANDOFF_RESTORE: "due",
}


def _replay_clock(told: Handoff, event: Event) -> None:
    """What an event says of the day, the standing, and whether the handoff waits or rests."""
    if event.act in _DUE_STANDS:
        due = event.detail[_DUE_STANDS[event.act]]
        told.due_on = date.fromisoformat(str(due)) if due else None
        told.due_at = late_from(told.due_on) if told.due_on else None
        told.standing = Standing(str(event.detail["standing"]))
    if "short_notice" in event.detail:
        told.short_notice = bool(event.detail["short_notice"])
    if event.act in {Act.HANDOFF_OPEN, Act.HANDOFF_RESTORE}:
        told.withdrawn_at = None
    if event.act is Act.HANDOFF_OPEN:
        told.before_notice = bool(event.detail.get("before_notice"))
    if event.act is Act.HANDOFF_NOTICE:
        told.before_notice = not event.detail["told"]
    if event.act is Act.HANDOFF_PAUSE:
        told.paused_at = event.at
    if event.act is Act.HANDOFF_RESUME:
        told.paused_at = None


def _run(settled: tuple[Path, Cast], library: Library, *, examples: int, steps: int) -> None:
    class Here(RecordMachine):
        pass

    Here.file, Here.cast = settled
    Here.library = library
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )


def test_whatever_people_and_the_clock_do_the_record_stays_whole(
    settled: tuple[Path, Cast], library: Library
) -> None:
    _run(settled, library, examples=12, steps=18)


@pytest.mark.long
def test_the_record_stays_whole_through_thousands_of_acts(
    settled: tuple[Path, Cast], library: Library
) -> None:
    _run(settled, library, examples=200, steps=50)
