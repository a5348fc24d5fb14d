"""Find the fee table that holds on a day, among those shipped or in another folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from rules.fees.errors import FeeTableError, NoFeeTable
from rules.fees.table import AdmissionTable, DischargeTable, HospitalTable, Table
from rules.fees.table_file import admission_table_of, discharge_table_of, hospital_table_of

SHIPPED = Path(__file__).parent

Dated = TypeVar("Dated", bound=Table)


def admission_table(admitted_on: date, folder: Path = SHIPPED) -> AdmissionTable:
    """Find the table of 入院時情報連携加算 for an admission; NoFeeTable before the first one.

    The day of admission chooses. What holds for information given after a revision, about an
    admission before it, no document that was read says.
    """
    return _in_force(admission_tables(folder), admitted_on, "入院時情報連携加算")


def discharge_table(discharged_on: date, folder: Path = SHIPPED) -> DischargeTable:
    """Find the table of 退院・退所加算 for a discharge; NoFeeTable before the first one."""
    return _in_force(discharge_tables(folder), discharged_on, "退院・退所加算")


def hospital_table(on: date, folder: Path = SHIPPED) -> HospitalTable:
    """Find the table of 入退院支援加算 for a day; NoFeeTable before the first one."""
    return _in_force(hospital_tables(folder), on, "入退院支援加算")


@lru_cache(maxsize=8)
def admission_tables(folder: Path = SHIPPED) -> tuple[AdmissionTable, ...]:
    """Read every table of 入院時情報連携加算, oldest first; FeeTableError at the first refused."""
    return _tables(folder / "admission_information", admission_table_of)


@lru_cache(maxsize=8)
def discharge_tables(folder: Path = SHIPPED) -> tuple[DischargeTable, ...]:
    """Read every table of 退院・退所加算, oldest first; FeeTableError at the first refused."""
    return _tables(folder / "discharge", discharge_table_of)


@lru_cache(maxsize=8)
def hospital_tables(folder: Path = SHIPPED) -> tuple[HospitalTable, ...]:
    """Read every table of 入退院支援加算, oldest first; FeeTableError at the first refused."""
    return _tables(folder / "hospital", hospital_table_of)


def _tables(folder: Path, read: Callable[[Path], Dated]) -> tuple[Dated, ...]:
    """Read the tables of a folder; their names, which are days, put them in order."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise FeeTableError(folder, 0, "加算の表がありません。", "名前と場所を確かめてください。")
    return tuple(read(file) for file in files)


def _in_force(tables: tuple[Dated, ...], day: date, name: str) -> Dated:
    """Find the last table that had begun on a day."""
    begun = [table for table in tables if table.in_force <= day]
    if not begun:
        message = (
            f"{day}の{name}は数えられません。"
            f"確かめられた表は{tables[0].in_force}からで、それより前の定めは"
            "文書で確かめていないためです。日付を確かめてください。"
        )
        raise NoFeeTable(message)
    return begun[-1]
