"""A made region in numbers: discharges of many months with everything that is counted of them.

All invented from a seed: each stay has a certification, a plan office, a decision, statements,
handoffs and events. Written as plain rows by whatever the caller gives, so that SQLite and
PostgreSQL are filled with the same.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random

from handoffs.tokyo import next_month

REGION = "mihon"
HOSPITALS, WARDS, OFFICES = 30, 6, 150
LAST = date(2026, 10, 1)
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
MOMENT = "2026-10-01 00:00:00.000000"
DUTIES = (
    ("admission_notice", "hospital", "care_manager", 3),
    ("admission_information", "care_manager", "hospital", 5),
    ("discharge_notice", "hospital", "care_manager", 9),
    ("discharge_information", "hospital", "care_manager", 12),
)
LEVELS = ("support_1", "support_2", "care_1", "care_2", "care_3", "care_4", "care_5", "none")
DESTINATIONS = ("home",) * 14 + ("nursing_home", "health_facility", "other_hospital", "death")


Rows = dict[str, list[tuple[object, ...]]]
Write = Callable[[str, str, list[tuple[object, ...]]], None]
"""Puts rows into a table with these columns."""


def fill(write: Write, months: int, discharges: int) -> None:
    """Write a region whose newest whole month is October 2026, and November up to today."""
    rows = _houses()
    for name, values in rows.items():
        write(name, COLUMNS[name], values)
    random = Random(20261122)
    month, stay_id = LAST, 0
    for _ in range(months - 1):
        month = (month - timedelta(days=1)).replace(day=1)
    while month <= next_month(LAST):
        stay_id = _month(write, random, month, discharges, stay_id)
        month = next_month(month)


def _houses() -> Rows:
    offices = range(HOSPITALS + 1, HOSPITALS + 1 + OFFICES)
    return {
        "organization": [
            (id_, kind, REGION, name, "", "", "", "", "{}", "[]", False)
            for id_, kind, name in (
                *((h, "hospital", f"見本第{h}病院") for h in range(1, HOSPITALS + 1)),
                *((o, "care_support_office", f"見本第{o}事業所") for o in offices),
            )
        ],
        "ward": [
            (w, (w - 1) // WARDS + 1, f"{w}病棟", "general", "")
            for w in range(1, HOSPITALS * WARDS + 1)
        ],
    }


def _month(write: Write, random: Random, month: date, discharges: int, last: int) -> int:
    """Write one month's discharges with everything beside them; the last id."""
    rows: Rows = {
        name: []
        for name in (
            "patient", "stay", "certification", "plan_office", "assessment", "statement",
            "handoff", "event",
        )
    }  # fmt: skip
    days = (next_month(month) - month).days
    for stay_id in range(last + 1, last + 1 + discharges):
        left = month + timedelta(days=random.randrange(days))
        _stay(rows, random, stay_id, left)
    for name, values in rows.items():
        write(name, COLUMNS[name], values)
    return last + discharges


COLUMNS = {
    "organization": "id, kind, region, name, kana, municipality, telephone, fax, hours,"
    " closed_days, open_on_public_holidays",
    "ward": "id, hospital_id, name, kind, telephone",
    "event": "at, recorded_at, act, stay_id, detail",
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
    gone = left <= TODAY
    planned = random.random() < 0.85  # noqa: PLR2004 - most have somebody who plans.
    rows["patient"].append(
        (stay_id, hospital, f"見本{stay_id}", "ミホン", f"見本{stay_id}", "1940-05-03", "unknown",
         f"見本{stay_id % 6}市", "", "", stay_id % 9 > 0, False, MOMENT)
    )  # fmt: skip
    rows["stay"].append(
        (stay_id, _code(stay_id), stay_id, hospital, REGION, ward, came.isoformat(), "undecided",
         left.isoformat() if gone else None, random.choice(DESTINATIONS) if gone else None,
         random.random() < 0.02, MOMENT, 1)  # noqa: PLR2004
    )  # fmt: skip
    rows["certification"].append((stay_id, random.choice(LEVELS), "none", "first", MOMENT))
    office = HOSPITALS + 1 + random.randrange(OFFICES)
    rows["plan_office"].append(
        (stay_id, "assigned" if planned else "unassigned", "office" if planned else None,
         office if planned else None, "", MOMENT, False)
    )  # fmt: skip
    rows["assessment"].append(
        (stay_id, "assessment", REGION, "2024-04-01", "", FACTS, "required", False, OUTCOME, MOMENT)
    )
    said = [("hospital", "admission", "talked", came)]
    if random.random() < 0.9:  # noqa: PLR2004 - how regions stand a few years after their agreement.
        said.append(("hospital", "discharge", "talked", left - timedelta(days=2)))
        said.append(("plan_office", "discharge", "talked", left - timedelta(days=2)))
    else:
        said.append(("plan_office", "discharge", "nothing_heard", left))
    if not gone:
        del said[1:]
    rows["event"] += [
        (MOMENT, MOMENT, act, stay_id, "{}")
        for act in ("stay:admit", "stay:assess", "statement:make", "stay:discharge")
    ]
    rows["statement"] += [
        (stay_id, side, topic, "telephone", result, on.isoformat(), "見本の内容。" * 8, "",
         hospital, MOMENT)
        for side, topic, result, on in said
    ]  # fmt: skip
    rows["handoff"] += [
        (stay_id, kind, kind, sender, receiver, "required", "[]", "見本の引き継ぎ", "1頁", "",
         (came + timedelta(days=days)).isoformat(), MOMENT, False, MOMENT, False,
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
