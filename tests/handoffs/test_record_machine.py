"""Several people and the clock at work on one record, in any order, against a small model.

The model remembers only what was acknowledged: how many statements, and which version each thing
had. Everything else is asked of the record itself: does its history, replayed, give the state that
it shows; is there one flag for each missed due moment; does the outsider see nothing.
"""

import shutil
import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

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
from sqlmodel import Session, select

from handoffs.access import find_handoff, find_stay, visible_stays
from handoffs.assessment import assess
from handoffs.database import Database, open_database
from handoffs.discharge import DischargeEntry, PlannedDischargeEntry, discharge, plan_discharge
from handoffs.errors import HandoffError, NotVisible, Overtaken
from handoffs.handoff import Handoff, State, confirm, send, state, waive
from handoffs.history import Act, Event
from handoffs.missed import flag_overdue
from handoffs.overdue_flag import OverdueFlag
from handoffs.parties import Actor
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry, change_plan_office
from handoffs.statement import Result, Statement
from handoffs.stay import Destination, PlannedCertainty, Stay
from handoffs.tokyo import day_of, late_from
from rules import Library, Party, Standing
from tests.factories import admit_someone, talked
from tests.people import NOW, Cast

PICK = st.integers(0, 1_000)
STAFF = st.sampled_from(["ward_nurse", "discharge_nurse", "care_manager"])
PLANS = {
    PlanStatus.ASSIGNED: PlanEntry(status=PlanStatus.ASSIGNED),
    PlanStatus.UNASSIGNED: PlanEntry(status=PlanStatus.UNASSIGNED),
}


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
        self.versions: dict[tuple[str, int], int] = {}

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
        with self.database.writing() as session:
            stay = find_stay(session, self.cast.ward_nurse, self._stay(pick))
            by = self.cast.ward_nurse
            assess(session, stay, ticked, library=self.library, by=by, now=self.now)

    @precondition(lambda self: self.stays)
    @rule(pick=PICK, status=st.sampled_from(sorted(PLANS)))
    def a_nurse_says_who_plans(self, pick: int, status: PlanStatus) -> None:
        entry = PlanEntry(
            status=status,
            organization_id=self.cast.office_id if status is PlanStatus.ASSIGNED else None,
        )
        with self.database.writing() as session:
            stay = find_stay(session, self.cast.ward_nurse, self._stay(pick))
            by = self.cast.ward_nurse
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
        except HandoffError:
            return
        said = contacted is not None and destination is not Destination.DEATH
        self.statements[stay.id] += said

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
        assert stored == +self.statements

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
        if event.act in {Act.HANDOFF_OPEN, Act.HANDOFF_MOVE}:
            due = event.detail["due" if event.act is Act.HANDOFF_OPEN else "to"]
            told.due_on = date.fromisoformat(str(due)) if due else None
            told.due_at = late_from(told.due_on) if told.due_on else None
            told.standing = Standing(str(event.detail["standing"]))
            told.short_notice = bool(event.detail["short_notice"])
        elif event.act is Act.HANDOFF_SEND:
            told.sent_at = told.sent_at or event.at
            if told.receiver is Party.PERSON_OR_FAMILY:
                told.confirmed_at = event.at
        elif event.act is Act.HANDOFF_CONFIRM:
            told.sent_at = told.sent_at or event.at
            told.confirmed_at = event.at
        elif event.act is Act.HANDOFF_WAIVE:
            told.waived_at = event.at
        elif event.act is Act.HANDOFF_WITHDRAW:
            told.withdrawn_at = event.at
    return told


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
