"""A month's page and sheet of a large region: how long they take, on SQLite.

    python -m benchmarks.month_rates [--years 5] [--discharges 5000] [--keep FILE]

Builds a region of 500,000 people with plain inserts: 5,000 discharges a month for five years,
each with a certification, a plan office, a decision, statements and handoffs, all invented from
a seed. Closes the months whose day has passed, then times what the health centre opens: the
page's figures (best and median of seven, each with a session of its own), the sheet and the
workbook. Prints one table.
"""

import argparse
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median

from forms import MissedCoordinationReport, render
from handoffs import schema
from handoffs.database import Database, open_database
from handoffs.rates import of_month
from handoffs.rates.close_months import close_months
from handoffs.rates.published import published_month
from handoffs.rates.workbook import workbook
from handoffs.tokyo import next_month

REGION = "mihon"
HOSPITALS, WARDS, OFFICES = 30, 6, 150
LAST = date(2026, 10, 1)
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
MOMENT = "2026-10-01 00:00:00.000000"
DUTIES = (
    ("admission_notice", "hospital", "care_manager", 3),
    ("admission_information", "care_manager", "hospital", 5),
    ("discharge_notice", "hospital", "care_manager", 9),
    ("discharge_information", "hospital", "care_manager", 12),
)
LEVELS = ("support_1", "support_2", "care_1", "care_2", "care_3", "care_4", "care_5", "none")
DESTINATIONS = ("home",) * 14 + ("nursing_home", "health_facility", "other_hospital", "death")


def build(file: Path, years: int, discharges: int) -> Database:
    """Fill an empty database; the newest month is October 2026."""
    database = open_database(f"sqlite:///{file}")
    schema.upgrade(database)
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA synchronous = OFF")
    _settle(connection)
    random = Random(20261122)
    month, stay_id = LAST.replace(year=LAST.year - years), 0
    while month < LAST:
        month = next_month(month)
        stay_id = _month(connection, random, month, discharges, stay_id)
    connection.commit()
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()
    return database


