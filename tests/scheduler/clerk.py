"""A process without any rights of its own that serves pages and sweeps, at a word from a test.

Usage: python clerk.py FOLDER. The folder holds a migrated `tsunagi.db`. Somebody is admitted, a
nurse has typed a planned date, and a handoff is late; then it says "ready" and answers each line
on its standard input with one line of JSON: `submit` registers the date, `sweep` sweeps, `state`
tells what is written and what /health says, `health` the second alone.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import time_machine
from sqlmodel import select

import app as composition
import config
from handoffs.database import Database
from handoffs.heartbeat import beat
from handoffs.history import Act, Event
from handoffs.overdue_flag import OverdueFlag
from handoffs.stays.stay import Stay
from scheduler.jobs import sweep
from tests.factories import admit_someone, make_handoff, make_stay
from tests.people import NOW, settle
from tests.web.page import Form, Visitor
from web.context import EXTENSION


def say(what: object) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


def settings(folder: Path) -> config.Settings:
    return config.Settings(
        region="mihon",
        public_base_url="http://localhost",
        database_url=f"sqlite:///{folder / 'tsunagi.db'}",
        port=8000,
        data=folder,
        session=config.SessionSettings(),
        scheduler=config.SchedulerSettings(),
        rates=config.RatesSettings(),
        file=config.ROOT / "config.yaml",
    )


def submit(visitor: Visitor, form: Form) -> dict[str, object]:
    answer = visitor.client.post(form.action, data=dict(form.fields))
    return {"status": answer.status_code, "text": answer.get_data(as_text=True)}


def state(database: Database, visitor: Visitor) -> dict[str, object]:
    with database.reading() as session:
        stay = session.exec(select(Stay).order_by(Stay.id)).first()  # type: ignore[arg-type]
        told = session.exec(select(Event).where(Event.act == Act.STAY_PLAN_DISCHARGE)).all()
        flags = session.exec(select(OverdueFlag)).all()
        sound = session.connection().exec_driver_sql("PRAGMA integrity_check").scalar()
    assert stay is not None
    return {
        "planned": str(stay.planned_discharge_on),
        "told": len(told),
        "flags": len(flags),
        "sound": sound,
        "health": visitor.client.get("/health").status_code,
    }


def main() -> None:
    made = composition.create_app(settings(Path(sys.argv[1])))
    desk: Any = made.extensions[EXTENSION]
    database: Database = desk.database
    with time_machine.travel(NOW, tick=False) as clock:
        with database.writing() as session:
            cast = settle(session)
            stay = admit_someone(session, desk.library, cast)
            make_handoff(session, make_stay(session, cast), due_on=NOW.date() - timedelta(days=3))
            beat(session, "scheduler", NOW)
            stay_id = stay.id
        visitor = Visitor(made).arrive(cast.ward_nurse, NOW)
        page = visitor.open(f"/stays/{stay_id}/planned-discharge")
        typed = {"planned_discharge_on": "R8.12.4", "planned_certainty": "fixed"}
        form = page.form(page.path).fill(**typed)
        say("ready")
        for line in sys.stdin:
            word = line.strip()
            if word == "submit":
                say(submit(visitor, form))
            elif word == "sweep":
                # Each sweep is four minutes after the one before: the heartbeat must tell of it.
                clock.shift(240)
                say({"went_through": sweep(database, NOW + timedelta(seconds=1))})
            elif word == "health":
                say(visitor.client.get("/health").status_code)
            else:
                say(state(database, visitor))


if __name__ == "__main__":
    main()
