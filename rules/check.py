"""Hold an edition to its own examples, before anybody relies on it.

Every example must come out as written, every criterion and exclusion must be met by one of
them, and each of the three answers must be shown, except 要 where no criterion could be read
and 不要 where unread scope or criteria forbid it for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import product
from math import prod

from rules.arrangement import Stage, Tier
from rules.condition import ALWAYS, facts_of, weigh
from rules.decision import Decision, decide
from rules.edition import Clause, Edition, Example, Unverified
from rules.errors import ExampleError
from rules.facts import Facts
from rules.kinds import Coordination, Standing, Truth, Whose
from rules.moments import MONDAY_TO_FRIDAY, Calendar
from rules.wording import without_repeats

MOST_PATIENTS = 20_000


def check_examples(edition: Edition) -> int:
    """Run every example of an edition and say how many; ExampleError at the first that fails."""
    decisions = [_run(edition, example) for example in edition.examples]
    shown = {decision.coordination for decision in decisions}
    met = {r.id for decision in decisions for r in (*decision.because, *decision.excluded_by)}
    for clause in (*edition.criteria, *edition.grounds_against):
        if clause.id not in met:
            raise _unshown_clause(edition, clause)
    for outcome in Coordination:
        if outcome not in shown and not impossible(edition, outcome):
            message = f"判定が「{outcome.label}」({outcome})になる例がありません。"
            raise ExampleError(edition.file, 0, message, "examples に一つ書き足してください。")
    return len(decisions)


def decide_example(edition: Edition, example: Example) -> Decision:
    """Decide for the imagined patient of an example, from Monday to Friday and its closed days."""
    weekdays = MONDAY_TO_FRIDAY.open_weekdays
    closing = () if example.closes is None else tuple((day, example.closes) for day in weekdays)
    calendar = Calendar(weekdays, example.closed, closing)
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
        ("tier", "区分", _only(expect.tier), _id_of(decision.tier)),
        ("stage", "始まる段階", _only(expect.stage), _id_of(decision.stage)),
        ("consult", "話し合うこと", expect.consult, [r.id for r in decision.consult]),
        ("yields_to", "優先する文書", expect.yields_to, [r.id for r in decision.yields_to]),
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


def _only(word: str | None) -> tuple[str, ...] | None:
    """Make a list of one expected word; None where the example does not say."""
    return None if word is None else (word,)


def _id_of(graded: Tier | Stage | None) -> list[str]:
    """List the tier, or the stage, of a decision."""
    return [] if graded is None else [graded.id]


def impossible(edition: Edition, outcome: Coordination) -> bool:
    """Whether no example can show an answer: 要 without criteria, 不要 where all is unread.

    不要 is forbidden where unread parts concern everybody.
    Where the facts can be combined in too many ways to be tried, it is taken as possible.
    """
    if outcome is Coordination.REQUIRED:
        return not edition.criteria
    if outcome is not Coordination.NOT_REQUIRED or not edition.holding_back:
        return False
    if any(part.condition == ALWAYS for part in edition.holding_back):
        return True
    conditions = [clause.condition for clause in (*edition.criteria, *edition.grounds_against)]
    conditions += [part.condition for part in edition.holding_back]
    asked = without_repeats(fact for condition in conditions for fact in facts_of(condition))
    values = [edition.vocabulary[fact].known_values for fact in asked]
    if prod(len(known) for known in values) > MOST_PATIENTS:
        return False
    everybody = (Facts(dict(zip(asked, each, strict=True))) for each in product(*values))
    return not any(_is_left_out(edition, facts) for facts in everybody)


def _is_left_out(edition: Edition, facts: Facts) -> bool:
    """Whether somebody of whom everything is known may be told 不要."""

    def met(clauses: Iterable[Clause | Unverified]) -> bool:
        return any(weigh(clause.condition, facts).truth is Truth.MET for clause in clauses)

    speaks_for = met(edition.criteria) and not met(edition.grounds_against)
    return not speaks_for and not met(edition.holding_back)


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
