"""Fifty people at once: how long they wait, how much is answered, what it costs in memory.

    nice python -m benchmarks.load [--database sqlite postgresql] [--locust PROGRAM]
        [--people 20000] [--reads 20000] [--users 50] [--think 5] [--minutes 30] [--printers 0]
        [--grown-people N --grown-reads N]

Builds a record (`benchmarks.load_record`) in a temporary folder that it removes, starts `serve.py`
on it (web server and scheduler), and has locust send `benchmarks/locustfile.py` to it over the
loopback address: after a first minute, of which nothing counts, for the minutes asked for.
`--think 0` asks for as much as is answered. `--grown-people` builds a second record and compares
the two, by turns of one minute. At most 200 users and 60 minutes: it is a measurement of one
machine by itself, and is never pointed at another.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import serve
from benchmarks.load_record import build, seats
from settings_secrets import record_keys
from tests.postgresql import start_cluster, stop_cluster

MOST_USERS, MOST_MINUTES = 200, 60
MOST_STARTING_SECONDS = 120.0
MIB = 1 << 20
LOCUSTFILE = Path(__file__).with_name("locustfile.py")
TURNS = 3


@dataclass(frozen=True)
class Site:
    """A running Tsunagi on one record."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def memory(self) -> dict[int, int]:
        """Bytes in memory of each process of the web server, by its number."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes()
                told = (folder / "status").read_text(encoding="utf-8")
                theirs = (folder / "environ").read_bytes()
            except OSError:
                continue  # It ended while we looked, or is somebody else's.
            resident = re.search(r"VmRSS:\s+(\d+)", told)
            if b"gunicorn" in words and f"PORT={self.port}\0".encode() in theirs and resident:
                found[int(folder.name)] = int(resident[1]) * 1024
        return found


@dataclass(frozen=True)
class Answered:
    """What locust counted of one kind of request, or of all together."""

    name: str
    requests: int
    failures: int
    p50: float
    p95: float
    p99: float
    a_second: float


@contextmanager
def site(folder: Path, url: str) -> Iterator[Site]:
    """Run Tsunagi on a record until the block ends."""
    with socket.socket() as probe:
        probe.bind((serve.HOST, 0))
        port = probe.getsockname()[1]
    ours = {"TSUNAGI_DATA": str(folder), "PORT": str(port), "DATABASE_URL": url}
    with (
        (folder / "said").open("wb") as said,
        subprocess.Popen(
            [sys.executable, "serve.py"],
            cwd=Path(serve.__file__).parent,
            env=os.environ | ours,
            stdout=said,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        until = time.monotonic() + MOST_STARTING_SECONDS
        try:
            while not serve.answers(port):
                if time.monotonic() > until or process.poll() is not None:
                    message = (folder / "said").read_text(encoding="utf-8")
                    raise RuntimeError(message)
                time.sleep(0.2)
            yield Site(folder, port, process)
        finally:
            process.terminate()


def put_load(
    at: Site, locust: str, *, users: int, think: float, seconds: float, printers: int
) -> list[Answered]:
    """Let locust work, and return what it counted; the last is all together."""
    stem = at.folder / "counted"
    ours = {
        "LOAD_SEATS": str(at.folder / "seats.json"),
        "LOAD_THINK": str(think),
        "LOAD_PRINTERS": str(printers),
    }
    command = [
        *(locust, "--locustfile", str(LOCUSTFILE), "--headless", "--only-summary"),
        *("--host", f"http://{serve.HOST}:{at.port}", "--csv", str(stem)),
        *("--users", str(users + printers), "--spawn-rate", str(max(1, users // 5))),
        *("--run-time", f"{int(seconds)}s", "--stop-timeout", "60", "--exit-code-on-error", "0"),
        *("--loglevel", "WARNING"),
    ]
    subprocess.run(command, env=os.environ | ours, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    failures = Path(f"{stem}_failures.csv").read_text(encoding="utf-8")
    if failures.count("\n") > 1:
        print(failures, file=sys.stderr)
    with Path(f"{stem}_stats.csv").open(encoding="utf-8", newline="") as file:
        return [
            Answered(
                row["Name"],
                int(row["Request Count"]),
                int(row["Failure Count"]),
                float(row["50%"] or 0),
                float(row["95%"] or 0),
                float(row["99%"] or 0),
                float(row["Requests/s"]),
            )
            for row in csv.DictReader(file)
        ]


def table(kind: str, counted: list[Answered]) -> None:
    """Print one row for each kind of request, and one for all."""
    for one in counted:
        print(
            f"| {kind} | {one.name} | {one.requests} | {one.failures} | {one.p50:.0f}"
            f" | {one.p95:.0f} | {one.p99:.0f} | {one.a_second:.1f} |",
            flush=True,
        )


@contextmanager
def record(kind: str, people: int, reads: int, users: int) -> Iterator[Site]:
    """Build a record of one kind, run Tsunagi on it, and remove everything afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="tsunagi-load-"))
    cluster = start_cluster() if kind == "postgresql" else None
    try:
        url = cluster.url(cluster.create()) if cluster else f"sqlite:///{folder / 'tsunagi.db'}"
        began = time.perf_counter()
        database = build(url, people, reads, record_keys(folder, ""))
        seats(database, users, folder / "seats.json")
        database.close()
        print(
            f"{kind}: {people:,} people, {reads:,} readings in {time.perf_counter() - began:.0f} s"
        )
        with site(folder, url) as running:
            yield running
    finally:
        if cluster:
            stop_cluster(cluster)
        shutil.rmtree(folder)


