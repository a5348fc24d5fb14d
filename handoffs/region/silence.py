"""Hospitals that registered nobody for longer than is usual for them: a reason to ring, no more.

Each hospital is measured against its own habit on the same weekday; there is no figure that
holds for all of them, and a small hospital that registers once a fortnight is not silent.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from handoffs.parties import Organization, OrganizationKind
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of

DAY = timedelta(days=1)
WEEKS = 26
"""How far back a habit is looked for. Half a year holds one of the two long holidays."""

FEWEST = 8
"""From how many weekdays alike a habit can be spoken of."""

LATEST = timedelta(days=28)
"""How long after an admission a registration is still looked for; later ones are seldom."""

DEFINITION = (
    "前日までの、最後の登録からの日数を数えます（今日はまだ途中なので数えません）。",
    f"その病院の、同じ曜日の過去{WEEKS}週の日数と比べ、どれよりも長いときに「いつもより長い」とします。",
    f"比べられる同じ曜日が{FEWEST}回に満たない病院は「まだ比べられない」とします。",
    "登録した日で数えます（入院日ではありません）。登録がないことの理由は、この数からは分かりません。",
)


@dataclass(frozen=True)
class Quiet:
    """One hospital that is quieter than usual. days: since its last registration."""

    hospital_id: int
    days: int
    usual_longest: int
    last_on: date


@dataclass(frozen=True)
class Silence:
    """How the hospitals of a region stand. as_of: the last whole day."""

    as_of: date
    quiet: tuple[Quiet, ...]
    as_usual: int
    not_comparable: int
    never: int


def silence_of(session: Session, region: str, *, now: datetime) -> Silence:
    """Compare each hospital of a region with its own habit."""
    as_of = day_of(now) - DAY
    hospitals = session.exec(
        select(Organization.id)
        .where(Organization.region == region, Organization.kind == OrganizationKind.HOSPITAL)
        .order_by(col(Organization.kana), col(Organization.id))
    ).all()
    days = _registration_days(session, region, as_of - (WEEKS + 1) * 7 * DAY, as_of)
    quiet: list[Quiet] = []
    not_comparable = never = 0
    for hospital_id in hospitals:
        registered = days.get(hospital_id, set())
        last = max(registered, default=None)
        if last is None:
            never += 1
            continue
        habit = _habit(registered, as_of)
        passed = (as_of - last).days
        if len(habit) < FEWEST:
            not_comparable += 1
        elif passed > max(habit):
            quiet.append(Quiet(hospital_id, passed, max(habit), last))
    as_usual = len(hospitals) - len(quiet) - not_comparable - never
    return Silence(as_of, tuple(quiet), as_usual, not_comparable, never)


def _habit(registered: Collection[date], as_of: date) -> list[int]:
    """Days since the last registration, as it stood on the same weekday of each week before."""
    found = []
    for week in range(1, WEEKS + 1):
        there = as_of - week * 7 * DAY
        before = [day for day in registered if day <= there]
        if before:
            found.append((there - max(before)).days)
    return found


def _registration_days(
    session: Session, region: str, since: date, until: date
) -> dict[int, set[date]]:
    """On which days each hospital registered somebody, whatever became of it later."""
    # By the day of admission, for which there is an index.
    rows = session.exec(
        select(Stay.hospital_id, Stay.registered_at).where(
            Stay.region == region, Stay.admitted_on >= since - LATEST
        )
    )
    found: dict[int, set[date]] = defaultdict(set)
    for hospital_id, registered_at in rows:
        day = day_of(registered_at)
        if since <= day <= until:
            found[hospital_id].add(day)
    return found
