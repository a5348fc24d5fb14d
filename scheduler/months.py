"""What the clock does about months: keep their counts ready, close them, print the first sheet.

Beside the ticks, never in them: counting a large region takes seconds. Each is idempotent and
raises nothing; an error ends one run and the next comes. One JSON line in the log where anything
was done, with months and the type of an error, never its text.
"""

import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handoffs.database import Database
from handoffs.rates.keep_counts import keep_counts
from handoffs.rates.month_company import settle_companies
from handoffs.rates.month_sheet import first_open_day, keep_sheet, made_at
from handoffs.rates.published import published_month
from handoffs.rates.survey.settling import settle_surveys
from handoffs.region.policy import Policy, closing_on, holds
from handoffs.region.rest import go_by_decisions
from handoffs.tokyo import TOKYO, day_of, first_of_month

_LOG = logging.getLogger("scheduler.months")


@dataclass(frozen=True)
class Months:
    """The region whose months are looked after, and how they are shown."""

    database: Database
    region: str
    region_name: str
    hospital_names: bool
    closes_on: int | None
    clock: Callable[[], datetime]
    stop_asked: Callable[[], bool] = lambda: False

    def keep_ready(self) -> bool:
        """Look at the register, and count what changed since; whether everything went through."""
        now = self.clock()
        return self._settle(now) and _said("keep_counts", now, lambda: self._kept(now, anew=False))

    def keep_anew(self) -> bool:
        """Count the open months in any case, and print the sheet of a month that is over."""
        now = self.clock()
        settled = self._settle(now)
        counted = _said("keep_counts", now, lambda: self._kept(now, anew=True))
        return _said("month_sheet", now, lambda: self.print_first(now)) and counted and settled

    def _settle(self, now: datetime) -> bool:
        def settle() -> Sequence[date]:
            with self.database.writing() as session:
                months = settle_companies(session, self.region, now)
                return (*months, *settle_surveys(session, self.region, now))

        return _said("settle_companies", now, settle)

    def _kept(self, now: datetime, *, anew: bool) -> Sequence[date]:
        return keep_counts(self.database, self.region, now, self.stop_asked, anew=anew)

    def print_first(self, now: datetime) -> Sequence[date]:
        """Make the sheet of the month before, on its first open day; the month if it was made."""
        today = day_of(now)
        month = first_of_month(first_of_month(today) - timedelta(days=1))
        with self.database.reading() as session:
            go_by_decisions(session, self.region)
        if first_open_day(month) != today:
            return ()  # Later it would no longer be what was known that morning.
        with self.database.reading() as session:
            if made_at(session, self.region, month) is not None:
                return ()
            rates = published_month(
                session,
                self.region,
                month,
                region_name=self.region_name,
                hospital_names=holds(
                    session, self.region, Policy.HOSPITAL_NAMES, configured=self.hospital_names
                ),
                closes_on=closing_on(session, self.region, configured=self.closes_on),
                now=now.astimezone(TOKYO),
            )
        # Loaded once a month, by the one process that needs it then.
        from forms import MissedCoordinationReport, render  # noqa: PLC0415

        content = render(MissedCoordinationReport(rates=rates))
        with self.database.writing() as session:
            return (month,) if keep_sheet(session, self.region, month, content, now) else ()


def _said(job: str, now: datetime, act: Callable[[], Sequence[date]]) -> bool:
    """Do it, and write one line where anything was done or went wrong."""
    started = time.perf_counter()
    said: dict[str, object] = {}
    try:
        said["months"] = [f"{month:%Y-%m}" for month in act()]
    except Exception as error:  # noqa: BLE001 - Whatever it is, the next run must come.
        said["error"] = type(error).__name__
    if any(said.values()):
        milliseconds = round((time.perf_counter() - started) * 1000)
        level = logging.ERROR if "error" in said else logging.INFO
        line = {"at": now.isoformat(), "job": job, **said, "ms": milliseconds}
        _LOG.log(level, "%s", json.dumps(line))
    return "error" not in said
