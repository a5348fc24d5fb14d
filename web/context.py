"""What one request works with: the desk, the moment, the person, and short sessions.

The only clock of web: `now` reads it once and every view, verb and template of the request
is given the same moment. A session is opened for a few questions or for one act, and closed
before anything is rendered, hashed or printed.

An act belongs to one form. The form's id is taken first, in the act's own transaction, so
a double click, the back button or a second tab finds it taken and makes nothing twice.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from flask import current_app, g, request
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from handoffs import wall
from handoffs.accounts import PostedForm, Presence, forget_drafts, showing
from handoffs.database import Database
from handoffs.history import Act, Detail
from handoffs.parties import Actor, Role
from rules import Library

EXTENSION = "tsunagi"
_LONGEST_FORM_ID = 64


@dataclass(frozen=True)
class Desk:
    """Everything that web was given when it was put together.

    `idle` and `absolute` end a session, `heartbeat_max` is the age from which the scheduler
    counts as silent. `closes_on` is the day of the next month on which a month's figures
    close, None for its last open day. `public_origin` is scheme and host as the browser shows them.
    `mail_on`: messages leave by mail. `delivery_on`: by any way, so that somebody must send them.
    `masked_texts` are the targets of texts that name nobody; `network_used`: whether the region
    makes any text for a network, `fax_used` and `mail_used` whether it tells anything by them.
    `link_lifetime` is how long a link without sign-in works, `links_used` whether the region makes
    any, `link_names_masked` what its page
    names. `fax_gateway`: a FAX server takes sheets. `fax_second_person`: two verify a number.
    `beyond_office`, `coordinator` and `office_access_days` are what the clock goes by where the
    region decided nothing; here they are only shown.
    """

    database: Database
    library: Library
    region: str
    region_name: str
    idle: timedelta
    absolute: timedelta
    heartbeat_max: timedelta
    hospital_names: bool
    closes_on: int | None
    public_origin: str
    mail_on: bool = False
    delivery_on: bool = False
    masked_texts: frozenset[str] = frozenset({"mcs"})
    link_lifetime: timedelta = timedelta(days=7)
    links_used: bool = True
    link_names_masked: bool = True
    fax_gateway: bool = False
    fax_second_person: bool = False
    fax_used: bool = True
    mail_used: bool = True
    network_used: bool = True
    beyond_office: bool = False
    coordinator: str = ""
    office_access_days: int = 0

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by https, so that cookies can insist on it."""
        return self.public_origin.startswith("https://")


class AlreadyTaken(Exception):
    """This form was taken in before; `location` is where it led then."""

    def __init__(self, location: str) -> None:
        """Keep the path to lead to once more."""
        super().__init__("form already taken in")
        self.location = location


def desk() -> Desk:
    """The desk of the running application, with what the region decided since it began."""
    found: Desk = g.get("desk") or current_app.extensions[EXTENSION]
    return found


def now() -> datetime:
    """The moment of this request, aware and in UTC, the same however often it is asked."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    moment: datetime = g.now
    return moment


def presence_or_none() -> Presence | None:
    """Who is signed in; None on a public page that nobody signed in to see."""
    found: Presence | None = g.get("presence")
    return found


def presence() -> Presence:
    """Who is signed in. Only inside a view that requires a permission.

    Raises RuntimeError elsewhere.
    """
    found = presence_or_none()
    if found is None:
        raise RuntimeError("Nobody is signed in: the view is public, or not behind the gate.")
    return found


def actor() -> Actor:
    """The person who acts, as every question and verb takes them. As `presence`."""
    return presence().actor


def show_own_rows(session: Session | None = None, *, through: wall.Crossing | None = None) -> None:
    """Say for whom the database may show rows during this request (`handoffs.wall`).

    To be said again when it becomes known who is there: to the session that found it out too.
    `through` names what opens the wall for the whole request.
    """
    found = presence_or_none()
    if found is None:
        scope = wall.Scope(crossing=through)
    else:
        counts = found.actor.role is Role.HEALTH_OFFICER
        scope = wall.Scope(
            organization_id=found.actor.organization_id,
            staff_id=found.actor.staff_id,
            counts_region=found.actor.region if counts else "",
            crossing=through,
        )
    wall.show_rows_of(scope)
    if session is not None:
        wall.say_again(session)


def reading() -> AbstractContextManager[Session]:
    """Open a session for brief questions; what was read in it can be shown after it closed."""
    return desk().database.reading()


@contextmanager
def acting(part: str = "") -> Iterator[Session]:
    """Open the session of one act: one immediate transaction, committed at the end.

    The posted form is taken first; `taken_in` must say, before the act ends, where it led.
    `part` names one of several acts that one form asks for, such as a row of a grid: each is
    taken for itself. Raises AlreadyTaken when the form, or this part, was taken in before.
    """
    with desk().database.writing() as session:
        form = _take(session, _form_id(part))
        yield session
        if not form.location:
            raise RuntimeError("An act ended without taken_in: a second click would repeat it.")


def taken_in(session: Session, location: str, part: str = "") -> None:
    """Say where the form of this act leads, for whoever posts it again. A path of ours.

    What was saved while the form was filled in is over with it.
    """
    session.get_one(PostedForm, _form_id(part)).location = location
    kept = showing(request.path, request.form["form_id"])
    forget_drafts(session, actor().person_id, [kept])


def _form_id(part: str) -> str:
    """The id under which an act is taken; a part stands at its end, which is never cut off."""
    return (request.form["form_id"] + part)[-_LONGEST_FORM_ID:]


class Noted(NamedTuple):
    """What kind of reading an answer is, and about whom, as the page says it."""

    act: Act
    stay_id: int | None
    detail: Detail | None


def note_read(act: Act, *, stay_id: int | None = None, detail: Detail | None = None) -> None:
    """Say what kind of reading this answer is; it is written down before anything is sent.

    Whom the answer shows need not be said: `web.audit.reading` enters that with it.
    """
    g.setdefault("noted", []).append(Noted(act, stay_id, detail))


def _take(session: Session, form_id: str) -> PostedForm:
    taken = session.get(PostedForm, form_id)
    if taken is None:
        form = PostedForm(form_id=form_id, staff_id=actor().person_id, location="", posted_at=now())
        session.add(form)
        try:
            session.flush()
        except IntegrityError:
            # PostgreSQL lets the second click read before the first commits, and makes it
            # wait here. By now the first is through.
            session.rollback()
            taken = session.get_one(PostedForm, form_id)
        else:
            return form
    # An id is random: somebody else's can only have been copied, and leads nowhere.
    raise AlreadyTaken(taken.location if taken.staff_id == actor().staff_id else "/")
