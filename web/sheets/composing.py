"""A sheet of a stay as it stands now: the draft over what is known, and what differs from last.

One reading of the record makes everything that the entry page, the paper and the sending need.
Decides nothing: who may write, and whether the sheet may go, is asked beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from forms import Definition, FilledSheet, SheetError, catalogue
from forms.answers import Answer, checked
from forms.field import Field, Kind
from forms.filled import WITHHELD
from handoffs.era import on_paper
from handoffs.errors import NotVisible
from handoffs.parties import Actor, Organization
from handoffs.sheets.draft import SheetAnswer, answers_in, draft_of
from handoffs.sheets.earlier import earlier_hearings
from handoffs.sheets.flat import SEVERAL, changed_fields, field_of, row_key
from handoffs.sheets.known import known_of
from handoffs.sheets.prefill import FIXED, Known, prefilled, slot_of
from handoffs.sheets.version import VersionShown, answers_of, last_of_person, next_number
from handoffs.shown.overview import overview_of
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from rules import Library

MOST_ROWS = 20
SPARE_ROWS = 2
HEARINGS = "hearings"

_DAILY = frozenset({"today", "written_on", "provided_on"})
"""What is another each time anyway and is never marked as new."""


@dataclass(frozen=True)
class Composed:
    """One sheet as it stands.

    shown: every key of the entry page with what stands there. origins: where what nobody typed
    comes from. dropped: fields whose answer the sheet cannot take as it is, with the reason.
    """

    definition: Definition
    shown: Mapping[str, str]
    origins: Mapping[str, str]
    rows: Mapping[str, SheetAnswer]
    dropped: Mapping[str, str]
    last: VersionShown | None
    revision: int
    saved_at: datetime | None
    saved_by: int | None
    sheet: FilledSheet

    @property
    def told(self) -> dict[str, str]:
        """What stands on the sheet, by key; empty ones left out."""
        return {key: value for key, value in self.shown.items() if value}


def composed(
    session: Session, stay: Stay, by: Actor, name: str, *, library: Library, now: datetime
) -> Composed:
    """Put a sheet together as this organization has it. Raises NotVisible for no such sheet."""
    draft = draft_of(session, stay.id, by.organization_id, name)
    definition = _definition(name, stay.region, draft.version if draft else None,
                             draft.addition if draft else None)  # fmt: skip
    overview = overview_of(session, by, stay.id, library=library, now=now)
    rows = answers_in(session, draft)
    last = last_of_person(session, stay, by.organization_id, name)
    known = known_of(overview, by, day_of(now), session.get(Organization, stay.hospital_id))
    keys = keys_of(definition, (*rows, *(answers_of(last) if last else ()), *_tables(known)))
    begun = dict(_begun(definition, keys, known, last))
    if HEARINGS in definition.by_id:
        begun |= earlier_hearings(session, stay, by.organization_id, name)
        keys = keys_of(definition, (*keys, *begun))
    hidden = overview.whereabouts_hidden
    shown = {key: rows[key].value if key in rows else begun[key].value if key in begun else ""
             for key in keys}  # fmt: skip
    for key in keys:
        field = definition.by_id[field_of(key)]
        if prefill_of(field) in FIXED:
            shown[key] = begun[key].value if key in begun else ""
        elif hidden and _is_withheld(definition, field):
            shown[key] = ""
    answers, dropped = _answers(definition, shown)
    sheet = FilledSheet(definition=definition, answers=answers, whereabouts_hidden=hidden)
    composed_now = Composed(
        definition=definition,
        shown=shown,
        origins={k: one.origin for k, one in begun.items() if k not in rows and shown.get(k)},
        rows=rows,
        dropped=dropped,
        last=last,
        revision=draft.revision if draft else 0,
        saved_at=draft.saved_at if draft else None,
        saved_by=draft.saved_by if draft else None,
        sheet=sheet,
    )
    number = next_number(session, stay.id, by.organization_id, name)
    return replace(composed_now, sheet=_marked(composed_now, number, day_of(now)))


def _definition(name: str, region: str, version: date | None, addition: date | None) -> Definition:
    try:
        definition = catalogue().sheet(name, region=region, version=version, addition=addition)
    except SheetError:
        raise NotVisible from None
    if definition.masked:  # Cover and slip are made with each FAX.
        raise NotVisible
    return definition


def keys_of(definition: Definition, filled: tuple[str, ...]) -> tuple[str, ...]:
    """Every key of a sheet's entry page, with spare rows below those that are filled."""
    keys: list[str] = []
    for field in definition.fields():
        if field.kind is not Kind.ROWS:
            keys.append(field.id)
            keys += [f"{field.id}/{one.id}" for one in field.options if one.blank]
            continue
        used = [int(k.split(":")[1]) + 1 for k in filled if k.startswith(f"{field.id}:")]
        count = min(MOST_ROWS, max([field.least, *(n + SPARE_ROWS for n in used)]))
        keys += [row_key(field.id, at, c.id) for at in range(count) for c in field.columns]
    return tuple(keys)


