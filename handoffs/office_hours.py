"""The open days and hours of an organization, as its own staff write them down.

What the rules count open days by, and what the office's own fee windows hang on: for that its
運営規程 counts. When they change, what is due on open days is counted anew for everybody who is
in hospital. One span a day; hours over midnight or a break at noon are refused.
"""

import hashlib
import json
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from handoffs.access import Permission, require
from handoffs.calendars import WEEKDAYS
from handoffs.database import writes
from handoffs.errors import BadEntry, NotVisible, Overtaken
from handoffs.history import Act, record
from handoffs.parties import Actor, Organization, OrganizationKind, closed_dates
from handoffs.plan_office import PlanOffice
from handoffs.recount import recount
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from handoffs.wall import Crossing, crossing
from rules import Library

MOST_CLOSED_DAYS = 400
_AROUND = timedelta(days=5 * 366)


class HoursEntry(BaseModel):
    """Open days and hours as they shall be; a weekday that is absent is closed.

    `seen` is what the screen showed, as `HoursShown.seen` gives it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    spans: Mapping[str, tuple[time, time]]
    closed: frozenset[date]
    open_on_public_holidays: bool
    seen: str


@dataclass(frozen=True)
class HoursShown:
    """What an organization has written down. spans: opening and closing by weekday, as text."""

    organization: str
    is_hospital: bool
    spans: Mapping[str, tuple[str, str]]
    closed: tuple[date, ...]
    open_on_public_holidays: bool
    seen: str

    @property
    def is_missing(self) -> bool:
        """Whether no hours have been entered yet."""
        return not self.spans


def hours_shown(session: Session, actor: Actor, organization_id: int | None = None) -> HoursShown:
    """The hours of the actor's own organization, or of one of the region that they administer.

    Raises NotPermitted or NotVisible.
    """
    own = _organization(session, actor, organization_id)
    parts = {day: span.partition("-") for day, span in own.hours.items()}
    return HoursShown(
        organization=own.name,
        is_hospital=own.kind is OrganizationKind.HOSPITAL,
        spans={day: (opens.strip(), closes.strip()) for day, (opens, _, closes) in parts.items()},
        closed=tuple(sorted(closed_dates(own))),
        open_on_public_holidays=own.open_on_public_holidays,
        seen=_fingerprint(own),
    )


def set_hours(
    session: Session,
    entry: HoursEntry,
    *,
    library: Library,
    by: Actor,
    now: datetime,
    organization_id: int | None = None,
) -> int:
    """Write the hours of an organization down, as `hours_shown`; count the stays recounted.

    Raises NotPermitted, NotVisible, BadEntry with a message for each field, or Overtaken if
    somebody else changed them meanwhile.
    """
    own = _organization(session, by, organization_id)
    if entry.seen != _fingerprint(own):
        raise Overtaken
    _check(entry, day_of(now))
    before = (own.hours, own.closed_days, own.open_on_public_holidays)
    own.hours = {
        day: f"{entry.spans[day][0]:%H:%M}-{entry.spans[day][1]:%H:%M}"
        for day in WEEKDAYS
        if day in entry.spans
    }
    own.closed_days = [day.isoformat() for day in sorted(entry.closed)]
    own.open_on_public_holidays = entry.open_on_public_holidays
    if before == (own.hours, own.closed_days, own.open_on_public_holidays):
        return 0
    session.flush()
    # Whoever administers a region sees nobody's row; only days move, and nothing is shown.
    with crossing(session, Crossing.CALENDAR) if organization_id else nullcontext():
        moved = sum(
            recount(session, stay, library=library, now=now) for stay in _affected(session, own)
        )
    detail = {"recounted": moved, "organization": own.id}
    record(session, by, Act.ORGANIZATION_HOURS, now=now, detail=detail)
    return moved


def _organization(session: Session, actor: Actor, organization_id: int | None) -> Organization:
    """Find whose hours are meant, locked if the session writes. Raises NotPermitted, NotVisible."""
    if organization_id is None:
        require(actor, Permission.HOURS_EDIT)
    else:
        require(actor, Permission.REGION_SET)
    query = select(Organization).where(
        Organization.id == (organization_id or actor.organization_id),
        Organization.region == actor.region,
    )
    if writes(session):
        query = query.with_for_update()
    found = session.exec(query).one_or_none()
    if found is None:
        raise NotVisible
    return found


def _affected(session: Session, own: Organization) -> list[Stay]:
    """Everybody in hospital whose due days may hang on this organization's calendar."""
    query = select(Stay).where(col(Stay.discharged_on).is_(None), col(Stay.cancelled_at).is_(None))
    if own.kind is OrganizationKind.HOSPITAL:
        query = query.where(Stay.hospital_id == own.id)
    else:
        planned = select(PlanOffice.stay_id).where(
            PlanOffice.organization_id == own.id, col(PlanOffice.superseded).is_(False)
        )
        query = query.where(col(Stay.id).in_(planned))
    return list(session.exec(query.order_by(col(Stay.id)).with_for_update()))


def _check(entry: HoursEntry, today: date) -> None:
    wrong: dict[str, str] = {}
    for day, (opens, closes) in entry.spans.items():
        if closes <= opens:
            wrong[f"{day}_closes"] = (
                "閉まる時刻を、開く時刻よりあとの23:59までにしてください。日をまたぐときは23:59です。"
            )
    if not entry.spans:
        wrong["mon_opens"] = "開いている曜日の時刻を、一つ以上入力してください。"
    if any(abs(day - today) > _AROUND for day in entry.closed):
        wrong["closed"] = "5年以上離れた日があります。年を確かめてください。"
    elif len(entry.closed) > MOST_CLOSED_DAYS:
        wrong["closed"] = f"休業日は{MOST_CLOSED_DAYS}日までです。過ぎた日を消してください。"
    if wrong:
        raise BadEntry(wrong)


def _fingerprint(organization: Organization) -> str:
    """What stands there now, short enough to go along with a form."""
    content = json.dumps(
        [organization.hours, organization.closed_days, organization.open_on_public_holidays],
        sort_keys=True,
    )
    return hashlib.sha256(content.encode()).hexdigest()[:16]
