"""A prefecture's month closed on PostgreSQL: how long it takes.

    python -m benchmarks.prefecture_close [--discharges 100000] [--months 2]

Starts a server of its own in a temporary folder (as the tests do), fills it with 100,000
discharges a month and closes the newest month whose day has passed. Prints the seconds, what the
processor did for it, and the memory of this process.
"""

import argparse
import resource
import time
from datetime import date, datetime

import psycopg

from benchmarks.large_region import LAST, REGION, fill
from handoffs import schema
from handoffs.database import open_database
from handoffs.rates.close_months import close_months
from handoffs.rates.month_close import close_of
from handoffs.tokyo import TOKYO
from tests.postgresql import OWNER, start_cluster, stop_cluster

CLOSES_ON = datetime(2026, 12, 1, 9, 0, tzinfo=TOKYO)


def main() -> None:
    """Build, close, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--discharges", type=int, default=100_000)
    parser.add_argument("--months", type=int, default=1)
    given = parser.parse_args()
    cluster = start_cluster()
    try:
        name = cluster.create()
        database = open_database(cluster.url(name))
        schema.upgrade(database)
        began = time.perf_counter()
        with psycopg.connect(host=str(cluster.folder), user=OWNER, dbname=name) as connection:

            def write(table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
                with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)

            fill(write, given.months, given.discharges)
            connection.commit()
            connection.autocommit = True
            connection.execute("ANALYZE")
        print(f"filled in {time.perf_counter() - began:.0f} s")
        began, worked = time.perf_counter(), time.process_time()
        closed = close_months(database, REGION, CLOSES_ON)
        seconds = time.perf_counter() - began
        print(f"{len(closed)} months closed in {seconds:.1f} s")
        print(f"processor of this process: {time.process_time() - worked:.1f} s")
        with database.reading() as session:
            close = close_of(session, REGION, date(LAST.year, LAST.month, 1))
            frozen = close.figures["missed_coordination"] if close else {}
            print(f"missed_coordination {frozen.get('total')}")  # type: ignore[attr-defined]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
        print(f"memory at most {peak:.2f} GiB")
        database.close()
    finally:
        stop_cluster(cluster)


if __name__ == "__main__":
    main()
