"""Invented contents to print every sheet with: full, half and empty.

Nobody here exists: all are called 見本 (specimen), and the numbers reach no telephone. What a
sample says stands beside the sheet's definition, in `sample.yaml`.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from forms.answers import Answer
from forms.answers_file import filled_from
from forms.catalogue import FOLDER, catalogue
from forms.definition import Definition
from forms.errors import SheetError
from forms.filled import FilledSheet
from forms.private_file import DataFileError, Wrong, opened, pairs
from forms.sheets import MissedCoordinationReport, Sheet
from handoffs.rates.figures import Cut, Figure, Measure, MonthlyRates, Row
from handoffs.rates.shelf import words_of
from handoffs.rates.small_numbers import to_publish

AMOUNTS = ("full", "half", "empty")

_TOKYO = timezone(timedelta(hours=9))


def sample(name: str, amount: str = "full", region: str = "") -> Sheet:
    """Return an invented sheet, as a region has it.

    Args:
        name: the word for the sheet.
        amount: one of `AMOUNTS`.
        region: whose sheet or additions; empty for the national ones.

    Raises:
        SheetError: no such sheet or amount.
    """
    if amount not in AMOUNTS:
        raise SheetError(f"見本は {'、'.join(AMOUNTS)} から選んでください。")
    if name == MissedCoordinationReport.name:
        return _missed_coordination_report(amount)
    definition = catalogue().sheet(name, region=region)
    answers: dict[str, Answer] = {}
    for file in _files(definition):
        answers |= _said(file, definition, amount)
    if amount == "full":
        answers = {**_ticks(definition, answers), **answers}
    return FilledSheet(definition=definition, answers=answers)


def _files(definition: Definition) -> list[Path]:
    """List where the sample stands: beside the sheet, and beside what the region adds."""
    folders = [FOLDER / "definitions", FOLDER / "regions" / (definition.region or "-")]
    files = [folder / definition.sheet / "sample.yaml" for folder in folders]
    return [file for file in files if file.is_file()]


def _said(file: Path, definition: Definition, amount: str) -> dict[str, Answer]:
    parts = pairs(opened(file))
    amounts = {"empty": (), "half": ("half",), "full": ("half", "full")}[amount]
    said: dict[str, Answer] = {}
    for one in amounts:
        try:
            if one in parts:
                said |= filled_from(parts[one], definition).answers
        except Wrong as wrong:
            raise DataFileError(file, wrong.line, str(wrong)) from None
    return said


def _ticks(definition: Definition, answers: dict[str, Answer]) -> dict[str, Answer]:
    """Tick the last box that has no words behind it, where the sample says nothing."""
    ticked: dict[str, Answer] = {}
    for field in definition.fields():
        plain = [option.id for option in field.options if not option.blank]
        if plain and field.id not in answers:
            ticked[field.id] = tuple(plain[-2:]) if field.kind == "choices" else plain[-1]
    return ticked


def _missed_coordination_report(amount: str) -> MissedCoordinationReport:
    nobody = amount == "empty"
    months = [date(2026, month, 1) for month in range(5, 11)]
    trend = [(24, 141, 5), (22, 138, 4), (19, 133, 6), (17, 140, 3), (15, 129, 0), (12, 125, 4)]
    figures = [Figure(0, 0) if nobody else _large(*counts) for counts in trend]
    if amount == "half":
        figures[:3] = [Figure(0, 0)] * 3
    rates = MonthlyRates(
        region="mihon",
        region_name="見本医療圏",
        month=date(2026, 10, 1),
        as_of=datetime(2026, 11, 2, 9, 0, tzinfo=_TOKYO),
        provisional=amount != "full",
        measures=tuple(_measures(nobody=nobody)),
        trend=tuple(zip(months, figures, strict=True)),
    )
    return MissedCoordinationReport(rates=to_publish(rates))


def _measures(*, nobody: bool) -> list[Measure]:
    ids = {
        "要介護・要支援": "care_group",
        "病院": "hospital",
        "退院先": "destination",
        "住まい": "area",
    }

    def cut(label: str, **rows: tuple[int, int, int]) -> Cut:
        lines = tuple(Row(name, total(*row)) for name, row in rows.items())
        return Cut(label, lines, ids[label])

    def total(counted: int, of: int, unknown: int) -> Figure:
        return Figure(0, 0) if nobody else _large(counted, of, unknown)

    measures = [
        Measure(
            "missed_coordination", "退院調整もれ率", words_of("missed_coordination"),
            total(12, 125, 4),
            (
                cut("要介護・要支援", 要介護=(8, 99, 3), 要支援=(4, 26, 1)),
                cut("病院", 見本中央病院=(5, 61, 2), 見本西病院=(4, 38, 1),
                    見本記念病院=(3, 26, 1)),
                cut("退院先", 自宅=(9, 88, 3), 特定施設=(1, 11, 0), グループホーム=(0, 6, 0),
                    特別養護老人ホーム=(0, 9, 0), 介護老人保健施設=(2, 11, 1), 不明=(0, 0, 0)),
                cut("住まい", 圏域内=(9, 112, 3), 圏域外=(3, 13, 1), 不明=(0, 0, 0)),
            ),
            (("双方確認", 71), ("病院申告", 38), ("分母に含まない: 死亡退院", 9),
             ("分母に含まない: 転院", 14), ("分母に含まない: 本人が連絡を希望しない", 2)),
        ),
        Measure(
            "referral", "新規相談につないだ率", words_of("referral"), total(21, 27, 2),
            (cut("病院", 見本中央病院=(11, 13, 1), 見本西病院=(6, 8, 0), 見本記念病院=(4, 6, 1)),),
            (("分母に含まない: 計画作成担当の有無が不明", 3),),
        ),
        Measure(
            "admission_information", "入院時情報提供率", words_of("admission_information"),
            total(108, 131, 0),
            (cut("要介護・要支援", 要介護=(89, 103, 0), 要支援=(19, 28, 0)),
             cut("病院", 見本中央病院=(55, 63, 0), 見本西病院=(31, 40, 0),
                 見本記念病院=(22, 28, 0))),
            (("お知らせ前（入院の連絡の記録がなく、提供もない）", 6),),
        ),
    ]  # fmt: skip
    return [
        replace(
            measure,
            event="admissions" if measure.id == "admission_information" else "discharges",
            beside=tuple((label, count * _REGION) for label, count in measure.beside),
        )
        for measure in measures
    ]


_REGION = 20
"""How many times the counts below a region has, so that few of them are too small to print."""


def _large(counted: int, of: int, unknown: int) -> Figure:
    return Figure(counted * _REGION, of * _REGION, unknown * _REGION)
