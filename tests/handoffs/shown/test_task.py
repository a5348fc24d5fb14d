"""One handoff as one person sees it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from handoffs.access import visible_stays
from handoffs.claim import claim
from handoffs.database import Database
from handoffs.handoff import State
from handoffs.parties import Actor
from handoffs.plan_office import PlanStatus
from handoffs.shown.dossier import Dossier, dossiers_of
from handoffs.shown.fact_labels import labels_of, vocabulary_of
from handoffs.shown.task import Task, tasks_of
from handoffs.statement import Topic
from rules import VOCABULARY, HandoffKind, Library, Party
from tests.factories import admit_someone, make_handoff, make_stay, talked
from tests.people import NOW, Cast


def dossier(session: Session, actor: Actor) -> Dossier:
    (found,) = dossiers_of(session, session.exec(visible_stays(actor)).all())
    return found


def tasks(
    session: Session, library: Library, actor: Actor, of: Actor, days: int = 0
) -> dict[HandoffKind, Task]:
    now = NOW + timedelta(days=days)
    found = tasks_of(dossier(session, of), actor=actor, library=library, now=now)
    return {task.kind: task for task in found}


@pytest.mark.parametrize(
    ("days", "left", "state"),
    [
        (0, 6, State.WAITING),
        (5, 1, State.DUE_SOON),
        (6, 0, State.DUE_SOON),
        (7, -1, State.MISSED),
    ],
)
def test_the_days_that_are_left_end_with_the_last_permitted_day(
    database: Database, library: Library, cast: Cast, days: int, left: int, state: State
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        claim(session, stay, talked(), topic=Topic.ADMISSION, by=cast.ward_nurse, now=NOW)
        seen = tasks(session, library, cast.care_manager, cast.ward_nurse, days)
    information = seen[HandoffKind.ADMISSION_INFORMATION]
    assert (information.days_left, information.state) == (left, state)
    assert information.due_on == date(2026, 11, 26)


def test_each_side_has_its_own_turn(database: Database, library: Library, cast: Cast) -> None:
    with database.writing() as session:
        admit_someone(session, library, cast)
        hospital = tasks(session, library, cast.ward_nurse, cast.ward_nurse)
        office = tasks(session, library, cast.care_manager, cast.ward_nurse)
    notice, information = HandoffKind.ADMISSION_NOTICE, HandoffKind.ADMISSION_INFORMATION
    assert hospital[notice].is_turn
    assert not office[notice].is_turn
    assert office[notice].may_confirm
    assert office[information].is_turn
    assert not hospital[information].may_send


def test_of_all_who_plan_only_those_who_plan_here_take_part(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast, center_id=cast.center_id)
        make_handoff(
            session, stay, kind=HandoffKind.REFERRAL, receiver=Party.COMMUNITY_SUPPORT_CENTER
        )
        make_handoff(session, stay, receiver=Party.PERSON_OR_FAMILY)
        centre = tasks(session, library, cast.center_staff, cast.ward_nurse)
        outsider = tasks(session, library, cast.outsider, cast.ward_nurse)
        officer = tasks(session, library, cast.health_officer, cast.ward_nurse)
    assert centre[HandoffKind.REFERRAL].may_confirm
    assert not centre[HandoffKind.DISCHARGE_NOTICE].may_confirm
    for seen in (outsider, officer):
        assert not any(task.may_send or task.may_confirm for task in seen.values())


def test_news_of_the_admission_ends_the_time_before_notice(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        before = tasks(session, library, cast.care_manager, cast.ward_nurse)
        claim(session, stay, talked(), topic=Topic.ADMISSION, by=cast.ward_nurse, now=NOW)
        after = tasks(session, library, cast.care_manager, cast.ward_nurse)
    assert before[HandoffKind.ADMISSION_INFORMATION].before_notice
    assert not after[HandoffKind.ADMISSION_INFORMATION].before_notice
    assert not before[HandoffKind.ADMISSION_NOTICE].before_notice


def test_what_was_taken_back_is_no_task(database: Database, library: Library, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        make_handoff(session, stay, withdrawn_at=NOW)
        assert tasks(session, library, cast.ward_nurse, cast.ward_nurse) == {}


def test_the_order_is_by_the_clock_with_late_ones_after_those_in_time(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        make_handoff(session, stay, due_on=None, rule_id="no-day")
        make_handoff(session, stay, due_on=date(2026, 11, 18), rule_id="late")
        make_handoff(session, stay, due_on=date(2026, 11, 25), rule_id="later")
        make_handoff(session, stay, due_on=date(2026, 11, 21), rule_id="soon")
        make_handoff(session, stay, due_on=date(2026, 11, 1), rule_id="now", short_notice=True)
        make_handoff(session, stay, sent_at=NOW, rule_id="sent")
        rules = {h.id: h.rule_id for h in dossier(session, cast.ward_nurse).handoffs}
        found = tasks_of(
            dossier(session, cast.ward_nurse), actor=cast.ward_nurse, library=library, now=NOW
        )
    order = [rules[task.id] for task in sorted(found, key=lambda task: task.clock)]
    assert order == ["now", "soon", "later", "sent", "late", "no-day"]
    assert [rules[t.id] for t in found if t.is_pressing] == ["now", "late", "soon"]
    assert all(task.is_open for task in found)


def test_words_of_an_edition_that_is_gone_are_those_of_every_edition(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        whole = dossier(session, cast.ward_nurse)
        assert "falls" in vocabulary_of(whole, library)
        assert vocabulary_of(whole, Library(())) is VOCABULARY
        assert vocabulary_of(replace(whole, assessment=None), library) is VOCABULARY
        assert stay.id == whole.stay.id


def test_a_fact_that_nobody_knows_any_more_is_shown_by_its_id() -> None:
    assert labels_of(["mobility", "wings"], VOCABULARY) == ("立ち上がり・歩行", "wings")


def test_whether_somebody_is_to_be_told_follows_the_plan_office(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        make_stay(session, cast, plan=PlanStatus.UNASSIGNED)
        assert not dossier(session, cast.ward_nurse).asks_for_contact
