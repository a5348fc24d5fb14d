"""A month of admission information that an office sent, for that office alone."""

import csv
import io
from datetime import date, time
from typing import Any

from sqlmodel import select

from handoffs.database import Database
from handoffs.parties import Actor
from handoffs.plan_office import PlanOffice
from handoffs.rates.evidence.sent_month import (
    AFTER_WINDOW,
    HEAD,
    SentLine,
    names_of,
    sent_csv,
    sent_in_month,
)
from handoffs.statement import Means, Result, Side, Statement, Topic
from rules import HandoffKind, Party
from tests.factories import make_handoff, make_stay
from tests.people import NOW, Cast

MONTH = date(2026, 11, 1)
TODAY = date(2026, 11, 20)


def sent(
    database: Database,
    cast: Cast,
    on: date,
    *,
    counterpart: str = "見本の相手",
    **columns: Any,  # noqa: ANN401 - what a row has.
) -> str:
    """Let the office say that it sent its information about somebody; return the code."""
    with database.writing() as session:
        stay = make_stay(
            session, cast, admitted_on=date(2026, 11, 2), admitted_time=time(10, 0), **columns
        )
        handoff = make_handoff(
            session,
            stay,
            kind=HandoffKind.ADMISSION_INFORMATION,
            sender=Party.CARE_MANAGER,
            receiver=Party.HOSPITAL,
        )
        session.add(
            Statement(
                stay_id=stay.id, handoff_id=handoff.id, side=Side.PLAN_OFFICE,
                topic=Topic.ADMISSION, means=Means.FAX, result=Result.SENT, happened_on=on,
                counterpart=counterpart, organization_id=cast.office_id, recorded_at=NOW,
            )
        )  # fmt: skip
        return stay.code


def lines_of(database: Database, actor: Actor, month: date = MONTH) -> tuple[SentLine, ...]:
    with database.reading() as session:
        return sent_in_month(session, actor, month, today=TODAY)


def test_each_sending_stands_with_the_tier_that_its_day_lies_in(
    database: Database, cast: Cast
) -> None:
    codes = [sent(database, cast, date(2026, 11, day)) for day in (2, 4, 9)]
    lines = lines_of(database, cast.care_manager)
    assert [line.code for line in lines] == codes
    assert [line.window[:1] for line in lines] == ["(", "(", "期"]
    assert lines[0].window != lines[1].window
    assert lines[2].window == AFTER_WINDOW
    assert lines[0].missing == ("送った内容",)


def test_a_sending_belongs_to_the_month_of_its_day_and_is_listed_once(
    database: Database, cast: Cast
) -> None:
    code = sent(database, cast, date(2026, 11, 2))
    assert [line.code for line in lines_of(database, cast.colleague)] == [code]
    assert lines_of(database, cast.care_manager, date(2026, 12, 1)) == ()
    assert lines_of(database, cast.care_manager, date(2026, 10, 1)) == ()


def test_nobody_else_is_shown_any_of_it(database: Database, cast: Cast) -> None:
    sent(database, cast, date(2026, 11, 2))
    for actor in (cast.ward_nurse, cast.outsider, cast.center_staff, cast.health_officer):
        assert lines_of(database, actor) == ()


def test_somebody_who_wants_no_contact_is_left_out(database: Database, cast: Cast) -> None:
    sent(database, cast, date(2026, 11, 2), wants_no_contact=True)
    assert lines_of(database, cast.care_manager) == ()


def test_an_office_that_plans_no_more_keeps_its_line_without_a_window(
    database: Database, cast: Cast
) -> None:
    code = sent(database, cast, date(2026, 11, 2))
    with database.writing() as session:
        for plan in session.exec(select(PlanOffice)):
            plan.superseded = True
    (line,) = lines_of(database, cast.care_manager)
    assert (line.code, line.until) == (code, "")
    assert "数えていません" in line.window


def test_the_screen_names_whom_the_reader_may_open_and_the_file_nobody(
    database: Database, cast: Cast
) -> None:
    sent(database, cast, date(2026, 11, 2))
    lines = lines_of(database, cast.care_manager)
    with database.reading() as session:
        (name,) = names_of(session, cast.care_manager, lines).values()
        assert names_of(session, cast.outsider, lines) == {}
    assert name
    assert name.encode() not in sent_csv(lines)


def test_the_file_opens_in_excel_and_holds_no_formula(database: Database, cast: Cast) -> None:
    sent(database, cast, date(2026, 11, 2), counterpart="=1+1")
    content = sent_csv(lines_of(database, cast.care_manager))
    assert content.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert tuple(head) == HEAD
    assert "'=1+1" in row
