from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from handoffs.database import Database
from handoffs.errors import BadEntry, NotPermitted, NotVisible
from handoffs.handoff import State, handoffs_of, state
from handoffs.plan_office import plan_office_of
from handoffs.rates import of_month
from handoffs.rates.cases import discharged_cases
from handoffs.stays.cancellation import CancelReason, cancel
from handoffs.stays.consent import ConsentAnswer, ConsentGround, consent_of
from handoffs.stays.contacts import ContactPerson, ContactRole, contacts_of
from handoffs.stays.discharge_undo import undo_discharge
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Destination, Stay
from handoffs.stays.transfer import coming_to, episode_of, other_hospitals, take_over
from handoffs.tokyo import day_of, first_of_month
from rules import HandoffKind, Library, Party
from tests.factories import admit_someone, leave, make_handoff
from tests.people import NOW, REGION, Cast

DAY = timedelta(days=1)
AGREED: dict[str, Any] = {"consent": ConsentAnswer.GIVEN, "consent_ground": ConsentGround.ORAL}


def _transferred(
    session: Session,
    library: Library,
    cast: Cast,
    *,
    to: int | None,
    **admission: Any,  # noqa: ANN401
) -> Stay:
    stay = admit_someone(session, library, cast, **(AGREED | admission))
    leave(
        session,
        library,
        cast,
        stay,
        now=NOW,
        destination=Destination.OTHER_HOSPITAL,
        next_hospital_id=to,
    )
    session.flush()
    return stay


def test_the_next_hospital_takes_the_person_over_with_what_is_known(
    database: Database, library: Library, cast: Cast
) -> None:
    nurse = cast.other_nurse
    with database.writing() as session:
        earlier = _transferred(session, library, cast, to=cast.other_hospital_id)
        session.add(
            ContactPerson(
                stay_id=earlier.id,
                role=ContactRole.KEY_PERSON,
                relation="長女",
                recorded_at=NOW,
            )
        )
        session.flush()
        (announced,) = coming_to(session, nurse, now=NOW)
        assert announced.is_named
        stay = take_over(
            session,
            earlier.id,
            ward_id=cast.foreign_ward_id,
            library=library,
            by=nurse,
            now=NOW,
        )
        session.flush()
        assert (stay.hospital_id, stay.admitted_on) == (cast.other_hospital_id, day_of(NOW))
        assert stay.continues_id == earlier.id
        was = session.get_one(Patient, earlier.patient_id)
        here = session.get_one(Patient, stay.patient_id)
        assert (here.name, here.birth_on) == (was.name, was.birth_on)
        assert here.id != was.id
        plan = plan_office_of(session, stay.id)
        assert plan is not None
        assert plan.organization_id == cast.office_id
        consent = consent_of(session, stay.id)
        assert consent is not None
        assert consent.ground is ConsentGround.ORAL
        assert [c.relation for c in contacts_of(session, stay.id)] == ["長女"]
        assert coming_to(session, nurse, now=NOW) == ()
        parts = episode_of(session, stay)
        assert [p.hospital for p in parts] == ["見本中央病院", "見本東病院"]
        assert [p.is_this for p in parts] == [False, True]
        assert [p.is_this for p in episode_of(session, earlier)] == [True, False]


