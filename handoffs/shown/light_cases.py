"""Light cases that nobody of the discharge office has been involved in: where handoffs are missed.

要支援1 to 要介護2 leave straight from the ward, often after a few days, and their care manager
hears of it afterwards. They stand on the hospital's board, the shortest stays first.

"The discharge office is involved" (連携室が関わった) means: somebody of this hospital with the role
退院支援看護師, MSW or PSW wrote down a contact about the person, or did something with one of the
handoffs. Registering the admission or being named as the contact is no involvement: the office
types in twenty admissions at once. Read-only.
"""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from handoffs.history import Act, Event
from handoffs.parties import Actor, Role, Staff
from handoffs.shown.board import BoardRow
from handoffs.stays.stay import Stay
from rules import Coordination

OFFICE_ROLES = (Role.DISCHARGE_NURSE, Role.SOCIAL_WORKER, Role.PSYCHIATRIC_SOCIAL_WORKER)
"""Who works in the discharge office (連携室)."""

INVOLVING = (
    Act.CONFERENCE_CHOOSE,
    Act.CONFERENCE_PROPOSE,
    Act.HANDOFF_ACKNOWLEDGE,
    Act.HANDOFF_CONFIRM,
    Act.HANDOFF_SEND,
    Act.HANDOFF_WAIVE,
    Act.STATEMENT_MAKE,
)
"""The acts by which somebody is involved."""


def light_cases_of(
    session: Session, actor: Actor, rows: Iterable[BoardRow]
) -> tuple[BoardRow, ...]:
    """Those of a board who are light cases without the discharge office, short stays first.

    Whoever wants no contact, and whom the rule leaves out, is not listed. Nothing for an office.
    """
    if not actor.is_hospital:
        return ()
    light = [
        row for row in rows if row.is_light and row.coordination is not Coordination.NOT_REQUIRED
    ]
    involved = (
        select(Event.id)
        .join(Staff, col(Staff.id) == col(Event.staff_id))
        .where(
            Event.stay_id == Stay.id,
            col(Event.act).in_(INVOLVING),
            col(Staff.role).in_(OFFICE_ROLES),
            Staff.organization_id == actor.organization_id,
        )
    )
    without = session.exec(
        select(Stay.id).where(
            col(Stay.id).in_([row.person.stay_id for row in light]),
            col(Stay.wants_no_contact).is_(False),
            ~involved.exists(),
        )
    )
    asked = set(without)
    found = [row for row in light if row.person.stay_id in asked]
    return tuple(sorted(found, key=lambda row: (row.length, row.person.kana)))
