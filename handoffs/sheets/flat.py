"""The answers of a kept sheet as flat text by key, to be compared and carried over."""

from collections.abc import Mapping, Sequence

SEVERAL = ","
"""Between the ids of several options that are ticked."""


def flattened(answers: Mapping[str, object]) -> dict[str, str]:
    """Lay out answers as they stand in a kept content; empty ones are left out."""
    flat: dict[str, str] = {}
    for key, answer in answers.items():
        if isinstance(answer, str):
            flat[key] = answer
        elif isinstance(answer, Sequence):
            _several(flat, key, answer)
    return {key: value for key, value in flat.items() if value}


def _several(flat: dict[str, str], key: str, answer: Sequence[object]) -> None:
    rows = [one for one in answer if isinstance(one, Mapping)]
    if not rows:
        flat[key] = SEVERAL.join(str(one) for one in answer)
    for at, row in enumerate(rows):
        flat.update({row_key(key, at, str(column)): str(words) for column, words in row.items()})


def row_key(field: str, at: int, column: str) -> str:
    """The key of one cell of a table."""
    return f"{field}:{at}:{column}"


def field_of(key: str) -> str:
    """The field to which a key belongs."""
    return key.partition("/")[0].partition(":")[0]


def changed_fields(before: Mapping[str, str], after: Mapping[str, str]) -> frozenset[str]:
    """The fields in which two sheets differ; an empty answer is none."""
    keys = {*before, *after}
    return frozenset(field_of(k) for k in keys if before.get(k, "") != after.get(k, ""))
