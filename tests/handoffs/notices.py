"""What tests of messages share: addresses, a handoff that is late, what was written."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from handoffs.database import Database
from handoffs.handoff import Handoff
from handoffs.parties import Actor
from handoffs.stays.stay import Stay
from handoffs.telling.mailbox import Mailbox, Reach
from handoffs.telling.outbox import Message
from handoffs.telling.reminded import Reminder
from handoffs.telling.reminding import remind
from handoffs.tokyo import TOKYO
from tests.factories import make_handoff, make_stay
from tests.people import NOW, Cast

MAIL = Reach(mail=True)
LINK = "https://tsunagi.example.jp/worklist"


def tokyo(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TOKYO)


def give_address(
    session: Session, actor: Actor, *, office: bool = False, address: str | None = None
) -> None:
    session.add(
        Mailbox(
            organization_id=actor.organization_id,
            staff_id=None if office else actor.staff_id,
            address=address or f"{'office' if office else 'person'}{actor.staff_id}@example.jp",
            recorded_at=NOW,
            recorded_by=actor.staff_id,
        )
    )
    session.flush()


def stay_in_charge(session: Session, cast: Cast, **columns: object) -> Stay:
    """Somebody in hospital with a contact there and a care manager at the office."""
    given: dict[str, object] = {
        "admitted_on": date(2026, 11, 1),
        "contact_staff_id": cast.ward_nurse.staff_id,
        "care_manager": cast.care_manager,
    }
    return make_stay(session, cast, **(given | columns))  # type: ignore[arg-type]


def owe(session: Session, stay: Stay, **columns: object) -> Handoff:
    """A notice that the hospital owes, due on Friday, 20 November, unless said otherwise."""
    given: dict[str, object] = {"due_on": date(2026, 11, 20), "receiver_id": None}
    return make_handoff(session, stay, **(given | columns))


def run(database: Database, now: datetime, reach: Reach = MAIL) -> int:
    return remind(database, now, reach)


def messages(session: Session) -> Sequence[Message]:
    return session.exec(select(Message).order_by(col(Message.id))).all()


def reminders(session: Session) -> Sequence[Reminder]:
    return session.exec(select(Reminder).order_by(col(Reminder.id))).all()
