"""How somebody and their organization are told of messages: what the page of settings shows.

Read-only; the verbs are those of `mailbox`, `absence` and `duty_person`.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from handoffs.parties import Actor, staff_of
from handoffs.telling.absence import absences_of
from handoffs.telling.duty_person import Post, holder_of
from handoffs.telling.mailbox import mailbox_of
from handoffs.telling.outbox import Recipient
from handoffs.tokyo import day_of


@dataclass(frozen=True)
class AbsenceShown:
    """One absence that goes on or lies ahead. `substitute` is empty where nobody was named."""

    id: int
    from_on: date
    to_on: date
    substitute: str


@dataclass(frozen=True)
class OwnSettings:
    """Addresses, posts and absences. `colleagues` are everybody else of the organization."""

    own_address: str
    office_address: str
    holders: dict[Post, int | None]
    absences: tuple[AbsenceShown, ...]
    everybody: tuple[tuple[int, str], ...]
    colleagues: tuple[tuple[int, str], ...]


def own_settings(session: Session, actor: Actor, now: datetime) -> OwnSettings:
    """Read what the page of settings shows to one person."""
    staff = staff_of(session, actor.organization_id)
    names = {one.id: one.name for one in staff}
    everybody = tuple((one.id, f"{one.name}（{one.role.label}）") for one in staff)
    own = mailbox_of(session, Recipient(actor.organization_id, actor.staff_id))
    office = mailbox_of(session, Recipient(actor.organization_id))
    return OwnSettings(
        own_address=own.address if own else "",
        office_address=office.address if office else "",
        holders={post: holder_of(session, actor.organization_id, post) for post in Post},
        absences=tuple(
            AbsenceShown(
                id=one.id,
                from_on=one.from_on,
                to_on=one.to_on,
                substitute=names.get(one.substitute_id or 0, ""),
            )
            for one in absences_of(session, actor.person_id, day_of(now))
        ),
        everybody=everybody,
        colleagues=tuple(pair for pair in everybody if pair[0] != actor.staff_id),
    )
