"""Whether a respite stay is the first: what a person ticked, and what the record may add to it."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from handoffs.database import Database
from handoffs.decision.assessment import (
    Assessment,
    assess,
    assessment_of,
    earlier_answers,
    reassess,
)
from handoffs.parties import Actor
from handoffs.shown.overview import overview_of
from handoffs.stays.respite import doubt_about, filled_from
from handoffs.stays.stay import Destination, Stay
from rules import Coordination, Library, edition_of
from tests.factories import ADMITTED, admit_someone
from tests.people import NOW, Cast

SHAPE = Path(__file__).parents[2] / "rules" / "shapes" / "s06-exception-to-exclusion.yaml"
RESPITE = {"respite": "respite_stay"}
FIRST = RESPITE | {"respite_before": "none"}
REPEATED = RESPITE | {"respite_before": "some"}
SAME: dict[str, Any] = {"kana": "シメイヒ ナナ", "birth_on": date(1941, 2, 3)}


@pytest.fixture
def respite_rule(tmp_path: Path) -> Library:
    """An edition that leaves out respite stays, the first one excepted."""
    file = tmp_path / "2016-04-01.yaml"
    text = SHAPE.read_text(encoding="utf-8").replace("region: shape_06", "region: mihon")
    file.write_text(text, encoding="utf-8")
    return Library((edition_of(file),))


class Ward:
    """Somebody's stays one after the other, ticked by the ward nurse."""

    def __init__(self, session: Session, library: Library, cast: Cast) -> None:
        self.session, self.library, self.cast = session, library, cast

    def stay(self, admitted_on: date, ticked: Mapping[str, str] | None = None) -> Stay:
        stay = admit_someone(self.session, self.library, self.cast, admitted_on=admitted_on, **SAME)
        if ticked is not None:
            self.tick(stay, ticked)
        return stay

    def tick(self, stay: Stay, ticked: Mapping[str, str]) -> Assessment:
        nurse = self.cast.ward_nurse
        assess(self.session, stay, ticked, library=self.library, by=nurse, now=NOW)
        return self.latest(stay)

    def ask_again(self, stay: Stay) -> Assessment:
        reassess(self.session, stay, library=self.library, by=None, now=NOW)
        return self.latest(stay)

    def latest(self, stay: Stay) -> Assessment:
        made = assessment_of(self.session, stay.id)
        assert made is not None
        return made

    def over(self, stay: Stay, days: int = 3) -> None:
        stay.discharged_on = stay.admitted_on + timedelta(days=days)
        stay.destination = Destination.HOME
        self.session.flush()

    def doubts(self, stay: Stay, actor: Actor | None = None) -> tuple[str, ...]:
        self.session.flush()
        who = actor or self.cast.ward_nurse
        return overview_of(self.session, who, stay.id, library=self.library, now=NOW).doubts


LONG_AGO = ADMITTED - timedelta(days=90)


def test_an_earlier_respite_stay_in_the_record_makes_this_one_a_repeated_one(
    database: Database, respite_rule: Library, cast: Cast
) -> None:
    with database.writing() as session:
        ward = Ward(session, respite_rule, cast)
        ward.over(ward.stay(LONG_AGO, RESPITE))
        stay = ward.stay(ADMITTED)
        made = ward.tick(stay, RESPITE)
        assert made.facts["respite_before"] == "some"
        assert made.outcome["filled"] == ["respite_before"]
        assert made.coordination is Coordination.NOT_REQUIRED
        assert ward.doubts(stay) == ()


@pytest.mark.parametrize("ticked", [{}, {"respite": "none"}, {"respite": "unknown"}])
def test_whether_this_stay_is_for_respite_is_never_taken_from_an_earlier_one(
    database: Database, respite_rule: Library, cast: Cast, ticked: dict[str, str]
) -> None:
    with database.writing() as session:
        ward = Ward(session, respite_rule, cast)
        ward.over(ward.stay(LONG_AGO, RESPITE))
        made = ward.tick(ward.stay(ADMITTED), ticked)
        assert "respite_before" not in made.facts
        assert made.facts.get("respite") != "respite_stay"


