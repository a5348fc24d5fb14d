"""The list of provisions as CSV that Excel opens as it is, to be handed to the person."""

import csv
import io
from collections.abc import Iterable

from handoffs.csv_cell import harmless
from handoffs.provision.given import Provision
from handoffs.tokyo import TOKYO

HEAD = ("日時", "最後の日時", "回数", "渡した機関", "渡した先", "方法", "内容", "根拠", "備考")


def csv_file(provisions: Iterable[Provision]) -> bytes:
    """One row for each provision, under a head; the file names nobody."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(HEAD)
    for one in provisions:
        until = one.until or one.at
        cells = (
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
        writer.writerow([harmless(cell) for cell in cells])
    return target.getvalue().encode("utf-8-sig")