def one_size(kind: str, given: argparse.Namespace) -> None:
    """Measure one record: waiting, errors, memory."""
    asked = {"users": given.users, "think": given.think, "printers": given.printers}
    with record(kind, given.people, given.reads, given.users) as at:
        put_load(at, given.locust, seconds=60 * min(1.0, given.minutes), **asked)
        before = at.memory()
        counted = put_load(at, given.locust, seconds=60 * given.minutes, **asked)
        after = at.memory()
    table(kind, counted)
    grown = [(after[one] - before[one]) / MIB for one in before if one in after]
    print(f"{kind}: memory grew by {max(grown):.0f} MiB at most of {len(grown)} processes")


def two_sizes(kind: str, given: argparse.Namespace) -> None:
    """Measure two records by turns, and print how much the larger one costs."""
    asked = {"users": given.users, "think": given.think, "printers": 0}
    with (
        record(kind, given.people, given.reads, given.users) as small,
        record(kind, given.grown_people, given.grown_reads, given.users) as large,
    ):
        lists: dict[int, list[float]] = {small.port: [], large.port: []}
        for turn in range(TURNS + 1):
            for at in (small, large):
                counted = put_load(at, given.locust, seconds=60 * min(1.0, given.minutes), **asked)
                if turn:
                    of = [one.p95 for one in counted if one.name.startswith("list ")]
                    lists[at.port].append(max(of))
        few, many = (median(lists[at.port]) for at in (small, large))
    print(f"{kind}: slowest list's p95 {few:.0f} ms and {many:.0f} ms: {many / few:.2f} times")


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description="fifty people at once")
    parser.add_argument("--database", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--locust", default=shutil.which("locust"), help="the program")
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--reads", type=int, default=20_000)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--think", type=float, default=5.0, help="seconds of thought")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--printers", type=int, default=0, help="who have PDFs made all the time")
    parser.add_argument("--grown-people", type=int)
    parser.add_argument("--grown-reads", type=int, default=1_000_000)
    given = parser.parse_args()
    if given.users > MOST_USERS or given.minutes > MOST_MINUTES:
        parser.error(f"at most {MOST_USERS} users and {MOST_MINUTES} minutes")
    if given.locust is None:
        parser.error("locust was not found: pip install '.[bench]', or say where with --locust")
    print("| database | what | requests | errors | p50 ms | p95 ms | p99 ms | a second |")
    for kind in given.database:
        (two_sizes if given.grown_people else one_size)(kind, given)


if __name__ == "__main__":
    main()
