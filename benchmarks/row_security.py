"""What the wall of PostgreSQL costs a list: the same question as the owner and as the web's role.

    nice python -m benchmarks.row_security [--others 40000] [--rounds 15]

Admits sixty invented people by the verbs in a PostgreSQL of its own, and copies their rows to
another hospital and office as often as wanted, so that the wall has something to keep apart.
Then a ward's board and a care manager's worklist, by turns.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from statistics import median

import sqlalchemy as sa

from benchmarks.turns import by_turns, ratio
from handoffs import schema
from handoffs.database import Database, open_database
from handoffs.parties import Actor
from handoffs.shown.board import board_of
from handoffs.shown.worklist import worklist_of
from handoffs.wall import Scope, show_rows_of
from rules import Library
from tests.factories import admit_someone
from tests.people import NOW, Cast, settle
from tests.postgresql import start_cluster, stop_cluster

OWN, OTHERS, ROUNDS = 60, 40_000, 15
_CHILDREN = ("plan_office", "handoff", "certification", "assessment", "consent")


def fill(database: Database, library: Library, others: int) -> Cast:
    """Put everybody in; the copies have left hospital and are planned by another office."""
    with database.writing() as session:
        cast = settle(session)
        for _ in range(OWN):
            admit_someone(session, library, cast)
    with database.engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for table in ("patient", "stay", *_CHILDREN):
            connection.execute(sa.text(_copied(table)), _values(cast, others // OWN))
        connection.execute(sa.text("ANALYZE"))
    return cast


def _copied(table: str) -> str:
    """The statement that writes every row of a table so many times more, with new numbers."""
    changed = {"id": "id + n * 1000"}
    if table == "patient":
        changed |= {"hospital_id": "CAST(:hospital AS int)", "hospital_number": "NULL"}
    elif table == "stay":
        changed |= {
            "patient_id": "patient_id + n * 1000",
            "hospital_id": "CAST(:hospital AS int)",
            "code": "lpad((id + n * 1000)::text, 6, '0')",
            "discharged_on": "admitted_on",
            "destination": "'home'",
        }
    else:
        changed["stay_id"] = "stay_id + n * 1000"
    if table == "plan_office":
        changed["organization_id"] = "CAST(:office AS int)"
    columns = [column.name for column in schema.METADATA.tables[table].columns]
    values = ", ".join(changed.get(name, name) for name in columns)
    names = ", ".join(columns)
    out_of = f"{table}, generate_series(1, :times) n"
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {out_of}"  # noqa: S608 - ours.


def _values(cast: Cast, times: int) -> dict[str, int]:
    return {
        "hospital": cast.other_hospital_id,
        "office": cast.outsider_office_id,
        "times": times,
    }


def _board(database: Database, actor: Actor, library: Library) -> int:
    show_rows_of(Scope(actor.organization_id, actor.staff_id))
    with database.reading() as session:
        return len(board_of(session, actor, library=library, now=NOW).rows)


def _worklist(database: Database, actor: Actor, library: Library) -> int:
    show_rows_of(Scope(actor.organization_id, actor.staff_id))
    with database.reading() as session:
        return len(worklist_of(session, actor, library=library, now=NOW).groups[0][1])


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description="what row-level security costs a list")
    parser.add_argument("--others", type=int, default=OTHERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    library = Library.load()
    cluster = start_cluster()
    try:
        name = cluster.create()
        owner = open_database(cluster.url(name))
        schema.upgrade(owner)
        web = open_database(cluster.let_web_in(name))
        cast = fill(owner, library, given.others)
        asked: dict[str, tuple[Callable[[Database, Actor, Library], int], Actor]] = {
            "a ward's board": (_board, cast.ward_nurse),
            "a care manager's worklist": (_worklist, cast.care_manager),
        }
        print(f"{'':<28}{'rows':>6}{'owner ms':>10}{'web ms':>8}{'ratio':>7}")
        for what, (ask, actor) in asked.items():
            ways = {"owner": partial(ask, owner, actor, library)}
            ways["web"] = partial(ask, web, actor, library)
            seconds = by_turns(ways, given.rounds)
            took = [1000 * median(seconds[way]) for way in ways]
            rows = str(ask(web, actor, library))
            if rows != str(ask(owner, actor, library)):
                rows = "differ"
            print(
                f"{what:<28}{rows:>6}{took[0]:>10.0f}{took[1]:>8.0f}"
                f"{ratio(seconds, 'web', 'owner'):>7.2f}"
            )
        web.close()
        owner.close()
    finally:
        stop_cluster(cluster)


if __name__ == "__main__":
    main()
