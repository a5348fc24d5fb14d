"""What was typed on the entry page of a sheet, read field by field into what can be stored.

Each value that cannot be taken is left out and its complaint kept beside the field; all others
are taken. No message quotes what was typed.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from forms import Definition, SheetError
from forms.answers import checked
from forms.field import Field, Kind, Personal
from forms.sheets import LONGEST_TEXT
from handoffs.era import DateError, DateNeedsEra, parse_birth_date, parse_date
from handoffs.sheets.flat import SEVERAL, field_of
from handoffs.sheets.prefill import FIXED
from web.inputs import NOT_ASKED
from web.overtaken import CARRIED
from web.sheets.composing import MOST_ROWS, answer_for, prefill_of

LONGEST_LINE = 400
"""Characters of a field of one line, and of the words beside an option."""

ACT = "act"
_OURS = {"form_token", "form_id", "version", ACT, *CARRIED}
_BY_TELEPHONE = ("虐待", "ネグレクト")
_TELEPHONE = (
    "虐待にかかわることは、様式には書きません。この欄からは消して、"
    "市町村か地域包括支援センターへ電話で伝えてください。"
)

Typed = Mapping[str, Sequence[str]]


def column_of(field: Field, key: str) -> Field:
    """The field itself, or the column of a table, that a key writes into."""
    if ":" not in key:
        return field
    return next(one for one in field.columns if one.id == key.rpartition(":")[2])


def typed_answers(
    form: Typed, definition: Definition, keys: Iterable[str], today: date
) -> tuple[dict[str, str], dict[str, str]]:
    """Read a posted form: what can be stored, by key, and the complaints, by key."""
    known = {*keys, *(key for key in form if _is_row(definition, key))}
    asked = [key for key in form if key in known]
    answers: dict[str, str] = {}
    errors: dict[str, str] = {}
    if {*form} - known - _OURS:
        errors[NOT_ASKED] = (
            "この画面にない項目が送られました。画面を開き直して、もう一度入力してください。"
        )
    for key in asked:
        field = definition.by_id[field_of(key)]
        if prefill_of(field) in FIXED or field.kind is Kind.CODE:
            continue
        try:
            answers[key] = _read(definition, field, key, form[key], today)
        except (SheetError, DateError) as refused:
            errors[key] = _in_words(refused, column_of(field, key))
    for key, refusal in _order(definition, answers).items():
        errors[key] = refusal
        del answers[key]
    return answers, errors


def _is_row(definition: Definition, key: str) -> bool:
    """Whether a key is a cell of a table of this sheet, also one beyond the rows shown."""
    field, _, rest = key.partition(":")
    at, _, column = rest.partition(":")
    found = definition.by_id.get(field)
    return (
        found is not None
        and found.kind is Kind.ROWS
        and at.isascii()
        and at.isdigit()
        and len(at) <= len(str(MOST_ROWS))
        and int(at) < MOST_ROWS
        and any(one.id == column for one in found.columns)
    )


def _read(
    definition: Definition, field: Field, key: str, values: Sequence[str], today: date
) -> str:
    column = column_of(field, key)
    if "/" not in key and column.kind is Kind.CHOICES:
        value = SEVERAL.join(one for one in values if one)
    else:
        # A box to tick comes with an empty value before it, so that emptying it is told too.
        value = next((one for one in values if one), "").replace("\r\n", "\n").strip()
    if not value:
        return ""
    if "/" in key or column.kind.is_written:
        return _written(value, longest=LONGEST_TEXT if column.kind is Kind.LONG_TEXT
                        and "/" not in key else LONGEST_LINE)  # fmt: skip
    if column.kind is Kind.DATE:
        born = column.personal is Personal.BIRTH
        day = parse_birth_date(value, today=today) if born else parse_date(value, today=today)
        return day.isoformat()
    if column.kind is Kind.NUMBER:
        value = unicodedata.normalize("NFKC", value).replace(",", "")
    answer = answer_for(field, {key: value})
    checked({field.id: answer}, definition)
    return value


def _written(value: str, *, longest: int) -> str:
    if len(value) > longest:
        raise SheetError(f"{longest}文字までで入力してください。")
    if any(word in value for word in _BY_TELEPHONE):
        raise SheetError(_TELEPHONE)
    return value


def _in_words(refused: SheetError | DateError, field: Field) -> str:
    if isinstance(refused, DateNeedsEra):
        return (
            "元号がないため、どの年か決められません。S12.3.4 のように、元号から入力してください。"
        )
    if isinstance(refused, SheetError) and field.kind is Kind.NUMBER:
        return "数で入力してください。単位は要りません。"
    if isinstance(refused, SheetError) and field.kind.is_chosen:
        return "一覧から選び直してください。"
    return str(refused)


def _order(definition: Definition, answers: Mapping[str, str]) -> dict[str, str]:
    """A day before the one that it cannot precede."""
    wrong = {}
    for field in definition.fields():
        last, first = answers.get(field.id, ""), answers.get(field.not_before, "")
        if field.not_before and first and last and last < first:
            label = definition.by_id[field.not_before].label
            wrong[field.id] = f"「{label}」より前の日付です。どちらかの日付を直してください。"
    return wrong
