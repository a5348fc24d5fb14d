"""What must be known beside the days of a fee window: said the same on a terminal and a page."""

from __future__ import annotations

from collections.abc import Iterator

from rules.fees import BeforeAdmission, Statement, admission_tables
from rules.fees.window import FeeWindow

NO_PROMISE = (
    "加算の算定を約束するものではありません。受け取られたことの確認と記録、利用者一人につき月1回などの"
    "条件は、ここでは見ていません。地域のルールの期限は、これとは別です。"
)


def window_notes(window: FeeWindow, provisional_years: tuple[int, ...]) -> Iterator[str]:
    """Say what must be known beside the days.

    provisional_years: the years of the window whose holidays may still change.
    """
    if window.table.before_admission is BeforeAdmission.COUNTS:
        yield f"入院より前に渡した情報は{window.tiers[0].tier.label}に数えます。"
    else:
        yield "入院より前に渡した情報を数えるかは、保険者に確かめてください。"
    for year in provisional_years:
        yield (
            f"{year}年の祝日はまだ確定していません(仮)。官報での公表のあとに数え直してください。"
        )
    starts = [table.in_force for table in admission_tables()]
    if any(window.admitted_on < start <= window.last_day for start in starts):
        yield "期間の途中で加算の定めが変わります。改定後の日に渡すときは保険者に確かめてください。"
    revision = window.table.next_revision
    if revision is not None and window.last_day >= revision:
        yield f"{revision}からの定めは確かめていません。今の表のまま数えました。"
    yield NO_PROMISE


def unverified_words(statement: Statement) -> str:
    """Say a statement together with why it is unverified."""
    return f"{statement.text}({(statement.unverified or '').rstrip('。')})"
