"""How somebody's organization can stand to a stay, and which kind of work reaches which.

`access` builds its one query over stays from this table. A relation that a kind of work is not
given here is not asked for, so that its stays look like stays that do not exist.
"""

from handoffs.parties import HOSPITAL_ROLES, PLANNING_ROLES, Role
from handoffs.policy.permissions import Permission
from rules.kinds import Labelled


class Relation(Labelled):
    """How an organization stands to a stay. The label is what docs call it."""

    HOUSE = "house", "in the own hospital"
    CLIENT = "client", "own client"
    UNTAKEN = "untaken", "of the office, taken by nobody"
    COLLEAGUES = "colleagues", "taken by a colleague"
    COPIED = "copied", "copy to the centre (委託)"
    TOLD = "told", "centre told by referral"
    FORMER = "former", "of an earlier month's office"


_PLANNING = frozenset({Relation.CLIENT, Relation.UNTAKEN, Relation.COPIED, Relation.TOLD})

REACH: dict[Role, frozenset[Relation]] = {
    **dict.fromkeys(HOSPITAL_ROLES, frozenset({Relation.HOUSE})),
    **dict.fromkeys(PLANNING_ROLES, _PLANNING),
    Role.HEALTH_OFFICER: frozenset(),
}
"""Whose stays somebody reaches. A health centre works with counts and reaches no stay at all."""

WITH_SWITCH: dict[Role, frozenset[Relation]] = {
    **dict.fromkeys(HOSPITAL_ROLES, frozenset()),
    **dict.fromkeys(PLANNING_ROLES, frozenset({Relation.COLLEAGUES})),
    Role.HEALTH_OFFICER: frozenset(),
}
"""What the logged switch to the whole office adds while it is on."""

LESS: dict[Permission, frozenset[Relation]] = {
    Permission.CONCERN_NOTE: frozenset({Relation.HOUSE, Relation.CLIENT}),
}
"""Acts for which not everything that somebody reaches will do: the client must be their own."""

UNTOLD: dict[Role, bool] = {
    **dict.fromkeys(HOSPITAL_ROLES, True),
    **dict.fromkeys(PLANNING_ROLES, False),
    Role.HEALTH_OFFICER: False,
}
"""Whether somebody who wants no contact is shown nevertheless: only where they lie."""


def reach_of(role: Role, *, with_colleagues: bool) -> frozenset[Relation]:
    """The relations in which somebody of this work reaches a stay now."""
    return REACH[role] | (WITH_SWITCH[role] if with_colleagues else frozenset())


def reach_for(role: Role, permission: Permission) -> frozenset[Relation]:
    """The relations in which somebody of this work may do an act that only some will do for."""
    return REACH[role] & LESS.get(permission, REACH[role])
