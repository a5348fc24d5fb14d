"""A month's page and sheet of a large region: how long they take, on SQLite.

    python -m benchmarks.month_rates [--months 61] [--discharges 5000] [--keep FILE]

Builds a region of 500,000 people with plain inserts: 5,000 discharges a month for five years.
Closes every month whose day has passed and keeps the counts of the newest ready, as the
scheduler does, then times what the health centre opens, each with a session of its own: best and
median of seven by the clock, and the processor's own time, which other programs do not stretch.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from pysqlite3 import dbapi2 as sqlite3
from sqlmodel import select

from benchmarks.large_region import LAST, NOW, REGION, fill
from forms import MissedCoordinationReport, QuarterlyReport, YearlySheet, chart, render
from handoffs import schema
from handoffs.database import Database, open_database
from handoffs.history import Act, record
from handoffs.rates.close_months import close_months
from handoffs.rates.month import whole_month
from handoffs.rates.month_count import MonthCount, basis_of, keep
from handoffs.rates.published import published_month
from handoffs.rates.quarter import published_quarter
from handoffs.rates.shelf import counted_definitions, shelf
from handoffs.rates.shown_month import shown_month
from handoffs.rates.workbook import workbook
from handoffs.rates.yearly.report import of_year, published_year
from handoffs.stays.stay import Stay
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
    close_months(database, REGION, NOW)
    with database.reading() as session:
        basis = basis_of(session, REGION, LAST, NOW)
        kept = whole_month(session, REGION, LAST, counted_definitions(REGION, LAST), now=NOW)
    with database.writing() as session:
        keep(session, REGION, LAST, kept, basis, now=NOW)
    timed("page", page)
    _act(database)
    timed("page, a minute after an act", page)
    sheets(database)
    years(database)


def _act(database: Database) -> None:
    """Write down an act on somebody of the month, so that the kept counts are a minute old."""
    with database.writing() as session:
        stay = session.exec(select(Stay).where(Stay.discharged_on == LAST)).first()
        record(session, None, Act.STATEMENT_MAKE, now=NOW, stay_id=stay.id if stay else None)


def years(database: Database) -> None:
    """Time the year: its page, and what of it may leave."""

    def year() -> None:
        with database.reading() as session:
            of_year(session, REGION, 2026, region_name="", now=NOW)

    def leaving() -> None:
        with database.reading() as session:
            report = published_year(session, REGION, 2025, region_name="", now=NOW)
        render(YearlySheet(report=report))

    timed("year's page", year, 5)
    timed("year's sheet, with its figures", leaving, 5)


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
