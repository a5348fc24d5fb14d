"""The font stands before any sheet is printed, and `make sheets` may rewrite the goldens."""

import pytest

from forms.font import make_font


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-sheets", action="store_true", help="write tests/forms/golden anew; then look"
    )


@pytest.fixture(scope="session", autouse=True)
def _font() -> None:
    make_font()
