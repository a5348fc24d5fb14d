from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from handoffs.calendars import calendars_for
from handoffs.database import Database
from handoffs.decision.assessment import (
    Assessment,
    Occasion,
    assess,
    assessment_of,
    reassess,
)
from handoffs.decision.circumstances import Circumstances, circumstances_of
from handoffs.decision.recorded_facts import derived_facts
from handoffs.decision.standpoint import standpoint
from handoffs.handoff import Handoff, handoffs_of
from handoffs.history import Act, events_of
from handoffs.moved import moments_as_json
from handoffs.parties import Organization, Ward
from handoffs.plan_office import PlanOffice, PlanStatus, plan_office_of
from handoffs.planning import PlanEntry
from handoffs.stays.discharge import PlannedDischargeEntry, plan_discharge
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Destination, PlannedCertainty
from rules import Coordination, FactError, Facts, HandoffKind, Library, decide
from tests.factories import ADMITTED, admit_someone, handoff_of, make_stay
from tests.people import NOW, Cast

UNASSIGNED = PlanEntry(status=PlanStatus.UNASSIGNED)
SHORT = {"stay_length": "short", "support_change": "unchanged", "ward_judgement": "not_needed"}


def test_every_decision_is_a_new_row_and_no_row_is_rewritten(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, plan=UNASSIGNED)
        first = assessment_of(session, stay.id)
        assert first is not None
        kept = first.model_dump()
        assess(
            session, stay, {"mobility": "full_help"}, library=library, by=cast.ward_nurse, now=NOW
        )
        session.flush()
        rows = session.exec(select(Assessment).order_by(Assessment.id)).all()  # type: ignore[arg-type]
        assert [row.occasion for row in rows] == [Occasion.ADMISSION, Occasion.ASSESSMENT]
        assert rows[0].model_dump() == kept
        assert rows[1].judged_by == cast.ward_nurse.staff_id
        assert rows[1].made_at == NOW


def test_the_edition_of_the_day_of_admission_governs_even_when_a_later_one_is_in_force(
    database: Database, library: Library, cast: Cast
) -> None:
    last_day_of_the_first = date(2027, 3, 31)
    later = NOW + timedelta(days=200)
    with database.writing() as session:
        old = admit_someone(session, library, cast, admitted_on=last_day_of_the_first, now=later)
        new = admit_someone(session, library, cast, admitted_on=date(2027, 4, 1), now=later)
        reassess(session, old, library=library, by=cast.ward_nurse, now=later)
        in_force = {
            stay.id: assessment.edition_in_force
            for stay in (old, new)
            if (assessment := assessment_of(session, stay.id))
        }
        assert in_force == {old.id: "2024-04-01", new.id: "2027-04-01"}
        due = {
            stay.id: handoff_of(session, stay, HandoffKind.ADMISSION_INFORMATION).due_on
            for stay in (old, new)
        }
        assert due[old.id] == date(2027, 4, 6)
        assert due[new.id] != date(2027, 4, 7)


def test_deciding_again_from_what_was_kept_gives_what_was_kept(
    database: Database, library: Library, cast: Cast
) -> None:
    ticked = {"mobility": "partial_help", "living": "alone", "falls": "fell"}
    with database.writing() as session:
        stay = admit_someone(session, library, cast, plan=UNASSIGNED)
        assess(session, stay, ticked, library=library, by=cast.ward_nurse, now=NOW)
        row = assessment_of(session, stay.id)
        assert row is not None
        edition = library.edition(row.region, date.fromisoformat(row.edition_in_force))
        assert edition.digest == row.edition_digest
        here = standpoint(
            stay,
            row.facts,
            circumstances_of(session, stay),
            required_at=row.made_at,
            library=library,
            now=NOW,
        )
        again = decide(
            edition,
            Facts.of(row.facts, edition.vocabulary),
            here.moments,
            calendars_for(
                session.get_one(Organization, stay.hospital_id),
                None,
                stay.admitted_on,
                stay.admitted_on,
            ),
        )
        beside = {"moments": moments_as_json(here.moments), "recorded": list(here.recorded)}
        assert again.as_json() | beside == row.outcome
        assert again.coordination is row.coordination


@pytest.mark.parametrize(
    "ticked", [{"mobility": "sometimes"}, {"moblity": "full_help"}, {"MOBILITY": "full_help"}]
)
def test_a_word_that_the_edition_does_not_know_is_refused_and_saves_nothing(
    database: Database, library: Library, cast: Cast, ticked: dict[str, str]
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, plan=UNASSIGNED)
    with pytest.raises(FactError), database.writing() as session:
        assess(session, stay, ticked, library=library, by=cast.ward_nurse, now=NOW)
    with database.reading() as session:
        assert len(session.exec(select(Assessment)).all()) == 1


def test_what_the_record_knows_wins_over_what_was_ticked(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, plan=UNASSIGNED)
        assess(
            session,
            stay,
            {"care_manager": "assigned", "care_level": "none"},
            library=library,
            by=cast.ward_nurse,
            now=NOW,
        )
        row = assessment_of(session, stay.id)
        assert row is not None
        assert (row.facts["care_manager"], row.facts["care_level"]) == ("unassigned", "care_2")


