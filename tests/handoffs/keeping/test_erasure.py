"""One person's request: looked at, then erased everywhere or refused, and what is counted stays."""

import argparse
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from handoffs.accounts.draft import Draft
from handoffs.audit.chain import chain_more
from handoffs.audit.verify import verify
from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.keeping import erasure_command
from handoffs.keeping.errors import KeepingError
from handoffs.keeping.hold import hold, release
from handoffs.keys import KeyRing, new_key
from handoffs.link.case_link import CaseLink, CaseLinkSecret, LinkPurpose
from handoffs.rates import of_month
from handoffs.roster.keeping import RosterPerson, take_in_roster
from handoffs.roster.kept import RosterEntry
from handoffs.shown.downtime import downtime_of
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from handoffs.telling.outbox import (
    Channel,
    Message,
    Outcome,
    Purpose,
    Reason,
    Recipient,
    enqueue,
)
from handoffs.telling.outbox import Draft as Letter
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import handoff_of
from tests.handoffs.keeping.test_export import everything, taken
from tests.handoffs.keeping.test_retention import NUMBER, rows_of, said_of, someone
from tests.people import NOW, REGION, Cast

CANARY = "ケスヒト"
AFTER = NOW + timedelta(days=40)
MONTH = NOW.date().replace(day=1)


def erase(database: Database, data: Path, *words: str) -> list[str]:
    """Give the command, as at the machine."""
    parser = argparse.ArgumentParser()
    erasure_command.describe(parser.add_subparsers(dest="command"))
    given = parser.parse_args(["erase", "--hospital", NUMBER, *words])
    return erasure_command.run(database, data, given, AFTER)


def sign_in(lines: list[str]) -> str:
    return next(line for line in lines if "--confirm" in line).split("--confirm ")[1].split()[0]


def waiting(session: Session, cast: Cast, stay: Stay) -> None:
    """Everything about somebody that is on its way or half written: queue, link, draft, roster."""
    handoff = handoff_of(session, stay, HandoffKind.ADMISSION_NOTICE)
    to = Recipient(cast.office_id)
    enqueue(
        session,
        Letter(to, Purpose.FAX, f"k{stay.id}", Channel.FAX, NOW, None, stay.id, handoff.id),
        now=NOW,
    )
    link = CaseLink(
        stay_id=stay.id, handoff_id=handoff.id, hospital_id=cast.hospital_id,
        organization_id=cast.office_id, purpose=next(iter(LinkPurpose)), made_at=NOW,
        made_by=cast.ward_nurse.person_id, expires_at=AFTER + timedelta(days=1),
        answered_by=CANARY,
    )  # fmt: skip
    session.add(link)
    session.flush()
    session.add(CaseLinkSecret(digest="0" * 64, link_id=link.id))
    typed = {"words": [f"{CANARY}の様子"]}
    writer = cast.ward_nurse.person_id
    session.add(Draft(staff_id=writer, path=f"/stays/{stay.id}", fields=typed, kept_at=NOW))
    patient = session.get_one(Patient, stay.patient_id)
    patient.name, patient.kana = f"{CANARY} 八重", f"{CANARY} ヤエ"
    session.add(Draft(staff_id=writer, path="/x#1", fields={"n": [patient.name]}, kept_at=NOW))
    session.add(Draft(staff_id=writer, path=f"/stays/{stay.id}9", fields={}, kept_at=NOW))
    people = [
        RosterPerson(patient.kana, patient.birth_on),
        RosterPerson("シメイヒ タロウ", patient.birth_on),
    ]
    take_in_roster(session, people, by=cast.care_manager, now=NOW, digest="a")
    session.flush()


def counted(database: Database) -> object:
    with database.reading() as session:
        rates = of_month(session, REGION, MONTH, region_name="", hospital_names=True, now=AFTER)
    return [(one.id, one.total, one.beside) for one in rates.measures]


def silent(session: Session, gone: int) -> None:
    """Nothing about somebody leaves any more, and no link or digest leads to them."""
    message = session.exec(select(Message).where(Message.stay_id == gone)).one()
    assert (message.outcome, message.reason) == (Outcome.CANCELLED, Reason.ERASED)
    assert not session.exec(select(CaseLinkSecret)).all()
    assert session.exec(select(CaseLink)).one().revoked_at is not None
    assert len(session.exec(select(RosterEntry)).all()) == 1


def no_byte_is_left(database: Database) -> None:
    """On SQLite, where what is deleted may stay in the file."""
    if database.engine.dialect.name == "sqlite":
        file = Path(str(database.engine.url.database))
        log = file.with_name(f"{file.name}-wal")
        assert CANARY.encode() not in file.read_bytes() + log.read_bytes()


