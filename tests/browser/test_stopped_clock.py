"""A scheduler that hangs: everybody is told, and when it runs again nobody is."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from handoffs.database import Database
from handoffs.heartbeat import beat
from tests.browser.conftest import Server, now, until
from tests.browser.person import Person

pytestmark = pytest.mark.browser


def test_a_scheduler_that_hangs_is_told_on_every_page_and_to_whoever_watches(
    server: Server, database: Database, enter: Callable[..., Person]
) -> None:
    nurse = enter("ward_nurse")
    nurse.open("/stays")
    banner = nurse.page.get_by_role("status").filter(has_text="期限の見張りが止まっています")
    expect(banner).to_be_hidden()
    scheduler = server.child("scheduler")
    try:
        with database.writing() as session:
            # Nobody else is writing now: stopped in the midst of it, it would keep us all out.
            os.kill(scheduler, signal.SIGSTOP)
            # Instead of waiting for four minutes.
            beat(session, "scheduler", now() - timedelta(minutes=4))

        nurse.open("/worklist")

        expect(banner).to_be_visible()
        assert server.health() == 503
    finally:
        os.kill(scheduler, signal.SIGCONT)
    until(lambda: server.health() == 200)
    nurse.open("/worklist")
    expect(banner).to_be_hidden()
