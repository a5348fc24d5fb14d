"""Every shape that a published rule was seen to have, said in words of the field.

One small edition for each shape lies in shapes/; docs/rules.md shows the same lines. Its
own examples are run as well: they are the table from which the words can be learned.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest

from rules import (
    MONDAY_TO_FRIDAY,
    Calendar,
    Calendars,
    Coordination,
    Decision,
    Duty,
    Edition,
    Facts,
    HandoffKind,
    Library,
    Moments,
    Standing,
    Strength,
    Whose,
    check_examples,
    decide,
    edition_of,
)
from rules.arrangement import ChannelUse, ContactRole, Fallback, SendingMeans, Shown, Substitution
from rules.condition import AtLeast, Leaf
from rules.kinds import Party, Recipient
from rules.reading.facts_file import calendars_of_file

SHAPES = Path(__file__).parent / "shapes"
FILES = {int(file.stem[1:3]): file for file in sorted(SHAPES.glob("s*.yaml"))}
EDITIONS = {number: edition_of(file) for number, file in FILES.items()}
FRIDAY = date(2026, 11, 20)
STAY = Moments(FRIDAY, planned_discharge_on=date(2026, 12, 10))
CALENDARS: Calendars = dict.fromkeys(Whose, MONDAY_TO_FRIDAY)
REQUIRED, NOT_REQUIRED, UNDETERMINED = Coordination
OWED, WAITING = Standing


def asked(
    number: int, moments: Moments = STAY, calendars: Calendars = CALENDARS, /, **known: str
) -> Decision:
    edition = EDITIONS[number]
    return decide(edition, Facts.of(known, edition.vocabulary), moments, calendars)


def duty(decision: Decision, rule_id: str) -> Duty:
    return next(each for each in decision.handoffs if each.rule_id == rule_id)


def owed(decision: Decision) -> list[str]:
    return [each.rule_id for each in decision.handoffs if each.standing is OWED]


def waiting(decision: Decision) -> list[str]:
    return [each.rule_id for each in decision.handoffs if each.standing is WAITING]


def the_one(decision: Decision) -> Duty:
    (only,) = decision.handoffs
    return only


def test_there_is_an_edition_for_every_shape() -> None:
    assert list(FILES) == list(range(1, 45))


@pytest.mark.parametrize("number", FILES)
def test_the_examples_of_the_shape_come_out(number: int) -> None:
    assert check_examples(EDITIONS[number]) == len(EDITIONS[number].examples) >= 3


@pytest.mark.parametrize("number", FILES)
def test_every_number_from_one_to_forty_four_has_a_test_of_its_own(number: int) -> None:
    tests: list[Callable[..., None]] = [
        each for name, each in globals().items() if name.startswith(f"test_s{number:02d}_")
    ]
    assert tests


def test_s01_status_decides_by_level_application_and_care_manager() -> None:
    for level in ("support_1", "support_2", "care_1", "care_5"):
        assert asked(1, care_level=level).coordination is REQUIRED
    known = {"application": "none", "care_manager": "assigned"}
    assert asked(1, care_level="target", **known).coordination is NOT_REQUIRED
    assert asked(1, care_level="none", **known).coordination is NOT_REQUIRED


def test_s02_any_one_of_three_brings_into_scope() -> None:
    before = {"care_service_before": "used"}
    assert asked(2, **before).coordination is REQUIRED
    assert asked(2, ward_judgement="needed").coordination is REQUIRED
    assert asked(2, care_service_before="not_used").coordination is UNDETERMINED


def test_s03_every_one_of_the_sixteen_diseases_opens_the_gate_from_forty_on() -> None:
    diseases = EDITIONS[3].vocabulary["specified_disease"].known_values
    for category in ("second", "deemed_second"):
        answers = {
            disease: asked(
                3, care_manager="assigned", insured_category=category, specified_disease=disease
            ).coordination
            for disease in diseases
        }
        assert [d for d, a in answers.items() if a is NOT_REQUIRED] == ["none"]
        assert sum(a is REQUIRED for a in answers.values()) == 16
    young = asked(3, care_manager="assigned", insured_category="under_40")
    assert [reason.id for reason in young.excluded_by] == ["out-of-scope"]


def test_s04_both_ends_of_the_path_must_be_home() -> None:
    path = {"care_manager": "assigned", "residence": "home", "destination": "home"}
    assert asked(4, **path).coordination is REQUIRED
    for end in ("residence", "destination"):
        elsewhere = asked(4, **{**path, end: "facility"})
        assert elsewhere.coordination is NOT_REQUIRED


def test_s05_an_exclusion_holds_only_with_its_condition() -> None:
    short = {"care_manager": "assigned", "stay_length": "short"}
    assert asked(5, **short, support_change="changed").coordination is REQUIRED
    assert asked(5, **short, support_change="unchanged").coordination is NOT_REQUIRED
    still_open = asked(5, **short)
    assert still_open.coordination is UNDETERMINED
    assert the_one(still_open).standing is WAITING
    assert the_one(still_open).waits_for == ("support_change",)


def test_s06_an_exception_takes_the_first_respite_stay_back_in() -> None:
    stay = {"care_manager": "assigned"}
    respite = stay | {"respite": "respite_stay"}
    assert asked(6, **respite, respite_before="none").coordination is REQUIRED
    assert asked(6, **stay, respite="none").coordination is REQUIRED
    assert asked(6, **respite, respite_before="some").coordination is NOT_REQUIRED
    assert asked(6, **respite).missing == ("respite_before",)
    assert not EDITIONS[6].vocabulary["respite"].derived


def test_s07_a_stay_only_in_one_ward_is_left_out_until_it_moves() -> None:
    there = asked(7, care_manager="assigned", east_ward_stay="only")
    assert [reason.id for reason in there.excluded_by] == ["east-ward-only"]
    moved = asked(7, care_manager="assigned", east_ward_stay="not_only", ward_kind="general")
    assert moved.coordination is REQUIRED


def test_s07_a_stay_only_in_wards_of_one_kind_is_left_out_without_a_tick() -> None:
    stay = {"care_manager": "assigned", "ward_kind": "emergency"}
    for path in ("one_ward", "one_kind"):
        there = asked(7, **stay, ward_path=path)
        assert [reason.id for reason in there.excluded_by] == ["emergency-wards-only"]
    moved = {**stay, "ward_path": "several_kinds", "east_ward_stay": "not_only"}
    assert asked(7, **moved).coordination is REQUIRED
    assert EDITIONS[7].vocabulary["ward_path"].derived


def test_s08_kinds_of_institution_are_left_out() -> None:
    answers = {
        kind: asked(8, care_manager="assigned", institution_kind=kind).coordination
        for kind in EDITIONS[8].vocabulary["institution_kind"].known_values
    }
    assert [kind for kind, answer in answers.items() if answer is REQUIRED] == [
        "hospital",
        "clinic_with_beds",
    ]


def test_s09_the_catchment_asks_for_home_and_hospital() -> None:
    inside = {"care_manager": "assigned", "home_area": "in_area", "hospital_area": "in_area"}
    assert asked(9, **inside).coordination is REQUIRED
    for place in ("home_area", "hospital_area"):
        assert asked(9, **{**inside, place: "out_of_area"}).coordination is NOT_REQUIRED


def test_s10_across_areas_the_answer_stands_and_the_parties_talk() -> None:
    abroad = asked(10, care_manager="assigned", home_area="out_of_area")
    assert abroad.coordination is REQUIRED
    assert [reason.id for reason in abroad.consult] == ["across-areas"]
    assert "話し合う" in abroad.consult[0].text
    unsaid = asked(10, care_manager="assigned")
    assert unsaid.consult == ()
    assert unsaid.missing == ("home_area", "hospital_area")


def test_s11_the_manual_of_the_town_goes_before_the_guideline_of_the_area(tmp_path: Path) -> None:
    text = FILES[11].read_text(encoding="utf-8")
    for region, day in (("shape_11", "2016-04-01"), ("machi", "2016-04-01")):
        folder = tmp_path / region
        folder.mkdir()
        own = text.replace("region: shape_11", f"region: {region}")
        (folder / f"{day}.yaml").write_text(own, encoding="utf-8")
    library = Library.load(tmp_path)
    same = Facts({"care_manager": "assigned", "towns": "same_town"})
    other = Facts({"care_manager": "assigned", "towns": "different_towns"})
    assert library.governing("shape_11", FRIDAY, same).region == "machi"
    assert library.governing("shape_11", FRIDAY, other).region == "shape_11"
    assert library.governing("shape_11", FRIDAY, Facts()).region == "shape_11"
    decision = asked(11, care_manager="assigned", towns="same_town")
    assert [reason.id for reason in decision.yields_to] == ["town-manual"]


def test_s12_any_one_observation_is_enough() -> None:
    assert asked(12, mobility="full_help").coordination is REQUIRED
    assert asked(12, eating="partial_help").coordination is REQUIRED


def test_s13_a_compound_item_needs_its_parts() -> None:
    alone = asked(13, living="alone", housework="full_help")
    assert [reason.id for reason in alone.because] == ["nearly-alone-and-needs-help"]
    calm = {"living": "with_family", "cancer": "not_terminal", "toileting": "independent"}
    calm |= {"dementia": "without_trouble", "portable_toilet": "not_in_use"}
    assert asked(13, **calm, housework="full_help").coordination is NOT_REQUIRED
    assert asked(13, cancer="terminal").coordination is REQUIRED


def test_s14_new_is_todays_answer_beside_that_of_before() -> None:
    now = {"tube_feeding_now": "in_use", "bladder_catheter_now": "none"}
    assert asked(14, **now, tube_feeding_before="none").coordination is REQUIRED
    assert asked(14, **now, tube_feeding_before="in_use").coordination is NOT_REQUIRED
    assert asked(14, **now).missing == ("tube_feeding_before",)


def test_s15_a_score_is_the_tree_with_parts_that_stand_once_for_each_point() -> None:
    points = EDITIONS[15].criteria[1].condition
    assert isinstance(points, AtLeast)
    assert points.parts.count(Leaf("dementia", ("with_trouble",))) == 2
    grave = {"dementia": "with_trouble"}
    assert asked(15, **grave, mobility="full_help").coordination is REQUIRED
    assert asked(15, **grave).coordination is UNDETERMINED
    two = asked(15, bathing="full_help", medication="full_help")
    assert [reason.id for reason in two.because] == ["two-light-signs"]


def test_s16_the_tier_decides_whom_to_turn_to() -> None:
    graver = asked(16, mobility="full_help", housework="partial_help")
    assert graver.tier is not None
    assert (graver.tier.text, owed(graver)) == ("要介護相当", ["advise-office"])
    lighter = asked(16, mobility="independent", housework="partial_help")
    assert lighter.tier is not None
    assert (lighter.tier.text, owed(lighter)) == ("要支援相当", ["advise-center"])
    unsure = asked(16, housework="partial_help")
    assert (unsure.coordination, unsure.tier) == (REQUIRED, None)
    assert waiting(unsure) == ["advise-office", "advise-center"]


def test_s17_a_judgement_alone_is_enough_and_says_whose_it_is() -> None:
    vocabulary = EDITIONS[17].vocabulary
    assert vocabulary["msw_judgement"].judged_by == "医療ソーシャルワーカー"
    assert vocabulary["ward_judgement"].judged_by == "病棟"
    decision = asked(17, msw_judgement="needed")
    assert decision.coordination is REQUIRED
    assert decision.because[0].judgements == ("ward_judgement", "msw_judgement")


def test_s18_what_was_not_looked_at_is_not_no() -> None:
    assert asked(18).coordination is UNDETERMINED
    assert asked(18, bathing="unknown").missing == ("bathing",)
    assert asked(18, bathing="independent").coordination is NOT_REQUIRED


def test_s19_status_alone_is_enough_and_nothing_else_is_asked() -> None:
    decision = asked(19, care_manager="paused")
    assert (decision.coordination, decision.missing) == (REQUIRED, ())


def test_s20_a_table_of_level_care_manager_and_age_gives_one_receiver() -> None:
    values = {
        fact: EDITIONS[20].vocabulary[fact].known_values
        for fact in ("care_manager", "care_level", "insured_category", "consent_to_contact")
    }
    for care_manager in values["care_manager"]:
        for level in values["care_level"]:
            for category in values["insured_category"]:
                for consent in values["consent_to_contact"]:
                    decision = asked(
                        20,
                        ward_judgement="needed",
                        care_manager=care_manager,
                        plan_office="care_support_office",
                        application="none",
                        care_level=level,
                        insured_category=category,
                        consent_to_contact=consent,
                    )
                    wanted = Party.PERSON_OR_FAMILY
                    if care_manager == "assigned":
                        wanted = Party.CARE_MANAGER
                    elif consent == "given" and category in ("second", "deemed_second"):
                        wanted = Party.MUNICIPALITY
                    elif (
                        consent == "given"
                        and category == "first"
                        and level in ("target", "support_1", "support_2")
                    ):
                        wanted = Party.COMMUNITY_SUPPORT_CENTER
                    assert the_one(decision).receiver is wanted
                    assert the_one(decision).standing is OWED
    advice = asked(
        20,
        ward_judgement="needed",
        care_manager="unassigned",
        application="none",
        insured_category="under_40",
    )
    assert duty(advice, "to-family").text.endswith("家族に案内する")
    assert {rule.routed for rule in EDITIONS[20].handoffs} == {"first-contact"}


def test_s20_small_offices_and_the_liaison_office_receive_by_their_own_name() -> None:
    known = {"ward_judgement": "needed"}
    small = the_one(
        asked(20, **known, care_manager="assigned", plan_office="small_multifunctional")
    )
    assert (small.receiver, small.desk) == (Party.CARE_MANAGER, Recipient.SMALL_MULTIFUNCTIONAL)
    assert small.receiver_label == "小規模多機能・看護小規模多機能"
    assert small.as_json()["desk"] == "small_multifunctional"
    desk = the_one(
        asked(20, **known, care_manager="unassigned", care_level="none", application="new")
    )
    assert (desk.receiver, desk.receiver_label) == (Party.HOSPITAL, "病院の連携室")


def test_s21_without_consent_nobody_is_told() -> None:
    need = {"ward_judgement": "needed"}
    assert owed(asked(21, **need, consent_to_contact="given")) == ["tell-center"]
    assert owed(asked(21, **need, consent_kind="comprehensive")) == ["tell-center"]
    refused = asked(21, **need, consent_to_contact="withheld", consent_kind="this_case")
    assert refused.handoffs == ()
    assert waiting(asked(21, **need)) == ["tell-center"]


def test_s22_several_get_it_beside_the_care_manager() -> None:
    told = the_one(asked(22, care_manager="assigned"))
    assert told.receiver is Party.CARE_MANAGER
    assert told.also_to == (
        Recipient.FAMILY_DOCTOR,
        Recipient.DENTIST,
        Recipient.PHARMACIST,
        Recipient.VISITING_NURSE,
        Recipient.FIRE_DEPARTMENT,
    )
    assert told.as_json()["also_to"] == [each.value for each in told.also_to]


def test_s23_who_cannot_is_followed_by_the_next() -> None:
    told = the_one(asked(23, care_manager="assigned"))
    assert told.sender is Party.PERSON_OR_FAMILY
    assert [each.sender for each in told.fallbacks] == [Party.PERSON_OR_FAMILY, Party.HOSPITAL]
    assert told.fallbacks[1] == Fallback(
        Party.HOSPITAL, "病院が介護保険証で担当者を確かめ、連絡する"
    )


def test_s24_one_main_contact_is_chosen_for_each_case() -> None:
    contact = asked(24, care_manager="assigned").main_contact
    assert contact is not None
    assert contact.one_of == (ContactRole.WARD_NURSE, ContactRole.SOCIAL_WORKER)
    assert asked(24, care_manager="unassigned").main_contact is None


def test_s25_both_conventions_are_a_day_apart() -> None:
    decision = asked(25, care_manager="assigned")
    assert duty(decision, "counting-the-first-day").due == date(2026, 11, 26)
    assert duty(decision, "not-counting-the-first-day").due == date(2026, 11, 27)


def test_s26_same_day_rolls_forward_after_hours_and_on_closed_days(tmp_path: Path) -> None:
    closes = tuple((weekday, time(17, 30)) for weekday in range(5))
    office = Calendar(frozenset(range(5)), frozenset({date(2026, 11, 23)}), closes)
    calendars = dict.fromkeys(Whose, office)

    def due(admitted_on: date, clock: time | None) -> date | None:
        moments = Moments(admitted_on, clock)
        return the_one(asked(26, moments, calendars, care_manager="assigned")).due

    assert due(date(2026, 11, 19), time(17, 29)) == date(2026, 11, 19)
    assert due(date(2026, 11, 19), time(17, 30)) == date(2026, 11, 20)
    assert due(date(2026, 11, 20), time(20, 0)) == date(2026, 11, 24)
    assert due(date(2026, 11, 21), time(9, 0)) == date(2026, 11, 24)
    assert due(date(2026, 11, 19), None) == date(2026, 11, 19)
    hours = tmp_path / "hours.yaml"
    hours.write_text("office: {open: [mon, tue, wed, thu, fri], closes: '17:30'}", encoding="utf-8")
    assert calendars_of_file(hours)[Whose.OFFICE].closes == closes
    unknown = "事業所の閉まる時刻が分からないため、営業時間内の入院として数えました"
    late = Moments(date(2026, 11, 19), time(20))
    assert the_one(asked(26, late, care_manager="assigned")).counting.endswith(unknown)
    assert unknown not in the_one(asked(26, late, calendars, care_manager="assigned")).counting
    nobody_knows = Moments(date(2026, 11, 19), None)
    assert the_one(asked(26, nobody_knows, calendars, care_manager="assigned")).counting.endswith(
        "入院の時刻が分からないため、営業時間内の入院として数えました"
    )
    early = the_one(asked(26, care_manager="assigned"))
    assert early.window_from is None
    assert "前もって渡してもよい" in early.counting


def test_s27_the_same_number_of_open_days_ends_by_the_calendar_that_is_named() -> None:
    calendars = {
        Whose.HOSPITAL: Calendar(frozenset(range(7))),
        Whose.OFFICE: MONDAY_TO_FRIDAY,
        Whose.PUBLIC: MONDAY_TO_FRIDAY,
    }
    decision = asked(27, STAY, calendars, care_manager="assigned")
    assert duty(decision, "by-the-office").due == date(2026, 11, 25)
    assert duty(decision, "by-the-hospital").due == date(2026, 11, 23)


def test_a_day_counted_from_the_admission_is_not_overtaken_by_a_discharge_known_later() -> None:
    moments = Moments(
        FRIDAY,
        planned_discharge_on=date(2026, 12, 20),
        discharge_known_on=date(2026, 12, 1),
    )
    decision = asked(27, moments, care_manager="assigned")
    assert {each.short_notice for each in decision.handoffs} == {False}


def test_s28_the_last_day_moves_with_the_planned_discharge_and_may_be_past_already() -> None:
    def notice(planned: date, known: date | None = None) -> Duty:
        moments = Moments(FRIDAY, planned_discharge_on=planned, discharge_known_on=known)
        return the_one(asked(28, moments, care_manager="assigned"))

    assert notice(date(2026, 12, 10)).due == date(2026, 12, 3)
    assert notice(date(2026, 12, 14)).due == date(2026, 12, 7)
    late = notice(date(2026, 12, 10), known=date(2026, 12, 4))
    assert (late.due, late.short_notice) == (date(2026, 12, 3), True)
    in_time = notice(date(2026, 12, 10), known=date(2026, 12, 3))
    assert (in_time.due, in_time.short_notice) == (date(2026, 12, 3), False)


def test_s29_an_event_without_a_number_has_no_date() -> None:
    told = the_one(asked(29, care_manager="assigned"))
    assert (told.due, told.preferred) == (None, None)
    assert told.counting == "日数の定めなし(退院の見通しが立ったら、速やかに)"


def test_s30_a_guide_stands_beside_a_limit_and_also_alone() -> None:
    decision = asked(30, care_manager="assigned")
    notice = duty(decision, "admission-notice")
    assert (notice.preferred, notice.due) == (FRIDAY, date(2026, 11, 22))
    guide = duty(decision, "admission-information")
    assert (guide.preferred, guide.due) == (date(2026, 11, 22), None)


def test_s31_what_is_heard_within_a_week_of_the_discharge_still_counts() -> None:
    left = Moments(FRIDAY, discharged_on=date(2026, 12, 10))
    assert the_one(asked(31, left, care_manager="assigned")).due == date(2026, 12, 17)


def test_s32_the_kind_of_ward_chooses_the_window_and_until_then_the_strictest_holds() -> None:
    def interview(**ward: str) -> Duty:
        return the_one(asked(32, care_manager="assigned", **ward))

    assert interview(ward_kind="general").due == date(2026, 11, 26)
    assert interview(ward_kind="long_term").due == date(2026, 12, 3)
    unsaid = interview()
    assert (unsaid.due, unsaid.standing) == (date(2026, 11, 26), OWED)
    assert unsaid.waits_for == ("ward_kind",)
    assert "いちばん早いもの" in unsaid.counting


def test_s33_a_sudden_discharge_has_its_own_procedure() -> None:
    def notice(known: date | None) -> Duty:
        moments = Moments(FRIDAY, planned_discharge_on=date(2026, 12, 10), discharge_known_on=known)
        return the_one(asked(33, moments, care_manager="assigned"))

    sudden = notice(date(2026, 12, 7))
    assert (sudden.due, sudden.short_notice) == (None, True)
    assert sudden.text.startswith("退院まで3日以内")
    assert sudden.source == "3頁"
    usual = notice(None)
    assert (usual.due, usual.short_notice) == (date(2026, 12, 3), False)
    brief = Moments(FRIDAY, planned_discharge_on=date(2026, 11, 22))
    assert the_one(asked(33, brief, care_manager="assigned")).short_notice
    undated = Moments(FRIDAY)
    assert not the_one(asked(33, undated, care_manager="assigned")).short_notice


def test_s34_the_day_of_admission_chooses_the_number_of_days() -> None:
    def information(admitted_on: date) -> Duty:
        return the_one(asked(34, Moments(admitted_on), care_manager="assigned"))

    assert information(date(2018, 3, 31)).due == date(2018, 4, 6)
    assert information(date(2018, 4, 1)).due == date(2018, 4, 3)
    assert information(date(2024, 3, 31)).due == date(2024, 4, 2)
    assert information(date(2024, 4, 1)).due == date(2024, 4, 1)
    assert information(date(2018, 3, 31)).source == "2頁(平成30年3月まで)"


def test_s35_a_case_enters_in_the_middle_and_passes_the_earlier_stages_over() -> None:
    need = {"ward_judgement": "needed"}
    found = asked(35, **need, care_manager="assigned", care_manager_known="at_admission")
    assert found.stage is not None
    assert (found.stage.id, owed(found)) == ("share", ["admission-notice", "conference"])
    last = asked(35, **need, care_manager="assigned", care_manager_known="at_discharge")
    assert last.stage is not None
    assert (last.stage.id, owed(last)) == ("leave", ["urgent-contact"])
    assert the_one(last).stage == last.stage
    unsure = asked(35, **need, care_manager_known="during_stay")
    assert unsure.stage is None
    assert waiting(unsure) == ["advise-family"]


def test_s36_the_second_exchange_follows_the_first() -> None:
    decision = asked(36, care_manager="assigned")
    assert duty(decision, "second-conference").follows == "first-information"
    assert duty(decision, "first-information").follows is None


def test_s37_a_step_is_due_with_high_need_and_otherwise_by_judgement() -> None:
    assert owed(asked(37, care_manager="assigned", medical_need="high")) == ["discharge-conference"]
    ordinary = {"care_manager": "assigned", "medical_need": "ordinary"}
    assert waiting(asked(37, **ordinary)) == ["discharge-conference"]
    assert asked(37, **ordinary, conference_judgement="skip").handoffs == ()


def test_s38_a_transfer_is_told_to_the_care_manager_and_to_the_next_hospital() -> None:
    decision = asked(38, care_manager="assigned", destination="other_hospital")
    told = [each for each in decision.handoffs if each.kind is HandoffKind.TRANSFER_NOTICE]
    assert [each.receiver for each in told] == [Party.CARE_MANAGER, Party.NEXT_HOSPITAL]


def test_s38_the_clock_starts_again_in_the_next_hospital() -> None:
    arrived = Moments(date(2026, 12, 10))
    known = {"care_manager": "assigned", "destination": "home"}
    again = the_one(asked(38, arrived, **known, residence="hospital"))
    assert (again.rule_id, again.due) == ("admission-information", date(2026, 12, 12))
    assert again.text.endswith("転院先に入院した日から数え直す")
    assert the_one(asked(38, arrived, **known, residence="home")).due == date(2026, 12, 16)


def test_s39_the_care_manager_owes_news_after_the_discharge() -> None:
    left = Moments(FRIDAY, discharged_on=date(2026, 12, 10))
    told = the_one(asked(39, left, care_manager="assigned"))
    assert (told.sender, told.receiver) == (Party.CARE_MANAGER, Party.HOSPITAL)
    assert (told.window_from, told.due) == (date(2026, 12, 10), date(2026, 12, 24))


def test_s40_another_form_will_do_if_what_is_missing_is_added() -> None:
    sheet = the_one(asked(40, care_manager="assigned")).sheet
    assert sheet is not None
    assert sheet.substitution is Substitution.IF_COMPLETE
    assert sheet.lacking(["住まいの様子"]) == ("介護サービスの利用状況", "退院後の希望")
    assert sheet.lacking(sheet.must_have) == ()
    assert EDITIONS[40].sheets[1].substitution is Substitution.EACH_HOSPITAL


def test_s41_a_fax_is_for_emergencies_and_does_not_name_the_person() -> None:
    channels = {each.means: each for each in the_one(asked(41, care_manager="assigned")).channels}
    assert channels[SendingMeans.MAIL].use is ChannelUse.USUAL
    fax = channels[SendingMeans.FAX]
    assert fax.use is ChannelUse.EMERGENCY
    assert fax.shows == (Shown.INITIALS, Shown.AGE, Shown.MUNICIPALITY)
    assert fax.counts_pages


def test_s42_what_is_a_standard_is_never_worded_as_a_failing() -> None:
    decision = asked(42, care_manager="assigned")
    assert duty(decision, "discharge-notice").strength is Strength.STANDARD
    assert duty(decision, "contact-list").strength is Strength.DUTY
    assert "強制ではありません" in Strength.STANDARD.undone
    assert all("違反" not in strength.undone for strength in Strength)


def test_s43_a_renamed_region_is_still_found(tmp_path: Path) -> None:
    folder = tmp_path / "shape_43"
    folder.mkdir()
    (folder / "2016-04-01.yaml").write_bytes(FILES[43].read_bytes())
    library = Library.load(tmp_path)
    for name in ("shape_43", "形43の試験", "釧路圏域退院調整ルール"):
        assert library.region_called(name) == "shape_43"
    assert EDITIONS[43].area == ("釧路", "根室", "中標津")
    assert EDITIONS[43].formerly[0].until == date(2020, 10, 31)


def test_s44_a_list_of_contacts_changes_without_its_rule(tmp_path: Path) -> None:
    folder = tmp_path / "shape_44"
    (folder / "contacts").mkdir(parents=True)
    (folder / "2016-04-01.yaml").write_bytes(FILES[44].read_bytes())
    for day, desk in (("2021-03-01", "地域連携室"), ("2022-04-01", "患者支援センター")):
        said = {
            "region": "shape_44",
            "in_force": day,
            "source": "窓口一覧",
            "desks": [{"organization": "見本中央病院", "desk": desk}],
        }
        (folder / "contacts" / f"{day}.yaml").write_text(json.dumps(said), encoding="utf-8")
    library = Library.load(tmp_path)

    def desk_on(day: date) -> str | None:
        found = library.contacts("shape_44", day)
        return None if found is None else found.desks[0].desk

    assert desk_on(date(2021, 2, 28)) is None
    assert desk_on(date(2022, 3, 31)) == "地域連携室"
    assert desk_on(date(2026, 11, 20)) == "患者支援センター"
    digests = {library.in_force("shape_44", day).digest for day in (FRIDAY, date(2021, 3, 1))}
    assert digests == {EDITIONS[44].digest}


def test_every_edition_of_a_shape_says_that_it_is_invented() -> None:
    editions: list[Edition] = list(EDITIONS.values())
    assert all("架空" in edition.source.title for edition in editions)
