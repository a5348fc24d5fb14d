"""Links without sign-in: made with an agreement only, opened by PIN, answered once."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import pytest
from pydantic import SecretStr
from sqlmodel import Session, select

from handoffs.accounts import hash_password
from handoffs.database import Database
from handoffs.decline import DeclineEntry, DeclineReason, decline_of
from handoffs.errors import BadEntry, NotPermitted, NotVisible
from handoffs.handoff import Handoff
from handoffs.history import Act, Event, events_of
from handoffs.link.agreement import (
    AgreementEntry,
    LinkAgreement,
    agree,
    agreement_with,
    check_agreement,
    end_agreement,
    plain_pin,
)
from handoffs.link.answer import confirm_by_link, decline_by_link
from handoffs.link.case_link import (
    LETTERS,
    CaseLink,
    CaseLinkSecret,
    LinkAnswer,
    links_of,
    make_link,
    revoke_link,
    secret_digest,
)
from handoffs.link.closed import closed_links_of, settle_link
from handoffs.link.opening import OPEN_FOR, case_of, end_try, opened_link, take_try
from handoffs.plan_office import PlanOffice
from handoffs.statement import Means, Result, Side, statements_of
from handoffs.stays.consent import Consent, ConsentAnswer, ConsentGround
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from tests.conftest import MARK
from tests.factories import ADMITTED, make_handoff, make_stay
from tests.people import NOW, Cast

WEEK = timedelta(days=7)
PIN = "407192"


@lru_cache(maxsize=1)
def pin_hash() -> str:
    return hash_password(PIN)


def agreement(**changes: Any) -> AgreementEntry:  # noqa: ANN401 - fields of an entry.
    given: dict[str, Any] = {
        "pin": SecretStr(PIN),
        "telephone": "0770-00-0001",
        "counterpart": "事務 たろう",
        "agreed_on": ADMITTED,
        "mail_address": "jimusho@example.jp",
    }
    return AgreementEntry(**(given | changes))


def settled_pin(session: Session, cast: Cast) -> LinkAgreement:
    entry = agreement()
    return agree(session, cast.office_id, entry, pin_hash(), by=cast.ward_nurse, now=NOW)


def made(session: Session, cast: Cast, *, mailed: bool = False) -> tuple[int, str, Stay, Handoff]:
    """A link for the cast's office, its secret, and the stay and handoff it is about."""
    if agreement_with(session, cast.hospital_id, cast.office_id) is None:
        settled_pin(session, cast)
    stay = make_stay(session, cast)
    handoff = make_handoff(session, stay)
    link, secret = make_link(
        session, stay, handoff, lifetime=WEEK, by=cast.ward_nurse, now=NOW, mailed=mailed
    )
    return link.id, secret, stay, handoff


def tried(database: Database, secret: str, *, fits: bool, now: datetime = NOW) -> str | None:
    with database.writing() as session:
        one = take_try(session, secret, now=now)
    if one.link_id is None:
        return None
    with database.writing() as session:
        return end_try(session, one.link_id, fits=fits, now=now)


def row(database: Database, link_id: int) -> CaseLink:
    with database.reading() as session:
        return session.get_one(CaseLink, link_id)


@pytest.mark.parametrize(
    "pin",
    [
        "12345",
        "12345678901",
        "111111",
        "345678",
        "876543",
        "770000",
        "870000",
        "４０７１９",
        "abcdef",
    ],
)
def test_a_pin_that_is_short_plain_or_stands_in_a_directory_is_refused(
    database: Database, cast: Cast, pin: str
) -> None:
    entry = agreement(pin=SecretStr(pin))
    with database.reading() as session, pytest.raises(BadEntry) as bad:
        check_agreement(session, cast.office_id, entry, by=cast.ward_nurse, now=NOW)
    assert set(bad.value.fields) == {"pin"}
    assert pin not in repr(entry)


