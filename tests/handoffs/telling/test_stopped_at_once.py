"""Death, cancellation and leave stop what waits in the outbox at once, whatever state it is in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session

from handoffs.database import Database
from handoffs.handoff import handoffs_of
from handoffs.notice import NoticeKind, notices_of
from handoffs.stays.cancellation import CancelReason, cancel
from handoffs.stays.discharge import DischargeEntry, discharge
from handoffs.stays.leave import LeaveKind
from handoffs.stays.leave_taking import LeaveEntry, ReturnEntry, come_back, go_on_leave
from handoffs.stays.stay import Destination, Stay
from handoffs.telling.despatch import Answer, Nothing, Parcel, mark, next_parcel
from handoffs.telling.outbox import (
    BACKOFF,
    Channel,
    Draft,
    Message,
    Outcome,
    Purpose,
    Reason,
    Recipient,
    enqueue,
)
from handoffs.tokyo import day_of
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import admit_someone
from tests.handoffs.notices import LINK, MAIL, give_address
from tests.people import NOW, Cast

Verb = Callable[[Session, Library, Cast, Stay], None]


def _dies(session: Session, library: Library, cast: Cast, stay: Stay) -> None:
    entry = DischargeEntry(
        discharged_on=day_of(NOW), destination=Destination.DEATH, version=stay.version
    )
    discharge(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)


def _never_was(session: Session, library: Library, cast: Cast, stay: Stay) -> None:
    del library
    reason = CancelReason.NEVER_CAME
    cancel(session, stay, reason, version=stay.version, by=cast.ward_nurse, now=NOW)


def _goes_home_for_a_night(session: Session, library: Library, cast: Cast, stay: Stay) -> None:
    del library
    entry = LeaveEntry(kind=LeaveKind.OVERNIGHT, left_on=day_of(NOW), version=stay.version)
    go_on_leave(session, stay, entry, by=cast.ward_nurse, now=NOW)


WAYS: list[tuple[Verb, Reason]] = [
    (_dies, Reason.DIED),
    (_never_was, Reason.CANCELLED_STAY),
    (_goes_home_for_a_night, Reason.ON_LEAVE),
]


def _queued(database: Database, library: Library, cast: Cast) -> tuple[int, int]:
    """Somebody in hospital and a reminder about them that waits."""
    with database.writing() as session:
        give_address(session, cast.ward_nurse)
        stay = admit_someone(session, library, cast)
        (handoff,) = [
            h
            for h in handoffs_of(session, stay.id)
            if h.kind is HandoffKind.ADMISSION_NOTICE and h.withdrawn_at is None
        ]
        draft = Draft(
            to=Recipient(cast.hospital_id, cast.ward_nurse.staff_id),
            purpose=Purpose.REMINDER,
            key="one",
            channel=Channel.MAIL,
            not_before=NOW,
            handoff_id=handoff.id,
        )
        message_id = enqueue(session, draft, now=NOW)
        assert message_id is not None
        return stay.id, message_id


def _take(database: Database, after: timedelta = timedelta()) -> Parcel | Nothing | None:
    with database.writing() as session:
        return next_parcel(session, by="one", now=NOW + after, reach=MAIL, link=LINK)


@pytest.mark.parametrize(("verb", "reason"), WAYS)
@pytest.mark.parametrize("tried", [False, True], ids=["queued", "tried once in vain"])
def test_what_waits_is_cancelled_and_leaves_no_more(
    database: Database,
    library: Library,
    cast: Cast,
    verb: Verb,
    reason: Reason,
    *,
    tried: bool,
) -> None:
    stay_id, message_id = _queued(database, library, cast)
    if tried:
        assert isinstance(_take(database), Parcel)
        with database.writing() as session:
            mark(session, message_id, Answer(Reason.UNREACHABLE), by="one", now=NOW)
    with database.writing() as session:
        verb(session, library, cast, session.get_one(Stay, stay_id))
    assert isinstance(_take(database, BACKOFF[0]), Nothing)
    assert _take(database, BACKOFF[0]) is None
    with database.reading() as session:
        message = session.get_one(Message, message_id)
        assert (message.outcome, message.reason) == (Outcome.CANCELLED, reason)


def test_after_a_return_it_is_due_again_as_something_new(
    database: Database, library: Library, cast: Cast
) -> None:
    stay_id, message_id = _queued(database, library, cast)
    with database.writing() as session:
        stay = session.get_one(Stay, stay_id)
        _goes_home_for_a_night(session, library, cast, stay)
        entry = ReturnEntry(returned_on=day_of(NOW), version=stay.version)
        come_back(session, stay, entry, library=library, by=cast.ward_nurse, now=NOW)
    with database.reading() as session:
        rests = [h.paused_at for h in handoffs_of(session, stay_id)]
        assert rests
        assert not any(rests)
        assert session.get_one(Message, message_id).ended_at is None
    assert isinstance(_take(database), Parcel)


@pytest.mark.parametrize(
    ("verb", "kind"), [(_dies, NoticeKind.DEATH), (_never_was, NoticeKind.CANCELLED)]
)
def test_the_care_manager_is_told_once_in_neutral_words(
    database: Database, library: Library, cast: Cast, verb: Verb, kind: NoticeKind
) -> None:
    stay_id, _ = _queued(database, library, cast)
    with database.writing() as session:
        verb(session, library, cast, session.get_one(Stay, stay_id))
    with database.reading() as session:
        (line,) = notices_of(session, cast.care_manager)
        assert line.kind is kind
        assert MARK not in line.kind.label
        for word in ("遅れ", "未", "違反", "忘れ", "至急"):
            assert word not in line.kind.label
        assert not [
            h
            for h in handoffs_of(session, stay_id)
            if (h.withdrawn_at, h.confirmed_at, h.sent_at, h.waived_at) == (None,) * 4
        ]
