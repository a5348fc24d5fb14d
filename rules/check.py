"""Hold an edition to its own examples, before anybody relies on it.

Every example must come out as written, every criterion and exclusion must be met by one of
them, and each of the three answers must be shown, except 不要 where unread scope or
criteria forbid it for everybody.
"""

from __future__ import annotations

from datetime import date

from rules.condition import ALWAYS
from rules.decision import Decision, decide
from rules.edition import Clause, Edition, Example
from rules.errors import ExampleError
from rules.kinds import Coordination, Standing, Whose
from rules.moments import MONDAY_TO_FRIDAY, Calendar


def check_examples(edition: Edition) -> int:
    """Run every example of an edition and say how many; ExampleError at the first that fails."""
    decisions = [_run(edition, example) for example in edition.examples]
    shown = {decision.coordination for decision in decisions}
    met = {r.id for decision in decisions for r in (*decision.because, *decision.excluded_by)}
    for clause in (*edition.criteria, *edition.grounds_against):
        if clause.id not in met:
            raise _unshown_clause(edition, clause)
    for outcome in Coordination:
        if outcome not in shown and not _impossible(edition, outcome):
            message = f"判定が「{outcome.label}」({outcome})になる例がありません。"
            raise ExampleError(edition.file, 0, message, "examples に一つ書き足してください。")
    return len(decisions)


def decide_example(edition: Edition, example: Example) -> Decision:
    """Decide for the imagined patient of an example, from Monday to Friday and its closed days."""
    calendar = Calendar(MONDAY_TO_FRIDAY.open_weekdays, example.closed)
    calendars = dict.fromkeys(Whose, calendar)
    return decide(edition, example.given, example.moments, calendars)


def _run(edition: Edition, example: Example) -> Decision:
    """Run one example and compare all that it says."""
    decision = decide_example(edition, example)
    expect = example.expect
    if decision.coordination is not expect.coordination:
        asked = f"まだ分からない項目: {_listed(decision.missing)}"
        raise _failed(
            edition,
            example,
            f"判定は「{expect.coordination.label}」と書かれていますが、"
            f"「{decision.coordination.label}」になりました({asked})。",
        )
    for key, label, wanted, came in (
        ("because", "当てはまる基準", expect.because, [r.id for r in decision.because]),
        ("excluded_by", "除外", expect.excluded_by, [r.id for r in decision.excluded_by]),
        ("missing", "まだ分からない項目", expect.missing, decision.missing),
        ("handoffs", "必要な引継ぎ", expect.handoffs, _handoffs(decision, Standing.REQUIRED)),
        ("waiting", "確認待ちの引継ぎ", expect.waiting, _handoffs(decision, Standing.UNDETERMINED)),
    ):
        if wanted is not None and set(wanted) != set(came):
            raise _failed(
                edition,
                example,
                f"{label}({key})は {_listed(wanted)} と書かれていますが、"
                f"{_listed(came)} になりました。",
            )
    _compare_dues(edition, example, decision)
    return decision


def _compare_dues(edition: Edition, example: Example, decision: Decision) -> None:
    """Compare the last days that an example names."""
    dues = {duty.rule_id: duty.due for duty in decision.handoffs}
    for rule_id, wanted in example.expect.due.items():
        if rule_id not in dues:
            raise _failed(edition, example, f"期限を書かれた引継ぎ {rule_id} が、出てきません。")
        if dues[rule_id] != wanted:
            raise _failed(
                edition,
                example,
                f"{rule_id} の期限は {_day(wanted)} と書かれていますが、"
                f"{_day(dues[rule_id])} になりました。",
            )


def _handoffs(decision: Decision, standing: Standing) -> list[str]:
    """List the handoffs of a decision that stand so."""
    return [duty.rule_id for duty in decision.handoffs if duty.standing is standing]


def _impossible(edition: Edition, outcome: Coordination) -> bool:
    """Whether unread parts forbid 不要 for everybody, so that no example can show it."""
    return outcome is Coordination.NOT_REQUIRED and any(
        part.condition == ALWAYS for part in edition.holding_back
    )


def _failed(edition: Edition, example: Example, found: str) -> ExampleError:
    """Point at the example that does not come out."""
    return ExampleError(
        edition.file,
        example.line,
        f"例「{example.name}」が成り立ちません。{found}",
        "規則か例の、紙と違うほうを直してください。",
    )


def _unshown_clause(edition: Edition, clause: Clause) -> ExampleError:
    """Point at the clause that no example meets."""
    return ExampleError(
        edition.file,
        clause.line,
        f"「{clause.id}」に当てはまる例がありません。",
        "この条文に当てはまる人の例を、examples に一つ書き足してください。",
    )


def _listed(ids: tuple[str, ...] | list[str]) -> str:
    """Write ids in a row."""
    return "、".join(ids) or "なし"


def _day(day: date | None) -> str:
    """Write a day, or that there is none."""
    return "日付なし(none)" if day is None else day.isoformat()
