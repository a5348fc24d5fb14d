"""A made year whose counts were planted: page, sheet, workbook, CSV and command show exactly these.

What is expected is counted here while the year is made, by plain words; nothing of the rates is
asked for it.
"""

import csv
import io
import json
import re
from argparse import Namespace
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from pypdf import PdfReader
from time_machine import Traveller

from handoffs.database import Database
from handoffs.miss_reason import MissCause, MissReason
from handoffs.rates.close_months import close_months
from handoffs.rates.command import print_rates
from handoffs.rates.cuts import CUTS
from handoffs.statement import Result, Side, Topic
from handoffs.stays.certification import CareNeedLevel
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Destination
from handoffs.tokyo import months_before, next_month
from tests.factories import make_statement, make_stay
from tests.handoffs.rates.planted import KINDS
from tests.people import REGION, Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]

MONTHS = months_before(date(2026, 10, 1), 12)
A_MONTH, LAST_MONTH = 64, 200
"""Stays of a month. The last is so large that its sheet may show every line of a split."""
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
HOSPITALS = ("見本中央病院", "見本東病院")
LENGTHS = ((3, "7日以内"), (10, "8〜14日"), (20, "15〜30日"), (40, "31〜60日"), (80, "61日以上"))
AREAS = ((True, "圏域内"), (False, "圏域外"), (None, "不明"))
CAUSES = (None, MissCause.OUT_OF_HOURS, MissCause.SHORT_OF_HANDS)
Line = tuple[date, str, str]
"""Month, split, and what its line is called."""


@dataclass
class Year:
    """What must be counted: of each line how many were missed, met and unknown."""

    counts: Counter[tuple[Line, str]] = field(default_factory=Counter)
    conferences: Counter[date] = field(default_factory=Counter)
    referrals: Counter[tuple[date, bool]] = field(default_factory=Counter)

    def figure(self, line: Line) -> tuple[int, int, int]:
        """Missed, everybody, unknown."""
        missed, met, unknown = (self.counts[line, word] for word in ("missed", "met", "unknown"))
        return missed, missed + met + unknown, unknown

    def lines(self, month: date, cut: str) -> list[str]:
        return sorted({line[2] for line, _ in self.counts if line[:2] == (month, cut)})


@pytest.fixture
def year(database: Database, cast: Cast) -> Year:
    """Make it: every stay of a kind whose outcome is known by its words."""
    random, made = Random(20261122), Year()
    with database.writing() as session:
        for month in MONTHS:
            for _ in range(LAST_MONTH if month == MONTHS[-1] else A_MONTH):
                kind, hospital = random.choice(KINDS), random.randrange(2)
                (days, length), (inside, area) = random.choice(LENGTHS), random.choice(AREAS)
                left = month + timedelta(days=random.randrange((next_month(month) - month).days))
                town, cause = random.choice(("見本市", "見本町")), random.choice(CAUSES)
                level = CareNeedLevel(kind.level)
                stay = make_stay(
                    session, cast, level=level, in_region=inside,
                    hospital_id=(cast.hospital_id, cast.other_hospital_id)[hospital],
                    admitted_on=left - timedelta(days=days), discharged_on=left,
                    destination=Destination(kind.destination),
                )  # fmt: skip
                session.get_one(Patient, stay.patient_id).municipality = town
                for side, said in ((Side.HOSPITAL, kind.hospital), (Side.PLAN_OFFICE, kind.office)):
                    if said is not None:
                        on = left - timedelta(days=1)
                        make_statement(session, stay, side, Result(said), on=on)
                met_in_conference = kind.counts_as == "met" and random.random() < 0.5
                if met_in_conference:
                    on = left - timedelta(days=2)
                    make_statement(session, stay, Side.HOSPITAL, Result.CONFERENCE, on=on)
                    made.conferences[month] += 1
                if cause is not None:
                    session.add(
                        MissReason(
                            stay_id=stay.id, side=Side.HOSPITAL, cause=cause,
                            organization_id=stay.hospital_id, recorded_at=NOW,
                        )
                    )  # fmt: skip
                lines = {
                    "care_group": "要支援" if kind.level.startswith("support") else "要介護",
                    "hospital": HOSPITALS[hospital],
                    "destination": stay.destination.label if stay.destination else "",
                    "area": area,
                    "care_level": level.label,
                    "municipality": town,
                    "stay_length": length,
                    "weekday": "月火水木金土日"[left.weekday()],
                    "miss_reason": cause.label if cause else "記録なし",
                    "edition": "判定なし",
                    "total": "",
                }
                for cut, label in lines.items():
                    made.counts[(month, cut, label), kind.counts_as] += 1
    return made


def percent(part: int, whole: int) -> str:
    """Half up to one digit, by whole numbers."""
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


def words(figure: tuple[int, int, int]) -> str:
    missed, of, unknown = figure
    if not of:
        return "対象なし ― ―"
    rate = percent(missed, of)
    if unknown:
        rate = f"{rate[:-1]}～{percent(missed + unknown, of)}"
    return f"{rate} {missed} / {of}件 {unknown}件"


def test_the_page_shows_every_planted_figure_in_every_split(enter: Enter, year: Year) -> None:
    visitor, looked = enter("health_officer"), 0
    cuts = [cut for cut in CUTS if cut not in {"ward_kind", "office"}]
    query = "&".join(f"by={cut}" for cut in cuts)
    for month in MONTHS:
        page = visitor.open(f"/rates/{month:%Y-%m}?definition=missed_coordination&{query}")
        missed, of, unknown = year.figure((month, "total", ""))
        assert f"{of}件のうち{missed}件（不明 {unknown}件）" in page.text
        for cut in cuts:
            caption = f"{CUTS[cut].label}別の退院調整もれ率"
            (table,) = [t for t in page.main.all("table") if t.all("caption")[0].text == caption]
            rows = {row.all("th")[0].text: row.text for row in table.all("tr")[1:]}
            for label in year.lines(month, cut):
                figure = year.figure((month, cut, label))
                if figure[1]:
                    assert rows[label] == f"{label} {words(figure)}", (month, cut)
                    looked += 1
    assert looked > 400


