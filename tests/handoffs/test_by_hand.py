from datetime import timedelta

import pytest

from handoffs.by_hand import ROUTES, ByHandEntry, kinds_for, open_by_hand
from handoffs.database import Database
from handoffs.decision.assessment import assess
from handoffs.errors import BadEntry, NotPermitted
from handoffs.handoff import State, handoffs_of, state
from handoffs.outcome import Outcome, OutcomeEntry, tell_outcome
from handoffs.passing import confirm, send
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry, change_plan_office
from handoffs.shown.overview import overview_of
from handoffs.stays.stay import Destination
from handoffs.waiving import waive
from rules import HandoffKind, Library, Party
from tests.factories import ADMITTED, admit_someone, leave, make_stay, talked
from tests.people import NOW, Cast

ENTRY = ByHandEntry(
    kind=HandoffKind.DISCHARGE_INFORMATION,
    receiver=Party.CARE_MANAGER,
    reason="服薬について早めに相談したい",
    wanted_on=ADMITTED + timedelta(days=3),
)


def test_a_handoff_that_no_rule_asks_for_says_whose_judgement_it_is(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        opened = open_by_hand(session, stay, ENTRY, by=cast.ward_nurse, now=NOW)
        assert (opened.text, opened.source) == (ENTRY.reason, "病院の判断")
        assert (opened.receiver_id, opened.due_on) == (cast.office_id, ENTRY.wanted_on)
        assert opened.is_by_hand
        assert state(opened, NOW + timedelta(days=4)) is State.MISSED


def test_no_later_decision_withdraws_it_and_a_death_does(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay, other = admit_someone(session, library, cast), admit_someone(session, library, cast)
        nurse = cast.ward_nurse
        opened = open_by_hand(session, stay, ENTRY, by=nurse, now=NOW)
        second = open_by_hand(session, stay, ENTRY, by=nurse, now=NOW)
        gone = open_by_hand(session, other, ENTRY, by=nurse, now=NOW)
        assess(session, stay, {}, library=library, by=nurse, now=NOW)
        assert (opened.withdrawn_at, second.withdrawn_at) == (None, None)
        leave(session, library, cast, other, now=NOW, destination=Destination.DEATH)
        assert gone.withdrawn_at == NOW
        leave(session, library, cast, stay, now=NOW)
        assert state(opened, NOW + timedelta(days=30)) is State.AT_ONCE


def test_what_was_told_by_hand_reaches_the_office_that_plans_from_then_on(
    database: Database, library: Library, cast: Cast
) -> None:
    nurse, other = cast.ward_nurse, cast.outsider_office_id
    entry = PlanEntry(status=PlanStatus.ASSIGNED, organization_id=other)
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        told, waiting, needless = (
            open_by_hand(session, stay, ENTRY, by=nurse, now=NOW) for _ in range(3)
        )
        for handoff in (told, needless):
            send(session, stay, handoff, talked(), by=nurse, now=NOW)
        waive(session, needless, reason="会議で伝えた", by=nurse, now=NOW)
        change_plan_office(session, stay, entry, library=library, by=nurse, now=NOW)
        session.flush()
        standing = {
            h.rule_id: h
            for h in handoffs_of(session, stay.id)
            if h.is_by_hand and h.withdrawn_at is None
        }
        for before in (told, needless):
            anew = standing[before.rule_id]
            assert before.withdrawn_at == NOW
            assert (anew.text, anew.due_on, anew.sent_at) == (ENTRY.reason, ENTRY.wanted_on, None)
            assert (anew.waived_at, anew.receiver_id) == (None, other)
        assert waiting.receiver_id == other
        assert standing[waiting.rule_id].id == waiting.id
        later = open_by_hand(session, stay, ENTRY, by=nurse, now=NOW)
        assert later.rule_id not in standing


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"wanted_on": ADMITTED - timedelta(days=1)}, "wanted_on"),
        ({"receiver": Party.HOSPITAL}, "receiver"),
        ({"kind": HandoffKind.OUTCOME, "receiver": Party.HOSPITAL}, "kind"),
        ({"kind": HandoffKind.REFERRAL, "receiver": Party.COMMUNITY_SUPPORT_CENTER}, "receiver"),
    ],
)
def test_what_nobody_could_do_is_not_opened(
    database: Database, cast: Cast, changes: dict[str, object], field: str
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        entry = ENTRY.model_copy(update=changes)
        with pytest.raises(BadEntry) as refused:
            open_by_hand(session, stay, entry, by=cast.ward_nurse, now=NOW)
        assert set(refused.value.fields) == {field}


def test_nobody_is_told_against_the_persons_wish_or_without_consent(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast, center_id=cast.center_id, wants_no_contact=True)
        with pytest.raises(BadEntry, match="入力内容"):
            open_by_hand(session, stay, ENTRY, by=cast.ward_nurse, now=NOW)
        asked = make_stay(session, cast, center_id=cast.center_id)
        referral = {"kind": HandoffKind.REFERRAL, "receiver": Party.COMMUNITY_SUPPORT_CENTER}
        entry = ENTRY.model_copy(update=referral)
        with pytest.raises(BadEntry) as refused:
            open_by_hand(session, asked, entry, by=cast.ward_nurse, now=NOW)
        assert "同意" in refused.value.fields["receiver"]


def test_whoever_is_no_side_of_the_stay_opens_nothing(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        for name in ("outsider", "other_center_staff", "health_officer"):
            with pytest.raises(NotPermitted):
                open_by_hand(session, stay, ENTRY, by=cast.people[name], now=NOW)


@pytest.mark.parametrize("kind", HandoffKind)
def test_every_kind_of_handoff_can_be_passed_on_and_received(
    database: Database, library: Library, cast: Cast, kind: HandoffKind
) -> None:
    sender, receivers = ROUTES[kind]
    sides = {Party.HOSPITAL: cast.ward_nurse, Party.CARE_MANAGER: cast.care_manager}
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        if kind not in kinds_for(stay, sides[sender]):
            leave(session, library, cast, stay, now=NOW)
        entry = ByHandEntry(kind=kind, receiver=receivers[0], reason="必要と判断した")
        handoff = open_by_hand(session, stay, entry, by=sides[sender], now=NOW)
        send(session, stay, handoff, talked(), by=sides[sender], now=NOW)
        if receivers[0] in sides:
            by = sides[receivers[0]]
            confirm(session, stay, handoff, received_on=ADMITTED, by=by, now=NOW)
        assert state(handoff, NOW) is State.CONFIRMED


def test_what_became_of_the_person_reaches_the_ward_and_nobody_else(
    database: Database, library: Library, cast: Cast
) -> None:
    entry = OutcomeEntry(outcome=Outcome.AT_HOME, words="訪問看護が週2回入っています")
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        with pytest.raises(NotPermitted, match="退院のあと"):
            tell_outcome(session, stay, entry, by=cast.care_manager, now=NOW)
        leave(session, library, cast, stay, now=NOW)
        with pytest.raises(NotPermitted):
            tell_outcome(session, stay, entry, by=cast.ward_nurse, now=NOW)
        handoff = tell_outcome(session, stay, entry, by=cast.care_manager, now=NOW)
        session.flush()
        assert state(handoff, NOW) is State.SENT
        seen = overview_of(session, cast.ward_nurse, stay.id, library=library, now=NOW)
        (said,) = (s for s in seen.statements if s.handoff_id == handoff.id)
        assert entry.words in said.content
        assert seen.task(handoff.id).may_confirm
