"""A leak, or the fear of one: whom it concerns, and by when it is reported.

Personal data of this kind is reported however few people it concerns: a first report within three
to five days, the full one within thirty, or sixty where it may have been taken with wrongful
intent, and the people themselves are told (個人情報の保護に関する法律と施行規則). The day on which
it became known is counted as the first and nothing is moved past a holiday: where an authority
counts more kindly there is time to spare. The list of people is made anew each time it is asked
for, from the history.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.accounts.account import require_keeper
from handoffs.audit.seen import Asked, stays_seen
from handoffs.database import coded
from handoffs.errors import BadEntry, NotVisible
from handoffs.fax.channel import FaxSending
from handoffs.history import Act, Detail, record
from handoffs.link.case_link import CaseLink
from handoffs.parties import Actor, Staff
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from rules.kinds import Labelled

FIRST_FROM, FIRST_BY = 3, 5
FULL_BY, FULL_BY_WRONGFUL = 30, 60
"""Days. The first report: about three to five. Read in a description of the law, not the law."""


class LeakKind(Labelled):
    """What happened."""

    ACCOUNT = "account", "アカウントを他人が使った(操作した人と期間)"
    FAX = "fax", "FAXを違う番号に送った"
    LINK = "link", "リンクが違う人に渡った"
    STAYS = "stays", "ある方の記録(入院番号)"


class Leak(SQLModel, table=True):
    """A case: what happened through what, when, and what has been reported."""

    __tablename__ = "leak"

    id: int = Field(default=None, primary_key=True)
    organization_id: int = Field(foreign_key="organization.id", index=True)
    kind: LeakKind = Field(sa_type=coded(LeakKind, "leak_kind"))
    subject_id: int
    since: datetime
    until: datetime
    known_on: date
    wrongful: bool
    opened_at: datetime
    opened_by: int = Field(foreign_key="staff.id")
    first_reported_on: date | None = None
    reported_on: date | None = None


@dataclass(frozen=True)
class LeakEntry:
    """What was typed. `subject_id` is a person of the house, a FAX, a link or a stay."""

    kind: LeakKind
    subject_id: int
    since: datetime
    until: datetime
    known_on: date
    wrongful: bool


@dataclass(frozen=True)
class Dates:
    """Until when each report is due, the last day of each."""

    first_from: date
    first_by: date
    full_by: date


def dates_of(known_on: date, *, wrongful: bool) -> Dates:
    """The dates of a leak that became known on a day, that day being the first."""

    def last_of(days: int) -> date:
        return known_on + timedelta(days=days - 1)

    full = FULL_BY_WRONGFUL if wrongful else FULL_BY
    return Dates(last_of(FIRST_FROM), last_of(FIRST_BY), last_of(full))


def open_leak(session: Session, entry: LeakEntry, *, by: Actor, now: datetime) -> Leak:
    """Begin a case of one's own organization. Raises NotPermitted or BadEntry."""
    require_keeper(session, by)
    wrong = {}
    if entry.until <= entry.since:
        wrong["until"] = "終わりは、始まりよりあとにしてください。"
    if entry.known_on > day_of(now):
        wrong["known_on"] = "知った日は、今日までの日付にしてください。"
    if not _is_own(session, entry, by):
        wrong["subject_id"] = "その番号は、あなたの機関にはありません。確かめてください。"
    if wrong:
        raise BadEntry(wrong)
    leak = Leak(
        organization_id=by.organization_id,
        kind=entry.kind,
        subject_id=entry.subject_id,
        since=entry.since,
        until=entry.until,
        known_on=entry.known_on,
        wrongful=entry.wrongful,
        opened_at=now,
        opened_by=by.person_id,
    )
    session.add(leak)
    session.flush()
    detail: Detail = {"leak": leak.id, "kind": entry.kind.value, "known_on": entry.known_on}
    record(session, by, Act.LEAK_OPEN, now=now, detail=detail)
    return leak


def leaks_of(session: Session, by: Actor) -> Sequence[Leak]:
    """The cases of one's organization, the newest first. Raises NotPermitted."""
    require_keeper(session, by)
    query = select(Leak).where(Leak.organization_id == by.organization_id)
    return session.exec(query.order_by(col(Leak.id).desc())).all()


def find_leak(session: Session, leak_id: int, by: Actor) -> Leak:
    """A case of one's organization. Raises NotPermitted or NotVisible."""
    require_keeper(session, by)
    leak = session.get(Leak, leak_id)
    if leak is None or leak.organization_id != by.organization_id:
        raise NotVisible
    return leak


def report(
    session: Session,
    leak: Leak,
    *,
    first_on: date | None,
    full_on: date | None,
    by: Actor,
    now: datetime,
) -> None:
    """Write down when the reports were made. Raises NotPermitted."""
    require_keeper(session, by)
    leak.first_reported_on, leak.reported_on = first_on, full_on
    detail: Detail = {"leak": leak.id, "first_on": first_on, "full_on": full_on}
    record(session, by, Act.LEAK_CLOSE, now=now, detail=detail)


def concerned(session: Session, leak: Leak) -> tuple[list[int], list[int]]:
    """The stays that a leak concerns, and the patients without one, from the history."""
    if leak.kind is LeakKind.STAYS:
        return [leak.subject_id], []
    if leak.kind is LeakKind.FAX:
        return _stays_of_fax(session, leak.subject_id), []
    if leak.kind is LeakKind.LINK:
        return _stays_of_link(session, leak.subject_id), []
    asked = Asked(leak.since, leak.until, leak.organization_id, staff_id=leak.subject_id)
    return stays_seen(session, asked)


def _stays_of_fax(session: Session, number: int) -> list[int]:
    return list(session.exec(select(FaxSending.stay_id).where(FaxSending.id == number)))


def _stays_of_link(session: Session, number: int) -> list[int]:
    return list(session.exec(select(CaseLink.stay_id).where(CaseLink.id == number)))


def _is_own(session: Session, entry: LeakEntry, by: Actor) -> bool:
    """Whether what happened belongs to the organization of whoever writes it down."""
    if entry.kind is LeakKind.ACCOUNT:
        staff = session.get(Staff, entry.subject_id)
        return staff is not None and staff.organization_id == by.organization_id
    stays = [entry.subject_id]
    if entry.kind is LeakKind.FAX:
        stays = _stays_of_fax(session, entry.subject_id)
    elif entry.kind is LeakKind.LINK:
        stays = _stays_of_link(session, entry.subject_id)
    own = sa.select(col(Stay.id)).where(
        col(Stay.id).in_(stays), col(Stay.hospital_id) == by.organization_id
    )
    return session.execute(own).first() is not None
