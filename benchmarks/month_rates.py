"""A month's page and sheet of a large region: how long they take, on SQLite.

    python -m benchmarks.month_rates [--months 61] [--discharges 5000] [--keep FILE]

Builds a region of 500,000 people with plain inserts: 5,000 discharges a month for five years.
Closes the six months before the newest and keeps the counts of the newest ready, as the
scheduler does, then times what the health centre opens, each with a session of its own: best and
median of seven by the clock, and the processor's own time, which other programs do not stretch.
"""

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from benchmarks.large_region import LAST, NOW, REGION, fill
from forms import MissedCoordinationReport, QuarterlyReport, chart, render
from handoffs import schema
from handoffs.database import Database, open_database
from handoffs.rates.month import counted_definitions, whole_month
from handoffs.rates.month_close import close_of, freeze
from handoffs.rates.month_count import MonthCount, basis_of, keep
from handoffs.rates.published import published_month
from handoffs.rates.quarter import published_quarter
from handoffs.rates.shelf import shelf
from handoffs.rates.shown_month import shown_month
from handoffs.rates.workbook import workbook
from handoffs.tokyo import months_before

NAMES = {"region_name": "見本医療圏", "hospital_names": True}


def build(file: Path, months: int, discharges: int) -> Database:
    """Fill an empty database; the newest month is October 2026."""
    database = open_database(f"sqlite:///{file}")
    schema.upgrade(database)
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA synchronous = OFF")

    def write(table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608 - our own names.
            rows,
        )

    fill(write, months, discharges)
    connection.commit()
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()
    return database


def timed(what: str, act: Callable[[], object], times: int = 7) -> None:
    """Print best and median by the clock, and the least of the processor's seconds."""
    seconds, busy = [], []
    for _ in range(times):
        began, worked = time.perf_counter(), time.process_time()
        act()
        seconds.append(time.perf_counter() - began)
        busy.append(time.process_time() - worked)
    print(f"| {what} | {min(seconds):.2f} | {median(seconds):.2f} | {min(busy):.2f} |", flush=True)


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=61)
    parser.add_argument("--discharges", type=int, default=5000)
    parser.add_argument("--keep", type=Path, help="use this file, and build it if it is not there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = given.keep or Path(folder) / "region.db"
        if file.exists():
            database = open_database(f"sqlite:///{file}")
            schema.upgrade(database)
        else:
            began = time.perf_counter()
            database = build(file, given.months, given.discharges)
            print(f"built in {time.perf_counter() - began:.0f} s, {file.stat().st_size >> 20} MiB")
        measure(database)
        database.close()


def measure(database: Database) -> None:
    """Time the close, the page, the sheets and the workbook."""

    def page() -> None:
        with database.reading() as session:
            shown = shown_month(session, REGION, LAST, **NAMES, now=NOW)  # type: ignore[arg-type]
        chart.six_months(shown.rates.trend, family="sans-serif")

    def count() -> None:
        with database.reading() as session:
            whole_month(session, REGION, LAST, shelf().of_region(REGION, LAST), now=NOW)

    with database.writing() as session:
        session.execute(sa.delete(MonthCount))
    print("| what | best s | median s | processor s |\n|---|---|---|---|")
    timed("counting a month anew, in every split", count, 3)
    timed("page, nothing kept", page, 3)
    for month in months_before(LAST, 7)[:-1]:
        _close(database, month)
    with database.reading() as session:
        basis = basis_of(session, REGION, LAST, NOW)
        kept = whole_month(session, REGION, LAST, counted_definitions(REGION, LAST), now=NOW)
    with database.writing() as session:
        keep(session, REGION, LAST, kept, basis, now=NOW)
    timed("page", page)
    sheets(database)


def _close(database: Database, month: date) -> None:
    """Close one month as the scheduler would. The six of the trend are enough to time a page."""
    with database.reading() as session:
        if close_of(session, REGION, month) is not None:
            return
        counted = whole_month(session, REGION, month, shelf().of_region(REGION, month), now=NOW)
    with database.writing() as session:
        freeze(session, REGION, month, counted, now=NOW)


def sheets(database: Database) -> None:
    """Time what leaves: figures to publish, sheet, workbook, the council's quarter."""
    with database.reading() as session:
        rates = published_month(session, REGION, LAST, **NAMES, now=NOW)  # type: ignore[arg-type]
        first = months_before(LAST, 4)[0]
        quarter = published_quarter(session, REGION, first, **NAMES, now=NOW)  # type: ignore[arg-type]

    def whole() -> None:
        with database.reading() as session:
            again = published_month(session, REGION, LAST, **NAMES, now=NOW)  # type: ignore[arg-type]
        render(MissedCoordinationReport(rates=again))

    timed("sheet, with its figures", whole, 5)
    timed("workbook from its figures", lambda: workbook(rates), 5)
    timed(
        "quarter's slides from their figures", lambda: render(QuarterlyReport(quarter=quarter)), 5
    )


if __name__ == "__main__":
    main()
