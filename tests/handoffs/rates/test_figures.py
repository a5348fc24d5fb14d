import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.rates.figures import Figure

PARTS = st.integers(0, 1000)


@given(PARTS, PARTS, PARTS)
def test_the_rate_lies_between_low_and_high(missed: int, unknown: int, rest: int) -> None:
    figure = Figure(counted=missed, of=missed + unknown + rest, unknown=unknown)
    if figure.of == 0:
        assert (figure.low, figure.high) == (None, None)
        return
    assert figure.low == pytest.approx(missed / figure.of)
    assert figure.high == pytest.approx((missed + unknown) / figure.of)
