"""A sheet as plain JSON and back: so that what was handed over can be kept and printed again.

The record keeps what it is given and knows no sheet; here alone the two meet. What a sheet
said is kept field by field with the version of its definition, not as a PDF: its personal
contents can be erased, and the same sheet gives the same bytes.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from pydantic import BaseModel, ConfigDict, ValidationError

from forms.answers import Answer
from forms.catalogue import catalogue
from forms.errors import SheetError
from forms.filled import FilledSheet
from forms.mask import Mask


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)

    sheet: str
    region: str
    version: date
    addition: date | None
    revision: int
    whereabouts_hidden: bool
    mask: Mask
    new: dict[str, str] = {}
    notes: tuple[str, ...] = ()
    answers: dict[str, str | tuple[str, ...] | tuple[dict[str, str], ...]]


def as_content(sheet: FilledSheet) -> dict[str, object]:
    """Lay out what a sheet says: words of closed lists, ISO days, and nothing for what is open."""
    definition = sheet.definition
    kept = _Kept(
        sheet=definition.sheet,
        region=definition.region,
        version=definition.version,
        addition=definition.addition,
        revision=sheet.revision,
        whereabouts_hidden=sheet.whereabouts_hidden,
        mask=sheet.mask,
        new=dict(sheet.new),
        notes=sheet.notes,
        answers={key: _plain(answer) for key, answer in sheet.answers.items()},
    )
    return kept.model_dump(mode="json")


def from_content(content: Mapping[str, object], *, hidden: bool = False) -> FilledSheet:
    """Make the sheet that says this; with `hidden` (所在秘匿) nothing of where the person lives.

    Raises:
        SheetError: the content is no such sheet. The message quotes nothing of it.
    """
    try:
        sheet = _sheet(_Kept.model_validate(dict(content)))
    except (ValidationError, SheetError):
        sheet = None
    if sheet is None:
        raise SheetError("残された内容を、この様式として読めません。管理者に伝えてください。")
    return replace(sheet, whereabouts_hidden=True) if hidden else sheet


def _sheet(kept: _Kept) -> FilledSheet:
    definition = catalogue().sheet(
        kept.sheet, region=kept.region, version=kept.version, addition=kept.addition
    )
    return FilledSheet(
        definition=definition,
        answers=dict(kept.answers),
        whereabouts_hidden=kept.whereabouts_hidden,
        mask=kept.mask,
        new=kept.new,
        notes=kept.notes,
        revision=kept.revision,
    )


def _plain(answer: Answer) -> str | tuple[str, ...] | tuple[dict[str, str], ...]:
    if isinstance(answer, str):
        return answer
    rows = tuple(dict(one) for one in answer if isinstance(one, Mapping))
    return rows or tuple(one for one in answer if isinstance(one, str))
