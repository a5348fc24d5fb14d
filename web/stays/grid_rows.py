"""The rows of the grid in which the discharge office types in many admissions at once.

A row becomes the registration screen's own fields, so that both are read by the same reader and
refuse the same things. What a cell says in words (a level of care, an office) is turned into the
choice of that screen here. A row in which nobody typed anything is no row. Reads no clock.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from exchange.cells import plain
from exchange.ward_columns import LEVELS, LEVELS_TOLD, NO_OFFICE
from handoffs.era import EraReading
from handoffs.errors import BadEntry
from handoffs.finding.offices import offices_found
from handoffs.plan_office import PlanStatus
from handoffs.stays.admission import AdmissionEntry
from handoffs.stays.admission_check import IN_HOSPITAL
from web.inputs import Posted, Typed
from web.stays.admission_input import OFFICE, read_admission

ROWS = 20
"""How many admissions one grid takes."""

CELLS = (
    ("name", "氏名"),
    ("kana", "カナ"),
    ("birth_on", "生年月日"),
    ("admitted_on", "入院日"),
    ("admitted_time", "時刻"),
    ("ward_id", "病棟"),
    ("care_level", "介護認定"),
    ("office", "事業所"),
    ("care_manager_name", "担当者"),
)
"""The columns, in the order in which they are typed and in which a table is pasted."""

_BESIDE = ("hospital_number", "same_person", "birth_on_reading", "admitted_on_reading")
_PREFILLED = frozenset({"admitted_on", "ward_id"})
_MOST_NAMED = 3


@dataclass
class GridRow:
    """One row as it was typed, with what is wrong with it by cell."""

    number: int
    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    readings: dict[str, tuple[EraReading, ...]] = field(default_factory=dict)
    entry: AdmissionEntry | None = None

    @property
    def fields(self) -> dict[str, list[str]]:
        """The row as the registration screen would post it, but for the office."""
        return {name: [text] for name, text in self.values.items() if name != "office"}

    @property
    def asks_number(self) -> bool:
        """Whether only the hospital's own number can tell who this is."""
        return (
            bool(self.values.get("hospital_number"))
            or bool({"hospital_number", "same_person"} & set(self.errors))
            or self.errors.get("name") == IN_HOSPITAL
        )

    @property
    def asks_same_person(self) -> bool:
        """Whether the ward was asked if two names are one person's."""
        return bool(self.values.get("same_person")) or "same_person" in self.errors


def empty_row(number: int, *, admitted_on: str, ward_id: str) -> GridRow:
    """A row to type into: today and the own ward stand there."""
    return GridRow(number, {"admitted_on": admitted_on, "ward_id": ward_id})


def rows_in(form: Typed) -> list[GridRow]:
    """The rows in which somebody typed something, in their order."""
    found = []
    for number in range(1, ROWS + 1):
        values = dict(_cells(form, number))
        if any(text.strip() for name, text in values.items() if name not in _PREFILLED):
            found.append(GridRow(number, values))
    return found


def _cells(form: Typed, number: int) -> Iterator[tuple[str, str]]:
    for name in (*(name for name, _ in CELLS), *_BESIDE):
        texts = form.get(f"{name}-{number}")
        if texts:
            yield name, texts[0]


def read_row(session: Session, row: GridRow, *, region: str, today: date) -> None:
    """Read one row into `entry`, or into `errors` and `readings` beside its cells."""
    typed = row.fields
    wrong: dict[str, str] = {}
    typed["care_level"] = [_level(row.values.get("care_level", ""), wrong)]
    typed["plan_organization_id"] = [
        _office(session, row.values.get("office", ""), region=region, wrong=wrong)
    ]
    posted = Posted(typed, today)
    try:
        entry = read_admission(posted, today)
    except BadEntry as bad:
        row.errors = _by_cell({**bad.fields, **wrong})
    else:
        row.errors, row.entry = wrong, None if wrong else entry
    row.readings = posted.readings


def tell(row: GridRow, wrong: Mapping[str, str]) -> None:
    """Add what the record says against a row; what a cell was told first stays."""
    row.errors = {**_by_cell(wrong), **row.errors}
    row.entry = None


def _by_cell(wrong: Mapping[str, str]) -> dict[str, str]:
    return {"office" if name == "plan_organization_id" else name: t for name, t in wrong.items()}


def _level(text: str, wrong: dict[str, str]) -> str:
    word = plain(text)
    if not word:
        return ""
    level = LEVELS.get(word)
    if level is None:
        wrong["care_level"] = f"介護認定は、{LEVELS_TOLD.strip()}のどれかで入力してください。"
        return ""
    return level.value


def _office(session: Session, text: str, *, region: str, wrong: dict[str, str]) -> str:
    """The choice that a cell means: a state, or the office whose whole name or number it is.

    A part of a name is answered with what it finds: the office will see the person, and nobody
    has yet seen its name.
    """
    word = plain(text)
    if word in {"", "不明"}:
        return PlanStatus.UNKNOWN.value
    if word in NO_OFFICE:
        return PlanStatus.UNASSIGNED.value
    offices = offices_found(session, region, text).offices
    exact = [one for one in offices if word in {plain(one.name), one.number}]
    if len(exact) == 1:
        return f"{OFFICE}{exact[0].id}"
    if len(offices) == 1:
        wrong["office"] = (
            f"「{offices[0].name}」が見つかりました。"
            "この事業所でよければ、この名前か事業所番号で入力してください。"
        )
    elif offices:
        names = "、".join(one.name for one in offices[:_MOST_NAMED])
        wrong["office"] = (
            f"事業所が{len(offices)}件見つかりました（{names}など）。"
            "事業所番号か、もう少し長い名前を入力してください。"
        )
    else:
        wrong["office"] = (
            "事業所が見つかりません。番号か名前の一部を確かめてください。"
            "空欄のまま登録して、あとから選ぶこともできます。"
        )
    return PlanStatus.UNKNOWN.value
