"""The list of provisions as CSV that Excel opens as it is, to be handed to the person."""

from collections.abc import Iterable, Iterator

from handoffs.csv_cell import csv_of
from handoffs.provision.given import Provision
from handoffs.tokyo import TOKYO

HEAD = ("日時", "最後の日時", "回数", "渡した機関", "渡した先", "方法", "内容", "根拠", "備考")


def csv_file(provisions: Iterable[Provision]) -> bytes:
    """One row for each provision, under a head; the file names nobody."""
    return csv_of(HEAD, _rows(provisions))


def _rows(provisions: Iterable[Provision]) -> Iterator[tuple[object, ...]]:
    for one in provisions:
        until = one.until or one.at
        yield (
            f"{one.at.astimezone(TOKYO):%Y-%m-%d %H:%M}",
            f"{until.astimezone(TOKYO):%Y-%m-%d %H:%M}",
            one.times,
            one.giver,
            one.receiver,
            one.way,
            one.items,
            one.ground,
            "記録は取り消されています" if one.taken_back else "",
        )
