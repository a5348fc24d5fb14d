"""The three answers, and what each of them lists."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, fields, replace
from datetime import date
from pathlib import Path

import pytest

from rules import (
    MONDAY_TO_FRIDAY,
    Coordination,
    Decision,
    Duty,
    Edition,
    Facts,
    HandoffKind,
    Library,
    Moments,
    Party,
    Standing,
    Whose,
    decide,
    edition_of,
)
from tests.rules.editions import changed

LIBRARY = Library.load()
MIHON = LIBRARY.in_force("mihon", date(2026, 11, 20))
FUKUI = LIBRARY.in_force("fukui", date(2026, 11, 20))
KIJUN2 = next(edition for edition in LIBRARY.editions if edition.region == "kijun2")
MOMENTS = Moments(date(2026, 11, 20))
CALENDARS = dict.fromkeys(Whose, MONDAY_TO_FRIDAY)
UNREAD_SCOPE = (
    "examples:\n",
    "status: partial\nunverified:\n  - {about: scope, text: 範囲は読めていない}\n\nexamples:\n",
)


def decided(edition: Edition, **known: str) -> Decision:
    return decide(edition, Facts.of(known, edition.vocabulary), MOMENTS, CALENDARS)


def test_a_care_manager_alone_suffices() -> None:
    decision = decided(MIHON, care_manager="assigned")
    assert decision.coordination is Coordination.REQUIRED
    assert [reason.id for reason in decision.because] == ["care-manager-assigned"]
    assert decision.because[0].source == "手引き(架空) 4頁 第2条(1)"
    assert decision.missing == ()
    information = decision.handoffs[1]
    assert information.kind is HandoffKind.ADMISSION_INFORMATION
    assert (information.sender, information.receiver) == (Party.CARE_MANAGER, Party.HOSPITAL)
    assert information.standing is Standing.REQUIRED
    assert (information.window_from, information.due) == (date(2026, 11, 20), date(2026, 11, 26))
    assert information.counting.startswith("入院日を1日目と数える")


def test_a_criterion_that_holds_while_an_exclusion_is_open_waits_with_its_handoffs() -> None:
    decision = decided(
        MIHON,
        care_level="care_2",
        care_manager="unassigned",
        insured_category="first",
        ward_judgement="not_needed",
        support_change="unchanged",
    )
    assert decision.coordination is Coordination.UNDETERMINED
    assert [reason.id for reason in decision.because] == ["certified-without-care-manager"]
    assert decision.missing == ("stay_length",)
    assert decision.handoffs
    for duty in decision.handoffs:
        assert duty.standing is Standing.UNDETERMINED
        assert duty.waits_for == ("stay_length",)


def test_a_handoff_whose_own_condition_is_unknown_is_listed_and_its_fact_is_missing() -> None:
    decision = decided(FUKUI, care_manager="assigned")
    assert decision.coordination is Coordination.REQUIRED
    assert decision.missing == ("destination",)
    waiting = [d for d in decision.handoffs if d.standing is Standing.UNDETERMINED]
    assert [duty.receiver for duty in waiting] == [Party.CARE_MANAGER, Party.NEXT_HOSPITAL]
    assert all(duty.waits_for == ("destination",) for duty in waiting)


def test_nobody_owes_anything_where_coordination_is_not_required() -> None:
    decision = decided(FUKUI, care_manager="unassigned", ward_judgement="not_needed")
    assert decision.coordination is Coordination.NOT_REQUIRED
    assert not (decision.handoffs)
    assert not (decision.missing)
    assert not (decision.because)


def test_unread_scope_never_yields_not_required(tmp_path: Path) -> None:
    edition = changed(tmp_path, UNREAD_SCOPE)
    closed = decided(edition, care_manager="unassigned", mobility="independent")
    assert closed.coordination is Coordination.UNDETERMINED
    assert closed.held_back == ("範囲は読めていない",)
    assert closed.missing == ()
    excluded = decided(
        edition, care_manager="assigned", stay_length="short", support_change="unchanged"
    )
    assert excluded.coordination is Coordination.UNDETERMINED
    assert [reason.id for reason in excluded.excluded_by] == ["short-stay"]
    assert excluded.held_back == ("範囲は読めていない",)
    required = decided(edition, care_manager="assigned", stay_length="longer")
    assert required.coordination is Coordination.REQUIRED
    assert required.held_back == ()
    assert required.unverified == ("範囲は読めていない",)


DOUBTED = "支援が変わるときも除くかは、読み方が分かれます"
PART_UNREAD = "  - {about: exclusions, text: %s, when: {respite: respite_stay, living: alone}}\n"
UNREAD_EXCLUSION = (
    "examples:\n",
    f"status: partial\nunverified:\n{PART_UNREAD % DOUBTED}\nexamples:\n",
)


def test_an_unread_exclusion_never_yields_required_for_whom_it_may_name(tmp_path: Path) -> None:
    edition = changed(tmp_path, UNREAD_EXCLUSION)
    known = {"care_manager": "assigned", "stay_length": "longer"}
    named = decided(edition, **known, respite="respite_stay", living="alone")
    assert named.coordination is Coordination.UNDETERMINED
    assert [reason.id for reason in named.because] == ["care-manager-assigned"]
    assert (named.excluded_by, named.missing) == ((), ())
    assert named.held_back == (DOUBTED,)
    assert {duty.standing for duty in named.handoffs} == {Standing.UNDETERMINED}
    perhaps = decided(edition, **known, respite="respite_stay")
    assert perhaps.coordination is Coordination.UNDETERMINED
    assert perhaps.missing == ("living",)
    free = decided(edition, **known, respite="respite_stay", living="with_family")
    assert (free.coordination, free.held_back) == (Coordination.REQUIRED, ())
    excluded = {"stay_length": "short", "support_change": "unchanged"}
    doubly = decided(edition, care_manager="assigned", respite="respite_stay", **excluded)
    assert (doubly.coordination, doubly.held_back) == (Coordination.NOT_REQUIRED, ())


def test_an_unread_exclusion_that_names_nobody_is_only_told(tmp_path: Path) -> None:
    old, new = UNREAD_EXCLUSION
    told = (old, new.replace(", when: {respite: respite_stay, living: alone}", ""))
    decision = decided(changed(tmp_path, told), care_manager="assigned", stay_length="longer")
    assert decision.coordination is Coordination.REQUIRED
    assert decision.unverified == (DOUBTED,)


def test_scope_that_is_unread_for_some_people_holds_back_only_for_them() -> None:
    independent = {
        "insured_category": "first",
        "mobility": "independent",
        "eating": "independent",
        "toileting": "independent",
        "portable_toilet": "not_in_use",
        "dementia": "none",
        "living": "with_family",
        "cancer": "none",
        "medical_procedure": "none",
    }
    without = decided(KIJUN2, **independent, care_manager="unassigned")
    assert without.coordination is Coordination.NOT_REQUIRED
    assigned = decided(KIJUN2, **independent, care_manager="assigned")
    assert assigned.coordination is Coordination.UNDETERMINED
    assert assigned.held_back == ("ケアマネジャーがいる人の基準は読めていません",)
    assert [reason.id for reason in assigned.excluded_by] == ["out-of-scope"]
    unsaid = decided(KIJUN2, **independent)
    assert unsaid.coordination is Coordination.UNDETERMINED
    assert unsaid.missing[0] == "care_manager"


def test_the_reason_for_being_out_of_scope_quotes_the_scope() -> None:
    decision = decided(KIJUN2, insured_category="under_40", care_manager="unassigned")
    assert decision.coordination is Coordination.NOT_REQUIRED
    assert decision.excluded_by[0].text.startswith("対象の範囲(ケアマネジャーがいない人")
    assert decision.excluded_by[0].text.endswith(")に入らない")


def test_moments_move_days_and_never_the_answer() -> None:
    early = decide(MIHON, Facts(), MOMENTS, CALENDARS)
    moments = Moments(date(2026, 11, 21), planned_discharge_on=date(2026, 12, 10))
    later = decide(MIHON, Facts(), moments, CALENDARS)
    assert early.coordination is later.coordination
    assert early.missing == later.missing
    assert [duty.due for duty in early.handoffs] != [duty.due for duty in later.handoffs]


def test_a_duty_holds_every_field_and_cannot_be_changed() -> None:
    for duty in decided(FUKUI, care_manager="assigned").handoffs:
        assert list(vars(duty)) == [field.name for field in fields(Duty)]
        assert replace(duty) == duty
        assert hash(replace(duty)) == hash(duty)
        with pytest.raises(FrozenInstanceError):
            duty.text = ""  # type: ignore[misc]


def test_the_days_of_one_patient_are_not_those_of_the_next() -> None:
    facts = Facts.of({"care_manager": "assigned"}, MIHON.vocabulary)
    first = decide(MIHON, facts, MOMENTS, CALENDARS)
    days = [duty.due for duty in first.handoffs]
    decide(MIHON, Facts(), Moments(date(2027, 1, 4)), CALENDARS)
    assert [duty.due for duty in first.handoffs] == days
    assert decide(MIHON, facts, MOMENTS, CALENDARS) == first


def test_the_json_holds_words_days_and_nulls_only() -> None:
    decision = decided(MIHON, care_manager="assigned")
    laid_out = json.loads(json.dumps(decision.as_json(), ensure_ascii=False))
    assert laid_out["edition"]["in_force"] == "2024-04-01"
    assert laid_out["edition"]["region"] == "mihon"
    assert laid_out["coordination"] == "required"
    assert laid_out["because"][0]["id"] == "care-manager-assigned"
    assert laid_out["missing"] == []
    notice, information, leaving = laid_out["handoffs"][:3]
    assert notice["kind"] == "admission_notice"
    assert information == {
        "rule_id": "admission-information",
        "kind": "admission_information",
        "sender": "care_manager",
        "receiver": "hospital",
        "standing": "required",
        "due": "2026-11-26",
        "window_from": "2026-11-20",
        "preferred": None,
        "waits_for": [],
        "text": "ケアマネジャーは、入院日を1日目として7日目までに、入院時の情報を病院に渡す",
        "source": "手引き(架空) 8頁 第6条",
        "counting": "入院日を1日目と数える(暦日)、7日目まで、休みの日でも動かさない",
    }
    assert leaving["due"] is None


def test_a_reference_edition_has_no_day_in_json() -> None:
    laid_out = decided(KIJUN2).as_json()
    assert isinstance(laid_out["edition"], dict)
    assert laid_out["edition"]["in_force"] is None


@pytest.mark.parametrize("edition", LIBRARY.editions, ids=lambda e: f"{e.region}-{e.in_force}")
def test_reading_a_file_again_gives_the_same_decision(edition: Edition) -> None:
    again = edition_of(edition.file)
    for example in edition.examples:
        one = decide(edition, example.given, example.moments, CALENDARS)
        assert one == decide(again, example.given, example.moments, CALENDARS)
