"""The tests' own database server: its own, empty every time, and gone afterwards."""

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

from tests.postgresql import Cluster, start_cluster, stop_cluster


def test_each_test_begins_with_an_empty_database_of_its_own(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []
        connection.execute(text("CREATE TABLE left_behind (id INTEGER)"))
    engine.dispose()


def test_a_migrated_database_knows_its_revision(migrated_url: str) -> None:
    engine = create_engine(migrated_url)
    with engine.begin() as connection:
        assert inspect(connection).has_table("alembic_version")
    engine.dispose()


@pytest.mark.postgresql
def test_the_server_listens_on_its_own_socket_and_nowhere_else(postgresql_cluster: Cluster) -> None:
    url = make_url(postgresql_cluster.url("postgres"))
    host = str(url.query["host"])

    with psycopg.connect(host=host, user=url.username, dbname=url.database) as connection:
        row = connection.execute("SHOW listen_addresses").fetchone()

    assert row == ("",)


@pytest.mark.postgresql
def test_stopping_leaves_neither_a_server_nor_a_folder() -> None:
    cluster = start_cluster()
    folder, server = cluster.folder, cluster.server
    assert cluster.answers()

    stop_cluster(cluster)

    assert server.poll() is not None
    assert not folder.exists()
