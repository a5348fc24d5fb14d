from datetime import date

from handoffs.database import Database
from handoffs.stays.consent import Consent, ConsentAnswer, ConsentGround, consent_of
from rules import VOCABULARY, Library
from tests.factories import ADMITTED, admit_someone, make_stay
from tests.people import NOW, Cast


def test_the_codes_of_the_answer_are_those_of_the_fact_and_not_asked_is_no_row() -> None:
    codes = {answer.value for answer in ConsentAnswer}
    assert codes | {"unknown"} == set(VOCABULARY["consent_to_contact"].values)


def test_nobody_asked_is_not_a_refusal(database: Database, library: Library, cast: Cast) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        assert consent_of(session, stay.id) is None


def test_the_answer_is_kept_with_its_ground_and_day(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(
            session,
            library,
            cast,
            consent=ConsentAnswer.GIVEN,
            consent_ground=ConsentGround.WRITTEN,
        )
        kept = consent_of(session, stay.id)
        assert kept is not None
        assert (kept.answer, kept.ground, kept.answered_on) == (
            ConsentAnswer.GIVEN,
            ConsentGround.WRITTEN,
            ADMITTED,
        )


def test_the_latest_answer_counts(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        for answer in (ConsentAnswer.GIVEN, ConsentAnswer.WITHHELD):
            session.add(
                Consent(
                    stay_id=stay.id,
                    answer=answer,
                    ground=ConsentGround.ORAL,
                    answered_on=date(2026, 11, 20),
                    recorded_at=NOW,
                )
            )
            session.flush()
        kept = consent_of(session, stay.id)
        assert kept is not None
        assert kept.answer is ConsentAnswer.WITHHELD