def test_a_pin_is_compared_without_width_spaces_and_hyphens() -> None:
    assert plain_pin(" ４０７-１９ ２") == PIN


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("telephone", "でんわ"),
        ("counterpart", " "),
        ("agreed_on", ADMITTED + timedelta(days=1)),
        ("mail_address", "a b@example.jp"),
    ],
)
def test_each_part_of_an_agreement_is_looked_at(
    database: Database, cast: Cast, field: str, value: object
) -> None:
    entry = agreement(**{field: value})
    with database.reading() as session, pytest.raises(BadEntry) as bad:
        check_agreement(session, cast.office_id, entry, by=cast.ward_nurse, now=NOW)
    assert set(bad.value.fields) == {field}


def test_who_agreed_when_and_at_which_number_is_kept_and_the_pin_is_not(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        kept = settled_pin(session, cast)
        assert (kept.counterpart, kept.telephone, kept.agreed_on) == (
            "事務 たろう",
            "0770-00-0001",
            ADMITTED,
        )
        assert kept.recorded_by == cast.ward_nurse.staff_id
        assert kept.pin_hash.startswith("$argon2id$")
        assert PIN not in str(kept.model_dump())


def test_only_a_hospital_agrees_and_only_with_who_plans_care_in_the_region(
    database: Database, cast: Cast
) -> None:
    with database.reading() as session:
        with pytest.raises(NotPermitted):
            check_agreement(session, cast.office_id, agreement(), by=cast.care_manager, now=NOW)
        with pytest.raises(NotVisible):
            check_agreement(
                session, cast.other_hospital_id, agreement(), by=cast.ward_nurse, now=NOW
            )


def test_a_secret_has_140_bits_and_only_its_digest_is_kept(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        link_id, secret, _, _ = made(session, cast)
    letters = secret.replace("-", "")
    assert len(letters) == 28
    assert set(letters) <= set(LETTERS)
    assert len(LETTERS) == len(set(LETTERS)) == 32
    with database.reading() as session:
        (kept,) = session.exec(select(CaseLinkSecret)).all()
        assert (kept.digest, kept.link_id) == (secret_digest(secret), link_id)
        assert letters not in str(session.get_one(CaseLink, link_id).model_dump())
        assert letters not in str([e.detail for e in session.exec(select(Event))])


def test_a_secret_read_from_paper_has_one_reading() -> None:
    assert secret_digest("0A1B-1C0") == secret_digest("oalb lco")


def test_the_right_pin_opens_the_link_and_shows_the_least(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        _, secret, stay, handoff = made(session, cast)
    token = tried(database, secret, fits=True)
    assert token is not None
    with database.reading() as session:
        link = opened_link(session, secret, token, now=NOW)
        assert link is not None
        assert (link.tries, link.opened_at) == (0, NOW)
        case = case_of(session, link, masked=True)
        assert (case.code, case.kind, case.due_on) == (stay.code, handoff.kind, handoff.due_on)
        assert MARK not in str(case)
        assert MARK in case_of(session, link, masked=False).name
        assert opened_link(session, secret, "another", now=NOW) is None
        assert opened_link(session, secret, token, now=NOW + OPEN_FOR) is None
        acts = {event.act: event for event in events_of(session, stay.id)}
        opened = acts[Act.LINK_OPEN]
        assert (opened.staff_id, opened.organization_id) == (None, cast.office_id)


def test_five_wrong_pins_close_the_link_for_good_and_are_work_for_its_sender(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        link_id, secret, stay, _ = made(session, cast)
    for _ in range(4):
        assert tried(database, secret, fits=False) is None
    with database.reading() as session:
        assert closed_links_of(session, cast.ward_nurse) == ()
    assert tried(database, secret, fits=False) is None
    assert tried(database, secret, fits=True) is None
    with database.writing() as session:
        (closed,) = closed_links_of(session, cast.discharge_nurse)
        assert (closed.link_id, closed.code, closed.to) == (
            link_id,
            stay.code,
            cast.care_manager.organization,
        )
        assert closed_links_of(session, cast.other_nurse) == ()
        assert closed_links_of(session, cast.care_manager) == ()
        (shut,) = [e for e in events_of(session, stay.id) if e.act is Act.LINK_CLOSE]
        assert (shut.staff_id, shut.organization_id) == (None, None)
        for name in ("other_nurse", "care_manager"):
            with pytest.raises(NotVisible):
                settle_link(session, link_id, by=cast.people[name], now=NOW)
        settle_link(session, link_id, by=cast.ward_nurse, now=NOW)
        assert closed_links_of(session, cast.ward_nurse) == ()


def test_guesses_at_once_get_no_more_than_the_tries_of_the_link(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        _, secret, _, _ = made(session, cast)
    taken = []
    for _ in range(20):
        with database.writing() as session:
            taken.append(take_try(session, secret, now=NOW))
    assert len([one for one in taken if one.link_id is not None]) == 5


def test_what_cannot_be_opened_gives_no_hash_and_no_link_whatever_the_reason(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        revoked, first, _, _ = made(session, cast)
        _, second, _, _ = made(session, cast)
        revoke_link(session, revoked, by=cast.ward_nurse, now=NOW)
    with database.writing() as session:
        unknown = take_try(session, "nobody-made-this", now=NOW)
        assert unknown == take_try(session, first, now=NOW)
        assert unknown == take_try(session, second, now=NOW + WEEK)
        end_agreement(session, cast.office_id, by=cast.ward_nurse, now=NOW)
        assert unknown == take_try(session, second, now=NOW)
        settled_pin(session, cast)
        assert take_try(session, second, now=NOW).pin_hash == pin_hash()


def hide(session: Session, stay: Stay) -> None:
    session.get_one(Patient, stay.patient_id).whereabouts_hidden = True


def withhold(session: Session, stay: Stay) -> None:
    session.add(
        Consent(
            stay_id=stay.id,
            answer=ConsentAnswer.WITHHELD,
            ground=ConsentGround.ORAL,
            answered_on=ADMITTED,
            recorded_at=NOW,
        )
    )


def want_no_contact(_session: Session, stay: Stay) -> None:
    stay.wants_no_contact = True


def cancel(_session: Session, stay: Stay) -> None:
    stay.cancelled_at = NOW


def change_office(session: Session, stay: Stay) -> None:
    for plan in session.exec(select(PlanOffice).where(PlanOffice.stay_id == stay.id)):
        plan.organization_id = session.exec(
            select(PlanOffice.organization_id).where(PlanOffice.id == -1)
        ).first()


AFTERWARDS = [hide, withhold, want_no_contact, cancel, change_office]


@pytest.mark.parametrize("change", AFTERWARDS)
def test_a_link_shows_nothing_of_what_must_not_be_shown_any_more(
    database: Database,
    cast: Cast,
    change: Any,  # noqa: ANN401
) -> None:
    with database.writing() as session:
        link_id, secret, stay, _ = made(session, cast)
        later = session.get_one(Stay, stay.id)
    open_before = tried(database, secret, fits=True)
    with database.writing() as session:
        change(session, session.get_one(Stay, later.id))
    assert tried(database, secret, fits=True) is None
    assert row(database, link_id).tries == 0
    with database.reading() as session:
        assert opened_link(session, secret, open_before or "", now=NOW) is None


@pytest.mark.parametrize("change", AFTERWARDS)
def test_no_link_is_made_for_what_must_not_be_shown(
    database: Database,
    cast: Cast,
    change: Any,  # noqa: ANN401
) -> None:
    with database.writing() as session:
        settled_pin(session, cast)
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        change(session, stay)
        session.flush()
        with pytest.raises(NotPermitted):
            make_link(
                session, stay, handoff, lifetime=WEEK, by=cast.ward_nurse, now=NOW, mailed=False
            )


def test_a_receipt_by_link_is_the_offices_own_word_and_comes_once(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        link_id, secret, stay, handoff = made(session, cast)
    token = tried(database, secret, fits=True) or ""
    for _ in range(3):
        with database.writing() as session:
            confirm_by_link(session, secret, token, answered_by="受付 はな", now=NOW)
    with database.reading() as session:
        found = session.get_one(Handoff, handoff.id)
        assert (found.confirmed_at, found.confirmed_by) == (NOW, None)
        (said,) = statements_of(session, stay.id)
        assert (said.side, said.result, said.means) == (
            Side.PLAN_OFFICE,
            Result.RECEIVED,
            Means.TSUNAGI,
        )
        assert (said.staff_id, said.organization_id) == (None, cast.office_id)
        acts = [e for e in events_of(session, stay.id) if e.act is Act.HANDOFF_CONFIRM]
        assert [(e.staff_id, e.organization_id) for e in acts] == [(None, cast.office_id)]
        (shown,) = links_of(session, handoff.id, NOW)
        assert (shown.id, shown.answer, shown.answered_by) == (
            link_id,
            LinkAnswer.CONFIRMED,
            "受付 はな",
        )


def test_a_decline_by_link_says_why_and_who_plans_now(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        _, secret, stay, handoff = made(session, cast)
    token = tried(database, secret, fits=True) or ""
    entry = DeclineEntry(
        reason=DeclineReason.CHANGED_OFFICE,
        words="先月から隣の事業所です",
        suggested_id=cast.outsider_office_id,
    )
    for _ in range(2):
        with database.writing() as session:
            decline_by_link(session, secret, token, entry, answered_by="", now=NOW)
    with database.writing() as session:
        answer = decline_of(session, handoff.id)
        assert answer is not None
        assert (answer.suggested_id, answer.organization_id) == (
            cast.outsider_office_id,
            cast.office_id,
        )
        acts = [e.act for e in events_of(session, stay.id)]
        assert acts.count(Act.HANDOFF_DECLINE) == 1
        confirm_by_link(session, secret, token, answered_by="", now=NOW)
        assert session.get_one(Handoff, handoff.id).confirmed_at is None


def test_nothing_is_answered_by_a_browser_that_opened_nothing(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        _, secret, _, handoff = made(session, cast)
    for token in ("", "guessed"):
        with database.writing() as session, pytest.raises(NotVisible):
            confirm_by_link(session, secret, token, answered_by="", now=NOW)
    with database.reading() as session:
        assert session.get_one(Handoff, handoff.id).confirmed_at is None


def test_a_new_link_ends_the_earlier_one_of_the_same_handoff(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        first, _, stay, handoff = made(session, cast)
        make_link(session, stay, handoff, lifetime=WEEK, by=cast.ward_nurse, now=NOW, mailed=False)
        assert session.get_one(CaseLink, first).revoked_at == NOW


def test_a_link_needs_an_agreement_and_a_mail_an_address(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        handoff = make_handoff(session, stay)
        with pytest.raises(BadEntry, match="入力内容"):
            make_link(
                session, stay, handoff, lifetime=WEEK, by=cast.ward_nurse, now=NOW, mailed=False
            )
        entry = agreement(mail_address="")
        agree(session, cast.office_id, entry, pin_hash(), by=cast.ward_nurse, now=NOW)
        with pytest.raises(BadEntry) as bad:
            make_link(
                session, stay, handoff, lifetime=WEEK, by=cast.ward_nurse, now=NOW, mailed=True
            )
    assert "メールアドレス" in bad.value.fields["way"]


def test_the_same_holds_on_postgresql(either: tuple[Database, Cast]) -> None:
    database, cast = either
    with database.writing() as session:
        _, secret, stay, _ = made(session, cast)
    tried(database, secret, fits=False)
    token = tried(database, secret, fits=True) or ""
    with database.writing() as session:
        confirm_by_link(session, secret, token, answered_by="", now=NOW)
    with database.reading() as session:
        acts = [e.act for e in events_of(session, stay.id)]
        assert acts.count(Act.HANDOFF_CONFIRM) == 1