def _settle(connection: sqlite3.Connection) -> None:
    organizations = [(h, "hospital", f"見本第{h}病院") for h in range(1, HOSPITALS + 1)]
    first = HOSPITALS + 1
    organizations += [
        (o, "care_support_office", f"見本第{o}事業所") for o in range(first, first + OFFICES)
    ]
    connection.executemany(
        "INSERT INTO organization (id, kind, region, name, kana, municipality, telephone, fax,"
        " hours, closed_days, open_on_public_holidays)"
        " VALUES (?, ?, ?, ?, '', '', '', '', '{}', '[]', 0)",
        [
            (
                id_,
                kind,
                REGION,
                name,
            )
            for id_, kind, name in organizations
        ],
    )
    connection.executemany(
        "INSERT INTO ward (id, hospital_id, name, kind, telephone) VALUES (?, ?, ?, 'general', '')",
        [(w, (w - 1) // WARDS + 1, f"{w}病棟") for w in range(1, HOSPITALS * WARDS + 1)],
    )


def _month(
    connection: sqlite3.Connection, random: Random, month: date, discharges: int, last: int
) -> int:
    """Insert one month's discharges with everything beside them; the last id."""
    rows: dict[str, list[tuple[object, ...]]] = {
        name: []
        for name in (
            "patient", "stay", "certification", "plan_office", "assessment", "statement", "handoff"
        )
    }  # fmt: skip
    days = (next_month(month) - month).days
    for stay_id in range(last + 1, last + 1 + discharges):
        left = month + timedelta(days=random.randrange(days))
        _stay(rows, random, stay_id, left)
    for name, values in rows.items():
        marks = ", ".join("?" * len(values[0]))
        connection.executemany(
            f"INSERT INTO {name} ({COLUMNS[name]}) VALUES ({marks})",  # noqa: S608 - our own names.
            values,
        )
    return last + discharges


COLUMNS = {
    "patient": "id, hospital_id, name, kana, folded, birth_on, sex, municipality, address,"
    " telephone, in_region, whereabouts_hidden, created_at",
    "stay": "id, code, patient_id, hospital_id, region, ward_id, admitted_on, planned_certainty,"
    " discharged_on, destination, wants_no_contact, registered_at, version",
    "certification": "stay_id, level, application, insured_category, recorded_at",
    "plan_office": "stay_id, status, arrangement, organization_id, care_manager_name,"
    " recorded_at, superseded",
    "assessment": "stay_id, occasion, region, edition_in_force, edition_digest, facts,"
    " coordination, excluded, outcome, made_at",
    "statement": "stay_id, side, topic, means, result, happened_on, content, counterpart,"
    " organization_id, recorded_at",
    "handoff": "stay_id, rule_id, kind, sender, receiver, standing, waits_for, text, source,"
    " counting, due_on, due_at, short_notice, opened_at, before_notice, passed_on, sent_at,"
    " confirmed_at, waived_reason, version",
}
FACTS = json.dumps({f"fact_{n}": "independent" for n in range(25)})
OUTCOME = json.dumps({"because": [{"id": f"c{n}", "text": "見本" * 12} for n in range(12)]})


def _stay(
    rows: dict[str, list[tuple[object, ...]]], random: Random, stay_id: int, left: date
) -> None:
    hospital = random.randrange(HOSPITALS) + 1
    ward = (hospital - 1) * WARDS + random.randrange(WARDS) + 1
    came = left - timedelta(days=random.randrange(3, 40))
    planned = random.random() < 0.85  # noqa: PLR2004 - most have somebody who plans.
    rows["patient"].append(
        (stay_id, hospital, f"見本{stay_id}", "ミホン", f"見本{stay_id}", "1940-05-03", "unknown",
         f"見本{stay_id % 6}市", "", "", stay_id % 9 > 0, 0, MOMENT)
    )  # fmt: skip
    rows["stay"].append(
        (stay_id, _code(stay_id), stay_id, hospital, REGION, ward, came.isoformat(), "undecided",
         left.isoformat(), random.choice(DESTINATIONS), random.random() < 0.02, MOMENT, 1)  # noqa: PLR2004
    )  # fmt: skip
    rows["certification"].append((stay_id, random.choice(LEVELS), "none", "first", MOMENT))
    office = HOSPITALS + 1 + random.randrange(OFFICES)
    rows["plan_office"].append(
        (stay_id, "assigned" if planned else "unassigned", "office" if planned else None,
         office if planned else None, "", MOMENT, 0)
    )  # fmt: skip
    rows["assessment"].append(
        (stay_id, "assessment", REGION, "2024-04-01", "", FACTS, "required", 0, OUTCOME, MOMENT)
    )
    said = [("hospital", "admission", "talked", came)]
    if random.random() < 0.9:  # noqa: PLR2004 - how regions stand a few years after their agreement.
        said.append(("hospital", "discharge", "talked", left - timedelta(days=2)))
        said.append(("plan_office", "discharge", "talked", left - timedelta(days=2)))
    else:
        said.append(("plan_office", "discharge", "nothing_heard", left))
    rows["statement"] += [
        (stay_id, side, topic, "telephone", result, on.isoformat(), "見本の内容。" * 8, "",
         hospital, MOMENT)
        for side, topic, result, on in said
    ]  # fmt: skip
    rows["handoff"] += [
        (stay_id, kind, kind, sender, receiver, "required", "[]", "見本の引き継ぎ", "1頁", "",
         (came + timedelta(days=days)).isoformat(), MOMENT, 0, MOMENT, 0,
         (came + timedelta(days=2)).isoformat(), MOMENT, MOMENT, "", 1)
        for kind, sender, receiver, days in DUTIES
    ]  # fmt: skip


def _code(number: int) -> str:
    """Write a number with the letters and digits of codes."""
    signs = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    text = ""
    for _ in range(6):
        number, digit = divmod(number, len(signs))
        text = signs[digit] + text
    return text


def timed(act: Callable[[], object], times: int = 7) -> tuple[float, float]:
    """The best and the median of several runs, in seconds."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - began)
    return min(seconds), median(seconds)


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--discharges", type=int, default=5000)
    parser.add_argument("--keep", type=Path, help="use this file, and build it if it is not there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = given.keep or Path(folder) / "region.db"
        if file.exists():
            database = open_database(f"sqlite:///{file}")
        else:
            began = time.perf_counter()
            database = build(file, given.years, given.discharges)
            print(f"built in {time.perf_counter() - began:.0f} s, {file.stat().st_size >> 20} MiB")
        measure(database)
        database.close()


def measure(database: Database) -> None:
    """Time the close, the page, the sheet and the workbook."""

    def page() -> object:
        with database.reading() as session:
            return of_month(
                session, REGION, LAST, region_name="見本医療圏", hospital_names=True, now=NOW
            )

    def to_publish() -> object:
        with database.reading() as session:
            return published_month(
                session, REGION, LAST, region_name="見本医療圏", hospital_names=True, now=NOW
            )

    before = timed(page, 3)
    began = time.perf_counter()
    closed = close_months(database, REGION, NOW)
    closing = time.perf_counter() - began
    rates = to_publish()
    print("| what | best s | median s |\n|---|---|---|")
    print(f"| page's figures, no month closed | {before[0]:.2f} | {before[1]:.2f} |")
    print("| page's figures | {:.2f} | {:.2f} |".format(*timed(page)))
    print("| figures to publish | {:.2f} | {:.2f} |".format(*timed(to_publish)))
    sheet = timed(lambda: render(MissedCoordinationReport(rates=rates)), 3)  # type: ignore[arg-type]
    print("| sheet from those figures | {:.2f} | {:.2f} |".format(*sheet))
    book = timed(lambda: workbook(rates), 3)  # type: ignore[arg-type]
    print("| workbook from those figures | {:.2f} | {:.2f} |".format(*book))
    print(f"{len(closed)} months closed in {closing:.1f} s")


if __name__ == "__main__":
    main()
