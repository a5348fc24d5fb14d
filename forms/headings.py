"""Which heading a table cell is read out with: the one at its left, in a row that has two.

The library gives every cell all the headings of its row. A line of a sheet is often two fields
side by side, each with its own; read out with both, the first says what the second is about.
"""

from typing import Any


def one_for_each_cell(file: Any) -> None:  # noqa: ANN401  pydyf has no types
    """Leave each cell of a pydyf file the heading before it, where a row has more than one.

    A heading directly beside another one goes together with it: 内訳 and what it is of.
    """
    for row in file.objects:
        if not isinstance(row, dict) or row.get("S") != "/TR":
            continue
        cells = [_at(file, reference) for reference in row["K"]]
        kinds = [cell["S"] for cell in cells]
        if kinds.count("/TH") < 2 or "/TD" not in kinds[: _last(kinds, "/TH")]:  # noqa: PLR2004
            continue
        heads: list[Any] = []
        before = "/TD"
        for cell, kind in zip(cells, kinds, strict=True):
            if kind == "/TH":
                heads = [*heads, cell["ID"]] if before == "/TH" else [cell["ID"]]
            else:
                cell["A"]["Headers"][:] = heads
            before = kind


def _at(file: Any, reference: bytes) -> Any:  # noqa: ANN401  pydyf has no types
    return file.objects[int(reference.split()[0])]


def _last(kinds: list[str], kind: str) -> int:
    return len(kinds) - 1 - kinds[::-1].index(kind)
