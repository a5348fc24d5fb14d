"""What is written into a sheet's fields, and the check that each answer has a place there.

An answer is plain: a text, a number or ISO day as text, an option's id, several of them, or
rows of such. The words beside an option, as in あり(仙骨部), stand under `field/option`.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

from forms.definition import Definition
from forms.errors import SheetError
from forms.field import Field, Kind
from handoffs.era import DateError, era_of

RowAnswer = Mapping[str, str]
Answer = str | tuple[str, ...] | tuple[RowAnswer, ...]
Answers = Mapping[str, Answer]

_NUMBER = re.compile(r"[0-9]{1,6}(\.[0-9]{1,2})?")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,39}")


def checked(answers: Answers, definition: Definition) -> Answers:
    """Return the answers frozen, empty ones left out.

    Raises:
        SheetError: names the field that does not exist, or what it does not take. The message
            never quotes an answer.
    """
    kept: dict[str, Answer] = {}
    for key, answer in answers.items():
        name, _, option = key.partition("/")
        field = definition.by_id.get(name)
        if field is None:
            raise SheetError(f"このシートに {name} という欄はありません。")
        if option:
            kept[key] = _words(field, option, answer)
        elif field.kind is Kind.ROWS:
            kept[key] = _rows(field, answer)
        else:
            kept[key] = _check(field, answer)
    for field in definition.fields():
        _check_order(field, kept, definition)
    return MappingProxyType({key: answer for key, answer in kept.items() if answer})


def texts_of(answers: Answers, definition: Definition) -> Iterator[tuple[str, str]]:
    """Yield every text that somebody typed, each with the label of its field on the paper."""
    for field in definition.fields():
        label = definition.labels[field.id]
        for option in field.options:
            words = answers.get(f"{field.id}/{option.id}", "")
            if words:
                yield f"{label}({option.label})", str(words)
        if field.kind is Kind.ROWS:
            for row in rows_in(answers, field):
                for column in field.columns:
                    if column.kind.is_written:
                        yield f"{label}の{column.label}", row.get(column.id, "")
        elif field.kind.is_written:
            yield label, str(answers.get(field.id, ""))


def rows_in(answers: Answers, field: Field) -> tuple[RowAnswer, ...]:
    """Return the rows of a field of kind `rows`; none where nothing was written."""
    return tuple(row for row in answers.get(field.id, ()) if isinstance(row, Mapping))


def chosen_in(answers: Answers, field: Field) -> tuple[str, ...]:
    """Return the ids that are ticked in a field of boxes."""
    answer = answers.get(field.id, ())
    return (answer,) if isinstance(answer, str) else tuple(map(str, answer))


def day_in(answers: Answers, id_: str) -> date | None:
    """Return the day in a field of kind `date`."""
    answer = answers.get(id_, "")
    return date.fromisoformat(str(answer)) if answer else None


def _check(field: Field, answer: Answer) -> Answer:
    """Check an answer that is not rows, and return it as it is kept."""
    if field.kind.is_chosen:
        return _ticked(field, answer)
    if not isinstance(answer, str):
        raise SheetError(f"{_named(field)}には文字を書いてください。")
    if not answer:
        return ""
    if field.kind is Kind.DATE:
        _check_day(field, answer)
    elif field.kind is Kind.NUMBER and not _NUMBER.fullmatch(answer):
        raise SheetError(f"{_named(field)}には半角の数を書いてください。")
    elif field.kind is Kind.CODE and not _CODE.fullmatch(answer):
        raise SheetError(f"{_named(field)}は、半角の英大文字・数字・- で40文字までです。")
    return answer


def _check_day(field: Field, answer: str) -> None:
    try:
        fits = date.fromisoformat(answer).isoformat() == answer
        era_of(date.fromisoformat(answer))
    except (ValueError, DateError):
        fits = False
    if not fits:
        raise SheetError(f"{_named(field)}には 2026-11-20 のように日付を書いてください。")


def _ticked(field: Field, answer: Answer) -> Answer:
    chosen = (answer,) if isinstance(answer, str) else answer
    if len(chosen) > 1 and field.kind is not Kind.CHOICES:
        raise SheetError(f"{_named(field)}は一つだけ選んでください。")
    offered = [option.id for option in field.options]
    if any(one not in offered for one in chosen if one):
        raise SheetError(f"{_named(field)}は次の中から選んでください: {', '.join(offered)}")
    ticked = tuple(id_ for id_ in offered if id_ in chosen)
    return ticked if field.kind is Kind.CHOICES else "".join(ticked)


def _words(field: Field, option: str, answer: Answer) -> str:
    offered = field.option(option)
    if offered is None or not offered.blank:
        raise SheetError(f"{_named(field)}の {option} には書き込む欄がありません。")
    if not isinstance(answer, str):
        raise SheetError(f"{_named(field)}の {option} には文字を書いてください。")
    return answer


def _rows(field: Field, answer: Answer) -> Answer:
    columns = {one.id: one for one in field.columns}
    rows: list[RowAnswer] = []
    for row in (answer,) if isinstance(answer, str) else answer:
        if not isinstance(row, Mapping):
            raise SheetError(f"{_named(field)}には行を並べてください。")
        kept: dict[str, str] = {}
        for key, words in row.items():
            if key not in columns:
                raise SheetError(
                    f"{_named(field)}に {key} という列はありません。使えるのは"
                    f" {', '.join(columns)} です。"
                )
            one = _check(columns[key], words)
            if one:
                kept[key] = str(one)
        if kept:
            rows.append(MappingProxyType(kept))
    return tuple(rows)


def _check_order(field: Field, answers: Answers, definition: Definition) -> None:
    """Refuse a day that lies before the one that it cannot precede."""
    last = day_in(answers, field.id) if field.not_before else None
    first = day_in(answers, field.not_before) if last else None
    if first and last and last < first:
        earlier = definition.by_id[field.not_before]
        raise SheetError(f"「{field.label}」が「{earlier.label}」より前です。")


def _named(field: Field) -> str:
    return f"{field.id}({field.label})"
