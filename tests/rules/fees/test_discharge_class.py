"""The class of 退院・退所加算 from a hearing log, and when it does not apply."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import FactError
from rules.fees import discharge_table
from rules.fees.discharge_class import (
    CareGroup,
    DischargeFee,
    FeeStanding,
    Hearing,
    HearingLog,
    PlanMaker,
    discharge_fee_class,
)

DISCHARGED = date(2026, 11, 20)
TABLE = discharge_table(DISCHARGED)
LOG = HearingLog(
    hearings=(),
    admitted_on=date(2026, 11, 1),
    discharged_on=DISCHARGED,
    origin="hospital",
    care_group=CareGroup.CARE,
    plan_maker=PlanMaker.CARE_SUPPORT_OFFICE,
    first_time_fee=False,
)


def heard(*days: str, earlier: tuple[str, ...] = ()) -> tuple[Hearing, ...]:
    """Hearings of November 2026: `10` without a conference, `10+` with one, `10?` not written."""
    told = {"+": True, "?": None}
    return tuple(
        Hearing(
            date(2026, 11, int(day.rstrip("+?"))),
            told.get(day[-1], False),
            earlier_institution=day in earlier,
        )
        for day in days
    )


def answer(*days: str, earlier: tuple[str, ...] = ()) -> DischargeFee:
    return discharge_fee_class(TABLE, replace(LOG, hearings=heard(*days, earlier=earlier)))


@pytest.mark.parametrize(
    ("told", "days", "label", "units"),
    [
        ("一回、会議なし", ["10"], "(Ⅰ)イ", 450),
        ("一回、会議あり", ["10+"], "(Ⅰ)ロ", 600),
        ("二回、会議なし", ["10", "12"], "(Ⅱ)イ", 600),
        ("二回、うち会議一回", ["10", "12+"], "(Ⅱ)ロ", 750),
        ("三回、会議なし", ["10", "12", "15"], "(Ⅱ)イ", 600),
        ("三回、うち会議一回", ["10", "12+", "15"], "(Ⅲ)", 900),
        ("五回、会議二回", ["3", "10", "12+", "15", "18+"], "(Ⅲ)", 900),
        ("同じ日に二度は一回", ["10", "10"], "(Ⅰ)イ", 450),
        ("同じ日に聞き取りと会議", ["10", "10+"], "(Ⅰ)ロ", 600),
        ("退院から七日後まで数える", ["10", "27"], "(Ⅱ)イ", 600),
        ("退院から八日後は数えない", ["10", "28"], "(Ⅰ)イ", 450),
        ("会議の有無が分からなくても、ほかの会議で決まる", ["10?", "12+"], "(Ⅱ)ロ", 750),
    ],
)
def test_the_log_says_the_class(told: str, days: list[str], label: str, units: int) -> None:
    found = answer(*days)

    assert found.standing is FeeStanding.CLASS, told
    assert found.fee_class is not None
    assert (found.fee_class.label, found.fee_class.units) == (label, units)


def test_what_the_logic_rests_on_is_told_as_unverified() -> None:
    told = "".join(each.text for each in answer("10").unverified)

    assert "7日以内" in told
    assert "同じ日の聞き取り" in told
    assert "聞き取りの回数" in told


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"care_group": CareGroup.SUPPORT}, "要支援の人は対象外"),
        ({"care_group": CareGroup.NONE}, "認定がない人は対象外"),
        ({"plan_maker": PlanMaker.SMALL_MULTIFUNCTION}, "小規模多機能"),
        ({"plan_maker": PlanMaker.FACILITY}, "施設に入る人は対象外"),
        ({"origin": "other"}, "対象の退院・退所元"),
        ({"first_time_fee": True}, "初回加算とは同時に"),
    ],
)
def test_it_does_not_apply_and_says_why(change: dict[str, object], why: str) -> None:
    found = discharge_fee_class(TABLE, replace(LOG, hearings=heard("10"), **change))  # type: ignore[arg-type]

    assert found.standing is FeeStanding.NOT_COVERED
    assert found.fee_class is None
    assert any(why in reason for reason in found.why)


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"care_group": CareGroup.UNKNOWN}, "要介護か要支援か"),
        ({"plan_maker": PlanMaker.UNKNOWN}, "退院・退所のあとの計画の担当"),
        ({"origin": "unknown"}, "退院・退所元の種類"),
        ({"first_time_fee": None}, "初回加算を数えるか"),
        ({"hearings": heard("10?")}, "会議に出席したか"),
    ],
)
def test_what_is_not_known_is_asked_and_never_taken_for_no(
    change: dict[str, object], missing: str
) -> None:
    log = replace(LOG, **({"hearings": heard("10")} | change))  # type: ignore[arg-type]

    found = discharge_fee_class(TABLE, log)

    assert found.standing is FeeStanding.UNDETERMINED
    assert found.fee_class is None
    assert found.missing == (missing,)


def test_without_a_hearing_that_counts_there_is_no_class() -> None:
    assert answer().standing.label == "対象外"
    late = answer("28")
    assert late.standing is FeeStanding.NOT_COVERED
    assert "7日を過ぎている" in late.why[0]


def test_a_hearing_before_the_stay_is_not_counted() -> None:
    log = replace(LOG, hearings=(Hearing(date(2026, 10, 30), conference=True), *heard("10")))

    found = discharge_fee_class(TABLE, log)

    assert found.fee_class is not None
    assert found.fee_class.units == 450
    assert "入院・入所の前" in found.why[0]


def test_after_a_transfer_the_last_hospital_must_have_been_heard_too() -> None:
    both = answer("5", "15", earlier=("5",))
    assert both.fee_class is not None
    assert both.fee_class.label == "(Ⅱ)イ"
    assert any("計画に反映" in why for why in both.why)

    first_only = answer("5", earlier=("5",))
    assert first_only.standing is FeeStanding.NOT_COVERED
    assert "最後の病院・施設から聞いていない" in first_only.why[0]


def test_a_word_for_the_origin_that_the_table_lacks_is_refused() -> None:
    with pytest.raises(FactError, match="「hospital」ではありませんか"):
        discharge_fee_class(TABLE, replace(LOG, origin="hospitl"))


HEARINGS = st.lists(
    st.tuples(
        st.dates(date(2026, 10, 25), date(2026, 12, 5)), st.sampled_from([True, False, None])
    ),
    max_size=6,
)


@given(told=HEARINGS, more=st.tuples(st.dates(date(2026, 11, 1), DISCHARGED), st.booleans()))
def test_hearing_more_never_lowers_the_class(
    told: list[tuple[date, bool | None]], more: tuple[date, bool]
) -> None:
    hearings = tuple(Hearing(on, conference) for on, conference in told)
    before = discharge_fee_class(TABLE, replace(LOG, hearings=hearings))
    after = discharge_fee_class(TABLE, replace(LOG, hearings=(*hearings, Hearing(*more))))

    if before.fee_class is not None and after.fee_class is not None:
        assert after.fee_class.units >= before.fee_class.units


@given(told=HEARINGS, learned=st.booleans())
def test_learning_whether_there_was_a_conference_never_overturns_a_class(
    told: list[tuple[date, bool | None]], *, learned: bool
) -> None:
    hearings = tuple(Hearing(on, conference) for on, conference in told)
    known = tuple(
        Hearing(on, learned if conference is None else conference) for on, conference in told
    )
    before = discharge_fee_class(TABLE, replace(LOG, hearings=hearings))
    after = discharge_fee_class(TABLE, replace(LOG, hearings=known))

    if before.standing is FeeStanding.CLASS:
        assert after.fee_class == before.fee_class
    if before.standing is FeeStanding.NOT_COVERED:
        assert after.standing is FeeStanding.NOT_COVERED