def test_a_fact_that_was_known_once_and_is_unknown_now_is_unknown(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        plan = plan_office_of(session, stay.id)
        assert plan is not None
        plan.superseded = True
        session.flush()
        session.add(PlanOffice(stay_id=stay.id, status=PlanStatus.UNKNOWN, recorded_at=NOW))
        session.flush()
        decision = reassess(session, stay, library=library, by=None, now=NOW)
        row = assessment_of(session, stay.id)
        assert row is not None
        assert "care_manager" not in row.facts
        assert row.judged_by is None
        assert decision.coordination is Coordination.UNDETERMINED


def test_ticks_stay_when_a_date_moves(database: Database, library: Library, cast: Cast) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, plan=UNASSIGNED)
        assess(session, stay, {"eating": "full_help"}, library=library, by=cast.ward_nurse, now=NOW)
        plan_discharge(
            session,
            stay,
            PlannedDischargeEntry(
                planned_discharge_on=date(2026, 12, 10),
                planned_certainty=PlannedCertainty.ABOUT,
                version=stay.version,
            ),
            library=library,
            by=cast.ward_nurse,
            now=NOW,
        )
        row = assessment_of(session, stay.id)
        assert row is not None
        assert row.occasion is Occasion.CHANGE
        assert row.facts["eating"] == "full_help"


def test_a_tick_that_a_corrected_edition_no_longer_knows_is_left_behind_by_the_clock(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        session.add(
            Assessment(
                stay_id=stay.id,
                occasion=Occasion.ASSESSMENT,
                region="mihon",
                edition_in_force="2024-04-01",
                edition_digest="",
                facts={
                    "once_asked": "yes_it_was",
                    "respite": "first",
                    "mobility": "full_help",
                },
                coordination=Coordination.REQUIRED,
                made_at=NOW,
            )
        )
        session.flush()
        reassess(session, stay, library=library, by=None, now=NOW)
        row = assessment_of(session, stay.id)
        assert row is not None
        assert row.facts["mobility"] == "full_help"
        assert not {"once_asked", "respite"} & set(row.facts)


def test_a_stay_that_was_never_assessed_can_be_decided_about(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        decision = reassess(session, stay, library=library, by=None, now=NOW)
        assert decision.coordination is Coordination.REQUIRED


def test_nothing_known_of_a_person_makes_only_unknown_facts(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        nothing = Circumstances(
            hospital=session.get_one(Organization, stay.hospital_id),
            wards=(session.get_one(Ward, stay.ward_id),),
            in_region=None,
        )
        facts = derived_facts(stay, nothing)
    assert facts == {
        "care_manager": "unknown",
        "consent_to_contact": "unknown",
        "ward_kind": "general",
        "ward_path": "one_ward",
        "hospital_area": "in_area",
    }


def test_the_record_says_which_ward_where_from_and_where_to(database: Database, cast: Cast) -> None:
    left: dict[str, Any] = {
        "discharged_on": ADMITTED,
        "destination": Destination.HEALTH_FACILITY,
    }
    with database.writing() as session:
        stay = make_stay(session, cast, **left)
        session.get_one(Patient, stay.patient_id).in_region = False
        facts = derived_facts(stay, circumstances_of(session, stay))
        assert (facts["home_area"], facts["destination"]) == ("out_of_area", "facility")
        stay.destination = Destination.SELF_DISCHARGE
        assert "destination" not in derived_facts(stay, circumstances_of(session, stay))


def test_an_exclusion_is_kept_as_such_and_takes_the_handoffs_back(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, plan=UNASSIGNED)
        assert handoffs_of(session, stay.id)
        decision = assess(session, stay, SHORT, library=library, by=cast.ward_nurse, now=NOW)
        row = assessment_of(session, stay.id)
        assert row is not None
        assert decision.coordination is Coordination.NOT_REQUIRED
        assert row.excluded
        assert all(h.withdrawn_at == NOW for h in handoffs_of(session, stay.id))
        acts = [e.act for e in events_of(session, stay.id)]
        assert acts.count(Act.HANDOFF_WITHDRAW) == acts.count(Act.HANDOFF_OPEN)


def test_not_required_without_an_exclusion_is_not_excluded(
    database: Database, library: Library, cast: Cast
) -> None:
    independent = {
        "living": "with_family",
        "housework": "independent",
        "medication": "independent",
        "mobility": "independent",
        "eating": "independent",
        "toileting": "independent",
        "portable_toilet": "not_in_use",
        "bathing": "independent",
        "dementia": "none",
        "cancer": "none",
        "medical_procedure": "none",
        "falls": "none",
        "stay_length": "longer",
        "ward_judgement": "not_needed",
    }
    with database.writing() as session:
        stay = admit_someone(
            session, library, cast, plan=UNASSIGNED, care_level="none", application="none"
        )
        assess(session, stay, independent, library=library, by=cast.ward_nurse, now=NOW)
        row = assessment_of(session, stay.id)
        assert row is not None
        assert (row.coordination, row.excluded) == (Coordination.NOT_REQUIRED, False)


def test_every_word_of_every_shipped_edition_fits_its_column(library: Library) -> None:
    width = {
        name: Handoff.__table__.c[name].type.length  # type: ignore[attr-defined]
        for name in ("rule_id", "text", "source", "counting")
    }
    for edition in library.editions:
        assert len(edition.region) <= 40
        assert len(edition.digest) <= 64
        for rule in edition.handoffs:
            assert len(rule.id) <= width["rule_id"]
            assert len(rule.text) <= width["text"]
            assert len(rule.source) <= width["source"]
            assert len(rule.due.words) <= width["counting"]
