"""Whether a respite stay is somebody's first, as far as the hospital's own record can say.

Whether this stay is for respite at all is a person's judgement and is ticked. That an earlier one
is in the record is firm: it fills `respite_before` where nobody ticked it. That none is there says
nothing, because there may have been one elsewhere or before the record began; the fact then stays
as it was ticked, or open.

What a person ticked wins over what would be filled in. Somebody at the bedside may know that the
earlier tick was wrong, and "first" keeps the stay under the rule, where a wrong "repeated" would
drop it unseen. The two are put side by side on the page instead.

Only stays of the same hospital are looked at: each hospital keeps its own record of a person, kana
and birth date are no identity, and what another house ticked is not this one's to read.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from rules import UNKNOWN

RESPITE, BEFORE = "respite", "respite_before"
THIS_STAY = "respite_stay"
SOME, NONE = "some", "none"

Earlier = Sequence[tuple[date, Mapping[str, str]]]
"""Day of admission and last answers of each earlier stay, the latest first."""


def is_respite(answers: Mapping[str, str]) -> bool:
    """Whether somebody said that this stay is for respite; only then the earlier ones matter."""
    return answers.get(RESPITE) == THIS_STAY


def filled_from(earlier: Earlier, ticked: Mapping[str, str]) -> dict[str, str]:
    """What earlier stays say of a respite stay where nobody ticked it; empty where nothing."""
    open_still = is_respite(ticked) and ticked.get(BEFORE, UNKNOWN) == UNKNOWN
    return {BEFORE: SOME} if open_still and _latest(earlier) is not None else {}


def doubt_about(earlier: Earlier, answers: Mapping[str, str]) -> str:
    """Say that "first" was ticked and an earlier one is in the record; empty where it is not so."""
    day = _latest(earlier)
    if not is_respite(answers) or answers.get(BEFORE) != NONE or day is None:
        return ""
    return (
        "「これまでのレスパイト入院」は「ない(今回がはじめて)」と入力されていますが、"
        f"{day.year}年{day.month}月{day.day}日からの入院が、レスパイト入院として記録されています。"
        "いまの判定は、入力された答えによります。違うときは「ある(二回目以降)」を選び直してください。"
    )


def _latest(earlier: Earlier) -> date | None:
    return next((day for day, answers in earlier if is_respite(answers)), None)
