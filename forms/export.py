"""A filled sheet as JSON for other systems: every field with its label, as the paper tells it.

所在秘匿 and the mask hold here as on paper. What is still missing is listed.
"""

from typing import Any

from forms.answers import rows_in
from forms.field import Field, Kind
from forms.filled import FilledSheet


def exported(sheet: FilledSheet) -> dict[str, Any]:
    """Lay out a sheet: dates in ISO, choices by id and label, nothing for what is open."""
    definition = sheet.definition
    return {
        "sheet": definition.sheet,
        "title": definition.title,
        "version": definition.version.isoformat(),
        "region": definition.region,
        "addition": definition.addition.isoformat() if definition.addition else None,
        "revision": sheet.revision,
        "fields": [_field(sheet, one) for one in definition.fields() if _said(sheet, one)],
        "missing": [{"id": one.id, "label": definition.labels[one.id]} for one in sheet.missing()],
    }


def _said(sheet: FilledSheet, field: Field) -> bool:
    return field.id in sheet.answers or any(
        sheet.words(field, option.id) for option in field.options
    )


def _field(sheet: FilledSheet, field: Field) -> dict[str, Any]:
    told: dict[str, Any] = {"id": field.id, "label": field.label, "kind": field.kind.value}
    withheld = sheet.withheld(field)
    if withheld:
        return told | {"withheld": withheld}
    if field.kind is Kind.ROWS:
        return told | {"rows": [dict(row) for row in rows_in(sheet.answers, field)]}
    if field.kind.is_chosen:
        chosen = sheet.chosen(field)
        return told | {
            "chosen": [
                {"id": one.id, "label": one.label}
                | ({"words": words} if (words := sheet.words(field, one.id)) else {})
                for one in field.options
                if one.id in chosen or sheet.words(field, one.id)
            ]
        }
    if field.kind is Kind.DATE and field.personal is None:
        return told | {"value": sheet.answers[field.id]}
    return told | {"value": sheet.told(field)}
