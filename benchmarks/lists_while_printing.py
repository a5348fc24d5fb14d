"""Whether lists stay fast while five PDFs are made: quiet and busy by turns in one run.

    nice python -m benchmarks.lists_while_printing --data FOLDER [--rounds 4] [--lists 30]

Starts the web server as `serve.py` does (the same processes and threads) on a record that holds
the sample region, such as `python -m handoffs sample` makes. Signs one nurse in. A round asks the
two lists of a ward again and again: first in quiet, then with five full sheets always in the
making, each asked for again as soon as it is there. Prints both p95, their ratio, and how many
sheets were made meanwhile. The p95 under five PDFs is to be at most twice the quiet one.

The limits: one reader, who waits for one list before the next; the sheets are of the sample.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

from sqlmodel import select

import serve
from handoffs.accounts import start_session
from handoffs.database import open_database
from handoffs.parties import Role, Staff

LISTS = ("/stays", "/worklist")
PDFS = 5
MOST_STARTING_SECONDS = 60.0


class Reader:
    """One browser of one person, with a cookie. Each page comes by a connection of its own."""

    def __init__(self, port: int, token: str) -> None:
        """Ask nothing yet."""
        self._port = port
        self._headers = {"Cookie": f"tsunagi={token}"}

    def read(self, path: str) -> bytes:
        """Fetch a page; anything but a page is a mistake of the measurement."""
        connection = HTTPConnection(serve.HOST, self._port, timeout=240)
        try:
            connection.request("GET", path, headers=self._headers)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != 200:  # noqa: PLR2004
            message = f"{path}: {answer.status}"
            raise RuntimeError(message)
        return body


def signed_in(data: Path) -> str:
    """Sign a ward nurse of the record in and return what their browser would carry."""
    database = open_database(f"sqlite:///{data / 'tsunagi.db'}")
    with database.writing() as session:
        nurse = session.exec(select(Staff).where(Staff.role == Role.WARD_NURSE)).first()
        if nurse is None:
            message = "The record has no nurse: load the sample region first."
            raise RuntimeError(message)
        # A session that the server, by its own clock, takes for one of now.
        token = start_session(session, nurse, datetime.now(UTC))  # noqa: TID251
    database.close()
    return token


@contextmanager
def server(data: Path, port: int) -> Iterator[None]:
    """Run the web server, and end it with all its processes."""
    environment = os.environ | {"TSUNAGI_DATA": str(data), "PORT": str(port)}
    with subprocess.Popen(serve.web_command(port), env=environment) as running:  # noqa: S603 - own.
        until = time.monotonic() + MOST_STARTING_SECONDS
        try:
            while not serve.answers(port):
                if time.monotonic() > until or running.poll() is not None:
                    message = "The server did not start."
                    raise RuntimeError(message)
                time.sleep(0.2)
            yield
        finally:
            running.terminate()


@contextmanager
def printing(port: int, token: str, sheet: str, made: list[float]) -> Iterator[None]:
    """Keep five sheets in the making; `made` takes the seconds of each."""
    enough = threading.Event()

    def go_on() -> None:
        reader = Reader(port, token)
        while not enough.is_set():
            began = time.perf_counter()
            if not reader.read(sheet).startswith(b"%PDF"):
                message = "What was asked for is no PDF."
                raise RuntimeError(message)
            made.append(time.perf_counter() - began)

    threads = [threading.Thread(target=go_on) for _ in range(PDFS)]
    for thread in threads:
        thread.start()
    # All five are on their way before the first list is asked for.
    time.sleep(0.5)
    try:
        yield
    finally:
        enough.set()
        for thread in threads:
            thread.join()


def timed(reader: Reader, lists: int) -> list[float]:
    """Ask the lists so often, and return the seconds of each answer."""
    seconds = []
    for number in range(lists):
        began = time.perf_counter()
        reader.read(LISTS[number % len(LISTS)])
        seconds.append(time.perf_counter() - began)
    return seconds


def p95(seconds: list[float]) -> float:
    """Return what nineteen of twenty took at most."""
    return sorted(seconds)[int(len(seconds) * 0.95)]


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description="lists while five PDFs are made")
    parser.add_argument("--data", type=Path, required=True, help="folder of the sample's record")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--lists", type=int, default=30, help="lists of each kind of round")
    parser.add_argument("--port", type=int, default=8151)
    given = parser.parse_args()
    token = signed_in(given.data)
    quiet: list[float] = []
    busy: list[float] = []
    made: list[float] = []
    with server(given.data.resolve(), given.port):
        reader = Reader(given.port, token)
        found = re.search(rb'href="(/stays/\d+)"', reader.read("/stays"))
        if found is None:
            message = "The nurse has nobody on the list."
            raise RuntimeError(message)
        sheet = f"{found[1].decode()}/sheets/discharge_coordination/now.pdf"
        # Both processes, with their children that print, are warm before anything counts.
        with printing(given.port, token, sheet, []):
            timed(reader, given.lists)
        for _ in range(given.rounds):
            quiet += timed(reader, given.lists)
            with printing(given.port, token, sheet, made):
                busy += timed(reader, given.lists)
    print(f"lists in quiet, p95\t{1000 * p95(quiet):.0f} ms\tof {len(quiet)}")
    print(f"lists beside five PDFs, p95\t{1000 * p95(busy):.0f} ms\tof {len(busy)}")
    print(f"ratio\t{p95(busy) / p95(quiet):.2f}\tat most 2")
    print(f"PDFs made meanwhile\t{len(made)}\tp95 {p95(made):.1f} s")


if __name__ == "__main__":
    main()
