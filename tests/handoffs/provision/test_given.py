"""What the person is told: who got what, when, and on the ground that counted then."""

from datetime import timedelta

import pytest

from handoffs.database import Database
from handoffs.errors import NotVisible
from handoffs.history import Act, named, record
from handoffs.passing import send
from handoffs.provision.csv_file import csv_file
from handoffs.provision.given import NO_ANSWER, provisions_of
from handoffs.provision.outputs import Output
from handoffs.statement import Means, Result
from handoffs.stays.consent import Consent, ConsentAnswer, ConsentGround
from rules import HandoffKind, Library, Party
from tests.factories import ADMITTED, admit_someone, make_handoff, talked
from tests.people import NOW, Cast

HOUR = timedelta(hours=1)


def test_each_provision_stands_with_its_receiver_and_the_ground_that_counted_then(
    database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        other = admit_someone(session, library, cast)
        nurse = cast.ward_nurse
        send(session, stay, make_handoff(session, stay), talked(), by=nurse, now=NOW)
        session.add(
            Consent(
                stay_id=stay.id,
                answer=ConsentAnswer.GIVEN,
                ground=ConsentGround.WRITTEN,
                answered_on=ADMITTED,
                recorded_at=NOW + HOUR,
            )
        )
        posted = talked(means=Means.POST, result=Result.SENT)
        send(session, stay, make_handoff(session, stay), posted, by=nurse, now=NOW + 2 * HOUR)
        advised = make_handoff(
            session, stay, kind=HandoffKind.REFERRAL, receiver=Party.PERSON_OR_FAMILY
        )
        send(session, stay, advised, talked(), by=nurse, now=NOW + 2 * HOUR)
        for hours in (3, 5):
            seen = named([stay.id, other.id])
            at = NOW + hours * HOUR
            record(session, cast.care_manager, Act.STAY_LIST, now=at, shown=seen)
        record(session, nurse, Act.STAY_READ, now=NOW + 6 * HOUR, stay_id=stay.id)
        text = {"network": True}
        record(session, nurse, Act.STAY_TEXT, now=NOW + 7 * HOUR, stay_id=stay.id, detail=text)
        stay_id, other_id = stay.id, other.id

    with database.reading() as session:
        found = provisions_of(session, nurse, stay_id)
        assert [(one.output, one.way, one.ground, one.times) for one in found] == [
            (Output.TOLD, "電話", NO_ANSWER, 1),
            (Output.TOLD, "郵送", ConsentGround.WRITTEN.label, 1),
            (Output.SCREEN, Output.SCREEN.label, ConsentGround.WRITTEN.label, 2),
            (Output.NETWORK, Output.NETWORK.label, ConsentGround.WRITTEN.label, 1),
        ]
        assert {one.receiver for one in found[:3]} == {cast.care_manager.organization}
        assert {one.giver for one in found} == {nurse.organization}
        assert [one.output for one in provisions_of(session, nurse, other_id)] == [Output.SCREEN]
        for stranger in (cast.care_manager, cast.other_nurse, cast.health_officer):
            with pytest.raises(NotVisible):
                provisions_of(session, stranger, stay_id)
    lines = csv_file(found).decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(found)
    assert ConsentGround.WRITTEN.label in lines[2]
