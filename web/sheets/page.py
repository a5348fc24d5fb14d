"""The entry page of a sheet as its template sees it: every box with what stands in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from forms.field import Block, Field, Kind, Option, Style
from forms.filled import WITHHELD
from handoffs.era import on_paper
from handoffs.sheets.flat import SEVERAL, row_key
from handoffs.sheets.prefill import FIXED
from web.inputs import typed_day
from web.merge import Conflict
from web.overtaken import Carried, choices
from web.sheets.composing import Composed, prefill_of


@dataclass(frozen=True)
class Tick:
    """One box to tick, and the words beside it."""

    id: str
    label: str
    ticked: bool
    words_key: str = ""
    words: str = ""
    hint: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Box:
    """One thing to fill in. `kind` is which input the template draws."""

    key: str
    label: str
    kind: str
    value: str = ""
    reading: str = ""
    unit: str = ""
    lines: int = 1
    ticks: tuple[Tick, ...] = ()
    origin: str = ""
    new: str = ""
    error: str = ""
    words: str = ""
    missing: bool = False
    sides: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple["Box", ...], ...] = ()


@dataclass(frozen=True)
class Group:
    """One heading of the paper with its boxes."""

    label: str
    starred: bool
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Part:
    """One block of the paper."""

    id: str
    title: str
    words: tuple[str, ...]
    groups: tuple[Group, ...]


@dataclass
class PageOf:
    """Makes the parts of the page from a sheet as it stands and from what was typed."""

    now: Composed
    typed: Mapping[str, Sequence[str]] | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    who: str = "別の職員"

    def parts(self) -> list[Part]:
        """Every block that holds something, in the order of the paper."""
        parts = [self._part(block) for block in self.now.definition.blocks]
        return [one for one in parts if one.groups or one.words]

    def _part(self, block: Block) -> Part:
        title = block.title or {Style.DATES: "日付"}.get(block.style, "")
        groups = [
            Group(row.label, row.starred, tuple(self._box(one) for one in row.fields))
            for line in block.lines
            for row in line.rows
            if any(one.kind is not Kind.CODE for one in row.fields)
        ]
        return Part(block.id, title, block.words, tuple(groups))

    def _value(self, key: str) -> str:
        if self.typed is not None and key in self.typed:
            return SEVERAL.join(one for one in self.typed[key] if one)
        return self.now.shown.get(key, "")

    def _box(self, asked: Field) -> Box:
        now, sheet = self.now, self.now.sheet
        if sheet.withheld(asked):
            words = f"{WITHHELD}（住まいなどを伏せる方です）"
            return Box(asked.id, asked.label, "fixed", words=words)
        if prefill_of(asked) in FIXED:
            return Box(asked.id, asked.label, "fixed", words=_fixed(asked, self._value(asked.id)))
        if asked.kind is Kind.ROWS:
            return self._table(asked)
        box = self._input(asked, asked.id)
        return replace(
            box,
            origin=now.origins.get(asked.id, ""),
            new=sheet.mark([asked]),
            missing=asked.needed and not self._value(asked.id),
            sides=self._sides(asked, asked.id),
        )

    def _input(self, asked: Field, key: str) -> Box:
        value = self._value(key)
        kind = asked.kind.value
        ticks: tuple[Tick, ...] = ()
        if asked.kind.is_chosen:
            kind = "several" if asked.kind is Kind.CHOICES else "one"
            if kind == "one" and len(asked.options) == 1:
                kind = "tick"
            ticks = tuple(self._tick(one, key, value) for one in asked.options)
        reading = ""
        if asked.kind is Kind.DATE:
            value, reading = _day(value)
        return Box(
            key, asked.label, kind, value=value, reading=reading, unit=asked.unit.strip("/～"),
            lines=max(2, min(asked.lines + 1, 6)), ticks=ticks, error=self.errors.get(key, ""),
        )  # fmt: skip

    def _tick(self, option: Option, key: str, value: str) -> Tick:
        words_key = f"{key}/{option.id}" if option.blank else ""
        return Tick(
            option.id,
            option.label or option.unit or "あり",
            option.id in value.split(SEVERAL),
            words_key,
            self._value(words_key) if words_key else "",
            option.hint,
            option.unit if option.label else "",
        )

    def _table(self, asked: Field) -> Box:
        now = self.now
        count = 1 + max(
            (int(key.split(":")[1]) for key in (*now.shown, *(self.typed or ()))
             if key.startswith(f"{asked.id}:")), default=-1,
        )  # fmt: skip
        rows = tuple(
            tuple(
                replace(
                    self._input(column, row_key(asked.id, at, column.id)),
                    sides=self._sides(column, row_key(asked.id, at, column.id)),
                    origin=now.origins.get(row_key(asked.id, at, column.id), ""),
                )
                for column in asked.columns
            )
            for at in range(count)
        )
        return Box(asked.id, asked.label, "rows", rows=rows, new=now.sheet.mark([asked]))

    def _sides(self, asked: Field, key: str) -> tuple[tuple[str, str], ...]:
        """Both values of what two people wrote differently, to choose from."""
        for one in self.conflicts:
            if one.field == key:
                values = {one.mine, one.theirs, one.before or ""}
                words = {value: _said(asked, value) for value in values}
                return tuple(choices(one, words, self.who))
        return ()


def word_sides(now: Composed, conflicts: tuple[Conflict, ...], who: str) -> list[Box]:
    """The conflicts about words beside an option, which stand in no box of their own."""
    found = []
    for one in conflicts:
        if "/" in one.field:
            asked = now.definition.by_id[one.field.partition("/")[0]]
            option = asked.option(one.field.partition("/")[2])
            label = f"{asked.label}（{option.label if option else ''}）"
            found.append(Box(one.field, label, "text", sides=tuple(choices(one, {}, who))))
    return found


def contests_of(carried: Carried, stored: Mapping[str, str]) -> tuple[Conflict, ...]:
    """What is still to be chosen, beside what is stored now."""
    return carried.contests(stored)


def _fixed(asked: Field, value: str) -> str:
    if asked.kind is Kind.CODE:
        return value
    return "同意の記録があります。" if value else "同意の記録がないため、紙では空欄になります。"


def _day(value: str) -> tuple[str, str]:
    """A day as people type it, and read back in full; as it was typed if it is no day."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value, ""
    return typed_day(day), on_paper(day)


def _said(asked: Field, value: str) -> str:
    if asked.kind is Kind.DATE and value:
        return _day(value)[1] or value
    if asked.kind.is_chosen:
        labels = {one.id: one.label or one.unit for one in asked.options}
        return "・".join(labels.get(one, one) for one in value.split(SEVERAL) if one)
    return value
