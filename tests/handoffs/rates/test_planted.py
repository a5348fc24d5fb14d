"""On a made month every figure is the planted one: counted, in the CSV, the workbook, the JSON."""

import csv
import io
import json
import zipfile
from argparse import Namespace
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest

from handoffs.database import Database
from handoffs.rates import of_month
from handoffs.rates.close_months import close_months
from handoffs.rates.command import print_rates
from handoffs.rates.csv_file import csv_file
from handoffs.rates.cuts import cuts_called
from handoffs.rates.figures import Figure, MonthlyRates
from handoffs.rates.published import published_month
from handoffs.rates.workbook import workbook
from handoffs.statement import Result, Side
from handoffs.stays.certification import CareNeedLevel
from handoffs.stays.stay import Destination
from tests.factories import make_statement, make_stay
from tests.handoffs.rates.planted import Planted, planted
from tests.people import REGION, Cast

OCTOBER = date(2026, 10, 1)
NOW = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)
CLOSED = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
HOSPITALS = ("見本中央病院", "見本東病院")


@pytest.fixture
def made(database: Database, cast: Cast) -> Planted:
    year = planted(20261122)
    with database.writing() as session:
        for number, (kind, hospital) in enumerate(year.stays):
            stay = make_stay(
                session,
                cast,
                hospital_id=(cast.hospital_id, cast.other_hospital_id)[hospital],
                admitted_on=date(2026, 9, 3),
                discharged_on=date(2026, 10, 1 + number % 31),
                destination=Destination(kind.destination),
                level=CareNeedLevel(kind.level),
            )
            for side, result in ((Side.HOSPITAL, kind.hospital), (Side.PLAN_OFFICE, kind.office)):
                if result is not None:
                    make_statement(session, stay, side, Result(result), on=date(2026, 9, 20))
    return year


def _rates(database: Database) -> MonthlyRates:
    with database.reading() as session:
        return of_month(
            session, REGION, OCTOBER, region_name="見本医療圏", hospital_names=True, now=NOW
        )


def _published(database: Database) -> MonthlyRates:
    close_months(database, REGION, CLOSED)
    with database.reading() as session:
        return published_month(
            session, REGION, OCTOBER, region_name="見本医療圏", hospital_names=True, now=CLOSED
        )


def test_the_page_counts_what_was_planted(database: Database, made: Planted) -> None:
    missed = _rates(database).measures[0]
    assert missed.total == Figure(*made.figure("合計"))
    rows = {row.label: row.figure for cut in missed.cuts for row in cut.rows}
    for number, name in enumerate(HOSPITALS):
        assert rows[name] == Figure(*made.figure(f"hospital {number}"))
    for line in ("要介護", "要支援"):
        assert rows[line] == Figure(*made.figure(line))
    for destination in (Destination.HOME, Destination.NURSING_HOME, Destination.GROUP_HOME):
        assert rows[destination.label] == Figure(*made.figure(destination.value))


def _expected(made: Planted, line: str) -> list[str]:
    """The planted counts as a file must show them, if none of them is small."""
    return [str(count) for count in made.figure(line)]


def test_the_csv_shows_what_was_planted_and_begins_with_a_byte_order_mark(
    database: Database, made: Planted
) -> None:
    content = csv_file(_published(database))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    lines = [row for row in rows if row["指標"] == "退院調整もれ率"]
    total = next(row for row in lines if row["分け方"] == "合計")
    assert [total["分子"], total["分母"], total["不明"]] == _expected(made, "合計")
    assert "分母: " in (total["数え方"] or "")
    hospitals = {row["内訳"]: row for row in lines if row["分け方"] == "病院"}
    for number, name in enumerate(HOSPITALS):
        row = hospitals[name]
        assert [row["分子"], row["分母"], row["不明"]] == _expected(made, f"hospital {number}")


def _sheets(content: bytes) -> list[list[list[str]]]:
    """Read a workbook with the standard library: each sheet's cells as text."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = [
            "".join(t.text or "" for t in item.iter(f"{{{space['m']}}}t"))
            for item in ET.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 - ours.
        ]
        found = []
        for number in (1, 2, 3):
            page = ET.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))  # noqa: S314
            found.append(
                [
                    [
                        shared[int(c.findtext("m:v", "0", space))]
                        if c.get("t") == "s"
                        else c.findtext("m:v", "", space)
                        for c in row
                    ]
                    for row in page.iter(f"{{{space['m']}}}row")
                ]
            )
        return found  # fmt: skip


def test_the_workbook_shows_what_was_planted_behind_its_definitions(
    database: Database, made: Planted
) -> None:
    words, figures, elsewhere = _sheets(workbook(_published(database)))
    assert any("分母: " in cell for row in words for cell in row)
    total = next(row for row in figures if row[3:5] == ["退院調整もれ率", "合計"])
    assert total[6:9] == _expected(made, "合計")
    assert any("徳島県" in cell for row in elsewhere for cell in row)


def test_the_command_prints_what_the_page_shows(database: Database, made: Planted) -> None:
    given = Namespace(
        region=REGION, month=OCTOBER, definition="", by="care_level,weekday", json=True
    )
    (text,) = print_rates(
        database, given, region_name="見本医療圏", hospital_names=True, closes_on=None, now=NOW
    )
    measure = json.loads(text)["measures"][0]
    missed, of, unknown = made.figure("合計")
    assert {k: measure["total"][k] for k in ("counted", "of", "unknown")} == {
        "counted": missed,
        "of": of,
        "unknown": unknown,
    }
    assert [cut["by"] for cut in measure["cuts"]] == ["care_level", "weekday"]
    for cut in measure["cuts"]:
        assert sum(row["of"] for row in cut["rows"]) == of


@pytest.mark.usefixtures("made")
def test_every_cut_adds_up_to_its_total(database: Database) -> None:
    names = (
        "care_group", "hospital", "destination", "area", "care_level", "ward_kind", "office",
        "municipality", "stay_length", "weekday", "miss_reason", "edition",
    )  # fmt: skip
    with database.reading() as session:
        rates = of_month(
            session, REGION, OCTOBER, region_name="", hospital_names=False,
            by=cuts_called(names), now=NOW,
        )  # fmt: skip
    for measure in (*rates.measures, *rates.others):
        assert [cut.id for cut in measure.cuts] == (["pair"] if measure.inside else list(names))
        for cut in measure.cuts:
            if cut.note:
                continue
            assert sum(row.figure.of for row in cut.rows) == measure.total.of, cut.id
            assert sum(row.figure.counted for row in cut.rows) == measure.total.counted
