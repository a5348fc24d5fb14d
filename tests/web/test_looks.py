from enum import StrEnum

import pytest

from handoffs.handoff import State
from rules import Coordination, Standing
from web.looks import look_of, pairs

STATES: list[StrEnum] = [*State, *Coordination, *Standing]


def test_no_two_states_of_a_handoff_that_ask_for_something_look_alike() -> None:
    open_states = [state for state in State if not state.is_done]
    assert len({look_of(state) for state in open_states}) == len(open_states)
    assert len({look_of(state)[0] for state in open_states}) == len(open_states)


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_a_shape_that_can_be_drawn(state: StrEnum) -> None:
    shape, tone = look_of(state)
    assert shape in {
        "check",
        "triangle",
        "bang",
        "clock",
        "half",
        "diamond",
        "square",
        "dash",
        "back",
        "full",
        "dots",
        "ring",
    }
    assert tone in {"calm", "good", "soon", "late", "open", "over"}


def test_options_come_as_pairs_or_as_a_labelled_list() -> None:
    assert pairs([("a", "あ")]) == [("a", "あ")]
    assert pairs(Coordination) == [(c.value, c.label) for c in Coordination]
