"""停止時用紙一式: what a house works with while the network is down, as one PDF.

Today's worklist, the contact list, and each sheet of the house empty for the pen. Lists come
from the record (`handoffs.shown.downtime`); here they are only put on paper. The file's name
says the house by its number and nothing of anybody.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from forms.catalogue import catalogue
from forms.errors import PdfError
from forms.filled import FilledSheet
from handoffs.shown.downtime import Downtime

MOST_LINES = 1_000
"""Of both lists together; laying one out takes a few milliseconds."""

COPIES = (
    "admission_notice",
    "admission_information",
    "discharge_coordination",
    "discharge_notice",
    "fax_cover",
    "reply_slip",
    "consent",
)
"""Which empty sheets lie in the kit, in the order in which a stay needs them."""


@dataclass(frozen=True, kw_only=True)
class DowntimeKit:
    """The kit of one house. `sheets` are empty; `lists` may be left out, for paper in stock."""

    name: ClassVar[str] = "downtime_kit"
    title: ClassVar[str] = "停止時用紙一式"

    sheets: tuple[FilledSheet, ...]
    lists: Downtime | None = field(default=None, repr=False)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield every text that was put in, each with the name of its column."""
        if self.lists is None:
            return
        yield "機関名", self.lists.house
        for one in self.lists.contacts:
            yield from (("連絡先の名前", one.name), ("電話", one.telephone), ("FAX", one.fax))
        for due in self.lists.due:
            yield from (
                ("病棟", due.ward), ("氏名", due.name), ("フリガナ", due.kana),
                ("することの相手", due.whom), ("電話", due.telephone),
            )  # fmt: skip

    def rows(self) -> int:
        """Return no rows for the check of sheets: the kit has a limit of its own."""
        return 0


def kit_of(region: str, lists: Downtime | None = None) -> DowntimeKit:
    """Put together the kit of a house in a region.

    Raises:
        PdfError: there are more lines than can be printed at once.
    """
    if lists is not None and len(lists.contacts) + len(lists.due) > MOST_LINES:
        raise PdfError(f"一覧の行が多すぎます({MOST_LINES}行まで)。病棟ごとに印刷してください。")
    names = [name for name in catalogue().names(region) if name in COPIES]
    own = [name for name in catalogue().names(region) if (region, name) in catalogue().versions]
    sheets = [catalogue().sheet(name, region=region) for name in sorted(names, key=COPIES.index)]
    sheets += [catalogue().sheet(name, region=region) for name in own]
    return DowntimeKit(sheets=tuple(FilledSheet(definition=one) for one in sheets), lists=lists)


def file_name(organization_id: int) -> str:
    """Return the name under which a house finds its kit."""
    return f"downtime-kit-{organization_id}.pdf"


def keep(content: bytes, folder: Path, organization_id: int) -> Path:
    """Lay the kit down in place of the one before, readable by its owner alone.

    Raises OSError where the folder cannot be written to.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return lay_down(content, folder / file_name(organization_id))


def lay_down(content: bytes, target: Path) -> Path:
    """Write a file that is whole or not there, readable by its owner alone. Raises OSError."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return target
