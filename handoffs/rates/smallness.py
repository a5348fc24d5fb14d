"""What a small count is, and of what counts a figure is made."""

from handoffs.rates.figures import COUNTED, UNKNOWN, Figure

LEAST = 10
"""The smallest count, other than none, that leaves the health centre."""

REST = "rest"
PARTS = (COUNTED, UNKNOWN, REST)


def is_small(count: int) -> bool:
    """Whether a count would point at somebody."""
    return 0 < count < LEAST


def parts_of(figure: Figure) -> dict[str, int]:
    """The three counts that make up the whole."""
    rest = figure.of - figure.counted - figure.unknown
    return {COUNTED: figure.counted, UNKNOWN: figure.unknown, REST: rest}
