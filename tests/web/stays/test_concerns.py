"""虐待の疑い on screens and papers: its own page for two people, and nowhere else."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from pypdf import PdfReader
from sqlmodel import select
from werkzeug.test import TestResponse

from handoffs.accounts import Draft
from handoffs.database import Database
from handoffs.handoff import Handoff
from handoffs.history import Act, Event
from handoffs.stays.concern import Concern
from handoffs.stays.stay import Stay
from rules import HandoffKind, Library
from tests.factories import admit_someone
from tests.people import Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]
CANARY = "カナリアのことば"


def _noted(enter: Enter, database: Database, library: Library, cast: Cast) -> int:
    with database.writing() as session:
        stay_id = admit_someone(session, library, cast).id
    page = enter("social_worker").open(f"/stays/{stay_id}").follow("限られた方だけの記録")
    assert "通報は、電話で" in page.text
    page = page.form(f"/stays/{stay_id}/concern").fill(words=CANARY).submit()
    assert CANARY in page.text
    return stay_id


def test_the_care_manager_in_charge_reads_it_and_can_end_it(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    stay_id = _noted(enter, database, library, cast)
    page = enter("care_manager").open(f"/stays/{stay_id}/concern")
    assert CANARY in page.text
    with database.reading() as session:
        (one,) = session.exec(select(Concern.id)).all()
    page = page.form(f"/stays/{stay_id}/concern/{one}/end").submit()
    assert CANARY not in page.text
    assert "あなたが見られる記録はありません" in page.text


def test_one_of_the_two_prints_it_for_the_other_with_a_reason(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    stay_id = _noted(enter, database, library, cast)
    path = f"/stays/{stay_id}/concern/1/print"
    page = enter("social_worker").open(f"/stays/{stay_id}/concern")
    assert "なぜ紙で渡すのか" in page.form(path).submit(status=422).text
    paper = page.form(path).fill(**{"reason-1": "meeting"}).submit()
    assert CANARY in paper.text
    assert "に、直接手渡してください" in paper.text
    assert (
        CANARY
        in enter("care_manager")
        .open(f"/stays/{stay_id}/concern")
        .form(path)
        .fill(**{"reason-1": "unseen"})
        .submit()
        .text
    )
    with database.reading() as session:
        made = select(Event.stay_id, Event.detail).where(Event.act == Act.CONCERN_PRINT)
        assert session.exec(made).all() == [
            (None, {"concern": 1, "reason": "meeting"}), (None, {"concern": 1, "reason": "unseen"}),
        ]  # fmt: skip
    for who in ("psychiatric_social_worker", "ward_nurse", "colleague"):
        other = enter(who)
        form = other.open("/stays").form("/sign-out")
        marks = {name: form.value(name) for name in ("form_token", "form_id")}
        answer = other.client.post(path, data={**marks, "reason-1": "meeting"})
        assert answer.status_code in {403, 404}
        assert CANARY not in answer.text


def test_nothing_is_printed_for_a_care_manager_who_may_not_open_the_stay_any_more(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    stay_id = _noted(enter, database, library, cast)
    worker = enter("social_worker")
    form = worker.open(f"/stays/{stay_id}/concern").form(f"/stays/{stay_id}/concern/1/print")
    with database.writing() as session:
        session.get_one(Stay, stay_id).wants_no_contact = True
    answer = form.fill(**{"reason-1": "meeting"}).submit(status=403)
    assert CANARY not in answer.text


@pytest.mark.parametrize(
    "who", ["ward_nurse", "discharge_nurse", "colleague", "center_staff", "health_officer"]
)
def test_for_everybody_else_there_is_no_such_page_and_no_way_to_it(
    enter: Enter, database: Database, library: Library, cast: Cast, who: str
) -> None:
    stay_id = _noted(enter, database, library, cast)
    visitor = enter(who)
    answer = visitor.client.get(f"/stays/{stay_id}/concern")
    assert answer.status_code in {403, 404}
    assert CANARY not in answer.text
    page = visitor.client.get(f"/stays/{stay_id}")
    assert f"/stays/{stay_id}/concern" not in page.text


def test_another_social_worker_sees_an_empty_page_as_if_there_were_none(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    stay_id = _noted(enter, database, library, cast)
    page = enter("psychiatric_social_worker").open(f"/stays/{stay_id}/concern")
    assert CANARY not in page.text
    assert "あなたが見られる記録はありません" in page.text


def _words(answer: TestResponse) -> str:
    """What a page or paper says."""
    if answer.mimetype == "application/pdf":
        return "".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)
    return answer.get_data(as_text=True) if "text" in (answer.mimetype or "") else str(answer.data)


def test_no_other_page_or_paper_of_its_readers_holds_it(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    stay_id = _noted(enter, database, library, cast)
    with database.reading() as session:
        kind = Handoff.kind == HandoffKind.ADMISSION_INFORMATION
        (sheet,) = session.exec(select(Handoff.id).where(Handoff.stay_id == stay_id, kind)).all()
    looked = 0
    for who in ("social_worker", "care_manager"):
        visitor = enter(who)
        for rule in visitor.app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint.startswith(
                ("concerns.", "static")
            ):
                continue
            if rule.arguments - {"stay_id", "handoff_id"}:
                continue
            values = {name: stay_id if name == "stay_id" else sheet for name in rule.arguments}
            with visitor.app.test_request_context():
                path = visitor.app.url_map.bind("localhost").build(rule.endpoint, values)
            answer = visitor.client.get(path)
            looked += answer.status_code == 200
            assert CANARY not in _words(answer)
    assert looked > 25


def test_what_was_typed_is_never_kept_as_a_draft(
    enter: Enter, database: Database, library: Library, cast: Cast, clock: time_machine.Traveller
) -> None:
    with database.writing() as session:
        stay_id = admit_someone(session, library, cast).id
    form = (
        enter("social_worker").open(f"/stays/{stay_id}/concern").form(f"/stays/{stay_id}/concern")
    )
    clock.shift(timedelta(hours=20))
    form.fill(words=CANARY).submit()
    with database.reading() as session:
        assert session.exec(select(Draft)).all() == []
        assert session.exec(select(Concern)).all() == []
