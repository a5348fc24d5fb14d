"""What a form carries along unseen, so that two people's changes can be brought together.

`version` says which state of the record the page showed, `seen` what stood in its fields then.
After a conflict the page goes on carrying what this person had typed (`kept_mine`) and what had
stood there before (`kept_before`) until one of the values was chosen. Nothing is believed of
it: every value is read and checked like one that was typed, and whoever forges it can only
spoil what they could have typed anyway.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from handoffs.errors import Overtaken
from web.merge import Conflict, merge

SEEN, MINE, BEFORE = "seen", "kept_mine", "kept_before"
CARRIED = (SEEN, MINE, BEFORE)
"""The names of the hidden fields."""

_MOST_FIELDS = 600
_LONGEST_VERSION = 9

Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Carried:
    """What a posted form carried. `mine` and `before` are of fields with a conflict."""

    version: int = 0
    seen: Mapping[str, str] = field(default_factory=dict)
    mine: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    unchosen: frozenset[str] = frozenset()

    def contests(self, theirs: Mapping[str, str]) -> tuple[Conflict, ...]:
        """The conflicts in which nothing was chosen yet, beside what is stored now."""
        return tuple(
            Conflict(name, self.before.get(name), own, theirs[name])
            for name, own in self.mine.items()
            if name in self.unchosen and name in theirs
        )


class Contested(Overtaken):
    """Somebody else changed the same fields otherwise; nothing was saved.

    merged: the fields that are settled. stored: what the record holds, by `version`.
    """

    def __init__(
        self,
        merged: Mapping[str, str],
        conflicts: tuple[Conflict, ...],
        *,
        stored: Mapping[str, str],
        version: int,
    ) -> None:
        """Keep both sides' values."""
        super().__init__()
        self.merged = merged
        self.conflicts = conflicts
        self.stored = stored
        self.version = version

    @property
    def carried(self) -> Carried:
        """What the page that asks carries along."""
        return Carried(
            version=self.version,
            seen=self.stored,
            mine={one.field: one.mine for one in self.conflicts},
            before={one.field: one.before for one in self.conflicts if one.before is not None},
            unchosen=frozenset(one.field for one in self.conflicts),
        )


def carried_in(form: Form) -> Carried:
    """Read what a form carried; what cannot be read counts as not carried."""
    version = _first(form, "version")
    mine = _unpacked(_first(form, MINE))
    return Carried(
        version=int(version)
        if version.isascii() and version.isdigit() and len(version) <= _LONGEST_VERSION
        else 0,
        seen=_unpacked(_first(form, SEEN)),
        mine=mine,
        before=_unpacked(_first(form, BEFORE)),
        unchosen=frozenset(name for name in mine if name not in form),
    )


def filled(form: Form, carried: Carried, known: Iterable[str]) -> dict[str, Sequence[str]]:
    """The form with this person's own value in each field of theirs that is still to be chosen."""
    kept = {name: [carried.mine[name]] for name in known if name in carried.unchosen}
    return {**form, **kept}


def settle(
    carried: Carried, typed: Mapping[str, str], stored: Mapping[str, str], version: int
) -> tuple[dict[str, str], bool]:
    """Bring what was typed together with what is stored; say whether somebody else's stayed.

    Raises Contested where both changed a field differently, or a choice is still open.
    """
    before = dict(stored) if carried.version == version else dict(carried.seen)
    for name in carried.unchosen:
        before.pop(name, None)
    outcome = merge(before, typed, stored)
    if outcome.conflicts:
        conflicts = tuple(
            replace(one, before=carried.before.get(one.field))
            if one.field in carried.unchosen
            else one
            for one in outcome.conflicts
        )
        raise Contested(outcome.merged, conflicts, stored=stored, version=version)
    together = any(stored.get(name, value) != value for name, value in before.items())
    return dict(outcome.merged), together


def hidden_fields(carried: Carried) -> dict[str, str]:
    """The hidden fields of a page, by name."""
    fields = {"version": str(carried.version), SEEN: urlencode(dict(carried.seen))}
    if carried.unchosen:
        mine, before = carried.mine, carried.before
        fields[MINE] = urlencode({f: v for f, v in mine.items() if f in carried.unchosen})
        fields[BEFORE] = urlencode({f: v for f, v in before.items() if f in carried.unchosen})
    return fields


def choices(conflict: Conflict, words: Mapping[str, str], who: str) -> list[tuple[str, str]]:
    """The values to choose from, each with whose it is. `words` says values as the page does."""
    options: dict[str, str] = {}
    whose = {conflict.mine: "あなたの入力", conflict.theirs: who}
    if conflict.before is not None:
        whose.setdefault(conflict.before, "変更の前")
    for value, owner in whose.items():
        options[value] = f"{words.get(value, value) or '空欄'}（{owner}）"
    return list(options.items())


def _first(form: Form, name: str) -> str:
    return next(iter(form.get(name, ())), "")


def _unpacked(text: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        return {}