def prefill_of(field: Field) -> str:
    """The word under which the record is asked for a field."""
    return field.prefill or field.id


def _tables(known: Mapping[str, Known]) -> tuple[str, ...]:
    return tuple(word for word in known if ":" in word)


def _begun(
    definition: Definition,
    keys: tuple[str, ...],
    known: Mapping[str, Known],
    last: VersionShown | None,
) -> Mapping[str, Known]:
    """What stands there before anybody types: only what the sheet can take."""
    origin = f"本人の前回のシート（{on_paper(last.happened_on)}）" if last else ""
    fields = {key: definition.by_id[field_of(key)] for key in keys}
    slots = [slot_of(key, one.id, "case_code" if one.kind is Kind.CODE else one.prefill)
             for key, one in fields.items()]  # fmt: skip
    found = prefilled(slots, known, answers_of(last) if last else {}, origin)
    return {k: one for k, one in found.items() if _fits(definition, fields[k], k, one.value)}


def _fits(definition: Definition, field: Field, key: str, value: str) -> bool:
    try:
        checked({key if "/" in key else field.id: answer_for(field, {key: value})}, definition)
    except SheetError:
        return False
    return True


def answer_for(field: Field, flat: Mapping[str, str]) -> Answer:
    """The answer of one field from its keys."""
    if field.kind is Kind.ROWS:
        rows: dict[int, dict[str, str]] = {}
        for key, value in flat.items():
            _, at, column = key.split(":", 2)
            if value:
                rows.setdefault(int(at), {})[column] = value
        return tuple(rows[at] for at in sorted(rows))
    (value,) = flat.values()
    if field.kind is Kind.CHOICES:
        return tuple(one for one in value.split(SEVERAL) if one)
    return value


def _answers(
    definition: Definition, shown: Mapping[str, str]
) -> tuple[dict[str, Answer], dict[str, str]]:
    """Every answer, without those that cannot stand beside another one."""
    answers: dict[str, Answer] = {}
    for field in definition.fields():
        mine = {key: value for key, value in shown.items() if field_of(key) == field.id}
        if field.kind is Kind.ROWS:
            answers[field.id] = answer_for(field, mine)
            continue
        answers[field.id] = answer_for(field, {field.id: mine.pop(field.id, "")})
        answers |= mine
    dropped: dict[str, str] = {}
    for field in definition.fields():
        first, last = str(answers.get(field.not_before, "")), answers.get(field.id, "")
        if field.not_before and first and last and str(last) < first:
            earlier = definition.by_id[field.not_before].label
            dropped[field.id] = (
                f"「{field.label}」が「{earlier}」より前です。日付を直してください。"
            )
            answers[field.id] = ""
    return {key: answer for key, answer in answers.items() if answer}, dropped


def _is_withheld(definition: Definition, field: Field) -> bool:
    empty = FilledSheet(definition=definition, whereabouts_hidden=True)
    return empty.withheld(field) == WITHHELD


def _marked(now: Composed, number: int, today: date) -> FilledSheet:
    """Mark what differs from the sheet that was sent last, and say what is still missing."""
    sheet = now.sheet
    new: dict[str, str] = {}
    notes: list[str] = []
    if now.last is not None:
        differing = changed_fields(answers_of(now.last), now.told)
        new = {
            one.id: _changed_on(now, one.id, today).isoformat()
            for one in now.definition.fields()
            if one.id in differing
            and one.kind is not Kind.CODE
            and prefill_of(one) not in _DAILY
            and not sheet.withheld(one)
        }
        notes.append(_in_one_line(now.last, new, now.definition.labels))
    missing = [now.definition.labels[one.id] for one in sheet.missing()]
    if missing:
        notes.append(f"まだ書かれていない項目: {'、'.join(missing)}")
    return replace(
        sheet,
        new=new,
        notes=tuple(notes),
        revision=number,
    )


def _changed_on(now: Composed, field: str, today: date) -> date:
    days = [day_of(row.changed_at) for key, row in now.rows.items() if field_of(key) == field]
    return max(days, default=today)


def _in_one_line(last: VersionShown, new: Mapping[str, str], labels: Mapping[str, str]) -> str:
    since = f"【新】前回（{on_paper(last.happened_on)}）のあとに変わったところ: "
    if not new:
        return f"{since}ありません"
    days = {key: date.fromisoformat(day) for key, day in new.items()}
    return since + "、".join(f"{labels[key]}（{day.month}/{day.day}）" for key, day in days.items())
