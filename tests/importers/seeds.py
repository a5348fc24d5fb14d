"""Files to begin from, and what was once found: each is fed to its target in every run."""

import io
from functools import cache
from pathlib import Path

from pypdf import PdfWriter

from handoffs.rates.yearly.outside_lines import COLUMNS

ROOT = Path(__file__).parent.parent.parent
_WARDS = "氏名,カナ,生年月日,入院日,病棟\r\n見本 花子,ミホン ハナコ,S15.5.3,R8.11.18,3東\r\n"
_CLIENTS = "氏名,カナ,生年月日,被保険者番号\r\n見本 花子,ミホン ハナコ,S15.5.3,0000000011\r\n"
_SHEET = """\
sheet: slip
version: 2026-11-22
title: 見本票
sender: 病院
receiver: 事業所
sources: {example: {title: 見本の出典}}
unverified: {why: 例}
blocks:
  - {id: head, source: example, lines: [{id: who, label: 人, kind: text}]}
"""


@cache
def _pdf() -> bytes:
    made = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(made)
    return made.getvalue()


def _first(folder: str) -> bytes:
    return next(iter(sorted((ROOT / folder).rglob("*.yaml")))).read_bytes()


@cache
def begun() -> dict[str, list[bytes]]:
    """Target to files that it takes, or nearly."""
    return {
        "ward_list": [_WARDS.encode(), _WARDS.encode("cp932")],
        "roster": [_CLIENTS.encode(), _CLIENTS.encode("cp932")],
        "carried": [
            b'[[1,["a"]],[2,["b"]]]',
            '[[1,["氏名","カナ"]],[2,["見本","ミホン"]]]'.encode(),
        ],
        "outside_lines": [f"{','.join(COLUMNS)}\n保健所,見本,件\n".encode()],
        "edition": [_first("rules/regions/mihon")],
        "sheet_definition": [_SHEET.encode()],
        "rates_definition": [_first("handoffs/rates/measures/general")],
        "plans": [_pdf()],
    }


_HEAD = ",".join(COLUMNS).encode()

FOUND: dict[str, list[bytes]] = {
    # A cell longer than the reader takes, and half an end of line.
    "outside_lines": [_HEAD + b"\n" + b"x" * 140_000, _HEAD + b"\na\rb,c\n"],
}
"""Target to the bytes at which it once failed."""
