"""docs/security.md names a test for each statement: each of them is there."""

import re

import config

PAGE = (config.ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_test_that_the_page_names_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
    gone = [
        f"{file}::{name}"
        for file, name in named
        if not (config.ROOT / file).exists()
        or f"def {name}(" not in (config.ROOT / file).read_text(encoding="utf-8")
    ]

    assert len(named) > 40
    assert gone == []


def test_every_statement_about_signing_in_has_its_line() -> None:
    rows = set(re.findall(r"\bR-A\d+", PAGE))

    assert rows == {f"R-A{number}" for number in range(1, 12)}
