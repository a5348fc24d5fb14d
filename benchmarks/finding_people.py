"""What finding a person costs among many: one scan of the folded names of a hospital.

    nice python -m benchmarks.finding_people [--people 200000] [--rounds 7]

Builds a record of that many invented people, one stay each, all of one hospital, in a temporary
SQLite file that it removes; every tenth is in hospital now. Then a name that one person has, one
that thousands have, a reading, a hospital number, a case code, and one that nobody has, each in
its turn. A question is what the page asks: at most thirty stays with ward and hospital.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import date, datetime
from functools import partial
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from benchmarks.turns import by_turns
from handoffs import schema
from handoffs.database import Database, open_database
from handoffs.finding.people import people_found
from handoffs.parties import Actor, Organization, OrganizationKind, Role, Ward, WardKind
from handoffs.stays.patients import Patient, folded_names
from handoffs.stays.stay import Destination, Stay
from handoffs.tokyo import TOKYO

PEOPLE, ROUNDS = 200_000, 7
NOW = datetime(2026, 11, 20, 10, tzinfo=TOKYO)
ADMITTED = date(2026, 11, 1)
SURNAMES = (("見本", "ミホン"), ("手本", "テホン"), ("例示", "レイジ"), ("髙﨑", "タカサキ"))
_CHUNK = 10_000


def fill(database: Database, people: int) -> Actor:
    """Put everybody in and return a nurse of their hospital."""
    with database.writing() as session:
        hospital = Organization(kind=OrganizationKind.HOSPITAL, region="mihon", name="見本病院")
        session.add(hospital)
        session.flush()
        ward = Ward(hospital_id=hospital.id, name="3東", kind=WardKind.GENERAL)
        session.add(ward)
        session.flush()
        for start in range(1, people + 1, _CHUNK):
            numbers = range(start, min(start + _CHUNK, people + 1))
            _insert(session, Patient, [_patient(n, hospital.id) for n in numbers])
            _insert(session, Stay, [_stay(n, hospital.id, ward.id) for n in numbers])
        return Actor(
            staff_id=1,
            name="計測",
            role=Role.WARD_NURSE,
            organization_id=hospital.id,
            organization=hospital.name,
            kind=hospital.kind,
            region="mihon",
        )


def _insert(session: Session, table: type[SQLModel], rows: list[dict[str, object]]) -> None:
    session.execute(sa.insert(table), rows)


def _patient(number: int, hospital_id: int) -> dict[str, object]:
    surname, reading = SURNAMES[number % len(SURNAMES)]
    name, kana = f"{surname} 人{number:06d}", f"{reading} ヒト{number:06d}"
    return {
        "id": number,
        "hospital_id": hospital_id,
        "hospital_number": f"N{number}",
        "name": name,
        "kana": kana,
        "folded": folded_names(name, kana),
        "birth_on": date(1940, 1, 1),
        "created_at": NOW,
    }


def _stay(number: int, hospital_id: int, ward_id: int) -> dict[str, object]:
    left = number % 10 != 0
    return {
        "id": number,
        "code": f"{number:06d}",
        "patient_id": number,
        "hospital_id": hospital_id,
        "region": "mihon",
        "ward_id": ward_id,
        "admitted_on": ADMITTED,
        "discharged_on": ADMITTED if left else None,
        "destination": Destination.HOME if left else None,
        "registered_at": NOW,
    }


def find(database: Database, actor: Actor, words: str) -> int:
    """Ask once, as the page does; return how many stays were named."""
    with database.reading() as session:
        return len(people_found(session, actor, words, today=NOW.date()).stays)


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description="what finding a person costs among many")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    last = given.people
    asked = {
        "one person's name": f"人{last:06d}",
        "a name of a quarter": "高崎",
        "a reading, half-width": "ﾀｶｻｷ",
        "a reading, full-width": "タカサキ　ヒト",
        "one letter, 崎": "崎",
        "a reading but for 濁点": "たがざぎ",
        "one person but for 濁点": f"ピド{last:06d}",
        "a letter that all have": "ヒ",
        "a hospital number": f"N{last}",
        "a case code": f"{last:06d}",
        "nobody": "どこにもいない",
        "nobody, kanji": "無人",
    }
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'people.db'}")
        schema.upgrade(database)
        actor = fill(database, given.people)
        seconds = by_turns(
            {what: partial(find, database, actor, words) for what, words in asked.items()},
            given.rounds,
        )
        print(f"{'among ' + format(given.people, ',') + ' people':<28}{'found':>6}{'ms':>8}")
        for what, words in asked.items():
            named, took = find(database, actor, words), 1000 * median(seconds[what])
            print(f"{what:<28}{named:>6}{took:>8.0f}")
        database.close()


if __name__ == "__main__":
    main()
