"""Hospital in one region, home in another: what the record asks, keeps, and says in words."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from handoffs.database import Database
from handoffs.decision.assessment import assess, assessment_of
from handoffs.handoff import handoffs_of
from handoffs.shown.overview import overview_of
from handoffs.stays.amendment import amend, particulars_of
from handoffs.stays.residence import ResidenceEntry
from rules import Coordination, FactError, HandoffKind, Library
from tests.factories import ADMITTED, admit_someone, handoff_of
from tests.people import NOW, Cast

NEXT_DOOR = "手本市"
AGREEMENT = """
regions: [mihon, tehon]
in_force: 2026-04-01
title: 見本医療圏と手本医療圏の取り決め(架空)
source: {title: 取り決め書(架空), url: "https://example.invalid/torikime"}
answer: hospital
handoffs:
  - kind: admission_information
    follow: hospital
    text: 入院時の情報は、病院のある地域のルールによる
    source: 第2条
"""


def changed_area(library: Library, region: str, *places: str) -> Library:
    """The same editions, one region's with another area."""
    return replace(
        library,
        editions=tuple(
            replace(each, area=places) if each.region == region else each
            for each in library.editions
        ),
    )


def test_the_stricter_rule_of_the_home_gives_the_handoff_its_day_and_its_words(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        near = admit_someone(session, library, cast)
        far = admit_someone(session, library, cast, municipality=NEXT_DOOR, in_region=False)
        kind = HandoffKind.ADMISSION_INFORMATION
        assert handoff_of(session, near, kind).due_on == ADMITTED + timedelta(days=6)
        information = handoff_of(session, far, kind)
        assert information.due_on == ADMITTED + timedelta(days=2)
        assert information.source.startswith("手本医療圏 ")
        assert handoff_of(session, far, HandoffKind.CARE_PLAN_COPY).rule_id.startswith("home.")
        kinds = {h.kind for h in handoffs_of(session, near.id)}
        assert HandoffKind.CARE_PLAN_COPY not in kinds


def test_the_page_says_what_each_rule_says_and_what_to_say_on_the_telephone(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, municipality=NEXT_DOOR)
        stay_id = stay.id
    with database.reading() as session:
        decision = overview_of(session, cast.ward_nurse, stay_id, library=library, now=NOW).decision
        assert decision is not None
        assert decision.cross is not None
        assert [side.region_name for side in decision.cross.sides] == ["見本医療圏", "手本医療圏"]
        lines = [line for _, line in decision.cross.say]
        assert any("早いほうの" in line and "まででよろしいでしょうか" in line for line in lines)
        later = NOW + timedelta(days=30)
        shown = overview_of(session, cast.ward_nurse, stay_id, library=library, now=later).decision
        assert shown is not None
        assert shown.cross is not None
        assert not any("まででよろしいでしょうか" in line for _, line in shown.cross.say)
        assert any("もう過ぎた日です" in line for _, line in shown.cross.say)


def test_moving_home_adds_what_the_new_homes_rule_asks_and_takes_it_back(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)

        def move(town: str) -> set[str]:
            entry = particulars_of(session, stay).model_copy(
                update={"residence": ResidenceEntry(municipality=town)}
            )
            amend(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)
            session.flush()
            standing = [h for h in handoffs_of(session, stay.id) if h.withdrawn_at is None]
            return {h.rule_id for h in standing if h.rule_id.startswith("home.")}

        assert move(NEXT_DOOR) == {"home.copy-of-the-plan"}
        assert move("見本市") == set()


def test_hidden_whereabouts_are_not_told_by_the_name_of_a_rule(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, municipality=NEXT_DOOR)
        entry = particulars_of(session, stay).model_copy(update={"whereabouts_hidden": True})
        amend(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)
        stay_id = stay.id
    with database.reading() as session:
        standing = [h for h in handoffs_of(session, stay_id) if h.withdrawn_at is None]
        assert not any("手本" in f"{h.source}{h.text}" for h in standing)
        for reader, told in ((cast.ward_nurse, True), (cast.care_manager, False)):
            decision = overview_of(session, reader, stay_id, library=library, now=NOW).decision
            assert decision is not None
            assert decision.cross is None
            assert ("所在を秘匿しているため" in decision.home_words) is told


@pytest.mark.parametrize(
    ("region", "words"),
    [("tajima", "施行日が分からず"), ("kushiro", "いくつかの地域")],
)
def test_a_rule_that_cannot_be_used_is_said_in_words(
    database: Database, library: Library, cast: Cast, region: str, words: str
) -> None:
    unsure = changed_area(library, region, "架空町", NEXT_DOOR)
    town = "架空町" if region == "tajima" else NEXT_DOOR
    with database.writing() as session:
        stay = admit_someone(session, unsure, cast, municipality=town)
        stay_id = stay.id
        assert handoff_of(
            session, stay, HandoffKind.ADMISSION_INFORMATION
        ).due_on == ADMITTED + timedelta(days=6)
    with database.reading() as session:
        decision = overview_of(session, cast.ward_nurse, stay_id, library=unsure, now=NOW).decision
        assert decision is not None
        assert words in decision.home_words
        assert "病院の地域のルールだけで判定しています" in decision.home_words


def test_an_agreement_of_the_two_regions_goes_before_both(
    database: Database, library: Library, cast: Cast, tmp_path: Path
) -> None:
    file = tmp_path / "mihon-tehon" / "2026-04-01.yaml"
    file.parent.mkdir()
    file.write_text(AGREEMENT, encoding="utf-8")
    agreed = replace(library, agreements_folder=tmp_path)
    with database.writing() as session:
        stay = admit_someone(session, agreed, cast, municipality=NEXT_DOOR)
        information = handoff_of(session, stay, HandoffKind.ADMISSION_INFORMATION)
        assert information.due_on == ADMITTED + timedelta(days=6)
        assert information.source.endswith("(地域どうしの取り決めによる)")


def test_a_fact_that_only_the_homes_rule_knows_can_be_ticked_and_is_left_behind_with_it(
    database: Database, library: Library, cast: Cast
) -> None:
    # Nishinomiya's edition asks care_needed, which the sample's does not know.
    both = changed_area(library, "nishinomiya_ashiya", "西宮市")
    with database.writing() as session:
        stay = admit_someone(session, both, cast, municipality="兵庫県西宮市")
        by = cast.ward_nurse
        assess(session, stay, {"care_needed": "needed"}, library=both, by=by, now=NOW)
        made = assessment_of(session, stay.id)
        assert made is not None
        assert made.facts["care_needed"] == "needed"
        entry = particulars_of(session, stay).model_copy(
            update={"residence": ResidenceEntry(municipality="見本市", in_region=True)}
        )
        amend(session, stay, entry, library=both, by=by, now=NOW)
        made = assessment_of(session, stay.id)
        assert made is not None
        assert "care_needed" not in made.facts
        assert made.coordination is Coordination.REQUIRED
        with pytest.raises(FactError):
            assess(session, stay, {"care_needed": "needed"}, library=both, by=by, now=NOW)


def test_before_the_homes_rule_began_only_the_hospitals_is_asked(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(
            session, library, cast, municipality=NEXT_DOOR, admitted_on=date(2025, 3, 31)
        )
        made = assessment_of(session, stay.id)
        assert made is not None
        assert "入院した日に有効な版がありません" in str(made.outcome["home_rule"])