@pytest.mark.parametrize("earlier", [None, {}, {"respite": "none"}])
def test_finding_none_says_nothing_so_that_the_answer_waits_for_a_person(
    database: Database, respite_rule: Library, cast: Cast, earlier: dict[str, str] | None
) -> None:
    with database.writing() as session:
        ward = Ward(session, respite_rule, cast)
        ward.over(ward.stay(LONG_AGO, earlier))
        stay = ward.stay(ADMITTED)
        made = ward.tick(stay, RESPITE)
        assert "respite_before" not in made.facts
        assert made.coordination is Coordination.UNDETERMINED
        assert made.outcome["missing"] == ["respite_before"]
        assert ward.tick(stay, FIRST).coordination is Coordination.REQUIRED
        assert ward.tick(stay, REPEATED).coordination is Coordination.NOT_REQUIRED
        assert ward.doubts(stay) == ()


def test_a_ticked_first_stands_and_the_page_says_that_the_record_has_another(
    database: Database, respite_rule: Library, cast: Cast
) -> None:
    with database.writing() as session:
        ward = Ward(session, respite_rule, cast)
        ward.over(ward.stay(date(2026, 8, 22), REPEATED))
        stay = ward.stay(ADMITTED)
        assert ward.tick(stay, FIRST).coordination is Coordination.REQUIRED
        assert ward.ask_again(stay).facts["respite_before"] == "none"
        (doubt,) = ward.doubts(stay)
        assert "2026年8月22日からの入院" in doubt
        assert "選び直してください" in doubt
        assert ward.doubts(stay, cast.care_manager) == ()


def test_what_was_filled_in_goes_when_the_earlier_answer_is_put_right(
    database: Database, respite_rule: Library, cast: Cast
) -> None:
    with database.writing() as session:
        ward = Ward(session, respite_rule, cast)
        earlier = ward.stay(LONG_AGO, RESPITE)
        ward.over(earlier)
        stay = ward.stay(ADMITTED)
        assert ward.tick(stay, RESPITE).facts["respite_before"] == "some"
        ward.tick(earlier, {"respite": "none"})
        made = ward.ask_again(stay)
        assert "respite_before" not in made.facts
        assert "filled" not in made.outcome


def test_neither_a_later_stay_nor_a_cancelled_one_counts(
    database: Database, respite_rule: Library, cast: Cast
) -> None:
    with database.writing() as session:
        ward = Ward(session, respite_rule, cast)
        slip = ward.stay(LONG_AGO, RESPITE)
        ward.over(slip)
        slip.cancelled_at = NOW
        first = ward.stay(LONG_AGO + timedelta(days=30), FIRST)
        ward.over(first)
        second = ward.stay(ADMITTED, REPEATED)
        assert ward.doubts(first) == ()
        days = [day for day, _ in earlier_answers(session, second)]
        assert days == [first.admitted_on]


def test_who_comes_back_on_the_day_of_leaving_was_there_before(
    database: Database, respite_rule: Library, cast: Cast
) -> None:
    with database.writing() as session:
        ward = Ward(session, respite_rule, cast)
        first = ward.stay(ADMITTED, FIRST)
        ward.over(first, days=0)
        second = ward.stay(ADMITTED)
        assert ward.tick(second, RESPITE).facts["respite_before"] == "some"
        assert earlier_answers(session, first) == []


def test_another_person_and_another_hospital_are_not_looked_at(
    database: Database, respite_rule: Library, cast: Cast
) -> None:
    with database.writing() as session:
        ward = Ward(session, respite_rule, cast)
        elsewhere = admit_someone(
            session,
            respite_rule,
            cast,
            by=cast.other_nurse,
            ward_id=cast.foreign_ward_id,
            admitted_on=LONG_AGO,
            **SAME,
        )
        nurse = cast.other_nurse
        assess(session, elsewhere, RESPITE, library=respite_rule, by=nurse, now=NOW)
        ward.over(elsewhere)
        assert "respite_before" not in ward.tick(ward.stay(ADMITTED), RESPITE).facts


def test_of_several_earlier_ones_the_latest_respite_stay_is_named() -> None:
    earlier = [
        (date(2026, 9, 1), {"respite": "none"}),
        (date(2026, 8, 1), RESPITE),
        (date(2026, 7, 1), RESPITE),
    ]
    assert "2026年8月1日" in doubt_about(earlier, FIRST)
    assert doubt_about(earlier, REPEATED) == ""
    assert doubt_about(earlier[:1], FIRST) == ""
    assert filled_from(earlier, FIRST) == {}
    assert filled_from(earlier[:1], RESPITE) == {}
