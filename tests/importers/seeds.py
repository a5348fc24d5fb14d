"""Files to begin from, and what was once found: each is fed to its target in every run."""

import io
from functools import cache
from pathlib import Path

from pypdf import PdfWriter

from exchange.carried_rows import carried_text
from exchange.ward_list import read_ward_list
from handoffs.rates.yearly.indicators import FigureKind, Unit, name_label, names_of
from handoffs.rates.yearly.outside_lines import COLUMNS
from tests.exchange.hospital import TODAY, person, ward_list

WARDS = {"3東": 1, "4西": 2}
ROOT = Path(__file__).parent.parent.parent
_WARDS = ward_list(
    person(1), person(2, 対象=""), person(3, 退院予定日="およそR8.12.1", 病棟="4西")
).decode()
_FIGURE = {
    "種類": "指標",
    "名前": name_label(FigureKind.INDICATOR, names_of(FigureKind.INDICATOR)[0]),
    "地域": "見本",
    "期間": "2025",
    "値": "12.5",
    "単位": next(iter(Unit)).label,
    "出典": "見本の報告",
    "出典の日付": "2026-10-01",
}
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
  - id: head
    source: example
    lines: [{id: number, label: 管理番号, kind: code}, {id: who, label: 人, kind: text}]
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
            carried_text(read_ward_list(_WARDS.encode(), WARDS, TODAY)).encode(),
        ],
        "outside_lines": [
            f"{','.join(COLUMNS)}\n保健所,見本,件\n".encode(),
            f"{','.join(_FIGURE)}\n{','.join(_FIGURE.values())}\n".encode(),
        ],
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
