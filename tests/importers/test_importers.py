"""Acceptance row 13: whatever the bytes, an importer takes them or says in words why not."""

import pytest

from tests.importers.seeds import FOUND, begun
from tests.importers.targets import TARGETS

STRANGE = [
    b"",
    b"\0",
    b"\r",
    b'"',
    b"\xff\xfe\x00",
    b"[" * 20_000,
    b"- " * 5_000,
    b"a: &x [*x]",
    b"!!python/object/apply:os.system [id]",
    b"PK\x03\x04" + bytes(300),
    b"%PDF-1.7\n" + b"1 0 obj<<" * 2_000,
    "=1+1,＝1+1\n".encode(),
]


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_what_was_found_and_what_is_strange_is_taken_or_refused(name: str) -> None:
    for content in [*begun()[name], *FOUND.get(name, []), *STRANGE]:
        TARGETS[name](content)
    for content in begun()[name]:
        TARGETS[name](content[: len(content) // 2])
