"""Hospital in one region, home in another: both rules, their union, and an agreement."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import (
    MONDAY_TO_FRIDAY,
    Coordination,
    Edition,
    EditionError,
    Facts,
    HandoffKind,
    Library,
    Moments,
    NoEdition,
    Standing,
    Whose,
)
from rules.agreement import Agreement, agreement_in_force, agreement_of
from rules.cross_conflict import Difference, Passed
from rules.cross_region import CrossDecision, cross
from rules.united_decision import united_decision
from tests.rules.editions import changed

LIBRARY = Library.load()
CALENDARS = dict.fromkeys(Whose, MONDAY_TO_FRIDAY)
ADMITTED = date(2026, 11, 20)
KNOWN_REGIONS = ("mihon", "tonari", "fukui")
KNOWN = Facts({"care_manager": "assigned", "stay_length": "longer", "mobility": "independent"})
AGREEMENT = """
regions: [mihon, tonari]
in_force: 2026-04-01
title: 見本医療圏と隣医療圏の取り決め(架空)
source: {title: 取り決め書(架空), url: "https://example.invalid/torikime"}
answer: home
handoffs:
  - kind: admission_information
    follow: home
    text: 入院時の情報は、住まいのある地域のルールによる
    source: 第2条
"""


@pytest.fixture(scope="module")
def mihon() -> Edition:
    return LIBRARY.in_force("mihon", ADMITTED)


@pytest.fixture
def tonari(tmp_path: Path) -> Edition:
    """An invented neighbour that asks for the same information by the fifth day."""
    return changed(
        tmp_path,
        ("region: hinagata", "region: tonari"),
        ("region_name: ひな形", "region_name: 隣医療圏"),
        ("{after: admission, latest: 7,", "{after: admission, latest: 5,"),
        ("入院日を1日目として7日目までに渡す", "入院日を1日目として5日目までに渡す"),
    )


def agreed(folder: Path, text: str = AGREEMENT) -> Agreement:
    file = folder / "mihon-tonari" / "2026-04-01.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return agreement_of(file, KNOWN_REGIONS)


def crossed(
    hospital: Edition, home: Edition, facts: Facts = KNOWN, agreement: Agreement | None = None
) -> CrossDecision:
    moments = Moments(ADMITTED, planned_discharge_on=date(2026, 12, 10))
    return cross(hospital, home, facts, moments, CALENDARS, agreement)


def due_of(found: CrossDecision, kind: HandoffKind) -> date | None:
    (duty,) = [each for each in found.duties if each.kind is kind]
    return duty.due


def test_the_stricter_last_day_wins_and_is_said_on_the_telephone(
    mihon: Edition, tonari: Edition
) -> None:
    found = crossed(mihon, tonari)
    assert found.hospital.coordination is found.home.coordination is Coordination.REQUIRED
    assert due_of(found, HandoffKind.ADMISSION_INFORMATION) == date(2026, 11, 24)
    (said,) = [each for each in found.conflicts if each.about is Difference.LAST_DAY]
    assert said.say(found.moments, ADMITTED) == (
        "「入院時情報提供」の期限は、見本医療圏のルールでは11月26日、隣医療圏のルールでは11月24日です。"
        "早いほうの11月24日まででよろしいでしょうか。"
    )


@pytest.mark.parametrize(
    ("planned", "on", "words"),
    [
        (date(2026, 12, 10), date(2026, 11, 24), "早いほうの11月24日までで"),
        (
            date(2026, 12, 10),
            date(2026, 11, 25),
            "早いほうの11月24日はもう過ぎた日です。これからすぐに",
        ),
    ],
)
def test_a_day_that_is_over_is_never_proposed(
    mihon: Edition, tonari: Edition, planned: date, on: date, words: str
) -> None:
    found = cross(mihon, tonari, KNOWN, Moments(ADMITTED, planned_discharge_on=planned), CALENDARS)
    (said,) = [each for each in found.conflicts if each.about is Difference.LAST_DAY]
    assert words in said.say(found.moments, on)


def test_a_last_day_before_the_admission_is_called_so(mihon: Edition) -> None:
    tehon = LIBRARY.in_force("tehon", ADMITTED)
    found = cross(
        mihon, tehon, KNOWN, Moments(ADMITTED, planned_discharge_on=date(2026, 11, 25)), CALENDARS
    )
    laid_out = found.as_json(ADMITTED)["duties"]
    assert isinstance(laid_out, list)
    (notice,) = [each for each in laid_out if each["kind"] == "discharge_notice"]
    assert (notice["due"], notice["passed"]) == ("2026-11-15", Passed.BEFORE_ADMISSION.value)
    said = [e.say(found.moments, ADMITTED) for e in found.conflicts if e.proposed is not None]
    assert any("11月15日は入院より前の日です。これからすぐに" in line for line in said)


def test_one_record_keeps_the_stricter_day_with_the_words_of_its_paper(mihon: Edition) -> None:
    tehon = LIBRARY.in_force("tehon", ADMITTED)
    united = united_decision(crossed(mihon, tehon))
    by_id = {duty.rule_id: duty for duty in united.handoffs}
    information = by_id["admission-information"]
    assert information.due == date(2026, 11, 22)
    assert information.source == "手本医療圏 手引き(架空) 3頁 第5条"
    assert "3日目までに" in information.text
    assert by_id["admission-notice"].source.startswith("見本医療圏 ")
    assert "home.copy-of-the-plan" in by_id
    assert "home.admission-information" not in by_id
    assert united.edition.region == "mihon"
    assert {reason.id for reason in united.because} == {
        "care-manager-assigned",
        "home.care-manager-assigned",
    }


def test_what_was_agreed_not_to_be_needed_is_not_handed_over(
    mihon: Edition, tonari: Edition, tmp_path: Path
) -> None:
    facts = Facts({**KNOWN.given, "stay_length": "short", "support_change": "unchanged"})
    found = crossed(mihon, tonari, facts, agreed(tmp_path))
    assert found.duties == ()
    assert united_decision(found).handoffs == ()


def test_what_only_one_region_asks_is_done_and_talked_about(
    mihon: Edition, tonari: Edition
) -> None:
    found = crossed(mihon, tonari)
    one_sided = {each.kind for each in found.conflicts if each.about is Difference.ONE_SIDED}
    assert HandoffKind.DISCHARGE_NOTICE in one_sided
    (duty,) = [each for each in found.duties if each.kind is HandoffKind.DISCHARGE_NOTICE]
    assert (duty.asked_by, duty.standing) == (("見本医療圏",), Standing.REQUIRED)


def test_different_answers_leave_nobody_out_and_are_talked_about(
    mihon: Edition, tonari: Edition
) -> None:
    facts = Facts({**KNOWN.given, "stay_length": "short", "support_change": "unchanged"})
    found = crossed(mihon, tonari, facts)
    assert found.hospital.coordination is Coordination.REQUIRED
    assert found.home.coordination is Coordination.NOT_REQUIRED
    assert found.coordination is Coordination.REQUIRED
    assert found.conflicts[0].about is Difference.ANSWER
    assert "今回は「要」として" in found.conflicts[0].say(found.moments, ADMITTED)


def test_a_paper_that_was_read_only_in_parts_is_not_said_to_be_silent(mihon: Edition) -> None:
    (tajima,) = [each for each in LIBRARY.editions if each.region == "tajima"]
    found = crossed(mihon, tajima)
    said = [
        each.say(found.moments, ADMITTED)
        for each in found.conflicts
        if each.about is Difference.ONE_SIDED
    ]
    assert said
    assert all("但馬圏域の手引きは一部しか確かめられておらず" in each for each in said)
    assert all("そちらではどうされていますか。" in each for each in said)
    assert not any("この決まりがありません" in each for each in said)


def test_each_rule_sees_home_and_hospital_from_its_own_side(mihon: Edition, tmp_path: Path) -> None:
    away = changed(
        tmp_path,
        ("mobility: [partial_help, full_help]", "hospital_area: out_of_area"),
        ("given: {mobility: partial_help,", "given: {hospital_area: out_of_area,"),
    )
    facts = Facts({"stay_length": "longer"})
    assert [each.id for each in crossed(mihon, away, facts).home.because] == ["help-to-walk"]
    assert crossed(away, mihon, facts).hospital.because == ()


def test_an_undated_edition_runs_only_where_it_is_named() -> None:
    with pytest.raises(NoEdition, match="--edition"):
        LIBRARY.in_force("tajima", ADMITTED)
    assert LIBRARY.nearest_to_force("tajima", ADMITTED).in_force is None
    with pytest.raises(NoEdition, match="2015-01-01に有効な版がありません"):
        LIBRARY.nearest_to_force("mihon", date(2015, 1, 1))


def test_an_agreement_goes_before_both_rules(
    mihon: Edition, tonari: Edition, tmp_path: Path
) -> None:
    # Hospital in the neighbour's region, home in mihon: the later day of home's rule is agreed.
    found = crossed(tonari, mihon, agreement=agreed(tmp_path))
    assert due_of(found, HandoffKind.ADMISSION_INFORMATION) == date(2026, 11, 26)
    (duty,) = [each for each in found.duties if each.kind is HandoffKind.ADMISSION_INFORMATION]
    assert duty.agreed == "入院時の情報は、住まいのある地域のルールによる(第2条)"
    assert HandoffKind.ADMISSION_INFORMATION not in {each.kind for each in found.conflicts}


def test_an_agreed_answer_counts_without_a_conflict(
    mihon: Edition, tonari: Edition, tmp_path: Path
) -> None:
    facts = Facts({**KNOWN.given, "stay_length": "short", "support_change": "unchanged"})
    found = crossed(mihon, tonari, facts, agreed(tmp_path))
    assert found.coordination is found.home.coordination is Coordination.NOT_REQUIRED
    assert not [each for each in found.conflicts if each.about is Difference.ANSWER]


def test_an_agreement_holds_from_its_day_to_its_end(tmp_path: Path) -> None:
    agreed(tmp_path, AGREEMENT.replace("title: 見", "ends: 2026-12-31\ntitle: 見"))
    both = frozenset({"tonari", "mihon"})
    assert agreement_in_force(both, date(2026, 3, 31), tmp_path, known=KNOWN_REGIONS) is None
    assert agreement_in_force(both, date(2026, 4, 1), tmp_path, known=KNOWN_REGIONS) is not None
    assert agreement_in_force(both, date(2026, 12, 31), tmp_path, known=KNOWN_REGIONS) is not None
    assert agreement_in_force(both, date(2027, 1, 1), tmp_path, known=KNOWN_REGIONS) is None
    assert (
        agreement_in_force(frozenset({"mihon", "fukui"}), ADMITTED, tmp_path, known=KNOWN_REGIONS)
        is None
    )


def test_no_agreement_is_shipped_that_nobody_published() -> None:
    both = frozenset({"mihon", "fukui"})
    assert agreement_in_force(both, ADMITTED, known=KNOWN_REGIONS) is None


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("[mihon, tonari]", "[mihon]", "二つの地域の間"),
        ("[mihon, tonari]", "[mihon, mihon]", "二つの地域の間"),
        ("[mihon, tonari]", "[mihon, tonri]", "「tonari」ではありませんか"),
        ("answer: home", "answer: nobody", "nobody"),
        ("kind: admission_information", "kind: admission_letter", "admission_letter"),
        ("in_force: 2026-04-01", "in_force: 2026-04-01\nends: 2026-03-01", "前です"),
    ],
)
def test_an_agreement_that_cannot_be_read_names_its_line(
    before: str, after: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(EditionError, match=words) as refused:
        agreed(tmp_path, AGREEMENT.replace(before, after))
    assert refused.value.line > 0


@given(st.dictionaries(st.sampled_from(["care_manager", "mobility", "stay_length"]), st.integers()))
@settings(max_examples=60, deadline=None)
def test_nothing_that_either_rule_asks_is_lost(drawn: dict[str, int]) -> None:
    mihon, fukui = (LIBRARY.in_force(region, ADMITTED) for region in ("mihon", "fukui"))
    facts = Facts(
        {fact: mihon.vocabulary[fact].known_values[number % 2] for fact, number in drawn.items()}
    )
    found = crossed(mihon, fukui, facts)
    for decision in (found.hospital, found.home):
        for duty in decision.handoffs:
            (united,) = [
                each
                for each in found.duties
                if (each.kind, each.sender, each.receiver)
                == (duty.kind, duty.sender, duty.receiver)
            ]
            assert duty in united.duties
            assert duty.due is None or (united.due is not None and united.due <= duty.due)


def test_the_command_prints_both_answers_and_the_lines_to_say(tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text("{care_manager: assigned, stay_length: longer}", encoding="utf-8")
    command = [sys.executable, "-m", "rules", "cross", "--hospital", "mihon", "--home", "fukui"]
    command += ["--admitted", "2026-11-20T10:00", "--facts", str(facts)]
    plain = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "電話で確かめること" in plain.stdout
    as_json = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)
    answer = json.loads(as_json.stdout)
    assert answer["coordination"] == "required"
    assert answer["agreement"] is None
    late = subprocess.run(
        [
            *(*command[:7], "tehon", *command[8:], "--planned-discharge", "2026-11-25"),
            *("--discharge-known", "2026-11-24", "--on", "2026-11-24"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "2026-11-15まで(入院より前の日です。これからすぐに行います)" in late.stdout
    assert "2026-11-22まで(もう過ぎた日です。これからすぐに行います)" in late.stdout
    undated = subprocess.run(
        [*command[:7], "tajima", *command[8:]], capture_output=True, text=True, check=True
    )
    assert "但馬圏域は、施行日の分からない参考の版「" in undated.stdout
    same = subprocess.run(
        [*command[:6], "--home", "mihon", *command[8:]], capture_output=True, text=True, check=False
    )
    assert same.returncode == 2
    assert "地域が同じです" in same.stderr
