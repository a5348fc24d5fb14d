"""Sheets that were kept as JSON, printed as PDF beside it: for whoever takes the record along.

A name that ends with `.hidden.json` is of somebody whose whereabouts nobody is told (所在秘匿).
"""

import json
from pathlib import Path

from forms import render
from forms.errors import FormsError, SheetError
from forms.kept import from_content

_HIDDEN = ".hidden.json"


def reprint(folder: Path) -> tuple[int, int]:
    """Print every sheet of a folder; how many were printed, and how many are no sheet of ours."""
    printed = strange = 0
    for file in sorted(folder.glob("*.json")):
        hidden = file.name.endswith(_HIDDEN)
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            sheet = from_content(content, hidden=hidden)
        except (ValueError, SheetError):
            strange += 1
            continue
        name = file.name.removesuffix(_HIDDEN if hidden else ".json")
        try:
            (folder / f"{name}.pdf").write_bytes(render(sheet))
        except OSError:
            raise FormsError(f"{folder} に書けません。空きと権限を確かめてください。") from None
        printed += 1
    return printed, strange
