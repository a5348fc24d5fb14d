import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from handoffs import missed
from handoffs.database import Database
from handoffs.handoff import withdraw
from handoffs.history import Act, Event
from handoffs.missed import flag_overdue, flags_of
from handoffs.overdue_flag import OverdueFlag, close_flags
from handoffs.passing import confirm, send
from handoffs.tokyo import late_from
from handoffs.waiving import waive
from rules import Standing
from tests.factories import ADMITTED, make_handoff, make_stay, talked
from tests.people import NOW, Cast

DUE = date(2026, 11, 26)
LATE = late_from(DUE)


def _flags(database: Database) -> list[OverdueFlag]:
    with database.reading() as session:
        return list(session.exec(select(OverdueFlag).order_by(OverdueFlag.id)))  # type: ignore[arg-type]


def test_one_flag_stamped_with_the_due_moment_however_often_it_is_looked_for(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    with database.writing() as session:
        handoff = make_handoff(session, make_stay(session, cast), due_on=DUE)
    assert flag_overdue(database.writing, LATE - timedelta(seconds=1)) == 0
    noticed = LATE + timedelta(hours=9)
    assert flag_overdue(database.writing, noticed) == 1
    for hours in range(1, 4):
        assert flag_overdue(database.writing, noticed + timedelta(hours=hours)) == 0
    (flag,) = _flags(database)
    assert (flag.handoff_id, flag.due_at, flag.noticed_at) == (handoff.id, LATE, noticed)
    with database.reading() as session:
        (event,) = session.exec(select(Event)).all()
        assert (event.act, event.at, event.recorded_at) == (Act.HANDOFF_OVERDUE, LATE, noticed)
        assert (event.staff_id, event.detail) == (None, {"due": "2026-11-26"})


def test_it_is_late_from_the_very_moment_and_not_before(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        make_handoff(session, make_stay(session, cast), due_on=DUE)
    assert flag_overdue(database.writing, LATE) == 1


def test_several_sweepers_at_once_flag_each_handoff_once(either: tuple[Database, Cast]) -> None:
    database, cast = either
    with database.writing() as session:
        stay = make_stay(session, cast)
        for _ in range(40):
            make_handoff(session, stay, due_on=DUE)
    found: list[int] = []
    start = threading.Barrier(4)

    def sweep() -> None:
        start.wait()
        found.append(flag_overdue(database.writing, LATE))

    sweepers = [threading.Thread(target=sweep) for _ in range(4)]
    for sweeper in sweepers:
        sweeper.start()
    for sweeper in sweepers:
        sweeper.join()
    assert sum(found) == 40
    assert len(_flags(database)) == 40


def test_a_sweep_that_comes_second_adds_neither_flag_nor_event(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    with database.writing() as session:
        handoff = make_handoff(session, make_stay(session, cast), due_on=DUE)
    assert flag_overdue(database.writing, LATE) == 1
    with database.writing() as session:
        assert missed._flag(session, handoff.id, LATE) == 0
    with database.reading() as session:
        assert len(session.exec(select(Event)).all()) == 1


def test_what_changed_while_the_sweep_was_on_its_way_is_looked_at_again(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        handoff = make_handoff(session, make_stay(session, cast), due_on=None)
        assert missed._flag(session, handoff.id, LATE) == 0


def test_what_is_settled_undetermined_or_at_short_notice_is_never_flagged(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        sent, confirmed, waived, withdrawn = (
            make_handoff(session, stay, due_on=DUE) for _ in range(4)
        )
        send(session, stay, sent, talked(ADMITTED), by=cast.ward_nurse, now=NOW)
        confirm(session, stay, confirmed, received_on=ADMITTED, by=cast.care_manager, now=NOW)
        waive(session, waived, reason="不要", by=cast.ward_nurse, now=NOW)
        withdraw(session, withdrawn, by=None, now=NOW)
        make_handoff(session, stay, due_on=DUE, standing=Standing.UNDETERMINED)
        make_handoff(session, stay, due_on=DUE, short_notice=True)
        make_handoff(session, stay, due_on=None)
    assert flag_overdue(database.writing, LATE + timedelta(days=400)) == 0


def test_after_a_long_standstill_everything_is_caught_up_in_small_transactions(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed, "BATCH", 3)
    sessions = 0

    @contextmanager
    def counted() -> Iterator[Session]:
        nonlocal sessions
        sessions += 1
        with database.writing() as session:
            yield session

    with database.writing() as session:
        stay = make_stay(session, cast)
        for days in range(8):
            make_handoff(session, stay, due_on=DUE + timedelta(days=days))
    assert flag_overdue(counted, LATE + timedelta(days=60)) == 8
    assert sessions == 3
    with database.reading() as session:
        flags = flags_of(session, stay.id)
        assert [f.due_at for f in flags] == [LATE + timedelta(days=d) for d in range(8)]


@pytest.mark.parametrize(
    ("column", "broken"), [("waits_for", "not json"), ("due_on", "2026-13-45"), ("kind", "gift")]
)
def test_a_row_that_cannot_be_read_stops_nobody_elses_and_is_told_at_the_end(
    database: Database, cast: Cast, column: str, broken: str
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast)
        ids = [make_handoff(session, stay, due_on=DUE).id for _ in range(3)]
    with database.writing() as session:
        connection = session.connection()
        # A damaged file is what no CHECK can prevent.
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        connection.exec_driver_sql(
            f"UPDATE handoff SET {column} = ? WHERE id = ?",  # noqa: S608 - fixed names.
            (broken, ids[1]),
        )
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")
    with pytest.raises(ExceptionGroup, match="判定できない"):
        flag_overdue(database.writing, LATE)
    assert [flag.handoff_id for flag in _flags(database)] == [ids[0], ids[2]]
    with pytest.raises(ExceptionGroup):
        flag_overdue(database.writing, LATE)
    assert len(_flags(database)) == 2


def test_the_database_itself_takes_one_flag_for_a_handoff_and_a_due_moment(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    with database.writing() as session:
        handoff = make_handoff(session, make_stay(session, cast), due_on=DUE)
    assert flag_overdue(database.writing, LATE) == 1
    with pytest.raises(sa.exc.IntegrityError), database.writing() as session:
        session.add(OverdueFlag(handoff_id=handoff.id, due_at=LATE, noticed_at=NOW))


def test_closing_touches_open_flags_only_and_is_written_down(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        handoff = make_handoff(session, make_stay(session, cast), due_on=DUE)
    assert flag_overdue(database.writing, LATE) == 1
    with database.writing() as session:
        merged = session.merge(handoff)
        close_flags(session, merged.stay_id, merged.id, by=cast.ward_nurse, now=LATE)
        session.flush()
        close_flags(
            session, merged.stay_id, merged.id, by=cast.ward_nurse, now=LATE + timedelta(days=1)
        )
    (flag,) = _flags(database)
    assert flag.closed_at == LATE
    with database.reading() as session:
        closed = [e for e in session.exec(select(Event)) if e.act is Act.OVERDUE_CLOSE]
        assert [e.detail for e in closed] == [{"due_at": LATE.isoformat()}]
