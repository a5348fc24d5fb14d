"""The national fee tables as dated data: what was read, from which document, and what was not.

Three fees stand here beside the regional editions, never inside them: 入院時情報連携加算 and
退院・退所加算 of the care manager's office, 入退院支援加算 of the hospital. Each period is one
YAML file, named by its first day. A table informs; nothing here says that somebody may bill.
"""

from __future__ import annotations

from rules.fees.dated import (
    admission_table,
    admission_tables,
    discharge_table,
    discharge_tables,
    hospital_table,
    hospital_tables,
)
from rules.fees.errors import FeeTableError, NoFeeTable
from rules.fees.table import (
    AdmissionTable,
    BeforeAdmission,
    Clock,
    Counting,
    DischargeClass,
    DischargeTable,
    Extension,
    HospitalTable,
    IfAllClosed,
    Statement,
    Tier,
    Told,
)

__all__ = [
    "AdmissionTable",
    "BeforeAdmission",
    "Clock",
    "Counting",
    "DischargeClass",
    "DischargeTable",
    "Extension",
    "FeeTableError",
    "HospitalTable",
    "IfAllClosed",
    "NoFeeTable",
    "Statement",
    "Tier",
    "Told",
    "admission_table",
    "admission_tables",
    "discharge_table",
    "discharge_tables",
    "hospital_table",
    "hospital_tables",
]
