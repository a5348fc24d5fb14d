"""Being told: addresses, absences, the duty person, what did not arrive, and 対応中."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import select
from time_machine import Traveller

from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.telling.absence import Absence
from handoffs.telling.acknowledgement import Acknowledgement
from handoffs.telling.duty_person import Post, holder_of
from handoffs.telling.mailbox import Mailbox
from handoffs.telling.outbox import (
    Channel,
    Draft,
    Message,
    Outcome,
    Purpose,
    Reason,
    Recipient,
    end,
    enqueue,
)
from rules import HandoffKind, Library
from tests.factories import admit_someone, handoff_of
from tests.people import NAMES, NOW, Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]
SETTINGS = "/messages/settings"


def test_an_address_is_set_changed_and_ended(enter: Enter, database: Database) -> None:
    visitor = enter("care_manager")
    page = visitor.open(SETTINGS)
    assert "まだメールを送っていません" in page.text
    for address in ("cm@example.jp", "cm2@example.jp", ""):
        page = page.form(SETTINGS).fill(own_address=address).submit()
        assert "宛先を登録しました" in page.text
        with database.reading() as session:
            found = session.exec(select(Mailbox.address)).all()
        assert found == ([address] if address else [])
    with database.reading() as session:
        told = session.exec(select(Event).where(Event.act == Act.MAILBOX_SET)).all()
    assert len(told) == 3
    assert "example" not in str([event.detail for event in told])


@pytest.mark.parametrize(
    "address", ["kango", "a@b", "a@example.jp, b@example.jp", "ａ@example.jp", "a b@example.jp"]
)
def test_what_is_no_address_is_shown_again_with_its_reason(
    enter: Enter, database: Database, address: str
) -> None:
    page = enter("ward_nurse").open(SETTINGS).form(SETTINGS).fill(own_address=address).submit(422)
    assert "own_address" in page.errors
    assert address in page.response.text
    with database.reading() as session:
        assert session.exec(select(Mailbox)).all() == []


def test_the_organization_names_its_address_and_its_duty_person(
    enter: Enter, database: Database, cast: Cast
) -> None:
    path = f"{SETTINGS}/office"
    form = enter("ward_nurse").open(SETTINGS).form(path)
    page = form.fill(
        office_address="renkei@example.jp", on_duty=str(cast.discharge_nurse.staff_id)
    ).submit()
    assert "当番を登録しました" in page.text
    with database.reading() as session:
        assert holder_of(session, cast.hospital_id, Post.ON_DUTY) == cast.discharge_nurse.staff_id
        assert holder_of(session, cast.hospital_id, Post.LEAD) is None
        (mailbox,) = session.exec(select(Mailbox)).all()
    assert (mailbox.staff_id, mailbox.address) == (None, "renkei@example.jp")


def test_somebody_of_another_house_cannot_be_named(
    enter: Enter, database: Database, cast: Cast
) -> None:
    visitor = enter("ward_nurse")
    page = visitor.open(SETTINGS)
    assert NAMES["outsider"] not in page.text
    form = page.form(f"{SETTINGS}/office")
    fields = [("form_token", form.value("form_token")), ("form_id", form.value("form_id"))]
    fields += [("office_address", ""), ("on_duty", str(cast.outsider.staff_id)), ("lead", "")]
    visitor.post(f"{SETTINGS}/office", fields, 422)
    with database.reading() as session:
        assert holder_of(session, cast.hospital_id, Post.ON_DUTY) is None


def test_an_absence_is_written_down_and_ended(enter: Enter, database: Database, cast: Cast) -> None:
    path = f"{SETTINGS}/absence"
    form = enter("care_manager").open(SETTINGS).form(path)
    substitute = str(cast.colleague.staff_id)
    page = form.fill(from_on="R8.11.24", to_on="R8.11.27", substitute_id=substitute).submit()
    assert f"代わり {NAMES['colleague']}" in page.text
    with database.reading() as session:
        (absence,) = session.exec(select(Absence)).all()
    page = page.form(f"/messages/absences/{absence.id}/end").submit()
    assert "不在の登録を終えました" in page.text


def test_days_that_cannot_be_are_refused(enter: Enter, database: Database) -> None:
    form = enter("care_manager").open(SETTINGS).form(f"{SETTINGS}/absence")
    page = form.fill(from_on="R8.11.27", to_on="R8.11.24").submit(422)
    assert "始まりの日より前" in page.errors["to_on"]
    with database.reading() as session:
        assert session.exec(select(Absence)).all() == []


def test_nobody_ends_the_absence_of_another(enter: Enter, database: Database, cast: Cast) -> None:
    with database.writing() as session:
        staff_id = cast.colleague.staff_id
        assert staff_id is not None
        absence = Absence(
            staff_id=staff_id,
            from_on=NOW.date(),
            to_on=NOW.date(),
            recorded_at=NOW,
            recorded_by=staff_id,
        )
        session.add(absence)
        session.flush()
        path = f"/messages/absences/{absence.id}/end"
    visitor = enter("care_manager")
    form = visitor.open(SETTINGS).form(SETTINGS)
    fields = [(name, form.value(name)) for name in ("form_token", "form_id")]
    visitor.post(path, fields, 404)
    with database.reading() as session:
        assert session.exec(select(Absence)).one().ended_at is None


def lost_message(database: Database, library: Library, cast: Cast) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        notice = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
        draft = Draft(
            to=Recipient(cast.office_id, cast.care_manager.staff_id),
            purpose=Purpose.REMINDER,
            key="test/1",
            channel=Channel.MAIL,
            not_before=NOW,
            sender_id=cast.hospital_id,
            handoff_id=notice.id,
        )
        enqueue(session, draft, now=NOW)
        message = session.exec(select(Message)).one()
        end(message, Outcome.REFUSED, Reason.BAD_ADDRESS, now=NOW)


def test_what_did_not_arrive_is_work_for_its_sender_until_it_is_settled(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    lost_message(database, library, cast)
    assert "届かなかった連絡" not in enter("care_manager").open("/worklist").text
    assert "届かなかった連絡" not in enter("other_nurse").open("/worklist").text
    page = enter("ward_nurse").open("/worklist")
    assert "見本ケアプランセンター" in page.text
    assert "宛先に届けられないと断られた" in page.text
    page = page.form("/messages/1/settle").submit()
    assert "別の方法で伝えたことを記録しました" in page.text
    assert "届かなかった連絡" not in page.text


def test_taking_up_a_handoff_is_shown_and_expires(
    app: Flask,
    database: Database,
    library: Library,
    cast: Cast,
    clock: Traveller,
) -> None:
    with database.writing() as session:
        stay = admit_someone(session, library, cast)
        handoff_id = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE).id
    clock.move_to(NOW + timedelta(days=5))
    nurse = Visitor(app).arrive(cast.ward_nurse, NOW + timedelta(days=5))
    path = f"/handoffs/{handoff_id}/acknowledge"
    page = nurse.open("/worklist").form(path).submit()
    assert "対応中（" in page.text
    assert path not in page.response.text
    with database.reading() as session:
        until = session.exec(select(Acknowledgement)).one().until
    clock.move_to(until)
    page = Visitor(app).arrive(cast.ward_nurse, until).open("/worklist")
    assert "対応中（" not in page.text