def test_what_somebody_asked_to_erase_is_found_nowhere_and_the_rest_stays(
    either: tuple[Database, Cast], library: Library, tmp_path: Path
) -> None:
    database, cast = either
    database.keys = keys = KeyRing.of(new_key())
    with database.writing() as session:
        stay = someone(session, library, cast)
        gone, code = stay.id, stay.code
        waiting(session, cast, stay)
        here = someone(session, library, cast).id
    with database.writing() as session:
        chain_more(session, keys, NOW + timedelta(days=1))
    kits = tmp_path / "downtime"
    kits.mkdir()
    for house in (cast.hospital_id, cast.other_hospital_id):
        (kits / f"downtime-kit-{house}.pdf").write_bytes(b"%PDF")
    before, rates = rows_of(database), counted(database)
    assert MARK in said_of(before, gone)
    assert CANARY in repr(before["draft"])

    lines = erase(database, tmp_path, "--code", code.lower())
    assert rows_of(database) == before
    assert MARK not in repr(lines)
    assert CANARY not in repr(lines)
    assert "様式に添えた書類(PDF) 1" in lines[1]
    assert not any("concern" in line or "疑い" in line for line in lines)
    assert "送る前の連絡 1件、書きかけ 2件、担当者名簿の照合用の値 1件" in lines[2]

    said = erase(
        database, tmp_path, "--code", code, "--confirm", sign_in(lines), "--asked-on", "2026-11-30"
    )
    assert "停止時用紙一式1件" in said[1]
    assert [one.name for one in kits.iterdir()] == [f"downtime-kit-{cast.other_hospital_id}.pdf"]

    after = rows_of(database)
    assert CANARY not in repr(after)
    assert MARK not in said_of(after, gone)
    assert [one["path"] for one in after["draft"]] == [f"/stays/{gone}9"]
    assert said_of(after, here) == said_of(before, here)
    assert after["event"][: len(before["event"])] == before["event"]
    assert counted(database) == rates
    with database.writing() as session:
        chain_more(session, keys, AFTER + timedelta(days=1))
    with database.reading() as session:
        assert verify(session, keys, []).findings == ()
        told = session.exec(select(Event).where(Event.act == Act.RECORD_ERASE_ASKED)).one()
        kit = downtime_of(session, cast.social_worker, library=library, now=AFTER)
    assert (told.stay_id, told.detail) == (gone, {"asked_on": "2026-11-30"})
    taken(database, tmp_path / "all")
    assert (CANARY in repr(kit), code in repr(kit)) == (False, False)
    text = everything(tmp_path / "all").decode("utf-8", "replace")
    assert (CANARY in text, code in text) == (False, False)
    with database.reading() as session:
        silent(session, gone)
    no_byte_is_left(database)
    with pytest.raises(KeepingError, match="その番号の入院はありません"):
        erase(database, tmp_path, "--code", code)


def test_nothing_is_erased_where_the_papers_cannot_be(
    database: Database, cast: Cast, library: Library, tmp_path: Path
) -> None:
    with database.writing() as session:
        code = someone(session, library, cast).code
    (tmp_path / "downtime" / f"downtime-kit-{cast.hospital_id}.pdf").mkdir(parents=True)
    before = rows_of(database)
    sign = sign_in(erase(database, tmp_path, "--code", code))
    with pytest.raises(KeepingError, match="停止時用紙一式を消せません"):
        erase(database, tmp_path, "--code", code, "--confirm", sign, "--asked-on", "2026-11-30")
    assert rows_of(database) == before


def test_nothing_is_erased_in_hospital_while_held_unseen_or_after_a_change(
    database: Database, cast: Cast, library: Library, tmp_path: Path
) -> None:
    with database.writing() as session:
        left = someone(session, library, cast)
        here = someone(session, library, cast, home=False)
        code, staying, stay_id = left.code, here.code, left.id
    day = ("--asked-on", "2026-11-30")
    seen = sign_in(erase(database, tmp_path, "--code", code))
    before = rows_of(database)["patient"]

    assert "入院中の方です" in erase(database, tmp_path, "--code", staying)[-2]
    for words, why in (
        (("--code", staying, "--confirm", "0", *day), "入院中の方です"),
        (("--code", "ZZZZZZ"), "その番号の入院はありません"),
        (("--code", code, "--confirm", "00000000", *day), "確認の番号が違います"),
        (("--code", code, "--confirm", seen), "求めを受けた日"),
        (("--code", code, "--confirm", seen, "--asked-on", "2027-01-01"), "先の日付"),
    ):
        with pytest.raises(KeepingError, match=why):
            erase(database, tmp_path, *words)
    with database.writing() as session:
        held = hold(session, cast.hospital_id, stay_id, "係争のため", AFTER).id
    with pytest.raises(KeepingError, match="差し止め"):
        erase(database, tmp_path, "--code", code, "--confirm", seen, *day)
    with database.writing() as session:
        release(session, held, AFTER)
        session.get_one(Stay, stay_id).version += 1
    with pytest.raises(KeepingError, match="記録が変わった"):
        erase(database, tmp_path, "--code", code, "--confirm", seen, *day)
    assert rows_of(database)["patient"] == before


def test_a_refusal_leaves_its_ground_and_erases_nothing(
    database: Database, cast: Cast, library: Library, tmp_path: Path
) -> None:
    with database.writing() as session:
        stay = someone(session, library, cast)
        code, number = stay.code, stay.id
    before = said_of(rows_of(database), number)
    erase(database, tmp_path, "--code", code, "--refuse", "must_keep", "--asked-on", "2026-11-30")
    with database.reading() as session:
        told = session.exec(select(Event).where(Event.act == Act.RECORD_ERASE_REFUSED)).one()
    assert told.stay_id == number
    assert told.detail == {"asked_on": "2026-11-30", "why": "must_keep"}
    after = said_of(rows_of(database), number)
    assert after.startswith(before[:200])
    assert MARK in after
