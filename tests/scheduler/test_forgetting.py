import json
import logging

import pytest
import sqlalchemy as sa

from handoffs.accounts import PostedForm, staff_named, start_session
from handoffs.accounts.retention import POSTED_FORMS
from handoffs.database import Database
from scheduler.forgetting import forget
from tests.people import NOW, settle


def test_what_is_over_goes_and_the_log_counts_it(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with database.writing() as session:
        settle(session)
        staff = staff_named(session, "ward_nurse")
        assert staff is not None
        start_session(session, staff, NOW)
        posted = PostedForm(form_id="f", staff_id=staff.id, location="/", posted_at=NOW)
        session.add(posted)
    assert forget(database, lambda: NOW)
    assert caplog.records == []
    later = NOW + 2 * POSTED_FORMS
    assert forget(database, lambda: later)
    (line,) = [json.loads(record.getMessage()) for record in caplog.records]
    assert line == {"at": later.isoformat(), "job": "forget", "posted_form": 1}


def test_an_error_ends_one_hour_and_says_its_kind_only(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with database.writing() as session:
        session.connection().execute(sa.text("DROP TABLE draft"))
    assert not forget(database, lambda: NOW)
    (line,) = [json.loads(record.getMessage()) for record in caplog.records]
    assert set(line) == {"at", "job", "error"}
