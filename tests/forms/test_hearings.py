"""The class of 退院・退所加算 from a hearing log: said with reasons, never claimed."""

from dataclasses import replace

import pytest

from forms import FilledSheet, SheetError, render
from forms.answers import Answer
from forms.catalogue import catalogue
from forms.hearings import CAUTION, fee_of, fee_words
from rules.fees import discharge_tables
from rules.fees.discharge_class import FeeStanding
from tests.forms.paper import filled, printed, text


def record(**changed: Answer) -> FilledSheet:
    full = filled("discharge_record")
    return replace(full, answers={**full.answers, **changed})


def heard(*rows: tuple[str, str, str]) -> Answer:
    return tuple(
        {"heard_on": on, "conference": conference, "before_transfer": place}
        for on, conference, place in rows
    )


@pytest.mark.parametrize(
    ("hearings", "expected"),
    [
        (heard(("2026-12-02", "absent", "last")), "(Ⅰ)イ"),
        (heard(("2026-12-02", "attended", "last")), "(Ⅰ)ロ"),
        (heard(("2026-12-02", "absent", "last"), ("2026-12-02", "absent", "last")), "(Ⅰ)イ"),
        (heard(("2026-12-02", "absent", "last"), ("2026-12-08", "absent", "last")), "(Ⅱ)イ"),
        (heard(("2026-11-25", "absent", "earlier"), ("2026-12-08", "attended", "last")), "(Ⅱ)ロ"),
        # Heard in the hospital before, and so before this one's day of admission.
        (heard(("2026-10-05", "absent", "earlier"), ("2026-12-08", "attended", "last")), "(Ⅱ)ロ"),
        (heard(("2026-10-05", "absent", "last"), ("2026-12-08", "attended", "last")), "(Ⅰ)ロ"),
    ],
)
def test_the_log_falls_into_a_class(hearings: Answer, expected: str) -> None:
    fee = fee_of(record(hearings=hearings))
    assert fee is not None
    assert fee.fee_class is not None
    assert fee.fee_class.label == expected
    assert fee.why


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"care_level": "support"}, "要支援の人は対象外"),
        ({"plan_maker": "small_multifunction"}, "小規模多機能"),
        ({"plan_maker": "facility"}, "施設に入る人は対象外"),
        (
            {"hearings": heard(("2026-11-25", "absent", "earlier"))},
            "最後の病院・施設から聞いていない",
        ),
    ],
)
def test_where_the_fee_does_not_apply_the_record_says_so(
    changed: dict[str, Answer], reason: str
) -> None:
    sheet = record(**changed)
    fee = fee_of(sheet)
    assert fee is not None
    assert fee.standing is FeeStanding.NOT_COVERED
    assert reason in "".join(fee.why)
    assert "対象外" in text(render(sheet))


def test_a_day_in_the_reasons_stands_in_its_era() -> None:
    before = heard(("2026-10-05", "absent", "last"), ("2026-12-08", "absent", "last"))
    words = fee_words(record(hearings=before))
    assert words is not None
    assert words.why[0] == "令和8年10月5日は、この施設への入院・入所の前なので数えない"


def test_what_is_open_is_named_instead_of_guessed() -> None:
    fee = fee_of(record(plan_maker="", first_time_fee="", origin=""))
    assert fee is not None
    assert fee.standing is FeeStanding.UNDETERMINED
    assert len(fee.missing) == 3


def test_nothing_is_said_before_anybody_was_heard() -> None:
    assert fee_of(record(hearings=())) is None
    assert fee_of(record(discharge_on="")) is None
    assert fee_of(record(admitted_on="2017-01-01", discharge_on="2017-02-01")) is None


def test_the_paper_says_the_class_the_reasons_and_that_it_claims_nothing() -> None:
    shown = text(printed("discharge_record", "full"))
    assert "区分の目安：(Ⅲ)" in shown
    assert "聞き取りは3日" in shown
    assert CAUTION in shown


def test_other_sheets_have_no_hearing_log() -> None:
    assert fee_words(filled("admission_information")) is None
    with pytest.raises(SheetError, match="退院・退所情報記録書"):
        fee_of(filled("admission_information"))


def test_the_places_that_can_be_left_are_those_of_the_fee_table() -> None:
    offered = {one.id: one.label for one in catalogue().codes["origins"]}
    assert discharge_tables()[-1].origins.items() <= offered.items()
    assert set(offered) - set(discharge_tables()[-1].origins) == {"other", "unknown"}
