"""The prepared database of the policy's tests, with one row more of everything somebody can own."""

from collections.abc import Iterator

import pytest

from handoffs import long_work
from handoffs.accounts.account import account_of
from tests.people import NOW
from tests.web.attack.ground import Ground
from tests.web.policy.columns import make_row
from tests.web.policy.conftest import Scene, scene
from tests.web.policy.test_swapped_ids import TABLE_OF
from tests.web.test_routes import BACKTEST

__all__ = ["scene"]

_AS_IT_IS = {"absence", "concern", "certification_step", "notice", "message", "passkey", "leak"}
"""Tables of which a row of made-up values is one that could really be."""


@pytest.fixture(scope="module")
def ground(scene: Scene) -> Iterator[Ground]:
    """The scene with a row of every kind that an address can name, and with keepers of accounts."""
    lie = scene.lies[0]
    nurse = next(one.actor for one in scene.askers if one.name == "ward_nurse")
    assert nurse is not None
    made = {
        "stay": lie.stay.id,
        "handoff": lie.handoff.id,
        "organization": lie.hospital,
        "staff": nurse.person_id,
        "hospital": lie.hospital,
        "office": lie.office or 0,
        "ward": lie.stay.ward_id,
    }
    with scene.database.writing() as session:
        for one in scene.askers:
            if one.actor is not None:
                account_of(session, one.actor.person_id).keeps_accounts = True
        made["long_work"] = long_work.ask(
            session, long_work.WorkKind.BACKTEST, BACKTEST, by=nurse, now=NOW
        ).id
        for name in sorted(_AS_IT_IS):
            make_row(session.connection(), name, made)
    scene.visits.ids |= {
        part: str(made[table]) for part, table in TABLE_OF.items() if table in made
    }
    scene.visits.keep()
    made_ready = Ground(scene)
    yield made_ready
    made_ready.leave()