def test_a_year_s_trend_shows_what_each_month_was(enter: Enter, year: Year) -> None:
    page = enter("health_officer").open("/rates/2026-10")
    (behind,) = [t for t in page.main.all("table") if "推移" in t.all("caption")[0].text]
    for month, row in zip(MONTHS[-6:], behind.all("tr")[1:], strict=True):
        assert (
            row.text == f"{month.year}年{month.month}月 {words(year.figure((month, 'total', '')))}"
        )


def shown(text: str, planted: int) -> bool:
    """Whether a cell shows what was planted; ※ shows nothing and contradicts nothing."""
    assert text in {str(planted), "※"}, (text, planted)
    assert text == "※" or planted == 0 or planted >= 10
    return text != "※"


@pytest.fixture
def closed(year: Year, database: Database, clock: Traveller) -> Year:
    """The same year on a day on which all its months are closed."""
    clock.move_to(LATER)
    assert close_months(database, REGION, LATER)[-12:] == MONTHS
    return year


def again(enter: Enter) -> Visitor:
    """Sign in at a moment that has moved on."""
    visitor = enter("health_officer")
    page = visitor.open("/sign-in").form("/sign-in")
    page.fill(sign_in_name="health_officer", password="umi-to-yama-2026").submit()
    return visitor


def test_the_csv_shows_the_planted_figures_or_nothing(enter: Enter, closed: Year) -> None:
    visitor, looked = again(enter), 0
    names = {CUTS[cut].label: cut for cut in ("care_group", "hospital", "destination", "area")}
    for month in MONTHS:
        content = visitor.client.get(f"/rates/{month:%Y-%m}.csv").data
        assert content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        for row in rows:
            if row["指標"] == "退院調整もれ率" and row["分け方"] in {"合計", *names}:
                cut = names.get(row["分け方"], "total")
                figure = closed.figure((month, cut, row["内訳"]))
                for column, planted in zip(("分子", "分母", "不明"), figure, strict=True):
                    looked += shown(row[column], planted)
            if row["分け方"] == "合計" and row["指標"].startswith("退院前の会議"):
                looked += shown(row["分子"], closed.conferences[month])
    assert looked > 100


RATE = r"(?:[\d.～]+[%※]|※)"
"""A rate as a sheet prints it, up to where its counts begin."""


def test_the_sheet_shows_the_planted_figures_or_nothing(enter: Enter, closed: Year) -> None:
    visitor, looked = again(enter), Counter[date]()
    for month in (MONTHS[-1], MONTHS[-4]):
        pdf = PdfReader(io.BytesIO(visitor.client.get(f"/rates/{month:%Y-%m}.pdf").data))
        text = re.sub(r"\s+", "", "".join(sheet.extract_text() for sheet in pdf.pages))
        missed, of, unknown = closed.figure((month, "total", ""))
        ((total, whole),) = re.findall(rf"退院調整もれ率{RATE}(※|\d+)/(\d+)件", text)
        assert whole == str(of)
        # A count goes for being small, or so that a small part beside it cannot be worked out.
        small = any(0 < part < 10 for part in (missed, unknown, of - missed - unknown))
        assert shown(total, missed) or small
        for cut in ("care_group", "hospital"):
            for label in closed.lines(month, cut):
                planted_missed, planted_of, _ = closed.figure((month, cut, label))
                found = re.findall(rf"{label}{RATE}(※|\d+)/(※|\d+)件", text)
                assert found, label
                looked[month] += shown(found[0][0], planted_missed)
                looked[month] += shown(found[0][1], planted_of)
    assert looked[MONTHS[-1]] == 8, "each group and each hospital of the large month"
    assert looked[MONTHS[-4]] == 0, "no line of the small month"


def test_the_command_prints_what_the_page_shows(
    enter: Enter, year: Year, database: Database
) -> None:
    del year
    page = enter("health_officer").open(
        "/rates/2026-10?definition=missed_coordination&by=care_group&by=weekday"
    )
    given = Namespace(
        region=REGION, month=MONTHS[-1], definition="missed_coordination",
        by="care_group,weekday", json=True,
    )  # fmt: skip
    (text,) = print_rates(
        database, given, region_name="見本", hospital_names=True, closes_on=None, now=NOW
    )
    (measure,) = json.loads(text)["measures"]
    for cut in measure["cuts"]:
        caption = f"{cut['label']}別の{measure['label']}"
        (table,) = [t for t in page.main.all("table") if t.all("caption")[0].text == caption]
        printed = [
            f"{row['label']} {words((row['counted'], row['of'], row['unknown']))}"
            for row in cut["rows"]
        ]
        assert [row.text for row in table.all("tr")[1:]] == printed


def test_people_are_told_apart_only_by_topic(enter: Enter, database: Database, cast: Cast) -> None:
    with database.writing() as session:
        stay = make_stay(
            session, cast, admitted_on=date(2026, 10, 1), discharged_on=date(2026, 10, 9),
            destination=Destination.HOME,
        )  # fmt: skip
        make_statement(session, stay, Side.HOSPITAL, Result.TALKED, topic=Topic.ADMISSION)
    page = enter("health_officer").open("/rates/2026-10")
    assert "退院調整もれ率 0.0～100.0% 1件のうち0件（不明 1件）" in page.text
