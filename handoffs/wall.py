"""Whose rows PostgreSQL itself shows: what each transaction tells its row-level security.

The second wall, behind `handoffs.access`. A web request says once who acts; every transaction
that begins while it does carries that along, and no longer than it lives, so that a connection
from the pool never knows of the one before. Where nobody acts nothing is said, and a role that
the policies hold sees no person's row. The owner of the tables, as which the scheduler and the
commands run, is not held. On SQLite nothing happens here.

It stops a query that forgot to ask whose a row is. It does not stop somebody who can run
statements of their own: they could say that they are anybody.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from rules.kinds import Labelled


class Crossing(Labelled):
    """The acts that reach beyond their own organization on purpose. The label says why."""

    LINK = "link", "an office without account answers by a link: who it is stands in the link"
    ROSTER = "roster", "an admission is compared with the digests of every office's roster"
    TRANSFER = "transfer", "a stay is announced to the next hospital, and goes on there"
    DECLINED = (
        "declined",
        "an office is told which code it declined and went elsewhere",
    )
    DRAFT = "draft", "what was typed when a session had run out is kept for whoever it was"
    OWN_WORK = "own_work", "an office counts what it did, also for whom it plans no longer"
    CODE = "code", "the number on a sheet must be new in every house"
    CALENDAR = "calendar", "a calendar moved in a region: what is due by it is counted anew"


@dataclass(frozen=True)
class Scope:
    """For whom rows are shown: one organization and person, or a region's counts.

    `counts_region` is the region in which a health centre counts; "" for everybody else.
    `crossing` names the act for which the wall is open during the whole request.
    """

    organization_id: int | None = None
    staff_id: int | None = None
    counts_region: str = ""
    crossing: Crossing | None = None


_acting: ContextVar[Scope | None] = ContextVar("acting", default=None)

_SAY = sa.text(
    "SELECT set_config('tsunagi.organization', :organization, true),"
    " set_config('tsunagi.person', :person, true),"
    " set_config('tsunagi.region', :region, true),"
    " set_config('tsunagi.crossing', :crossing, true)"
)
_OPEN = sa.text("SELECT set_config('tsunagi.crossing', :crossing, true)")


def show_rows_of(scope: Scope | None) -> None:
    """Let every transaction that begins from now on, in this thread, carry a scope; None ends it.

    To be said at the beginning of each request: a thread outlives the one before.
    """
    _acting.set(scope)


def say_again(session: Session) -> None:
    """Tell the transaction of a session what is true by now, in the one that found it out."""
    scope = _acting.get()
    if scope is not None and _is_walled(session):
        session.connection().execute(_SAY, _settings(scope))


def stand_in(engine: sa.Engine) -> None:
    """Tell each transaction of a PostgreSQL engine, as it begins, who acts."""

    @sa.event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        scope = _acting.get()
        if scope is not None:
            connection.execute(_SAY, _settings(scope))


def _is_walled(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _settings(scope: Scope) -> dict[str, str]:
    return {
        "organization": _text(scope.organization_id),
        "person": _text(scope.staff_id),
        "region": scope.counts_region,
        "crossing": scope.crossing or "",
    }


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


@contextmanager
def crossing(session: Session, why: Crossing) -> Iterator[None]:
    """Open the wall for a few statements of one act. What was changed is written inside.

    After an error the transaction is lost, and with it what was said: nothing is closed again.
    """
    if not _is_walled(session):
        yield
        return
    was = session.connection().scalar(sa.text("SELECT current_setting('tsunagi.crossing', true)"))
    session.connection().execute(_OPEN, {"crossing": why.value})
    yield
    session.flush()
    session.connection().execute(_OPEN, {"crossing": was or ""})
