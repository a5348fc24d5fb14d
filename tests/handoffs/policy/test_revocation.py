"""Acceptance row 5: what was given and taken back, in any order, against a model of ten lines.

After every step somebody reads: what the model forbids is not shown at the very next question.
Whatever waits to leave then leaves for nobody whom the model forbids.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from handoffs.access import visible_stays
from handoffs.accounts import presence_of, start_session
from handoffs.accounts.keeping import shut, unlock
from handoffs.database import Database
from handoffs.errors import NotPermitted
from handoffs.fax.channel import Gateway, prepare
from handoffs.parties import Role, Staff
from handoffs.plan_office import PlanOffice, PlanStatus, replace_plan_office
from handoffs.sheets.reservation import ReceiverKind, reserve
from handoffs.sheets.sharing import obstacle
from handoffs.stays.consent import Consent, ConsentAnswer, ConsentGround
from handoffs.stays.stay import Stay
from handoffs.telling.despatch import Parcel, next_parcel
from handoffs.telling.mailbox import Reach
from tests.factories import ADMITTED, make_handoff, make_stay
from tests.handoffs.fax.test_channel import verified
from tests.people import NOW, Cast

STEPS = (
    "give",
    "withhold",
    "reserve",
    "release",
    "refuse",
    "agree",
    "hand_on",
    "hand_back",
    "close",
    "reopen",
    "other_work",
    "own_work",
    "fax",
    "send",
)
DAY = timedelta(days=1)
LINK = "https://tsunagi.example.jp/worklist"


@dataclass
class Model:
    """What must hold, without asking the record."""

    withheld: bool = False
    reserved: bool = False
    refused: bool = False
    elsewhere: bool = False
    closed: bool = False
    other_work: bool = False
    waiting: int = 0

    @property
    def may_be_told(self) -> bool:
        """Whether the office may be told at all."""
        return not (self.withheld or self.reserved or self.refused or self.elsewhere)

    @property
    def is_shown(self) -> bool:
        """Whether the office's care manager is shown the person."""
        return self.may_be_told and not self.closed and not self.other_work


@dataclass
class Office:
    """The record of one person, and a care manager who is signed in."""

    session: Session
    cast: Cast
    stay: Stay
    token: str
    model: Model = field(default_factory=Model)

    def act(self, step: str) -> None:
        """Take one step, on the record and in the model."""
        acts: dict[str, Callable[[], None]] = {
            "give": lambda: self._answer(ConsentAnswer.GIVEN),
            "withhold": lambda: self._answer(ConsentAnswer.WITHHELD),
            "reserve": lambda: self._reserve({ReceiverKind.CARE_MANAGER}),
            "release": lambda: self._reserve(set()),
            "refuse": lambda: self._wish(refused=True),
            "agree": lambda: self._wish(refused=False),
            "hand_on": lambda: self._plan(self.cast.outsider_office_id),
            "hand_back": lambda: self._plan(self.cast.office_id),
            "close": self._close,
            "reopen": self._reopen,
            "other_work": lambda: self._work(Role.HEALTH_OFFICER),
            "own_work": lambda: self._work(Role.CARE_MANAGER),
            "fax": self._fax,
            "send": self._send,
        }
        acts[step]()
        self.session.flush()

    def _answer(self, answer: ConsentAnswer) -> None:
        self.session.add(
            Consent(
                stay_id=self.stay.id,
                answer=answer,
                ground=ConsentGround.ORAL,
                answered_on=ADMITTED,
                recorded_at=NOW,
            )
        )
        self.model.withheld = answer is ConsentAnswer.WITHHELD

    def _reserve(self, kinds: set[ReceiverKind]) -> None:
        reserve(self.session, self.stay, kinds, by=self.cast.ward_nurse, now=NOW)
        self.model.reserved = bool(kinds)

    def _wish(self, *, refused: bool) -> None:
        self.stay.wants_no_contact = self.model.refused = refused

    def _plan(self, organization_id: int) -> None:
        row = PlanOffice(
            stay_id=self.stay.id,
            status=PlanStatus.ASSIGNED,
            organization_id=organization_id,
            recorded_at=NOW,
        )
        replace_plan_office(self.session, row)
        self.model.elsewhere = organization_id != self.cast.office_id

    @property
    def _staff(self) -> Staff:
        return self.session.get_one(Staff, self.cast.care_manager.staff_id)

    def _close(self) -> None:
        shut(self.session, self._staff, by=self.cast.ward_nurse, now=NOW)
        self.model.closed = True

    def _reopen(self) -> None:
        unlock(self._staff)
        self.token = start_session(self.session, self._staff, NOW)
        self.model.closed = False

    def _work(self, role: Role) -> None:
        self._staff.role = role
        self.model.other_work = role is not Role.CARE_MANAGER

    def _fax(self) -> None:
        handoff, gateway = make_handoff(self.session, self.stay), Gateway(is_on=True)
        by, before = self.cast.ward_nurse, self.model.waiting
        with suppress(NotPermitted):
            prepare(
                self.session, self.stay, handoff, seen_alike=True, gateway=gateway, by=by, now=NOW
            )
            self.model.waiting += 1
        assert (self.model.waiting > before) is self.model.may_be_told

    def _send(self) -> None:
        """Let everything leave that waits."""
        reach, left = Reach(fax=True), 0
        while True:
            found = next_parcel(self.session, by="one", now=NOW, reach=reach, link=LINK)
            if found is None:
                break
            left += isinstance(found, Parcel)
        assert left == (self.model.waiting if self.model.may_be_told else 0)
        self.model.waiting = 0

    def check(self) -> None:
        """What the next request of the care manager would show, and the next sheet would say."""
        present = presence_of(self.session, self.token, now=NOW, idle=DAY, absolute=DAY)
        shown = present is not None and bool(self.session.exec(visible_stays(present.actor)).all())
        assert shown is self.model.is_shown
        free = obstacle(self.session, self.stay, ReceiverKind.CARE_MANAGER) == ""
        m = self.model
        assert free is not (m.withheld or m.reserved or m.refused)


def _run(database: Database, cast: Cast, steps: list[str]) -> None:
    with database.writing() as session:
        verified(session, cast)
        staff = session.get_one(Staff, cast.care_manager.staff_id)
        office = Office(session, cast, make_stay(session, cast), start_session(session, staff, NOW))
        for step in [*steps, "send"]:
            office.act(step)
            office.check()
        session.rollback()


_SEQUENCES = st.lists(st.sampled_from(STEPS), min_size=4, max_size=14)
_SETTINGS = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@settings(_SETTINGS, max_examples=12)
@given(steps=_SEQUENCES)
def test_what_was_taken_back_acts_on_the_next_question_and_cancels_what_waits(
    database: Database, cast: Cast, steps: list[str]
) -> None:
    _run(database, cast, steps)


@pytest.mark.long
@settings(_SETTINGS, max_examples=1000)
@given(steps=_SEQUENCES)
def test_a_thousand_sequences_of_giving_and_taking_back(
    database: Database, cast: Cast, steps: list[str]
) -> None:
    _run(database, cast, steps)
