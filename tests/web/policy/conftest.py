"""One prepared database for all tests of the policy table: nothing in it is ever kept changed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask

from handoffs.database import Database, open_database
from rules import Library
from tests.people import Cast
from tests.web.conftest import _settings
from tests.web.policy.cells import Asker, Visits, askers
from tests.web.policy.scene import Lie, lay
from web.context import EXTENSION


@dataclass(frozen=True)
class Scene:
    """The application, everybody who can ask, and a stay in every relation."""

    app: Flask
    database: Database
    file: Path
    askers: list[Asker]
    lies: list[Lie]
    visits: Visits


def ids_of(cast: Cast) -> dict[str, str]:
    """What stands for each part of an address that is no stay and no handoff."""
    return {
        "code": "K7RTN4",
        "guide": "hospital",
        "month": "2026-10",
        "number": "1",
        "organization_id": str(cast.office_id),
        "quarter": "2026-07",
        "secret": "x" * 32,
        "sheet": "admission_information",
        "staff_id": str(cast.ward_nurse.staff_id),
        "year": "2026",
    }


@pytest.fixture(scope="module")
def scene(
    put_together: Flask,
    settled: tuple[Path, Cast],
    library: Library,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Scene]:
    """The application over the prepared database."""
    folder = tmp_path_factory.mktemp("policy")
    settings = _settings(settled[0], folder)
    database = open_database(settings.database_url)
    before = put_together.extensions[EXTENSION]
    put_together.extensions[EXTENSION] = replace(before, database=database)
    with database.writing() as session:
        lies = lay(session, library, settled[1])
        everybody = askers(session, settled[1])
    database.engine.dispose()
    file = folder / "tsunagi.db"
    visits = Visits(put_together, database, file, ids_of(settled[1]))
    yield Scene(put_together, database, file, everybody, lies, visits)
    put_together.extensions[EXTENSION] = before
    database.close()