def test_without_consent_the_next_hospital_learns_that_somebody_comes_and_not_who(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = _transferred(session, library, cast, to=cast.other_hospital_id, consent=None)
        (announced,) = coming_to(session, cast.other_nurse, now=NOW)
        assert (announced.is_named, announced.name, announced.kana) == (False, "", "")
        assert announced.birth_on is None
        assert announced.code == stay.code
        with pytest.raises(NotPermitted, match="同意"):
            take_over(
                session,
                stay.id,
                ward_id=cast.foreign_ward_id,
                library=library,
                by=cast.other_nurse,
                now=NOW,
            )


def test_nobody_but_the_named_hospital_hears_of_it(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = _transferred(session, library, cast, to=cast.other_hospital_id)
        for actor in (cast.ward_nurse, cast.care_manager, cast.health_officer):
            assert coming_to(session, actor, now=NOW) == ()
        with pytest.raises(NotVisible):
            take_over(session, stay.id, ward_id=1, library=library, by=cast.ward_nurse, now=NOW)
        assert coming_to(session, cast.other_nurse, now=NOW + 40 * DAY) == ()


def test_a_registration_that_was_cancelled_announces_the_person_again(
    database: Database, library: Library, cast: Cast
) -> None:
    nurse = cast.other_nurse
    with database.writing() as session:
        earlier = _transferred(session, library, cast, to=cast.other_hospital_id)
        ward_id = cast.foreign_ward_id
        stay = take_over(session, earlier.id, ward_id=ward_id, library=library, by=nurse, now=NOW)
        session.flush()
        with pytest.raises(NotPermitted, match="転院先"):
            undo_discharge(
                session,
                earlier,
                version=earlier.version,
                library=library,
                by=cast.ward_nurse,
                now=NOW,
            )
        with pytest.raises(NotPermitted, match="転院先"):
            cancel(
                session,
                earlier,
                CancelReason.OTHER,
                version=earlier.version,
                by=cast.ward_nurse,
                now=NOW,
            )
        cancel(session, stay, CancelReason.OTHER, version=stay.version, by=nurse, now=NOW)
        session.flush()
        assert len(coming_to(session, nurse, now=NOW)) == 1
        assert episode_of(session, earlier) == ()
        take_over(session, earlier.id, ward_id=ward_id, library=library, by=nurse, now=NOW)


def test_taking_over_confirms_the_notice_to_the_next_hospital(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        earlier = _transferred(session, library, cast, to=cast.other_hospital_id)
        notice = make_handoff(
            session,
            earlier,
            kind=HandoffKind.TRANSFER_NOTICE,
            receiver=Party.NEXT_HOSPITAL,
            receiver_id=cast.other_hospital_id,
            due_on=None,
        )
        take_over(
            session,
            earlier.id,
            ward_id=cast.foreign_ward_id,
            library=library,
            by=cast.other_nurse,
            now=NOW,
        )
        assert state(notice, NOW) is State.CONFIRMED


def test_where_the_edition_says_so_the_care_manager_and_the_next_hospital_get_a_notice_each(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast, **AGREED)
        stay.region = "fukui"
        leave(
            session,
            library,
            cast,
            stay,
            now=NOW,
            destination=Destination.OTHER_HOSPITAL,
            next_hospital_id=cast.other_hospital_id,
        )
        notices = [
            (h.receiver, h.receiver_id)
            for h in handoffs_of(session, stay.id)
            if h.kind is HandoffKind.TRANSFER_NOTICE and h.withdrawn_at is None
        ]
        assert sorted(notices) == [
            (Party.CARE_MANAGER, cast.office_id),
            (Party.NEXT_HOSPITAL, cast.other_hospital_id),
        ]
        undo_discharge(
            session,
            stay,
            version=stay.version,
            library=library,
            by=cast.ward_nurse,
            now=NOW,
        )
        waiting = [
            (state(h, NOW), h.receiver_id)
            for h in handoffs_of(session, stay.id)
            if h.receiver is Party.NEXT_HOSPITAL and h.withdrawn_at is None
        ]
        assert waiting == [(State.UNDETERMINED, None)]


def test_a_transfer_to_a_hospital_that_does_not_take_part_is_counted_beside_the_rate(
    database: Database, library: Library, cast: Cast
) -> None:
    month = first_of_month(day_of(NOW))
    with database.writing() as session:
        _transferred(session, library, cast, to=None)
        _transferred(session, library, cast, to=cast.other_hospital_id)
        cases = discharged_cases(session, REGION, month, NOW)
        assert sorted(case.untraceable for case in cases) == [False, True]
        figures = of_month(session, REGION, month, region_name="見本", hospital_names=True, now=NOW)
        beside = dict(figures.measures[0].beside)
        assert beside["分母に含まない: 転院"] == 2
        (untraceable,) = [count for label, count in beside.items() if "追跡不能" in label]
        assert untraceable == 1
        assert figures.measures[0].total.of == 0


def test_a_transfer_goes_to_another_hospital_of_the_record_and_nothing_else_does(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        assert [o.id for o in other_hospitals(session, cast.ward_nurse)] == [cast.other_hospital_id]
        stay = admit_someone(session, library, cast)
        for destination, to in (
            (Destination.HOME, cast.other_hospital_id),
            (Destination.OTHER_HOSPITAL, cast.hospital_id),
            (Destination.OTHER_HOSPITAL, cast.office_id),
        ):
            with pytest.raises(BadEntry) as refused:
                leave(
                    session,
                    library,
                    cast,
                    stay,
                    now=NOW,
                    destination=destination,
                    next_hospital_id=to,
                )
            assert set(refused.value.fields) == {"next_hospital_id"}
