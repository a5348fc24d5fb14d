"""What the examples of an edition must show, and where they need not."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules import ExampleError, check_examples
from tests.rules.editions import changed

NO_SCOPE = (
    "status: partial\nunverified:\n  - {about: scope, text: 範囲は読めていない}\n\nexamples:\n"
)
SHOWN_NOT_REQUIRED = (
    "expect: {coordination: not_required, excluded_by: [short-stay]}",
    "expect: {coordination: undetermined, excluded_by: [short-stay]}",
)


def test_where_unread_scope_forbids_it_no_example_need_show_not_required(tmp_path: Path) -> None:
    edition = changed(tmp_path, ("examples:\n", NO_SCOPE), SHOWN_NOT_REQUIRED)
    assert check_examples(edition) == 4


def test_where_it_is_unread_for_some_people_only_an_example_must_show_it(tmp_path: Path) -> None:
    some = NO_SCOPE.replace("読めていない}", "読めていない, when: {care_manager: assigned}}")
    edition = changed(tmp_path, ("examples:\n", some), SHOWN_NOT_REQUIRED)
    with pytest.raises(ExampleError, match=r"判定が「不要」\(not_required\)になる例がありません"):
        check_examples(edition)


def test_an_example_may_name_the_handoffs_that_wait(tmp_path: Path) -> None:
    waiting = "missing: [care_manager], waiting: [admission-information], handoffs: []"
    assert check_examples(changed(tmp_path, ("missing: [care_manager]", waiting))) == 4


def test_an_example_may_say_that_a_due_has_no_day(tmp_path: Path) -> None:
    dated = "due: {admission-information: 2026-11-26}"
    none = dated.replace("2026-11-26", "none")
    with pytest.raises(
        ExampleError, match=r"期限は 日付なし\(none\) と書かれていますが、2026-11-26"
    ):
        check_examples(changed(tmp_path, (dated, none)))
