import base64
from datetime import UTC, datetime, timedelta

import pytest

from handoffs.accounts.totp import (
    address_for_app,
    code_at,
    is_secret,
    new_secret,
    step_at,
    step_of,
)
from tests.people import NOW, TOTP_SECRET

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert code_at(RFC_SECRET, step_at(moment)) == code


def test_a_code_is_taken_one_step_early_or_late_and_no_more() -> None:
    here = step_at(NOW)
    taken = [step_of(TOTP_SECRET, code_at(TOTP_SECRET, here + n), NOW) for n in range(-3, 4)]
    assert taken == [None, None, here - 1, here, here + 1, None, None]


def test_a_code_may_be_typed_full_width_and_in_two_halves() -> None:
    code = code_at(TOTP_SECRET, step_at(NOW))
    wide = code.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    for typed in (wide, f"{code[:3]} {code[3:]}", f" {code}", f"{code[:3]}-{code[3:]}"):
        assert step_of(TOTP_SECRET, typed, NOW) == step_at(NOW)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "000000\n0"])
def test_what_is_no_code_is_nothing(typed: str) -> None:
    assert step_of(TOTP_SECRET, typed, NOW + timedelta(days=1)) is None


def test_every_secret_is_new_and_says_nothing_of_the_organization() -> None:
    one, other = new_secret(), new_secret()
    assert one != other
    assert is_secret(one)
    assert not is_secret(one[:-1])
    assert not is_secret(one.lower())
    address = address_for_app(one, "yamada-k7f", "Tsunagi")
    assert address.startswith("otpauth://totp/Tsunagi%3Ayamada-k7f?secret=")
    with pytest.raises(ValueError, match="base32"):
        code_at("1", 0)
