"""Into which class of 退院・退所加算 the log of a 退院・退所情報記録書 falls, and why.

The log is the care manager's own and so is this answer: that office alone sees it. It says a
class, 対象外, or what is still open, and never that anybody may bill.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from forms.answers import day_in, rows_in
from forms.errors import SheetError
from forms.filled import FilledSheet
from handoffs.era import on_paper
from rules.fees import NoFeeTable, discharge_table
from rules.fees.discharge_class import (
    UNKNOWN_ORIGIN,
    CareGroup,
    DischargeFee,
    Hearing,
    HearingLog,
    PlanMaker,
    discharge_fee_class,
)

SHEET = "discharge_record"
CAUTION = "記録からわかる目安です。算定できるかどうかは、事業所が要件を確かめて判断します。"

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
"""As the rules, which know no era, write a day."""

_GROUPS: Mapping[str, CareGroup] = {
    "support": CareGroup.SUPPORT,
    "care": CareGroup.CARE,
    "none": CareGroup.NONE,
}


@dataclass(frozen=True)
class FeeWords:
    """The answer in words: its heading, the reasons, what is still open, what is unverified."""

    standing: str
    why: tuple[str, ...]
    missing: tuple[str, ...]
    unverified: tuple[str, ...]


def fee_of(sheet: FilledSheet) -> DischargeFee | None:
    """Return the class that the log of a record falls into; None where too little is written.

    The day of discharge is the planned one until the real one is known.

    Raises:
        SheetError: the sheet is no 退院・退所情報記録書.
    """
    if sheet.name != SHEET:
        raise SheetError("聞き取りの記録があるのは、退院・退所情報記録書だけです。")
    admitted = day_in(sheet.answers, "admitted_on")
    discharged = day_in(sheet.answers, "discharge_on")
    hearings = _hearings(sheet)
    if admitted is None or discharged is None or not hearings:
        return None
    try:
        table = discharge_table(discharged)
    except NoFeeTable:
        return None
    # The sheet's day of admission is the last hospital's; what was heard before a transfer is
    # older than that. Only what is said to be heard here cannot be.
    too_early = tuple(one for one in hearings if one.on < admitted and not one.earlier_institution)
    first = min([admitted, *(one.on for one in hearings if one.earlier_institution)])
    log = HearingLog(
        hearings=tuple(one for one in hearings if one not in too_early),
        admitted_on=first,
        discharged_on=discharged,
        origin=_chosen(sheet, "origin") or UNKNOWN_ORIGIN,
        care_group=_GROUPS.get(_chosen(sheet, "care_level"), CareGroup.UNKNOWN),
        plan_maker=PlanMaker(_chosen(sheet, "plan_maker") or PlanMaker.UNKNOWN),
        first_time_fee={"yes": True, "no": False}.get(_chosen(sheet, "first_time_fee")),
    )
    fee = discharge_fee_class(table, log)
    why = (
        *(f"{one.on}は、この施設への入院・入所の前なので数えない" for one in too_early),
        *(
            f"{one.on}は、転院前の病院に入院していた日として数えた。日付が正しいか確かめる"
            for one in log.hearings
            if one.on < admitted
        ),
    )
    return replace(fee, why=(*why, *fee.why))


def fee_words(sheet: FilledSheet) -> FeeWords | None:
    """Return the class in words, for the office's own eyes."""
    fee = fee_of(sheet) if sheet.name == SHEET else None
    if fee is None:
        return None
    standing = fee.standing.label
    if fee.fee_class is not None:
        standing = f"{standing}：{fee.fee_class.label}"
    why = tuple(_DAY.sub(lambda found: on_paper(date.fromisoformat(found[0])), one)
                for one in fee.why)  # fmt: skip
    return FeeWords(standing, why, fee.missing, tuple(one.text for one in fee.unverified))


def _hearings(sheet: FilledSheet) -> tuple[Hearing, ...]:
    asked = sheet.definition.by_id["hearings"]
    return tuple(
        Hearing(
            on=date.fromisoformat(row["heard_on"]),
            conference={"attended": True, "absent": False}.get(row.get("conference", "")),
            earlier_institution=row.get("before_transfer") == "earlier",
        )
        for row in rows_in(sheet.answers, asked)
        if "heard_on" in row
    )


def _chosen(sheet: FilledSheet, id_: str) -> str:
    return str(sheet.answers.get(id_, ""))
