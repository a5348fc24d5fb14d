"""What stands above the lists of this person, and beside one stay: news, and who is coming.

Read-only; pages that show it add it to what they render.
"""

from handoffs.access import Permission, find_stay, may, may_note_concern
from handoffs.fax.shown import fax_troubles_of
from handoffs.link.closed import closed_links_of
from handoffs.notice import notices_of
from handoffs.parties import wards_of
from handoffs.shown.former import former_lines
from handoffs.stays.certification_steps import steps_shown
from handoffs.stays.correction import corrections_of
from handoffs.stays.leave import leave_of
from handoffs.stays.transfer import coming_to, episode_of
from handoffs.stays.transfer_answer import TransferReason, standing_answer
from handoffs.stays.transfer_refusal import refused_transfers
from web.context import actor, now, reading
from web.rosters.matches import offices_shown


def news() -> dict[str, object]:
    """The lines that wait for this person, and whoever was transferred to their hospital."""
    with reading() as session:
        admits = may(actor(), Permission.STAY_ADMIT)
        coming = coming_to(session, actor(), now=now()) if admits else ()
        return {
            "notices": notices_of(session, actor()),
            "closed_links": closed_links_of(session, actor()),
            "fax_troubles": fax_troubles_of(session, actor()),
            "coming": coming,
            "transfer_reasons": TransferReason,
            "refused": refused_transfers(session, actor()) if admits or actor().plans_care else (),
            "coming_wards": wards_of(session, actor().organization_id) if coming else [],
        }


def beside(stay_id: int) -> dict[str, object]:
    """What stands beside one stay: leave, episode, what was said before. Raises NotVisible."""
    known_to = offices_shown(stay_id)
    with reading() as session:
        stay = find_stay(session, actor(), stay_id)
        return {
            "known_to": known_to,
            "steps": steps_shown(session, actor(), stay_id),
            "leave": leave_of(session, stay),
            "episode": episode_of(session, stay),
            "corrections": corrections_of(session, stay_id) if actor().is_hospital else [],
            "refusal": standing_answer(session, stay_id) if actor().is_hospital else None,
            "former": former_lines(session, actor(), stay),
            "concern_page": may_note_concern(session, actor(), stay),
        }
