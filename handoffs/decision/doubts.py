"""Where an answer that somebody ticked and the record contradict each other, in plain words.

For the hospital alone: what is said names its own earlier stays. Nothing is decided or put right
here; whoever reads it looks again at one of the two. Read-only.
"""

from collections.abc import Mapping

from sqlmodel import Session

from handoffs.decision.assessment import earlier_answers
from handoffs.parties import Actor
from handoffs.stays.respite import doubt_about, is_respite
from handoffs.stays.stay import Stay


def doubts_about(
    session: Session, actor: Actor, stay: Stay, answers: Mapping[str, str]
) -> tuple[str, ...]:
    """Say what to look at again in the last answers of a stay."""
    if not actor.is_hospital or not is_respite(answers):
        return ()
    doubt = doubt_about(earlier_answers(session, stay), answers)
    return (doubt,) if doubt else ()
