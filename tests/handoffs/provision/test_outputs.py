"""The table of every way out: nothing is missing from it, and each way is closed as it says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from handoffs.access import visible_stays
from handoffs.database import Database
from handoffs.errors import NotPermitted
from handoffs.fax.channel import Gateway, prepare
from handoffs.handoff import handoffs_of
from handoffs.history import Act
from handoffs.keeping.export_rows import asker_of, rows_of
from handoffs.link.agreement import LinkAgreement
from handoffs.link.case_link import make_link
from handoffs.parties import Organization
from handoffs.provision.outputs import (
    ITEMS,
    OF_ACT,
    OF_PURPOSE,
    READ,
    STOPS,
    Output,
    Stop,
    stays_within,
)
from handoffs.sheets.reservation import ReceiverKind, reserve
from handoffs.sheets.sharing import obstacle
from handoffs.shown.overview import overview_of
from handoffs.shown.paste_text import Target, targets_for
from handoffs.stays.consent import Consent, ConsentAnswer, ConsentGround
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Destination, Stay
from handoffs.stays.transfer import coming_to
from handoffs.telling.outbox import Purpose
from rules import Library
from tests.factories import ADMITTED, admit_someone, make_handoff
from tests.handoffs.fax.test_channel import verified
from tests.people import NOW, Cast

Way = Callable[[Session, Library, Cast, Stay], bool]


def test_every_act_and_every_purpose_is_a_way_out_or_was_looked_at() -> None:
    ways = OF_ACT.keys() | READ
    unsaid = [act.value for act in Act if act not in ways and not stays_within(act)]
    assert unsaid == [], "say in handoffs/provision/outputs.py whether these give something away"
    assert [act.value for act in ways if stays_within(act)] == []
    assert set(OF_PURPOSE) == set(Purpose)
    assert set(STOPS) == set(ITEMS) == set(Output)


def _answer(session: Session, stay: Stay, answer: ConsentAnswer) -> None:
    session.add(
        Consent(
            stay_id=stay.id,
            answer=answer,
            ground=ConsentGround.WRITTEN,
            answered_on=ADMITTED,
            recorded_at=NOW,
        )
    )
    session.flush()


def _stop(session: Session, cast: Cast, stay: Stay, stop: Stop) -> None:
    if stop is Stop.CONSENT:
        _answer(session, stay, ConsentAnswer.WITHHELD)
    elif stop is Stop.RESERVATION:
        kinds = {ReceiverKind.CARE_MANAGER, ReceiverKind.HOSPITAL}
        reserve(session, stay, kinds, by=cast.ward_nurse, now=NOW)
    elif stop is Stop.WISH:
        stay.wants_no_contact = True
    else:
        session.get_one(Patient, stay.patient_id).whereabouts_hidden = True
    session.flush()


def _screen(session: Session, _library: Library, cast: Cast, stay: Stay) -> bool:
    return stay.id in {one.id for one in session.exec(visible_stays(cast.care_manager))}


def _sheet(session: Session, _library: Library, _cast: Cast, stay: Stay) -> bool:
    return obstacle(session, stay, ReceiverKind.CARE_MANAGER) == ""


def _fax(session: Session, _library: Library, cast: Cast, stay: Stay) -> bool:
    verified(session, cast)
    handoff, on = make_handoff(session, stay), Gateway(is_on=True)
    prepare(session, stay, handoff, seen_alike=True, gateway=on, by=cast.ward_nurse, now=NOW)
    return True


def _link(session: Session, _library: Library, cast: Cast, stay: Stay) -> bool:
    session.add(
        LinkAgreement(
            hospital_id=cast.hospital_id,
            organization_id=cast.office_id,
            pin_hash="-",
            telephone="0770-00-0001",
            counterpart="事務 たろう",
            agreed_on=ADMITTED,
            recorded_at=NOW,
            recorded_by=cast.ward_nurse.person_id,
        )
    )
    week, handoff = timedelta(days=7), make_handoff(session, stay)
    make_link(session, stay, handoff, lifetime=week, by=cast.ward_nurse, now=NOW, mailed=False)
    return True


def _network(session: Session, library: Library, cast: Cast, stay: Stay) -> bool:
    by = cast.ward_nurse
    shown = overview_of(session, by, stay.id, library=library, now=NOW)
    reserved = obstacle(session, stay, ReceiverKind.HOSPITAL) != "" and not stay.wants_no_contact
    return Target.MCS in targets_for(shown, by, is_reserved=reserved)


def _transfer(session: Session, _library: Library, cast: Cast, stay: Stay) -> bool:
    stay.discharged_on, stay.destination = NOW.date(), Destination.OTHER_HOSPITAL
    stay.next_hospital_id = cast.other_hospital_id
    session.flush()
    (coming,) = coming_to(session, cast.other_nurse, now=NOW)
    return coming.is_named


def _export(session: Session, _library: Library, cast: Cast, stay: Stay) -> bool:
    rows = rows_of("stay", asker_of(session.get_one(Organization, cast.office_id)))
    assert rows is not None
    return stay.id in {row.id for row in session.execute(rows)}


def _told(session: Session, _library: Library, _cast: Cast, stay: Stay) -> bool:
    """A call is written down after it was made: the record of it is never refused."""
    return bool(handoffs_of(session, stay.id)) or stay.id > 0


WAYS: dict[Output, Way] = {
    Output.SCREEN: _screen,
    Output.TOLD: _told,
    Output.SHEET: _sheet,
    Output.FAX: _fax,
    Output.LINK: _link,
    Output.NETWORK: _network,
    Output.TRANSFER: _transfer,
    Output.EXPORT: _export,
}


@pytest.mark.parametrize("output", Output)
def test_a_way_out_is_open_and_each_of_its_stops_closes_it(
    output: Output, database: Database, library: Library, cast: Cast
) -> None:
    wrong = []
    for stop in (None, *Stop):
        with database.writing() as session:
            stay = admit_someone(session, library, cast)
            _answer(session, stay, ConsentAnswer.GIVEN)
            if stop is not None:
                _stop(session, cast, stay, stop)
            try:
                opened = WAYS[output](session, library, cast, stay)
            except NotPermitted:
                opened = False
            if opened is not (stop is None or stop not in STOPS[output]):
                wrong.append((stop, opened))
            session.rollback()
    assert wrong == []


def test_an_answer_that_is_given_again_opens_it_again(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        everybody = replace(cast.colleague, with_colleagues=True)
        seen = []
        for answer in (ConsentAnswer.WITHHELD, ConsentAnswer.GIVEN):
            _answer(session, stay, answer)
            seen.append(bool(session.exec(visible_stays(everybody)).all()))
        for kinds in ({ReceiverKind.CENTER}, {ReceiverKind.CARE_MANAGER}, set()):
            reserve(session, stay, kinds, by=cast.ward_nurse, now=NOW)
            session.flush()
            seen.append(bool(session.exec(visible_stays(everybody)).all()))
        assert session.exec(select(Stay)).one().id == stay.id
    assert seen == [False, True, True, False, True]
