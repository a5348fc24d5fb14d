"""The one table of who may see and do what, as data.

`permissions`: which kind of work allows which act. `routes`: which act each route is.
`relations`: whose stays each kind of work reaches. `access` and the gate of web decide from
these, and tests generate every cell from them. Nothing here asks the database.
"""

from handoffs.policy.permissions import PERMISSIONS, SOCIAL_WORKERS, Permission
from handoffs.policy.relations import (
    LESS,
    REACH,
    UNTOLD,
    WITH_SWITCH,
    Relation,
    reach_for,
    reach_of,
)
from handoffs.policy.routes import DOORS, PUBLIC, Door, door_of

__all__ = [
    "DOORS",
    "LESS",
    "PERMISSIONS",
    "PUBLIC",
    "REACH",
    "SOCIAL_WORKERS",
    "UNTOLD",
    "WITH_SWITCH",
    "Door",
    "Permission",
    "Relation",
    "door_of",
    "reach_for",
    "reach_of",
]
