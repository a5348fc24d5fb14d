"""A made quarter whose three figures were planted large enough to leave: every way out is exact.

Page, sheet, workbook, CSV and the council's slides show the planted counts of 退院調整もれ率,
新規相談につないだ率 and 入院時情報提供率, by whole, care group and hospital. What is expected is
added up here, by plain words; nothing of the rates is asked for it.
"""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader
from sqlmodel import Session
from time_machine import Traveller

from handoffs.database import Database
from handoffs.plan_office import PlanStatus
from handoffs.rates.close_months import close_months
from handoffs.statement import Result, Side, Topic
from handoffs.stays.certification import CareNeedLevel
from handoffs.stays.stay import Destination
from rules import HandoffKind, Party
from tests.factories import make_handoff, make_statement, make_stay
from tests.people import NOW, REGION, Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]
MONTHS = (date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1))
CLOSED = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
HOSPITALS = ("見本中央病院", "見本東病院")
MISSED, REFERRAL, INFORMATION = (
    "退院調整もれ率",
    "新規相談につないだ率",
    "入院時情報提供率",
)
PLANTED = (
    # hospital, group, months, missed, met, unknown: the met sent their admission information.
    (0, "要介護", MONTHS, 10, 31, 12),
    (1, "要支援", MONTHS, 13, 20, 0),
    (0, "要支援", MONTHS[2:], 11, 15, 10),
    (1, "要介護", MONTHS[2:], 0, 44, 10),
)
ADVISED = ((0, 16, 11), (1, 14, 0))
"""Without an office: hospital, advised, not known."""
Line = tuple[date, str, str]
"""Month, figure, and the line: empty for the whole."""


@dataclass
class Quarter:
    """Of each line how many counted, how many there were, of how many nothing is known."""

    counts: dict[Line, Counter[str]] = field(default_factory=dict)

    def add(self, month: date, figure: str, lines: tuple[str, ...], **counts: int) -> None:
        for line in ("", *lines):
            self.counts.setdefault((month, figure, line), Counter()).update(counts)

    def figure(self, month: date, figure: str, line: str = "") -> tuple[int, int, int]:
        found = self.counts[month, figure, line]
        return found["counted"], found["of"], found["unknown"]

    def lines(self, month: date) -> Iterator[tuple[str, str]]:
        return ((name, line) for day, name, line in self.counts if day == month)


SAID = {
    "missed": (Result.NOT_CONTACTED, Result.NOTHING_HEARD),
    "met": (Result.TALKED, Result.TALKED),
    "unknown": (None, None),
}


def _advise(session: Session, cast: Cast, made: Quarter) -> None:
    """Those without an office, of whom some were advised."""
    hospitals = (cast.hospital_id, cast.other_hospital_id)
    for month in MONTHS:
        for hospital, advised, unknown in ADVISED:
            for number in range(advised + unknown):
                stay = make_stay(
                    session, cast, level=CareNeedLevel.NONE, plan=PlanStatus.UNASSIGNED,
                    hospital_id=hospitals[hospital], admitted_on=month,
                    discharged_on=month + timedelta(days=9), destination=Destination.HOME,
                )  # fmt: skip
                if number < advised:
                    make_statement(
                        session, stay, Side.HOSPITAL, Result.ADVISED, topic=Topic.REFERRAL
                    )
            made.add(
                month, REFERRAL, (HOSPITALS[hospital],),
                counted=advised, of=advised + unknown, unknown=unknown,
            )  # fmt: skip


@pytest.fixture
def quarter(database: Database, cast: Cast) -> Quarter:
    """Make three months and close them."""
    made = Quarter()
    hospitals = (cast.hospital_id, cast.other_hospital_id)
    with database.writing() as session:
        for hospital, group, months, missed, met, unknown in PLANTED:
            level = CareNeedLevel.CARE_2 if group == "要介護" else CareNeedLevel.SUPPORT_1
            for month in months:
                came, left = month + timedelta(days=4), month + timedelta(days=20)
                words = ["missed"] * missed + ["met"] * met + ["unknown"] * unknown
                for word in words:
                    stay = make_stay(
                        session, cast, level=level, hospital_id=hospitals[hospital],
                        admitted_on=came, discharged_on=left, destination=Destination.HOME,
                        in_region=True,
                    )  # fmt: skip
                    for side, said in zip(Side, SAID[word], strict=False):
                        if said is not None:
                            make_statement(session, stay, side, said, on=left)
                    if word == "met":
                        make_handoff(
                            session, stay, kind=HandoffKind.ADMISSION_INFORMATION, sent_at=NOW,
                            sender=Party.CARE_MANAGER, receiver=Party.HOSPITAL, passed_on=came,
                        )  # fmt: skip
                whole, lines = missed + met + unknown, (group, HOSPITALS[hospital])
                made.add(month, MISSED, lines, counted=missed, of=whole, unknown=unknown)
                made.add(month, INFORMATION, lines, counted=met, of=whole, unknown=0)
        _advise(session, cast, made)
    assert close_months(database, REGION, CLOSED) == MONTHS
    return made


def percent(part: int, whole: int) -> str:
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


