"""The second wall: what PostgreSQL itself shows to the role of the web, whatever is asked."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from handoffs.database import Database, open_database
from handoffs.keeping import erasure_command, export_command, retention_command
from handoffs.keeping.errors import KeepingError
from handoffs.wall import Crossing, Scope, crossing, show_rows_of
from tests.handoffs.walled import DAY, EVERYBODY, OFFICE, A, B, about_stays, fill, seen
from tests.postgresql import WEB, Cluster

pytestmark = pytest.mark.postgresql

_EVERYBODY = {Scope(organization_id=one, staff_id=one) for one in EVERYBODY}


@dataclass(frozen=True)
class Walled:
    """One database: as its owner, as the web, and who may see each row."""

    owner: Database
    web: Database
    rows: dict[str, dict[str, set[int]]]

    def stands(self, table: str, scope: Scope) -> set[str]:
        """The rows that somebody may see."""
        return {row for row, whose in self.rows[table].items() if scope.organization_id in whose}


@pytest.fixture(scope="module")
def walled(postgresql_cluster: Cluster, migrated_template: str) -> Iterator[Walled]:
    """Stays that lie in every way, with a row of every table. Nothing in it is kept changed."""
    name = postgresql_cluster.create(template=migrated_template)
    owner = open_database(postgresql_cluster.url(name))
    web = open_database(postgresql_cluster.let_web_in(name))
    with owner.engine.begin() as connection:
        rows = fill(connection)
    yield Walled(owner, web, rows)
    web.close()
    owner.close()
    postgresql_cluster.drop(name)


@contextmanager
def _asking(database: Database, scope: Scope | None) -> Iterator[sa.Connection]:
    """A transaction that begins while somebody acts, and of which nothing stays."""
    show_rows_of(scope)
    try:
        with database.engine.connect() as connection:
            yield connection
    finally:
        show_rows_of(None)


def test_every_table_that_tells_of_a_person_stands_behind_the_wall(walled: Walled) -> None:
    ask = sa.text("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'")
    with walled.owner.engine.connect() as connection:
        behind = set(connection.scalars(ask))
    assert about_stays() <= behind
    assert behind == set(walled.rows)


def test_nobody_sees_a_row_of_another_organization_whatever_they_ask(walled: Walled) -> None:
    for scope in _EVERYBODY:
        with _asking(walled.web, scope) as connection:
            for table in walled.rows:
                assert seen(connection, table) == walled.stands(table, scope), (table, scope)


def test_without_the_policy_of_a_table_the_same_question_shows_strangers(walled: Walled) -> None:
    scope = Scope(organization_id=OFFICE, staff_id=OFFICE)
    for table in walled.rows:
        with _asking(walled.owner, scope) as connection:
            connection.execute(sa.text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
            connection.execute(sa.text(f"SET LOCAL ROLE {WEB}"))
            assert seen(connection, table) > walled.stands(table, scope), table


def test_where_nobody_acts_or_acted_before_there_is_no_row(walled: Walled) -> None:
    with _asking(walled.web, Scope(organization_id=A, staff_id=A)) as connection:
        assert seen(connection, "patient")
        first = connection.connection.dbapi_connection
    for nobody in (None, Scope()):
        with _asking(walled.web, nobody) as connection:
            assert connection.connection.dbapi_connection is first
            assert not any(seen(connection, table) for table in walled.rows)
    with _asking(walled.owner, None) as connection:
        assert all(seen(connection, table) == set(rows) for table, rows in walled.rows.items())


def test_what_is_taken_back_is_gone_for_the_next_question(walled: Walled) -> None:
    changes = {
        "planned by another now": "UPDATE plan_office SET superseded = true WHERE stay_id = 2",
        "cancelled": "UPDATE stay SET cancelled_at = now() WHERE id = 2",
        "wants no contact": "UPDATE stay SET wants_no_contact = true WHERE id = 2",
        "its days are over": "UPDATE stay SET offices_ended_at = now() WHERE id = 2",
        "erased": "UPDATE stay SET erased_at = now() WHERE id = 2",
    }
    for change in changes.values():
        with _asking(walled.owner, Scope(organization_id=OFFICE)) as connection:
            connection.execute(sa.text(change))
            connection.execute(sa.text(f"SET LOCAL ROLE {WEB}"))
            for table in about_stays():
                assert not seen(connection, table), (table, change)


def test_a_row_of_another_organization_is_neither_written_nor_changed(walled: Walled) -> None:
    with _asking(walled.web, Scope(organization_id=OFFICE, staff_id=OFFICE)) as connection:
        touched = connection.execute(sa.text("UPDATE patient SET name = 'x' WHERE id <> 2"))
        gone = connection.execute(sa.text("DELETE FROM draft WHERE staff_id <> 3"))
        assert (touched.rowcount, gone.rowcount) == (0, 0)
    line = sa.text(
        "INSERT INTO contact_person (id, stay_id, role, name, relation, telephone, recorded_at)"
        " SELECT 99, :stay, role, name, relation, telephone, recorded_at FROM contact_person"
    )
    for stay, refused in ((2, False), (1, True)):
        with _asking(walled.web, Scope(organization_id=OFFICE)) as connection:
            if refused:
                with pytest.raises(ProgrammingError, match="row-level security"):
                    connection.execute(line, {"stay": stay})
            else:
                assert connection.execute(line, {"stay": stay}).rowcount == 1


def test_a_health_centre_counts_stays_of_its_region_and_sees_nobody(walled: Walled) -> None:
    with _asking(walled.web, Scope(organization_id=99, counts_region="x1")) as connection:
        assert seen(connection, "stay") == {
            row for row in walled.rows["stay"] if '"region": "x1"' in row
        }
        assert len(seen(connection, "handoff")) == 1
        for named in ("patient", "contact_person", "concern", "sheet_version", "handed_over"):
            assert not seen(connection, named)
    with _asking(walled.web, Scope(organization_id=99, counts_region="other")) as connection:
        assert not seen(connection, "stay")


def test_whoever_is_shown_a_part_neither_exports_nor_erases(walled: Walled, tmp_path: Path) -> None:
    parser = ArgumentParser()
    commands = parser.add_subparsers(dest="command")
    for one in (export_command, erasure_command, retention_command):
        one.describe(commands)
    asked: dict[str, Callable[..., list[str]]] = {
        "export": partial(export_command.run, walled.web, tmp_path),
        "erase": partial(erasure_command.run, walled.web, tmp_path),
        "retention": partial(retention_command.run, walled.web, {"1810000014": 1}, 31),
    }
    for words in (
        f"export --site --to {tmp_path / 'all'}",
        "retention list",
        "retention run",
        "erase --hospital x --code x",
        "erase --hospital x --code x --confirm x --asked-on 2026-11-20",
    ):
        given = parser.parse_args(words.split())
        with pytest.raises(KeepingError, match="一部の行しか見えません"):
            asked[given.command](given, DAY)
    assert list(tmp_path.iterdir()) == []


def test_an_act_that_crosses_the_wall_is_back_behind_it_afterwards(walled: Walled) -> None:
    show_rows_of(Scope(organization_id=B, staff_id=B))
    with walled.web.reading() as session:
        before = seen(session.connection(), "roster")
        with crossing(session, Crossing.ROSTER):
            assert seen(session.connection(), "roster") == set(walled.rows["roster"])
        assert seen(session.connection(), "roster") == before
    show_rows_of(None)
    assert len(before) == 1
