"""The lists of the day as CSV, to be counted and sorted outside: by case code, without a name.

A file is kept where this record cannot protect it, so it names nobody: the code leads back to the
person's page for whoever may open it. Read-only.
"""

from collections.abc import Iterable
from datetime import date

from handoffs.csv_cell import csv_of
from handoffs.shown.board import BoardRow
from handoffs.shown.task import Task
from handoffs.shown.unsettled import Unsettled
from handoffs.shown.worklist import ClientWork
from handoffs.stays.stay import PlannedCertainty

BOARD = (
    "番号", "病院", "病棟", "入院日", "何日目", "退院予定日", "予定の確かさ", "要介護度", "判定",
    "未入力の項目の数", "計画作成担当", "事業所", "退院についての連絡", "やること", "期限",
)  # fmt: skip
UNCONFIRMED = (
    "番号", "病棟", "退院日", "退院予定日", "退院についての連絡", "期限を過ぎている引き継ぎ",
    "期限", "事業所", "事情",
)  # fmt: skip
WORK = (
    "番号", "だれの方か", "病院", "病棟", "入院日", "退院予定日", "退院日", "やること", "種類",
    "期限", "残り日数",
)  # fmt: skip


def board_csv(rows: Iterable[BoardRow]) -> bytes:
    """One row for each person in hospital; what is to be done and by when side by side."""
    return csv_of(
        BOARD,
        (
            (
                row.person.code, row.hospital, row.ward, row.admitted_on, row.stay_day,
                _day(row.planned_on), _certainty(row.planned_on, row.planned_certainty),
                row.care_level.label, row.coordination.label, row.missing, row.plan_status.label,
                row.office, _contact(row), *_dues(row.turns),
            )
            for row in rows
        ),
    )  # fmt: skip


def unconfirmed_csv(leaving: Iterable[BoardRow], unsettled: Iterable[Unsettled]) -> bytes:
    """Everybody once: who leaves by tomorrow first, as on the page."""
    found = list(unsettled)
    causes = {one.person.stay_id: one.cause.label for one in found if one.cause}
    soon = [
        (
            row.person.code, row.ward, "", _day(row.planned_on), _contact(row),
            *_dues(task for task in row.tasks if task.is_late), row.office,
            causes.get(row.person.stay_id, ""),
        )
        for row in leaving
    ]  # fmt: skip
    told = {code for code, *_ in soon}
    rest = [
        (
            one.person.code, one.ward, _day(one.left_on), _day(one.planned_on), _contact(one),
            *_dues(one.tasks), one.office, causes.get(one.person.stay_id, ""),
        )
        for one in found
        if one.person.code not in told
    ]  # fmt: skip
    return csv_of(UNCONFIRMED, [*soon, *rest])


def worklist_csv(clients: Iterable[ClientWork]) -> bytes:
    """One row for each task, by the clock; whoever has none but stands on the list has one too."""
    return csv_of(WORK, (row for client in clients for row in _tasks(client)))


def _tasks(client: ClientWork) -> list[tuple[object, ...]]:
    about = (
        client.person.code, client.relation.label, client.hospital, client.ward,
        client.admitted_on, _day(client.planned_on), _day(client.left_on),
    )  # fmt: skip
    if not client.tasks:
        return [(*about, "", "", "", "")]
    return [
        (
            *about,
            task.title,
            "送る" if task.may_send else "受け取る",
            _day(task.due_on),
            _left(task),
        )
        for task in client.tasks
    ]


def _dues(tasks: Iterable[Task]) -> tuple[str, str]:
    found = list(tasks)
    return (
        "、".join(task.title for task in found),
        "、".join(_day(task.due_on) or "日なし" for task in found),
    )


def _contact(row: BoardRow | Unsettled) -> str:
    return row.contact.label if row.contact else ""


def _left(task: Task) -> int | str:
    return "" if task.days_left is None else task.days_left


def _certainty(planned_on: date | None, certainty: PlannedCertainty) -> str:
    return certainty.label if planned_on else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