def rate(figure: tuple[int, int, int]) -> str:
    counted, of, unknown = figure
    low = percent(counted, of)
    return f"{low[:-1]}～{percent(counted + unknown, of)}" if unknown else low


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))


def workbook_lines(content: bytes) -> dict[tuple[str, str, str], list[str]]:
    """The second sheet: figure, split and line, with the numbers behind them."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = [
            "".join(t.text or "" for t in item.iter(f"{{{space['m']}}}t"))
            for item in ET.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 - ours.
        ]
        sheet = ET.fromstring(book.read("xl/worksheets/sheet2.xml"))  # noqa: S314 - ours.
    found = {}
    for row in sheet.iter(f"{{{space['m']}}}row"):
        cells = [
            shared[int(c.findtext("m:v", "0", space))]
            if c.get("t") == "s"
            else c.findtext("m:v", "", space)
            for c in row
        ]
        found[cells[3], cells[4], cells[5]] = cells[6:]
    return found


def test_every_way_out_shows_the_three_planted_figures(enter: Enter, quarter: Quarter) -> None:
    visitor = enter("health_officer")
    for month in MONTHS:
        page = visitor.open(f"/rates/{month:%Y-%m}")
        path = f"/rates/{month:%Y-%m}"
        sheet = text_of(visitor.fetch(f"{path}.pdf").data)
        book = workbook_lines(visitor.fetch(f"{path}.xlsx").data)
        text = visitor.fetch(f"{path}.csv").data.decode("utf-8-sig")
        rows = {
            (row["指標"], row["分け方"], row["内訳"]): row
            for row in csv.DictReader(io.StringIO(text))
        }
        looked = 0
        for name, line in quarter.lines(month):
            counted, of, unknown = figure = quarter.figure(month, name, line)
            words = f"{rate(figure)} {counted} / {of}件 {unknown}件"
            if line:
                split = "病院" if line in HOSPITALS else "要介護・要支援"
                (table,) = [
                    t for t in page.main.all("table") if t.text.startswith(f"{split}別の{name}")
                ]
                assert f"{line} {words}" in table.text
                assert f"{line}{rate(figure)}{counted}/{of}件{unknown}件" in sheet, (name, line)
            else:
                split = "合計"
                tail = f"（不明 {unknown}件）" if unknown else ""
                assert f"{name} {rate(figure)} {of}件のうち{counted}件{tail}" in page.text
                assert f"{name}{rate(figure)}{counted}/{of}件{unknown}件" in sheet, name
            numbers = [str(number) for number in figure]
            assert book[name, split, line][:3] == numbers
            shares = [round(counted / of, 4), round((counted + unknown) / of, 4)]
            assert [float(cell) for cell in book[name, split, line][3:]] == shares
            row = rows[name, split, line]
            assert [row["分子"], row["分母"], row["不明"]] == numbers
            assert [float(row["率(下)"]), float(row["率(上)"])] == shares
            looked += 1
        assert looked == 13


def test_the_council_s_slides_show_the_planted_months_and_their_sum(
    enter: Enter, quarter: Quarter
) -> None:
    content = enter("health_officer").fetch("/rates/2026-07/quarter.pdf").data
    pages = PdfReader(io.BytesIO(content)).pages
    assert len(pages) == 3
    assert all(page.mediabox.width > page.mediabox.height for page in pages)
    text = text_of(content)
    for name in (MISSED, REFERRAL, INFORMATION):
        figures = [quarter.figure(month, name) for month in MONTHS]
        total = tuple(sum(numbers) for numbers in zip(*figures, strict=True))
        counted, of, unknown = total
        assert "".join(rate(figure) for figure in (*figures, (counted, of, unknown))) in text
        cells = "".join(f"{f[1]}件のうち{f[0]}件（不明{f[2]}件）" for f in (*figures, total))
        assert cells in text, name
    assert "2026年7月" in text.replace("令和8年", "2026年")


def test_months_and_years_stand_side_by_side_as_they_were_planted(
    enter: Enter, quarter: Quarter, clock: Traveller
) -> None:
    del clock
    page = enter("health_officer").open(
        "/rates/2026-09?definition=missed_coordination&by=care_group&by=month&by=year"
    )
    tables = {t.all("caption")[0].text: t.text for t in page.main.all("table") if t.all("caption")}
    by_month = tables[f"月別の{MISSED}"]
    figures = [quarter.figure(month, MISSED) for month in MONTHS]
    for month, (counted, of, unknown) in zip(MONTHS, figures, strict=True):
        words = f"{rate((counted, of, unknown))} {counted} / {of}件 {unknown}件"
        assert f"2026年{month.month}月 {words}" in by_month
    counted, of, unknown = (sum(numbers) for numbers in zip(*figures, strict=True))
    words = f"{rate((counted, of, unknown))} {counted} / {of}件 {unknown}件"
    assert f"2026年度（7月から9月まで） {words}" in tables[f"年度別の{MISSED}"]
    lines = tables[f"要介護・要支援・月別の{MISSED}"]
    for month in MONTHS:
        counted, of, unknown = quarter.figure(month, MISSED, "要支援")
        words = f"{rate((counted, of, unknown))} {counted} / {of}件 {unknown}件"
        assert f"要支援 2026年{month.month}月 {words}" in lines
